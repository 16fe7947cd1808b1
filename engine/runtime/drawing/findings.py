"""Findings about a drawing, made from whatever has an id, a name and a line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from engine.runtime.drawing.constraints import cited
from engine.usecases.errors import Finding

if TYPE_CHECKING:
    from lxml.etree import _Element as Xml

ERROR = "error"
WARNING = "warning"
NOTE = "note"


class Placed(Protocol):
    """A part of the model that a modeler can find again."""

    @property
    def id(self) -> str:
        """Element id."""
        ...

    @property
    def line(self) -> int:
        """1-based line."""
        ...


def error(code: str, message: str, at: Placed) -> Finding:
    """A finding that refuses the drawing."""
    return _made(ERROR, code, message, at)


def warning(code: str, message: str, at: Placed) -> Finding:
    """A finding that the modeler should know."""
    return _made(WARNING, code, message, at)


def note(code: str, message: str, at: Placed) -> Finding:
    """A finding that is no fault: something the drawing relies on."""
    return _made(NOTE, code, message, at)


def _made(severity: str, code: str, message: str, at: Placed) -> Finding:
    return Finding(
        severity=severity,
        code=code,
        message=message,
        element_id=at.id,
        element_name=getattr(at, "name", ""),
        line=at.line,
    )


def ruled(finding: Finding, rule: tuple[str, str] | None) -> Finding:
    """A finding with a rule of its own, as section and numbers; None: as its code says."""
    return finding if rule is None else replace(finding, rule=cited(*rule))


def file_error(code: str, message: str, line: int = 0) -> Finding:
    """A finding about the file as a whole."""
    return Finding(severity=ERROR, code=code, message=message, line=line)


def with_article(kind: str) -> str:
    """The name of an element with its article."""
    return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind}"


def error_in(code: str, message: str, element: Xml) -> Finding:
    """A finding about an XML element; one without id is named by the element around it."""
    return _made_in(ERROR, code, message, element)


def warning_in(code: str, message: str, element: Xml) -> Finding:
    """A warning about an XML element; one without id is named by the element around it."""
    return _made_in(WARNING, code, message, element)


def _made_in(severity: str, code: str, message: str, element: Xml) -> Finding:
    named: Xml | None = element
    while named is not None and not named.get("id"):
        named = named.getparent()
    return Finding(
        severity=severity,
        code=code,
        message=message,
        element_id="" if named is None else named.get("id", ""),
        element_name="" if named is None else named.get("name", ""),
        line=int(getattr(element, "sourceline", 0) or 0),
    )
