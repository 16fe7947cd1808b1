"""Home and host views and the in-out matrix, from the same rows: the reference for the SQL (I5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from engine.domain.errors import Violation
from engine.domain.ledger import ISSUE, POOL, primary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.domain.ledger import Transfer

_BP_DIGITS = 4


class Place(NamedTuple):
    """A unit of an agency."""

    #: the agency
    agency_id: str
    #: the unit
    unit_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """Points by place; scale 4, exact."""

    #: (home, host) -> points allocated
    matrix: Mapping[tuple[Place, Place], Decimal]
    #: host -> points not allocated yet, shown apart
    pool: Mapping[Place, Decimal]

    def home(self) -> dict[Place, Decimal]:
        """Points earned by each home."""
        return _sum((home, points) for (home, _), points in self.matrix.items())

    def host(self) -> dict[Place, Decimal]:
        """Points made in each host's squads; the host counts an output once (I6)."""
        return _sum((host, points) for (_, host), points in self.matrix.items())

    def credit_out(self) -> dict[Place, Decimal]:
        """Points a home's people made elsewhere (kontribusi keluar): recognition only (I6)."""
        return _sum((home, p) for (home, host), p in self.matrix.items() if home != host)

    def credit_in(self) -> dict[Place, Decimal]:
        """Points a host received from elsewhere."""
        return _sum((host, p) for (home, host), p in self.matrix.items() if home != host)


def roll_up(rows: Iterable[Transfer], values: Mapping[str, int]) -> Rollup:
    """Promise: PRIMARY points by home and host; collective counts under the host (0.14).

    Shapes: ledger rows; output id to V. Rows of outputs without a value raise KeyError.
    """
    matrix: dict[tuple[Place, Place], int] = {}
    pool: dict[Place, int] = {}
    for row in primary(rows):
        home = Place(row.home_agency_id, row.home_unit_id)
        host = Place(row.host_agency_id, row.host_unit_id)
        units = row.amount_bp * values[row.output_id]
        for account, change in ((row.credit_account, units), (row.debit_account, -units)):
            if account == POOL:
                pool[host] = pool.get(host, 0) + change
            elif account != ISSUE:
                matrix[home, host] = matrix.get((home, host), 0) + change
    return Rollup(
        matrix={key: _points(units) for key, units in matrix.items() if units},
        pool={key: _points(units) for key, units in pool.items() if units},
    )


def check_rollup(rollup: Rollup, values: Mapping[str, int]) -> tuple[Violation, ...]:
    """Promise: every break of I5 over the opened outputs of `values`.

    Sum home = sum host; sum out = sum in; allocated plus POOL = sum of V. An oracle for tests: the
    product asks SQL the same (`Reconciliation.balanced`).
    """
    found: list[Violation] = []
    home, host = _total(rollup.home()), _total(rollup.host())
    if home != host:
        found.append(_fault("home and host", home, host))
    out, into = _total(rollup.credit_out()), _total(rollup.credit_in())
    if out != into:
        found.append(_fault("out and in", out, into))
    held, value = host + _total(rollup.pool), Decimal(sum(values.values()))
    if held != value:
        found.append(_fault("points and values", held, value))
    return tuple(found)


def check_views(
    home: Mapping[Place, Decimal], host: Mapping[Place, Decimal], reference: Rollup
) -> tuple[Violation, ...]:
    """Promise: every place where other views (the SQL's) differ from the reference.

    An oracle for tests, which hold the product's views to it.
    """
    found: list[Violation] = []
    for name, seen, own in (("home", home, reference.home()), ("host", host, reference.host())):
        for place in sorted({*seen, *own}):
            one, other = seen.get(place, Decimal(0)), own.get(place, Decimal(0))
            if one != other:
                found.append(_fault(f"{name} {place.agency_id}/{place.unit_id}", one, other))
    return tuple(found)


def _sum(pairs: Iterable[tuple[Place, Decimal]]) -> dict[Place, Decimal]:
    found: dict[Place, Decimal] = {}
    for place, points in pairs:
        found[place] = found.get(place, Decimal(0)) + points
    return found


def _total(view: Mapping[Place, Decimal]) -> Decimal:
    return sum(view.values(), Decimal(0))


def _points(units: int) -> Decimal:
    return Decimal(f"{units}E-{_BP_DIGITS}")


def _fault(subject: str, one: Decimal, other: Decimal) -> Violation:
    return Violation(code="I5", subject=subject, message=f"{one} and {other} differ")
