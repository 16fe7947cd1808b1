"""Choices of a field: written in the form, or brought by the task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.model import Field, Option, Wording
from forms.nip import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forms.expressions import Expression


def choices(field: Field, scope: Mapping[str, Any]) -> Sequence[Option]:
    """All choices of a field, in order, each value once.

    The task's list holds texts, `{value, label}` pairs, or people `{person_id, name, nip}`.
    """
    found = list(field.options)
    brought: Any = None
    if field.options_key:
        brought = scope.get(field.options_key)
    elif field.options_expression is not None:
        # asked when the form began: later the house's functions are out of reach
        asked = scope.get(asked_as(field.options_expression))
        brought = asked or field.options_expression.value(scope)
    if isinstance(brought, (list, tuple)):
        found.extend(option for one in brought if (option := _option(one)) is not None)
    return list({option.value: option for option in reversed(found)}.values())[::-1]


def asked_as(expression: Expression, language: str = "") -> str:
    """Name under which the answer to an expression stands among a form's variables."""
    return f"={expression.source}{f' @{language}' if language else ''}"


def _option(one: Any) -> Option | None:
    if isinstance(one, str) and one:
        return Option(value=one, label=Wording(one))
    if not isinstance(one, dict):
        return None
    value = one.get("value") or one.get("person_id")
    if not isinstance(value, str):
        return None
    label = str(one.get("label") or one.get("name") or value)
    nip = one.get("nip")
    if isinstance(nip, str):
        label = f"{label} ({grouped(nip)})"
    return Option(value=value, label=Wording(label, str(one.get("label.en") or "")))
