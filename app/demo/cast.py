"""Who plays the year: a client for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from app.demo.citizen import Citizen
from app.demo.client import Client
from app.demo.roster import roster_of
from engine.usecases.organisation import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.demo.roster import Roster
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
    #: what everybody is when the year begins
    roster: Roster
    citizen: Citizen
    #: the public link of the newest survey, as it hangs in an office
    public_link: Callable[[], str]

    def requests(self) -> int:
        """How many requests all of them made."""
        return sum(one.requests for one in self._everybody())

    def leave(self) -> None:
        """Close all connections."""
        for one in self._everybody():
            one.close()

    def _everybody(self) -> list[Client | Citizen]:
        return [*self.clients.values(), self.admin, self.citizen]


def cast_of(wired: Wired, port: int, password: str) -> Cast:
    """Everybody of the only agency, each at the API of that port."""
    with wired.house.reading() as uow:
        agency = wired.agency_id(None) or ""
        everybody = uow.agency.people(agency)
        roster = roster_of(uow, Standing(uow, wired.house.clock.now()), agency)
        return Cast(
            clients={person.id: Client(port, person.nip, password) for person in everybody},
            admin=Client(port, ADMIN, password),
            managers=roster.groups["perf_admin"],
            names={person.id: person.name for person in everybody},
            units={unit.id: unit.name for unit in uow.agency.units(agency)},
            roster=roster,
            citizen=Citizen(port),
            public_link=partial(_link, wired),
        )


def _link(wired: Wired) -> str:
    with wired.house.reading() as uow:
        units = [unit.id for unit in uow.agency.units(wired.agency_id(None) or "")]
        newest = uow.surveys.of_units(units, limit=1)[0]
        return newest.selector + newest.secret
