"""Career portfolio of a person: recognitions by their ledger lines, IP ASN, talent box.

All of it is advice or evidence, shown part by part; nothing here is a score that only the house
sees. It is open to the person, to those above and to human resources.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain.access import Resource
from engine.domain.ip_asn import Dimension, Group, Part, Sum, add_up, check_parts, group_of
from engine.domain.people import AppointmentKind
from engine.domain.ratings import RatingStatus
from engine.domain.talent import TRAINING, FactKind, counts, standing
from engine.domain.units import Post
from engine.usecases.books import readable
from engine.usecases.decisions import Tables
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.recognised import cross_unit_credit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.followup import FollowUp
    from engine.domain.people import Person
    from engine.domain.ratings import Predikat, Rating
    from engine.domain.recognition import CrossUnit, Recognition
    from engine.domain.talent import PersonFact
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.recognitions import UsedData
    from engine.usecases.ports.work import House, UnitOfWork

#: dimension of the IP ASN -> its table
_POINTS: Final[Mapping[Dimension, str]] = {
    Dimension.QUALIFICATION: "ip_qualification",
    Dimension.COMPETENCE: "ip_competence",
    Dimension.PERFORMANCE: "ip_performance",
    Dimension.DISCIPLINE: "ip_discipline",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IpAsn:
    """IP ASN with its arithmetic."""

    parts: Sequence[Part]
    sum: Sum
    #: word of the band, None as long as a dimension is missing
    band: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalentBox:
    """The box of nine; None where an axis is missing."""

    performance: str | None
    potential: PersonFact | None
    box: int | None
    #: whether it belongs to the promotion pool
    pool: bool
    #: how sure the table's row is
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """What a person's results are used for, and what each use stands on."""

    person: Person
    cycle: Cycle
    #: final predikat of the cycle, None before
    predikat: Predikat | None
    recognitions: Sequence[Recognition]
    #: id of a recognition or follow-up -> rows it used
    uses: Mapping[str, Sequence[UsedData]]
    cross: CrossUnit
    facts: Mapping[FactKind, PersonFact]
    ip_asn: IpAsn
    box: TalentBox
    #: recorders and confirmers
    names: Mapping[str, str]


def portfolio(house: House, actor: Actor, person_id: str, wanted: str | None = None) -> Portfolio:
    """A person's portfolio; `NotFound` for whom the matrix closes it."""
    with house.reading() as uow:
        stands = Standing(uow, house.clock.now())
        cycle = readable(stands, actor, person_id, Resource.PORTFOLIO, wanted)
        person = stands.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        means = means_of(house)
        tables = Tables(means, uow, house.clock.now(), person.agency_id)
        rating = _final(uow, person_id, cycle)
        predikat = rating.predikat if rating else None
        facts = standing(uow.recognitions.facts(person_id))
        made = uow.recognitions.recognitions(person_id)
        named = {row.confirmed_by for row in made} | {row.recorded_by for row in facts.values()}
        return Portfolio(
            person=person,
            cycle=cycle,
            predikat=predikat,
            recognitions=made,
            uses=uses_of(uow, person_id),
            cross=cross_unit_credit(uow, person_id, cycle.id),
            facts=facts,
            ip_asn=_ip_asn(tables, facts, predikat, (cycle, _group(uow, person_id, cycle))),
            box=_box(tables, facts.get(FactKind.POTENTIAL), predikat),
            names=uow.agency.names(sorted(named)),
        )


def uses_of(uow: UnitOfWork, person_id: str) -> Mapping[str, Sequence[UsedData]]:
    """Rows that decisions about a person used, by what was decided: one statement."""
    found: dict[str, list[UsedData]] = {}
    for row in uow.recognitions.uses(person_id):
        found.setdefault(row.use.subject_id, []).append(row)
    return found


def follow_up_uses(
    house: House, actor: Actor, person_id: str, rows: Sequence[FollowUp]
) -> Mapping[str, Sequence[UsedData]]:
    """The same for a person's follow-up, as far as the actor may read his rating."""
    with house.reading() as uow:
        readable(Standing(uow, house.clock.now()), actor, person_id, Resource.RATING, None)
        found = uses_of(uow, person_id)
        return {row.id: found.get(row.id, ()) for row in rows}


def sees_portfolio(house: House, actor: Actor, person_id: str) -> bool:
    """Whether `portfolio` shows the actor this person's."""
    with house.reading() as uow:
        stands = Standing(uow, house.clock.now())
        try:
            readable(stands, actor, person_id, Resource.PORTFOLIO, None)
        except NotFound:
            return False
        return True


def _final(uow: UnitOfWork, person_id: str, cycle: Cycle) -> Rating | None:
    found = uow.performance.rating_of(person_id, cycle.id)
    final = found is not None and found.status is RatingStatus.FINAL
    return found if final else None


def _group(uow: UnitOfWork, person_id: str, cycle: Cycle) -> Group:
    """By the definitive post on the last day of the cycle; pelaksana without one."""
    for seat in uow.agency.seats(person_id, cycle.ends_on):
        post = uow.agency.get(Post, seat.post_id)
        if post is not None and seat.kind is AppointmentKind.DEFINITIVE:
            return group_of(post.job_class)
    return Group.PELAKSANA


def _ip_asn(
    tables: Tables,
    facts: Mapping[FactKind, PersonFact],
    predikat: Predikat | None,
    where: tuple[Cycle, Group],
) -> IpAsn:
    cycle, group = where
    words: list[tuple[Dimension, str]] = []
    if education := facts.get(FactKind.EDUCATION):
        words.append((Dimension.QUALIFICATION, education.word))
    words += [
        (Dimension.COMPETENCE, kind.value)
        for kind in TRAINING
        if (fact := facts.get(kind)) and counts(fact, cycle.starts_on, cycle.ends_on)
    ]
    if predikat is not None:
        words.append((Dimension.PERFORMANCE, predikat.value))
    if discipline := facts.get(FactKind.DISCIPLINE):
        words.append((Dimension.DISCIPLINE, discipline.word))
    parts = [_part(tables, dimension, word, group) for dimension, word in words]
    for wrong in check_parts(parts):
        raise Conflict("decision_out_of_range", decision="ip_asn", word=wrong.subject)
    summed = add_up(parts)
    band = tables.decide("ip_band", score=summed.total) if summed.total is not None else None
    return IpAsn(parts=parts, sum=summed, band=_text(band, "band"))


def _part(tables: Tables, dimension: Dimension, word: str, group: Group) -> Part:
    found = tables.decide(_POINTS[dimension], word=word, group=group.value)
    if not isinstance(found, Mapping):
        raise Conflict("decision_empty", decision=_POINTS[dimension])
    return Part(
        dimension=dimension,
        word=word,
        points=Decimal(str(found["points"])),
        mark=str(found["mark"]),
    )


def _box(tables: Tables, potential: PersonFact | None, predikat: Predikat | None) -> TalentBox:
    axis = tables.decide("talent_performance", predikat=predikat.value) if predikat else None
    level = _text(axis, "level")
    if level is None or potential is None:
        return TalentBox(
            performance=level, potential=potential, box=None, pool=False, mark="unconfirmed"
        )
    found = tables.decide("nine_box", performance=level, potential=potential.word)
    if not isinstance(found, Mapping):
        raise Conflict("decision_empty", decision="nine_box")
    return TalentBox(
        performance=level,
        potential=potential,
        box=int(found["box"]),
        pool=found["pool"] is True,
        mark=str(found["mark"]),
    )


def _text(found: Json, name: str) -> str | None:
    value = found.get(name) if isinstance(found, Mapping) else found
    return str(value) if value is not None else None
