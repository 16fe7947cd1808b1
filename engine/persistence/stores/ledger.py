"""The credit ledger on SQL: append, chain, balances, roll-ups; integers only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.chain import chained
from engine.domain.claims import AttestDecision, Commitment
from engine.domain.ledger import (
    COLLECTIVE,
    PERSON_PREFIX,
    POOL,
    LineClass,
    Transfer,
    TransferCode,
)
from engine.domain.outputs import Output
from engine.persistence.stores.cycles import same_year
from engine.persistence.stores.entities import Entities, columns_of, translated, values_of
from engine.persistence.stores.roll_ups import ALLOCATED, ALLOCATES, POINTS, roll_up, worked_in
from engine.persistence.tables import contributions as t
from engine.persistence.tables import performance as p
from engine.usecases.ports.contributions import CreditLine, Flow, PoolRest, RollUp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_T: Final = t.transfer.c
_PRIMARY: Final = _T.line_class == LineClass.PRIMARY
_ROW: Final = columns_of(Transfer, t.transfer)
#: a row takes V of its output with it, so that a roll-up reads one table
_INSERT: Final = t.transfer.insert().values(
    value_points=sa.select(t.output.c.value_points)
    .where(t.output.c.id == sa.bindparam("of_output"))
    .scalar_subquery()
)


class SqlLedger:
    """The ledger's part of `ContributionStore`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._ledger = Entities(connection, {Transfer: t.transfer, Output: t.output})

    def append(self, transfers: Sequence[Transfer]) -> Sequence[Transfer]:
        """Post rows of one output, chained and hashed; `Conflict` names a broken invariant."""
        stored: list[Transfer] = []
        for row in transfers:
            before = stored[-1].hash if stored else self._last_hash(row.output_id)
            placed = chained(row, row_id=self._next_id(), prev_hash=before)
            with translated():
                self._connection.execute(_INSERT, values_of(placed) | {"of_output": row.output_id})
            stored.append(placed)
        return stored

    def ledger(self, output_id: str) -> Sequence[Transfer]:
        """All rows of an output in order."""
        query = sa.select(*_ROW).where(_T.output_id == output_id).order_by(_T.id)
        return self._ledger.all(Transfer, query)

    def transfer(self, row_id: int) -> Transfer | None:
        """One row of the ledger by its number."""
        return self._ledger.first(Transfer, sa.select(*_ROW).where(_T.id == row_id))

    def ledger_of_person(self, person_id: str, cycle_id: str) -> Sequence[tuple[Transfer, Output]]:
        """Rows of a person in a cycle, oldest first, each with its output."""
        return self._with_outputs(_T.person_id == person_id, cycle_id, anywhere=True)

    def ledger_of_unit(
        self, unit_id: str, cycle_id: str, *, side: str
    ) -> Sequence[tuple[Transfer, Output]]:
        """Rows of a unit as "home" (its people's lines) or as "host" (its squads' rows)."""
        if side == "home":
            return self._with_outputs(
                sa.and_(_T.home_unit_id == unit_id, _T.person_id.is_not(None)),
                cycle_id,
                anywhere=True,
            )
        return self._with_outputs(_T.host_unit_id == unit_id, cycle_id)

    def balances(self, output_id: str) -> Mapping[str, int]:
        """Balance of every PRIMARY account of an output but ISSUE."""
        change = sa.case((_T.debit_account == POOL, _T.credit_account), else_=_T.debit_account)
        others = (
            sa.select(change.label("account"), sa.func.sum(ALLOCATED).label("held"))
            .where(_T.output_id == output_id, ALLOCATES)
            .group_by(change)
        )
        found = {row.account: int(row.held) for row in self._connection.execute(others)}
        opened = self._connection.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(_T.amount_bp), 0)).where(
                _T.output_id == output_id, _T.code == TransferCode.OPEN
            )
        )
        return {POOL: int(opened or 0) - sum(found.values()), **found}

    def credit_lines(
        self,
        cycle_id: str,
        *,
        person_id: str | None = None,
        output_id: str | None = None,
        squad_id: str | None = None,
    ) -> Sequence[CreditLine]:
        """Lines of people in outputs of a cycle, by squad, output and membership."""
        o, line, plan = t.output.c, t.share_line.c, t.share_plan.c
        later = t.share_plan.alias("later")
        newest = ~sa.exists().where(
            later.c.output_id == plan.output_id, later.c.version > plan.version
        )
        query = (
            sa.select(*_line_columns())
            .select_from(t.output)
            .join(t.squad, t.squad.c.id == o.squad_id)
            .join(t.share_plan, plan.output_id == o.id)
            .join(t.share_line, line.share_plan_id == plan.id)
            .where(newest)
            .order_by(t.squad.c.code, o.number, line.membership_id)
        )
        # a guest's work lies in the cycle of the agency that hosts his squad
        here = o.cycle_id == cycle_id if person_id is None else o.cycle_id.in_(same_year(cycle_id))
        query = query.where(here)
        if person_id is not None:
            query = query.where(line.person_id == person_id)
        if output_id is not None:
            query = query.where(o.id == output_id)
        if squad_id is not None:
            query = query.where(o.squad_id == squad_id)
        return [CreditLine(**row) for row in self._connection.execute(query).mappings()]

    def home_view(self, cycle_id: str, unit_id: str | None = None) -> Sequence[RollUp]:
        """Allocated credit by home unit, or of one: one GROUP BY of the ledger's rows."""
        which = sa.and_(_worked(cycle_id), *_in(unit_id, _T.home_unit_id))
        return roll_up(self._connection, "home", which)

    def host_view(self, cycle_id: str, unit_id: str | None = None) -> Sequence[RollUp]:
        """Allocated credit by host unit, or of one: another GROUP BY of the same rows."""
        which = sa.and_(_worked(cycle_id), *_in(unit_id, _T.host_unit_id))
        return roll_up(self._connection, "host", which)

    def flows(self, cycle_id: str, unit_id: str | None = None) -> Sequence[Flow]:
        """The matrix of home and host units, own work included; or what one gave and got."""
        query = (
            sa.select(_T.home_unit_id, _T.host_unit_id, sa.func.sum(POINTS).label("points_e4"))
            .where(_worked(cycle_id), ALLOCATES)
            .where(*_in(unit_id, _T.home_unit_id, _T.host_unit_id))
            .group_by(_T.home_unit_id, _T.host_unit_id)
            .order_by(_T.home_unit_id, _T.host_unit_id)
        )
        return [
            Flow(
                home_unit_id=row.home_unit_id,
                host_unit_id=row.host_unit_id,
                points_e4=int(row.points_e4),
            )
            for row in self._connection.execute(query)
        ]

    def pools(self, cycle_id: str, unit_id: str | None = None) -> Sequence[PoolRest]:
        """What is not allocated yet, by host unit, or of one."""
        value = _T.amount_bp * _T.value_points
        opened = sa.case((_T.code == TransferCode.OPEN, value), else_=0)
        pool = sa.case((_T.code == TransferCode.OPEN, value), else_=-POINTS)
        query = (
            sa.select(
                _T.host_unit_id.label("unit_id"),
                sa.func.sum(pool).label("pool_e4"),
                sa.func.sum(opened).label("value_e4"),
            )
            .where(_worked(cycle_id), _PRIMARY, *_in(unit_id, _T.host_unit_id))
            .group_by(_T.host_unit_id)
            .order_by(_T.host_unit_id)
        )
        return [
            PoolRest(unit_id=row.unit_id, pool_e4=int(row.pool_e4), value_e4=int(row.value_e4))
            for row in self._connection.execute(query)
        ]

    def outputs_with_ledger(self) -> Sequence[str]:
        """Ids of all outputs that have rows."""
        query = sa.select(_T.output_id).distinct().order_by(_T.output_id)
        return list(self._connection.scalars(query))

    def misvalued(self) -> Sequence[str]:
        """Ids of outputs that a row counts by another value than theirs."""
        query = (
            sa.select(_T.output_id)
            .join(t.output, t.output.c.id == _T.output_id)
            .where(_T.value_points != t.output.c.value_points)
            .distinct()
            .order_by(_T.output_id)
        )
        return list(self._connection.scalars(query))

    def ledger_extent(self) -> tuple[int, int]:
        """How many outputs have rows and how many rows there are."""
        counted = sa.select(sa.func.count(_T.output_id.distinct()), sa.func.count(_T.id))
        outputs, rows = self._connection.execute(counted).one()
        return int(outputs), int(rows)

    def _with_outputs(
        self, which: sa.ColumnElement[bool], cycle_id: str, *, anywhere: bool = False
    ) -> Sequence[tuple[Transfer, Output]]:
        here = t.output.c.cycle_id == cycle_id
        inside = t.output.c.cycle_id.in_(same_year(cycle_id)) if anywhere else here
        query = (
            sa.select(*_ROW)
            .join(t.output, t.output.c.id == _T.output_id)
            .where(which, inside)
            .order_by(_T.id)
        )
        rows = self._ledger.all(Transfer, query)
        wanted = (
            sa.select(t.output)
            .where(inside)
            .where(t.output.c.id.in_({row.output_id for row in rows}))
        )
        outputs = {o.id: o for o in self._ledger.all(Output, wanted)} if rows else {}
        return [(row, outputs[row.output_id]) for row in rows]

    def _last_hash(self, output_id: str) -> str:
        query = sa.select(_T.hash).where(_T.output_id == output_id).order_by(_T.id.desc()).limit(1)
        return self._connection.scalar(query) or ""

    def _next_id(self) -> int:
        if self._connection.dialect.name == "postgresql":
            query: sa.Select[Any] = sa.select(
                sa.func.nextval(sa.func.pg_get_serial_sequence("transfer", "id"))
            )
        else:
            # one writer at a time, and rows never leave: the next number is free
            query = sa.select(sa.func.coalesce(sa.func.max(_T.id), 0) + 1)
        return int(self._connection.execute(query).scalar_one())


