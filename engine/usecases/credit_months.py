"""Months of functional credit that a cycle brings a person, by what is recorded now."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from engine.domain.functional import MONTHS, CreditMonth, by_month, creditable_level
from engine.domain.segments import UNPLANNED, ChangeKind
from engine.usecases.credit_tables import level_rule, percent_of
from engine.usecases.organisation import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.functional import FunctionalStanding
    from engine.domain.people import Person
    from engine.domain.ratings import Predikat
    from engine.domain.segments import RoleChange
    from engine.usecases.operations.step import Step

#: changes that end a home segment whose old rater gave an interim predikat
_MOVES: Final = frozenset({ChangeKind.MUTASI, ChangeKind.PENUGASAN})


def months_of_cycle(
    step: Step,
    person: Person,
    cycle: Cycle,
    rows: Sequence[FunctionalStanding],
    annual: Predikat,
) -> list[CreditMonth]:
    """Months of the cycle that earn credit, without an id of a paper yet, in order."""
    tables = step.tables(person.agency_id)
    # read anew: this step may have changed who sits where
    standing = Standing(step.uow, step.now)
    changes = step.uow.segments.changes(person.id)
    firsts = [
        date(cycle.year, month, 1)
        for month in range(1, MONTHS + 1)
        if cycle.starts_on <= date(cycle.year, month, 1) <= cycle.ends_on
    ]
    predikats = by_month(firsts, annual, _interims(step, person.id, cycle.id, changes))
    found: list[CreditMonth] = []
    for first in firsts:
        level = creditable_level(rows, first)
        if level is None or _away(changes, first) or standing.home_unit(person.id, first) is None:
            continue
        found.append(
            CreditMonth(
                id=step.means.ids.uuid(),
                paper_id="",
                person_id=person.id,
                year=first.year,
                month=first.month,
                level=level,
                coefficient=level_rule(tables, level).coefficient,
                percent=percent_of(tables, predikats[first]),
                predikat=predikats[first],
            )
        )
    return found


def _interims(
    step: Step, person_id: str, cycle_id: str, changes: Sequence[RoleChange]
) -> dict[date, Predikat]:
    """Last day of each closed home segment with the old rater's predikat (domain.md 2.5)."""
    moves = {row.id for row in changes if row.kind in _MOVES}
    closed = [
        row for row in step.uow.segments.snapshots(person_id, cycle_id) if row.change_id in moves
    ]
    given = step.uow.segments.interims([row.id for row in closed])
    return {row.ends_on: given[row.id].predikat for row in closed if row.id in given}


def _away(changes: Sequence[RoleChange], day: date) -> bool:
    """Whether a month begins in a leave for which there is no plan, so nothing to convert."""
    backs = [row.starts_on for row in changes if row.kind is ChangeKind.KEMBALI]
    for row in changes:
        if row.leave_kind not in UNPLANNED or not row.starts_on <= day:
            continue
        back = min((one for one in backs if one > row.starts_on), default=None)
        over = (row.ends_on is not None and row.ends_on < day) or (back is not None and back <= day)
        if not over:
            return True
    return False
