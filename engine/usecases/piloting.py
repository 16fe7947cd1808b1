"""Which version of a process a new undertaking takes: the newest, or a pilot for some units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.squads import Squad
from engine.domain.units import Unit
from engine.usecases.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import date
    from typing import TypeAlias

    from engine.usecases.ports.process import DefinitionRow, Json
    from engine.usecases.ports.work import UnitOfWork

    Units: TypeAlias = Callable[[], Collection[str]]

#: units above a unit that are looked through
_LEVELS_MAX: Final = 20


def newest(uow: UnitOfWork, process_id: str, units: Units = tuple) -> DefinitionRow | None:
    """The newest version for these units; they are asked for only while a pilot runs."""
    row = uow.processes.latest_definition(process_id)
    if row is None or row.pilot_units is None:
        return row
    return allowed(uow.processes.definition_versions(process_id), units())


def allowed(rows: Sequence[DefinitionRow], units: Collection[str]) -> DefinitionRow | None:
    """The newest of versions (newest first) that these units may take."""
    asked = set(units)
    for row in rows:
        if row.pilot_units is None or asked & set(row.pilot_units):
            return row
    return None


def units_around(
    uow: UnitOfWork, variables: Mapping[str, Json], starter: str | None, on: date
) -> Collection[str]:
    """Units of an undertaking, with those above: named by it, of its squad, of its person.

    The first of these that is known counts; without any, the units of who starts it.
    """
    found = list(_named(uow, variables, on))
    if not found and starter is not None:
        found = [seat.unit_id for seat in uow.agency.seats(starter, on)]
    every: dict[str, None] = {}
    for unit_id in found:
        every.update(dict.fromkeys(_upwards(uow, unit_id)))
    return tuple(every)


def _named(uow: UnitOfWork, variables: Mapping[str, Json], on: date) -> Iterator[str]:
    unit, squad, person = (variables.get(n) for n in ("unit_id", "squad_id", "person_id"))
    if isinstance(unit, str) and unit:
        yield unit
    elif isinstance(squad, str) and squad:
        row = uow.contributions.get(Squad, squad)
        if row is not None:
            yield row.host_unit_id
    elif isinstance(person, str) and person:
        for seat in uow.agency.seats(person, on):
            yield seat.unit_id


def _upwards(uow: UnitOfWork, unit_id: str) -> Iterator[str]:
    at: str | None = unit_id
    for _ in range(_LEVELS_MAX):
        unit = uow.agency.get(Unit, at) if at else None
        if unit is None:
            return
        yield unit.id
        at = unit.parent_id


def startable(row: DefinitionRow) -> DefinitionRow:
    """The version, when it may be started; `Conflict` while it is suspended."""
    if row.suspended_at is not None:
        raise Conflict(
            "nobody may start this version now", state="suspended", definition=str(row.key)
        )
    return row
