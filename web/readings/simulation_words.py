"""What differs between two simulations, in sentences."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from web.formats import month
from web.readings.process_map import length
from web.readings.simulations import MonthLoad, hours, loads, share
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.simulation.assuming import Assumptions
    from engine.simulation.figures import Figures
    from engine.simulation.studying import Comparison

#: load that differs by less, basis points of capacity, is not spoken of
_SPOKEN_BP: Final = 50


def sentences(found: Comparison, told: Assumptions) -> Sequence[str]:
    """What differs, the length of an instance first, then the load of roles."""
    if found.before is None or found.after is None:
        only = found.before or found.after
        return [] if only is None else _alone(only, told)
    return [*_lasting(found.before, found.after), *_loading(found.before, found.after, told)]


def _alone(figures: Figures, told: Assumptions) -> Sequence[str]:
    found = loads(figures)
    busiest = sorted(found.items(), key=lambda one: -one[1].share_bp)[:1]
    lines = [
        _(
            "Half of them are over within %(usual)s, nine in ten within %(long)s.",
            usual=length(figures.lasted.median.total_seconds()),
            long=length(figures.lasted.p90.total_seconds()),
        )
    ]
    return lines + [
        _(
            "The heaviest load: %(role)s in %(month)s, %(hours)s hours a person (%(share)s of "
            "working time).",
            role=role,
            month=month(day),
            hours=hours(load.busy / told.people.get(role, 1)),
            share=share(load.share_bp),
        )
        for (role, day), load in busiest
        if load.busy
    ]


def _lasting(before: Figures, after: Figures) -> Sequence[str]:
    old, new = before.lasted.median, after.lasted.median
    if abs(new - old) * 50 <= max(old, new):
        usual = length(new.total_seconds())
        return [_("It takes as long as before: half are over within %(usual)s.", usual=usual)]
    words = {
        True: _(
            "It takes longer: half are over within %(new)s instead of %(old)s.", **_both(old, new)
        ),
        False: _(
            "It is faster: half are over within %(new)s instead of %(old)s.", **_both(old, new)
        ),
    }
    return [words[new > old]]


def _both(old: timedelta, new: timedelta) -> Mapping[str, str]:
    return {"old": length(old.total_seconds()), "new": length(new.total_seconds())}


def _loading(before: Figures, after: Figures, told: Assumptions) -> Sequence[str]:
    """Of each role the month that changes most."""
    old, new = loads(before), loads(after)
    nothing = MonthLoad(timedelta(), timedelta(), 0)
    lines = []
    for role in sorted({role for role, _day in (*old, *new)}):
        days = {day for name, day in (*old, *new) if name == role}
        pairs = [
            (day, old.get((role, day), nothing), new.get((role, day), nothing)) for day in days
        ]
        day, was, now = max(pairs, key=lambda one: (abs(one[2].busy - one[1].busy), one[0]))
        if abs(now.share_bp - was.share_bp) >= _SPOKEN_BP:
            lines.append(_changed(role, day, was, now, told.people.get(role, 1)))
    return lines or [_("The load of no role changes noticeably.")]


def _changed(role: str, day: date, was: MonthLoad, now: MonthLoad, people: int) -> str:
    facts = {
        "role": role,
        "month": month(day),
        "old": hours(was.busy / people),
        "new": hours(now.busy / people),
        "old_share": share(was.share_bp),
        "new_share": share(now.share_bp),
    }
    if now.busy > was.busy:
        return _(
            "The load of %(role)s in %(month)s rises from %(old)s to %(new)s hours a person "
            "(%(old_share)s to %(new_share)s of working time).",
            **facts,
        )
    return _(
        "The load of %(role)s in %(month)s falls from %(old)s to %(new)s hours a person "
        "(%(old_share)s to %(new_share)s of working time).",
        **facts,
    )
