"""The layout of a drawing (BPMN DI): shapes and edges by what they show."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from lxml import etree

from engine.steplist.geometry import Box, Point
from engine.steplist.paper import ACTIVITIES, GATEWAYS, SCOPES, drop, fresh, local, put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.steplist.paper import Paper

BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"
_PREFIXES: Final = {"bpmndi": BPMNDI, "dc": DC, "di": DI}
_SHAPE, _EDGE = f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge"
_LABEL, _BOUNDS = f"{{{BPMNDI}}}BPMNLabel", f"{{{DC}}}Bounds"
_POINT = f"{{{DI}}}waypoint"
_EVENT, _GATEWAY = (Decimal(36), Decimal(36)), (Decimal(50), Decimal(50))
_TASK = (Decimal(100), Decimal(80))
_LABEL_SIZE = (Decimal(90), Decimal(27))
#: what holds others and grows with them
_CONTAINERS: Final = SCOPES | {"participant", "lane", "group"}


class Diagram:
    """One plane; of a drawing without layout there is none, and nothing is drawn."""

    def __init__(self, paper: Paper, near: str) -> None:
        """The plane on which that element is drawn, else the first one."""
        self.paper = paper
        planes = list(paper.root.iter(f"{{{BPMNDI}}}BPMNPlane"))
        holding = [
            plane
            for plane in planes
            if any(shape.get("bpmnElement") == near for shape in plane.iter(_SHAPE))
        ]
        self.plane: Xml | None = next(iter(holding or planes), None)
        self.elements = {one.get("id", ""): one for one in paper.root.iter() if one.get("id")}
        self.index()

    def index(self) -> None:
        """Read the plane anew."""
        drawn = [] if self.plane is None else list(self.plane)
        self.shapes = {s.get("bpmnElement", ""): s for s in drawn if s.tag == _SHAPE}
        self.edges = {e.get("bpmnElement", ""): e for e in drawn if e.tag == _EDGE}
        for key in [*self.shapes, *self.edges]:
            if key not in self.elements:
                found = self.paper.root.xpath("//*[@id=$key]", key=key)
                if isinstance(found, list) and found:
                    self.elements[key] = found[0]  # type: ignore[assignment]

    def kind(self, key: str) -> str:
        """BPMN element name of what a shape shows."""
        element = self.elements.get(key)
        return "" if element is None else local(element)

    def box(self, key: str) -> Box | None:
        """Where a shape is; None: it is not drawn."""
        shape = self.shapes.get(key)
        bounds = None if shape is None else shape.find(_BOUNDS)
        return None if bounds is None else read_box(bounds)

    def boxes(self) -> Iterator[tuple[str, Box]]:
        """All shapes that are drawn."""
        for key in self.shapes:
            box = self.box(key)
            if box is not None:
                yield key, box

    def holds_others(self, key: str) -> bool:
        """Whether shapes lie inside this one."""
        kind = self.kind(key)
        if kind not in _CONTAINERS:
            return False
        if kind not in SCOPES:
            return True
        inner = self.elements[key]
        return any(one.get("id", "") in self.shapes for one in inner if one.get("id"))

    def around(self, element: Xml, lane: str) -> str | None:
        """The innermost shape that must hold what is drawn for an element."""
        scope: Xml | None = element.getparent()
        if scope is not None and local(scope) in SCOPES:
            key = scope.get("id", "")
            return key if key in self.shapes else None
        if lane and lane in self.shapes:
            return lane
        for key in self.shapes:
            one = self.elements.get(key)
            if one is None or scope is None or self.kind(key) != "participant":
                continue
            if one.get("processRef") == scope.get("id"):
                return key
        return None

    def size(self, kind: str) -> tuple[Decimal, Decimal]:
        """Width and height of a new shape, as its fellows have them."""
        if kind in GATEWAYS:
            return _GATEWAY
        if kind not in ACTIVITIES:
            return _EVENT
        sizes = Counter(
            (box.width, box.height)
            for key, box in self.boxes()
            if self.kind(key) in ACTIVITIES and not self.holds_others(key)
        )
        return sizes.most_common(1)[0][0] if sizes else _TASK

    def place(self, key: str, box: Box) -> None:
        """Draw a new shape, with its name below when it has no room inside."""
        if self.plane is None:
            return
        shape = self._make(_SHAPE, id=self.paper.fresh_id(f"{key}_di"), bpmnElement=key)
        self._bounds(shape, box)
        kind = self.kind(key) or local(self.paper.node(key))
        if kind == "exclusiveGateway":
            shape.set("isMarkerVisible", "true")
        if kind not in ACTIVITIES:
            label = etree.SubElement(shape, _LABEL)
            x = box.middle.x - _LABEL_SIZE[0] / 2
            above = box.y - _LABEL_SIZE[1] - 4
            y = above if kind in GATEWAYS else box.bottom + 4
            self._bounds(label, Box(x, y, *_LABEL_SIZE))
        put(self.plane, shape, self._end_of_shapes())
        self.shapes[key] = shape

    def draw(self, key: str, points: list[Point]) -> None:
        """Draw a flow along these points; its label stays with it."""
        if self.plane is None or len(points) < 2:  # noqa: PLR2004 - a line has two ends
            return
        edge = self.edges.get(key)
        if edge is None:
            edge = self._make(_EDGE, id=self.paper.fresh_id(f"{key}_di"), bpmnElement=key)
            put(self.plane, edge, len(self.plane))
            self.edges[key] = edge
        for old in edge.findall(_POINT):
            drop(old)
        for index, point in enumerate(points):
            made = self._make(_POINT)
            made.set("x", shown(point.x))
            made.set("y", shown(point.y))
            put(edge, made, index)
        self._label_along(edge, points)

    def points(self, key: str) -> list[Point]:
        """The path of a flow as drawn."""
        edge = self.edges.get(key)
        found = [] if edge is None else [read_point(one) for one in edge.findall(_POINT)]
        return [point for point in found if point is not None]

    def move(self, key: str, dx: Decimal, dy: Decimal) -> None:
        """Move a shape and its label."""
        shape = self.shapes.get(key)
        for bounds in () if shape is None else shape.iter(_BOUNDS):
            box = read_box(bounds)
            if box is not None:
                write_box(bounds, box.moved(dx, dy))

    def erase(self, key: str) -> None:
        """Take a shape or an edge off the plane."""
        for drawn in (self.shapes.pop(key, None), self.edges.pop(key, None)):
            if drawn is not None:
                drop(drawn)

    def _label_along(self, edge: Xml, points: list[Point]) -> None:
        bounds = edge.find(f"{_LABEL}/{_BOUNDS}")
        box = None if bounds is None else read_box(bounds)
        if bounds is not None and box is not None:
            first, second = points[0], points[1]
            beside = Point(first.x + 6, first.y - box.height - 2)
            if first.x == second.x:
                down = second.y > first.y
                beside = Point(first.x + 6, first.y + 6 if down else first.y - box.height - 6)
            write_box(bounds, Box(beside.x, beside.y, box.width, box.height))

    def _make(self, name: str, **attributes: str) -> Xml:
        return fresh(name, attributes, self._names())

    def _bounds(self, parent: Xml, box: Box) -> None:
        write_box(etree.SubElement(parent, _BOUNDS), box)

    def _names(self) -> dict[str | None, str]:
        known = dict(self.plane.nsmap) if self.plane is not None else {}
        given = set(known.values())
        return known | {k: v for k, v in _PREFIXES.items() if v not in given and k not in known}

    def _end_of_shapes(self) -> int:
        last = -1
        for index, one in enumerate(() if self.plane is None else self.plane):
            if one.tag == _SHAPE:
                last = index
        return last + 1


def read_box(bounds: Xml) -> Box | None:
    """The rectangle of a `Bounds`; None when it is no rectangle."""
    found = [_number(bounds.get(name)) for name in ("x", "y", "width", "height")]
    x, y, width, height = found
    if x is None or y is None or width is None or height is None:
        return None
    return Box(x, y, width, height)


def read_point(drawn: Xml) -> Point | None:
    """A way point; None when it is no point."""
    x, y = _number(drawn.get("x")), _number(drawn.get("y"))
    return None if x is None or y is None else Point(x, y)


def write_box(bounds: Xml, box: Box) -> None:
    """Write a rectangle; what did not change keeps its writing."""
    values = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    for name, value in values.items():
        if _number(bounds.get(name)) != value:
            bounds.set(name, shown(value))


def _number(text: str | None) -> Decimal | None:
    try:
        found = Decimal(text or "")
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**9 else None


def shown(number: Decimal) -> str:
    """A number as layouts write it."""
    return f"{number.normalize():f}"
