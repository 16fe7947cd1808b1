"""One request to the provider of single sign-on, within what signing in can wait for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.outgoing import Answer, Asked, Bounds, Outgoing, OutgoingFault

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECT_S: Final = 3.0
ANSWER_S: Final = 8.0
BYTES_MAX: Final = 500_000


class ProviderAway(Exception):
    """The provider cannot be asked now, or answers what cannot be understood."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProviderHttp:
    """Asks only the hosts it was given."""

    def __init__(
        self, hosts: frozenset[str], *, private: bool = False, answer_s: float = ANSWER_S
    ) -> None:
        """`private`: the hosts may lie at private addresses."""
        self._way = Outgoing(
            Bounds(
                hosts=hosts,
                setting="REGU_OIDC_HOSTS",
                connect_s=CONNECT_S,
                answer_s=answer_s,
                bytes_max=BYTES_MAX,
                private=private,
            )
        )

    def check(self, url: str) -> None:
        """`ProviderAway` for an address that is not https at one of the hosts."""
        try:
            self._way.check(url)
        except OutgoingFault as fault:
            raise ProviderAway(fault.reason) from fault

    def ask(
        self,
        method: str,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Answer:
        """One request; `ProviderAway` for everything that is no answer."""
        headers = {"Accept": "application/json"}
        asked = Asked(method=method, url=url, headers=headers, body=form, auth=auth)
        try:
            return self._way.ask(asked)
        except OutgoingFault as fault:
            raise ProviderAway(fault.reason) from fault
