"""The drawing's XML, open for change: found by ids, written back as it came."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from engine.steplist.faults import EditRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Xml

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE: Final = "http://camunda.org/schema/zeebe/1.0"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
SCOPES: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASKS: Final = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
    }
)
ACTIVITIES: Final = TASKS | SCOPES | {"callActivity"}
GATEWAYS: Final = frozenset(
    {
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
EVENTS: Final = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    }
)
NODES: Final = ACTIVITIES | GATEWAYS | EVENTS
#: what a schema wants before everything else inside an element
_HEAD: Final = ("documentation", "extensionElements")
_PROLOG = re.compile(rb"^(?:\xef\xbb\xbf)?(<\?xml[^>]*\?>\s*)")
#: an element without content; comments, CDATA and instructions are left alone: what begins like a
#: comment inside of one would be looked for to the end of the file
_EMPTY = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<([A-Za-z_][^<>]*?)/>", re.DOTALL)
_ID_MAX: Final = 40


def tag(name: str) -> str:
    """The element name with the namespace of BPMN."""
    return f"{{{BPMN}}}{name}"


def local(element: Xml) -> str:
    """Element name when it is BPMN's, else ""."""
    text = str(element.tag)  # of a comment it is a function
    return text.removeprefix(f"{{{BPMN}}}") if text.startswith(f"{{{BPMN}}}") else ""


def child(element: Xml, name: str) -> Xml | None:
    """First BPMN child of that name."""
    return element.find(tag(name))


def unset(element: Xml, name: str) -> None:
    """Take an attribute away, if it is there."""
    if name in element.attrib:
        del element.attrib[name]


