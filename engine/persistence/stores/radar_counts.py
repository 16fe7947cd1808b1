"""Counts over a whole agency in a cycle: funnel, health, people out of place, plan spans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.domain.claims import ClaimState
from engine.domain.dialogue import CheckInState
from engine.domain.disputes import DisputeState
from engine.domain.objections import ObjectionState
from engine.domain.plans import FeedbackRole, PlanStatus
from engine.domain.ratings import RatingStatus
from engine.domain.signing import SignaturePart
from engine.persistence.stores.homes import holds, homes
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as t
from engine.persistence.tables.dialogue import check_in
from engine.persistence.tables.judging import signature
from engine.persistence.tables.process import process_instance, user_task
from engine.persistence.tables.waiting import incident
from engine.persistence.tables.work import audit
from engine.usecases import audit_tags
from engine.usecases.ports.radar import Health, Placeless, PlanSpan, UnitFunnel

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

#: a check-in that took place
_HELD = (CheckInState.RECORDED, CheckInState.CONFIRMED, CheckInState.UNCONFIRMED)
#: a claim on which somebody still has to act
_WAITING = (ClaimState.DRAFT, ClaimState.CLAIMED, ClaimState.RETURNED, ClaimState.DISPUTED)
_OPEN: sa.ColumnElement[str] = sa.literal_column("'created'")


class SqlRadarCounts:
    """The part of `RadarStore` that counts."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def funnel(self, agency_id: str, cycle_id: str, on: date) -> Sequence[UnitFunnel]:
        """How far the people of each unit are."""
        home = homes(on).subquery("home")
        stages = {
            "fixed": _fixed(cycle_id),
            "talked": _talked(cycle_id),
            "proved": _proved(cycle_id),
            "waiting": _waiting(cycle_id),
            "rated": _rated(cycle_id),
            "signed": _signed(cycle_id),
        }
        # IN is a look-up on both databases; joins of that many sets are scans on one of them
        columns = [
            sa.func.sum(sa.case((home.c.person_id.in_(people), 1), else_=0)).label(name)
            for name, people in stages.items()
        ]
        wanted = (
            sa.select(home.c.unit_id, sa.func.count().label("people"), *columns)
            .join(a.unit, a.unit.c.id == home.c.unit_id)
            .where(a.unit.c.agency_id == agency_id)
            .group_by(home.c.unit_id)
        )
        return [_funnel(row) for row in self._connection.execute(wanted).mappings()]

    def health(self, agency_id: str, cycle_id: str, now: datetime, on: date) -> Health:
        """Figures of an agency."""
        task, root = user_task.c, process_instance.c
        mine = sa.and_(task.agency_id == agency_id, task.state == _OPEN)
        figures = {
            "overdue": _count(user_task).where(mine, task.sort_at < now),
            "orphaned": _count(user_task).where(mine, task.orphaned),
            "incidents": _count(incident)
            .where(incident.c.resolved_at.is_(None), root.key == incident.c.root_key)
            .where(root.agency_id == agency_id),
            "disputes": _count(c.dispute)
            .where(c.dispute.c.state != DisputeState.RESOLVED)
            .where(c.output.c.id == c.dispute.c.output_id, c.output.c.cycle_id == cycle_id),
            "objections": _count(t.objection)
            .where(t.objection.c.state != ObjectionState.DECIDED)
            .where(t.rating.c.id == t.objection.c.rating_id, t.rating.c.cycle_id == cycle_id),
            "homeless": _count(a.person).where(_without_post(agency_id, on)),
            "imported_at": sa.select(sa.func.max(audit.c.at))
            .where(audit.c.stream == f"agency:{agency_id}")
            .where(audit.c.act == audit_tags.WORKBOOK_IMPORTED),
        }
        asked = sa.select(*(query.scalar_subquery().label(name) for name, query in figures.items()))
        return Health(**self._connection.execute(asked).mappings().one())

    def headed(self, agency_id: str, on: date) -> Mapping[str, Sequence[str]]:
        """Unit -> who holds its head post on a day, acting heads included."""
        held = a.appointment.c
        wanted = (
            sa.select(a.post.c.unit_id, held.person_id)
            .distinct()
            .join(a.post, a.post.c.id == held.post_id)
            .join(a.unit, a.unit.c.id == a.post.c.unit_id)
            .where(a.unit.c.agency_id == agency_id, a.post.c.is_head, holds(on))
            .order_by(a.post.c.unit_id, held.person_id)
        )
        found: dict[str, list[str]] = {}
        for row in self._connection.execute(wanted):
            found.setdefault(row.unit_id, []).append(row.person_id)
        return found

    def homeless(self, agency_id: str, on: date, limit: int) -> Sequence[Placeless]:
        """People without a definitive post, by name."""
        wanted = (
            sa.select(a.person.c.id, a.person.c.name, a.person.c.nip)
            .where(_without_post(agency_id, on))
            .order_by(a.person.c.name, a.person.c.id)
            .limit(limit)
        )
        return [
            Placeless(person_id=row.id, name=row.name, nip=row.nip, unit_id=None)
            for row in self._connection.execute(wanted)
        ]

    def unrated_seats(
        self,
        agency_id: str,
        on: date,
        *,
        members_of: Collection[str],
        heads_of: Collection[str],
        limit: int,
    ) -> Sequence[Placeless]:
        """People for whom no rater is named, in units where none is found; by name."""
        held = a.appointment.c
        nowhere = sa.or_(
            sa.and_(sa.not_(a.post.c.is_head), a.post.c.unit_id.in_(sorted(members_of))),
            sa.and_(a.post.c.is_head, a.post.c.unit_id.in_(sorted(heads_of))),
        )
        wanted = (
            sa.select(a.person.c.id, a.person.c.name, a.person.c.nip, a.post.c.unit_id)
            .distinct()
            .join(a.appointment, held.person_id == a.person.c.id)
            .join(a.post, a.post.c.id == held.post_id)
            .where(a.person.c.agency_id == agency_id, held.kind == "definitive", holds(on))
            .where(held.rater_id.is_(None), nowhere)
            .order_by(a.person.c.name, a.person.c.id)
            .limit(limit)
        )
        return [
            Placeless(person_id=row.id, name=row.name, nip=row.nip, unit_id=row.unit_id)
            for row in self._connection.execute(wanted)
        ]

    def plan_spans(self, agency_id: str, cycle_id: str, on: date) -> Sequence[PlanSpan]:
        """Opening and fixing of everybody's first plan, from the audit trail, by unit."""
        home = homes(on).subquery("home")
        first, opened = t.plan.alias("first"), audit.alias("opened")
        wanted = (
            sa.select(home.c.unit_id, opened.c.at.label("opened_at"), first.c.fixed_at)
            .join(a.unit, a.unit.c.id == home.c.unit_id)
            .outerjoin(
                first,
                sa.and_(
                    first.c.person_id == home.c.person_id,
                    first.c.cycle_id == cycle_id,
                    first.c.version == 1,
                ),
            )
            .outerjoin(
                opened,
                sa.and_(
                    opened.c.stream == sa.literal("plan:") + first.c.id,
                    opened.c.act == audit_tags.PLAN_OPENED,
                    opened.c.seq == 1,
                ),
            )
            .where(a.unit.c.agency_id == agency_id)
            .order_by(home.c.unit_id, home.c.person_id)
        )
        return [PlanSpan(**row) for row in self._connection.execute(wanted).mappings()]


