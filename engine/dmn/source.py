"""Read DMN files safely and look at their elements without regard to the version's namespace."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from lxml import etree

from engine.dmn.errors import DmnInvalid, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml names its element type so
SIZE_MAX: Final = 4 * 1024 * 1024
#: a cell that says nothing
EMPTY: Final = frozenset({"", "-"})
#: status of a row that was written from memory
MEMORY: Final = "memory"
_NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20130901",
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20151130",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)


def parse(xml: bytes) -> Element:
    """Give the root of a DMN file; DmnInvalid if it is none, too large or has a DOCTYPE."""
    if len(xml) > SIZE_MAX:
        raise DmnInvalid([Finding("", "", 0, f"the file is larger than {SIZE_MAX} bytes")])
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as problem:
        line = problem.lineno or 0
        raise DmnInvalid([Finding("", "", line, f"no well-formed XML: {problem.msg}")]) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise DmnInvalid([Finding("", "", 1, "a DOCTYPE is not allowed")])
    namespace = etree.QName(root).namespace
    if kind(root) != "definitions" or namespace not in _NAMESPACES:
        raise DmnInvalid([found(root, "the root is no DMN 1.1 to 1.5 definitions element")])
    return root


def kind(element: Element) -> str:
    """Give the element's name without its namespace; nothing for comments."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Element, *kinds: str) -> list[Element]:
    """Give the children of DMN's namespace, of these kinds."""
    namespace = _space(element)
    return [
        child
        for child in element
        if kind(child) and _space(child) == namespace and (not kinds or kind(child) in kinds)
    ]


def _space(element: Element) -> str:
    return str(element.tag).rpartition("}")[0]


def child(element: Element, of_kind: str) -> Element | None:
    """Give the first child of a kind."""
    found_children = children(element, of_kind)
    return found_children[0] if found_children else None


def text_of(element: Element | None, of_kind: str) -> str:
    """Give the text of a child, without blanks around it."""
    if element is None:
        return ""
    inner = child(element, of_kind)
    return "" if inner is None else "".join(map(str, inner.itertext())).strip()


def notes_of(table: Element) -> Iterator[tuple[Element, Mapping[str, str]]]:
    """Give each rule of a decision table with its annotations by the names of their columns."""
    names = [e.get("name", "").strip() for e in children(table, "annotation")]
    for rule in children(table, "rule"):
        texts = [text_of(entry, "text") for entry in children(rule, "annotationEntry")]
        yield rule, MappingProxyType(dict(zip(names, texts, strict=False)))


def from_memory(notes: Mapping[str, str]) -> bool:
    """Whether a row's annotations say that it was written from memory."""
    return notes.get("status", "").lower() == MEMORY


def found(element: Element, message: str) -> Finding:
    """Make a finding about an element."""
    return Finding(element.get("id") or "", element.get("name") or "", line_of(element), message)


def line_of(element: Element) -> int:
    """The line on which an element begins, from 1; 0 if unknown."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0
