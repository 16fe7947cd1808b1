"""What the statutory documents show: a plan or an evaluation with its people and its annex."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.agreements import AgreementKind
from engine.domain.behaviour import Value, statements_of, value_name
from engine.domain.calendar import local_day
from engine.domain.plans import FeedbackRole, ItemKind, PlanStatus
from engine.domain.ratings import RatingStatus
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.provisional import leans_on_memory
from engine.usecases.rating_sheets import sheet
from web.readings.plan import plan_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.goals import Perspective
    from engine.domain.people import Person
    from engine.domain.plans import Feedback
    from engine.domain.ratings import OrgLevel, Rating
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House, UnitOfWork
    from engine.usecases.rating_sheets import Sheet
    from web.readings.shapes import ItemRow, PlanSheet, RoleCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person as the head of a document names him."""

    person: Person
    post: str
    unit: str
    job_class: JobClass | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """One core value with its statements and what the leader expects besides."""

    name: str
    statements: Sequence[str]
    expectation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPaper:
    """A plan (SKP) in the columns of PermenPANRB 6/2022, squads in an annex."""

    agency: str
    employee: Party
    rater: Party | None
    sheet: PlanSheet
    #: results of home posts and of squads, by kind
    main: Sequence[ItemRow]
    additional: Sequence[ItemRow]
    #: item id -> perspectives of the objectives it serves
    perspectives: Mapping[str, Sequence[Perspective]]
    conduct: Sequence[Conduct]
    agreements: Mapping[AgreementKind, Sequence[str]]
    squads: Sequence[RoleCard]

    @property
    def draft(self) -> bool:
        """Whether the document prints DRAF: nobody fixed the plan yet."""
        plan = self.sheet.plan
        return plan is None or plan.status not in (PlanStatus.FIXED, PlanStatus.SUPERSEDED)

    @property
    def executive(self) -> bool:
        """Whether the columns are those of a top executive (JPT)."""
        return self.employee.job_class is JobClass.JPT


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationPaper:
    """An evaluation beside the plan it judges."""

    plan: PlanPaper
    rating: Rating
    org_level: OrgLevel | None
    #: (who, words), by item id; "" for the plan as a whole
    feedback: Mapping[str, Sequence[tuple[str, str]]]
    judged: Sheet
    #: name of everybody who signed
    names: Mapping[str, str]
    #: predikat or pattern would use a rule from memory that nobody confirmed
    leans_on_memory: bool

    @property
    def draft(self) -> bool:
        """Whether the document prints DRAF: not final, or on a rule that nobody confirmed."""
        unfinished = self.plan.draft or self.rating.status is not RatingStatus.FINAL
        return unfinished or self.leans_on_memory


def plan_paper(house: House, actor: Actor, person_id: str, wanted: str | None) -> PlanPaper:
    """A person's plan as a document; `NotFound` for who may not read it."""
    found = plan_sheet(house, actor, person_id, wanted)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        on = min(max(local_day(standing.now, standing.zone(found.person.agency_id)),
                     found.cycle.starts_on), found.cycle.ends_on)  # fmt: skip
        rater = standing.rater(person_id)
        rated_by = standing.person(rater.person_id) if rater else None
        items = [row for role in found.roles for row in role.items]
        agency = uow.agency.get(Agency, found.person.agency_id)
        return PlanPaper(
            agency=agency.name if agency else "",
            employee=_party(uow, found.person, on),
            rater=_party(uow, rated_by, on) if rated_by else None,
            sheet=found,
            main=[row for row in items if row.item.kind is ItemKind.UTAMA],
            additional=[row for row in items if row.item.kind is ItemKind.TAMBAHAN],
            perspectives=uow.goals.perspectives([row.item.id for row in items]),
            conduct=_conduct(uow, person_id, found.cycle.id),
            agreements=_agreements(uow, person_id, found.cycle.id),
            squads=[role for role in found.roles if role.squad is not None],
        )


def evaluation_paper(
    house: House, actor: Actor, person_id: str, wanted: str | None
) -> EvaluationPaper:
    """A person's evaluation as a document; `NotFound` without one, or for who may not read it."""
    plan = plan_paper(house, actor, person_id, wanted)
    rating = plan.sheet.rating
    if rating is None:
        raise NotFound("rating", person_id)
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        unit_id = standing.home_unit(person_id, plan.sheet.cycle.ends_on)
        org = uow.performance.org_rating(unit_id, rating.cycle_id) if unit_id else None
        every = uow.performance.feedback(plan.sheet.plan.id) if plan.sheet.plan else ()
        said = [row for row in every if row.role is not FeedbackRole.SELF]
        judged = sheet(uow, rating)
        signers = {row.signer_id for row in judged.signatures}
        names = uow.agency.names(sorted(signers | {row.giver_id for row in said}))
        return EvaluationPaper(
            plan=plan,
            rating=rating,
            org_level=org.level if org else None,
            feedback=_by_item(said, names),
            judged=judged,
            names=names,
            leans_on_memory=leans_on_memory(
                house, uow, plan.sheet.person.agency_id, rating, org.level if org else None
            ),
        )


def _party(uow: UnitOfWork, person: Person, on: date) -> Party:
    seat = next(iter(uow.agency.seats(person.id, on)), None)
    unit = uow.agency.get(Unit, seat.unit_id) if seat else None
    post = uow.agency.get(Post, seat.post_id) if seat else None
    return Party(
        person=person,
        post=seat.post_title if seat else "",
        unit=unit.name if unit else "",
        job_class=post.job_class if post else None,
    )


def _conduct(uow: UnitOfWork, person_id: str, cycle_id: str) -> list[Conduct]:
    expected = {row.value: row.text for row in uow.agreements.expectations(person_id, cycle_id)}
    return [
        Conduct(
            name=value_name(value),
            statements=[statement.text for statement in statements_of(value)],
            expectation=expected.get(value, ""),
        )
        for value in Value
    ]


def _agreements(
    uow: UnitOfWork, person_id: str, cycle_id: str
) -> dict[AgreementKind, Sequence[str]]:
    rows = uow.agreements.agreements(person_id, cycle_id)
    return {kind: [row.text for row in rows if row.kind is kind] for kind in AgreementKind}


def _by_item(
    said: Sequence[Feedback], names: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in said:
        found[row.item_id or ""].append((names.get(row.giver_id, ""), row.text))
    return dict(found)
