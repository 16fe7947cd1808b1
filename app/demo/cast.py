"""Who plays the year: a client for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.demo.client import Client

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.wiring import Wired

ADMIN: Final = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who plays: a client per person by id, and the administrator."""

    clients: Mapping[str, Client]
    admin: Client
    #: person ids of the managers of the cycle (pengelola kinerja)
    managers: Sequence[str]
    names: Mapping[str, str]
    units: Mapping[str, str]

    def requests(self) -> int:
        """How many requests all of them made."""
        return sum(client.requests for client in (*self.clients.values(), self.admin))

    def leave(self) -> None:
        """Close all connections."""
        for client in (*self.clients.values(), self.admin):
            client.close()


def cast_of(wired: Wired, port: int, password: str) -> Cast:
    """Everybody of the only agency, each at the API of that port."""
    with wired.house.reading() as uow:
        agency = wired.agency_id(None) or ""
        everybody = uow.agency.people(agency)
        logins = set(uow.accounts.members("perf_admin", wired.house.clock.now().date(), agency))
        return Cast(
            clients={person.id: Client(port, person.nip, password) for person in everybody},
            admin=Client(port, ADMIN, password),
            managers=[person.id for person in everybody if person.nip in logins],
            names={person.id: person.name for person in everybody},
            units={unit.id: unit.name for unit in uow.agency.units(agency)},
        )
