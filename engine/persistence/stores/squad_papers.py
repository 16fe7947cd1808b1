"""What a squad leaves to its next lead, and who applied to a call, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from engine.domain.disputes import Dispute, DisputeState
from engine.domain.formation import CandidateState
from engine.domain.plans import PlanStatus
from engine.persistence.stores.entities import Entities
from engine.persistence.tables import contributions as t
from engine.persistence.tables import formation as f
from engine.persistence.tables import performance as p
from engine.persistence.tables.agency import person
from engine.usecases.ports.squad_room import Applications, Document, SquadResult

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.persistence.stores.transaction import Transaction

_O, _C, _E = t.output.c, t.claim.c, t.evidence.c
_GONE: Final = (PlanStatus.SUPERSEDED, PlanStatus.DROPPED)


class SqlSquadPapers:
    """The part of `SquadRoom` that is about handing over and applying."""

    _tx: Transaction

    def documents(self, squad_id: str, cycle_id: str, limit: int = 200) -> Sequence[Document]:
        """Evidence of the claims in a squad's outputs of a cycle, by output, the newest first."""
        query = (
            sa.select(
                _E.id.label("evidence_id"),
                _C.output_id,
                _O.title,
                person.c.name,
                sa.func.coalesce(_E.link, _E.filename).label("label"),
                _E.link.is_not(None).label("is_link"),
                _E.at,
            )
            .join(t.claim, _C.id == _E.claim_id)
            .join(t.output, _O.id == _C.output_id)
            .join(person, person.c.id == _C.person_id)
            .where(_O.squad_id == squad_id, _O.cycle_id == cycle_id)
            .order_by(_O.number, _E.at.desc(), _E.id)
            .limit(limit)
        )
        return [Document(**row) for row in self._tx.execute(query).mappings()]

    def open_disputes(self, squad_id: str) -> Sequence[Dispute]:
        """Disputes of a squad's outputs that are not decided, oldest first."""
        held = t.dispute.c
        query = (
            sa.select(t.dispute)
            .join(t.output, _O.id == held.output_id)
            .where(_O.squad_id == squad_id, held.state != DisputeState.RESOLVED)
            .order_by(held.raised_at, held.id)
        )
        return Entities(self._tx.connection, {Dispute: t.dispute}).all(Dispute, query)

    def results(self, squad_id: str, cycle_id: str) -> Sequence[SquadResult]:
        """Results that members planned for the squad in live plans of a cycle, by person."""
        item = p.plan_item.c
        query = (
            sa.select(
                item.id.label("item_id"),
                item.title,
                person.c.id.label("person_id"),
                person.c.name,
            )
            .select_from(p.plan_item)
            .join(p.plan, p.plan.c.id == item.plan_id)
            .join(t.membership, t.membership.c.id == item.membership_id)
            .join(person, person.c.id == p.plan.c.person_id)
            .where(t.membership.c.squad_id == squad_id, p.plan.c.cycle_id == cycle_id)
            .where(p.plan.c.status.not_in(_GONE), item.origin_item_id.is_(None))
            .order_by(person.c.name, item.number, item.id)
        )
        return [SquadResult(**row) for row in self._tx.execute(query).mappings()]

    def applications(
        self, calls: Sequence[str], person_id: str | None
    ) -> Mapping[str, Applications]:
        """Applications by call; a call without any is missing."""
        held = f.candidate.c
        own = sa.func.max(sa.case((held.person_id == person_id, held.state)))
        query = (
            sa.select(held.formation_id, sa.func.count().label("many"), own.label("own"))
            .where(held.formation_id.in_(list(calls)))
            .group_by(held.formation_id)
        )
        return {
            row.formation_id: Applications(
                count=int(row.many),
                own=CandidateState(row.own) if row.own else None,
            )
            for row in self._tx.execute(query)
        }
