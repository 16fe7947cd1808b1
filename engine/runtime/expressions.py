"""Texts of a drawing, compiled once: a text that begins with "=" is FEEL, any other a literal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.feel import FeelError, compile_expression, to_json
from engine.runtime.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.feel import Expression as FeelExpression
    from engine.feel import FeelWarning
    from engine.usecases.ports.process import Json


@dataclass(frozen=True, slots=True)
class Text:
    """A literal or a compiled FEEL expression; immutable and shared."""

    source: str
    feel: FeelExpression | None = field(default=None, compare=False)

    @property
    def literal(self) -> bool:
        """Means itself, whatever the variables are."""
        return self.feel is None

    def value(self, scope: Mapping[str, Any]) -> Json:
        """The JSON value, null included; `Fault` when it costs too much."""
        if self.feel is None:
            return self.source
        try:
            value = self.feel.evaluate(scope)
        except FeelError as problem:
            raise self.fault(str(problem)) from problem
        kind = value.__class__
        return value if kind is str or kind is bool or value is None else to_json(value)

    def needed(self, scope: Mapping[str, Any], what: str) -> Json:
        """The JSON value; null is a `Fault` that says why, never a silent way."""
        value = self.value(scope)
        if value is None:
            raise self.fault(f"{what} is null", self._why(scope))
        return value

    def truth(self, scope: Mapping[str, Any], what: str) -> bool:
        """True or false; anything else is a `Fault` of kind "condition"."""
        value = self.value(scope)
        if value is True or value is False:
            return value
        found = "null" if value is None else f"{value!r}, no boolean"
        raise Fault("condition", f"{what}: {self.source} is {found}", self._why(scope))

    def fault(self, message: str, cause: str = "") -> Fault:
        """An incident of kind "expression" about this text."""
        return Fault("expression", f"{self.source}: {message}", cause)

    def _why(self, scope: Mapping[str, Any]) -> str:
        """Evaluate once more, with warnings: only a failure pays for them."""
        warnings: list[FeelWarning] = []
        if self.feel is not None:
            self.feel.evaluate(scope, warnings)
        return "; ".join(w.message for w in warnings)


def read_text(source: str, names: frozenset[str]) -> Text:
    """Compile a text of a drawing; `FeelSyntaxError` names the place.

    `names` are the known names that are not one plain word (functions of the host).
    """
    stripped = source.strip()
    if not stripped.startswith("="):
        return Text(stripped)
    return Text(stripped, compile_expression(stripped[1:].strip(), names=names))


def read_optional(source: str | None, names: frozenset[str]) -> Text | None:
    """The same for a text that may be absent or empty."""
    return None if source is None or not source.strip() else read_text(source, names)
