"""Every index of a year again from the raw rows alone, by rules written here a second time.

Nothing of `engine.usecases.index`, of its domain rules or of the stores' questions is used: rows
are read table by table, days counted one by one, and all arithmetic is exact (Fraction).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import performance as p
from engine.persistence.tables import segments as s

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.persistence.database import Database

_CAP: Final = Fraction(120)
_WHOLE: Final = 10_000
_DAY: Final = timedelta(days=1)
_ORDER: Final = ("definitive", "plt", "plh")

Row = Any


class RoleFigure(NamedTuple):
    """One role of an index."""

    weight_bp: int
    #: hundredths of a point; None: nothing can be counted
    attainment_e2: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A person's index as the rows give it."""

    #: by role: home, home:<snapshot>, or the newest membership of a squad
    roles: Mapping[str, RoleFigure]
    #: hundredths; None without anything to count
    ihk_e2: int | None
    #: by counted role: the weight inside the index
    counted: Mapping[str, int]


@dataclass(slots=True)
class Books:
    """The raw rows, grouped as the replay walks them."""

    first: date
    last: date
    squads: dict[str, Row] = field(default_factory=dict)
    seats: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    leaves: dict[str, list[tuple[date, date]]] = field(default_factory=lambda: defaultdict(list))
    snapshots: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    members: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    #: person -> newest plan
    plans: dict[str, Row] = field(default_factory=dict)
    #: plan -> home items
    items: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    #: item -> newest attainment
    reached: dict[str, Fraction] = field(default_factory=dict)
    outputs: dict[str, Row] = field(default_factory=dict)
    #: (membership) -> (output, expected)
    lines: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    #: (output, account) -> balance of PRIMARY rows
    held: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    #: (output, person) -> word of the newest attestation
    kept: dict[tuple[str, str], str | None] = field(default_factory=dict)


def books(database: Database, year: int) -> Books:
    """All rows of a year, one plain SELECT per table."""
    found = Books(date(year, 1, 1), date(year, 12, 31))
    with database.reading.connect() as connection:
        _people(found, connection)
        _plans(found, connection, year)
        _work(found, connection, year)
    return found


def _people(found: Books, connection: sa.Connection) -> None:
    for row in _rows(connection, a.appointment):
        found.seats[row.person_id].append(row)
    for row in _rows(connection, s.role_change):
        if row.kind == "cuti":
            found.leaves[row.person_id].append((row.starts_on, row.ends_on or found.last))
    for row in _rows(connection, s.segment_snapshot):
        found.snapshots[row.person_id].append(row)
    found.squads = {row.id: row for row in _rows(connection, c.squad)}
    for row in _rows(connection, c.membership):
        found.members[row.person_id].append(row)


def _plans(found: Books, connection: sa.Connection, year: int) -> None:
    cycles = {row.id for row in _rows(connection, p.cycle) if row.year == year}
    stands = {row: (row.status == "fixed", row.version) for row in _rows(connection, p.plan)}
    for row in sorted(stands, key=lambda row: stands[row]):
        if row.cycle_id in cycles and row.status != "dropped":
            found.plans[row.person_id] = row
    for row in _rows(connection, p.plan_item):
        if row.membership_id is None:
            found.items[row.plan_id].append(row)
    numbers = {row.id: row.number for row in _rows(connection, p.period)}
    for row in sorted(_rows(connection, p.progress), key=lambda row: numbers[row.period_id]):
        found.reached[row.item_id] = Fraction(row.attainment)


def _work(found: Books, connection: sa.Connection, year: int) -> None:
    cycles = {row.id for row in _rows(connection, p.cycle) if row.year == year}
    found.outputs = {r.id: r for r in _rows(connection, c.output) if r.cycle_id in cycles}
    newest: dict[str, Row] = {}
    for row in sorted(_rows(connection, c.share_plan), key=lambda row: row.version):
        newest[row.output_id] = row
    plans = {row.id: row.output_id for row in newest.values() if row.output_id in found.outputs}
    for row in _rows(connection, c.share_line):
        if row.share_plan_id in plans:
            found.lines[row.membership_id].append((plans[row.share_plan_id], row.expected_bp))
    for row in _rows(connection, c.transfer):
        if row.line_class == "PRIMARY":
            found.held[row.output_id, row.debit_account] -= row.amount_bp
            found.held[row.output_id, row.credit_account] += row.amount_bp
    claims = {row.id: row for row in _rows(connection, c.claim)}
    for row in sorted(_rows(connection, c.attestation), key=lambda row: (row.at, row.id)):
        if row.decision != "return":
            claim = claims[row.claim_id]
            found.kept[claim.output_id, claim.person_id] = row.commitment


def _rows(connection: sa.Connection, table: sa.Table) -> list[Row]:
    return list(connection.execute(sa.select(table)))


def replayed(held: Books, person_id: str) -> Figures:
    """The index of one person."""
    calendar = _calendar(held, person_id)
    times = _times(held, person_id, calendar)
    weights = _shared({role: Fraction(effort * days) for role, (effort, days) in times.items()})
    roles: dict[str, RoleFigure] = {}
    for role in calendar.homes:
        roles[role] = RoleFigure(weights[role], _home(held, person_id, role))
    for rows in _squad_roles(held, person_id).values():
        weight = sum(weights[row.id] for row in rows)
        roles[rows[-1].id] = RoleFigure(weight, _squad(held, person_id, rows))
    return _index(roles)


class _Calendar(NamedTuple):
    """Home roles in order, each with the days on which it was worked."""

    homes: dict[str, list[date]]
    #: every day on which the person was not away
    present: set[date]


