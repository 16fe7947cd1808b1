"""Expressions that a machine can read, scripts with their language, roles and conversations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.findings import error_in
from engine.runtime.drawing.source import (
    EXPRESSIONS,
    XSI_TYPE,
    child,
    children,
    everywhere,
    local,
    text_of,
    zeebe,
)
from engine.runtime.drawing.times import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Xml

    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding

#: those that are true or false
_TRUTHS: Final = (
    "conditionExpression",
    "completionCondition",
    "loopCondition",
    "activationCondition",
    "condition",
)
_FORMAL: Final = "tFormalExpression"
#: a number or a text, alone
_NO_TRUTH: Final = re.compile(r"=?\s*([-+]?\d+([.,]\d+)?|\"[^\"]*\")")
_NAME: Final = re.compile(r"[^\W\d]\w*")
_PATHS: Final = ("dataPath", "messagePath")
_ROLES: Final = ("resourceRole", "performer", "humanPerformer", "potentialOwner")
_CONVERSED: Final = frozenset(
    {"conversation", "subConversation", "callConversation", "conversationLink"}
)


def informal(document: Document) -> Iterator[Finding]:
    """What a machine reads is formal (BPMN 8.4.6): FEEL, ISO times and numbers are."""
    for process in _executable(document):
        for element in everywhere(process, *EXPRESSIONS):
            text = text_of(element)
            typed = element.get(XSI_TYPE, "").rpartition(":")[2]
            if typed != _FORMAL and not _read(local(element), text):
                what = f"{local(element)} '{text[:60]}' is no formal expression"
                yield error_in("expression-informal", f"{what}: write FEEL after '='.", element)
    for element in everywhere(document.root, *_PATHS) if document.drawing.executable else ():
        if not text_of(element) and len(element) == 0:
            text = f"{local(element)} is empty: write an expression or remove it."
            yield error_in("expression-empty", text, element)


def _read(name: str, text: str) -> bool:
    """Whether such a text can be read without being marked as formal."""
    if not text or text.startswith("="):
        return True
    if name.startswith("time"):
        return readable(text)
    return bool(name == "to" and _NAME.fullmatch(text)) or text.isdecimal()


def truths(document: Document) -> Iterator[Finding]:
    """A condition is true or false, never a number or a text."""
    for process in _executable(document):
        for element in everywhere(process, *_TRUTHS):
            if _NO_TRUTH.fullmatch(text_of(element)):
                text = f"{local(element)} '{text_of(element)}' is never true or false."
                yield error_in("expression-not-boolean", text, element)


def scripts(document: Document) -> Iterator[Finding]:
    """A script names its language (BPMN 10.3.3)."""
    for process in _executable(document):
        for task in everywhere(process, "scriptTask"):
            drawn = child(task, "script")
            needs = drawn is not None and zeebe(task, "script") is None
            if needs and not task.get("scriptFormat", "").strip():
                text = "The script has no scriptFormat; here a script is FEEL in zeebe:script."
                yield error_in("script-format-missing", text, task)


def roles(document: Document) -> Iterator[Finding]:
    """A role is a resource with its parameters, or an expression (BPMN 10.3.1)."""
    for role in everywhere(document.root, *_ROLES):
        named = child(role, "resourceRef") is not None
        bound = child(role, "resourceParameterBinding") is not None
        assigned = child(role, "resourceAssignmentExpression") is not None
        if (assigned and (named or bound)) or (bound and not named):
            text = "A role names a resource with its parameters, or an expression, not both."
            yield error_in("resource-role-mixed", text, role)


def conversations(document: Document) -> Iterator[Finding]:
    """A global conversation holds no conversations; only collaborations show choreographies."""
    for element in document.root:
        if local(element) in {"globalConversation", "choreography", "globalChoreographyTask"}:
            for drawn in children(element, "choreographyRef"):
                text = f"A {local(element)} refers to no choreography: remove the reference."
                yield error_in("choreography-reference", text, drawn)
        if local(element) == "globalConversation":
            for drawn in element:
                if local(drawn) in _CONVERSED:
                    text = f"A global conversation holds no {local(drawn)}: use a collaboration."
                    yield error_in("global-conversation", text, drawn)


def _executable(document: Document) -> list[Xml]:
    return [element for element, process in document.processes if process.executable]
