"""The instances behind a number of the map: what stands at an element, and acts on all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases.batches import BeginBatch, begin_batch
from engine.usecases.errors import NotFound
from engine.usecases.ports.batches import BatchKind, InstanceFilter
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import DefinitionRow, Json
    from engine.usecases.ports.standing import Standing
    from engine.usecases.ports.work import House, UnitOfWork

#: what may be done to all that stands somewhere
ACTS = frozenset({BatchKind.RETRY, BatchKind.SUSPEND, BatchKind.RESUME, BatchKind.CANCEL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a process; None asks nothing."""

    process_id: str
    element_id: str | None = None
    version: int | None = None
    #: only where an incident is open
    troubled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """A page of what stands at a place."""

    drawn: DefinitionRow
    #: the element as drawn; "" when none was asked for
    name: str
    found: Sequence[Standing]
    #: how many stand there in all
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOnPlace:
    """One act on all that stands at a place, or on those that were chosen there."""

    place: Place
    kind: BatchKind
    reason: str
    #: empty: all of them
    keys: tuple[int, ...] = ()
    idempotency_key: str | None = None


def crowd(
    house: House, actor: Actor, place: Place, *, after: int | None = None, limit: int = 50
) -> Crowd:
    """What stands at a place, by ascending key; `AccessRefused`, `NotFound`.

    A constant number of statements, however many there are.
    """
    require(actor, "instance:read", place.process_id)
    with house.reading() as uow:
        drawn = _drawn(uow, place)
        wanted = _filter(actor, place, drawn)
        names = house.runner.element_names(uow, (drawn.key,))
        return Crowd(
            drawn=drawn,
            name=names.get((drawn.key, place.element_id or ""), place.element_id or ""),
            found=uow.standing.standing(wanted, after=after, limit=limit),
            total=uow.batches.count_instances(wanted),
        )


def act_on_place(house: House, actor: Actor, command: ActOnPlace) -> Mapping[str, Json]:
    """Begin a batch operation over it; as `begin_batch` answers.

    `InputRefused`, `AccessRefused`; `NotFound` for an act that is none of `ACTS` too.
    """
    require(actor, "batch:run", command.kind.value)
    if command.kind not in ACTS:
        raise NotFound("act", command.kind.value)
    with house.reading() as uow:
        wanted = _filter(actor, command.place, _drawn(uow, command.place), keys=command.keys)
    batch = BeginBatch(
        kind=command.kind,
        wanted=wanted,
        reason=command.reason,
        idempotency_key=command.idempotency_key,
    )
    return begin_batch(house, actor, batch)


def _drawn(uow: UnitOfWork, place: Place) -> DefinitionRow:
    """The version that is meant, else the newest."""
    versions = uow.processes.definition_versions(place.process_id)
    found = next((row for row in versions if place.version in (None, row.version)), None)
    if found is None:
        raise NotFound("process", place.process_id)
    return found


def _filter(
    actor: Actor, place: Place, drawn: DefinitionRow, *, keys: tuple[int, ...] = ()
) -> InstanceFilter:
    return InstanceFilter(
        agency_id=actor.agency_id,
        process_id=place.process_id,
        definition_key=None if place.version is None else drawn.key,
        element_id=place.element_id,
        has_incident=True if place.troubled else None,
        keys=keys,
    )
