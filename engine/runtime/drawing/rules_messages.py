"""Message flows of a collaboration connect what can send with what can receive (BPMN 7.6.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.definitions import SUFFIX, definition_elements
from engine.runtime.drawing.findings import error_in, with_article
from engine.runtime.drawing.model import ACTIVITIES, Kind
from engine.runtime.drawing.source import BPMN, children, everywhere, local, reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding

_POOLS: Final = frozenset({"participant", "subConversation", "conversation", "callConversation"})
_SENDS: Final = frozenset(ACTIVITIES) | _POOLS | {Kind.END_EVENT, Kind.THROW_EVENT}
_RECEIVES: Final = (
    frozenset(ACTIVITIES) | _POOLS | {Kind.START_EVENT, Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT}
)
_CHOREOGRAPHED: Final = frozenset({"choreographyTask", "subChoreography", "callChoreography"})
_EVENT: Final = frozenset(
    {Kind.START_EVENT, Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT, Kind.END_EVENT, Kind.THROW_EVENT}
)


def message_flows(document: Document) -> Iterator[Finding]:
    """Each message flow has a sender and a receiver in different pools."""
    by_id = {e.get("id", ""): e for e in document.root.iter(f"{{{BPMN}}}*") if e.get("id")}
    for flow in everywhere(document.root, "messageFlow"):
        around = flow.getparent()
        if around is None or local(around) != "collaboration":
            continue
        source = by_id.get(reference(flow, "sourceRef") or "")
        target = by_id.get(reference(flow, "targetRef") or "")
        tasks = _CHOREOGRAPHED if children(around, "choreographyRef") else frozenset()
        if source is not None:
            yield from _end(flow, source, "send", _SENDS | tasks)
        if target is not None:
            yield from _end(flow, target, "receive", _RECEIVES | tasks)
        if source is not None and target is not None:
            yield from _pools(flow, _pool(source, around), _pool(target, around))


def _end(flow: Xml, end: Xml, word: str, kinds: frozenset[str]) -> Iterator[Finding]:
    name = end.get("name", "") or end.get("id", "")
    if local(end) not in kinds:
        text = f"'{name}' is {with_article(local(end))}, which cannot {word} a message."
        yield error_in("message-flow-end", text, flow)
    elif local(end) in _EVENT:
        drawn = [local(e).removesuffix(SUFFIX) for e in definition_elements(end)]
        if "message" not in drawn and not children(end, "eventDefinitionRef"):
            text = f"'{name}' is no message event: it cannot {word} a message."
            yield error_in("message-flow-end", text, flow)


def _pool(end: Xml, collaboration: Xml) -> str:
    """Id of the pool an element is or stands in, else of its process."""
    element: Xml | None = end
    while element is not None and local(element) not in {"process", *_POOLS}:
        element = element.getparent()
    if element is None or local(element) != "process":
        return "" if element is None else element.get("id", "")
    key = element.get("id", "")
    for pool in children(collaboration, "participant"):
        if reference(pool, "processRef") == key:
            return pool.get("id", "")
    return key


def multiplicities(document: Document) -> Iterator[Finding]:
    """A pool stands for at least none and at most some participants."""
    for drawn in everywhere(document.root, "participantMultiplicity"):
        bounds = [
            drawn.get(name, default) for name, default in (("minimum", "0"), ("maximum", "1"))
        ]
        if not all(re.fullmatch(r"-?\d{1,9}", bound.strip()) for bound in bounds):
            yield error_in("multiplicity", "The multiplicity is no whole number.", drawn)
            continue
        low, high = (int(bound) for bound in bounds)
        if low < 0 or high < 1 or low > high:
            text = f"The multiplicity from {low} to {high} is impossible."
            yield error_in("multiplicity", text, drawn)


def _pools(flow: Xml, source: str, target: str) -> Iterator[Finding]:
    if source and source == target:
        text = "The message flow stays in one pool: use a sequence flow there."
        yield error_in("message-flow-in-pool", text, flow)
