"""Squads over many rows on SQL: whose they are, and what waits in them; a statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.claims import ClaimState
from engine.domain.disputes import DisputeState
from engine.domain.ledger import POOL, LineClass
from engine.domain.outputs import OutputStatus
from engine.domain.squads import SquadRole
from engine.persistence.stores.squad_papers import SqlSquadPapers
from engine.persistence.stores.squad_sheets import SqlSquadSheets
from engine.persistence.tables import contributions as t
from engine.persistence.tables.agency import person, unit
from engine.persistence.tables.process import user_task
from engine.persistence.tables.workplace import notice
from engine.usecases.ports.radar import reminder_prefix
from engine.usecases.ports.squad_room import (
    Delivery,
    OpenPool,
    Part,
    Scope,
    SquadCard,
    Unclaimed,
    WaitingClaim,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

#: user tasks of the drawing `contribution`
ACCEPTING: Final = ("accept_output", "accept_for_sponsor")
ATTESTING: Final = ("attest", "attest_for_lead")
CLAIMING: Final = ("claim_early", "claim")

_O, _S, _M, _C, _T = t.output.c, t.squad.c, t.membership.c, t.claim.c, user_task.c
_OPEN: Final = sa.text("user_task.state = 'created'")
#: an output and its squad, as every list names them
_OUTPUT: Final = (_O.id.label("output_id"), _O.squad_id, _S.name.label("squad"), _O.title)
_ACCEPTED: Final = (OutputStatus.ACCEPTED, OutputStatus.SEALED)


class SqlSquadRoom(SqlSquadPapers, SqlSquadSheets):
    """`SquadRoom` on a transaction; what stands on one squad's page is `SqlSquadSheets`."""

    def squads_of(
        self,
        person_id: str,
        span: tuple[date, date],
        today: date,
        *,
        after: tuple[str, str] | None = None,
        limit: int = 50,
    ) -> Sequence[SquadCard]:
        """Squads that somebody leads, sponsors or works in, by code and id."""
        mine = sa.select(_M.squad_id).where(_M.person_id == person_id, _holds_in(span))
        sponsored = sa.select(_S.id).where(_S.sponsor_id == person_id)
        query = (
            sa.select(*_card(person_id, span, today))
            .join(unit, unit.c.id == _S.host_unit_id)
            .where(_S.id.in_(mine.union(sponsored)))
            .where(_S.starts_on <= span[1], _S.ends_on >= span[0])
            .order_by(_S.code, _S.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(
                sa.tuple_(_S.code, _S.id) > sa.tuple_(sa.literal(after[0]), sa.literal(after[1]))
            )
        rows = self._tx.execute(query).mappings()
        return [SquadCard(**{**row, "part": Part(row["part"])}) for row in rows]

    def deliveries(self, scope: Scope, limit: int = 50) -> Sequence[Delivery]:
        """Outputs handed over and not taken yet, the oldest first."""
        query = (
            sa.select(
                *_OUTPUT,
                _O.value_points,
                _O.delivered_at,
                *_task_columns(),
            )
            .join(t.squad, _S.id == _O.squad_id)
            .outerjoin(user_task, _task_of(_O.id, ACCEPTING))
            .outerjoin(person, person.c.id == _T.assignee)
            .where(_O.status == OutputStatus.DELIVERED, _within(scope))
            .order_by(_O.delivered_at, _O.id)
            .limit(limit)
        )
        return [Delivery(**row) for row in self._tx.execute(query).mappings()]

    def claims_waiting(self, scope: Scope, limit: int = 50) -> Sequence[WaitingClaim]:
        """Claims not decided yet, the oldest first."""
        holder = person.alias("holder")
        query = (
            sa.select(
                _C.id.label("claim_id"),
                *_OUTPUT,
                _C.person_id,
                person.c.name,
                _home(_C.person_id).label("home_unit"),
                _expected(_C.person_id).label("expected_bp"),
                _C.claimed_bp,
                _C.submitted_at,
                *_task_columns(holder),
            )
            .join(t.output, _O.id == _C.output_id)
            .join(t.squad, _S.id == _O.squad_id)
            .join(person, person.c.id == _C.person_id)
            .outerjoin(
                user_task,
                sa.and_(_task_of(_O.id, ATTESTING), _T.about_id == _C.person_id),
            )
            .outerjoin(holder, holder.c.id == _T.assignee)
            .where(_C.state == ClaimState.CLAIMED, _within(scope))
            .order_by(_C.submitted_at, _C.id)
            .limit(limit)
        )
        return [WaitingClaim(**row) for row in self._tx.execute(query).mappings()]

    def open_pools(self, scope: Scope, limit: int = 50) -> Sequence[OpenPool]:
        """Accepted outputs with something left in POOL, by squad and number."""
        left = pool_of(_O.id)
        query = (
            sa.select(
                *_OUTPUT,
                _O.value_points,
                left.label("pool_bp"),
            )
            .join(t.squad, _S.id == _O.squad_id)
            .where(_O.status == OutputStatus.ACCEPTED, _within(scope), left > 0)
            .order_by(_S.code, _O.number, _O.id)
            .limit(limit)
        )
        return [OpenPool(**row) for row in self._tx.execute(query).mappings()]

    def unclaimed(self, scope: Scope, limit: int = 200) -> Sequence[Unclaimed]:
        """Open claim tasks of members, by squad, output and name."""
        key = sa.literal(reminder_prefix(scope.today)).concat(sa.cast(_T.key, sa.Text))
        reminded = sa.exists().where(notice.c.person_id == _T.assignee, notice.c.key == key)
        query = (
            sa.select(
                _T.key.label("task_key"),
                _T.instance_key,
                *_OUTPUT,
                person.c.id.label("person_id"),
                person.c.name,
                _home(person.c.id).label("home_unit"),
                _expected(person.c.id).label("expected_bp"),
                _T.created_at.label("since"),
                _T.due_at,
                reminded.label("reminded"),
            )
            .select_from(t.output)
            .join(t.squad, _S.id == _O.squad_id)
            .join(user_task, _task_of(_O.id, CLAIMING))
            .join(person, person.c.id == _T.assignee)
            .where(_within(scope))
            .order_by(_S.code, _O.number, person.c.name, _T.key)
            .limit(limit)
        )
        return [Unclaimed(**row) for row in self._tx.execute(query).mappings()]


def pool_of(output_id: sa.ColumnElement[str]) -> Any:
    """What is left in POOL of an output, basis points; 0 before acceptance."""
    held = t.transfer.c
    change = sa.case((held.credit_account == POOL, held.amount_bp), else_=-held.amount_bp)
    return (
        sa.select(sa.cast(sa.func.coalesce(sa.func.sum(change), 0), sa.Integer))
        .where(held.output_id == output_id, held.line_class == LineClass.PRIMARY)
        .where(sa.or_(held.credit_account == POOL, held.debit_account == POOL))
        .correlate(t.output)
        .scalar_subquery()
    )


def _card(person_id: str, span: tuple[date, date], today: date) -> list[Any]:
    first, last = span
    here = sa.and_(_O.squad_id == _S.id, _O.due_on >= first, _O.due_on <= last)
    leads = sa.exists().where(
        _M.squad_id == _S.id,
        _M.person_id == person_id,
        _M.role == SquadRole.KETUA,
        _holds_on(today),
    )
    part = sa.case(
        (leads, Part.LEAD.value),
        (_S.sponsor_id == person_id, Part.SPONSOR.value),
        else_=Part.MEMBER.value,
    )
    present = sa.and_(_M.squad_id == _S.id, _holds_on(today))
    outputs = sa.select(sa.func.count()).select_from(t.output).where(here)
    claims = (
        sa.select(sa.func.count())
        .select_from(t.claim)
        .join(t.output, _O.id == _C.output_id)
        .where(here, _C.state == ClaimState.CLAIMED)
    )
    asked = (
        sa.select(sa.func.count())
        .select_from(t.output)
        .join(user_task, _task_of(_O.id, CLAIMING))
        .where(here)
    )
    contested = (
        sa.select(sa.func.count())
        .select_from(t.dispute)
        .join(t.output, _O.id == t.dispute.c.output_id)
        .where(here, t.dispute.c.state != DisputeState.RESOLVED)
    )
    return [
        _S.id.label("squad_id"),
        _S.code,
        _S.name,
        _S.letter_no,
        _S.starts_on,
        _S.ends_on,
        unit.c.name.label("host_unit"),
        part.label("part"),
        _number(sa.select(sa.func.count()).select_from(t.membership).where(present), "members"),
        _number(outputs, "outputs"),
        _number(outputs.where(_O.status.in_(_ACCEPTED)), "accepted"),
        _number(outputs.where(_O.status == OutputStatus.DELIVERED), "to_accept"),
        _number(claims, "to_attest"),
        _number(asked, "unclaimed"),
        _number(contested, "disputes"),
    ]


def _number(query: sa.Select[Any], name: str) -> Any:
    return query.correlate(t.squad).scalar_subquery().label(name)


def _within(scope: Scope) -> sa.ColumnElement[bool]:
    if scope.squad_id is not None:
        return _O.squad_id == scope.squad_id
    led = sa.select(_M.squad_id).where(
        _M.person_id == scope.person_id, _M.role == SquadRole.KETUA, _holds_on(scope.today)
    )
    sponsored = sa.select(_S.id).where(_S.sponsor_id == scope.person_id)
    return _O.squad_id.in_(led.union(sponsored))


def _holds_on(day: date) -> sa.ColumnElement[bool]:
    return sa.and_(_M.valid_from <= day, sa.or_(_M.valid_to.is_(None), _M.valid_to > day))


def _holds_in(span: tuple[date, date]) -> sa.ColumnElement[bool]:
    first, last = span
    return sa.and_(_M.valid_from <= last, sa.or_(_M.valid_to.is_(None), _M.valid_to > first))


def _task_of(output_id: sa.ColumnElement[str], elements: tuple[str, ...]) -> Any:
    return sa.and_(_OPEN, _T.output_id == output_id, _T.element_id.in_(elements))


def _task_columns(holder: Any = person) -> list[Any]:
    return [
        _T.key.label("task_key"),
        _T.assignee,
        holder.c.name.label("holder"),
        _T.due_at,
    ]


def _home(person_id: sa.ColumnElement[str]) -> Any:
    """Home unit of a person by his newest membership in the output's squad; "" without one."""
    named = (
        sa.select(unit.c.name)
        .select_from(t.membership)
        .join(unit, unit.c.id == _M.home_unit_id)
        .where(_M.squad_id == _O.squad_id, _M.person_id == person_id)
        .order_by(_M.valid_from.desc())
        .limit(1)
        .correlate(t.output, t.claim, person)
        .scalar_subquery()
    )
    return sa.func.coalesce(named, "")


def _expected(person_id: sa.ColumnElement[str]) -> Any:
    """Expected share of a person in the newest version; 0 without a line."""
    line, plan = t.share_line.c, t.share_plan.c
    found = (
        sa.select(line.expected_bp)
        .select_from(t.share_line)
        .join(t.share_plan, plan.id == line.share_plan_id)
        .where(plan.output_id == _O.id, line.person_id == person_id)
        .order_by(plan.version.desc())
        .limit(1)
        .correlate(t.output, t.claim, person)
        .scalar_subquery()
    )
    return sa.func.coalesce(found, 0)
