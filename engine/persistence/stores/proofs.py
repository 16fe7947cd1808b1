"""Evidence with what it proves, and results that nothing verified stands behind."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.domain.claims import Evidence, EvidenceStatus
from engine.domain.evidence import EvidenceCheck, Proof
from engine.domain.plans import RoleKind
from engine.persistence.stores.entities import Entities
from engine.persistence.tables import assurance as t
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as p

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FIELDS = tuple(field.name for field in fields(Evidence))


class SqlProofs:
    """The part of `AssuranceStore` that asks about evidence."""

    def __init__(self, connection: sa.Connection) -> None:
        self._proofs = connection
        self._checks = Entities(connection, {EvidenceCheck: t.evidence_check})

    def proof(self, evidence_id: str) -> Proof | None:
        """A piece of evidence with what it proves; None before it proves anything."""
        found = self._proof_rows(_proving().where(c.evidence.c.id == evidence_id))
        return found[0] if found else None

    def proofs(self, person_id: str, cycle_id: str) -> Sequence[Proof]:
        """All evidence of a person's work in a cycle, oldest first."""
        owner, cycle = _owner(), sa.func.coalesce(c.output.c.cycle_id, p.plan.c.cycle_id)
        return self._proof_rows(_proving().where(owner == person_id, cycle == cycle_id))

    def checks(self, evidence_ids: Sequence[str]) -> Mapping[str, EvidenceCheck]:
        """The verification of each piece that was checked."""
        held = t.evidence_check.c
        query = sa.select(t.evidence_check).where(held.evidence_id.in_(evidence_ids))
        return {row.evidence_id: row for row in self._checks.all(EvidenceCheck, query)}

    def replacements(self, evidence_ids: Sequence[str]) -> Mapping[str, str]:
        """What replaces each piece that was replaced."""
        held = t.evidence_replacement.c
        query = sa.select(held.old_id, held.new_id).where(held.old_id.in_(evidence_ids))
        return {row.old_id: row.new_id for row in self._proofs.execute(query)}

    def unverified_items(self, plan_id: str) -> Sequence[str]:
        """Results of a plan that no verified evidence stands behind, by number."""
        item = p.plan_item.c
        query = (
            sa.select(item.id)
            .join(p.plan, p.plan.c.id == item.plan_id)
            .where(item.plan_id == plan_id)
            .where(
                sa.or_(
                    sa.and_(item.role_kind == RoleKind.HOME, ~verified_for_item(item.id)),
                    sa.and_(item.role_kind == RoleKind.SQUAD, ~_verified_in_squad()),
                )
            )
            .order_by(item.number)
        )
        return list(self._proofs.execute(query).scalars())

    def _proof_rows(self, query: sa.Select[Any]) -> list[Proof]:
        found = {}
        for row in self._proofs.execute(query).mappings():
            evidence = Evidence(**{name: row[name] for name in _FIELDS})
            found[evidence.id] = Proof(
                evidence=evidence,
                owner_id=row["owner_id"],
                output_id=row["output_id"],
                item_id=row["item_id"],
            )
        return list(found.values())


def proved_items() -> sa.Select[Any]:
    """(plan_id, results, unproven) of every plan: a result without verified evidence counts."""
    item = p.plan_item.c
    proved = sa.or_(
        sa.and_(item.role_kind == RoleKind.HOME, verified_for_item(item.id)),
        sa.and_(item.role_kind == RoleKind.SQUAD, _verified_in_squad()),
    )
    return (
        sa.select(
            item.plan_id,
            sa.func.count().label("results"),
            sa.func.sum(sa.case((proved, 0), else_=1)).label("unproven"),
        )
        .join(p.plan, p.plan.c.id == item.plan_id)
        .group_by(item.plan_id)
    )


def proving(cycle_id: str) -> sa.Select[Any]:
    """All evidence of a cycle with whose work it proves (`owner_id`)."""
    cycle = sa.func.coalesce(c.output.c.cycle_id, p.plan.c.cycle_id)
    return _proving().where(cycle == cycle_id)


def verified_for_item(item_id: sa.ColumnElement[Any]) -> sa.Exists:
    """Whether verified evidence stands behind a result, directly or by its progress."""
    evidence = c.evidence.alias("item_evidence")
    progress = p.progress.alias("item_progress")
    return (
        sa.select(sa.literal(1))
        .select_from(evidence.outerjoin(progress, progress.c.evidence_id == evidence.c.id))
        .where(
            evidence.c.status == EvidenceStatus.VERIFIED,
            sa.or_(evidence.c.plan_item_id == item_id, progress.c.item_id == item_id),
        )
        .exists()
    )


def verified_for_output(output_id: sa.ColumnElement[Any]) -> sa.Exists:
    """Whether verified evidence stands behind a claim of an output."""
    evidence, claim = c.evidence.alias("claim_evidence"), c.claim.alias("claim_of_evidence")
    return sa.exists().where(
        evidence.c.claim_id == claim.c.id,
        claim.c.output_id == output_id,
        evidence.c.status == EvidenceStatus.VERIFIED,
    )


def _verified_in_squad() -> sa.Exists:
    """Whether the person's verified evidence stands behind an output of the item's squad."""
    return sa.exists().where(
        c.membership.c.id == p.plan_item.c.membership_id,
        c.output.c.squad_id == c.membership.c.squad_id,
        c.output.c.cycle_id == p.plan.c.cycle_id,
        c.claim.c.output_id == c.output.c.id,
        c.claim.c.person_id == p.plan.c.person_id,
        c.evidence.c.claim_id == c.claim.c.id,
        c.evidence.c.status == EvidenceStatus.VERIFIED,
    )


def _owner() -> sa.ColumnElement[Any]:
    return sa.func.coalesce(c.claim.c.person_id, p.plan.c.person_id)


def _item() -> sa.ColumnElement[Any]:
    return sa.func.coalesce(c.evidence.c.plan_item_id, p.progress.c.item_id)


def _proving() -> sa.Select[Any]:
    return (
        sa.select(
            *(c.evidence.c[name] for name in _FIELDS),
            _owner().label("owner_id"),
            c.claim.c.output_id,
            p.plan_item.c.id.label("item_id"),
        )
        .select_from(c.evidence)
        .outerjoin(c.claim, c.claim.c.id == c.evidence.c.claim_id)
        .outerjoin(c.output, c.output.c.id == c.claim.c.output_id)
        .outerjoin(p.progress, p.progress.c.evidence_id == c.evidence.c.id)
        .outerjoin(p.plan_item, p.plan_item.c.id == _item())
        .outerjoin(p.plan, p.plan.c.id == p.plan_item.c.plan_id)
        .where(_owner().is_not(None))
        .order_by(c.evidence.c.at, c.evidence.c.id)
    )