def _worked(cycle_id: str) -> sa.ColumnElement[bool]:
    return worked_in(p.period.c.cycle_id == cycle_id)


def _line_columns() -> list[sa.ColumnElement[Any]]:
    o, line = t.output.c, t.share_line.c
    mine = t.transfer.alias("mine")
    held = sa.case((mine.c.debit_account == POOL, mine.c.amount_bp), else_=-mine.c.amount_bp)
    own = (mine.c.output_id == o.id, mine.c.line_class == LineClass.PRIMARY)
    allocated = (*own, mine.c.code != TransferCode.OPEN)
    opened = sa.case((mine.c.code == TransferCode.OPEN, mine.c.amount_bp), else_=-held)
    at_collective = sa.or_(mine.c.credit_account == COLLECTIVE, mine.c.debit_account == COLLECTIVE)
    return [
        o.id.label("output_id"),
        o.squad_id,
        line.membership_id,
        line.person_id,
        o.title,
        o.period_id.label("work_period_id"),
        o.value_points,
        o.attainment,
        sa.cast(o.status, sa.Text).label("output_status"),
        line.expected_bp,
        _sum(held, *allocated, _touches(mine, line.person_id)).label("credited_bp"),
        _sum(held, *allocated, at_collective).label("collective_bp"),
        _sum(opened, *own).label("pool_bp"),
        _commitment().label("commitment"),
    ]


