"""What stands beside the results of a plan: expected conduct, and the annex (lampiran SKP)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.behaviour import Value


class AgreementKind(StrEnum):
    """A part of the annex (PermenPANRB 6/2022, form of the SKP)."""

    #: what the employee gets for the work (dukungan sumber daya)
    RESOURCES = "resources"
    #: how and when he reports (skema pertanggungjawaban)
    ACCOUNTABILITY = "accountability"
    #: what follows from reaching it or not (konsekuensi)
    CONSEQUENCES = "consequences"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueExpectation:
    """What the leader expects of one core value besides its statements (ekspektasi khusus)."""

    #: the version of the plan
    plan_id: str
    #: which value
    value: Value
    #: his words
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One line of the annex."""

    #: the version of the plan
    plan_id: str
    #: which part
    kind: AgreementKind
    #: 1-based inside its part
    number: int
    #: what was agreed
    text: str


def check_agreements(
    expectations: Sequence[ValueExpectation], agreements: Sequence[Agreement]
) -> tuple[Violation, ...]:
    """Promise: every line without words, and a value that is named twice."""
    found = [
        Violation(code="required", subject=f"expectations.{n}", message="has no words")
        for n, row in enumerate(expectations)
        if not row.text.strip()
    ]
    found += [
        Violation(code="required", subject=f"agreements.{n}", message="has no words")
        for n, row in enumerate(agreements)
        if not row.text.strip()
    ]
    values = [row.value for row in expectations]
    found += [
        Violation(code="duplicate", subject=f"expectations.{n}", message=f"{value} twice")
        for n, value in enumerate(values)
        if value in values[:n]
    ]
    return tuple(found)
