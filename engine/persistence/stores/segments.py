"""Changes of roles, snapshots of closed segments, interim ratings on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.people import Appointment, Substitution
from engine.domain.segments import ChangeKind, RoleChange, pauses
from engine.domain.snapshots import SegmentRating, SegmentSnapshot
from engine.persistence.stores.entities import Entities
from engine.persistence.stores.user_tasks import IS_OPEN, TASK
from engine.persistence.tables import agency as a
from engine.persistence.tables import performance as p
from engine.persistence.tables import segments as t
from engine.persistence.tables.contributions import evidence
from engine.persistence.tables.process import user_task, user_task_candidate
from engine.usecases.ports.segments import EvidenceState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from engine.domain.calendar import Pause
    from engine.persistence.stores.transaction import Transaction
    from engine.usecases.ports.process import UserTaskRow
    from engine.usecases.ports.segments import SegmentEntity, SegmentKept

TABLES: Final = {
    Appointment: a.appointment,
    Substitution: a.substitution,
    RoleChange: t.role_change,
    SegmentSnapshot: t.segment_snapshot,
    SegmentRating: t.segment_rating,
}


class SqlSegmentStore:
    """`SegmentStore` on a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._rows = Entities(transaction.connection, TABLES)
        self._connection = transaction.connection
        self._tx = transaction

    def add(self, rows: Sequence[SegmentEntity]) -> None:
        """Insert rows."""
        self._rows.add(rows)

    def get(self, kind: type[SegmentKept], row_id: str) -> SegmentKept | None:
        """A row by id."""
        return self._rows.get(kind, row_id)

    def changes(self, person_id: str) -> Sequence[RoleChange]:
        """Every recorded change of a person, oldest first."""
        held = t.role_change.c
        query = (
            sa.select(t.role_change)
            .where(held.person_id == person_id)
            .order_by(held.starts_on, held.id)
        )
        return self._rows.all(RoleChange, query)

    def appointments(self, person_id: str) -> Sequence[tuple[Appointment, str]]:
        """Every appointment of a person with the unit of its post, oldest first."""
        held = a.appointment.c
        query = (
            sa.select(a.appointment, a.post.c.unit_id.label("unit_id"))
            .join(a.post, a.post.c.id == held.post_id)
            .where(held.person_id == person_id)
            .order_by(held.valid_from, held.id)
        )
        found = []
        for row in self._connection.execute(query).mappings():
            values = dict(row)
            unit_id = values.pop("unit_id")
            found.append((Appointment(**values), unit_id))
        return found

    def letters(self, substitute_id: str) -> Sequence[Substitution]:
        """Letters by which a person stands in for others, oldest first."""
        held = a.substitution.c
        query = (
            sa.select(a.substitution)
            .where(held.substitute_id == substitute_id)
            .order_by(held.valid_from, held.id)
        )
        return self._rows.all(Substitution, query)

    def substitutions(self, agency_id: str, on: date) -> Sequence[Substitution]:
        """Substitutions in force in an agency on a day, by absent person."""
        held = a.substitution.c
        query = (
            sa.select(a.substitution)
            .join(a.person, a.person.c.id == held.absent_id)
            .where(a.person.c.agency_id == agency_id, held.valid_from <= on)
            .where(sa.or_(held.valid_to.is_(None), held.valid_to > on))
            .order_by(held.absent_id, held.valid_from, held.id)
        )
        return self._rows.all(Substitution, query)

    def substitutions_around(
        self, people: Sequence[str], first: date, last: date | None
    ) -> Sequence[Substitution]:
        """Substitutions within two steps of these people that share a day with a time."""
        held = a.substitution.c
        known: dict[str, Substitution] = {}
        ends = set(people)
        for _ in range(2):
            query = sa.select(a.substitution).where(
                sa.or_(held.absent_id.in_(ends), held.substitute_id.in_(ends)),
                sa.or_(held.valid_to.is_(None), held.valid_to > first),
            )
            if last is not None:
                query = query.where(held.valid_from <= last)
            rows = self._rows.all(Substitution, query.order_by(held.id))
            known |= {row.id: row for row in rows}
            ends |= {name for row in rows for name in (row.absent_id, row.substitute_id)}
        return list(known.values())

    def snapshots(self, person_id: str, cycle_id: str) -> Sequence[SegmentSnapshot]:
        """Closed segments of a person in a cycle, oldest first."""
        held = t.segment_snapshot.c
        query = (
            sa.select(t.segment_snapshot)
            .where(held.person_id == person_id, held.cycle_id == cycle_id)
            .order_by(held.ends_on, held.id)
        )
        return self._rows.all(SegmentSnapshot, query)

    def snapshot_of(self, change_id: str) -> SegmentSnapshot | None:
        """The segment that a change closed."""
        query = sa.select(t.segment_snapshot).where(t.segment_snapshot.c.change_id == change_id)
        return self._rows.first(SegmentSnapshot, query)

    def interims(self, snapshot_ids: Sequence[str]) -> Mapping[str, SegmentRating]:
        """Interim ratings by snapshot id."""
        if not snapshot_ids:
            return {}
        held = t.segment_rating.c
        query = sa.select(t.segment_rating).where(held.snapshot_id.in_(snapshot_ids))
        return {row.snapshot_id: row for row in self._rows.all(SegmentRating, query)}

    def raters(self, person_id: str, cycle_id: str) -> frozenset[str]:
        """Everybody who rated a closed segment of a person in a cycle, or was to rate it."""
        change, closed, said = t.role_change.c, t.segment_snapshot.c, t.segment_rating.c
        mine = sa.and_(closed.person_id == person_id, closed.cycle_id == cycle_id)
        by = t.segment_rating.join(t.segment_snapshot, closed.id == said.snapshot_id)
        every = sa.union(
            sa.select(closed.rater_id).where(mine),
            sa.select(said.rater_id).select_from(by).where(mine),
            sa.select(said.on_behalf_of).select_from(by).where(mine),
            sa.select(change.rater_id).where(
                change.person_id == person_id,
                change.cycle_id == cycle_id,
                change.kind.in_([ChangeKind.MUTASI, ChangeKind.PENUGASAN, ChangeKind.PENILAI]),
            ),
        )
        return frozenset(name for name in self._connection.scalars(every) if name is not None)

    def raters_of(
        self, people: Collection[str], cycle_ids: Collection[str]
    ) -> Mapping[str, frozenset[str]]:
        """The same of several people: one statement."""
        change, closed, said = t.role_change.c, t.segment_snapshot.c, t.segment_rating.c
        mine = sa.and_(closed.person_id.in_(people), closed.cycle_id.in_(cycle_ids))
        by = t.segment_rating.join(t.segment_snapshot, closed.id == said.snapshot_id)
        every = sa.union(
            sa.select(closed.person_id, closed.rater_id.label("rater_id")).where(mine),
            sa.select(closed.person_id, said.rater_id).select_from(by).where(mine),
            sa.select(closed.person_id, said.on_behalf_of).select_from(by).where(mine),
            sa.select(change.person_id, change.rater_id).where(
                change.person_id.in_(people),
                change.cycle_id.in_(cycle_ids),
                change.kind.in_([ChangeKind.MUTASI, ChangeKind.PENUGASAN, ChangeKind.PENILAI]),
            ),
        )
        found: dict[str, set[str]] = {}
        for row in self._connection.execute(every):
            if row.rater_id is not None:
                found.setdefault(row.person_id, set()).add(row.rater_id)
        return {person: frozenset(names) for person, names in found.items()}

    def departed(self, cycle_id: str) -> Sequence[str]:
        """Ids of people who left their agency in a cycle and did not come back, in order."""
        held, seat = t.role_change.c, a.appointment.c
        back = sa.exists().where(
            seat.person_id == held.person_id,
            sa.or_(seat.valid_to.is_(None), seat.valid_to > held.starts_on),
        )
        query = (
            sa.select(held.person_id)
            .distinct()
            .where(held.cycle_id == cycle_id, held.kind == ChangeKind.BERHENTI, ~back)
            .order_by(held.person_id)
        )
        return list(self._connection.scalars(query))

    def pauses_of(self, person_id: str, first: date, last: date) -> tuple[Pause, ...]:
        """Days between two on which a person's clocks stand still."""
        return pauses(self.changes(person_id), first, last)

    def evidence_state(self, plan_id: str) -> EvidenceState:
        """How well a plan is proved now: one statement."""
        item, done, proof = p.plan_item.c, p.progress.c, evidence.c
        documented = sa.exists().where(done.item_id == item.id)
        mine = sa.select(item.id).where(item.plan_id == plan_id)

        def count(*where: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
            whole = sa.select(sa.func.count()).select_from(evidence)
            return whole.where(proof.plan_item_id.in_(mine), *where).scalar_subquery()

        query = sa.select(
            sa.func.count().label("items"),
            sa.func.coalesce(sa.func.sum(sa.case((documented, 1), else_=0)), 0).label(
                "documented_items"
            ),
            count().label("evidence"),
            count(proof.status == "verified").label("verified_evidence"),
        ).where(item.plan_id == plan_id)
        return EvidenceState(**self._connection.execute(query).mappings().one())

    def open_tasks_of(self, people: Sequence[str]) -> Sequence[UserTaskRow]:
        """Open rows that these people hold, own or may take as named candidates, by key."""
        self._tx.write_pending()
        held, may = user_task.c, user_task_candidate.c
        named = sa.select(may.task_key).where(may.kind == "user", may.name.in_(people))
        query = sa.select(*TASK.columns).where(
            IS_OPEN,
            sa.or_(held.assignee.in_(people), held.owner.in_(people), held.key.in_(named)),
        )
        return TASK.all_of(self._tx.execute(query.order_by(held.key)))
