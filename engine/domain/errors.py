"""Errors of the domain: facts as attributes, one root."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken rule, named so that all of them can be shown at once."""

    #: the rule, such as "I1", "band_exceeded", "weights_sum"
    code: str
    #: what breaks it: an id, a field, an account; "" for the whole
    subject: str
    #: English sentence with the figures
    message: str


class DomainError(Exception):
    """A rule of the domain does not allow this."""


class RuleBroken(DomainError):
    """One or more rules are broken; every violation is named."""

    def __init__(self, *violations: Violation) -> None:
        super().__init__("; ".join(f"{v.code} {v.subject}: {v.message}" for v in violations))
        self.violations = violations


class TransitionRefused(DomainError):
    """The thing is in a state from which this act does not lead on."""

    def __init__(self, kind: str, state: str, act: str) -> None:
        super().__init__(f"{kind} in state {state} does not allow {act}")
        self.kind = kind
        self.state = state
        self.act = act


class NotEntitled(DomainError):
    """The person may not do this act here; `reason` names the rule."""

    def __init__(self, act: str, person_id: str, reason: str) -> None:
        super().__init__(f"{person_id} may not {act}: {reason}")
        self.act = act
        self.person_id = person_id
        self.reason = reason


class Malformed(DomainError):
    """A value cannot be what it claims to be."""

    def __init__(self, kind: str, value: object, reason: str) -> None:
        super().__init__(f"{kind} {value!r}: {reason}")
        self.kind = kind
        self.value = value
        self.reason = reason


class NobodyFound(DomainError):
    """The organisation names nobody who could do this act; a fallback group takes it."""

    def __init__(self, act: str, subject: str) -> None:
        super().__init__(f"nobody to {act} for {subject}")
        self.act = act
        self.subject = subject


def require(violations: list[Violation] | tuple[Violation, ...]) -> None:
    """Promise: returns when nothing is broken, else raises RuleBroken with all of it."""
    if violations:
        raise RuleBroken(*violations)
