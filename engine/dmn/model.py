"""A decision model that can be evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.dmn.errors import DmnUnknownDecision
from engine.dmn.graph import Decision, DecisionService, Element, InputData, Session
from engine.dmn.trace import DecisionRun, RuleHit, TableMatch, Trace
from engine.feel import FeelLimitError, FeelWarning, limits
from engine.feel.values import deep

if TYPE_CHECKING:
    from engine.feel.feeltypes import FeelType


@dataclass(frozen=True, slots=True)
class DecisionOutcome:
    """What a decision gave and on what it rests.

    `value` is a FEEL value. `matched` lists every table evaluated with the rules behind its
    result, in order of evaluation. `inputs` are the input data read, by name. `unconfirmed` are
    rules from memory (annotation `status`) whose conditions were met: they did not count unless
    the evaluation was a draft.
    """

    value: Any
    matched: tuple[TableMatch, ...]
    inputs: Mapping[str, Any]
    unconfirmed: tuple[RuleHit, ...]


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a file says about itself, and what another model needs to import it."""

    id: str
    name: str
    namespace: str
    names: frozenset[str]
    types: Mapping[str, FeelType]
    #: types of names that tables ask for and no element declares, as drawings without inputs do
    asked: Mapping[str, FeelType]


class Decisions(Mapping[str, Decision]):
    """The decisions by id, in the order of the file; lookup also takes a name."""

    __slots__ = ("_by_id", "_by_name")

    def __init__(self, decisions: list[Decision]) -> None:
        self._by_id = {decision.id: decision for decision in decisions}
        self._by_name = {decision.name: decision for decision in reversed(decisions)}

    def __getitem__(self, key: str) -> Decision:
        return self._by_id[key] if key in self._by_id else self._by_name[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)


class DecisionModel:
    """A compiled model; immutable, so threads may share it."""

    __slots__ = (
        "decisions",
        "declared",
        "elements",
        "id",
        "inputs",
        "name",
        "names",
        "namespace",
        "services",
        "types",
    )

    id: str
    name: str
    namespace: str
    names: frozenset[str]
    types: Mapping[str, FeelType]
    elements: Mapping[str, Element]
    decisions: Decisions
    inputs: Mapping[str, InputData]
    services: Mapping[str, DecisionService]
    #: by name, what each value from outside should be, as far as the file says
    declared: Mapping[str, FeelType]

    def __init__(self, about: ModelFacts, elements: Mapping[str, Element]) -> None:
        kinds = list(elements.values())
        inputs = {e.name: e for e in kinds if isinstance(e, InputData)}
        typed = {name: e.type for name, e in inputs.items() if e.type is not None}
        set_once = partial(object.__setattr__, self)
        set_once("id", about.id)
        set_once("name", about.name)
        set_once("namespace", about.namespace)
        set_once("names", about.names)
        set_once("types", MappingProxyType(dict(about.types)))
        set_once("elements", MappingProxyType(dict(elements)))
        set_once("decisions", Decisions([e for e in kinds if isinstance(e, Decision)]))
        set_once("inputs", MappingProxyType(inputs))
        services = {e.name: e for e in kinds if isinstance(e, DecisionService)}
        set_once("services", MappingProxyType(services))
        set_once("declared", MappingProxyType({**about.asked, **typed}))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a DecisionModel never changes ({name}: {value!r})")

    def evaluate(
        self,
        decision: str,
        scope: Mapping[str, Any],
        warnings: list[FeelWarning] | None = None,
        *,
        confirmed_rules: frozenset[str] = frozenset(),
        draft: bool = False,
    ) -> DecisionOutcome:
        """Evaluate a decision, named by id or name, in a scope of input data and host values.

        A decision service goes by its name, too; its input decisions are read from the scope.

        Rules from memory count only if their ids are in `confirmed_rules`, or all of them in a
        `draft`. Raises DmnUnknownDecision, DmnEvaluationError (a hit policy is broken, a value is
        not allowed) and FeelLimitError.
        """
        found = self.decisions.get(decision) or self.services.get(decision)
        if found is None:
            raise DmnUnknownDecision(decision)
        run = DecisionRun(scope, warnings, "")
        run.trace = Trace(confirmed_rules, draft)
        session = Session(self.elements, scope, run)
        try:
            value = deep(session.result(found), run.spend)
        except RecursionError:
            raise FeelLimitError("call depth", limits.CALL_DEPTH) from None
        inputs = MappingProxyType(session.inputs)
        return DecisionOutcome(
            value, tuple(run.trace.matched), inputs, tuple(run.trace.unconfirmed)
        )
