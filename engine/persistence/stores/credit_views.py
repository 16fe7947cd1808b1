"""Sums over the ledger by period, unit and agency; each one statement on integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.ledger import LineClass, TransferCode
from engine.persistence.stores.cycles import same_year
from engine.persistence.stores.roll_ups import ALLOCATES, POINTS, TOGETHER, roll_up, worked_in
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as p
from engine.usecases.ports.contributions import PoolRest, RollUp
from engine.usecases.ports.credits import MatrixCell, PeriodCredit, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

_T: Final = c.transfer.c


class SqlCreditViews:
    """The reading part of `CreditStore`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def by_period(self, person_id: str, cycle_id: str) -> Sequence[PeriodCredit]:
        """A person's PRIMARY credit of a cycle by work and posting period."""
        query = (
            sa.select(
                _T.work_period_id,
                _T.posting_period_id,
                sa.func.sum(POINTS).label("points"),
                sa.func.count().label("rows"),
            )
            .where(
                ALLOCATES,
                _T.person_id == person_id,
                worked_in(p.period.c.cycle_id.in_(same_year(cycle_id))),
            )
            .group_by(_T.work_period_id, _T.posting_period_id)
            .order_by(_T.work_period_id, _T.posting_period_id)
        )
        return [
            PeriodCredit(
                work_period_id=row.work_period_id,
                posting_period_id=row.posting_period_id,
                points_e4=int(row.points),
                rows=int(row.rows),
            )
            for row in self._connection.execute(query)
        ]

    def view(self, period_id: str, *, by: str, side: str) -> Sequence[RollUp]:
        """Allocated credit of a period by unit; `by` "work" or "posting", `side` home or host."""
        period = _T.work_period_id if by == "work" else _T.posting_period_id
        return roll_up(self._connection, side, period == period_id)

    def pools(self, period_id: str) -> Sequence[PoolRest]:
        """What is not allocated of a work period's outputs, by host unit."""
        value = _T.amount_bp * _T.value_points
        opened = sa.case((_T.code == TransferCode.OPEN, value), else_=0)
        rest = sa.case((_T.code == TransferCode.OPEN, value), else_=-POINTS)
        query = (
            sa.select(
                _T.host_unit_id.label("unit_id"),
                sa.func.sum(rest).label("pool"),
                sa.func.sum(opened).label("value"),
            )
            .where(_T.line_class == LineClass.PRIMARY, _T.work_period_id == period_id)
            .group_by(_T.host_unit_id)
            .order_by(_T.host_unit_id)
        )
        return [
            PoolRest(unit_id=row.unit_id, pool_e4=int(row.pool), value_e4=int(row.value))
            for row in self._connection.execute(query)
        ]

    def matrix(
        self, year: int, *, units: bool, agency_id: str | None = None, unit_id: str | None = None
    ) -> Sequence[MatrixCell]:
        """Who earned where in a year: by unit, or summed by agency (I5).

        Over all agencies; or what one agency, or one unit, gave and got.
        """
        places: list[Any] = [_T.home_agency_id, _T.host_agency_id]
        if units:
            places += [_T.home_unit_id, _T.host_unit_id]
        query = (
            sa.select(
                *places,
                sa.func.sum(POINTS).label("points"),
                sa.func.sum(TOGETHER).label("together"),
            )
            .join(p.period, p.period.c.id == _T.work_period_id)
            .join(p.cycle, p.cycle.c.id == p.period.c.cycle_id)
            .where(ALLOCATES, p.cycle.c.year == year)
            .group_by(*places)
            .order_by(*places)
        )
        if agency_id is not None:
            query = query.where(
                sa.or_(_T.home_agency_id == agency_id, _T.host_agency_id == agency_id)
            )
        if unit_id is not None:
            query = query.where(sa.or_(_T.home_unit_id == unit_id, _T.host_unit_id == unit_id))
        return [_cell(row, units=units) for row in self._connection.execute(query)]


def _cell(row: Any, *, units: bool) -> MatrixCell:
    return MatrixCell(
        home=Place(agency_id=row.home_agency_id, unit_id=row.home_unit_id if units else ""),
        host=Place(agency_id=row.host_agency_id, unit_id=row.host_unit_id if units else ""),
        points_e4=int(row.points),
        collective_e4=int(row.together),
    )
