"""The national system SIASN as the house sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.exchange import ExchangeKind, Payload

    Record = Mapping[str, object]


class SiasnFault(Exception):
    """A request to SIASN did not end well; `answer` is what was seen of it."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class SiasnAway(SiasnFault):
    """Nothing was done there: no connection, busy, or a reading that failed."""


class SiasnSilent(SiasnFault):
    """The request left; whether it was done there is not known."""


class SiasnRefused(SiasnFault):
    """SIASN understood and said no; asking again changes nothing."""


class SiasnUnknownPerson(SiasnRefused):
    """SIASN has nobody of that NIP."""


class Siasn(Protocol):
    """What Regu asks of SIASN."""

    def person(self, nip: str) -> Record:
        """Who somebody is there; `SiasnUnknownPerson`, `SiasnAway`."""
        ...

    def records(self, kind: ExchangeKind, nip: str) -> Sequence[Record]:
        """The evaluations that SIASN holds of somebody; `SiasnAway`."""
        ...

    def save(self, kind: ExchangeKind, payload: Payload, key: str) -> str:
        """Store one evaluation; its id there. `SiasnRefused`, `SiasnAway`, `SiasnSilent`."""
        ...

    def take_back(self, remote_id: str) -> None:
        """Delete the record of a period, if it is still there; faults as of `save`."""
        ...
