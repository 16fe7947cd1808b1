"""One evaluation: its scope, its warnings and what it has spent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.feel import limits
from engine.feel.errors import FeelLimitError, FeelWarning, line_and_column

#: Local names: a frame and the environment around it; a filter's frame is its item.
Environment = tuple[Any, Any] | None
Closure = Callable[["Run", Environment], Any]


def spend(run: Run | None, steps: int) -> None:
    """Count work where a run is at hand."""
    if run is not None:
        run.spend(steps)


class Run:
    """The state of one evaluation; never shared between threads."""

    steps = 0
    depth = 0
    where = ""

    def __init__(
        self, scope: Mapping[str, Any], warnings: list[FeelWarning] | None, text: str
    ) -> None:
        self.scope = scope
        self.warnings = warnings
        self.text = text
        #: what was warned of, so that a loop says it once
        self.told: set[tuple[int, str, str]] | None = None if warnings is None else set()

    def warn(self, at: int, message: str) -> Any:
        """Note why null came out, for the author; returns None so that closures may return it."""
        if self.warnings is None or self.told is None or len(self.told) >= limits.WARNINGS:
            return
        key = (at, message, self.where)
        if key not in self.told:
            self.told.add(key)
            line, column = line_and_column(self.text, at)
            self.warnings.append(FeelWarning(message, line, column, self.where))

    def quietly(self, body: Closure, env: Environment) -> Any:
        """Run a closure that only asks: what it warns of is nobody's fault."""
        warnings, self.warnings = self.warnings, None
        try:
            return body(self, env)
        finally:
            self.warnings = warnings

    def inside(self, scope: Mapping[str, Any], body: Closure, env: Environment) -> Any:
        """Run the body of a function in the scope in which the function was made."""
        caller, self.scope = self.scope, scope
        try:
            return body(self, env)
        finally:
            self.scope = caller

    def spend(self, steps: int = 1) -> None:
        """Count work of loops and lists."""
        self.steps += steps
        if self.steps > limits.STEPS:
            raise FeelLimitError("steps", limits.STEPS)

    def enter(self) -> None:
        """Count one function call inside another."""
        self.steps += 1
        self.depth += 1
        if self.depth > limits.CALL_DEPTH:
            raise FeelLimitError("call depth", limits.CALL_DEPTH)
