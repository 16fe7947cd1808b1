"""What an audit sample may hold, with the marks that speak for it: one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.claims import AttestDecision, ClaimState
from engine.domain.plans import PlanStatus, RoleKind
from engine.domain.sampling import Candidate, Stratum, SubjectKind
from engine.persistence.stores.proofs import verified_for_item, verified_for_output
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as p
from engine.persistence.types import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: attainments are kept with two decimals as whole numbers
FULL_E2: Final = 10_000
#: claims that count for something
_COUNTED: Final = (
    ClaimState.ATTESTED,
    ClaimState.ADJUSTED,
    ClaimState.DISPUTED,
    ClaimState.RESOLVED,
    ClaimState.SEALED,
)
_MARKS: Final = (Stratum.EXCEEDING, Stratum.MUTUAL, Stratum.LAST_DAY)


def frame(
    connection: sa.Connection, cycle_id: str, last_days: Sequence[tuple[str, datetime]]
) -> Sequence[Candidate]:
    """Everything of a cycle that a sample may hold: claims that count, results with progress."""
    query = sa.union_all(_claims(cycle_id, last_days), _results(cycle_id, last_days))
    return [
        Candidate(
            kind=SubjectKind(row.kind),
            subject_id=row.subject_id,
            person_id=row.person_id,
            marks=frozenset(mark for mark in _MARKS if getattr(row, mark.value)),
        )
        for row in connection.execute(query.order_by("kind", "subject_id"))
    ]


def above_full(attainment: sa.Column[Any]) -> sa.ColumnElement[bool]:
    """Whether an attainment is above 100, compared as the whole number that is kept."""
    return sa.type_coerce(attainment, sa.BigInteger()) > FULL_E2


def since_last_days(
    at: sa.Column[Any], period_id: sa.Column[Any], last_days: Sequence[tuple[str, datetime]]
) -> sa.ColumnElement[bool]:
    """Whether a moment lies at or after the one at which its period's last days begin."""
    if not last_days:
        return sa.false()
    begins = sa.case(
        *((period_id == period, sa.literal(start, UtcDateTime())) for period, start in last_days)
    )
    return sa.and_(at.is_not(None), at >= begins)


def signed(cycle_id: str, name: str) -> sa.Subquery:
    """Who attested or co-signed whose lines in a cycle, as (claim_id, signer_id, member_id)."""
    held = c.attestation.c
    parts = [
        sa.select(
            held.claim_id,
            held[signer].label("signer_id"),
            c.claim.c.person_id.label("member_id"),
        )
        .join(c.claim, c.claim.c.id == held.claim_id)
        .join(c.output, c.output.c.id == c.claim.c.output_id)
        .where(c.output.c.cycle_id == cycle_id, held.decision != AttestDecision.RETURN)
        .where(held[signer].is_not(None))
        for signer in ("attester_id", "cosigner_id")
    ]
    return sa.union(*parts).subquery(name)


def _claims(cycle_id: str, last_days: Sequence[tuple[str, datetime]]) -> sa.Select[Any]:
    mine, theirs = signed(cycle_id, "mine"), signed(cycle_id, "theirs")
    mutual = sa.exists().where(
        mine.c.claim_id == c.claim.c.id,
        theirs.c.signer_id == mine.c.member_id,
        theirs.c.member_id == mine.c.signer_id,
    )
    exceeding = sa.and_(
        c.output.c.attainment.is_not(None),
        above_full(c.output.c.attainment),
        ~verified_for_output(c.output.c.id),
    )
    late = since_last_days(c.claim.c.submitted_at, c.output.c.period_id, last_days)
    return (
        _marked(SubjectKind.CLAIM, c.claim.c.id, c.claim.c.person_id, (exceeding, mutual, late))
        .select_from(c.claim)
        .join(c.output, c.output.c.id == c.claim.c.output_id)
        .where(c.output.c.cycle_id == cycle_id, c.claim.c.state.in_(_COUNTED))
    )


def _results(cycle_id: str, last_days: Sequence[tuple[str, datetime]]) -> sa.Select[Any]:
    item, done = p.plan_item.c, p.progress.c
    exceeding = sa.and_(
        sa.exists().where(done.item_id == item.id, above_full(done.attainment)),
        ~verified_for_item(item.id),
    )
    late = sa.exists().where(
        done.item_id == item.id, since_last_days(done.at, done.period_id, last_days)
    )
    marks = (exceeding, sa.false(), late)
    return (
        _marked(SubjectKind.RESULT, item.id, p.plan.c.person_id, marks)
        .select_from(p.plan_item)
        .join(p.plan, p.plan.c.id == item.plan_id)
        .where(p.plan.c.cycle_id == cycle_id, p.plan.c.status == PlanStatus.FIXED)
        .where(item.role_kind == RoleKind.HOME, sa.exists().where(done.item_id == item.id))
    )


def _marked(
    kind: SubjectKind,
    subject: sa.Column[Any],
    person: sa.Column[Any],
    marks: tuple[sa.ColumnElement[bool], ...],
) -> sa.Select[Any]:
    found = [
        sa.case((mark, 1), else_=0).label(name.value)
        for mark, name in zip(marks, _MARKS, strict=True)
    ]
    return sa.select(
        sa.literal(kind.value).label("kind"),
        subject.label("subject_id"),
        person.label("person_id"),
        *found,
    )
