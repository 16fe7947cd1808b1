"""Hit policies (DMN 1.5, 8.2.10): from the rules that matched to the result of a table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from engine.dmn.errors import DmnEvaluationError
from engine.feel.arithmetic import add
from engine.feel.equality import compare, equal
from engine.feel.errors import Fault

if TYPE_CHECKING:
    from engine.feel.run import Run

POLICIES: Final = {
    "UNIQUE": "UNIQUE", "U": "UNIQUE", "FIRST": "FIRST", "F": "FIRST", "ANY": "ANY", "A": "ANY",
    "PRIORITY": "PRIORITY", "P": "PRIORITY", "COLLECT": "COLLECT", "C": "COLLECT",
    "RULE ORDER": "RULE ORDER", "R": "RULE ORDER",
    "OUTPUT ORDER": "OUTPUT ORDER", "O": "OUTPUT ORDER",
}  # fmt: skip
AGGREGATIONS: Final = frozenset({"", "LIST", "SUM", "MIN", "MAX", "COUNT"})
LISTS: Final = frozenset({"RULE ORDER", "OUTPUT ORDER", "COLLECT"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A matched rule: its place in the table, its label, one output value per column."""

    index: int
    label: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class HitPolicy:
    """How a table turns hits into a result.

    `names` are the output columns (one without need of a name: the value stands alone);
    `priorities` are the allowed values of each column in order, best first.
    """

    table_id: str
    policy: str
    aggregation: str
    names: tuple[str, ...]
    priorities: tuple[tuple[Any, ...], ...]

    def resolve(self, hits: list[Hit], run: Run) -> tuple[Any, list[Hit]]:
        """Give the result and the hits that made it; no hits give null, or an empty list."""
        if self.policy == "COLLECT":
            return self._collect(hits), hits
        if self.policy in {"PRIORITY", "OUTPUT ORDER"}:
            hits = sorted(hits, key=lambda hit: self._rank(hit, run))
        if self.policy in LISTS:
            return [self.output(hit.values) for hit in hits], hits
        if not hits:
            return None, hits
        if self.policy == "UNIQUE" and len(hits) > 1:
            raise self._conflict("UNIQUE, but several rules match", hits)
        if self.policy == "ANY":
            self._check_same(hits, run)
            return self.output(hits[0].values), hits
        return self.output(hits[0].values), hits[:1]

    def output(self, values: tuple[Any, ...]) -> Any:
        """Give a rule's output: a value, or a context of several columns."""
        if len(values) == 1:
            return values[0]
        return dict(zip(self.names, values, strict=True))

    def _conflict(self, message: str, hits: list[Hit]) -> DmnEvaluationError:
        rules = tuple(hit.label for hit in hits)
        text = f"table {self.table_id}: {message}: {', '.join(rules)}"
        return DmnEvaluationError(text, element_id=self.table_id, rules=rules)

    def _check_same(self, hits: list[Hit], run: Run) -> None:
        first = list(hits[0].values)
        if not all(equal(first, list(hit.values), run) is True for hit in hits[1:]):
            raise self._conflict("ANY, but the outputs of matching rules differ", hits)

    def _rank(self, hit: Hit, run: Run) -> tuple[int, ...]:
        ranks = []
        for value, order in zip(hit.values, self.priorities, strict=True):
            rank = (at for at, other in enumerate(order) if equal(value, other, run) is True)
            ranks.append(next(rank, len(order)))
        return (*ranks, hit.index)

    def _collect(self, hits: list[Hit]) -> Any:
        if self.aggregation in {"", "LIST"}:
            return [self.output(hit.values) for hit in hits]
        if self.aggregation == "COUNT":
            return Decimal(len(hits))
        if not hits:
            return None
        columns = zip(*(hit.values for hit in hits), strict=True)
        return self.output(tuple(self._aggregate(list(column), hits) for column in columns))

    def _aggregate(self, values: list[Any], hits: list[Hit]) -> Any:
        try:
            if self.aggregation == "SUM":
                return reduce(add, values)
            return _extreme(values, -1 if self.aggregation == "MIN" else 1)
        except Fault as fault:
            raise self._conflict(f"{self.aggregation}: {fault}", hits) from None


def _extreme(values: list[Any], sign: int) -> Any:
    best = values[0]
    for value in values:
        order = compare(value, best)
        if order is None:
            raise Fault("the outputs have no order")
        best = value if order == sign else best
    return best
