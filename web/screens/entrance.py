"""Signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, g, redirect, render_template, request, url_for

from engine.usecases.accounts import SignInRefused, TooManyTries
from web.context import desk, locale, public, safe_target
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("entrance", __name__)


@pages.get("/")
def home() -> Response:
    """The inbox is everybody's first page."""
    return redirect(url_for("inbox.show"), code=303)


@pages.get("/masuk")
@public
def form() -> Response | str:
    """The sign-in page; who is signed in already goes on."""
    target = safe_target(request.args.get("next"), url_for("inbox.show"))
    if g.get("session") is not None:
        return redirect(target, code=303)
    return render_template("pages/sign_in.html", target=target, login="", fault="")


@pages.post("/masuk")
@public
def sign_in() -> Response | tuple[str, int, dict[str, str]]:
    """Open a session and go where the person wanted."""
    target = safe_target(request.form.get("next"), url_for("inbox.show"))
    login = request.form.get("login", "").strip()
    name = "".join(login.split()) if login.replace(" ", "").isdecimal() else login
    try:
        desk().sign_in(name, request.form.get("password", ""), locale=locale())
    except SignInRefused:
        fault, status, headers = _("NIP or password is not right."), 401, {}
    except TooManyTries as error:
        fault = _("Too many tries. Try again in %(seconds)s seconds.", seconds=error.retry_after_s)
        status, headers = 429, {"Retry-After": str(error.retry_after_s)}
    else:
        return redirect(target, code=303)
    page = render_template("pages/sign_in.html", target=target, login=login, fault=fault)
    return page, status, headers


@pages.post("/keluar")
def sign_out() -> Response:
    """End the session."""
    desk().sign_out()
    return redirect(url_for("entrance.form"), code=303)
