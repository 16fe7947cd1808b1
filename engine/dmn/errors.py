"""What can go wrong with a decision model: bad drawings, and evaluations without an answer."""

from __future__ import annotations

from dataclasses import dataclass


class DmnError(Exception):
    """Root of the errors of this floor."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a modeler must mend; `line` counts from 1 in the file, 0 if unknown."""

    element_id: str
    element_name: str
    line: int
    message: str


class DmnInvalid(DmnError):
    """The file is no decision model that can run; `findings` holds all of them."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__("; ".join(_line(finding) for finding in findings[:20]))


def _line(finding: Finding) -> str:
    where = finding.element_name or finding.element_id
    return f"line {finding.line}{f' ({where})' if where else ''}: {finding.message}"


class DmnEvaluationError(DmnError):
    """A decision has no defined answer; `element_id` names the table, `rules` its rules."""

    def __init__(self, message: str, *, element_id: str, rules: tuple[str, ...] = ()) -> None:
        self.element_id = element_id
        self.rules = rules
        super().__init__(message)


class DmnUnknownDecision(DmnError):
    """The model holds no decision of that id or name."""

    def __init__(self, decision: str) -> None:
        self.decision = decision
        super().__init__(f"no decision '{decision}'")
