"""Who is at the door: session cookie with CSRF for pages, HTTP Basic for API clients."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from flask import current_app, g, redirect, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import BadRequest, Forbidden, Unauthorized

from app.by_header import ByHeader, challenge
from app.desk_factors import FactorDesk
from app.desk_sso import RETURN_PATH, WAY_SECONDS, SsoDesk
from app.oidc import Provider
from app.one_time_codes import OneTimeCodes
from app.tickets import Tickets, mark
from engine.usecases import accounts, second_factors, sessions
from engine.usecases.accounts import SignInRefused
from engine.usecases.sessions import Entry, Lifetime

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask
    from werkzeug import Response

    from app.settings import Settings
    from engine.usecases.accounts import Hasher, SignedIn
    from engine.usecases.ports.accounts import AccountRow
    from engine.usecases.ports.work import House

F = TypeVar("F", bound="Callable[..., object]")

log = logging.getLogger("regu.sign_in")

COOKIE = "regu_session"
#: a random number for visitors without a session, so that signing in is protected too
VISIT_COOKIE = "regu_visit"
#: who gave the right password and owes the code
STEP_COOKIE = "regu_step"
#: who is on the way to the provider and back
WAY_COOKIE = "regu_way"
#: over HTTPS no other site of the domain, and no plain connection, can set a cookie of this name
HOST_PREFIX = "__Host-"
STEP_SECONDS = 300
CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
SIGN_IN_PATH = "/masuk"
#: where who must have a second factor sets it up, and pages that he reaches before
FACTOR_PATH = "/akun/faktor"
BEFORE_FACTOR = frozenset({"account", "factor", "entrance", "language", "frame", "guide"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def cookie_name(name: str, *, https: bool) -> str:
    """What browsers know a cookie by."""
    return f"{HOST_PREFIX}{name}" if https else name


class Desk:
    """The sign-in desk of one application; pages reach it as `app.extensions["regu"]`."""

    def __init__(
        self, house: House, hasher: Hasher, *, keys: Sequence[bytes], settings: Settings
    ) -> None:
        """`keys`: the secrets of the installation, the newest first."""
        how = settings.sign_in
        self._house = house
        self._hasher = hasher
        self._keys = keys
        self._https = settings.https
        self._lifetime = Lifetime(
            whole=timedelta(hours=how.session_hours),
            idle=timedelta(minutes=how.session_idle_minutes),
        )
        self._codes = OneTimeCodes(keys)
        self._steps = Tickets(keys, "second step", STEP_SECONDS)
        self.by_header = ByHeader(house, hasher, keys, duty=how.second_factor)
        self.factors = FactorDesk(
            *(house, hasher, self._codes),
            duty=how.second_factor,
            lifetime=self._lifetime,
            seat=self._take_seat,
        )
        self._sso = None
        if how.oidc is not None:
            provider = Provider(how.oidc, settings.public_url + RETURN_PATH)
            self._sso = SsoDesk(house, provider, keys, settings.public_url + SIGN_IN_PATH)

    # -- for pages ---------------------------------------------------------------------------

    def sign_in(self, login: str, password: str, *, locale: str = "id") -> bool:
        """Check and open a session in this answer; False: a code is wanted now.

        `SignInRefused`, `TooManyTries`.
        """
        account = accounts.check_password(
            self._house, self._hasher, login, password, request.remote_addr or ""
        )
        return self._enter(account, by="password", locale=locale)

    def waits_for_code(self) -> bool:
        """Whether somebody here gave the right password and owes the code."""
        return self._stepping() is not None

    def enter_code(self, code: str, *, locale: str = "id") -> None:
        """Open the session that waits for this code; `SignInRefused`, `TooManyTries`."""
        waiting = self._stepping()
        if waiting is None:
            raise SignInRefused("")
        account, first = waiting
        shown = second_factors.check(
            self._house, self._codes, account.login, code, request.remote_addr or ""
        )
        g.new_step = ""
        self._open(account, "sso" if first == "sso" else shown, locale)

    @property
    def sso(self) -> bool:
        """Whether there is single sign-on."""
        return self._sso is not None

    def sso_address(self, target: str) -> str | None:
        """Where single sign-on begins; None while the provider is away."""
        return self._sso.address(target) if self._sso is not None else None

    def sso_leaving_address(self) -> str | None:
        """Where one signs out of the provider; None when it offers no such place."""
        return self._sso.leaving_address() if self._sso is not None else None

    def sso_return(self, *, locale: str = "id") -> tuple[str, str]:
        """What came back: ("in", target), ("code", target), or why nobody comes in and ""."""
        if self._sso is None:
            return "refused", ""
        outcome = self._sso.outcome(request.cookies.get(self._name(WAY_COOKIE), ""))
        if outcome.account is None:
            return outcome.why, ""
        inside = self._enter(outcome.account, by="sso", locale=locale, strong=outcome.strong)
        return "in" if inside else "code", outcome.target

    def sign_out(self) -> bool:
        """End this session; whether it had begun at the provider of single sign-on."""
        by_sso = g.get("session") is not None and g.session.entered_by == "sso"
        if g.get("signed_in") is not None:
            sessions.close_session(self._house, g.signed_in)
        self._seat(None)
        g.new_token = ""
        return by_sso

    def set_locale(self, locale: str) -> None:
        """Remember the language of this session."""
        if g.signed_in is not None and g.signed_in.session is not None:
            g.session = sessions.set_locale(self._house, g.signed_in.session, locale)

    def csrf_token(self) -> str:
        """The token that forms carry in `csrf_token` and scripts in `X-CSRF-Token`."""
        if g.get("session") is not None:
            return str(g.session.csrf)
        if not g.get("visit"):
            g.visit = g.new_visit = secrets.token_urlsafe(24)
        return self._visit_token(g.visit, self._keys[0])

    # -- for the request ---------------------------------------------------------------------

    def admit(self) -> Response | None:
        """Find who asks; send away who may not come in yet."""
        self._seat(None)
        g.visit = request.cookies.get(self._name(VISIT_COOKIE), "")
        by_header = request.authorization is not None and not _is_page()
        if by_header and not _is_marked("for_programs"):
            self._seat(self.by_header.signed_in())
            return None
        token = request.cookies.get(self._name(COOKIE))
        if token:
            self._seat_by(token)
        if is_public():
            return None
        if g.actor is None:
            return _not_signed_in()
        if self.factors.missing and request.blueprint not in BEFORE_FACTOR:
            return _set_up_first()
        return None

    def check_csrf(self) -> None:
        """`BadRequest` for an unsafe request that rides on a cookie without its token."""
        by_password = g.signed_in is not None and g.session is None
        if request.method in SAFE or by_password or request.endpoint is None:
            return
        if _is_marked("for_programs"):
            return
        sent = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
        if g.session is not None:
            wanted = [g.session.csrf]
        else:
            wanted = [self._visit_token(g.visit, key) for key in self._keys if g.visit]
        if not any(hmac.compare_digest(sent.encode(), one.encode()) for one in wanted):
            raise BadRequest("the form is too old or came from elsewhere; load the page again")

    def leave(self, response: Response) -> Response:
        """Set or clear the cookies of this answer."""
        whole = int(self._lifetime.whole.total_seconds())
        self._set(response, COOKIE, g.get("new_token"), whole)
        self._set(response, VISIT_COOKIE, g.get("new_visit"), 86_400)
        self._set(response, STEP_COOKIE, g.get("new_step"), STEP_SECONDS)
        self._set(response, WAY_COOKIE, g.get("new_way"), WAY_SECONDS)
        return response

    # -- inside ------------------------------------------------------------------------------

    def _enter(self, account: AccountRow, *, by: str, locale: str, strong: bool = False) -> bool:
        """Open a session, or ask for the code first; whether it is open."""
        if not strong and second_factors.counts(self._house, account.login):
            g.new_step = self._steps.make([account.login, mark(account.password_hash), by])
            return False
        self._open(account, by, locale)
        return True

    def _open(self, account: AccountRow, by: str, locale: str) -> None:
        """A session in this answer; one that was here ends."""
        old = g.get("signed_in")
        if old is not None:
            sessions.close_session(self._house, old)
        entry = Entry(by=by, agent=request.user_agent.string)
        self._take_seat(
            sessions.open_session(
                self._house, account, locale=locale, entry=entry, lifetime=self._lifetime
            )
        )

    def _take_seat(self, found: SignedIn) -> None:
        """Seat a session with a new token and send the token."""
        self._seat(found)
        g.new_token = found.token

    def _stepping(self) -> tuple[AccountRow, str] | None:
        """Account and first step of who owes the code; a changed password ends the wait."""
        found = self._steps.read(request.cookies.get(self._name(STEP_COOKIE), ""))
        if not isinstance(found, list) or len(found) != 3:  # noqa: PLR2004 - as it was made
            return None
        login, password_mark, first = map(str, found)
        known = accounts.account_actor(self._house, login)
        if known is None or mark(known.account.password_hash) != password_mark:
            return None
        return known.account, first

    def _seat_by(self, token: str) -> None:
        """Seat the session of a cookie; it gets a new token when its groups are others."""
        found = sessions.session_of(self._house, token, self._lifetime)
        self._seat(found)
        if found is None or found.session is None or _is_static():
            return
        try:
            if found.session.held_groups != sessions.groups_text(found.actor.groups):
                self._take_seat(sessions.renewed(self._house, found))
            else:
                sessions.note_use(self._house, found.session, self._lifetime)
        except OperationalError:  # a full disk still lets people read
            log.exception("a session could not be noted")

    def _seat(self, found: SignedIn | None) -> None:
        g.signed_in = found
        g.actor = found.actor if found else None
        g.account = found.account if found else None
        g.session = found.session if found else None

    def _visit_token(self, visit: str, key: bytes) -> str:
        return hmac.new(key, f"visit:{visit}".encode(), hashlib.sha256).hexdigest()

    def _name(self, name: str) -> str:
        return cookie_name(name, https=self._https)

    def _set(self, response: Response, name: str, value: str | None, seconds: int) -> None:
        """Set a cookie, clear it for "", leave it for None."""
        if value is None:
            return
        response.set_cookie(
            self._name(name),
            value,
            max_age=seconds if value else 0,
            expires=None if value else 0,
            httponly=True,
            samesite="Lax",
            secure=self._https,
            path="/",
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


def is_public() -> bool:
    """Whether nobody need sign in: marked views, static files, paths that no view serves (404)."""
    return request.endpoint is None or _is_static() or _is_marked("public")


def _is_static() -> bool:
    return (request.endpoint or "").rpartition(".")[2] == "static"


def _not_signed_in() -> Response:
    if not _is_page():
        raise Unauthorized("sign in first", www_authenticate=challenge())
    if request.method != "GET":
        raise Unauthorized("your session is over; sign in again")
    return redirect_to_sign_in()


def _set_up_first() -> Response:
    """To the page of the second factor, for who must have one."""
    if not _is_page() or request.method != "GET":
        raise Forbidden("set up the second factor of your account first")
    return redirect(FACTOR_PATH, code=303)


def redirect_to_sign_in() -> Response:
    """To the sign-in page, and back afterwards."""
    wanted = request.full_path.rstrip("?")
    target = f"{SIGN_IN_PATH}?next={quote(wanted, safe='/')}"
    return redirect(target, code=303)
