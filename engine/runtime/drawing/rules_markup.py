"""Small print of valid BPMN that no other rule sees."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.findings import error_in
from engine.runtime.drawing.model import ACTIVITIES, SCOPES, Kind
from engine.runtime.drawing.source import (
    EXPRESSIONS,
    children,
    everywhere,
    flag,
    local,
    text_of,
    zeebe,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding

_MIME: Final = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;.*)?")
_URI: Final = re.compile(r"(%[0-9A-Fa-f]{2}|[^\s%\"<>\\^`{|}])*")
_TIMES: Final = ("timeDate", "timeDuration", "timeCycle")
_FLOW_HOLDERS: Final = frozenset(SCOPES) | {"process", "choreography", "subChoreography"}
_PROCESS_HOLDERS: Final = frozenset({"definitions"})
_ROOTS: Final = frozenset(
    {
        "import",
        "extension",
        "documentation",
        "extensionElements",
        "relationship",
        "category",
        "choreography",
        "collaboration",
        "globalConversation",
        "globalChoreographyTask",
        "conversation",
        "correlationProperty",
        "dataStore",
        "endPoint",
        "error",
        "escalation",
        "globalBusinessRuleTask",
        "globalManualTask",
        "globalScriptTask",
        "globalTask",
        "globalUserTask",
        "interface",
        "itemDefinition",
        "message",
        "partnerEntity",
        "partnerRole",
        "process",
        "resource",
        "signal",
    }
)


def roots(document: Document) -> Iterator[Finding]:
    """Below `definitions` stand root elements only."""
    for element in document.root:
        name = local(element)
        if name and name not in _ROOTS and not name.endswith("EventDefinition"):
            text = f"'{name}' cannot stand outside a process: move it into one."
            yield error_in("misplaced-element", text, element)


def places(document: Document) -> Iterator[Finding]:
    """Nodes and flows stand in a process or sub-process, or they would be lost."""
    for element in everywhere(document.root, "process", "sequenceFlow", *Kind):
        around = element.getparent()
        holders = _FLOW_HOLDERS if local(element) != "process" else _PROCESS_HOLDERS
        if around is not None and local(around) not in holders | {"extensionElements"}:
            text = f"'{local(element)}' cannot stand in '{local(around)}': move it out."
            yield error_in("misplaced-element", text, element)


def formats(document: Document) -> Iterator[Finding]:
    """Text formats are MIME types, languages are URIs."""
    for element in everywhere(document.root, "documentation", "textAnnotation"):
        given = element.get("textFormat", "text/plain").strip()
        if not _MIME.fullmatch(given):
            text = f"textFormat '{given}' is no MIME type such as text/plain."
            yield error_in("text-format", text, element)
    for element in document.root.iter():
        for name in ("language", "expressionLanguage", "typeLanguage"):
            if local(element) and not _URI.fullmatch(element.get(name, "")):
                text = f"{name} '{element.get(name)}' is no URI."
                yield error_in("language-no-uri", text, element)


def loops(document: Document) -> Iterator[Finding]:
    """An activity repeats in one way."""
    for element in everywhere(document.root, *ACTIVITIES):
        drawn = [e for e in element if local(e).endswith("LoopCharacteristics")]
        if len(drawn) > 1:
            text = "The activity has a loop and a multi-instance marker: keep one."
            yield error_in("loop-markers", text, element)


def expressions_written(document: Document) -> Iterator[Finding]:
    """An expression in an executable process has a body."""
    for process in _executable(document):
        for element in everywhere(process, *EXPRESSIONS):
            if not text_of(element) and len(element) == 0:
                text = f"{local(element)} is empty: write an expression or remove it."
                yield error_in("expression-empty", text, element)


def timers(document: Document) -> Iterator[Finding]:
    """A timer says one thing: a date, a duration or a cycle."""
    executable = set(_executable(document))
    for process, _ in document.processes:
        for element in everywhere(process, "timerEventDefinition"):
            count = sum(len(children(element, name)) for name in _TIMES)
            if count > 1:
                text = "The timer has several of date, duration and cycle: keep one."
                yield error_in("timer-several", text, element)
            elif count == 0 and process in executable:
                text = "The timer says no time: give it a date, a duration or a cycle."
                yield error_in("timer-missing", text, element)


def executable_limits(document: Document) -> Iterator[Finding]:
    """What BPMN forbids in executable processes."""
    for process in _executable(document):
        if process.get("processType", "None").strip() == "Public":
            text = "A public process cannot be executable: make it private."
            yield error_in("process-public", text, process)
        for flow in everywhere(process, "sequenceFlow"):
            if not flag(flow, "isImmediate", default=True):
                text = "isImmediate is not for executable processes: remove it."
                yield error_in("flow-not-immediate", text, flow)


def instantiating_gateways(document: Document) -> Iterator[Finding]:
    """A gateway that starts a process has nothing before it (BPMN 10.6.6)."""
    for drawn, node, _ in document.nodes(Kind.EVENT_BASED_GATEWAY, Kind.RECEIVE_TASK):
        if flag(drawn, "instantiate", default=False) and node.incoming:
            text = f"'{node.label}' starts the process: nothing can lead to it."
            yield error_in("instantiating-with-flow", text, drawn)


def repeated_settings(document: Document) -> Iterator[Finding]:
    """A zeebe setting stands once; of two, one would be lost."""
    for process in _executable(document):
        for box in everywhere(process, "extensionElements"):
            seen: set[str] = set()
            for setting in box:
                tag = str(setting.tag)
                if tag in seen and "/zeebe/" in tag:
                    text = f"zeebe:{tag.rpartition('}')[2]} stands here twice: keep one."
                    yield error_in("setting-repeated", text, setting)
                seen.add(tag)


def _executable(document: Document) -> list[Xml]:
    return [element for element, process in document.processes if process.executable]


def multi_instance_settings(document: Document) -> Iterator[Finding]:
    """Loop settings stand in the multi-instance marker, or they are lost."""
    for process in _executable(document):
        for element in everywhere(process, *ACTIVITIES):
            if zeebe(element, "loopCharacteristics") is not None:
                text = "zeebe:loopCharacteristics belongs into multiInstanceLoopCharacteristics."
                yield error_in("misplaced-element", text, element)
