"""What two simulations say beside each other: as tables and as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from web import formats
from web.formats import month, number
from web.pictures.simulated import LoadBars, StepBars, load_bars, step_bars
from web.readings.process_map import length
from web.tables import Column, Kind, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.simulation.assuming import Assumptions
    from engine.simulation.figures import ElementFigures, Figures
    from engine.simulation.studying import Comparison
    from web.tables import Cell

#: days from the Monday of a week to the day whose month it counts for
_MIDWEEK: Final = timedelta(days=3)
_HOUR: Final = timedelta(hours=1)
_BP: Final = 10_000
#: steps named as bottlenecks
NARROWEST: Final = 5
_TENTH_BP: Final = 1_000


@dataclass(frozen=True, slots=True)
class MonthLoad:
    """A role in a month."""

    busy: timedelta
    available: timedelta
    queue_most: int

    @property
    def share_bp(self) -> int:
        """Part of the capacity, basis points."""
        return round(self.busy / self.available * _BP) if self.available else 0


@dataclass(frozen=True, slots=True)
class RolePicture:
    """A role with its columns."""

    role: str
    people: int
    bars: LoadBars


@dataclass(frozen=True, slots=True)
class Narrow:
    """A step at which instances wait longest."""

    name: str
    role: str
    before: str
    after: str


Loads = dict[tuple[str, date], MonthLoad]


def sides(found: Comparison) -> Sequence[tuple[str, Figures]]:
    """Those that there are, by their word in classes and titles."""
    both = (("before", found.before), ("after", found.after))
    return [(name, figures) for name, figures in both if figures is not None]


def loads(figures: Figures) -> Loads:
    """Working time by role and month; a week counts for the month of its Thursday."""
    found: Loads = {}
    for row in figures.weeks:
        day = (date.fromisoformat(row.week) + _MIDWEEK).replace(day=1)
        old = found.get((row.role, day), MonthLoad(timedelta(), timedelta(), 0))
        found[row.role, day] = MonthLoad(
            old.busy + row.busy,
            old.available + row.available,
            max(old.queue_most, row.queue_most),
        )
    return found


def summary(found: Comparison, told: Assumptions) -> Table:
    """The whole in a few lines."""
    rows: list[Sequence[Cell]] = []
    shown = sides(found)

    def line(name: str, cells: Sequence[str]) -> None:
        rows.append((name, *cells))

    line(_("Came"), [number(one.started) for _side, one in shown])
    line(_("Ended"), [number(one.ended) for _side, one in shown])
    line(_("Ended in a month"), [_hours_of(one.ended * 30, told.days) for _side, one in shown])
    line(_("Stand at an incident"), [number(one.failed) for _side, one in shown])
    line(_("Usual time (median)"), [_length(one.lasted.median) for _side, one in shown])
    line(_("Long time (90th percentile)"), [_length(one.lasted.p90) for _side, one in shown])
    line(_("Waiting for somebody, all together"), [_length(_waited(one)) for _side, one in shown])
    return Table(
        name="simulasi-ringkas",
        title=_("The whole in a few lines"),
        columns=(Column(_("What")), *(Column(_title(side, found)) for side, _one in shown)),
        rows=rows,
    )


def steps_table(found: Comparison) -> Table:
    """Every task: waiting, working, from coming to leaving."""
    shown = [(side, _by_id(one)) for side, one in sides(found)]
    order = dict.fromkeys(name for _side, known in reversed(shown) for name in known)
    columns = [Column(_("Step")), Column(_("Role"))]
    for side, _known in shown:
        title = _title(side, found)
        columns += [
            Column(_("%(side)s: times", side=title), Kind.NUMBER),
            Column(_("%(side)s: usual, hours", side=title), Kind.NUMBER),
            Column(_("%(side)s: long, hours", side=title), Kind.NUMBER),
            Column(_("%(side)s: of it waiting, hours", side=title), Kind.NUMBER),
        ]
    return Table(
        name="simulasi-langkah",
        title=_("Times of the steps"),
        columns=columns,
        rows=[_step_row(name, [known.get(name) for _side, known in shown]) for name in order],
    )


def _step_row(name: str, found: Sequence[ElementFigures | None]) -> Sequence[Cell]:
    one = next(figures for figures in reversed(found) if figures is not None)
    cells: list[Cell] = [one.name or name, one.role or ""]
    for figures in found:
        if figures is None:
            cells += [None, None, None, None]
        else:
            lasted = figures.lasted
            waits = _exact(figures.waited.median)
            cells += [lasted.count, _exact(lasted.median), _exact(lasted.p90), waits]
    return cells


def load_table(found: Comparison, told: Assumptions) -> Table:
    """Hours a person of each role in each month, against what there is."""
    shown = [(side, loads(one)) for side, one in sides(found)]
    keys = sorted({key for _side, known in shown for key in known})
    columns = [Column(_("Role")), Column(_("Month")), Column(_("People"), Kind.NUMBER)]
    for side, _known in shown:
        title = _title(side, found)
        columns += [
            Column(_("%(side)s: hours a person", side=title), Kind.NUMBER),
            Column(_("%(side)s: of working time", side=title), Kind.PERCENT),
            Column(_("%(side)s: waiting at most", side=title), Kind.NUMBER),
        ]
    rows: list[Sequence[Cell]] = []
    for role, day in keys:
        people = told.people.get(role, 1)
        cells: list[Cell] = [role, month(day), people]
        for _side, known in shown:
            load = known.get((role, day))
            filled = (_exact(load.busy / people), load.share_bp, load.queue_most) if load else ()
            cells += filled or (None, None, None)
        rows.append(cells)
    return Table(name="simulasi-beban", title=_("Load by role"), columns=columns, rows=rows)


def role_pictures(found: Comparison, told: Assumptions) -> Sequence[RolePicture]:
    """A picture for each role that has something to do."""
    shown = [(side, loads(one)) for side, one in sides(found)]
    keys = {key for _side, known in shown for key, load in known.items() if load.busy}
    pictures = []
    for role in sorted({role for role, _day in keys}):
        days = sorted({day for _side, known in shown for name, day in known if name == role})
        months = [
            (
                _short(day),
                [
                    (side, load.share_bp / _BP, _whole(load.share_bp))
                    for side, known in shown
                    if (load := known.get((role, day))) is not None
                ],
            )
            for day in days
        ]
        pictures.append(RolePicture(role, told.people.get(role, 1), load_bars(months)))
    return pictures


def step_picture(found: Comparison) -> StepBars:
    """Usual and long times of the steps, the longest first."""
    shown = [(side, _by_id(one)) for side, one in sides(found)]
    longest: dict[str, timedelta] = {}
    for _side, known in shown:
        for name, one in known.items():
            longest[name] = max(longest.get(name, timedelta()), one.lasted.p90)
    rows = []
    for name in sorted(longest, key=lambda one: -longest[one]):
        there = [(side, known[name]) for side, known in shown if name in known]
        bars = [
            (
                side,
                one.lasted.median.total_seconds(),
                one.lasted.p90.total_seconds(),
                f"{_length(one.lasted.median)} / {_length(one.lasted.p90)}",
            )
            for side, one in there
        ]
        rows.append((there[-1][1].name or name, bars))
    return step_bars(rows)


def narrowest(found: Comparison) -> Sequence[Narrow]:
    """Where instances wait longest for somebody, all together."""
    shown = dict(sides(found))
    known = {side: _by_id(one) for side, one in shown.items()}
    total: dict[str, timedelta] = {}
    for elements in known.values():
        for name, one in elements.items():
            total[name] = max(total.get(name, timedelta()), _all(one))
    places = [name for name in sorted(total, key=lambda one: -total[one]) if total[name] > _HOUR]
    return [
        Narrow(
            name=next(e[name].name or name for e in known.values() if name in e),
            role=next((e[name].role or "" for e in known.values() if name in e), ""),
            before=_waits(known.get("before", {}).get(name)),
            after=_waits(known.get("after", {}).get(name)),
        )
        for name in places[:NARROWEST]
    ]


def troubles(found: Comparison) -> Sequence[str]:
    """What the values of the scenarios did not fit."""
    lines = []
    for side, one in sides(found):
        title = _title(side, found)
        lines += [
            _(
                "%(side)s: %(count)s stand at an incident at %(element)s.",
                side=title,
                count=times,
                element=element,
            )
            for element, times in one.incidents
        ]
        lines += [
            _("%(side)s: refused %(count)s times: %(why)s", side=title, count=times, why=why)
            for why, times in one.refusals
        ]
    return lines


def title_of(side: str, found: Comparison) -> str:
    """How a side is called; alone it needs no name."""
    return _title(side, found)


def _title(side: str, found: Comparison) -> str:
    if found.before is None or found.after is None:
        return _("Figures")
    return _("Before") if side == "before" else _("After")


def _by_id(figures: Figures) -> Mapping[str, ElementFigures]:
    return {one.element_id: one for one in figures.elements if one.lasted.count}


def _all(one: ElementFigures) -> timedelta:
    return one.waited.mean * one.waited.count


def _waited(figures: Figures) -> timedelta:
    return sum((_all(one) for one in figures.elements), timedelta())


def _waits(one: ElementFigures | None) -> str:
    return formats.NOTHING if one is None else _length(one.waited.median)


def _length(span: timedelta) -> str:
    return length(span.total_seconds())


def _exact(span: timedelta) -> Decimal:
    return round(Decimal(span.total_seconds()) / 3600, 1)


def hours(span: timedelta) -> str:
    """Hours with one decimal."""
    return number(_exact(span))


def _hours_of(whole: int, days: int) -> str:
    return number(round(Decimal(whole) / max(days, 1), 1))


def share(share_bp: int) -> str:
    """Per cent with one decimal."""
    return f"{number(round(Decimal(share_bp) / 100, 1))}%"


def _whole(share_bp: int) -> str:
    """Per cent without decimals from ten on, to stand above a narrow bar."""
    if share_bp >= _TENTH_BP:
        return f"{number(round(share_bp / 100))}%"
    return share(share_bp)


def _short(day: date) -> str:
    return month(day)[:3] + f" {day.year % 100:02d}"
