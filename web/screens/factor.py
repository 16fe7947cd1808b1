"""One's own second factor: set up, confirmed, new recovery codes, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from engine.usecases.accounts import SignInRefused, TooManyTries
from engine.usecases.errors import Conflict
from web.context import desk
from web.screens.account import said_wait
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from werkzeug import Response

# its pages belong to the account, also for who may reach nothing else yet
pages = Blueprint("factor", __name__)

_GROUP = 4


@pages.get("/akun/faktor")
def show() -> str:
    """What is set up, and the next step."""
    return _page({})


@pages.post("/akun/faktor")
def begin() -> Response | tuple[str, int]:
    """Make a secret, after the password was given again."""
    password = request.form.get("password", "")
    wrong = _("This is not your password now.")
    if not password:  # nobody's password: no try that would be counted
        return _page({"password": wrong}), 422
    faults = _tried("password", wrong, lambda: desk().factors.begin(password))
    return (_page(faults), 422) if faults else _again()


@pages.post("/akun/faktor/kode")
def confirm() -> Response | str | tuple[str, int]:
    """Let it count after its first right code; recovery codes are shown this once."""
    made: list[str] = []
    faults = _tried(
        "code",
        _("This code is not right. Is the clock of your telephone right?"),
        lambda: made.extend(desk().factors.confirm(_code())),
    )
    return (_page(faults), 422) if faults else _codes(made)


@pages.post("/akun/faktor/pemulihan")
def renew() -> Response | str | tuple[str, int]:
    """New recovery codes in the place of the old ones."""
    made: list[str] = []
    faults = _tried(
        "code",
        _("This code is not right, or it was used already."),
        lambda: made.extend(desk().factors.renew_codes(_code())),
    )
    return (_page(faults), 422) if faults else _codes(made)


@pages.post("/akun/faktor/hapus")
def remove() -> Response | tuple[str, int]:
    """Do without it."""
    faults = _tried(
        "code",
        _("This code is not right, or it was used already."),
        lambda: desk().factors.remove(_code()),
    )
    if faults:
        return _page(faults), 422
    flash(_("Your account has no second factor any more."), "good")
    return redirect(url_for("account.show"), code=303)


def _tried(field: str, wrong: str, act: Callable[[], object]) -> dict[str, str]:
    """Faults of an act that asks for a password or a code."""
    try:
        act()
    except SignInRefused:
        return {field: wrong}
    except TooManyTries as error:
        return {field: said_wait(error)}
    except Conflict as error:
        return {field: _state_words(error.reason)}
    return {}


def _state_words(reason: str) -> str:
    words = {
        "second_factor_there": _("Your account has a second factor already."),
        "second_factor_gone": _("Nothing waits for a code any more; begin anew."),
        "second_factor_required": _("Your account needs a second factor here."),
        "second_factor_off": _("Second factors are not in use here."),
    }
    return words.get(reason, _("It changed meanwhile; load the page again."))


def _page(faults: dict[str, str]) -> str:
    factors = desk().factors
    waiting = factors.waiting()
    return render_template(
        "pages/factor.html",
        faults=faults,
        factor=factors.state(),
        offered=factors.offered,
        required=factors.required,
        missing=factors.missing,
        key=_grouped(waiting[0]) if waiting else "",
        picture=_picture(waiting[1]) if waiting else "",
    )


def _codes(made: Sequence[str]) -> str:
    return render_template("pages/factor_codes.html", codes=made)


def _picture(address: str) -> Markup:
    """The QR code as SVG in the page: two paths, no style, no script."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - made by segno of an address of ours


def _grouped(secret: str) -> str:
    return " ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP))


def _code() -> str:
    return request.form.get("code", "")[:40]


def _again() -> Response:
    return redirect(url_for("factor.show"), code=303)
