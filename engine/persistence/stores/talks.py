"""The timeline of a person's year, and objections with where they wait, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.coaching import Coaching, CoachingKind, CoachingSession
from engine.domain.dialogue import AgendaItem, CheckIn, Commitment, PrivateNote
from engine.domain.documentation import Documentation
from engine.domain.feedback import FeedbackNote
from engine.domain.incidents import Incident
from engine.domain.objections import Objection
from engine.domain.people import AppointmentKind
from engine.domain.plans import PlanItem
from engine.domain.risks import RiskReview
from engine.persistence.stores.entities import Entities, columns_of
from engine.persistence.stores.errands import ABOUT, errand_columns
from engine.persistence.stores.user_tasks import IS_OPEN
from engine.persistence.tables import agency as a
from engine.persistence.tables import coaching as ct
from engine.persistence.tables import dialogue as dt
from engine.persistence.tables import feedback as ft
from engine.persistence.tables import goals as g
from engine.persistence.tables import performance as p
from engine.persistence.tables.process import process_instance, user_task
from engine.persistence.types import UtcDateTime
from engine.usecases.ports import talks as port
from engine.usecases.ports.talks import MomentKind
from engine.usecases.ports.teams import Errand

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from engine.usecases.ports.talks import MomentQuery, ObjectionQuery, TalkRead

_TABLES: Final[dict[type[Any], sa.Table]] = {
    Documentation: ft.documentation,
    FeedbackNote: ft.feedback_note,
    Incident: ft.behaviour_incident,
    CheckIn: dt.check_in,
    Commitment: dt.commitment,
    PrivateNote: dt.private_note,
    AgendaItem: dt.agenda_item,
    Coaching: ct.coaching,
    CoachingSession: ct.coaching_session,
    RiskReview: g.risk_review,
    PlanItem: p.plan_item,
    Objection: p.objection,
}


class SqlTalkStore:
    """`TalkStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = Entities(connection, _TABLES)

    def moments(self, query: MomentQuery) -> Sequence[port.Moment]:
        """Moments of a person's year, newest first, keyset paged by (at, id)."""
        arms = [_ARMS[kind](query) for kind in MomentKind if kind in query.kinds]
        if not arms:
            return []
        every = sa.union_all(*arms).subquery("every")
        asked = sa.select(every)
        if query.since is not None:
            asked = asked.where(every.c.at >= sa.literal(query.since, UtcDateTime))
        if query.until is not None:
            asked = asked.where(every.c.at < sa.literal(query.until, UtcDateTime))
        if query.after is not None:
            seen = sa.tuple_(sa.literal(query.after[0], UtcDateTime), sa.literal(query.after[1]))
            asked = asked.where(sa.tuple_(every.c.at, every.c.id) < seen)
        ordered = asked.order_by(every.c.at.desc(), every.c.id.desc()).limit(query.limit)
        return [
            port.Moment(at=row.at, kind=MomentKind(row.kind), id=row.id)
            for row in self._connection.execute(ordered)
        ]

    def rows(self, kind: type[TalkRead], ids: Collection[str]) -> Mapping[str, TalkRead]:
        """Rows of one kind by id."""
        return {row.id: row for row in self._of(kind, ids)}

    def items(self, ids: Collection[str]) -> Mapping[str, PlanItem]:
        """Planned results by id."""
        return {row.id: row for row in self._of(PlanItem, ids)}

    def agendas(self, check_in_ids: Collection[str]) -> Sequence[AgendaItem]:
        """Topics of several check-ins, by check-in and number."""
        held = dt.agenda_item.c
        query = sa.select(dt.agenda_item).where(held.check_in_id.in_(check_in_ids))
        return self._rows.all(AgendaItem, query.order_by(held.check_in_id, held.number))

    def sessions(self, coaching_ids: Collection[str]) -> Sequence[CoachingSession]:
        """Sessions of several coachings, by coaching and number."""
        held = ct.coaching_session.c
        query = sa.select(ct.coaching_session).where(held.coaching_id.in_(coaching_ids))
        return self._rows.all(CoachingSession, query.order_by(held.coaching_id, held.number))

    def blockers(self, person_id: str, cycle_id: str, limit: int = 5) -> Sequence[Documentation]:
        """The last documentations that say what stood in the way, newest first."""
        held = ft.documentation.c
        query = (
            sa.select(ft.documentation)
            .join(p.plan_item, p.plan_item.c.id == held.item_id)
            .join(p.plan, p.plan.c.id == p.plan_item.c.plan_id)
            .where(p.plan.c.person_id == person_id, p.plan.c.cycle_id == cycle_id)
            .where(held.obstacles != "")
            .order_by(held.at.desc(), held.id.desc())
            .limit(limit)
        )
        return self._rows.all(Documentation, query)

    def objections(self, query: ObjectionQuery) -> Sequence[port.ObjectionCard]:
        """Objections with their open task, newest first, keyset paged by (raised_at, id)."""
        held, rated, step = p.objection.c, p.rating.c, _open_steps()
        home = _home_of(rated.person_id)
        asked = (
            sa.select(
                *columns_of(Objection, p.objection),
                rated.person_id,
                a.person.c.name.label("person_name"),
                home.label("unit_id"),
                rated.rater_id,
                rated.on_behalf_of,
                step.c.key.label("task_key"),
                step.c.element_id.label("task_element"),
                step.c.assignee,
                step.c.due_at,
            )
            .join(p.rating, rated.id == held.rating_id)
            .join(a.person, a.person.c.id == rated.person_id)
            .outerjoin(step, sa.and_(step.c.about == rated.person_id, step.c.place == 1))
            .where(rated.cycle_id == query.cycle_id)
        )
        if not query.everybody:
            near = sa.or_(
                home.in_(query.unit_ids),
                rated.rater_id.in_(query.raters),
                rated.on_behalf_of.in_(query.raters),
                step.c.assignee.in_(query.raters),
            )
            asked = asked.where(near)
        if query.after is not None:
            seen = sa.tuple_(sa.literal(query.after[0], UtcDateTime), sa.literal(query.after[1]))
            asked = asked.where(sa.tuple_(held.raised_at, held.id) < seen)
        ordered = asked.order_by(held.raised_at.desc(), held.id.desc()).limit(query.limit)
        names = [column.name for column in columns_of(Objection, p.objection)]
        found = []
        for row in self._connection.execute(ordered).mappings():
            rest = {name: value for name, value in row.items() if name not in names}
            said = Objection(**{name: row[name] for name in names})
            found.append(port.ObjectionCard(objection=said, **rest))
        return found

    def objections_by_state(self, cycle_id: str) -> Mapping[str, int]:
        """How many objections of a cycle are in each state; nobody's name."""
        query = (
            sa.select(p.objection.c.state, sa.func.count().label("cases"))
            .join(p.rating, p.rating.c.id == p.objection.c.rating_id)
            .where(p.rating.c.cycle_id == cycle_id)
            .group_by(p.objection.c.state)
        )
        return {str(row.state.value): row.cases for row in self._connection.execute(query)}

    def own_errand(self, person_id: str, element_ids: Collection[str]) -> Errand | None:
        """The person's own open task at one of these steps, earliest due first."""
        held = user_task.c
        query = (
            sa.select(*errand_columns(held.assignee))
            .where(IS_OPEN, held.assignee == person_id, held.element_id.in_(element_ids))
            .order_by(held.sort_at, held.key)
            .limit(1)
        )
        found = self._connection.execute(query).mappings().first()
        return None if found is None else Errand(**found)

    def about(self, root_keys: Collection[int]) -> Mapping[int, str]:
        """Whom processes are about, by root key: the person their business key begins with."""
        held = process_instance.c
        query = sa.select(held.key, ABOUT.label("about"))
        rows = self._connection.execute(query.where(held.key.in_(root_keys)))
        return {row.key: row.about for row in rows if row.about is not None}

    def _of(self, kind: type[Any], ids: Collection[str]) -> list[Any]:
        if not ids:
            return []
        table = _TABLES[kind]
        return self._rows.all(kind, sa.select(*columns_of(kind, table)).where(table.c.id.in_(ids)))


def _arm(kind: MomentKind, at: Any, row_id: Any) -> sa.Select[Any]:
    return sa.select(
        at.label("at"), sa.literal(kind.value, sa.Text).label("kind"), row_id.label("id")
    )


def _documentation(query: MomentQuery) -> sa.Select[Any]:
    held = ft.documentation.c
    return (
        _arm(MomentKind.DOCUMENTATION, held.at, held.id)
        .join(p.plan_item, p.plan_item.c.id == held.item_id)
        .join(p.plan, p.plan.c.id == p.plan_item.c.plan_id)
        .where(p.plan.c.person_id == query.person_id, p.plan.c.cycle_id == query.cycle_id)
        # a blocker is a documentation with words about what stands in the way
        .where(held.obstacles == "" if MomentKind.BLOCKER in query.kinds else sa.true())
    )


def _blockers(query: MomentQuery) -> sa.Select[Any]:
    held = ft.documentation.c
    return (
        _arm(MomentKind.BLOCKER, held.at, held.id)
        .join(p.plan_item, p.plan_item.c.id == held.item_id)
        .join(p.plan, p.plan.c.id == p.plan_item.c.plan_id)
        .where(p.plan.c.person_id == query.person_id, p.plan.c.cycle_id == query.cycle_id)
        .where(held.obstacles != "")
    )


def _feedback(query: MomentQuery) -> sa.Select[Any]:
    held = ft.feedback_note.c
    return _arm(MomentKind.FEEDBACK, held.at, held.id).where(
        held.person_id == query.person_id, held.cycle_id == query.cycle_id
    )


def _check_ins(query: MomentQuery) -> sa.Select[Any]:
    held = dt.check_in.c
    mine = sa.or_(sa.literal(query.talks), held.leader_id == query.reader_id)
    return _arm(MomentKind.CHECK_IN, held.meets_at, held.id).where(
        held.person_id == query.person_id, held.cycle_id == query.cycle_id, mine
    )


def _commitments(query: MomentQuery) -> sa.Select[Any]:
    held = dt.commitment.c
    own = sa.or_(held.owner_id == query.reader_id, held.counterpart_id == query.reader_id)
    open_to = sa.and_(sa.literal(query.talks), sa.not_(held.confidential))
    return _arm(MomentKind.COMMITMENT, held.at, held.id).where(
        sa.or_(held.owner_id == query.person_id, held.counterpart_id == query.person_id),
        held.cycle_id == query.cycle_id,
        sa.or_(own, open_to),
    )


def _incidents(query: MomentQuery) -> sa.Select[Any]:
    held = ft.behaviour_incident.c
    return _arm(MomentKind.INCIDENT, held.at, held.id).where(
        held.person_id == query.person_id, held.cycle_id == query.cycle_id
    )


def _coachings(query: MomentQuery) -> sa.Select[Any]:
    held = ct.coaching.c
    own = sa.or_(held.person_id == query.reader_id, held.coach_id == query.reader_id)
    at_work = sa.and_(sa.literal(query.guides), held.kind == CoachingKind.BIMBINGAN)
    return _arm(MomentKind.COACHING, held.at, held.id).where(
        held.person_id == query.person_id, held.cycle_id == query.cycle_id, sa.or_(own, at_work)
    )


def _notes(query: MomentQuery) -> sa.Select[Any]:
    """The reader's own words about the person, or written at the person's own talks."""
    held = dt.private_note.c
    return (
        _arm(MomentKind.NOTE, held.at, held.id)
        .outerjoin(dt.check_in, dt.check_in.c.id == held.check_in_id)
        .outerjoin(ct.coaching, ct.coaching.c.id == held.coaching_id)
        .where(held.author_id == query.reader_id)
        .where(
            sa.or_(
                held.about_id == query.person_id,
                dt.check_in.c.person_id == query.person_id,
                ct.coaching.c.person_id == query.person_id,
            )
        )
    )


def _risks(query: MomentQuery) -> sa.Select[Any]:
    held = g.risk_review.c
    return (
        _arm(MomentKind.RISK, held.at, held.id)
        .join(g.risk, g.risk.c.id == held.risk_id)
        .join(p.plan_item, p.plan_item.c.id == g.risk.c.item_id)
        .join(p.plan, p.plan.c.id == p.plan_item.c.plan_id)
        .where(p.plan.c.person_id == query.person_id, p.plan.c.cycle_id == query.cycle_id)
    )


_ARMS: Final[Mapping[MomentKind, Callable[[MomentQuery], sa.Select[Any]]]] = {
    MomentKind.DOCUMENTATION: _documentation,
    MomentKind.BLOCKER: _blockers,
    MomentKind.FEEDBACK: _feedback,
    MomentKind.CHECK_IN: _check_ins,
    MomentKind.COMMITMENT: _commitments,
    MomentKind.INCIDENT: _incidents,
    MomentKind.COACHING: _coachings,
    MomentKind.NOTE: _notes,
    MomentKind.RISK: _risks,
}


def _home_of(person_id: Any) -> Any:
    """Unit of a person's newest definitive post."""
    held = a.appointment.c
    return (
        sa.select(a.post.c.unit_id)
        .join(a.appointment, held.post_id == a.post.c.id)
        .where(held.person_id == person_id, held.kind == AppointmentKind.DEFINITIVE)
        .order_by(held.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )


def _open_steps() -> sa.Subquery:
    """Open steps of objections by the person they are about, the one that is due first first."""
    held = user_task.c
    place = sa.func.row_number().over(partition_by=ABOUT, order_by=(held.sort_at, held.key))
    return (
        sa.select(
            ABOUT.label("about"),
            held.key,
            held.element_id,
            held.assignee,
            held.due_at,
            place.label("place"),
        )
        .join(process_instance, process_instance.c.key == held.root_key)
        .where(IS_OPEN, held.process_id == "objection")
        .subquery("step")
    )
