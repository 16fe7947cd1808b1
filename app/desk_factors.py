"""The part of the sign-in desk that looks after one's own second factor and sessions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import g

from app.one_time_codes import address_of
from engine.usecases import accounts, second_factors, sessions
from engine.usecases.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.factor_duty import FactorDuty
    from engine.usecases.accounts import Hasher, SignedIn
    from engine.usecases.ports.work import House
    from engine.usecases.second_factors import Codes, FactorState
    from engine.usecases.sessions import Lifetime, OwnSession


class FactorDesk:
    """One's own second factor and sessions; whoever is signed in is in `g.signed_in`."""

    def __init__(
        self,
        house: House,
        hasher: Hasher,
        codes: Codes,
        *,
        duty: FactorDuty,
        lifetime: Lifetime,
        seat: Callable[[SignedIn], None],
    ) -> None:
        """`duty`: who must have one; `seat` puts a session with a new token in the answer."""
        self._house = house
        self._hasher = hasher
        self._codes = codes
        self._duty = duty
        self._lifetime = lifetime
        self._seat = seat

    @property
    def offered(self) -> bool:
        """Whether people may set one up."""
        return self._duty.offered

    @property
    def required(self) -> bool:
        """Whether whoever is signed in must have one."""
        return self._duty.binds(g.signed_in.actor.groups)

    @property
    def missing(self) -> bool:
        """Whether this session may do nothing before a second factor is set up."""
        return self.required and g.session is not None and g.session.entered_by == "password"

    def state(self) -> FactorState:
        """What is set up."""
        return second_factors.state_of(self._house, g.account.login)

    def begin(self, password: str) -> None:
        """Make a secret that waits; `SignInRefused` for a wrong password, `Conflict`."""
        if not self.offered:
            raise Conflict("second_factor_off")
        accounts.check_password(self._house, self._hasher, g.account.login, password)
        second_factors.begin(self._house, self._codes, g.signed_in)

    def waiting(self) -> tuple[str, str] | None:
        """Secret and otpauth address of what waits for its first code."""
        secret = second_factors.waiting_secret(self._house, self._codes, g.account.login)
        return None if secret is None else (secret, address_of(secret, g.account.login))

    def confirm(self, code: str) -> Sequence[str]:
        """Let it count; the recovery codes, and a new token for this session."""
        made = second_factors.confirm(self._house, self._codes, g.signed_in, code)
        self._renew("second_factor")
        return made

    def renew_codes(self, code: str) -> Sequence[str]:
        """New recovery codes for a code."""
        return second_factors.renew_codes(self._house, self._codes, g.signed_in, code)

    def remove(self, code: str) -> None:
        """Do without it; `Conflict` for who must have one."""
        if self.required:
            raise Conflict("second_factor_required")
        second_factors.remove(self._house, self._codes, g.signed_in, code)
        self._renew("password")

    def sessions(self) -> Sequence[OwnSession]:
        """One's own sessions that live."""
        return sessions.own_sessions(self._house, g.signed_in, self._lifetime)

    def end_session(self, mark: str | None) -> None:
        """End one by its mark, or all others (None)."""
        sessions.end_own(self._house, g.signed_in, mark)

    def change_password(self, old: str, new: str) -> None:
        """Change one's own password; other sessions end, this one gets a new token."""
        accounts.change_password(self._house, self._hasher, g.signed_in, old=old, new=new)
        self._renew(None)

    def _renew(self, by: str | None) -> None:
        found = sessions.renewed(self._house, g.signed_in, by=by, at_once=True)
        with self._house.reading() as uow:
            account = uow.accounts.account(found.account.login) or found.account
        self._seat(replace(found, account=account))
