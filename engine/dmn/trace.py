"""What an evaluation used: the rules that matched, and the choice about unconfirmed rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.feel.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule whose conditions were met; `number` counts from 1 in its table."""

    rule_id: str
    number: int
    annotations: Mapping[str, str]
    #: (column, cell as written) of the conditions that say something
    conditions: tuple[tuple[str, str], ...] = ()
    #: (column, value) of its outputs; none for a rule that did not count
    results: tuple[tuple[str, Any], ...] = ()

    @property
    def source(self) -> str:
        """Where the row comes from, as its annotation says."""
        return self.annotations.get("source", "")

    @property
    def status(self) -> str:
        """How sure the row is: gazetted, secondary or memory."""
        return self.annotations.get("status", "")


@dataclass(frozen=True, slots=True)
class TableMatch:
    """One table that was evaluated and the rules that made its result, in table order."""

    table_id: str
    rules: tuple[RuleHit, ...]
    #: (column, value) of what came in
    inputs: tuple[tuple[str, Any], ...] = ()

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The ids of the rules."""
        return tuple(rule.rule_id for rule in self.rules)

    @property
    def rule_numbers(self) -> tuple[int, ...]:
        """The numbers of the rules."""
        return tuple(rule.number for rule in self.rules)


@dataclass(slots=True)
class Trace:
    """Collects while a decision is evaluated."""

    confirmed_rules: frozenset[str] = frozenset()
    draft: bool = False
    matched: list[TableMatch] = field(default_factory=list)
    unconfirmed: list[RuleHit] = field(default_factory=list)


class DecisionRun(Run):
    """An evaluation inside a decision model: a FEEL run that also keeps the trace."""

    trace: Trace

    def within(self, scope: Mapping[str, Any]) -> DecisionRun:
        """Go on in another scope with the same warnings, trace and budget."""
        inner = DecisionRun(scope, self.warnings, self.text)
        inner.trace, inner.where, inner.told = self.trace, self.where, self.told
        inner.steps, inner.depth = self.steps, self.depth
        return inner
