"""A second factor for accounts of people: time-based codes (RFC 6238) and recovery codes."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from engine.usecases import audit_tags
from engine.usecases.accounts import SignInRefused, check_tries, managed_account, note_refused
from engine.usecases.audit import note
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.notices import Kind, notify
from engine.usecases.once import repeated
from engine.usecases.ports.accounts import FactorRow
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.usecases.accounts import SignedIn
    from engine.usecases.actor import Actor
    from engine.usecases.ports.accounts import AccountRow
    from engine.usecases.ports.work import House, UnitOfWork

RECOVERY_CODES: Final = 10
#: 120 random bits (ASVS 5 6.5.2 asks 112 for a plain hash): 24 letters and digits in six groups
_RECOVERY_BYTES: Final = 15
_GROUP: Final = 4
_CODE_CHARACTERS_MAX: Final = 40


class Codes(Protocol):
    """Time-based codes, and the seal in which their secrets are kept."""

    def new_secret(self) -> str:
        """A secret for an authenticator, in base32."""
        ...

    def step_of(self, secret: str, code: str, at: datetime) -> int | None:
        """The time step whose code this is, one step early or late included; None: wrong."""
        ...

    def seal(self, secret: str, login: str) -> tuple[str, bytes]:
        """Key id and sealed secret, bound to the account."""
        ...

    def unseal(self, key_id: str, sealed: bytes, login: str) -> str | None:
        """The secret; None when its key is not known any more or it was tampered with."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorState:
    """What an account page shows."""

    #: when it began to count; None: it does not
    confirmed_at: datetime | None = None
    #: set up and waiting for its first code
    waits: bool = False
    codes_left: int = 0


def state_of(house: House, login: str) -> FactorState:
    """The second factor of an account."""
    with house.reading() as uow:
        row = uow.factors.get(login)
        if row is None:
            return FactorState()
        left = uow.factors.codes_left(login)
    return FactorState(
        confirmed_at=row.confirmed_at, waits=row.confirmed_at is None, codes_left=left
    )


def counts(house: House, login: str) -> bool:
    """Whether an account has a second factor that was confirmed."""
    with house.reading() as uow:
        row = uow.factors.get(login)
    return row is not None and row.confirmed_at is not None


def begin(house: House, codes: Codes, signed_in: SignedIn) -> None:
    """Make a new secret; it counts from its first right code on.

    The password was asked for just before. `Conflict` when one counts already.
    """
    login = signed_in.account.login
    key_id, sealed = codes.seal(codes.new_secret(), login)
    with house.writing() as uow:
        known = uow.factors.get(login)
        if known is not None and known.confirmed_at is not None:
            raise Conflict("second_factor_there", login=login)
        now = house.clock.real_now()
        uow.factors.put(FactorRow(login=login, sealed=sealed, key_id=key_id, made_at=now))
        uow.commit()


def waiting_secret(house: House, codes: Codes, login: str) -> str | None:
    """The secret that waits for its first code; one that counts is never shown again."""
    with house.reading() as uow:
        row = uow.factors.get(login)
    if row is None or row.confirmed_at is not None:
        return None
    return codes.unseal(row.key_id, row.sealed, login)


def confirm(house: House, codes: Codes, signed_in: SignedIn, code: str) -> Sequence[str]:
    """Let it count after its first right code; the recovery codes, shown this once.

    Other sessions end. `SignInRefused` for a wrong code, `TooManyTries`, `Conflict`.
    """
    login = signed_in.account.login
    check_tries(house, login)
    now = house.clock.real_now()
    with house.reading() as uow:
        row = uow.factors.get(login)
    if row is None or row.confirmed_at is not None:
        raise Conflict("second_factor_gone", login=login)
    step = _step(codes, row, code, now)
    if step is None:
        note_refused(house, login)
        raise SignInRefused(login)
    plain = _recovery_codes()
    with house.writing() as uow:
        here = signed_in.session.token_hash if signed_in.session else ""
        uow.factors.put(replace(row, confirmed_at=now, last_step=step))
        uow.factors.put_codes(login, [_hash(login, one) for one in plain])
        uow.sessions.revoke_all(login, now, but=here)
        _note(house, uow, signed_in.actor, audit_tags.SECOND_FACTOR_SET, signed_in.account)
        uow.commit()
    return plain


