"""A file that carries the files it imports, so that it means the same wherever it is read.

Each stands in a processing instruction before the end of the root: no tool reads it as a part of
the model, and lines and bytes of what was drawn stay.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Final

from lxml import etree

from engine.dmn.errors import DmnInvalid
from engine.dmn.source import Element, children, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MARK: Final = "regu-imported"


def enclose(xml: bytes, near: Iterable[bytes]) -> bytes:
    """The file with those of the files near it that it imports, and what these import.

    What is no DMN file imports nothing and is skipped; an import that is not among them stays open.
    """
    return _enclosed(xml, _by_namespace(near), frozenset()) if b"import" in xml else xml


def enclosed(root: Element) -> Mapping[str, bytes]:
    """The files that a file carries, by namespace."""
    carried = {}
    for mark in root.iterchildren(etree.ProcessingInstruction):
        if getattr(mark, "target", "") == _MARK:
            try:
                inner = b64decode(mark.text or "", validate=True)
                carried[_namespace(inner)] = inner
            except (binascii.Error, DmnInvalid):
                continue
    return carried


def _by_namespace(files: Iterable[bytes]) -> dict[str, bytes]:
    known = {}
    for xml in files:
        try:
            known[_namespace(xml)] = xml
        except DmnInvalid:
            continue
    return known


def _namespace(xml: bytes) -> str:
    return parse(xml).get("namespace", "")


def _enclosed(xml: bytes, near: Mapping[str, bytes], around: frozenset[str]) -> bytes:
    try:
        root = parse(xml)
    except DmnInvalid:
        return xml
    around |= {root.get("namespace", "")}
    wanted = dict.fromkeys(one.get("namespace", "") for one in children(root, "import"))
    carried = [
        _enclosed(near[space], near, around)
        for space in wanted
        if space in near and space not in around
    ]
    return _with(xml, root, carried) if carried else xml


def _with(xml: bytes, root: Element, carried: list[bytes]) -> bytes:
    if b"</" not in xml:  # written with more than one byte a sign
        xml = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    marks = b"".join(b"<?%s %s?>" % (_MARK.encode(), b64encode(inner)) for inner in carried)
    body, closing, rest = xml.rpartition(b"</")
    return body + marks + closing + rest
