"""Server-side sessions: how long they live, when their token is new, and which one has."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.accounts import SignedIn, SignInRefused, actor_of
from engine.usecases.audit import note
from engine.usecases.errors import NotFound
from engine.usecases.ports.accounts import SessionRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from engine.usecases.ports.accounts import AccountRow
    from engine.usecases.ports.work import House

#: how long the old token is understood after its session got a new one: requests under way
OVERLAP: Final = timedelta(seconds=20)
#: a session's use is noted once in this part of its idle time, so that reading rarely writes
_NOTED_PARTS: Final = 12
AGENT_CHARACTERS_MAX: Final = 200
_TOKEN_BYTES: Final = 32
_MARK_CHARACTERS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """How long a session lives."""

    #: used or not
    whole: timedelta = timedelta(hours=12)
    #: without use; noted to within a twelfth of it
    idle: timedelta = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How somebody came in."""

    #: "password", "second_factor", "recovery_code" or "sso"
    by: str = "password"
    #: what the browser called itself
    agent: str = ""
    locale: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """A session as its owner sees it."""

    mark: str
    row: SessionRow
    here: bool


def new_token() -> str:
    """The secret of a session, or of a form: 256 random bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What the store keeps of a session's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def groups_text(groups: Collection[str]) -> str:
    """Groups as a session remembers them."""
    return " ".join(sorted(groups))


def open_session(
    house: House,
    account: AccountRow,
    *,
    locale: str = "id",
    entry: Entry | None = None,
    lifetime: Lifetime | None = None,
) -> SignedIn:
    """A new session of a checked account; the token leaves once, its hash stays.

    `SignInRefused` for a program's account: it has no pages.
    """
    now, token, how = house.clock.real_now(), new_token(), entry or Entry()
    with house.writing() as uow:
        if account.person_id is None and uow.accounts.service(account.login) is not None:
            raise SignInRefused(account.login)
        actor = actor_of(uow, account, house.clock.now().date())
        session = SessionRow(
            token_hash=token_hash(token),
            login=account.login,
            created_at=now,
            expires_at=now + (lifetime or Lifetime()).whole,
            csrf=new_token(),
            locale=locale,
            seen_at=now,
            agent=how.agent[:AGENT_CHARACTERS_MAX],
            entered_by=how.by,
            held_groups=groups_text(actor.groups),
        )
        uow.sessions.put(session)
        facts = {"account": account.known_as, "by": how.by}
        note(
            *(house, uow, actor),
            stream="account",
            act=audit_tags.ACCOUNT_SIGNED_IN,
            facts=facts,
        )
        uow.commit()
    return SignedIn(actor=actor, account=account, session=session, token=token)


def session_of(house: House, token: str, lifetime: Lifetime | None = None) -> SignedIn | None:
    """Who holds this session; None when it is over, revoked or its account was disabled."""
    with house.reading() as uow:
        session = uow.sessions.get(token_hash(token))
        if session is None:
            return None
        if not is_alive(session, house.clock.real_now(), lifetime or Lifetime()):
            return None
        account = uow.accounts.account(session.login)
        if account is None or not account.active:
            return None
        actor = actor_of(uow, account, house.clock.now().date())
    return SignedIn(actor=actor, account=account, session=session)


def close_session(house: House, signed_in: SignedIn) -> None:
    """End this session."""
    if signed_in.session is None:
        return
    with house.writing() as uow:
        uow.sessions.revoke(signed_in.session.token_hash, house.clock.real_now())
        note(
            house,
            uow,
            signed_in.actor,
            stream="account",
            act=audit_tags.ACCOUNT_SIGNED_OUT,
            facts={"account": signed_in.account.known_as},
        )
        uow.commit()


def set_locale(house: House, session: SessionRow, locale: str) -> SessionRow:
    """Remember the language of a session."""
    changed = replace(session, locale=locale)
    with house.writing() as uow:
        uow.sessions.put(changed)
        uow.commit()
    return changed


def is_alive(session: SessionRow, now: datetime, lifetime: Lifetime) -> bool:
    """Whether a session has neither ended nor been left alone too long."""
    if session.revoked_at is not None or session.expires_at <= now:
        return False
    if session.created_at + lifetime.whole <= now:  # a setting that was shortened since
        return False
    return (session.seen_at or session.created_at) + lifetime.idle > now


def note_use(house: House, session: SessionRow, lifetime: Lifetime) -> None:
    """Remember that a session was used; most of the time that is known well enough."""
    now = house.clock.real_now()
    if now - (session.seen_at or session.created_at) < lifetime.idle / _NOTED_PARTS:
        return
    with house.writing() as uow:
        uow.sessions.seen(session.token_hash, now)
        uow.commit()


def renewed(
    house: House, signed_in: SignedIn, *, by: str | None = None, at_once: bool = False
) -> SignedIn:
    """The same session under a new token.

    The old one is understood for 20 seconds more, for requests under way; not when `at_once`.
    Called when what the session may do has changed: other groups, password, second factor (`by`).
    """
    session = signed_in.session
    if session is None:
        return signed_in
    now, token = house.clock.real_now(), new_token()
    held = groups_text(signed_in.actor.groups)
    new = replace(
        session,
        token_hash=token_hash(token),
        held_groups=held,
        seen_at=now,
        entered_by=by or session.entered_by,
    )
    old = replace(session, held_groups=held, expires_at=min(session.expires_at, now + OVERLAP))
    with house.writing() as uow:
        uow.sessions.put(replace(old, revoked_at=now) if at_once else old)
        uow.sessions.put(new)
        uow.commit()
    return replace(signed_in, session=new, token=token)


def own_sessions(house: House, signed_in: SignedIn, lifetime: Lifetime) -> Sequence[OwnSession]:
    """One's own sessions that live, the newest first."""
    now = house.clock.real_now()
    with house.reading() as uow:
        rows = uow.sessions.of(signed_in.account.login, now)
    here = signed_in.session.token_hash if signed_in.session else ""
    return [
        OwnSession(mark=mark_of(row), row=row, here=row.token_hash == here)
        for row in rows
        if is_alive(row, now, lifetime)
        and (row.token_hash == here or row.expires_at - now > OVERLAP)
    ]


def end_own(house: House, signed_in: SignedIn, mark: str | None) -> None:
    """End one of one's own sessions by its mark, or all others (None); `NotFound`."""
    now, login = house.clock.real_now(), signed_in.account.login
    here = signed_in.session.token_hash if signed_in.session else ""
    with house.writing() as uow:
        if mark is None:
            uow.sessions.revoke_all(login, now, but=here)
        else:
            known = {mark_of(row): row.token_hash for row in uow.sessions.of(login, now)}
            if mark not in known:
                raise NotFound("session", mark)
            uow.sessions.revoke(known[mark], now)
        note(
            house,
            uow,
            signed_in.actor,
            stream="account",
            act=audit_tags.SESSIONS_ENDED,
            facts={"account": signed_in.account.known_as, "all": mark is None},
        )
        uow.commit()


def mark_of(row: SessionRow) -> str:
    """What names a session on a page; nobody comes in with it."""
    return hashlib.sha256(f"mark:{row.token_hash}".encode()).hexdigest()[:_MARK_CHARACTERS]
