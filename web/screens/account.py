"""One's own account: a new password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases.accounts import PASSWORD_CHARACTERS_MIN, SignInRefused, TooManyTries
from web.context import desk
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("account", __name__)


@pages.get("/sandi")
def form() -> str:
    """The page on which one changes one's own password."""
    return render_template("pages/password.html", faults={}, least=PASSWORD_CHARACTERS_MIN)


@pages.post("/sandi")
def change() -> Response | tuple[str, int]:
    """Change it; every other session of the account ends."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    faults: dict[str, str] = {}
    if new != request.form.get("again", ""):
        faults["again"] = _("The two new passwords differ.")
    elif len(new) < PASSWORD_CHARACTERS_MIN:
        faults["new"] = _(
            "Too short: at least %(count)s characters.", count=PASSWORD_CHARACTERS_MIN
        )
    else:
        try:
            desk().change_password(old, new)
        except SignInRefused:
            faults["old"] = _("This is not your password now.")
        except TooManyTries as error:
            wait = error.retry_after_s
            faults["old"] = _("Too many tries. Try again in %(seconds)s seconds.", seconds=wait)
    if faults:
        return render_template(
            "pages/password.html", faults=faults, least=PASSWORD_CHARACTERS_MIN
        ), 422
    flash(_("Your password is changed; every other session is signed out."), "good")
    return redirect(url_for("inbox.show"), code=303)
