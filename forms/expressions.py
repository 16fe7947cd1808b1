"""FEEL inside a form: when a field hides, what a text says, which options there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.feel import FeelError, compile_expression, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.process import Json


class ExpressionRefused(ValueError):
    """The text is no FEEL expression; the message says where."""


class Expression:
    """A compiled expression over the task's variables and the form's own values.

    `names` are the known names of more than one word, such as functions of the house.
    """

    def __init__(self, text: str, names: frozenset[str] = frozenset()) -> None:
        source = text.strip().removeprefix("=").strip()
        self.source = source
        try:
            self._compiled = compile_expression(source, names=names)
        except FeelError as error:
            raise ExpressionRefused(str(error)) from error

    def value(self, scope: Mapping[str, Json]) -> Json:
        """The result; None where evaluation fails, as form-js does."""
        try:
            return to_json(self._compiled.evaluate(scope))
        except FeelError:
            return None

    def holds(self, scope: Mapping[str, Json]) -> bool:
        """Whether the result is exactly true; null is not."""
        return self.value(scope) is True
