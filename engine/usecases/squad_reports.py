"""Readings of squads: a person's load, and how home superiors answer requests to lend people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.cycles import Cycle
from engine.usecases.books import readable
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.load import PersonLoad, load_of
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.formation import RefusalCount
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalReport:
    """How home superiors of an agency answered in a cycle."""

    cycle: Cycle
    rows: Sequence[RefusalCount]
    #: names by person id
    names: Mapping[str, str]


def person_load(
    house: House, actor: Actor, person_id: str, wanted: str | None = None
) -> PersonLoad:
    """A person's load in a cycle (id or year; the newest begun one without).

    `NotFound` for whoever may not read it.
    """
    with house.reading() as uow:
        now = house.clock.now()
        standing = Standing(uow, now)
        cycle = readable(standing, actor, person_id, Resource.WORKLOAD, wanted)
        means = means_of(house)
        return load_of(standing, Tables(means, uow, now, cycle.agency_id), person_id, cycle)


def refusal_report(house: House, actor: Actor, cycle_id: str) -> RefusalReport:
    """Answers given, refused and left open per home superior, in a cycle of one's own agency."""
    require(actor, "report:read", cycle_id)
    with house.reading() as uow:
        cycle = uow.performance.get(Cycle, cycle_id)
        if cycle is None or not same_agency(actor, cycle.agency_id):
            raise NotFound("cycle", cycle_id)
        rows = uow.formation.refusals(cycle.agency_id, cycle.starts_on, cycle.ends_on)
        names = uow.agency.names([row.holder_id for row in rows])
        return RefusalReport(cycle=cycle, rows=rows, names=names)