def text_of(element: Xml | None) -> str:
    """Its text, stripped."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


@dataclass(slots=True)
class Paper:
    """One drawing while it is read or changed."""

    root: Xml
    #: the XML declaration as it stood
    prolog: bytes
    #: what follows the last element
    tail: bytes
    #: whether elements without content end in " />"
    spaced: bool

    @classmethod
    def read(cls, content: bytes) -> Paper:
        """The drawing; `EditRefused` when it is no BPMN that can be read safely."""
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            strip_cdata=False,
            remove_blank_text=False,
        )
        try:
            root = etree.fromstring(content, parser)
        except (etree.XMLSyntaxError, ValueError) as fault:
            raise EditRefused("unreadable", detail=str(fault)) from fault
        about = root.getroottree().docinfo
        if root.tag != tag("definitions") or getattr(about, "doctype", ""):
            raise EditRefused("unreadable")
        found = _PROLOG.match(content)
        ends = content[len(content.rstrip()) :]
        utf8 = str(getattr(about, "encoding", None) or "UTF-8").upper() == "UTF-8"
        prolog = found.group(1) if found and utf8 else b'<?xml version="1.0" encoding="UTF-8"?>\n'
        spaced = content.count(b" />") * 2 > content.count(b"/>")
        return cls(root, prolog, ends if utf8 else b"\n", spaced)

    def written(self) -> bytes:
        """The drawing as a file in UTF-8."""
        body: bytes = etree.tostring(self.root.getroottree(), encoding="UTF-8")
        if self.spaced:
            body = _EMPTY.sub(_spaced, body)
        return self.prolog + _PROLOG.sub(b"", body).strip() + self.tail

    def processes(self) -> list[Xml]:
        """Processes in their order."""
        return self.root.findall(tag("process"))

    def nodes(self) -> list[Xml]:
        """Flow nodes that have an id, in document order."""
        return [
            element
            for process in self.processes()
            for element in process.iter()
            if local(element) in NODES and element.get("id")
        ]

    def node(self, step_id: str) -> Xml:
        """A flow node by id; `EditRefused`."""
        for element in self.nodes():
            if element.get("id") == step_id:
                return element
        raise EditRefused("step_gone", named=step_id)

    def flows(self) -> list[Xml]:
        """Sequence flows of all scopes."""
        return [one for process in self.processes() for one in process.iter(tag("sequenceFlow"))]

    def flow(self, flow_id: str) -> Xml:
        """A sequence flow by id; `EditRefused`."""
        for element in self.flows():
            if element.get("id") == flow_id:
                return element
        raise EditRefused("way_gone", named=flow_id)

    def into(self, node: Xml) -> list[Xml]:
        """Flows that lead to a node."""
        return [flow for flow in self.flows() if flow.get("targetRef") == node.get("id")]

    def out_of(self, node: Xml) -> list[Xml]:
        """Flows that lead away from a node."""
        return [flow for flow in self.flows() if flow.get("sourceRef") == node.get("id")]

    def hosted(self, node: Xml) -> list[Xml]:
        """Boundary events of an activity."""
        return [
            one
            for one in self.nodes()
            if local(one) == "boundaryEvent" and one.get("attachedToRef") == node.get("id")
        ]

    def fresh_id(self, wanted: str) -> str:
        """An id that nothing has, made of some words."""
        plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode().lower()
        base = re.sub(r"[^a-z0-9_]+", "_", plain).strip("_")[:_ID_MAX].strip("_")
        if not base or not base[0].isalpha():
            base = f"langkah_{base}".rstrip("_")
        taken = {one.get("id") for one in self.root.iter()}
        number, made = 1, base
        while made in taken or f"{made}_di" in taken:
            number += 1
            made = f"{base}_{number}"
        return made


def _spaced(found: re.Match[bytes]) -> bytes:
    return found.group() if found.group(1) is None else b"<" + found.group(1) + b" />"


def scope_of(node: Xml) -> Xml:
    """The process or sub-process in which a node or flow stands."""
    around = node.getparent()
    if around is None:
        raise EditRefused("step_gone", named=node.get("id", ""))
    return around


def make(parent: Xml, name: str, **attributes: str) -> Xml:
    """An element of BPMN, not yet put anywhere, that will be written as its parent is."""
    return fresh(tag(name), attributes, parent.nsmap)


def fresh(name: str, attributes: Mapping[str, str], names: Mapping[str | None, str]) -> Xml:
    """An element with its namespaces; `None` names the one that is written without a prefix."""
    # the stubs of lxml forget that a default namespace is named None
    given = cast("Mapping[str, str]", dict(names))
    return etree.Element(name, dict(attributes), nsmap=given)


def put(parent: Xml, made: Xml, at: int) -> None:
    """Put a child at a place, indented as its new neighbours are."""
    if len(parent):
        outer = parent.text
        parent.insert(at, made)
        if at == len(parent) - 1:
            made.tail = parent[at - 1].tail
            parent[at - 1].tail = outer
        else:
            made.tail = outer
    else:
        lead = _indent(parent)
        parent.text, made.tail = lead + "  ", lead
        parent.append(made)
    _pretty(made, str(parent.text or "").rpartition("\n")[2])


def _indent(element: Xml) -> str:
    """The line break and the spaces before an element."""
    before, around = element.getprevious(), element.getparent()
    text = before.tail if before is not None else (around.text if around is not None else "\n")
    return text if text and "\n" in text and not text.strip() else "\n"


def _pretty(element: Xml, lead: str) -> None:
    """Indent what a new element holds."""
    if len(element):
        tail = element.tail
        etree.indent(element, space="  ", level=len(lead) // 2)
        element.tail = tail


def put_in_order(parent: Xml, made: Xml, *, after: tuple[str, ...]) -> None:
    """Put a child behind the last of these, which the schema wants before it."""
    at = 0
    for index, one in enumerate(parent):
        if local(one) in {*_HEAD, *after}:
            at = index + 1
    put(parent, made, at)


def drop(element: Xml) -> None:
    """Take an element out, with the white space that led to it."""
    around = element.getparent()
    if around is None:
        return
    before = element.getprevious()
    if element.getnext() is None:
        if before is not None:
            before.tail = element.tail
        else:
            around.text = None
    around.remove(element)
