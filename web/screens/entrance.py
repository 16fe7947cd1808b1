"""Signing in and out: by password, with a second factor, and by single sign-on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from engine.usecases.accounts import SignInRefused, TooManyTries
from web.context import desk, locale, public, safe_target
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    Page = tuple[str, int, dict[str, str]]

pages = Blueprint("entrance", __name__)


@pages.get("/")
def home() -> Response:
    """The inbox is everybody's first page."""
    return redirect(url_for("inbox.show"), code=303)


@pages.get("/masuk")
@public
def form() -> Response | Page:
    """The sign-in page; who is signed in already goes on."""
    target = safe_target(request.args.get("next"), url_for("inbox.show"))
    if g.get("session") is not None:
        return redirect(target, code=303)
    return _form(target, left_sso=request.args.get("sso") == "keluar")


@pages.post("/masuk")
@public
def sign_in() -> Response | Page:
    """Open a session and go where the person wanted, or ask for the code first."""
    target = safe_target(request.form.get("next"), url_for("inbox.show"))
    login = request.form.get("login", "").strip()
    name = "".join(login.split()) if login.replace(" ", "").isdecimal() else login
    try:
        inside = desk().sign_in(name, request.form.get("password", ""), locale=locale())
    except SignInRefused:
        return _form(target, login=login, fault=_("NIP or password is not right."), status=401)
    except TooManyTries as error:
        return _form(target, login=login, waiting=error)
    return redirect(target if inside else url_for("entrance.code_form", next=target), code=303)


@pages.get("/masuk/kode")
@public
def code_form() -> Response | Page:
    """The page that asks for the second factor; only between password and session."""
    target = safe_target(request.args.get("next"), url_for("inbox.show"))
    if not desk().waits_for_code():
        return redirect(url_for("entrance.form", next=target), code=303)
    return _code_form(target)


@pages.post("/masuk/kode")
@public
def enter_code() -> Response | Page:
    """Open the session that waits for this code."""
    target = safe_target(request.form.get("next"), url_for("inbox.show"))
    if not desk().waits_for_code():
        return _form(target, fault=_("That took too long. Sign in again."), status=401)
    try:
        desk().enter_code(request.form.get("code", ""), locale=locale())
    except SignInRefused:
        wrong = _("This code is not right, or it was used already.")
        return _code_form(target, fault=wrong, status=401)
    except TooManyTries as error:
        return _code_form(target, waiting=error)
    return redirect(target, code=303)


@pages.get("/masuk/sso")
@public
def to_provider() -> Response | Page:
    """Go to the provider of single sign-on."""
    if not desk().sso:
        abort(404)
    target = safe_target(request.args.get("next"), url_for("inbox.show"))
    address = desk().sso_address(target)
    if address is None:
        return _form(target, fault=_sso_words("away"), status=503)
    return redirect(address, code=303)


@pages.get("/masuk/sso/kembali")
@public
def from_provider() -> Response | Page:
    """Come back from the provider."""
    if not desk().sso:
        abort(404)
    outcome, wanted = desk().sso_return(locale=locale())
    target = safe_target(wanted, url_for("inbox.show"))
    if outcome == "in":
        return redirect(target, code=303)
    if outcome == "code":
        return redirect(url_for("entrance.code_form", next=target), code=303)
    return _form(target, fault=_sso_words(outcome), status=503 if outcome == "away" else 401)


@pages.get("/masuk/sso/keluar")
@public
def leave_provider() -> Response:
    """Sign out of the provider too; it sends people back to the sign-in page."""
    if not desk().sso:
        abort(404)
    address = desk().sso_leaving_address()
    return redirect(address or url_for("entrance.form"), code=303)


@pages.post("/keluar")
def sign_out() -> Response:
    """End the session."""
    by_sso = desk().sign_out()
    page = url_for("entrance.form", sso="keluar") if by_sso else url_for("entrance.form")
    return redirect(page, code=303)


def _form(
    target: str,
    *,
    login: str = "",
    fault: str = "",
    status: int = 200,
    waiting: TooManyTries | None = None,
    left_sso: bool = False,
) -> Page:
    fault, status, headers = _said(fault, status, waiting)
    page = render_template(
        "pages/sign_in.html",
        target=target,
        login=login,
        fault=fault,
        sso=desk().sso,
        left_sso=left_sso and desk().sso,
    )
    return page, status, headers


def _code_form(
    target: str, *, fault: str = "", status: int = 200, waiting: TooManyTries | None = None
) -> Page:
    fault, status, headers = _said(fault, status, waiting)
    page = render_template("pages/sign_in_code.html", target=target, fault=fault)
    return page, status, headers


def _said(fault: str, status: int, waiting: TooManyTries | None) -> Page:
    """Fault, status and headers, of waiting too."""
    if waiting is None:
        return fault, status, {}
    wait = waiting.retry_after_s
    words = _("Too many tries. Try again in %(seconds)s seconds.", seconds=wait)
    return words, 429, {"Retry-After": str(wait)}


def _sso_words(outcome: str) -> str:
    words = {
        "away": _("Single sign-on cannot be reached now. Try again later, or use your password."),
        "unknown": _(
            "Single sign-on knows you, Regu does not: no active account has your NIP. Ask the "
            "administrator."
        ),
    }
    return words.get(outcome, _("Single sign-on did not succeed. Begin again."))
