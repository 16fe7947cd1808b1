"""Who is at the door: session cookie with CSRF for pages, HTTP Basic for API clients."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from flask import current_app, g, redirect, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import BadRequest, Unauthorized

from app.machine_tokens import MachineTokens
from app.throttle import AddressBook, CheckedPasswords
from engine.usecases import accounts
from engine.usecases.accounts import SignedIn, SignInRefused, TooManyTries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from werkzeug import Response

    from engine.usecases.accounts import Hasher
    from engine.usecases.ports.accounts import AccountRow
    from engine.usecases.ports.work import House

F = TypeVar("F", bound="Callable[..., object]")

COOKIE = "regu_session"
#: a random number for visitors without a session, so that signing in is protected too
VISIT_COOKIE = "regu_visit"
CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
SIGN_IN_PATH = "/masuk"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Desk:
    """The sign-in desk of one application; pages reach it as `app.extensions["regu"]`."""

    def __init__(self, house: House, hasher: Hasher, *, key: bytes, https: bool) -> None:
        self._house = house
        self._hasher = hasher
        self._key = key
        self._https = https
        self._checked = CheckedPasswords(key)
        self._addresses = AddressBook()
        self.tokens = MachineTokens(key)

    # -- for pages ---------------------------------------------------------------------------

    def sign_in(self, login: str, password: str, *, locale: str = "id") -> SignedIn:
        """Check and open a session in this answer; `SignInRefused` or `TooManyTries`."""
        account = self._check(login, password)
        old = g.get("signed_in")
        if old is not None:
            accounts.close_session(self._house, old)
        found = accounts.open_session(self._house, account, locale=locale)
        self._seat(found)
        g.new_token = found.token
        return found

    def sign_out(self) -> None:
        """End this session."""
        if g.get("signed_in") is not None:
            accounts.close_session(self._house, g.signed_in)
        self._seat(None)
        g.new_token = ""

    def set_locale(self, locale: str) -> None:
        """Remember the language of this session."""
        if g.signed_in is not None and g.signed_in.session is not None:
            g.session = accounts.set_locale(self._house, g.signed_in.session, locale)

    def change_password(self, old: str, new: str) -> None:
        """Change one's own password; all sessions end and a new one opens in this answer."""
        accounts.change_password(self._house, self._hasher, g.signed_in, old=old, new=new)
        self.sign_in(g.signed_in.account.login, new, locale=g.session.locale)

    def csrf_token(self) -> str:
        """The token that forms carry in `csrf_token` and scripts in `X-CSRF-Token`."""
        if g.get("session") is not None:
            return str(g.session.csrf)
        if not g.get("visit"):
            g.visit = g.new_visit = secrets.token_urlsafe(24)
        return self._visit_token(g.visit)

    # -- for the request ---------------------------------------------------------------------

    def admit(self) -> Response | None:
        """Find who asks; refuse unsafe requests of a cookie without its token."""
        self._seat(None)
        g.visit = request.cookies.get(VISIT_COOKIE, "")
        by_header = request.authorization is not None and not _is_page()
        if by_header and not _is_marked("for_programs"):
            self._seat(self._by_header())
            return None
        token = request.cookies.get(COOKIE)
        if token:
            self._seat(accounts.session_of(self._house, token))
        if _is_public():
            return None
        if g.actor is None:
            return _not_signed_in()
        return None

    def check_csrf(self) -> None:
        """`BadRequest` for an unsafe request that rides on a cookie without its token."""
        by_password = g.signed_in is not None and g.session is None
        if request.method in SAFE or by_password or request.endpoint is None:
            return
        if _is_marked("for_programs"):
            return
        sent = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
        wanted = g.session.csrf if g.session is not None else self._visit_token(g.visit)
        if not (g.session or g.visit) or not hmac.compare_digest(sent.encode(), wanted.encode()):
            raise BadRequest("the form is too old or came from elsewhere; load the page again")

    def leave(self, response: Response) -> Response:
        """Set or clear the cookies of this answer."""
        token = g.get("new_token")
        if token:
            self._set(response, COOKIE, token, accounts.SESSION_HOURS * 3600)
        elif token == "":
            response.delete_cookie(COOKIE)
        if g.get("new_visit"):
            self._set(response, VISIT_COOKIE, g.new_visit, 86_400)
        return response

    # -- inside ------------------------------------------------------------------------------

    def exchange(self, login: str, secret: str) -> str:
        """A token for the secret of a program's account; `SignInRefused`, `TooManyTries`."""
        account = self._check(login, secret)
        if not accounts.is_service(self._house, account.login):
            raise SignInRefused(login)
        return self.tokens.make(account.login, account.password_hash)

    def _by_header(self) -> SignedIn:
        given = request.authorization
        if given is not None and given.type == "bearer":
            return self._bearer(given.token or "")
        return self._basic()

    def _bearer(self, token: str) -> SignedIn:
        login = self.tokens.login_of(token)
        found = accounts.account_actor(self._house, login) if login is not None else None
        if found is None or not self.tokens.fits(token, found.account.password_hash):
            raise Unauthorized(
                "the token is not valid, or no longer", www_authenticate=_challenge()
            )
        return found

    def _basic(self) -> SignedIn:
        given = request.authorization
        if given is None or given.type != "basic":
            raise Unauthorized(
                "HTTP Basic or a bearer token is what this API takes",
                www_authenticate=_challenge(),
            )
        login, password = given.username or "", given.password or ""
        found = accounts.account_actor(self._house, login)
        if found and self._checked.knows(login, password, found.account.password_hash):
            return found
        account = self._check(login, password)
        self._checked.keep(login, password, account.password_hash)
        found = accounts.account_actor(self._house, login)
        if found is None:
            raise SignInRefused(login)
        return found

    def _check(self, login: str, password: str) -> AccountRow:
        address = request.remote_addr or ""
        wait = self._addresses.wait_seconds(address)
        if wait:
            raise TooManyTries(wait)
        try:
            return accounts.check_password(self._house, self._hasher, login, password)
        except SignInRefused:
            self._addresses.note(address)
            raise

    def _seat(self, found: SignedIn | None) -> None:
        g.signed_in = found
        g.actor = found.actor if found else None
        g.account = found.account if found else None
        g.session = found.session if found else None

    def _visit_token(self, visit: str) -> str:
        return hmac.new(self._key, f"visit:{visit}".encode(), hashlib.sha256).hexdigest()

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name, value, max_age=seconds, httponly=True, samesite="Lax", secure=self._https
        )


