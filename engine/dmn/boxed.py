"""Boxed expressions as FEEL closures (DMN 1.5, 7.3 and 10.2); local names are FEEL frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.dmn.source import Element, child, children, found, kind, text_of
from engine.feel import FeelSyntaxError, access, loops
from engine.feel.compiler import Compiler
from engine.feel.feeltypes import FeelType, conform, unfit
from engine.feel.lexer import normal_name
from engine.feel.names import Compilation, Place
from engine.feel.syntax import parse_expression, parse_unary_tests
from engine.feel.values import Function

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.dmn.errors import Finding
    from engine.dmn.itemtypes import ItemTypes
    from engine.feel.operators import Test
    from engine.feel.run import Closure, Environment, Run

_FEEL_LANGUAGES: Final = ("feel", "")


def nothing(_run: Run, _env: Environment) -> None:
    """Stand for an expression that is missing or refused."""


EXTERNAL: Final = "external functions (Java, PMML) are not run"


class Boxed:
    """Compiles the boxed expressions of one model; faults go to `findings`."""

    def __init__(self, names: frozenset[str], types: ItemTypes, findings: list[Finding]) -> None:
        self.names = names
        self.types = types
        self.findings = findings
        self.table: Callable[[Boxed, Element, Place | None], Closure] = _no_table

    def text(self, text: str, element: Element, place: Place | None) -> Closure:
        """Compile FEEL text."""
        try:
            node = parse_expression(text, self.names)
        except FeelSyntaxError as problem:
            self.findings.append(found(element, f"'{text}' is no FEEL: {problem}"))
            return nothing
        work = Compilation(self.types.known)
        closure = Compiler(work).compile(node, place)
        if work.external:
            self.findings.append(found(element, EXTERNAL))
        self._tell_types(work, element)
        return _located(text, closure, id_near(element))

    def tests(self, text: str, element: Element, place: Place | None) -> Test:
        """Compile unary tests that say in a warning where they stand."""
        return located_test(self.cell(text, element, place), text, id_near(element))

    def cell(self, text: str, element: Element, place: Place | None) -> Test:
        """Compile unary tests; `?` is local, in the innermost frame."""
        try:
            node = parse_unary_tests(text, self.names)
        except FeelSyntaxError as problem:
            self.findings.append(found(element, f"'{text}' is no FEEL: {problem}"))
            return lambda _run, _env, _value: None
        inner, work = Place(frozenset({"?"}), place), Compilation(self.types.known)
        test = Compiler(work).unary_tests(node, inner)
        self._tell_types(work, element)
        return test

    def _tell_types(self, work: Compilation, element: Element) -> None:
        self.findings += (found(element, f"no type '{n}'") for n in sorted(work.unknown_types))

    def inside(self, element: Element | None, place: Place | None) -> Closure:
        """Compile the expression that stands inside an element."""
        inner = expression_of(element)
        return self.compile(inner, place) if inner is not None else nothing

    def part(self, element: Element, named: str, place: Place | None) -> Closure:
        """Compile a part that a boxed expression must have."""
        part = child(element, named)
        if expression_of(part) is None:
            self.findings.append(found(element, f"a boxed {kind(element)} without its '{named}'"))
        return self.inside(part, place)

    def compile(self, element: Element, place: Place | None) -> Closure:
        """Compile a boxed expression, with its type if it names one."""
        closure = _VISITORS[kind(element)](self, element, place)
        if kind(element) in {"functionDefinition", "decisionTable"}:
            return closure
        return typed(closure, self.types.of(element), element.get("label", "the expression"))

    def literal(self, element: Element, place: Place | None) -> Closure:
        """A text in FEEL."""
        language = element.get("expressionLanguage", "")
        if not language.rstrip("/").lower().endswith(_FEEL_LANGUAGES):
            self.findings.append(found(element, f"expression language '{language}'"))
            return nothing
        text = text_of(element, "text")
        return self.text(text, element, place) if text else nothing

    def context(self, element: Element, place: Place | None) -> Closure:
        """Entries that see those before them; one without a name is the result."""
        entries: list[tuple[str, Closure]] = []
        result: Closure | None = None
        known: frozenset[str] = frozenset()
        for entry in children(element, "contextEntry"):
            variable = child(entry, "variable")
            inner = expression_of(entry)
            if variable is None:
                result = self.inside(entry, Place(known, place))
                continue
            name = normal_name(variable.get("name", ""))
            own = {name} if inner is not None and kind(inner) == "functionDefinition" else set()
            closure = self.inside(entry, Place(known | own, place))
            entries.append((name, typed(closure, self.types.of(variable), name)))
            known |= {name}

        def build(run: Run, env: Environment) -> Any:
            made: dict[str, Any] = {}
            inner = (made, env)
            for name, value in entries:
                made[name] = value(run, inner)
            return made if result is None else result(run, inner)

        return build

    def invocation(self, element: Element, place: Place | None) -> Closure:
        """A call by name."""
        names: list[str] = []
        arguments: list[Closure] = []
        for binding in children(element, "binding"):
            parameter = child(binding, "parameter")
            if parameter is None:
                self.findings.append(found(binding, "a binding without a parameter"))
                continue
            names.append(normal_name(parameter.get("name", "")))
            closure = self.inside(binding, place)
            arguments.append(typed(closure, self.types.of(parameter), names[-1]))
        function = self.inside(element, place)
        return access.called(function, arguments, tuple(names) if names else None, 0)

    def list(self, element: Element, place: Place | None) -> Closure:
        """A list of boxed expressions."""
        items = [self.compile(e, place) for e in children(element) if kind(e) in _VISITORS]
        return lambda run, env: [item(run, env) for item in items]

    def relation(self, element: Element, place: Place | None) -> Closure:
        """A list of contexts, drawn as a table."""
        columns = children(element, "column")
        names = [normal_name(column.get("name", "")) for column in columns]
        types = [self.types.of(column) for column in columns]
        rows = []
        for row in children(element, "row"):
            cells = [self.compile(e, place) for e in children(row) if kind(e) in _VISITORS]
            if len(cells) != len(names):
                self.findings.append(found(row, "a row with more or fewer cells than columns"))
                continue
            of_row = zip(names, cells, types, strict=True)
            rows.append([(name, typed(cell, of, name)) for name, cell, of in of_row])
        return lambda run, env: [{n: cell(run, env) for n, cell in row} for row in rows]

    def function(self, element: Element, place: Place | None) -> Closure:
        """A function that closes over the names around it."""
        parameters = children(element, "formalParameter")
        names = tuple(normal_name(p.get("name", "")) for p in parameters)
        types = tuple(self.types.of(p) for p in parameters)
        body = self.inside(element, Place(frozenset(names), place))
        result = self.types.of(element)
        label = element.get("label") or "function"
        external = element.get("kind", "FEEL") != "FEEL"
        if external:
            self.findings.append(found(element, EXTERNAL))

        def make(maker: Run, env: Environment) -> Function:
            scope = maker.scope

            def invoke(run: Run, arguments: list[Any]) -> Any:
                if external:
                    return refused(run)
                return run.inside(scope, body, (dict(zip(names, arguments, strict=True)), env))

            return Function(label, names, invoke, types, result)

        return make

    def conditional(self, element: Element, place: Place | None) -> Closure:
        """`if`, drawn as a box."""
        condition, then, otherwise = (
            self.part(element, part, place) for part in ("if", "then", "else")
        )

        def choose(run: Run, env: Environment) -> Any:
            return then(run, env) if condition(run, env) is True else otherwise(run, env)

        return choose

    def filter(self, element: Element, place: Place | None) -> Closure:
        """`in[match]`, drawn as a box."""
        condition = self.part(element, "match", Place(None, place))
        return access.filtered(self.part(element, "in", place), condition, 0)

    def for_loop(self, element: Element, place: Place | None) -> Closure:
        """`for`, drawn as a box."""
        outer = Place(frozenset({"partial"}), place)
        loop, inner = self._loop(element, outer)
        return loops.for_loop([loop], self.part(element, "return", inner), 0)

    def quantified(self, element: Element, place: Place | None) -> Closure:
        """`some` and `every`, drawn as a box."""
        loop, inner = self._loop(element, place)
        condition = self.part(element, "satisfies", inner)
        return loops.quantified([loop], condition, every=kind(element) == "every", at=0)

    def _loop(self, element: Element, place: Place | None) -> tuple[loops.Loop, Place]:
        name = normal_name(element.get("iteratorVariable", ""))
        source = self.part(element, "in", place)
        return (name, source, None), Place(frozenset({name}), place)

    def decision_table(self, element: Element, place: Place | None) -> Closure:
        """A decision table."""
        return self.table(self, element, place)


def _no_table(boxed: Boxed, element: Element, _place: Place | None) -> Closure:
    boxed.findings.append(found(element, "decision tables are not read here"))
    return nothing


def refused(run: Run) -> None:
    """Warn that a function of another language is not run."""
    run.warn(0, "external functions are not run")


def expression_of(element: Element | None) -> Element | None:
    """Give the boxed expression inside an element."""
    if element is None:
        return None
    return next((e for e in children(element) if kind(e) in _VISITORS), None)


def typed(closure: Closure, of: FeelType | None, name: str) -> Closure:
    """Apply a declared type to what a closure gives."""
    if of is None or (of.name == "Any" and of.allowed is None):
        return closure

    def checked(run: Run, env: Environment) -> Any:
        value = closure(run, env)
        done = conform(value, of, run)
        if not done.fits:
            run.warn(0, unfit(name, value, of))
        return done.value

    return checked


def id_near(element: Element) -> str:
    """The id of an element, or of the nearest one around it that has one."""
    ids = (one.get("id", "") for one in (element, *element.iterancestors()))
    return next(filter(None, ids), "")


def _located(text: str, closure: Closure, where: str) -> Closure:
    """Let warnings name the element and count lines in the text at hand."""

    def read(run: Run, env: Environment) -> Any:
        if run.warnings is None:
            return closure(run, env)
        before = run.text, run.where
        run.text, run.where = text, where
        value = closure(run, env)
        run.text, run.where = before
        return value

    return read


def located_test(test: Test, text: str, where: str) -> Test:
    """The same for unary tests."""

    def meets(run: Run, env: Environment, value: Any) -> bool | None:
        before = run.text, run.where
        run.text, run.where = text, where
        met = test(run, env, value)
        run.text, run.where = before
        return met

    return meets


_VISITORS: Final[dict[str, Callable[[Boxed, Element, Place | None], Closure]]] = {
    "literalExpression": Boxed.literal,
    "context": Boxed.context,
    "invocation": Boxed.invocation,
    "list": Boxed.list,
    "relation": Boxed.relation,
    "functionDefinition": Boxed.function,
    "conditional": Boxed.conditional,
    "filter": Boxed.filter,
    "for": Boxed.for_loop,
    "some": Boxed.quantified,
    "every": Boxed.quantified,
    "decisionTable": Boxed.decision_table,
}