def _calendar(held: Books, person_id: str) -> _Calendar:
    own = {row.id for row in held.seats[person_id]}
    ends = sorted(
        (row.ends_on, f"home:{row.id}") for row in held.snapshots[person_id] if row.source_id in own
    )
    homes: dict[str, list[date]] = {}
    present: set[date] = set()
    day = held.first
    while day <= held.last:
        away = any(first <= day <= last for first, last in held.leaves[person_id])
        if not away:
            present.add(day)
        if any(_covers(row, day) for row in held.seats[person_id]):
            role = next((name for end, name in ends if day <= end), "home")
            days = homes.setdefault(role, [])
            if not away:
                days.append(day)
        day += _DAY
    return _Calendar(homes, present)


def _covers(row: Row, day: date) -> bool:
    return bool(row.valid_from <= day and (row.valid_to is None or day < row.valid_to))


def _squad_roles(held: Books, person_id: str) -> dict[str, list[Row]]:
    """Squad -> the person's memberships of the year, oldest first."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(held.members[person_id], key=lambda row: (row.valid_from, row.id)):
        squad = held.squads[row.squad_id]
        over = row.valid_to is not None and row.valid_to <= held.first
        if not over and row.valid_from <= held.last and squad.ends_on >= held.first:
            found[row.squad_id].append(row)
    return found


def _times(held: Books, person_id: str, calendar: _Calendar) -> dict[str, tuple[int, int]]:
    """Role -> effort and worked days; home has what the squads leave of its own days."""
    squads: dict[str, tuple[int, set[date]]] = {}
    for rows in _squad_roles(held, person_id).values():
        for row in rows:
            ends = held.squads[row.squad_id].ends_on
            days = {day for day in calendar.present if _covers(row, day) and day <= ends}
            squads[row.id] = (row.effort_bp, days)
    plan = held.plans.get(person_id)
    found: dict[str, tuple[int, int]] = {}
    for role, days_at_home in calendar.homes.items():
        at_home = set(days_at_home)
        lent = sum(effort * len(at_home & days) for effort, days in squads.values())
        effort = max(_WHOLE - lent // len(at_home), 0) if at_home else 0
        if role == "home" and plan is not None and plan.home_effort_bp is not None:
            effort = plan.home_effort_bp if at_home else 0
        found[role] = (effort, len(at_home))
    return found | {key: (effort, len(days)) for key, (effort, days) in squads.items()}


def _shared(weights: Mapping[str, Fraction]) -> dict[str, int]:
    """10,000 in proportion, largest remainder first, ties by name."""
    total = sum(weights.values(), Fraction(0))
    if not total:
        return dict.fromkeys(weights, 0)
    exact = {key: _WHOLE * weight / total for key, weight in weights.items()}
    found = {key: value.numerator // value.denominator for key, value in exact.items()}
    rest = _WHOLE - sum(found.values())
    for key in sorted(exact, key=lambda key: (found[key] - exact[key], key))[:rest]:
        found[key] += 1
    return found


def _home(held: Books, person_id: str, role: str) -> int | None:
    if role != "home":
        snapshot = next(r for r in held.snapshots[person_id] if f"home:{r.id}" == role)
        return None if snapshot.attainment is None else _rounded(Fraction(snapshot.attainment), 2)
    plan = held.plans.get(person_id)
    items = held.items.get(plan.id, []) if plan is not None else []
    if sum(item.weight_bp for item in items) != _WHOLE:
        return None
    if not any(item.id in held.reached for item in items):
        return None
    zero = Fraction(0)
    whole = sum((held.reached.get(item.id, zero) * item.weight_bp for item in items), zero)
    return _rounded(whole / _WHOLE, 2)


def _squad(held: Books, person_id: str, rows: Iterable[Row]) -> int | None:
    """A = sum(V e min(120, T c_eff)) / sum(V e), c = a / (e (1 - k)) (crediting.md 0.2, 0.3)."""
    weight, total = Fraction(0), Fraction(0)
    for output_id, expected in (line for row in rows for line in held.lines[row.id]):
        output = held.outputs[output_id]
        if output.attainment is None or expected <= 0:
            continue
        kept = Fraction(1)
        if output.status == "sealed":
            mine = held.held[output_id, f"person:{person_id}"]
            together = held.held[output_id, "COLLECTIVE"]
            kept = Fraction(mine * _WHOLE, expected * (_WHOLE - together))
            if held.kept.get((output_id, person_id)) == "met":
                kept = max(kept, Fraction(1))
        weight += output.value_points * expected
        counted = min(_CAP, Fraction(output.attainment) * kept)
        total += output.value_points * expected * counted
    return _rounded(total / weight, 2) if weight else None


def _index(roles: Mapping[str, RoleFigure]) -> Figures:
    counted = {
        role: figure
        for role, figure in roles.items()
        if figure.weight_bp and figure.attainment_e2 is not None
    }
    if not counted:
        return Figures(roles, None, {})
    weights = _shared({role: Fraction(figure.weight_bp) for role, figure in counted.items()})
    points = sum(
        _rounded(Fraction((figure.attainment_e2 or 0) * weights[role], 100 * _WHOLE), 4)
        for role, figure in counted.items()
    )
    return Figures(roles, _rounded(Fraction(points, _WHOLE), 2), weights)


def _rounded(value: Fraction, scale: int) -> int:
    """Half up, as a whole number of units of the scale; values are never negative."""
    shifted: Fraction = value * 10**scale
    return (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
