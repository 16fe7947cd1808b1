"""Room for a new shape: what lies beyond a line moves on, what holds it grows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from engine.steplist.diagram import DC, DI, read_box, read_point, shown, write_box
from engine.steplist.geometry import AIR, GAP, Box, Point

if TYPE_CHECKING:
    from lxml.etree import _Element as Xml

    from engine.steplist.diagram import Diagram

Axis = Literal["x", "y"]
_POINT: Final = f"{{{DI}}}waypoint"
_STEP: Final = Decimal(20)
#: tries to find a free place before the drawing grows
_TRIES: Final = 60


def make_room(diagram: Diagram, axis: Axis, line: Decimal, by: Decimal) -> None:
    """Move everything that begins at or beyond a line, and widen what the line cuts."""
    if by <= 0:
        return
    moved: set[str] = set()
    hosts = {
        key: one.get("attachedToRef", "")
        for key, one in diagram.elements.items()
        if one.get("attachedToRef")
    }
    before = dict(diagram.boxes())
    for key, box in before.items():
        host = before.get(hosts.get(key, ""))
        judged = box
        if host is not None:
            whole = _start(host, axis) >= line or not diagram.holds_others(hosts[key])
            judged = host if whole else box
        if _start(judged, axis) >= line:
            moved.add(key)
            diagram.move(key, *_by(axis, by))
        elif diagram.holds_others(key) and line <= _end(box, axis):
            _widen(diagram, key, box, axis, by)
    for key, edge in diagram.edges.items():
        _move_edge(diagram, key, edge, (axis, line, by), moved)


def _move_edge(
    diagram: Diagram, key: str, edge: Xml, how: tuple[Axis, Decimal, Decimal], moved: set[str]
) -> None:
    axis, line, by = how
    drawn = [one for one in edge.findall(_POINT) if read_point(one) is not None]
    old = [point for one in drawn if (point := read_point(one)) is not None]
    if not old:
        return
    along = 0 if axis == "x" else 1
    goes = [point[along] >= line for point in old]
    element = diagram.elements.get(key)
    for end, attribute in ((0, "sourceRef"), (-1, "targetRef")):
        other = "" if element is None else element.get(attribute, "")
        if other in diagram.shapes and not diagram.holds_others(other):
            _with_end(old, goes, end, along, other in moved)
    for one, point, go in zip(drawn, old, goes, strict=True):
        if go:
            one.set(axis, shown(point[along] + by))
    for bounds in edge.iter(f"{{{DC}}}Bounds"):
        box = read_box(bounds)
        if box is not None and _start(box, axis) >= line:
            write_box(bounds, box.moved(*_by(axis, by)))


def _with_end(old: list[Point], goes: list[bool], end: int, along: int, go: bool) -> None:  # noqa: FBT001 - the end goes or stays
    """The end of a path goes with its shape, and so do the points right above or beside it."""
    places = range(len(old)) if end == 0 else range(len(old) - 1, -1, -1)
    for place in places:
        if old[place][along] != old[end][along]:
            break
        goes[place] = go


def _start(box: Box, axis: Axis) -> Decimal:
    return box.x if axis == "x" else box.y


def _end(box: Box, axis: Axis) -> Decimal:
    return box.right if axis == "x" else box.bottom


def _by(axis: Axis, by: Decimal) -> tuple[Decimal, Decimal]:
    return (by, Decimal(0)) if axis == "x" else (Decimal(0), by)


def _widen(diagram: Diagram, key: str, box: Box, axis: Axis, by: Decimal) -> None:
    bounds = diagram.shapes[key].find(f"{{{DC}}}Bounds")
    if bounds is not None:
        dx, dy = _by(axis, by)
        write_box(bounds, Box(box.x, box.y, box.width + dx, box.height + dy))


def place_right(
    diagram: Diagram, size: tuple[Decimal, Decimal], line: Decimal, row: Decimal
) -> Box:
    """A place right of a line with its middle on a row; what stands there moves right."""
    wanted = Box(line + GAP, row - size[1] / 2, *size)
    if not _blocked(diagram, wanted):
        return wanted
    staying = [box for key, box in _plain(diagram) if box.x < line]
    while any(wanted.touches(box) for box in staying):
        further = max(box.right for box in staying if wanted.touches(box))
        wanted = wanted.moved(further + GAP - wanted.x, Decimal(0))
    going = [box.x for _, box in diagram.boxes() if box.x >= line]
    if going:
        make_room(diagram, "x", line, wanted.right + GAP - min(going))
    return wanted


def place_below(
    diagram: Diagram, size: tuple[Decimal, Decimal], corner: Point, around: str | None
) -> Box:
    """A free place at that x or further right, below that y; what holds it grows downwards."""
    wanted = Box(corner.x, corner.y, *size)
    for _ in range(_TRIES):
        if not _blocked(diagram, wanted) and _within(diagram, wanted, around):
            return wanted
        wanted = wanted.moved(Decimal(0), _STEP)
    holder = diagram.box(around) if around else None
    drawn = [box.bottom for _, box in _plain(diagram)]
    low = holder.bottom if holder is not None else max(drawn, default=corner.y) + GAP
    if holder is not None:
        make_room(diagram, "y", low, size[1] + 2 * _STEP)
    return Box(corner.x, low, *size)


def widen_around(diagram: Diagram, box: Box, around: str | None) -> None:
    """Let what must hold a shape reach beyond it."""
    holder = diagram.box(around) if around else None
    if holder is None:
        return
    if box.right + AIR * 2 > holder.right:
        make_room(diagram, "x", holder.right, box.right + AIR * 3 - holder.right)
    if box.bottom + AIR > holder.bottom:
        make_room(diagram, "y", holder.bottom, box.bottom + AIR * 2 - holder.bottom)


def _within(diagram: Diagram, box: Box, around: str | None) -> bool:
    holder = diagram.box(around) if around else None
    return holder is None or box.bottom + AIR <= holder.bottom


def _plain(diagram: Diagram) -> list[tuple[str, Box]]:
    """Shapes that nothing lies inside of."""
    return [(key, box) for key, box in diagram.boxes() if not diagram.holds_others(key)]


def _blocked(diagram: Diagram, wanted: Box) -> bool:
    if any(wanted.touches(box) for _, box in _plain(diagram)):
        return True
    return any(
        wanted.touches(box) and not _encloses(box, wanted)
        for key, box in diagram.boxes()
        if diagram.holds_others(key) and diagram.kind(key) not in {"lane", "participant", "group"}
    )


def _encloses(box: Box, inner: Box) -> bool:
    return (
        box.x <= inner.x
        and box.y <= inner.y
        and inner.right <= box.right
        and inner.bottom <= box.bottom
    )
