"""The nodes of a decision requirement graph and how one draws on another (DMN 1.5, clause 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.feel.feeltypes import FeelType, conform, unfit
from engine.feel.values import Function, norm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.dmn.trace import DecisionRun
    from engine.feel.run import Closure, Run


@dataclass(frozen=True, slots=True)
class InputData:
    """A value that the host gives under `name`."""

    id: str
    name: str
    type: FeelType | None

    @property
    def type_name(self) -> str:
        """Name the FEEL type."""
        return self.type.name if self.type else "Any"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its logic, the ids it requires, and what others call its result."""

    id: str
    name: str
    variable: str
    type: FeelType | None
    logic: Closure
    requires: tuple[str, ...]
    table_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions call."""

    id: str
    name: str
    type: FeelType | None
    logic: Closure
    requires: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionService:
    """A callable part of the graph; parameters are its input data, then its input decisions."""

    id: str
    name: str
    type: FeelType | None
    outputs: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """An element of another model, seen as `alias.name`, or as its own name without an alias."""

    id: str
    name: str
    alias: str
    elements: Mapping[str, Element]
    element_id: str


Element: TypeAlias = "InputData | Decision | Knowledge | DecisionService | Imported"


def variable_of(element: Element) -> str:
    """Give the name under which others see an element's value."""
    return element.variable if isinstance(element, Decision) else element.name


def required_by(element: Element) -> tuple[str, ...]:
    """Give the ids of what an element draws on directly."""
    if isinstance(element, Decision | Knowledge):
        return element.requires
    return element.outputs if isinstance(element, DecisionService) else ()


class Session:
    """One evaluation of a graph: every decision at most once, its result shared.

    An element sees what it requires and what the host gives under names that are not the model's.
    """

    def __init__(
        self, elements: Mapping[str, Element], host: Mapping[str, Any], run: DecisionRun
    ) -> None:
        self.elements = elements
        self.host = host
        self.run = run
        own = (one for one in elements.values() if not isinstance(one, Imported))
        self.known = frozenset(variable_of(element) for element in own)
        self.values: dict[str, Any] = {}
        self.inputs: dict[str, Any] = {}
        self._imports: dict[str, Session] = {}

    def value(self, element_id: str) -> Any:
        """Give the value of an element, which is computed when first asked for."""
        if element_id not in self.values:
            self.values[element_id] = self._compute(self.elements[element_id])
        return self.values[element_id]

    def result(self, element: Decision | DecisionService) -> Any:
        """Give the value of what is asked for from outside."""
        if isinstance(element, DecisionService):
            return self.outputs(element)
        return self.value(element.id)

    def _compute(self, element: Element) -> Any:
        if isinstance(element, InputData):
            return self._input(element)
        if isinstance(element, Decision):
            return self._typed(element, self._logic(element, self._scope(element)))
        if isinstance(element, Knowledge):
            return self._knowledge(element)
        if isinstance(element, Imported):
            return self._imported(element)
        return self._service(element)

    def _imported(self, element: Imported) -> Any:
        """Evaluate in the other model; its input data may stand under the alias in the scope."""
        space = element.id.rpartition("#")[0]
        session = self._imports.get(space)
        if session is None:
            given = norm(self.host.get(element.alias))
            host = {**self.host, **(given if isinstance(given, dict) else {})}
            session = Session(element.elements, host, self.run.within(host))
            session.inputs = self.inputs
            self._imports[space] = session
        session.run.steps = self.run.steps
        value = session.value(element.element_id)
        self.run.steps = session.run.steps
        return value

    def _input(self, element: InputData) -> Any:
        if element.name not in self.host:
            self.run.warn(0, f"no value for the input '{element.name}'")
        value = self._typed(element, norm(self.host.get(element.name)))
        self.inputs[element.name] = value
        return value

    def _typed(self, element: InputData | Decision, value: Any) -> Any:
        done = conform(value, element.type, self.run)
        if not done.fits:
            self.run.warn(0, unfit(element.name, value, element.type))
        return done.value

    def _scope(self, element: Decision | Knowledge) -> dict[str, Any]:
        scope = {k: v for k, v in self.host.items() if k not in self.known}
        for required in element.requires:
            one, value = self.elements[required], self.value(required)
            if isinstance(one, Imported) and one.alias:
                before = norm(scope.get(one.alias))
                scope[one.alias] = {**(before if isinstance(before, dict) else {}), one.name: value}
            else:
                scope[variable_of(one)] = value
        return scope

    def _logic(self, element: Decision | Knowledge, scope: dict[str, Any]) -> Any:
        inner = self.run.within(scope)
        value = element.logic(inner, None)
        self.run.steps = inner.steps
        return value

    def _knowledge(self, element: Knowledge) -> Any:
        """Make the function; its body sees what it requires, and itself."""
        scope = self._scope(element)
        made = self._logic(element, scope)
        if not isinstance(made, Function):
            return made
        result = made.result_type or element.type
        known = Function(element.name, made.parameters, made.invoke, made.types, result)
        scope[element.name] = known
        return known

    def _service(self, element: DecisionService) -> Function:
        parameters = [self.elements[one] for one in element.inputs]
        names = tuple(map(variable_of, parameters))

        def invoke(run: Run, arguments: list[Any]) -> Any:
            host = dict(self.host)
            host.update(dict(zip(names, arguments, strict=True)))
            inner = Session(self.elements, host, self.run.within(host))
            inner.run.steps, inner.run.depth = run.steps, run.depth
            value = inner.outputs(element)
            run.steps = inner.run.steps
            return value

        types = tuple(None if isinstance(p, Imported) else p.type for p in parameters)
        return Function(element.name, names, invoke, types, element.type)

    def outputs(self, element: DecisionService) -> Any:
        """Give the output of a service: a value, or a context of several.

        Its input data and input decisions are taken from the host by name, not computed.
        """
        for one in element.inputs:
            parameter = self.elements[one]
            value = norm(self.host.get(variable_of(parameter)))
            if isinstance(parameter, InputData | Decision):
                value = self._typed(parameter, value)
            self.values[one] = value
        if len(element.outputs) == 1:
            return self.value(element.outputs[0])
        return {variable_of(self.elements[one]): self.value(one) for one in element.outputs}
