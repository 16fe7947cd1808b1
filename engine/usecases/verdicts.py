"""What an evaluation page asks beside the rating: the nine cells, and what waits for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.domain.ratings import Level, Predikat
from engine.usecases.books import readable
from engine.usecases.decisions import Tables
from engine.usecases.errors import NotFound
from engine.usecases.evaluation_tables import predikat
from engine.usecases.means import means_of
from engine.usecases.moments import curves_of
from engine.usecases.organisation import Standing
from engine.usecases.teams import stands_in_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.people import Person
    from engine.usecases.actor import Actor
    from engine.usecases.moments import Curve
    from engine.usecases.ports.teams import Errand
    from engine.usecases.ports.work import House


def nine_cells(house: House, agency_id: str) -> Mapping[tuple[Level, Level], Predikat]:
    """The decision `predikat` for every pair of levels; empty where an agency has no such table."""
    means = means_of(house)
    with house.reading() as uow:
        tables = Tables(means, uow, house.clock.now(), agency_id)
        try:
            return {(r, b): predikat(tables, r, b) for r in Level for b in Level}
        except NotFound:
            return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whose evaluation, and what stands beside it."""

    person: Person
    cycle: Cycle
    #: the reader's open tasks about him, or his own
    errands: Sequence[Errand]
    curves: Sequence[Curve]


def about(house: House, actor: Actor, person_id: str, wanted: str | None = None) -> About:
    """The person with what waits and what his indicators came to.

    `NotFound` for whom the matrix closes the person's rating.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        cycle = readable(standing, actor, person_id, Resource.RATING, wanted)
        person = standing.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        today = standing.today(cycle.agency_id)
        reader = actor.person_id
        readers = [reader, *stands_in_for(standing, reader, today)] if reader else []
        return About(
            person=person,
            cycle=cycle,
            errands=uow.teams.errands(readers, [person_id]) if readers else (),
            curves=curves_of(uow, person_id, cycle),
        )
