"""Versions of plans, measured indicators, revisions on SQL: part of the performance store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.people import AppointmentKind
from engine.domain.plans import Indicator, Measurement, Plan, PlanItem, PlanStatus
from engine.domain.revisions import OPEN_STATES, PlanRevision
from engine.persistence.tables import agency as a
from engine.persistence.tables import performance as t
from engine.persistence.tables import planning as p
from engine.persistence.tables.metadata import metadata

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from engine.domain.plans import Progress
    from engine.persistence.stores.entities import Entities

#: tables whose rows leave a plan with the result they name, or wait again
_GOES_ALONG: Final = frozenset({"plan_item", "indicator", "result_link", "matrix_cell"})
#: what was measured on all indicators, oldest period first; which plans comes as a condition
MEASUREMENTS: Final = (
    sa.select(p.measurement)
    .join(t.progress, t.progress.c.id == p.measurement.c.progress_id)
    .join(t.plan_item, t.plan_item.c.id == t.progress.c.item_id)
    .join(t.period, t.period.c.id == t.progress.c.period_id)
    .order_by(t.period.c.number, t.plan_item.c.number, p.measurement.c.id)
)


class Versions:
    """`PlanningStore` on the rows of the performance store."""

    def __init__(self, connection: sa.Connection, rows: Entities) -> None:
        self._connection = connection
        self._rows = rows

    def plan_of(self, person_id: str, cycle_id: str) -> Plan | None:
        """The version that is fixed, else the newest that was not dropped."""
        held = t.plan.c
        query = (
            sa.select(t.plan)
            .where(held.person_id == person_id, held.cycle_id == cycle_id)
            .where(held.status != PlanStatus.DROPPED)
            .order_by(sa.case((held.status == PlanStatus.FIXED, 0), else_=1), held.version.desc())
        )
        return self._rows.first(Plan, query)

    def post_plan(self, plan: Plan, post_id: str) -> Plan | None:
        """The newest fixed plan of somebody else who held a post, up to the year of a plan."""
        held, seat = t.plan.c, a.appointment.c
        year = sa.select(t.cycle.c.year).where(t.cycle.c.id == plan.cycle_id).scalar_subquery()
        query = (
            sa.select(t.plan)
            .join(t.cycle, t.cycle.c.id == held.cycle_id)
            .join(a.appointment, seat.person_id == held.person_id)
            .where(seat.post_id == post_id, seat.kind == AppointmentKind.DEFINITIVE)
            .where(seat.valid_from <= t.cycle.c.ends_on)
            .where(sa.or_(seat.valid_to.is_(None), seat.valid_to > t.cycle.c.starts_on))
            .where(held.status == PlanStatus.FIXED, held.person_id != plan.person_id)
            .where(t.cycle.c.year <= year)
            .order_by(t.cycle.c.year.desc(), seat.valid_from.desc(), held.id)
        )
        return self._rows.first(Plan, query)

    def plan_versions(self, person_id: str, cycle_id: str) -> Sequence[Plan]:
        """Every version of a person's plan, newest first."""
        held = t.plan.c
        query = (
            sa.select(t.plan)
            .where(held.person_id == person_id, held.cycle_id == cycle_id)
            .order_by(held.version.desc())
        )
        return self._rows.all(Plan, query)

    def plans_of(self, people: Collection[str], cycle_id: str) -> Sequence[Plan]:
        """The fixed plans of several people, by person id."""
        held = t.plan.c
        query = (
            sa.select(t.plan)
            .where(held.person_id.in_(people), held.cycle_id == cycle_id)
            .where(held.status == PlanStatus.FIXED)
            .order_by(held.person_id)
        )
        return self._rows.all(Plan, query)

    def take_over(self, old: Plan, new: Plan) -> None:
        """A new version takes the place of a fixed one; results that stay keep their ids."""
        self._rows.put(replace(old, status=PlanStatus.SUPERSEDED))
        measures = self._all(Indicator, old.id), self._all(Indicator, new.id)
        items = self._all(PlanItem, old.id), self._all(PlanItem, new.id)
        places = self._exchange_items(*items, old.id, new.id)
        self._exchange_indicators(*measures, places)
        self._rows.put(new)

    def _exchange_items(
        self, held: Sequence[Any], proposed: Sequence[Any], old_id: str, new_id: str
    ) -> dict[str, str]:
        """Rows of both versions by pairs; where the rows of each result went, by row id."""
        live = {item.id: item for item in held}
        moved = [row for row in proposed if row.origin_item_id in live]
        # a number is free in a plan only once nobody stands on it
        for row in moved:
            self._rows.put(replace(row, number=-row.number))
        places: dict[str, str] = {}
        for row in moved:
            before = live[row.origin_item_id]
            aside = replace(before, number=-before.number)
            self._rows.put(aside)
            self._rows.put(replace(row, id=before.id, plan_id=new_id, origin_item_id=None))
            self._rows.put(replace(before, id=row.id, plan_id=old_id, origin_item_id=before.id))
            places |= {row.id: before.id, before.id: row.id}
        return places

    def _exchange_indicators(
        self, held: Sequence[Any], proposed: Sequence[Any], places: dict[str, str]
    ) -> None:
        live = {one.id: one for one in held}
        followed = {one.origin_indicator_id for one in proposed}
        for one in proposed:
            at = places.get(one.item_id, one.item_id)
            before = live.get(one.origin_indicator_id or "")
            if before is None:
                self._rows.put(replace(one, item_id=at, origin_indicator_id=None))
                continue
            then = places.get(before.item_id, before.item_id)
            self._rows.put(replace(one, id=before.id, item_id=at, origin_indicator_id=None))
            self._rows.put(replace(before, id=one.id, item_id=then, origin_indicator_id=before.id))
        for one in held:
            if one.id not in followed and one.item_id in places:
                self._rows.put(replace(one, item_id=places[one.item_id]))

    def _all(self, kind: type[Any], plan_id: str) -> Sequence[Any]:
        query = sa.select(t.plan_item).where(t.plan_item.c.plan_id == plan_id)
        if kind is Indicator:
            query = (
                sa.select(t.indicator)
                .join(t.plan_item, t.plan_item.c.id == t.indicator.c.item_id)
                .where(t.plan_item.c.plan_id == plan_id)
            )
        return self._rows.all(kind, query)

    def measurements(self, plan_id: str) -> Sequence[Measurement]:
        """What was measured on all indicators of a plan, oldest period first."""
        query = MEASUREMENTS.where(t.plan_item.c.plan_id == plan_id)
        return self._rows.all(Measurement, query)

    def replace_measurements(self, progress: Progress, rows: Sequence[Measurement]) -> None:
        """The lines of one progress, anew."""
        held = p.measurement
        self._connection.execute(held.delete().where(held.c.progress_id == progress.id))
        self._rows.add(rows)

    def open_revision(self, person_id: str, cycle_id: str) -> PlanRevision | None:
        """The revision of a person's plan that is not at its end."""
        held = p.plan_revision.c
        query = sa.select(p.plan_revision).where(
            held.person_id == person_id, held.cycle_id == cycle_id, held.state.in_(OPEN_STATES)
        )
        return self._rows.first(PlanRevision, query)

    def revisions(self, person_id: str, cycle_id: str) -> Sequence[PlanRevision]:
        """Every revision of a person's plan, oldest first."""
        held = p.plan_revision.c
        query = (
            sa.select(p.plan_revision)
            .where(held.person_id == person_id, held.cycle_id == cycle_id)
            .order_by(held.at, held.id)
        )
        return self._rows.all(PlanRevision, query)

    def named(self, item_ids: Collection[str]) -> Sequence[str]:
        """Those results that rows of other tables name: one statement."""
        references = (
            key.parent
            for table in metadata.tables.values()
            if table.name not in _GOES_ALONG
            for key in table.foreign_keys
            if key.column is t.plan_item.c.id
        )
        naming = (sa.select(one.label("id")).where(one.in_(item_ids)) for one in references)
        return sorted(self._connection.scalars(sa.union(*naming)))

    def rated_perhaps(self, person_id: str, on: date) -> Sequence[str]:
        """Ids of everybody whom a person may rate on a day: one statement."""
        seat, post = a.appointment.alias("seat"), a.post.alias("chair")
        headed = (
            sa.select(post.c.unit_id)
            .join(seat, seat.c.post_id == post.c.id)
            .where(seat.c.person_id == person_id, post.c.is_head, _valid(seat.c, on))
        )
        held = a.appointment.c
        below = sa.select(a.unit.c.id).where(a.unit.c.parent_id.in_(headed))
        query = (
            sa.select(held.person_id)
            .distinct()
            .join(a.post, a.post.c.id == held.post_id)
            .where(_valid(held, on), held.person_id != person_id)
            .where(
                sa.or_(
                    held.rater_id == person_id,
                    a.post.c.unit_id.in_(headed),
                    sa.and_(a.post.c.is_head, a.post.c.unit_id.in_(below)),
                )
            )
            .order_by(held.person_id)
        )
        return list(self._connection.scalars(query))


def _valid(held: Any, on: date) -> sa.ColumnElement[bool]:
    return sa.and_(held.valid_from <= on, sa.or_(held.valid_to.is_(None), held.valid_to > on))
