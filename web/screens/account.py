"""One's own account: where one is signed in, and a new password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from engine.usecases.accounts import SignInRefused, TooManyTries
from engine.usecases.errors import InputRefused
from web.context import desk
from web.readings.agents import browser_name
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("account", __name__)

#: in the place of a session's mark: all but this one
OTHERS = "others"


@pages.get("/akun")
def show() -> str:
    """One's own account: password, second factor, and the sessions that live."""
    factors = desk().factors
    rows = [(one, browser_name(one.row.agent)) for one in factors.sessions()]
    return render_template(
        "pages/account.html", factor=factors.state(), offered=factors.offered, rows=rows
    )


@pages.post("/akun/sesi")
def end_session() -> Response:
    """End one of one's own sessions by its mark, or all others."""
    mark = request.form.get("session", "")
    everywhere = mark == OTHERS
    desk().factors.end_session(None if everywhere else mark)
    ended = _("All other sessions have ended.") if everywhere else _("The session has ended.")
    flash(ended, "good")
    return redirect(url_for("account.show"), code=303)


@pages.get("/sandi")
def form() -> str:
    """The page on which one changes one's own password."""
    return _password({})


@pages.post("/sandi")
def change() -> Response | tuple[str, int]:
    """Change it; every other session of the account ends."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    faults: dict[str, str] = {}
    if new != request.form.get("again", ""):
        faults["again"] = _("The two new passwords differ.")
    else:
        try:
            desk().factors.change_password(old, new)
        except InputRefused as error:
            faults["new"] = _refusal(error.faults[0].code)
        except SignInRefused:
            faults["old"] = _("This is not your password now.")
        except TooManyTries as error:
            faults["old"] = said_wait(error)
    if faults:
        return _password(faults), 422
    flash(_("Your password is changed; every other session is signed out."), "good")
    return redirect(url_for("inbox.show"), code=303)


def said_wait(error: TooManyTries) -> str:
    """How long to wait after too many tries."""
    return _("Too many tries. Try again in %(seconds)s seconds.", seconds=error.retry_after_s)


def _password(faults: dict[str, str]) -> str:
    length, phrase = current_app.config["PASSWORD_BOUNDS"]
    return render_template("pages/password.html", faults=faults, least=length, phrase=phrase)


def _refusal(code: str) -> str:
    length, phrase = current_app.config["PASSWORD_BOUNDS"]
    words = {
        "too_short": _("Too short: at least %(count)s characters.", count=length),
        "too_long": _("Too long: at most 256 characters."),
        "too_plain": _(
            "Use small letters, capitals, digits and signs, or a phrase of at least %(count)s "
            "characters.",
            count=phrase,
        ),
        "too_common": _("Too easy to guess: it rests on a common word, a name or a row of keys."),
    }
    return words[code]
