"""Claims, what waits on them and disputes as lists show them, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.claims import Attestation, Claim, Evidence, EvidenceStatus
from engine.domain.disputes import Dispute, DisputeState
from engine.domain.outputs import Output
from engine.domain.squads import Squad
from engine.persistence.stores.ledger_pages import SqlLedgerPages
from engine.persistence.stores.user_tasks import IS_OPEN
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as t
from engine.persistence.tables.process import user_task
from engine.usecases.ports.claim_views import ClaimRow, OpenStep

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from engine.persistence.stores.entities import Entities
_T: Final = user_task.c
_NAMED: Final = ("squad_id", "squad", "name", "home_unit", "role", "expected_bp")


class SqlClaimViews(SqlLedgerPages):
    """`ClaimViews` on a connection."""

    _rows: Entities

    def claim_rows(self, lines: Collection[tuple[str, str]]) -> Sequence[ClaimRow]:
        """Claims of (output, person), by squad code, output and person's name."""
        if not lines:
            return []
        query = _claim_rows().where(
            sa.tuple_(t.claim.c.output_id, t.claim.c.person_id).in_(sorted(lines))
        )
        return [_claim_row(row) for row in self._connection.execute(query)]

    def claims_in(self, output_ids: Collection[str]) -> Sequence[Claim]:
        """Every claim of these outputs."""
        held = t.claim.c
        query = sa.select(t.claim).where(held.output_id.in_(sorted(output_ids)))
        return self._rows.all(Claim, query.order_by(held.output_id, held.person_id))

    def evidence_in(self, claim_ids: Collection[str]) -> Sequence[Evidence]:
        """Evidence of these claims, oldest first."""
        held = t.evidence.c
        query = sa.select(t.evidence).where(held.claim_id.in_(sorted(claim_ids)))
        return self._rows.all(Evidence, query.order_by(held.at, held.id))

    def attestations_in(self, output_ids: Collection[str]) -> Sequence[Attestation]:
        """All acts of attestation on these outputs, oldest first."""
        held = t.attestation.c
        query = (
            sa.select(t.attestation)
            .join(t.claim, t.claim.c.id == held.claim_id)
            .where(t.claim.c.output_id.in_(sorted(output_ids)))
        )
        return self._rows.all(Attestation, query.order_by(held.at, held.id))

    def disputes_in(self, output_ids: Collection[str]) -> Sequence[Dispute]:
        """Disputes of these outputs, oldest first."""
        held = t.dispute.c
        query = sa.select(t.dispute).where(held.output_id.in_(sorted(output_ids)))
        return self._rows.all(Dispute, query.order_by(held.raised_at, held.id))

    def outputs_in(self, output_ids: Collection[str]) -> Sequence[Output]:
        """These outputs, by id."""
        query = sa.select(t.output).where(t.output.c.id.in_(sorted(output_ids)))
        return self._rows.all(Output, query.order_by(t.output.c.id))

    def squads_in(self, squad_ids: Collection[str]) -> Sequence[Squad]:
        """These squads, by code."""
        query = sa.select(t.squad).where(t.squad.c.id.in_(sorted(squad_ids)))
        return self._rows.all(Squad, query.order_by(t.squad.c.code, t.squad.c.id))

    def open_steps(self, output_ids: Collection[str]) -> Sequence[OpenStep]:
        """Open tasks about these outputs, by key."""
        query = (
            sa.select(
                _T.key.label("task_key"),
                _T.element_id,
                _T.name,
                _T.output_id,
                _T.about_id,
                _T.assignee,
                _T.due_at,
            )
            .where(_T.output_id.in_(sorted(output_ids)), IS_OPEN)
            .order_by(_T.key)
        )
        return [OpenStep(**row) for row in self._connection.execute(query).mappings()]


def _claim_rows() -> sa.Select[Any]:
    claim, o, line, plan = t.claim.c, t.output.c, t.share_line.c, t.share_plan.c
    later = t.share_plan.alias("later")
    newest = ~sa.exists().where(later.c.output_id == plan.output_id, later.c.version > plan.version)
    shown = (
        sa.select(sa.func.count())
        .where(t.evidence.c.claim_id == claim.id)
        .where(t.evidence.c.status != EvidenceStatus.REJECTED)
    )
    disputed = sa.exists().where(
        t.dispute.c.output_id == o.id, t.dispute.c.state != DisputeState.RESOLVED
    )
    return (
        sa.select(
            *(column.label(f"claim_{column.name}") for column in t.claim.c),
            *(column.label(f"output_{column.name}") for column in t.output.c),
            t.squad.c.id.label("squad_id"),
            t.squad.c.name.label("squad"),
            a.person.c.name.label("name"),
            a.unit.c.name.label("home_unit"),
            t.membership.c.role.label("role"),
            line.expected_bp,
            shown.correlate(t.claim).scalar_subquery().label("evidence"),
            disputed.correlate(t.output).label("disputed"),
        )
        .select_from(t.claim)
        .join(t.output, o.id == claim.output_id)
        .join(t.squad, t.squad.c.id == o.squad_id)
        .join(a.person, a.person.c.id == claim.person_id)
        .join(t.share_plan, sa.and_(plan.output_id == o.id, newest))
        .join(
            t.share_line,
            sa.and_(line.share_plan_id == plan.id, line.person_id == claim.person_id),
        )
        .join(t.membership, t.membership.c.id == line.membership_id)
        .join(a.unit, a.unit.c.id == t.membership.c.home_unit_id)
        .order_by(t.squad.c.code, o.number, a.person.c.name, claim.id)
    )


def _claim_row(row: Any) -> ClaimRow:
    values = dict(row._mapping)  # noqa: SLF001 - the row's own way to its columns
    return ClaimRow(
        claim=Claim(**_part(values, "claim_")),
        output=Output(**_part(values, "output_")),
        evidence=int(values["evidence"]),
        disputed=bool(values["disputed"]),
        **{name: values[name] for name in _NAMED},
    )


def _part(values: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {
        name.removeprefix(prefix): value
        for name, value in values.items()
        if name.startswith(prefix)
    }
