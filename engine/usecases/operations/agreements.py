"""What the leader agrees with the employee beside the results of a plan."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from engine.domain.agreements import (
    Agreement,
    AgreementKind,
    ValueExpectation,
    check_agreements,
)
from engine.domain.behaviour import Value
from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.operations.step import fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

    from engine.domain.plans import Plan
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

Word = TypeVar("Word", bound="StrEnum")


def keep_agreements(step: Step, plan: Plan) -> None:
    """Keep the rows `expectations` and `agreements` of the form with a plan not yet fixed.

    `InputRefused` with every fault.
    """
    expectations = [
        ValueExpectation(
            plan_id=plan.id,
            value=_word(row, "value", Value, f"expectations.{n}"),
            text=_words(row),
        )
        for n, row in enumerate(step.rows("expectations"))
    ]
    agreements = _numbered(step, plan)
    faults = [
        FieldFault(
            field=f"{found.subject}.{'value' if found.code == 'duplicate' else 'text'}",
            code=found.code,
            message=found.message,
        )
        for found in check_agreements(expectations, agreements)
    ]
    if faults:
        raise InputRefused(*faults)
    step.uow.agreements.replace(plan.id, expectations, agreements)


def _numbered(step: Step, plan: Plan) -> list[Agreement]:
    seen: Counter[AgreementKind] = Counter()
    found = []
    for n, row in enumerate(step.rows("agreements")):
        kind = _word(row, "kind", AgreementKind, f"agreements.{n}")
        seen[kind] += 1
        found.append(Agreement(plan_id=plan.id, kind=kind, number=seen[kind], text=_words(row)))
    return found


def _words(row: Mapping[str, Json]) -> str:
    return str(row.get("text") or "").strip()


def _word(row: Mapping[str, Json], key: str, words: type[Word], at: str) -> Word:
    known = {word.value: word for word in words}
    value = row.get(key)
    if value not in known:
        raise fault(f"{at}.{key}", "unknown_word", f"one of {', '.join(known)}")
    return known[value]
