"""Questions of internal audit on SQL: whole numbers, one statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.domain.joining import ConsentAnswer, ConsentStage
from engine.domain.plans import PlanStatus
from engine.persistence.stores.audit_frame import above_full, signed, since_last_days
from engine.persistence.stores.proofs import verified_for_item, verified_for_output
from engine.persistence.tables import contributions as c
from engine.persistence.tables import formation as f
from engine.persistence.tables import judging as j
from engine.persistence.tables import performance as p
from engine.persistence.types import ScaledDecimal
from engine.usecases.ports.audit_reports import (
    ConsentFigures,
    DeviationFigures,
    LateClaim,
    Lent,
    MutualPair,
    SplitOutputs,
    SponsorFigures,
    Unshown,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class SqlAuditReports:
    """`AuditReports` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def mutual_pairs(self, cycle_id: str) -> Sequence[MutualPair]:
        """Pairs who signed each other's lines, most lines first."""
        one, other = _counted(cycle_id, "one"), _counted(cycle_id, "other")
        query = (
            sa.select(
                one.c.signer_id.label("first_id"),
                one.c.member_id.label("second_id"),
                one.c.lines.label("first_signed"),
                other.c.lines.label("second_signed"),
            )
            .join(
                other,
                sa.and_(other.c.signer_id == one.c.member_id, other.c.member_id == one.c.signer_id),
            )
            .where(one.c.signer_id < one.c.member_id)
            .order_by((one.c.lines + other.c.lines).desc(), "first_id", "second_id")
        )
        return [MutualPair(**row) for row in self._connection.execute(query).mappings()]

    def unshown(self, cycle_id: str) -> Sequence[Unshown]:
        """Attainments above 100 without verified evidence, highest first."""
        query = sa.union_all(_outputs_unshown(cycle_id), _results_unshown(cycle_id))
        rows = self._connection.execute(query.order_by(sa.desc("attainment"), "kind", "subject_id"))
        return [Unshown(**row) for row in rows.mappings()]

    def sponsors(self, cycle_id: str) -> Sequence[SponsorFigures]:
        """Figures of every sponsor who accepted something, highest mean first."""
        held = c.output.c
        reached = sa.type_coerce(held.attainment, sa.BigInteger())
        outputs, summed = sa.func.count(), _whole(sa.func.sum(reached))
        above = sa.func.sum(sa.case((above_full(held.attainment), 1), else_=0))
        query = (
            sa.select(
                held.accepted_by.label("sponsor_id"),
                outputs.label("outputs"),
                summed.label("attainment_e2"),
                _whole(above).label("above_100"),
                _whole(sa.func.sum(outputs).over()).label("all_outputs"),
                _whole(sa.func.sum(summed).over()).label("all_attainment_e2"),
                _whole(sa.func.sum(above).over()).label("all_above_100"),
            )
            .where(held.cycle_id == cycle_id, held.attainment.is_not(None))
            .where(held.accepted_by.is_not(None))
            .group_by(held.accepted_by)
            .order_by((summed * 100 / outputs).desc(), held.accepted_by)
        )
        return [SponsorFigures(**row) for row in self._connection.execute(query).mappings()]

    def split_outputs(
        self, cycle_id: str, *, limit_points: int, near_percent: int
    ) -> Sequence[SplitOutputs]:
        """Groups of outputs in the `near_percent` below the limit, most points first."""
        held = c.output.c
        points, outputs = sa.func.sum(held.value_points), sa.func.count()
        query = (
            sa.select(
                held.squad_id,
                held.period_id,
                outputs.label("outputs"),
                _whole(points).label("points"),
            )
            .where(held.cycle_id == cycle_id, held.value_points < limit_points)
            .where(held.value_points * 100 >= limit_points * (100 - near_percent))
            .group_by(held.squad_id, held.period_id)
            .having(outputs > 1)
            .order_by(points.desc(), held.squad_id, held.period_id)
        )
        return [SplitOutputs(**row) for row in self._connection.execute(query).mappings()]

    def late_claims(
        self,
        cycle_id: str,
        last_days: Sequence[tuple[str, datetime]],
        *,
        after: str | None = None,
        limit: int | None = None,
    ) -> Sequence[LateClaim]:
        """Claims handed in since the last days of their period began, latest first.

        A page: behind the claim of this id, so many.
        """
        claim, output = c.claim.c, c.output.c
        query = (
            sa.select(
                claim.id.label("claim_id"),
                claim.output_id,
                claim.person_id,
                output.period_id,
                claim.submitted_at,
            )
            .join(c.output, output.id == claim.output_id)
            .where(output.cycle_id == cycle_id)
            .where(since_last_days(claim.submitted_at, output.period_id, last_days))
            .order_by(claim.submitted_at.desc(), claim.id.desc())
            .limit(limit)
        )
        if after is not None:
            seen = c.claim.alias("seen")
            place = sa.select(seen.c.submitted_at, seen.c.id).where(seen.c.id == after)
            query = query.where(sa.tuple_(claim.submitted_at, claim.id) < place.scalar_subquery())
        return [LateClaim(**row) for row in self._connection.execute(query).mappings()]

    def consents(self, cycle_id: str) -> Sequence[ConsentFigures]:
        """Answers of home units to squads, most refusals and silences first."""
        said = f.consent_decision.c
        given, refused, silent = (
            _whole(sa.func.sum(sa.case((said.answer == word, 1), else_=0)))
            for word in (ConsentAnswer.GIVEN, ConsentAnswer.REFUSED, ConsentAnswer.SILENT)
        )
        year = p.cycle.c
        query = (
            sa.select(
                said.holder_id.label("head_id"),
                given.label("given"),
                refused.label("refused"),
                silent.label("silent"),
            )
            .join(c.membership, c.membership.c.id == said.membership_id)
            .join(c.squad, c.squad.c.id == c.membership.c.squad_id)
            .join(
                p.cycle,
                sa.and_(
                    year.id == cycle_id,
                    year.agency_id == c.membership.c.home_agency_id,
                    c.membership.c.valid_from <= year.ends_on,
                    c.squad.c.ends_on >= year.starts_on,
                ),
            )
            .where(said.stage == ConsentStage.HOME, said.holder_id.is_not(None))
            .group_by(said.holder_id)
            .order_by((refused + silent).desc(), said.holder_id)
        )
        return [ConsentFigures(**row) for row in self._connection.execute(query).mappings()]

    def deviations(self, cycle_id: str) -> Sequence[DeviationFigures]:
        """Deviations per rater and kind, most first."""
        held = j.deviation.c
        count = sa.func.count()
        query = (
            sa.select(
                held.rater_id,
                held.kind,
                count.label("deviations"),
                sa.func.count(held.person_id.distinct()).label("people"),
            )
            .where(held.cycle_id == cycle_id)
            .group_by(held.rater_id, held.kind)
            .order_by(count.desc(), held.rater_id, held.kind)
        )
        return [
            DeviationFigures(**{**row, "kind": row["kind"].value})
            for row in self._connection.execute(query).mappings()
        ]

    def lent(self, cycle_id: str, unit_id: str) -> Sequence[Lent]:
        """Memberships of a unit's people in squads of other units, by squad and person."""
        held, squad, year = c.membership.c, c.squad.c, p.cycle.c
        query = (
            sa.select(
                held.id.label("membership_id"),
                held.person_id,
                held.squad_id,
                squad.host_unit_id,
                held.effort_bp,
                held.valid_from,
                held.valid_to,
                squad.ends_on.label("squad_ends_on"),
            )
            .join(c.squad, squad.id == held.squad_id)
            .join(p.cycle, year.id == cycle_id)
            .where(held.home_unit_id == unit_id, squad.host_unit_id != unit_id)
            .where(held.valid_from <= year.ends_on, squad.ends_on >= year.starts_on)
            .where(sa.or_(held.valid_to.is_(None), held.valid_to > year.starts_on))
            .order_by(squad.code, held.person_id, held.id)
        )
        return [Lent(**row) for row in self._connection.execute(query).mappings()]


