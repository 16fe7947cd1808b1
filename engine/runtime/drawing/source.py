"""Bytes to a tree of XML elements: nothing is fetched, nothing is expanded, size is capped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from engine.runtime.drawing.findings import file_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.usecases.errors import Finding


BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

#: a drawing of 1,000 nodes with its layout has about 1 MB
MAX_BYTES = 8 * 1024 * 1024
#: element depth; real drawings stay below 20
MAX_DEPTH = 100
#: XML elements of one file, layout included
MAX_ELEMENTS = 200_000
#: attributes of one element; every strange one is a finding
MAX_ATTRIBUTES = 200
#: expressions that a machine evaluates
EXPRESSIONS = (
    "conditionExpression",
    "timeDate",
    "timeDuration",
    "timeCycle",
    "completionCondition",
    "loopCondition",
    "loopCardinality",
    "activationCondition",
    "condition",
    "from",
    "to",
)


def parse(data: bytes) -> tuple[Xml | None, tuple[Finding, ...]]:
    """The root element `definitions`, or None and what is wrong with the file as such."""
    root, found = bounded(data)
    if root is None or root.tag == f"{{{BPMN}}}definitions":
        return root, found
    text = (
        f"The root element is {root.tag}; a drawing begins with 'definitions' "
        f"in the BPMN 2.0 namespace {BPMN}."
    )
    return None, (file_error("not-bpmn", text, line_of(root)),)


def bounded(data: bytes) -> tuple[Xml | None, tuple[Finding, ...]]:
    """The root of a file of XML, whatever it is, or None and why it is not read.

    Its bytes, depth, elements and attributes are capped; a DOCTYPE is refused.
    """
    if len(data) > MAX_BYTES:
        text = f"The file has {len(data)} bytes; at most {MAX_BYTES} are read."
        return None, (file_error("file-too-large", text),)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as fault:
        text = f"The file is not well-formed XML: {fault.msg}."
        return None, (file_error("not-xml", text, fault.lineno or 0),)
    except ValueError as fault:  # an empty file, or an encoding lxml does not know
        return None, (file_error("not-xml", f"The file cannot be read as XML: {fault}."),)
    found = _refused_as_whole(root)
    return (None, (found,)) if found else (root, ())


def _refused_as_whole(root: Xml) -> Finding | None:
    if getattr(root.getroottree().docinfo, "doctype", ""):
        return file_error("doctype", "Remove the DOCTYPE: a drawing declares no entities.", 1)
    depth = 0
    for count, (event, element) in enumerate(etree.iterwalk(root, events=("start", "end")), 1):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            text = f"Elements are nested deeper than {MAX_DEPTH} levels."
            return file_error("too-deep", text, line_of(element))
        if len(element.attrib) > MAX_ATTRIBUTES:
            text = f"An element has more than {MAX_ATTRIBUTES} attributes."
            return file_error("too-many-attributes", text, line_of(element))
        if count > 2 * MAX_ELEMENTS:
            return file_error("too-many-elements", f"More than {MAX_ELEMENTS} XML elements.")
    return None


def line_of(element: Xml) -> int:
    """1-based line, 0 when unknown."""
    return int(getattr(element, "sourceline", 0) or 0)


def local(element: Xml) -> str:
    """Element name when it is in the BPMN namespace, else empty."""
    tag = str(element.tag)
    if not tag.startswith(f"{{{BPMN}}}"):
        return ""
    return tag[len(BPMN) + 2 :]


def child(element: Xml, name: str) -> Xml | None:
    """First BPMN child of that name."""
    return element.find(f"{{{BPMN}}}{name}")


def children(element: Xml, name: str) -> list[Xml]:
    """BPMN children of that name."""
    return element.findall(f"{{{BPMN}}}{name}")


def everywhere(element: Xml, *names: str) -> Iterator[Xml]:
    """BPMN elements of those names below an element, in document order."""
    yield from element.iter(*(f"{{{BPMN}}}{name}" for name in names))


def zeebe(element: Xml, name: str) -> Xml | None:
    """The zeebe extension of that name of an element."""
    return element.find(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}{name}")


def text_of(element: Xml | None) -> str:
    """Text of an element with its parts joined, stripped; empty when there is none."""
    if element is None:
        return ""
    return "".join(map(str, element.itertext())).strip()


def reference(element: Xml, name: str) -> str | None:
    """A reference written as attribute or child element, without a prefix; None: absent."""
    raw = element.get(name)
    if raw is None:
        inner = child(element, name)
        if inner is None:
            return None
        raw = text_of(inner)
    return raw.strip().rpartition(":")[2]


def flag(element: Xml, name: str, *, default: bool) -> bool:
    """An xsd:boolean attribute."""
    raw = element.get(name)
    return default if raw is None else raw.strip() in {"true", "1"}
