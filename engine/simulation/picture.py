"""A simulation as a picture: load of each role by week, and where instances wait. Plain SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from engine.simulation.wording import hours_of, percent_of

if TYPE_CHECKING:
    from engine.simulation.figures import Figures

_LEFT: Final = 180
_CELL: Final = (64, 28)
_BAR: Final = 20
_WIDE: Final = 560
#: from idle to overloaded, dark enough text stays readable on each
_SHADES: Final = ("#f3f6f9", "#d5e5f2", "#a9cbe6", "#f7d58b", "#f2a65e", "#e2725b")
_ELEMENTS_MAX: Final = 15


def picture(figures: Figures) -> bytes:
    """An SVG document: weeks as columns, roles as rows, and bars of waiting time below."""
    weeks = sorted({row.week for row in figures.weeks})
    roles = sorted({row.role for row in figures.weeks})
    waits = figures.bottlenecks[:_ELEMENTS_MAX]
    wide = max(_LEFT + _CELL[0] * len(weeks), _LEFT + _WIDE) + 20
    high = 60 + _CELL[1] * len(roles) + 60 + (_BAR + 8) * len(waits)
    root = etree.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {wide} {high}",
        width=str(wide),
        height=str(high),
        role="img",
    )
    root.set("font-family", "system-ui, sans-serif")
    root.set("font-size", "12")
    etree.SubElement(root, "title").text = f"Simulation of {figures.process_id}"
    _rect(root, (0, 0, wide, high), "#ffffff")
    _text(root, 10, 20, f"Load by role and week: {figures.started} instances", bold=True)
    _heat(root, figures, weeks, roles)
    _waiting(root, figures, 60 + _CELL[1] * len(roles) + 30)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _heat(root: etree._Element, figures: Figures, weeks: list[str], roles: list[str]) -> None:
    for column, week in enumerate(weeks):
        _text(root, _LEFT + column * _CELL[0] + 4, 42, week[5:])
    for line, role in enumerate(roles):
        _text(root, 10, 50 + line * _CELL[1] + 18, role)
    for row in figures.weeks:
        x = _LEFT + weeks.index(row.week) * _CELL[0]
        y = 50 + roles.index(row.role) * _CELL[1]
        load = row.busy / row.available if row.available else 0.0
        shade = _SHADES[min(int(load * (len(_SHADES) - 1) + 0.001), len(_SHADES) - 1)]
        cell = _rect(root, (x, y, _CELL[0] - 2, _CELL[1] - 2), shade)
        etree.SubElement(cell, "title").text = (
            f"{row.role}, week of {row.week}: {percent_of(row.busy, row.available)} busy, "
            f"{row.queue_most} waiting at most"
        )
        _text(root, x + 6, y + 17, percent_of(row.busy, row.available))


def _waiting(root: etree._Element, figures: Figures, top: int) -> None:
    waits = figures.bottlenecks[:_ELEMENTS_MAX]
    if not waits:
        return
    _text(root, 10, top, "Waiting for somebody, median and 90th percentile", bold=True)
    longest = max(one.waited.p90 for one in waits)
    for line, one in enumerate(waits):
        y = top + 12 + line * (_BAR + 8)
        _text(root, 10, y + 14, (one.name or one.element_id)[:26])
        for length, shade in ((one.waited.p90, _SHADES[2]), (one.waited.median, _SHADES[4])):
            share = length / longest if longest else 0.0
            _rect(root, (_LEFT, y, int(share * (_WIDE - 140)) + 1, _BAR), shade)
        told = f"{hours_of(one.waited.median)} / {hours_of(one.waited.p90)}"
        _text(root, _LEFT + _WIDE - 130, y + 14, told)


def _rect(root: etree._Element, box: tuple[int, int, int, int], fill: str) -> etree._Element:
    x, y, width, height = map(str, box)
    return etree.SubElement(root, "rect", x=x, y=y, width=width, height=height, fill=fill)


def _text(root: etree._Element, x: int, y: int, words: str, *, bold: bool = False) -> None:
    element = etree.SubElement(root, "text", x=str(x), y=str(y), fill="#1c2b39")
    if bold:
        element.set("font-weight", "600")
    element.text = words
