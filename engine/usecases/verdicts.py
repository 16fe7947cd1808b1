"""What an evaluation page asks beside the rating: the nine cells, and what waits for the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.ratings import Level, Predikat
from engine.usecases.books import readable
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.evaluation_tables import predikat
from engine.usecases.means import Means
from engine.usecases.organisation import Standing
from engine.usecases.teams import stands_in_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.people import Person
    from engine.usecases.actor import Actor
    from engine.usecases.ports.teams import Errand
    from engine.usecases.ports.work import House


def nine_cells(house: House, agency_id: str) -> Mapping[tuple[Level, Level], Predikat]:
    """The decision `predikat` for every pair of levels; empty where an agency has no such table."""
    means = Means(ids=house.ids, clock=house.clock, decide=house.runner.decide)
    with house.reading() as uow:
        tables = Tables(means, uow, house.clock.now(), agency_id)
        try:
            return {(r, b): predikat(tables, r, b) for r in Level for b in Level}
        except NotFound:
            return {}


def waiting_about(
    house: House, actor: Actor, person_id: str, wanted: str | None = None
) -> tuple[Person, Cycle, Sequence[Errand]]:
    """The person, the cycle, and the reader's open tasks about him (or his own).

    `NotFound` for whom the matrix closes the person's rating.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.RATING, wanted)
        person = standing.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        reader = actor.person_id
        if reader is None:
            return person, cycle, ()
        readers = [reader, *stands_in_for(standing, reader, standing.today(cycle.agency_id))]
        return person, cycle, uow.teams.errands(readers, [person_id])
