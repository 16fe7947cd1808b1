"""The part of the sign-in desk that sends people to their provider and takes them back."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from flask import g, request

from app.oidc import Provider, ProviderRefused, Way
from app.provider_http import ProviderAway
from app.tickets import Tickets, mark
from engine.usecases.single_sign_on import UnknownIdentity, account_behind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.oidc import Vouched
    from engine.usecases.ports.accounts import AccountRow
    from engine.usecases.ports.work import House

log = logging.getLogger("regu.sso")

#: seconds for signing in at the provider
WAY_SECONDS: Final = 600
#: where the provider sends people back to
RETURN_PATH: Final = "/masuk/sso/kembali"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a way to the provider and back."""

    #: None: refused
    account: AccountRow | None = None
    #: where the person wanted to go
    target: str = ""
    #: whether the provider asked for a second factor
    strong: bool = False
    #: "away", "refused" or "unknown" when nobody comes in
    why: str = ""


class SsoDesk:
    """One provider; what is on the way stands in a signed cookie that counts once."""

    def __init__(self, house: House, provider: Provider, keys: Sequence[bytes], back: str) -> None:
        """`back`: the sign-in page, where people come out after signing out there."""
        self._house = house
        self._provider = provider
        self._tickets = Tickets(keys, "sign-on", WAY_SECONDS)
        self._back = back

    def address(self, target: str) -> str | None:
        """Where the browser goes now; None while the provider is away (a log line says why)."""
        way = self._provider.way(target)
        try:
            address = self._provider.address(way)
        except ProviderAway as away:
            log.warning("single sign-on is away: %s", away.reason)
            return None
        g.new_way = self._tickets.make(asdict(way))
        return address

    def leaving_address(self) -> str | None:
        """Where one signs out there; None when that is not offered, or not now."""
        try:
            return self._provider.leaving_address(self._back)
        except ProviderAway as away:
            log.warning("single sign-on is away: %s", away.reason)
            return None

    def outcome(self, ticket: str) -> Outcome:
        """What the provider's answer comes to; whatever that is, the ticket is used up."""
        g.new_way = ""
        try:
            vouched, target = self._vouched(ticket, request.args)
            account = account_behind(
                self._house, issuer=vouched.issuer, subject=vouched.subject, login=vouched.login
            )
        except ProviderAway as away:
            log.warning("single sign-on is away: %s", away.reason)
            return Outcome(why="away")
        except ProviderRefused as refused:
            log.warning("single sign-on refused: %s", refused.reason)
            return Outcome(why="refused")
        except UnknownIdentity as unknown:
            log.warning("single sign-on refused: %s", unknown.reason)
            return Outcome(why="unknown")
        return Outcome(account=account, target=target, strong=vouched.strong)

    def _vouched(self, ticket: str, answer: Mapping[str, str]) -> tuple[Vouched, str]:
        way = _way(self._tickets.read(ticket))
        if way is None:
            raise ProviderRefused("no way, or one that is over")
        with self._house.writing() as uow:
            fresh = uow.sessions.spend(mark(f"way:{way.state}"), self._house.clock.real_now())
            uow.commit()
        if not fresh:
            raise ProviderRefused("state shown twice")
        return self._provider.vouched(way, answer), way.target


def _way(found: object) -> Way | None:
    """The way that a ticket names."""
    names = ("state", "nonce", "verifier", "target")
    if not isinstance(found, dict) or set(found) != set(names):
        return None
    return Way(**{name: str(found[name]) for name in names})
