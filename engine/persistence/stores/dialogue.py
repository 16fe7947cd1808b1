"""Check-ins, promises, private notes and a leader's cadence on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.dialogue import (
    AgendaItem,
    Cadence,
    CheckIn,
    CheckInState,
    Commitment,
    CommitmentState,
    PrivateNote,
)
from engine.domain.people import AppointmentKind
from engine.persistence.stores.coaching import TABLES as COACHING_TABLES
from engine.persistence.stores.coaching import SqlCoaching
from engine.persistence.stores.daily_notes import TABLES as NOTE_TABLES
from engine.persistence.stores.daily_notes import SqlDailyNotes
from engine.persistence.stores.entities import Entities
from engine.persistence.stores.feedback import TABLES as FEEDBACK_TABLES
from engine.persistence.stores.feedback import SqlFeedback
from engine.persistence.tables import agency as a
from engine.persistence.tables import dialogue as t
from engine.persistence.tables.feedback import feedback_note
from engine.persistence.tables.performance import cycle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.usecases.ports.dialogue import DialogueEntity, DialogueKept, DialogueRead

TABLES: Final = {
    CheckIn: t.check_in,
    AgendaItem: t.agenda_item,
    Commitment: t.commitment,
    PrivateNote: t.private_note,
    **FEEDBACK_TABLES,
    **COACHING_TABLES,
    **NOTE_TABLES,
}
_MET: Final = (CheckInState.CONFIRMED, CheckInState.RECORDED, CheckInState.UNCONFIRMED)


class SqlDialogueStore(SqlFeedback, SqlCoaching, SqlDailyNotes):
    """`DialogueStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._rows = Entities(connection, TABLES)
        self._connection = connection

    def add(self, rows: Sequence[DialogueEntity]) -> None:
        """Insert rows, parents before children."""
        self._rows.add(rows)

    def put(self, row: DialogueKept) -> None:
        """Write all fields of a row that exists."""
        self._rows.put(row)

    def get(self, kind: type[DialogueRead], row_id: str) -> DialogueRead | None:
        """A row by id."""
        return self._rows.get(kind, row_id)

    def cadence(self, leader_id: str, cycle_id: str, on: date | None = None) -> Sequence[Cadence]:
        """How a leader kept up the conversation, by person: one statement."""
        held = t.check_in.c
        mine = sa.and_(held.leader_id == leader_id, held.cycle_id == cycle_id)
        day: Any = on or sa.select(cycle.c.ends_on).where(cycle.c.id == cycle_id).scalar_subquery()
        met = sa.select(held.person_id).where(mine, held.state.in_(_MET))
        people = met.union(_reports([leader_id], day)).subquery("people")
        talks, words = _talks(mine), _feedback(leader_id, cycle_id)
        own = _promises(leader_id, cycle_id, of_leader=True)
        theirs = _promises(leader_id, cycle_id, of_leader=False)
        who = people.c.person_id
        query = (
            sa.select(
                who,
                *(_or_none(talks.c[name]) for name in ("confirmed", "unconfirmed")),
                talks.c.last_on,
                *(_or_none(own.c[name]) for name in ("promised", "kept", "kept_late")),
                _or_none(theirs.c.promised).label("their_promises"),
                (_or_none(theirs.c.kept) + _or_none(theirs.c.kept_late)).label("their_kept"),
                _or_none(words.c.feedback),
            )
            .select_from(people)
            .outerjoin(talks, talks.c.person_id == who)
            .outerjoin(own, own.c.person_id == who)
            .outerjoin(theirs, theirs.c.person_id == who)
            .outerjoin(words, words.c.person_id == who)
            .order_by(who)
        )
        return [Cadence(**row) for row in self._connection.execute(query).mappings()]

    def reports_of(self, leaders: Sequence[str], on: date) -> Sequence[str]:
        """Ids of people whose definitive post puts one of these next above them, in id order."""
        found = _reports(leaders, on).subquery("reports")
        query = sa.select(found.c.person_id).distinct().order_by(found.c.person_id)
        return list(self._connection.scalars(query))

    def check_ins(self, person_id: str, cycle_id: str) -> Sequence[CheckIn]:
        """Check-ins about a person, oldest first."""
        held = t.check_in.c
        query = (
            sa.select(t.check_in)
            .where(held.person_id == person_id, held.cycle_id == cycle_id)
            .order_by(held.meets_at, held.id)
        )
        return self._rows.all(CheckIn, query)

    def agenda(self, check_in_id: str) -> Sequence[AgendaItem]:
        """Topics of a check-in in order."""
        held = t.agenda_item.c
        query = sa.select(t.agenda_item).where(held.check_in_id == check_in_id)
        return self._rows.all(AgendaItem, query.order_by(held.number))

    def open_between(self, one_id: str, other_id: str) -> Sequence[Commitment]:
        """Open promises of check-ins between two people, earliest due first."""
        held, two = t.commitment.c, (one_id, other_id)
        query = (
            sa.select(t.commitment)
            .where(held.owner_id.in_(two), held.counterpart_id.in_(two))
            .where(held.state == CommitmentState.OPEN, held.check_in_id.is_not(None))
            .order_by(held.due_on, held.id)
        )
        return self._rows.all(Commitment, query)

    def promises_in(self, check_in_id: str) -> Sequence[Commitment]:
        """Promises made in a check-in."""
        held = t.commitment.c
        query = sa.select(t.commitment).where(held.check_in_id == check_in_id)
        return self._rows.all(Commitment, query.order_by(held.due_on, held.id))

    def promises_of(self, person_id: str, cycle_id: str) -> Sequence[Commitment]:
        """Promises in which a person has a part, earliest due first; confidential ones too."""
        held = t.commitment.c
        query = (
            sa.select(t.commitment)
            .where(sa.or_(held.owner_id == person_id, held.counterpart_id == person_id))
            .where(held.cycle_id == cycle_id)
            .order_by(held.due_on, held.id)
        )
        return self._rows.all(Commitment, query)

    def notes_of(self, author_id: str) -> Sequence[PrivateNote]:
        """Private notes of their author, newest first."""
        held = t.private_note.c
        query = sa.select(t.private_note).where(held.author_id == author_id)
        return self._rows.all(PrivateNote, query.order_by(held.at.desc(), held.id.desc()))


def _reports(leaders: Sequence[str], day: Any) -> sa.Select[Any]:
    """People whom these rate by their definitive post on a day: named, or as their head."""
    own, post = a.appointment.alias("own"), a.post.alias("own_post")
    unit = a.unit.alias("own_unit")
    head, seat = a.appointment.alias("head"), a.post.alias("head_post")
    leads = (
        sa.exists()
        .select_from(head.join(seat, seat.c.id == head.c.post_id))
        .where(head.c.person_id.in_(leaders), seat.c.is_head, *_valid(head, day))
        .where(seat.c.unit_id == sa.case((post.c.is_head, unit.c.parent_id), else_=post.c.unit_id))
    )
    return (
        sa.select(own.c.person_id)
        .join(post, post.c.id == own.c.post_id)
        .join(unit, unit.c.id == post.c.unit_id)
        .where(own.c.kind == AppointmentKind.DEFINITIVE, *_valid(own, day))
        .where(own.c.person_id.not_in(leaders))
        .where(sa.or_(own.c.rater_id.in_(leaders), sa.and_(own.c.rater_id.is_(None), leads)))
    )


def _valid(row: sa.FromClause, day: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return (row.c.valid_from <= day, sa.or_(row.c.valid_to.is_(None), row.c.valid_to > day))


def _talks(mine: sa.ColumnElement[bool]) -> sa.Subquery:
    held = t.check_in.c
    return (
        sa.select(
            held.person_id,
            _count(held.state == CheckInState.CONFIRMED).label("confirmed"),
            _count(held.state != CheckInState.CONFIRMED).label("unconfirmed"),
            sa.func.max(held.held_on).label("last_on"),
        )
        .where(mine, held.state.in_(_MET))
        .group_by(held.person_id)
        .subquery("talks")
    )


def _promises(leader_id: str, cycle_id: str, *, of_leader: bool) -> sa.Subquery:
    """Promises of check-ins that the leader made to each person, or each person to him."""
    held = t.commitment.c
    mine, other = held.owner_id, held.counterpart_id
    if not of_leader:
        mine, other = other, mine
    done = held.state == CommitmentState.KEPT
    return (
        sa.select(
            other.label("person_id"),
            sa.func.count().label("promised"),
            _count(sa.and_(done, held.closed_on <= held.first_due_on)).label("kept"),
            _count(sa.and_(done, held.closed_on > held.first_due_on)).label("kept_late"),
        )
        .where(mine == leader_id, held.cycle_id == cycle_id, held.check_in_id.is_not(None))
        .group_by(other)
        .subquery("own" if of_leader else "theirs")
    )


def _feedback(leader_id: str, cycle_id: str) -> sa.Subquery:
    held = feedback_note.c
    return (
        sa.select(held.person_id, sa.func.count().label("feedback"))
        .where(held.giver_id == leader_id, held.cycle_id == cycle_id)
        .group_by(held.person_id)
        .subquery("words")
    )


def _count(holds: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((holds, 1), else_=0))


def _or_none(column: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """A count, 0 where there is no row."""
    counted: sa.ColumnElement[int] = sa.cast(sa.func.coalesce(column, 0), sa.Integer)
    return counted.label(str(getattr(column, "name", "")))