def _funnel(row: sa.RowMapping) -> UnitFunnel:
    stages = {name: int(row[name]) for name in ("people", "fixed", "talked", "proved")}
    return UnitFunnel(
        unit_id=row["unit_id"],
        **stages,
        attested=stages["people"] - int(row["waiting"]),
        rated=int(row["rated"]),
        signed=int(row["signed"]),
    )


def _count(table: sa.Table) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table)


def _without_post(agency_id: str, on: date) -> sa.ColumnElement[bool]:
    home = homes(on).subquery("posted")
    seated = sa.exists().where(home.c.person_id == a.person.c.id)
    return sa.and_(a.person.c.agency_id == agency_id, sa.not_(seated))


def _fixed(cycle_id: str) -> sa.Select[Any]:
    held = t.plan.c
    wanted = sa.select(held.person_id).distinct()
    return wanted.where(held.cycle_id == cycle_id, held.status == PlanStatus.FIXED)


def _talked(cycle_id: str) -> sa.CompoundSelect[Any]:
    met = sa.select(check_in.c.person_id).where(
        check_in.c.cycle_id == cycle_id, check_in.c.state.in_(_HELD)
    )
    heard = (
        sa.select(t.plan.c.person_id)
        .join(t.feedback, t.feedback.c.plan_id == t.plan.c.id)
        .where(t.plan.c.cycle_id == cycle_id, t.feedback.c.role == FeedbackRole.RATER)
    )
    return sa.union(met, heard)


def _proved(cycle_id: str) -> sa.CompoundSelect[Any]:
    of_result = (
        sa.select(t.plan.c.person_id)
        .join(t.plan_item, t.plan_item.c.plan_id == t.plan.c.id)
        .join(c.evidence, c.evidence.c.plan_item_id == t.plan_item.c.id)
        .where(t.plan.c.cycle_id == cycle_id)
    )
    of_claim = (
        sa.select(c.claim.c.person_id)
        .join(c.output, c.output.c.id == c.claim.c.output_id)
        .join(c.evidence, c.evidence.c.claim_id == c.claim.c.id)
        .where(c.output.c.cycle_id == cycle_id)
    )
    return sa.union(of_result, of_claim)


def _waiting(cycle_id: str) -> sa.Select[Any]:
    return (
        sa.select(c.claim.c.person_id)
        .distinct()
        .join(c.output, c.output.c.id == c.claim.c.output_id)
        .where(c.output.c.cycle_id == cycle_id, c.claim.c.state.in_(_WAITING))
    )


def _rated(cycle_id: str) -> sa.Select[Any]:
    held = t.rating.c
    wanted = sa.select(held.person_id).distinct()
    return wanted.where(held.cycle_id == cycle_id, held.predikat.is_not(None))


def _signed(cycle_id: str) -> sa.CompoundSelect[Any]:
    held = t.rating.c
    final = sa.select(held.person_id).where(
        held.cycle_id == cycle_id, held.status == RatingStatus.FINAL
    )
    by_rater = (
        sa.select(held.person_id)
        .join(signature, signature.c.rating_id == held.id)
        .where(held.cycle_id == cycle_id, signature.c.part == SignaturePart.RATER)
    )
    return sa.union(final, by_rater)
