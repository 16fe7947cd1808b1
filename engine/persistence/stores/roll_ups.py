"""Allocated credit by unit, seen from home or from host: one statement on integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from engine.domain.ledger import POOL, LineClass, TransferCode
from engine.persistence.tables import contributions as t
from engine.persistence.tables import performance as p
from engine.usecases.ports.contributions import RollUp

if TYPE_CHECKING:
    from collections.abc import Sequence

_T: Final = t.transfer.c
#: rows that allocate: PRIMARY ones behind the opening
ALLOCATES: Final = sa.and_(_T.line_class == LineClass.PRIMARY, _T.code != TransferCode.OPEN)
#: basis points that a row adds to whoever stands on the other side of POOL
ALLOCATED: Final = sa.case((_T.debit_account == POOL, _T.amount_bp), else_=-_T.amount_bp)
#: the same in points, scaled by 10,000
POINTS: Final = ALLOCATED * _T.value_points
#: the part of it that is kerja kolektif
TOGETHER: Final = sa.case((_T.person_id.is_(None), POINTS), else_=0)


def worked_in(cycles: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Rows of work done in those cycles: by their work period, without a look at the output."""
    return _T.work_period_id.in_(sa.select(p.period.c.id).where(cycles))


def roll_up(
    connection: sa.Connection, side: str, which: sa.ColumnElement[bool]
) -> Sequence[RollUp]:
    """Allocated credit of those rows by "home" or "host" unit, in the order of the units."""
    home = side == "home"
    unit = _T.home_unit_id if home else _T.host_unit_id
    agency = _T.home_agency_id if home else _T.host_agency_id
    own = sa.case((_T.home_unit_id == _T.host_unit_id, POINTS), else_=0)
    query = (
        sa.select(
            unit.label("unit_id"),
            # a unit is of one agency: grouped by the unit alone an index gives the order
            sa.func.max(agency).label("agency_id"),
            sa.func.sum(POINTS).label("points_e4"),
            sa.func.sum(own).label("own_e4"),
            sa.func.sum(TOGETHER).label("collective_e4"),
        )
        .where(which, ALLOCATES)
        .group_by(unit)
        .order_by(unit)
    )
    return [
        RollUp(
            unit_id=row.unit_id,
            agency_id=row.agency_id,
            points_e4=int(row.points_e4),
            own_e4=int(row.own_e4),
            collective_e4=int(row.collective_e4),
        )
        for row in connection.execute(query)
    ]
