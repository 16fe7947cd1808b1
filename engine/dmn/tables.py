"""Decision tables: read, compiled cell by cell, evaluated (DMN 1.5, clause 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.dmn.boxed import id_near, located_test
from engine.dmn.errors import DmnEvaluationError
from engine.dmn.hits import AGGREGATIONS, LISTS, POLICIES, Hit, HitPolicy
from engine.dmn.source import (
    EMPTY,
    Element,
    child,
    children,
    found,
    from_memory,
    notes_of,
    text_of,
)
from engine.dmn.trace import DecisionRun, RuleHit, TableMatch, Trace
from engine.feel import FeelLimitError, FeelSyntaxError
from engine.feel.compiler import Compiler
from engine.feel.equality import text_of as value_text
from engine.feel.feeltypes import FeelType, conform, unfit
from engine.feel.lexer import normal_name
from engine.feel.names import Compilation, Place
from engine.feel.run import Closure, Environment, Run
from engine.feel.syntax import parse_unary_tests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.dmn.boxed import Boxed
    from engine.feel.operators import Test


@dataclass(frozen=True, slots=True)
class InputColumn:
    """An input: what it reads, its type, and the values it allows."""

    label: str
    read: Closure
    type: FeelType | None
    allowed: Test | None


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """An output: its name, type, allowed values (best first) and default."""

    name: str
    type: FeelType | None
    allowed: Test | None
    order: tuple[Any, ...]
    default: Closure | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: tests of the inputs that it asks by their place, one closure per output."""

    rule_id: str
    number: int
    tests: tuple[tuple[int, Test], ...]
    #: the same tests, saying in warnings where they stand
    telling: tuple[tuple[int, Test], ...]
    outputs: tuple[Closure, ...]
    annotations: Mapping[str, str]
    #: (column, cell as written) of the cells that say something
    conditions: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """What an error calls the rule."""
        return f"{self.number} ({self.rule_id})" if self.rule_id else str(self.number)


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A compiled table."""

    table_id: str
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]
    policy: HitPolicy

    def evaluate(self, run: Run, env: Environment) -> Any:
        """Give the table's result; DmnEvaluationError if the hit policy is broken."""
        trace = run.trace if isinstance(run, DecisionRun) else Trace()
        values = [self._input(column, run, env) for column in self.inputs]
        frames = [({"?": value}, env) for value in values]
        hits: list[Hit] = []
        run.spend(len(self.rules))
        for index, rule in enumerate(self.rules):
            if _matches(rule, run, values, frames) and _active(rule, trace):
                hits.append(Hit(index, rule.label, self._outputs(rule, run, env)))
                if self.policy.policy == "FIRST":
                    break
        result, used = self.policy.resolve(hits, run)
        by_place = sorted(used, key=lambda hit: hit.index)
        rules = tuple(self._told(self.rules[hit.index], hit.values) for hit in by_place)
        came = tuple((c.label, value) for c, value in zip(self.inputs, values, strict=True))
        trace.matched.append(TableMatch(self.table_id, rules, came))
        return self._default(run, env, result) if not hits else result

    def _told(self, rule: Rule, values: tuple[Any, ...]) -> RuleHit:
        names = (column.name for column in self.outputs)
        return replace(_hit(rule), results=tuple(zip(names, values, strict=True)))

    def _input(self, column: InputColumn, run: Run, env: Environment) -> Any:
        came = column.read(run, env)
        done = conform(came, column.type, run)
        if not done.fits:
            run.warn(0, unfit(column.label, came, column.type))
        value = done.value
        if column.allowed is not None and value is not None:
            met = column.allowed(run, ({"?": value}, env), value)
            if met is not True:
                raise self._refused("input", column.label, value)
        return value

    def _refused(self, side: str, label: str, value: Any) -> DmnEvaluationError:
        text = f"table {self.table_id}: {side} '{label}' does not allow {value_text(value)}"
        return DmnEvaluationError(text, element_id=self.table_id)

    def _outputs(self, rule: Rule, run: Run, env: Environment) -> tuple[Any, ...]:
        made = []
        for column, closure in zip(self.outputs, rule.outputs, strict=True):
            made.append(self._output(column, closure(run, env), run, env))
        return tuple(made)

    def _output(self, column: OutputColumn, value: Any, run: Run, env: Environment) -> Any:
        done = conform(value, column.type, run)
        if not done.fits:
            run.warn(0, unfit(column.name, value, column.type))
        value = done.value
        if column.allowed is not None and value is not None:
            met = column.allowed(run, ({"?": value}, env), value)
            if met is not True:
                raise self._refused("output", column.name, value)
        return value

    def _default(self, run: Run, env: Environment, empty: Any) -> Any:
        if all(column.default is None for column in self.outputs):
            if empty is None:
                run.warn(0, f"table {self.table_id}: no rule matches")
            return empty
        values = tuple(
            None if c.default is None else self._output(c, c.default(run, env), run, env)
            for c in self.outputs
        )
        output = self.policy.output(values)
        listed = self.policy.policy in LISTS and not isinstance(output, list)
        return [output] if listed and self.policy.aggregation in {"", "LIST"} else output


def _matches(
    rule: Rule, run: Run, values: list[Any], frames: list[tuple[dict[str, Any], Environment]]
) -> bool:
    for place, test in rule.tests if run.warnings is None else rule.telling:
        if test(run, frames[place], values[place]) is not True:
            return False
    return True


def _hit(rule: Rule) -> RuleHit:
    return RuleHit(rule.rule_id, rule.number, rule.annotations, rule.conditions)


