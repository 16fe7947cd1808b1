"""Item definitions of a model as FEEL types (DMN 1.5, 7.3.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from engine.dmn.source import Element, child, children, found, text_of
from engine.feel import FeelSyntaxError
from engine.feel.expression import UnaryTests, build_unary_tests
from engine.feel.feeltypes import ANY, SIMPLE, FeelType
from engine.feel.run import Run
from engine.feel.values import norm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.dmn.errors import Finding

Allowed = Callable[[Any, Run | None], bool]
_FEEL_PREFIXES: Final = ("feel:", "xsd:")


class ItemTypes:
    """The types of one model, resolved by name when first asked for."""

    def __init__(
        self,
        root: Element,
        names: frozenset[str],
        findings: list[Finding],
        imported: Mapping[str, FeelType],
    ) -> None:
        self._definitions = {e.get("name", ""): e for e in children(root, "itemDefinition")}
        self._open = bool(children(root, "import"))
        self._names = names
        self._findings = findings
        self._pending: set[str] = set()
        self.known: dict[str, FeelType] = dict(imported)
        for name in self._definitions:
            self._named(name)

    def of(self, element: Element | None) -> FeelType | None:
        """Give the type that an element's `typeRef` names; None if it names none."""
        if element is None:
            return None
        reference = element.get("typeRef") or text_of(element, "typeRef")
        return self.by_reference(reference, element) if reference else None

    def by_reference(self, reference: str, element: Element) -> FeelType:
        """Give the type of a reference such as `feel:number` or `tApplicant`."""
        name = reference.strip()
        for prefix in _FEEL_PREFIXES:
            name = name.removeprefix(prefix)
        if name in self.known:
            return self.known[name]
        if name not in self._definitions:
            name = name.rpartition(":")[2]
        if name in self._definitions:
            return self._named(name)
        if name in SIMPLE:
            return SIMPLE[name]
        if not self._open and "}" not in name:
            self._findings.append(found(element, f"no type '{reference}'"))
        return ANY

    def _named(self, name: str) -> FeelType:
        if name in self.known:
            return self.known[name]
        if name in self._pending:
            return ANY
        self._pending.add(name)
        made = self._build(self._definitions[name])
        self._pending.discard(name)
        self.known[name] = made
        return made

    def _build(self, element: Element) -> FeelType:
        base = self._base(element)
        allowed = self._allowed(child(element, "allowedValues"))
        whole = self._allowed(child(element, "typeConstraint"))
        if element.get("isCollection") == "true":
            return FeelType("list", (_limited(base, allowed),), allowed=whole)
        return _limited(_limited(base, allowed), whole)

    def _base(self, element: Element) -> FeelType:
        components = children(element, "itemComponent")
        if components:
            parts = tuple(self._build(component) for component in components)
            return FeelType("context", parts, tuple(c.get("name", "") for c in components))
        function = child(element, "functionItem")
        if function is not None:
            return self._function(function)
        return self.of(element) or ANY

    def _function(self, element: Element) -> FeelType:
        parameters = tuple(self.of(p) or ANY for p in children(element, "parameters"))
        reference = element.get("outputTypeRef")
        result = self.by_reference(reference, element) if reference else ANY
        return FeelType("function", parameters, result=result)

    def _allowed(self, element: Element | None) -> Allowed | None:
        text = text_of(element, "text")
        if element is None or not text:
            return None
        try:
            tests = build_unary_tests(text, self._names)
        except FeelSyntaxError as problem:
            self._findings.append(found(element, f"allowed values: {problem}"))
            return None
        return _paid(tests)


def _limited(base: FeelType, allowed: Allowed | None) -> FeelType:
    if allowed is None:
        return base
    limits = _both(base.allowed, allowed)
    return FeelType(base.name, base.parts, base.entries, base.result, limits)


def _paid(tests: UnaryTests) -> Allowed:
    """Ask in the budget of the evaluation around it, if there is one."""

    def allows(value: Any, run: Run | None) -> bool:
        value = norm(value)
        inner = Run({"?": value}, None, tests.text)
        if run is not None:
            inner.steps, inner.depth = run.steps, run.depth
        met = tests.asked(inner, value)
        if run is not None:
            run.steps = inner.steps
        return met is True

    return allows


def _both(first: Allowed | None, second: Allowed | None) -> Allowed | None:
    if first is None or second is None:
        return first or second
    return lambda value, run: first(value, run) and second(value, run)
