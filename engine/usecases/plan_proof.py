"""The inputs behind the numbers of a plan: time of each role, measurements, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.access import Resource
from engine.usecases.plan_books import open_book
from engine.usecases.plan_reading import versions_of
from engine.usecases.plan_talk import talk_of
from engine.usecases.ports.performance import PlanContents
from engine.usecases.relations import may_read, note_shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.domain.cycles import Cycle
    from engine.domain.index import RoleTime
    from engine.domain.plans import Indicator, Measurement, Progress
    from engine.usecases.actor import Actor
    from engine.usecases.index import PersonRows
    from engine.usecases.plan_books import PlanBook
    from engine.usecases.plan_reading import PlanVersions
    from engine.usecases.plan_talk import PlanTalk
    from engine.usecases.ports.goals import ProvingEvidence
    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleShare:
    """A role's time and what it weighs."""

    #: "home", "home:<id>" or a membership id
    role: str
    #: the squad; "" for the home post
    squad: str
    effort_bp: int
    days: int
    weight_bp: int

    @property
    def product(self) -> int:
        """Effort times days: what the weights are in proportion to."""
        return self.effort_bp * self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProof:
    """What the newest attainment of a result comes from."""

    period: str
    at: datetime
    #: each indicator with what was measured; None: not measured in that period
    lines: Sequence[tuple[Indicator, Measurement | None]]
    progress: Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProof:
    """Everything that the numbers of a plan are worked out from."""

    shares: Sequence[RoleShare]
    #: by result
    items: Mapping[str, ItemProof]
    #: by result; empty for who may not read evidence
    evidence: Mapping[str, Sequence[ProvingEvidence]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanBehind:
    """A plan with everything that stands behind it, read in one go."""

    book: PlanBook
    proof: PlanProof
    talk: PlanTalk
    versions: PlanVersions


def plan_behind(
    house: House, actor: Actor, person_id: str, wanted: str | None = None
) -> PlanBehind:
    """Inputs, dialogue and versions of a plan; `NotFound` for whom the matrix closes the plan."""
    with house.reading() as uow:
        opened = open_book(house, uow, actor, person_id, wanted)
        cycle, rows = opened.book.cycle, opened.book.found.rows
        sees = may_read(opened.circle, actor, Resource.EVIDENCE)
        proof = _proof(uow, rows, cycle, sees=sees)
        note_shown(uow, actor, person_id, {Resource.EVIDENCE: proof.evidence})
        return PlanBehind(
            book=opened.book,
            proof=proof,
            talk=talk_of(uow, person_id, cycle, rows.versions, opened.companions),
            versions=versions_of(
                uow, person_id, cycle, [(one, rows.contents[one.id]) for one in rows.versions]
            ),
        )


def _proof(uow: UnitOfWork, rows: PersonRows, cycle: Cycle, *, sees: bool) -> PlanProof:
    squads = {row.id: squad.name for row, squad in rows.held}
    held = rows.contents[rows.plan.id] if rows.plan else PlanContents()
    proofs: dict[str, list[ProvingEvidence]] = {}
    if held.items and sees:
        for one in uow.goals.evidence_of([item.id for item in held.items]):
            proofs.setdefault(one.item_id, []).append(one)
    periods = uow.performance.periods(cycle.id) if held.progress else ()
    return PlanProof(
        shares=[_share(time, weight, squads.get(time.role, "")) for time, weight in rows.times],
        items=_items(held, {row.id: row.name for row in periods}),
        evidence=proofs,
    )


def _items(held: PlanContents, periods: Mapping[str, str]) -> Mapping[str, ItemProof]:
    """The newest progress of each result with what each indicator came to in it."""
    newest = {row.item_id: row for row in held.progress}
    measured = {(one.progress_id, one.indicator_id): one for one in held.measurements}
    return {
        item_id: ItemProof(
            period=periods.get(row.period_id, ""),
            at=row.at,
            lines=[
                (one, measured.get((row.id, one.id)))
                for one in held.indicators
                if one.item_id == item_id
            ],
            progress=row,
        )
        for item_id, row in newest.items()
    }


def _share(time: RoleTime, weight_bp: int, squad: str) -> RoleShare:
    return RoleShare(
        role=time.role,
        squad=squad,
        effort_bp=time.effort_bp,
        days=time.duration,
        weight_bp=weight_bp,
    )
