"""Surveys and complaints on SQL."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.complaints import Complaint, ComplaintState
from engine.domain.people import AppointmentKind
from engine.domain.plans import PlanStatus, RoleKind
from engine.domain.surveys import (
    Answer,
    Question,
    Ruling,
    Score,
    SinglePass,
    Survey,
    SurveyState,
    Tally,
)
from engine.domain.surveys import Standing as Ruled
from engine.persistence.stores.entities import Entities
from engine.persistence.stores.survey_marks import SqlSurveyMarks
from engine.persistence.tables import agency as a
from engine.persistence.tables import surveys as t
from engine.persistence.tables.performance import plan, plan_item
from engine.usecases.ports.surveys import AnswerRow, Counts, Subject

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from engine.persistence.stores.transaction import Transaction

TABLES: Final = {
    Survey: t.survey,
    Question: t.survey_question,
    SinglePass: t.survey_pass,
    Answer: t.survey_answer,
    Score: t.survey_score,
    Ruling: t.survey_ruling,
    Complaint: t.complaint,
}
_A, _S, _R = t.survey_answer.c, t.survey_score.c, t.survey_ruling.c
_NO_FLAGS: Final = sa.func.length(sa.cast(_A.flags, sa.String)) == 0


class SqlSurveyStore(SqlSurveyMarks):
    """`SurveyStore` on a transaction."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx.connection, is_postgresql=tx.is_postgresql)
        self._rows = Entities(tx.connection, TABLES)

    def add(self, rows: Sequence[Any]) -> None:
        """Insert rows; `Conflict` names a broken constraint."""
        self._rows.add(rows)

    def put(self, row: Any) -> None:
        """Write all fields of a row with an id; `Conflict` names a broken constraint."""
        self._rows.put(row)

    def survey(self, survey_id: str) -> Survey | None:
        """A survey by id."""
        return self._rows.get(Survey, survey_id)

    def complaint(self, complaint_id: str) -> Complaint | None:
        """A complaint by id."""
        return self._rows.get(Complaint, complaint_id)

    def answer(self, answer_id: str) -> Answer | None:
        """An answer by id."""
        return self._rows.get(Answer, answer_id)

    def by_selector(self, selector: str) -> Survey | None:
        """The survey that a public link names."""
        return self._rows.first(Survey, _named(t.survey, selector))

    def pass_by_selector(self, selector: str) -> SinglePass | None:
        """The single link of a selector."""
        return self._rows.first(SinglePass, _named(t.survey_pass, selector))

    def complaint_by_selector(self, selector: str) -> Complaint | None:
        """The complaint that a code names."""
        return self._rows.first(Complaint, _named(t.complaint, selector))

    def passes(self, survey_ids: Collection[str]) -> Mapping[str, tuple[int, int]]:
        """Single links by survey: made, and used."""
        held = t.survey_pass.c
        used = sa.func.sum(sa.case((held.spent, 1), else_=0))
        query = (
            sa.select(held.survey_id, sa.func.count(), used)
            .where(held.survey_id.in_(sorted(survey_ids)))
            .group_by(held.survey_id)
        )
        return {row[0]: (int(row[1]), int(row[2])) for row in self._connection.execute(query)}

    def questions(self, survey_ids: Collection[str]) -> Mapping[str, Sequence[Question]]:
        """Questions by survey, in order."""
        held = t.survey_question.c
        query = (
            sa.select(t.survey_question)
            .where(held.survey_id.in_(sorted(survey_ids)))
            .order_by(held.survey_id, held.number)
        )
        found: dict[str, list[Question]] = defaultdict(list)
        for row in self._rows.all(Question, query):
            found[row.survey_id].append(row)
        return found

    def of_units(self, unit_ids: Collection[str], *, limit: int) -> Sequence[Survey]:
        """Surveys of units, newest window first."""
        held = t.survey.c
        query = sa.select(t.survey).where(held.unit_id.in_(sorted(unit_ids)))
        return self._rows.all(
            Survey, query.order_by(held.opens_at.desc(), held.id.desc()).limit(limit)
        )

    def of_items(self, item_ids: Collection[str]) -> Sequence[Survey]:
        """Closed surveys of planned results, newest window first."""
        held = t.survey.c
        query = sa.select(t.survey).where(
            held.item_id.in_(sorted(item_ids)),
            held.state.in_([SurveyState.CLOSED, SurveyState.TOLD]),
        )
        return self._rows.all(Survey, query.order_by(held.opens_at.desc(), held.id.desc()))

    def counts(self, survey_ids: Collection[str]) -> Mapping[str, Counts]:
        """Answers by survey; a survey without any is missing."""
        newest = _newest()
        aside = sa.case((newest.c.standing == Ruled.ASIDE, 1), else_=0)
        odd = sa.case((sa.and_(newest.c.standing.is_(None), ~_NO_FLAGS), 1), else_=0)
        query = (
            sa.select(_A.survey_id, sa.func.count(), sa.func.sum(aside), sa.func.sum(odd))
            .select_from(t.survey_answer.outerjoin(newest, newest.c.answer_id == _A.id))
            .where(_A.survey_id.in_(sorted(survey_ids)))
            .group_by(_A.survey_id)
        )
        return {
            row[0]: Counts(taken=int(row[1]), aside=int(row[2]), odd=int(row[3]))
            for row in self._connection.execute(query)
        }

    def tallies(
        self, survey_ids: Collection[str], *, sound: bool = False
    ) -> Mapping[str, Sequence[Tally]]:
        """Sums by question of what counts; `sound` leaves odd ones out that nobody looked at."""
        newest = _newest()
        counts = sa.or_(newest.c.standing.is_(None), newest.c.standing == Ruled.COUNTED)
        if sound:
            counts = sa.and_(counts, sa.or_(_NO_FLAGS, newest.c.standing.is_not(None)))
        query = (
            sa.select(_S.survey_id, _S.number, sa.func.count(), sa.func.sum(_S.score))
            .select_from(
                t.survey_score.join(t.survey_answer, _A.id == _S.answer_id).outerjoin(
                    newest, newest.c.answer_id == _A.id
                )
            )
            .where(_S.survey_id.in_(sorted(survey_ids)), counts)
            .group_by(_S.survey_id, _S.number)
            .order_by(_S.survey_id, _S.number)
        )
        found: dict[str, list[Tally]] = defaultdict(list)
        for row in self._connection.execute(query):
            found[row[0]].append(Tally(number=row[1], people=int(row[2]), total=int(row[3])))
        return found

    def answers(
        self, survey_id: str, *, after: str = "", odd: bool = False, limit: int
    ) -> Sequence[AnswerRow]:
        """Answers in no order of time; `odd` for those with a flag or set aside."""
        newest = _newest()
        query = (
            sa.select(*t.survey_answer.c, newest.c.standing, newest.c.reason)
            .select_from(t.survey_answer.outerjoin(newest, newest.c.answer_id == _A.id))
            .where(_A.survey_id == survey_id, _A.id > after)
        )
        if odd:
            query = query.where(sa.or_(~_NO_FLAGS, newest.c.standing.is_not(None)))
        rows = list(self._connection.execute(query.order_by(_A.id).limit(limit)).mappings())
        scores = self._scores([row["id"] for row in rows])
        names = [column.name for column in t.survey_answer.c]
        return [
            AnswerRow(
                answer=Answer(**{name: row[name] for name in names}),
                standing=row["standing"],
                reason=row["reason"] or "",
                scores=scores[row["id"]],
            )
            for row in rows
        ]

    def complaints(self, unit_id: str, *, limit: int) -> Sequence[Complaint]:
        """Complaints about a unit, newest first."""
        held = t.complaint.c
        query = sa.select(t.complaint).where(held.unit_id == unit_id)
        return self._rows.all(
            Complaint, query.order_by(held.received_on.desc(), held.id.desc()).limit(limit)
        )

    def complaint_counts(
        self, item_ids: Collection[str]
    ) -> Mapping[str, Mapping[ComplaintState, int]]:
        """How many complaints about planned results stand in each state; by result."""
        held = t.complaint.c
        query = (
            sa.select(held.item_id, held.state, sa.func.count())
            .where(held.item_id.in_(sorted(item_ids)))
            .group_by(held.item_id, held.state)
        )
        found: dict[str, dict[ComplaintState, int]] = defaultdict(dict)
        for item_id, state, count in self._connection.execute(query):
            found[item_id][ComplaintState(state)] = int(count)
        return found

    def complaints_about(self, item_ids: Collection[str], *, limit: int) -> Sequence[Complaint]:
        """Complaints about planned results, newest first."""
        held = t.complaint.c
        query = sa.select(t.complaint).where(held.item_id.in_(sorted(item_ids)))
        return self._rows.all(
            Complaint, query.order_by(held.received_on.desc(), held.id.desc()).limit(limit)
        )

    def subjects(self, agency_id: str, cycle_id: str, on: date) -> Sequence[Subject]:
        """Fixed results of heads in a cycle, by unit and number."""
        held = a.appointment.c
        query = (
            sa.select(
                a.unit.c.id.label("unit_id"),
                a.unit.c.name.label("unit"),
                plan_item.c.id.label("item_id"),
                plan_item.c.title.label("title"),
            )
            .join(a.post, a.post.c.unit_id == a.unit.c.id)
            .join(a.appointment, held.post_id == a.post.c.id)
            .join(plan, plan.c.person_id == held.person_id)
            .join(plan_item, plan_item.c.plan_id == plan.c.id)
            .where(
                a.unit.c.agency_id == agency_id,
                a.post.c.is_head,
                held.kind == AppointmentKind.DEFINITIVE,
                held.valid_from <= on,
                sa.or_(held.valid_to.is_(None), held.valid_to > on),
                plan.c.cycle_id == cycle_id,
                plan.c.status == PlanStatus.FIXED,
                plan_item.c.role_kind == RoleKind.HOME,
                plan_item.c.origin_item_id.is_(None),
            )
            .order_by(a.unit.c.name, a.unit.c.id, plan_item.c.number)
        )
        return [Subject(**row) for row in self._connection.execute(query).mappings()]

    def _scores(self, answer_ids: Collection[str]) -> Mapping[str, dict[int, int]]:
        query = sa.select(_S.answer_id, _S.number, _S.score).where(
            _S.answer_id.in_(sorted(answer_ids))
        )
        found: dict[str, dict[int, int]] = defaultdict(dict)
        for row in self._connection.execute(query.order_by(_S.number)):
            found[row.answer_id][row.number] = row.score
        return found


def _named(table: sa.Table, selector: str) -> sa.Select[Any]:
    return sa.select(table).where(table.c.selector == selector)


def _newest() -> sa.Subquery:
    """The newest ruling of each answer."""
    last = sa.select(sa.func.max(_R.id)).group_by(_R.answer_id)
    return sa.select(_R.answer_id, _R.standing, _R.reason).where(_R.id.in_(last)).subquery()
