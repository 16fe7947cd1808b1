"""Errors of the use cases: facts as attributes; the doors turn them into RFC 9457 answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class UseCaseError(Exception):
    """Something asked of Regu cannot be done."""


class AccessRefused(UseCaseError):
    """The actor does not hold the right for this act."""

    def __init__(self, act: str, subject: str = "") -> None:
        super().__init__(f"{act} refused {subject}".strip())
        self.act = act
        self.subject = subject


class NotFound(UseCaseError):
    """Nothing of that kind and id is visible to the actor."""

    def __init__(self, kind: str, subject: object) -> None:
        super().__init__(f"{kind} {subject} not found")
        self.kind = kind
        self.subject = subject


class Conflict(UseCaseError):
    """The thing changed meanwhile, or is in a state that does not allow the act."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


class StaleWrite(Conflict):
    """Another transaction was faster and nothing was answered yet: the command may try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFault:
    """One thing wrong with the input."""

    #: path of the field, "" for the whole input; "results.0.weight" for a row of a list
    field: str
    #: stable code that the doors translate, such as "band_exceeded"
    code: str
    #: English sentence
    message: str


class InputRefused(UseCaseError):
    """The input breaks a rule; every fault is named at once and nothing is saved."""

    def __init__(self, *faults: FieldFault) -> None:
        super().__init__("; ".join(f"{f.field}: {f.message}" for f in faults))
        self.faults = faults


class Unread(NamedTuple):
    """Where a FEEL text cannot be read: line and column in it, from 1, and what would fit."""

    line: int
    column: int
    #: as the reader of FEEL says it, in English
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding about a drawing, decision, form or workbook."""

    #: "error" refuses the deployment, "warning" and "note" do not; a note is no fault
    severity: str
    #: stable code such as "flow-without-target"
    code: str
    #: sentence a modeler can act on
    message: str
    #: file name
    resource: str = ""
    element_id: str = ""
    element_name: str = ""
    #: 1-based line, 0 when unknown
    line: int = 0
    #: the rule of BPMN that is broken; empty where it is about what runs here
    rule: str = ""
    #: where a FEEL text cannot be read; None for any other fault
    unread: Unread | None = None


class DrawingRefused(UseCaseError):
    """A deployment with errors: all findings, nothing deployed."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(f"{sum(f.severity == 'error' for f in findings)} errors")
        self.findings = findings


class KeyReused(UseCaseError):
    """The idempotency key was used before with another body."""

    def __init__(self, key: str) -> None:
        super().__init__(f"idempotency key {key} belongs to another request")
        self.key = key
