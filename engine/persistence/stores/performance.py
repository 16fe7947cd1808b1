"""Cycles, plans, progress, ratings, objections, follow-up on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import sqlalchemy as sa

from engine.domain.cycles import Cycle, Period
from engine.domain.followup import FollowUp
from engine.domain.matrix import CellStatus
from engine.domain.objections import Objection
from engine.domain.people import AppointmentKind
from engine.domain.plans import (
    Feedback,
    Indicator,
    Measurement,
    Plan,
    PlanItem,
    PlanStatus,
    Progress,
)
from engine.domain.ratings import OrgRating, Rating
from engine.domain.revisions import PlanRevision
from engine.persistence.stores.entities import Entities, translated
from engine.persistence.stores.versions import MEASUREMENTS, Versions
from engine.persistence.tables import agency as a
from engine.persistence.tables import goals as g
from engine.persistence.tables import performance as t
from engine.persistence.tables import planning
from engine.usecases.ports.performance import PlanContents, PredikatCount

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from engine.usecases.ports.performance import PerformanceEntity, PerformanceKept

TABLES: Final = {
    Cycle: t.cycle,
    Period: t.period,
    Plan: t.plan,
    PlanItem: t.plan_item,
    Indicator: t.indicator,
    Progress: t.progress,
    Measurement: planning.measurement,
    PlanRevision: planning.plan_revision,
    Feedback: t.feedback,
    OrgRating: t.org_rating,
    Rating: t.rating,
    Objection: t.objection,
    FollowUp: t.follow_up,
}
_Row = TypeVar("_Row")
_OF_PLAN: Final = t.plan_item.c.plan_id
#: what plans hold, in order; which plans comes as a condition on `_OF_PLAN`
_ITEMS: Final = sa.select(t.plan_item).order_by(t.plan_item.c.number)
_INDICATORS: Final = (
    sa.select(t.indicator)
    .join(t.plan_item, t.plan_item.c.id == t.indicator.c.item_id)
    .order_by(t.plan_item.c.number, t.indicator.c.number, t.indicator.c.id)
)
#: one plan's, asked with its id as `plan`: what every form of a plan asks
_ITEMS_OF_ONE: Final = _ITEMS.where(t.plan_item.c.plan_id == sa.bindparam("plan"))
_INDICATORS_OF_ONE: Final = _INDICATORS.where(t.plan_item.c.plan_id == sa.bindparam("plan"))
_PROGRESS: Final = (
    sa.select(t.progress)
    .join(t.plan_item, t.plan_item.c.id == t.progress.c.item_id)
    .join(t.period, t.period.c.id == t.progress.c.period_id)
    .order_by(t.period.c.number, t.plan_item.c.number)
)


class SqlPerformanceStore(Versions):
    """`PerformanceStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection, Entities(connection, TABLES))

    def add(self, rows: Sequence[PerformanceEntity]) -> None:
        """Insert rows, parents before children."""
        self._rows.add(rows)

    def put(self, row: PerformanceKept) -> None:
        """Write all fields of a row that exists."""
        self._rows.put(row)

    def get(self, kind: type[PerformanceKept], row_id: str) -> PerformanceKept | None:
        """A row by id."""
        return self._rows.get(kind, row_id)

    def cycle_of(self, agency_id: str, year: int) -> Cycle | None:
        """The cycle of an agency and year."""
        held = t.cycle.c
        query = sa.select(t.cycle).where(held.agency_id == agency_id, held.year == year)
        return self._rows.first(Cycle, query)

    def cycles(self, agency_id: str) -> Sequence[Cycle]:
        """Cycles of an agency, newest first."""
        held = t.cycle.c
        query = sa.select(t.cycle).where(held.agency_id == agency_id).order_by(held.year.desc())
        return self._rows.all(Cycle, query)

    def periods(self, cycle_id: str) -> Sequence[Period]:
        """Periods of a cycle in order."""
        held = t.period.c
        query = sa.select(t.period).where(held.cycle_id == cycle_id).order_by(held.number)
        return self._rows.all(Period, query)

    def items(self, plan_id: str) -> Sequence[PlanItem]:
        """Results of a plan in order."""
        return self._rows.all(PlanItem, _ITEMS_OF_ONE, {"plan": plan_id})

    def indicators(self, plan_id: str) -> Sequence[Indicator]:
        """Indicators of all results of a plan, in the order of the results."""
        return self._rows.all(Indicator, _INDICATORS_OF_ONE, {"plan": plan_id})

    def contents(self, plan_ids: Collection[str]) -> Mapping[str, PlanContents]:
        """Everything of several plans, by plan: four statements."""
        if not plan_ids:
            return {}
        items = self._by_plan(PlanItem, _ITEMS, plan_ids)
        indicators = self._by_plan(Indicator, _INDICATORS, plan_ids)
        progress = self._by_plan(Progress, _PROGRESS, plan_ids)
        measured = self._by_plan(Measurement, MEASUREMENTS, plan_ids)
        return {
            one: PlanContents(
                items=items.get(one, ()),
                indicators=indicators.get(one, ()),
                progress=progress.get(one, ()),
                measurements=measured.get(one, ()),
            )
            for one in plan_ids
        }

    def _by_plan(
        self, kind: type[_Row], query: sa.Select[Any], plan_ids: Collection[str]
    ) -> Mapping[str, Sequence[_Row]]:
        wanted = query.add_columns(_OF_PLAN.label("of_plan")).where(_OF_PLAN.in_(plan_ids))
        found: dict[str, list[_Row]] = {}
        for row in self._connection.execute(wanted).mappings():
            values = dict(row)
            found.setdefault(values.pop("of_plan"), []).append(kind(**values))
        return found

    def replace_items(
        self, plan_id: str, items: Sequence[PlanItem], indicators: Sequence[Indicator]
    ) -> None:
        """The content of a plan that is not fixed; results that stay keep their rows."""
        with translated():
            self._replace(plan_id, items, indicators)

    def _replace(
        self, plan_id: str, items: Sequence[PlanItem], indicators: Sequence[Indicator]
    ) -> None:
        held = t.plan_item.c
        stays = set(self._connection.scalars(sa.select(held.id).where(held.plan_id == plan_id)))
        measured = {one.id for one in self.indicators(plan_id)}
        left = measured - {one.id for one in indicators}
        self._connection.execute(t.indicator.delete().where(t.indicator.c.id.in_(left)))
        # numbers are unique in a plan: move the rows that stay out of the way before numbering
        self._connection.execute(
            t.plan_item.update().where(held.plan_id == plan_id).values(number=-held.number)
        )
        for item in items:
            if item.id in stays:
                self._rows.put(item)
        self._rows.add([item for item in items if item.id not in stays])
        for one in indicators:
            if one.id in measured:
                self._rows.put(one)
        self._rows.add([one for one in indicators if one.id not in measured])
        # only now: an indicator may have gone to another result
        gone = stays - {item.id for item in items}
        self._unlink(sa.select(held.id).where(held.id.in_(gone)))
        self._connection.execute(t.plan_item.delete().where(held.id.in_(gone)))

    def _unlink(self, items: sa.Select[tuple[str]]) -> None:
        """Results that leave a plan take their links along; cells they filled wait again."""
        link, cell = g.result_link, g.matrix_cell
        self._connection.execute(
            link.delete().where(sa.or_(link.c.child_id.in_(items), link.c.parent_id.in_(items)))
        )
        self._connection.execute(
            cell.update()
            .where(cell.c.item_id.in_(items))
            .values(status=CellStatus.PROPOSED, item_id=None)
        )
        self._connection.execute(cell.delete().where(cell.c.parent_id.in_(items)))

    def progress(self, plan_id: str) -> Sequence[Progress]:
        """Progress on all results of a plan, oldest period first."""
        return self._rows.all(Progress, _PROGRESS.where(t.plan_item.c.plan_id == plan_id))

    def progress_on(self, item_id: str, period_id: str) -> Progress | None:
        """The row of one result in one period."""
        held = t.progress.c
        query = sa.select(t.progress).where(held.item_id == item_id, held.period_id == period_id)
        return self._rows.first(Progress, query)

    def feedback(self, plan_id: str) -> Sequence[Feedback]:
        """Feedback on a plan, oldest first."""
        return self.feedback_on((plan_id,))

    def feedback_on(self, plan_ids: Collection[str]) -> Sequence[Feedback]:
        """The same of several plans."""
        held = t.feedback.c
        query = sa.select(t.feedback).where(held.plan_id.in_(plan_ids))
        return self._rows.all(Feedback, query.order_by(held.at, held.id)) if plan_ids else []

    def without_fixed_plan(self, cycle_id: str, on: date) -> Sequence[str]:
        """Ids of people of the cycle's agency who hold a post that day but no fixed plan."""
        held, plan = a.appointment.c, t.plan.c
        seated = sa.exists().where(
            held.person_id == a.person.c.id,
            held.valid_from <= on,
            sa.or_(held.valid_to.is_(None), held.valid_to > on),
        )
        fixed = sa.exists().where(
            plan.person_id == a.person.c.id,
            plan.cycle_id == cycle_id,
            plan.status == PlanStatus.FIXED,
        )
        query = (
            sa.select(a.person.c.id)
            .join(t.cycle, t.cycle.c.agency_id == a.person.c.agency_id)
            .where(t.cycle.c.id == cycle_id, seated, ~fixed)
            .order_by(a.person.c.id)
        )
        return list(self._connection.scalars(query))

    def org_rating(self, unit_id: str, cycle_id: str) -> OrgRating | None:
        """Level of a unit in a cycle."""
        held = t.org_rating.c
        query = sa.select(t.org_rating).where(held.unit_id == unit_id, held.cycle_id == cycle_id)
        return self._rows.first(OrgRating, query)

    def rating_of(self, person_id: str, cycle_id: str) -> Rating | None:
        """The newest version of a person's rating."""
        held = t.rating.c
        query = (
            sa.select(t.rating)
            .where(held.person_id == person_id, held.cycle_id == cycle_id)
            .order_by(held.version.desc())
        )
        return self._rows.first(Rating, query)

    def ratings(self, cycle_id: str) -> Sequence[Rating]:
        """The newest version of everybody's rating, by person id."""
        query = (
            sa.select(t.rating)
            .where(t.rating.c.cycle_id == cycle_id, _newest())
            .order_by(t.rating.c.person_id)
        )
        return self._rows.all(Rating, query)

    def objection_to(self, rating_id: str) -> Objection | None:
        """The objection to a rating."""
        query = sa.select(t.objection).where(t.objection.c.rating_id == rating_id)
        return self._rows.first(Objection, query)

    def follow_ups(self, rating_id: str) -> Sequence[FollowUp]:
        """Follow-up of a rating."""
        held = t.follow_up.c
        query = sa.select(t.follow_up).where(held.rating_id == rating_id).order_by(held.kind)
        return self._rows.all(FollowUp, query)

    def distribution(self, cycle_id: str, on: date) -> Sequence[PredikatCount]:
        """Predikat counts by home unit on a day: one statement."""
        held = a.appointment.c
        predikat = sa.func.coalesce(sa.cast(t.rating.c.predikat, sa.Text), "").label("predikat")
        query = (
            sa.select(a.post.c.unit_id, predikat, sa.func.count().label("people"))
            .select_from(t.rating)
            .join(a.appointment, held.person_id == t.rating.c.person_id)
            .join(a.post, a.post.c.id == held.post_id)
            .where(t.rating.c.cycle_id == cycle_id, _newest())
            .where(held.kind == AppointmentKind.DEFINITIVE, held.valid_from <= on)
            .where(sa.or_(held.valid_to.is_(None), held.valid_to > on))
            .group_by(a.post.c.unit_id, predikat)
            .order_by(a.post.c.unit_id, predikat)
        )
        return [PredikatCount(**row) for row in self._connection.execute(query).mappings()]


def _newest() -> sa.ColumnElement[Any]:
    other = t.rating.alias("other")
    return ~sa.exists().where(
        other.c.person_id == t.rating.c.person_id,
        other.c.cycle_id == t.rating.c.cycle_id,
        other.c.version > t.rating.c.version,
    )