def _active(rule: Rule, trace: Trace) -> bool:
    """A row from memory waits for its confirmation; the trace says that it would have counted."""
    if not from_memory(rule.annotations):
        return True
    if rule.rule_id and rule.rule_id in trace.confirmed_rules:
        return True
    trace.unconfirmed.append(_hit(rule))
    return trace.draft


def compile_table(boxed: Boxed, element: Element, place: Place | None) -> Closure:
    """Compile a table; faults go to the findings of `boxed`."""
    table = _Reader(boxed, element, place).table()
    return table.evaluate


class _Reader:
    """Reads one decisionTable element."""

    def __init__(self, boxed: Boxed, element: Element, place: Place | None) -> None:
        self.boxed = boxed
        self.element = element
        self.place = place

    def table(self) -> DecisionTable:
        """Make the table."""
        inputs = tuple(self._input(e) for e in children(self.element, "input"))
        outputs = tuple(self._output(e) for e in children(self.element, "output"))
        if not outputs:
            self._fault(self.element, "a decision table without an output")
        read = (
            self._rule(number, row, inputs, len(outputs))
            for number, row in enumerate(notes_of(self.element), 1)
        )
        rules = tuple(rule for rule in read if rule is not None)
        table_id = self.element.get("id", "")
        return DecisionTable(table_id, inputs, outputs, rules, self._policy(table_id, outputs))

    def _fault(self, element: Element, message: str) -> None:
        self.boxed.findings.append(found(element, message))

    def _policy(self, table_id: str, outputs: tuple[OutputColumn, ...]) -> HitPolicy:
        written = self.element.get("hitPolicy", "UNIQUE")
        policy = POLICIES.get(written.upper(), "")
        aggregation = self.element.get("aggregation", "").upper()
        if not policy:
            self._fault(self.element, f"unknown hit policy '{written}'")
        if aggregation not in AGGREGATIONS:
            self._fault(self.element, f"unknown aggregation '{aggregation}'")
        if policy in {"PRIORITY", "OUTPUT ORDER"} and not any(o.order for o in outputs):
            self._fault(self.element, f"{policy} needs output values")
        names = tuple(output.name for output in outputs)
        return HitPolicy(table_id, policy, aggregation, names, tuple(o.order for o in outputs))

    def _input(self, element: Element) -> InputColumn:
        expression = child(element, "inputExpression")
        text = text_of(expression, "text")
        if expression is None or not text:
            self._fault(element, "an input without an expression")
        read = self.boxed.text(text or "null", element, self.place)
        label = element.get("label") or text
        allowed = self._tests(child(element, "inputValues"))
        return InputColumn(label, read, self.boxed.types.of(expression), allowed)

    def _output(self, element: Element) -> OutputColumn:
        values = child(element, "outputValues")
        default = child(element, "defaultOutputEntry")
        text = text_of(default, "text")
        closure = self.boxed.text(text, element, self.place) if text else None
        name = normal_name(element.get("name") or element.get("label") or "")
        of = self.boxed.types.of(element)
        return OutputColumn(name, of, self._tests(values), self._order(values), closure)

    def _tests(self, element: Element | None) -> Test | None:
        text = text_of(element, "text")
        if element is None or not text:
            return None
        return self.boxed.tests(text, element, self.place)

    def _order(self, element: Element | None) -> tuple[Any, ...]:
        """Give the allowed values in order, as far as they are single values."""
        text = text_of(element, "text")
        if element is None or not text:
            return ()
        try:
            node = parse_unary_tests(text, self.boxed.names)
        except FeelSyntaxError:
            return ()
        compiler = Compiler(Compilation(self.boxed.types.known))
        run = Run({}, None, text)
        try:
            return tuple(compiler.compile(test, None)(run, None) for test in node.tests)
        except FeelLimitError as problem:
            self._fault(element, str(problem))
            return ()

    def _rule(
        self,
        number: int,
        row: tuple[Element, Mapping[str, str]],
        inputs: tuple[InputColumn, ...],
        outputs: int,
    ) -> Rule | None:
        """Make a rule; one that does not fit its columns is a finding and left out."""
        element, annotations = row
        entries = children(element, "inputEntry")
        cells = [self._cell(e) for e in entries]
        closures = tuple(self._entry(e) for e in children(element, "outputEntry"))
        if len(cells) != len(inputs):
            what = f"{len(cells)} input entries for {len(inputs)} inputs"
            self._fault(element, f"rule {number}: {what}")
        if len(closures) != outputs:
            what = f"{len(closures)} output entries for {outputs} outputs"
            self._fault(element, f"rule {number}: {what}")
        if len(cells) != len(inputs) or len(closures) != outputs:
            return None
        written = [text_of(e, "text") for e in entries]
        asked = [(n, test) for n, test in enumerate(cells) if test is not None]
        return Rule(
            rule_id=element.get("id", ""),
            number=number,
            tests=tuple(asked),
            telling=tuple(
                (n, located_test(test, written[n], id_near(entries[n]))) for n, test in asked
            ),
            outputs=closures,
            annotations=annotations,
            conditions=tuple((inputs[n].label, written[n]) for n, _test in asked),
        )

    def _cell(self, element: Element) -> Test | None:
        text = text_of(element, "text")
        if text in EMPTY:
            return None
        return self.boxed.cell(text, element, self.place)

    def _entry(self, element: Element) -> Closure:
        text = text_of(element, "text")
        return self.boxed.text(text if text not in EMPTY else "null", element, self.place)