def register(app: Flask, desk: Desk) -> None:
    """Put the desk in front of every view."""
    app.extensions["regu"] = desk
    app.jinja_env.globals["csrf_token"] = desk.csrf_token

    @app.before_request
    def admit() -> Response | None:
        answer = desk.admit()
        if answer is None:
            desk.check_csrf()
        return answer

    app.after_request(desk.leave)


def public(view: F) -> F:
    """Mark a view that needs no sign-in."""
    view.public = True  # type: ignore[attr-defined]
    return view


def _is_page() -> bool:
    return not request.path.startswith(("/api/", "/v2/", "/oauth/"))


def _is_marked(name: str) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, name, False))


def _is_public() -> bool:
    """Views marked so, static files, and paths that no view serves (they answer 404)."""
    if request.endpoint is None or request.endpoint.rpartition(".")[2] == "static":
        return True
    return _is_marked("public")


def _not_signed_in() -> Response:
    if not _is_page():
        raise Unauthorized("sign in first", www_authenticate=_challenge())
    if request.method != "GET":
        raise Unauthorized("your session is over; sign in again")
    return redirect_to_sign_in()


def redirect_to_sign_in() -> Response:
    """To the sign-in page, and back afterwards."""
    wanted = request.full_path.rstrip("?")
    target = f"{SIGN_IN_PATH}?next={quote(wanted, safe='/')}"
    return redirect(target, code=303)


def _challenge() -> WWWAuthenticate:
    return WWWAuthenticate("basic", {"realm": "Regu", "charset": "UTF-8"})
