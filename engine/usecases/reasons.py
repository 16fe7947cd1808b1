"""Acts of a process owner say why; the reason is kept in the audit."""

from __future__ import annotations

from typing import Final

from engine.usecases.errors import FieldFault, InputRefused

REASON_CHARACTERS_MAX: Final = 1_000


def given(reason: str) -> str:
    """The reason, tidied; `InputRefused` for none."""
    tidy = " ".join(reason.split())
    if not tidy:
        raise InputRefused(
            FieldFault(field="reason", code="required", message="say why: it is kept in the audit")
        )
    if len(tidy) > REASON_CHARACTERS_MAX:
        text = f"at most {REASON_CHARACTERS_MAX} characters"
        raise InputRefused(FieldFault(field="reason", code="too_long", message=text))
    return tidy
