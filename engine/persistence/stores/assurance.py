"""What looks after those who judge, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.evidence import EvidenceCheck, EvidenceReplacement
from engine.domain.overrides import OverrideAct
from engine.domain.peer_review import PeerAnswer, PeerReview, PeerSeat
from engine.domain.protection import RecordedLowering
from engine.domain.sampling import AuditSample, Finding, SampleItem
from engine.persistence.stores import audit_frame
from engine.persistence.stores.audit_reports import SqlAuditReports
from engine.persistence.stores.entities import Entities
from engine.persistence.stores.grievances import SqlGrievances
from engine.persistence.stores.proofs import SqlProofs
from engine.persistence.tables import agency as a
from engine.persistence.tables import assurance as t
from engine.persistence.types import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.domain.sampling import Candidate
    from engine.usecases.ports.assurance import AssuranceEntity, AssuranceKept
    from engine.usecases.ports.audit_reports import AuditReports

TABLES: Final = {
    RecordedLowering: t.lowering_act,
    EvidenceCheck: t.evidence_check,
    EvidenceReplacement: t.evidence_replacement,
    AuditSample: t.audit_sample,
    SampleItem: t.audit_item,
    Finding: t.audit_finding,
    PeerReview: t.peer_review,
    PeerSeat: t.peer_seat,
    PeerAnswer: t.peer_answer,
    OverrideAct: t.override_act,
}


class SqlAssuranceStore(SqlGrievances, SqlProofs):
    """`AssuranceStore` on a connection; its questions stand in the modules it names."""

    def __init__(self, connection: sa.Connection) -> None:
        SqlGrievances.__init__(self, connection)
        SqlProofs.__init__(self, connection)
        self._connection = connection
        self._rows: Any = Entities(connection, TABLES)
        self.reports: AuditReports = SqlAuditReports(connection)

    def add(self, rows: Sequence[AssuranceEntity]) -> None:
        """Insert rows; `Conflict` names a broken constraint."""
        self._rows.add(rows)

    def get(self, kind: type[AssuranceKept], row_id: str) -> AssuranceKept | None:
        """A row by id."""
        found: AssuranceKept | None = self._rows.get(kind, row_id)
        return found

    def frame(
        self, cycle_id: str, last_days: Sequence[tuple[str, datetime]]
    ) -> Sequence[Candidate]:
        """Everything of a cycle that an audit sample may hold, with its marks."""
        return audit_frame.frame(self._connection, cycle_id, last_days)

    def samples(self, cycle_id: str) -> Sequence[AuditSample]:
        """Samples drawn from a cycle, newest first."""
        held = t.audit_sample.c
        query = (
            sa.select(t.audit_sample)
            .where(held.cycle_id == cycle_id)
            .order_by(held.at.desc(), held.id.desc())
        )
        found: Sequence[AuditSample] = self._rows.all(AuditSample, query)
        return found

    def items(self, sample_id: str) -> Sequence[SampleItem]:
        """The pieces of a sample, by number."""
        held = t.audit_item.c
        query = sa.select(t.audit_item).where(held.sample_id == sample_id).order_by(held.number)
        found: Sequence[SampleItem] = self._rows.all(SampleItem, query)
        return found

    def finding(self, item_id: str) -> Finding | None:
        """What was found of a piece, None before somebody looked."""
        held = t.audit_finding
        found: Finding | None = self._rows.first(
            Finding, sa.select(held).where(held.c.item_id == item_id)
        )
        return found

    def findings(self, sample_id: str) -> Sequence[Finding]:
        """What was found of a sample's pieces, in their order."""
        query = (
            sa.select(t.audit_finding)
            .join(t.audit_item, t.audit_item.c.id == t.audit_finding.c.item_id)
            .where(t.audit_item.c.sample_id == sample_id)
            .order_by(t.audit_item.c.number)
        )
        found: Sequence[Finding] = self._rows.all(Finding, query)
        return found

    def seats(self, review_id: str) -> Sequence[PeerSeat]:
        """Who was asked for a review, by person."""
        held = t.peer_seat.c
        query = sa.select(t.peer_seat).where(held.review_id == review_id).order_by(held.reviewer_id)
        found: Sequence[PeerSeat] = self._rows.all(PeerSeat, query)
        return found

    def answers(self, review_id: str) -> Sequence[PeerAnswer]:
        """What the reviewers said, oldest first."""
        held = t.peer_answer.c
        query = (
            sa.select(t.peer_answer)
            .where(held.review_id == review_id)
            .order_by(held.at, held.reviewer_id)
        )
        found: Sequence[PeerAnswer] = self._rows.all(PeerAnswer, query)
        return found

    def overrides(
        self,
        agency_id: str,
        since: datetime,
        until: datetime,
        *,
        in_election: bool | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> Sequence[OverrideAct]:
        """Overrides by people of an agency in a time, newest first; behind one, so many."""
        held = t.override_act.c
        query = (
            sa.select(t.override_act)
            .join(a.person, a.person.c.id == held.actor_id)
            .where(a.person.c.agency_id == agency_id, held.at >= since, held.at < until)
            .order_by(held.at.desc(), held.id.desc())
            .limit(limit)
        )
        if in_election is not None:
            query = query.where(held.in_election == in_election)
        if after is not None:
            query = query.where(_behind(held.at, held.id, self._rows.get(OverrideAct, after)))
        found: Sequence[OverrideAct] = self._rows.all(OverrideAct, query)
        return found


def _behind(
    at: sa.ColumnElement[datetime], key: sa.ColumnElement[str], seen: OverrideAct | None
) -> sa.ColumnElement[bool]:
    """Rows behind the last one of a page, newest first; none behind one that is not there."""
    if seen is None:
        return sa.false()
    place = sa.tuple_(sa.literal(seen.at, UtcDateTime), sa.literal(seen.id))
    return sa.and_(at <= sa.literal(seen.at, UtcDateTime), sa.tuple_(at, key) < place)
