"""From a DMN file to a decision model, or to all that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.dmn.boxed import Boxed, expression_of, nothing
from engine.dmn.errors import DmnInvalid, Finding
from engine.dmn.graph import Decision, DecisionService, InputData, Knowledge
from engine.dmn.graph import Element as GraphElement
from engine.dmn.itemtypes import ItemTypes
from engine.dmn.model import DecisionModel
from engine.dmn.source import Element, child, children, found, kind, parse, target
from engine.dmn.tables import compile_table
from engine.feel.lexer import normal_name
from engine.feel.signatures import BUILTINS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.feel.run import Closure

_NAMED: Final = frozenset(
    {
        "inputData", "decision", "businessKnowledgeModel", "decisionService", "variable",
        "formalParameter", "parameter", "itemComponent", "itemDefinition", "column", "output",
        "import", "parameters",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inspection:
    """A model as far as it can run, and what is wrong with it; a refused expression gives null."""

    model: DecisionModel
    findings: tuple[Finding, ...]


def read_model(xml: bytes, *, names: frozenset[str] = frozenset()) -> DecisionModel:
    """Read and compile a DMN 1.1 to 1.5 file; `names` are further names with spaces in the scope.

    Raises DmnInvalid with every finding: bad XML, bad FEEL in any cell, unknown types, references
    that lead nowhere or in a circle, unknown hit policies.
    """
    inspection = inspect_model(xml, names=names)
    if inspection.findings:
        raise DmnInvalid(list(inspection.findings))
    return inspection.model


def inspect_model(xml: bytes, *, names: frozenset[str] = frozenset()) -> Inspection:
    """Read a file that may be wrong in parts, as an editor does for a preview.

    Raises DmnInvalid only for what cannot be read at all: bad XML, no DMN, a circle.
    """
    root = parse(xml)
    findings: list[Finding] = []
    reader = _Reader(root, _names_of(root) | names | frozenset(BUILTINS), findings)
    elements = reader.elements()
    circles = _circles(elements, reader.sources)
    ordered = sorted({*findings, *circles}, key=lambda finding: (finding.line, finding.message))
    if circles:
        raise DmnInvalid(ordered)
    model = DecisionModel(root.get("id", ""), root.get("name", ""), elements)
    return Inspection(model, tuple(ordered))


def _names_of(root: Element) -> frozenset[str]:
    names = set()
    for element in root.iter("*"):
        if kind(element) in _NAMED:
            names.add(normal_name(element.get("name", "")))
        names.add(normal_name(element.get("iteratorVariable", "")))
    return frozenset(names - {""})


class _Reader:
    """Reads the elements of one file."""

    def __init__(self, root: Element, names: frozenset[str], findings: list[Finding]) -> None:
        self.root = root
        self.findings = findings
        self.types = ItemTypes(root, names, findings)
        self.boxed = Boxed(names, self.types, findings)
        self.boxed.table = compile_table
        self.sources: dict[str, Element] = {}

    def elements(self) -> dict[str, GraphElement]:
        """Give the elements of the graph by id, with references that lead somewhere."""
        readers: dict[str, Callable[[str, Element], GraphElement]] = {
            "inputData": self._input,
            "decision": self._decision,
            "businessKnowledgeModel": self._knowledge,
            "decisionService": self._service,
        }
        for element in children(self.root, *readers):
            self._note(element)
        for element in children(self.root, "import"):
            self.findings.append(found(element, "other models are not imported"))
        return {key: readers[kind(e)](key, e) for key, e in self.sources.items()}

    def _note(self, element: Element) -> None:
        name = element.get("name", "")
        key = element.get("id") or name
        if not key:
            self.findings.append(found(element, f"a {kind(element)} without id and name"))
        elif key in self.sources:
            self.findings.append(found(element, f"the id '{key}' stands twice"))
        else:
            self.sources[key] = element

    def _name(self, element: Element) -> str:
        variable = child(element, "variable")
        own = element.get("name") or element.get("id") or ""
        return normal_name(own if variable is None else variable.get("name") or own)

    def _input(self, key: str, element: Element) -> InputData:
        return InputData(key, self._name(element), self.types.of(child(element, "variable")))

    def _decision(self, key: str, element: Element) -> Decision:
        inner = expression_of(element)
        logic = self._closure(inner)
        tables = tuple(e.get("id", "") for e in element.iter("*") if kind(e) == "decisionTable")
        of = self.types.of(child(element, "variable"))
        name = normal_name(element.get("name", "")) or self._name(element)
        return Decision(key, name, of, logic, self._requires(element), tables)

    def _closure(self, element: Element | None) -> Closure:
        return nothing if element is None else self.boxed.compile(element, None)

    def _knowledge(self, key: str, element: Element) -> Knowledge:
        inner = child(element, "encapsulatedLogic")
        logic = nothing if inner is None else self.boxed.function(inner, None)
        of = self.types.of(child(element, "variable"))
        if of is not None and of.name == "function":
            of = of.result
        return Knowledge(key, self._name(element), of, logic, self._requires(element))

    def _service(self, key: str, element: Element) -> DecisionService:
        outputs = self._targets(children(element, "outputDecision"))
        inputs = self._targets(children(element, "inputData"))
        decided = self._targets(children(element, "inputDecision"))
        of = self.types.of(child(element, "variable"))
        if of is not None and of.name == "function":
            of = of.result
        if not outputs:
            self.findings.append(found(element, "a decision service without an output decision"))
        return DecisionService(key, self._name(element), of, outputs, (*inputs, *decided))

    def _targets(self, references: Iterable[Element]) -> tuple[str, ...]:
        keys = []
        for reference in references:
            key = reference.get("href", "").rpartition("#")[2]
            if key in self.sources:
                keys.append(key)
            else:
                self.findings.append(found(reference, f"no element '{key}'"))
        return tuple(keys)

    def _requires(self, element: Element) -> tuple[str, ...]:
        keys = []
        for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
            for of_kind in ("requiredInput", "requiredDecision", "requiredKnowledge"):
                key = target(requirement, of_kind)
                if key in self.sources:
                    keys.append(key)
                elif child(requirement, of_kind) is not None:
                    self.findings.append(found(requirement, f"no element '{key}'"))
        return tuple(keys)


def _circles(elements: dict[str, GraphElement], sources: dict[str, Element]) -> list[Finding]:
    """Find decisions that require themselves in the end."""
    done: set[str] = set()
    findings: list[Finding] = []

    def visit(key: str, path: tuple[str, ...]) -> None:
        if key in path:
            names = " > ".join(elements[one].name for one in (*path[path.index(key) :], key))
            findings.append(found(sources[key], f"requires itself: {names}"))
            return
        if key in done:
            return
        element = elements[key]
        for required in getattr(element, "requires", ()):
            visit(required, (*path, key))
        done.add(key)

    for key in elements:
        visit(key, ())
    return findings