def check(house: House, codes: Codes, login: str, typed: str, address: str = "") -> str:
    """How the second factor was shown: "second_factor" or "recovery_code".

    `SignInRefused` for a wrong or used code, `TooManyTries` while tries must wait.
    """
    check_tries(house, login, address)
    text = "".join(typed.split()).replace("-", "")[:_CODE_CHARACTERS_MAX]
    now = house.clock.real_now()
    with house.reading() as uow:
        row = uow.factors.get(login)
    if row is not None and row.confirmed_at is not None:
        step = _step(codes, row, text, now)
        with house.writing() as uow:
            if step is not None and uow.factors.take_step(login, step):
                _reseal(uow, codes, replace(row, last_step=step))
                uow.commit()
                return "second_factor"
            if step is None and uow.factors.take_code(login, _hash(login, text), now):
                uow.commit()
                return "recovery_code"
    note_refused(house, login, address)
    raise SignInRefused(login)


def renew_codes(house: House, codes: Codes, signed_in: SignedIn, code: str) -> Sequence[str]:
    """New recovery codes in the place of the old ones, for a code; errors as `check`."""
    login = signed_in.account.login
    if not counts(house, login):
        raise Conflict("second_factor_gone", login=login)
    check(house, codes, login, code)
    plain = _recovery_codes()
    with house.writing() as uow:
        uow.factors.put_codes(login, [_hash(login, one) for one in plain])
        _note(house, uow, signed_in.actor, audit_tags.RECOVERY_CODES_MADE, signed_in.account)
        uow.commit()
    return plain


def remove(house: House, codes: Codes, signed_in: SignedIn, code: str) -> None:
    """Do without it, for a code; other sessions end. Errors as `check`."""
    login = signed_in.account.login
    if not counts(house, login):
        raise Conflict("second_factor_gone", login=login)
    check(house, codes, login, code)
    with house.writing() as uow:
        uow.factors.remove(login)
        here = signed_in.session.token_hash if signed_in.session else ""
        uow.sessions.revoke_all(login, house.clock.real_now(), but=here)
        _note(house, uow, signed_in.actor, audit_tags.SECOND_FACTOR_REMOVED, signed_in.account)
        uow.commit()


@repeated
def reset(house: House, actor: Actor, login: str) -> None:
    """Take away the second factor of somebody who lost it; he is told, his sessions end.

    `NotFound` when there is none, or the account is of another agency; nobody his own.
    """
    require(actor, "account:manage", login)
    with house.writing() as uow:
        account = managed_account(uow, actor, login)
        if not uow.factors.remove(login):
            raise NotFound("second_factor", login)
        uow.sessions.revoke_all(login, house.clock.real_now())
        _note(house, uow, actor, audit_tags.SECOND_FACTOR_RESET, account)
        _tell(house, uow, actor, account)
        uow.commit()


def reseal(house: House, codes: Codes) -> tuple[int, int]:
    """Seal every secret with the newest key; how many, and how many no key opens."""
    with house.writing() as uow:
        rows = list(uow.factors.all())
        done = sum(_reseal(uow, codes, row) for row in rows)
        lost = sum(codes.unseal(row.key_id, row.sealed, row.login) is None for row in rows)
        uow.commit()
    return done, lost


def _tell(house: House, uow: UnitOfWork, actor: Actor, account: AccountRow) -> None:
    if account.person_id is None:
        return
    at = house.clock.now()
    notify(
        *(uow, house.ids, at, [account.person_id], Kind.SECOND_FACTOR_RESET),
        key=f"second-factor:{account.known_as}:{house.clock.real_now().isoformat()}",
        path="/akun",
        facts={"by": actor.human},
    )


def _step(codes: Codes, row: FactorRow, code: str, now: datetime) -> int | None:
    secret = codes.unseal(row.key_id, row.sealed, row.login)
    return None if secret is None else codes.step_of(secret, "".join(code.split()), now)


def _reseal(uow: UnitOfWork, codes: Codes, row: FactorRow) -> bool:
    """Seal a secret with the newest key when an older one did; whether it did."""
    secret = codes.unseal(row.key_id, row.sealed, row.login)
    if secret is None:
        return False
    key_id, sealed = codes.seal(secret, row.login)
    if key_id == row.key_id:
        return False
    uow.factors.put(replace(row, key_id=key_id, sealed=sealed))
    return True


def _recovery_codes() -> list[str]:
    return [_grouped(secrets.token_bytes(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def _grouped(raw: bytes) -> str:
    text = base64.b32encode(raw).decode().lower()
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _hash(login: str, code: str) -> str:
    """A recovery code is 120 random bits: a plain hash is enough, the login keeps them apart."""
    text = f"recovery:{login}:{code.replace('-', '').lower()}"
    return hashlib.sha256(text.encode()).hexdigest()


def _note(house: House, uow: UnitOfWork, actor: Actor, act: str, account: AccountRow) -> None:
    facts = {"account": account.known_as}
    note(house, uow, actor, stream="account", act=act, facts=facts)
