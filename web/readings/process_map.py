"""A process as a map: which elements are warm, the narrowest places, and all of them as a table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING, Final

from babel.units import format_unit
from flask import url_for

from web.formats import number
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l
from web.wording import reader_locale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.element_boards import Element, ElementBoard

#: places named above the drawing
NARROWEST: Final = 5
#: warmest step of a colour, as `heat--5` of pictures.css
STEPS: Final = 5
_MINUTE_S: Final = 60
_HOUR_S: Final = 60 * _MINUTE_S
_DAY_S: Final = 24 * _HOUR_S


class Measure(StrEnum):
    """By what the map is coloured; the value stands in the address."""

    VISITS = "kunjungan"
    WAITING = "menunggu"
    MEDIAN = "median"
    P90 = "p90"
    INCIDENTS = "gangguan"


#: columns of the table with instances behind their numbers -> whether only those in trouble
BEHIND: Final[Mapping[int, int | None]] = {3: None, 6: 1}

NAMES: Final[Mapping[Measure, object]] = {
    Measure.VISITS: _l("Visits"),
    Measure.WAITING: _l("Waiting now"),
    Measure.MEDIAN: _l("Usual time (median)"),
    Measure.P90: _l("Long time (90th percentile)"),
    Measure.INCIDENTS: _l("Incidents"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrow:
    """A place where work stands: its name, the figure and how warm it is."""

    name: str
    figure: str
    heat: int
    #: what stands there
    url: str


def of_query(text: str) -> Measure:
    """The measure of an address; the long time for anything else."""
    return Measure(text) if text in set(Measure) else Measure.P90


def figure_of(element: Element, measure: Measure) -> float:
    """What an element has of a measure: a count, or seconds."""
    by_measure: Mapping[Measure, float | None] = {
        Measure.VISITS: element.visits,
        Measure.WAITING: element.waiting,
        Measure.MEDIAN: element.median_s,
        Measure.P90: element.p90_s,
        Measure.INCIDENTS: element.incidents,
    }
    return by_measure[measure] or 0


def length(seconds: float) -> str:
    """Like "3 days 4 hours": the two largest units that count."""
    whole = round(seconds)
    if whole < _MINUTE_S:
        return _("under a minute")
    days, rest = divmod(whole, _DAY_S)
    hours, rest = divmod(rest, _HOUR_S)
    minutes = rest // _MINUTE_S
    units = (("day", days), ("hour", hours), ("minute", 0 if days else minutes))
    parts = [
        format_unit(count, f"duration-{unit}", locale=reader_locale())
        for unit, count in units
        if count
    ]
    return " ".join(parts)


def in_words(figure: float, measure: Measure) -> str:
    """A figure of a measure as people read it."""
    if measure in {Measure.VISITS, Measure.WAITING, Measure.INCIDENTS}:
        return number(int(figure))
    return length(figure)


def heats(board: ElementBoard, measure: Measure) -> Mapping[str, int]:
    """Element -> how warm, from 1 to 5; what has nothing of the measure is not there.

    Scopes are as warm as what they hold and timers as long as drawn: only work is coloured.
    """
    figures = {one.id: figure_of(one, measure) for one in board.elements if one.is_work}
    most = max(figures.values(), default=0)
    return {name: ceil(STEPS * one / most) for name, one in figures.items() if one > 0}


def marks(board: ElementBoard, measure: Measure) -> str:
    """What the drawing shows on its elements, as JSON for the viewer."""
    warm = heats(board, measure)
    found = {
        one.id: [warm[one.id], in_words(figure_of(one, measure), measure)]
        for one in board.elements
        if one.id in warm
    }
    return json.dumps({"tokens": {}, "incidents": [], "heat": found})


def narrowest(board: ElementBoard, measure: Measure) -> Sequence[Narrow]:
    """The places with most of a measure, the worst first."""
    warm = heats(board, measure)
    found = sorted(
        (one for one in board.elements if one.id in warm),
        key=lambda one: (-figure_of(one, measure), one.name),
    )
    return [
        Narrow(
            name=one.name,
            figure=in_words(figure_of(one, measure), measure),
            heat=warm[one.id],
            url=url_for(
                "standing.show",
                process_id=board.drawn.process_id,
                versi=board.version,
                elemen=one.id,
                gangguan=1 if measure is Measure.INCIDENTS else None,
            ),
        )
        for one in found[:NARROWEST]
    ]


def elements_table(board: ElementBoard, measure: Measure) -> Table:
    """All elements, those with most of the measure first."""
    rows = sorted(board.elements, key=lambda one: (-figure_of(one, measure), one.name, one.id))
    return Table(
        name=f"{board.drawn.process_id}-langkah",
        title=_("Steps of the process and their times"),
        columns=(
            Column(_("Step")),
            Column(_("Element")),
            Column(_("Visits"), Kind.NUMBER),
            Column(_("Waiting now"), Kind.NUMBER),
            Column(_("Usual time, hours"), Kind.NUMBER),
            Column(_("Long time, hours"), Kind.NUMBER),
            Column(_("Incidents"), Kind.NUMBER),
        ),
        rows=[
            (
                one.name,
                one.id,
                one.visits,
                one.waiting,
                _hours(one.median_s),
                _hours(one.p90_s),
                one.incidents,
            )
            for one in rows
        ],
    )


def _hours(seconds: float | None) -> Decimal | None:
    return None if seconds is None else round(Decimal(seconds) / _HOUR_S, 2)