def _touches(mine: Any, person: sa.Column[str]) -> sa.ColumnElement[bool]:
    account = sa.literal(PERSON_PREFIX).concat(person)
    return sa.or_(mine.c.credit_account == account, mine.c.debit_account == account)


def _sum(what: sa.ColumnElement[int], *where: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    total = sa.select(sa.func.coalesce(sa.func.sum(what), 0)).where(*where)
    return sa.cast(total.correlate(t.output, t.share_line).scalar_subquery(), sa.Integer)


def _commitment() -> sa.ScalarSelect[Commitment | None]:
    held, claim = t.attestation.c, t.claim.c
    return (
        sa.select(held.commitment)
        .join(t.claim, claim.id == held.claim_id)
        .where(claim.output_id == t.output.c.id, claim.person_id == t.share_line.c.person_id)
        .where(held.decision != AttestDecision.RETURN)
        .order_by(held.at.desc(), held.id.desc())
        .limit(1)
        .correlate(t.output, t.share_line)
        .scalar_subquery()
    )


def _in(unit_id: str | None, *columns: sa.ColumnElement[str]) -> list[sa.ColumnElement[bool]]:
    """One unit on any of these sides: its index finds the rows; nothing for all units."""
    return [] if unit_id is None else [sa.or_(*(column == unit_id for column in columns))]
