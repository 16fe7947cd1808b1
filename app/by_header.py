"""Programs at the door: HTTP Basic, bearer tokens, and the exchange of one for the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from app.machine_tokens import MachineTokens
from app.throttle import CheckedPasswords
from engine.usecases import accounts
from engine.usecases.accounts import SignInRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.factor_duty import FactorDuty
    from engine.usecases.accounts import Hasher, SignedIn
    from engine.usecases.ports.work import House


class ByHeader:
    """Finds who asks by the header `Authorization`."""

    def __init__(
        self, house: House, hasher: Hasher, keys: Sequence[bytes], *, duty: FactorDuty
    ) -> None:
        self._house = house
        self._hasher = hasher
        self._duty = duty
        self._checked = CheckedPasswords(keys[0])
        self.tokens = MachineTokens(keys)

    def signed_in(self) -> SignedIn:
        """Who asks; `Unauthorized`, `SignInRefused`, `TooManyTries`."""
        given = request.authorization
        if given is not None and given.type == "bearer":
            return self._bearer(given.token or "")
        found = self._basic()
        if found.has_factor or self._lacks_factor(found):
            raise Unauthorized(
                "an account of a person with a second factor has no use of the API by password: "
                "programs take a service account and its token",
                www_authenticate=challenge(),
            )
        return found

    def exchange(self, login: str, secret: str) -> str:
        """A token for the secret of a program's account; `SignInRefused`, `TooManyTries`."""
        address = request.remote_addr or ""
        account = accounts.check_password(self._house, self._hasher, login, secret, address)
        if not accounts.is_service(self._house, account.login):
            raise SignInRefused(login)
        return self.tokens.make(account.login, account.password_hash)

    def _bearer(self, token: str) -> SignedIn:
        login = self.tokens.login_of(token)
        found = accounts.account_actor(self._house, login) if login is not None else None
        if found is None or not self.tokens.fits(token, found.account.password_hash):
            raise Unauthorized("the token is not valid, or no longer", www_authenticate=challenge())
        return found

    def _basic(self) -> SignedIn:
        given = request.authorization
        if given is None or given.type != "basic":
            raise Unauthorized(
                "HTTP Basic or a bearer token is what this API takes", www_authenticate=challenge()
            )
        login, password = given.username or "", given.password or ""
        found = accounts.account_actor(self._house, login)
        if found and self._checked.knows(login, password, found.account.password_hash):
            return found
        address = request.remote_addr or ""
        account = accounts.check_password(self._house, self._hasher, login, password, address)
        self._checked.keep(login, password, account.password_hash)
        found = accounts.account_actor(self._house, account.login)
        if found is None:
            raise SignInRefused(login)
        return found

    def _lacks_factor(self, found: SignedIn) -> bool:
        """Whether somebody must have a second factor and has none."""
        if not self._duty.binds(found.actor.groups):
            return False
        return not accounts.is_service(self._house, found.account.login)


def challenge() -> WWWAuthenticate:
    """What a program is told that it may send."""
    return WWWAuthenticate("basic", {"realm": "Regu", "charset": "UTF-8"})