def _counted(cycle_id: str, name: str) -> sa.Subquery:
    """How many lines of whom each signer signed."""
    rows = signed(cycle_id, f"{name}_rows")
    query = sa.select(
        rows.c.signer_id, rows.c.member_id, sa.func.count(rows.c.claim_id.distinct()).label("lines")
    )
    return query.group_by(rows.c.signer_id, rows.c.member_id).subquery(name)


def _outputs_unshown(cycle_id: str) -> sa.Select[Any]:
    held = c.output.c
    return sa.select(
        sa.literal("output").label("kind"),
        held.id.label("subject_id"),
        held.title,
        held.accepted_by.label("person_id"),
        held.attainment.label("attainment"),
    ).where(
        held.cycle_id == cycle_id,
        held.attainment.is_not(None),
        above_full(held.attainment),
        ~verified_for_output(held.id),
    )


def _results_unshown(cycle_id: str) -> sa.Select[Any]:
    """Each result with its highest attainment."""
    item, done, plan = p.plan_item.c, p.progress.c, p.plan.c
    best = sa.func.max(sa.type_coerce(done.attainment, sa.BigInteger()))
    return (
        sa.select(
            sa.literal("result").label("kind"),
            item.id.label("subject_id"),
            item.title,
            plan.person_id,
            sa.type_coerce(best, ScaledDecimal(2)).label("attainment"),
        )
        .join(p.plan, plan.id == item.plan_id)
        .join(p.progress, done.item_id == item.id)
        .where(plan.cycle_id == cycle_id, plan.status != PlanStatus.SUPERSEDED)
        .where(above_full(done.attainment), ~verified_for_item(item.id))
        .group_by(item.id, item.title, plan.person_id)
    )


def _whole(number: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A sum as a whole number: PostgreSQL would make it numeric."""
    return sa.cast(number, sa.BigInteger())
