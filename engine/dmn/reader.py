"""From a DMN file to a decision model, or to all that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from engine.dmn.boxed import Boxed, expression_of, nothing
from engine.dmn.enclosed import enclosed
from engine.dmn.errors import DmnInvalid, Finding
from engine.dmn.graph import (
    Decision,
    DecisionService,
    Imported,
    InputData,
    Knowledge,
    required_by,
    variable_of,
)
from engine.dmn.graph import Element as GraphElement
from engine.dmn.itemtypes import ItemTypes
from engine.dmn.model import DecisionModel, ModelFacts
from engine.dmn.source import Element, child, children, found, kind, line_of, parse, text_of
from engine.dmn.tables import compile_table
from engine.feel.feeltypes import FeelType
from engine.feel.lexer import normal_name
from engine.feel.signatures import BUILTINS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

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
    """A model as far as it can run, and what is wrong with it; a refused expression gives null.

    `starts` are the lines on which the elements of the graph begin, by id.
    """

    model: DecisionModel
    findings: tuple[Finding, ...]
    starts: Mapping[str, int]

    def touching(self, decision: str) -> tuple[Finding, ...]:
        """The findings about what a decision (or service), named by id or name, rests on.

        What is wrong outside the graph (a type, an import) touches all.
        """
        asked = self.model.decisions.get(decision) or self.model.services.get(decision)
        rests = self._rests({asked.id} if asked is not None else set(self.starts))
        return tuple(f for f in self.findings if self._owner(f) in {*rests, ""})

    def _rests(self, keys: set[str]) -> set[str]:
        known: set[str] = set()
        while keys:
            known |= keys
            below = (self.model.elements[key] for key in keys if key in self.model.elements)
            keys = {k for one in below for k in required_by(one)} - known
        return known

    def _owner(self, finding: Finding) -> str:
        before = [(line, key) for key, line in self.starts.items() if line <= finding.line]
        return max(before)[1] if before else ""


_NO_IMPORTS: Final[Mapping[str, DecisionModel]] = MappingProxyType({})


def read_model(
    xml: bytes,
    *,
    names: frozenset[str] = frozenset(),
    imports: Mapping[str, DecisionModel] = _NO_IMPORTS,
) -> DecisionModel:
    """Read and compile a DMN 1.1 to 1.5 file; `names` are further names with spaces in the scope.

    `imports` gives the models that the file may import, by namespace, beside those it carries.

    Raises DmnInvalid with every finding: bad XML, bad FEEL in any cell, unknown types, references
    that lead nowhere or in a circle, unknown hit policies.
    """
    if not imports:
        return _read_alone(xml, names)
    return _sound(inspect_model(xml, names=names, imports=imports))


@lru_cache(maxsize=64)
def _read_alone(xml: bytes, names: frozenset[str]) -> DecisionModel:
    """The same bytes, deployed and asked by many, are compiled once."""
    return _sound(inspect_model(xml, names=names))


def _sound(inspection: Inspection) -> DecisionModel:
    if inspection.findings:
        raise DmnInvalid(list(inspection.findings))
    return inspection.model


def inspect_model(
    xml: bytes,
    *,
    names: frozenset[str] = frozenset(),
    imports: Mapping[str, DecisionModel] = _NO_IMPORTS,
) -> Inspection:
    """Read a file that may be wrong in parts, as an editor does for a preview.

    Raises DmnInvalid only for what cannot be read at all: bad XML, no DMN, a circle.
    """
    root = parse(xml)
    findings: list[Finding] = []
    given = {**_carried(root, names, findings), **imports}
    reader = _Reader(root, names_of(root) | names, findings, given)
    elements = reader.elements()
    circles = _circles(elements, reader.sources)
    ordered = sorted({*findings, *circles}, key=lambda finding: (finding.line, finding.message))
    if circles:
        raise DmnInvalid(ordered)
    model = DecisionModel(reader.facts(), elements)
    starts = {key: line_of(element) for key, element in reader.sources.items()}
    return Inspection(model, tuple(ordered), MappingProxyType(starts))


def _carried(
    root: Element, names: frozenset[str], findings: list[Finding]
) -> dict[str, DecisionModel]:
    """Read the models that a file carries; what is wrong there is wrong with the import."""
    asked = {one.get("namespace", ""): one for one in children(root, "import")}
    models = {}
    for space, xml in enclosed(root).items():
        inner = inspect_model(xml, names=names)
        models[space] = inner.model
        findings += (
            found(asked.get(space, root), f"in the imported model, line {f.line}: {f.message}")
            for f in inner.findings
        )
    return models


def names_of(root: Element) -> frozenset[str]:
    """Give every name that a file declares, those with spaces too."""
    names = set()
    for element in root.iter("*"):
        if kind(element) in _NAMED:
            names.add(normal_name(element.get("name", "")))
        names.add(normal_name(element.get("iteratorVariable", "")))
    return frozenset(names - {""})


class _Reader:
    """Reads the elements of one file."""

    def __init__(
        self,
        root: Element,
        names: frozenset[str],
        findings: list[Finding],
        imports: Mapping[str, DecisionModel],
    ) -> None:
        self.root = root
        self.findings = findings
        self.names = names
        self.namespace = root.get("namespace", "")
        #: namespaces of imports that lead nowhere: told once, not at every reference
        self.missing: set[str] = set()
        self.imports = self._imports(imports)
        for _, model in self.imports.values():
            names |= model.names
        names |= frozenset(BUILTINS)
        self.types = ItemTypes(root, names, findings, self._imported_types())
        self.boxed = Boxed(names, self.types, findings)
        self.boxed.table = compile_table
        self.sources: dict[str, Element] = {}
        self.imported: dict[str, Imported] = {}

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
        self.imported = {
            f"{space}#{key}": Imported(
                f"{space}#{key}", variable_of(one), alias, model.elements, key
            )
            for space, (alias, model) in self.imports.items()
            for key, one in model.elements.items()
            if not isinstance(one, Imported)
        }
        own = {key: readers[kind(e)](key, e) for key, e in self.sources.items()}
        return {**own, **self.imported}

    def facts(self) -> ModelFacts:
        """Give what the file says about itself."""
        model_id, name = self.root.get("id", ""), self.root.get("name", "")
        asked = {**self._imported_inputs(), **self._asked()}
        return ModelFacts(model_id, name, self.namespace, self.names, self.types.known, asked)

    def _asked(self) -> dict[str, FeelType]:
        """Give the types of the plain names that table columns ask for; an element's come first."""
        columns = ((text_of(e, "text"), e) for e in self.root.iter("{*}inputExpression"))
        own = {self._name(element) for element in self.sources.values()}
        return {
            name: of
            for name, element in ((normal_name(text), element) for text, element in columns)
            if name not in own and (of := self.types.of(element)) is not None
        }

    def _imported_inputs(self) -> dict[str, FeelType]:
        """What imported models are given: under their own names, or in one value of their alias."""
        found_types: dict[str, FeelType] = {}
        for alias, model in self.imports.values():
            found_types |= model.declared
            if alias:
                parts = tuple(model.declared.values())
                found_types[alias] = FeelType("context", parts, tuple(model.declared))
        return found_types

    def _imports(self, given: Mapping[str, DecisionModel]) -> dict[str, tuple[str, DecisionModel]]:
        """Give alias and model of each import by namespace."""
        found_models = {}
        for element in children(self.root, "import"):
            space = element.get("namespace", "")
            if space in given:
                found_models[space] = (normal_name(element.get("name", "")), given[space])
            else:
                self.missing.add(space)
                text = f"the imported model '{space}' is not among the files"
                self.findings.append(found(element, text))
        return found_models

    def _imported_types(self) -> dict[str, FeelType]:
        return {
            f"{alias}.{name}" if alias else name: of
            for alias, model in self.imports.values()
            for name, of in model.types.items()
        }

    def _key(self, href: str) -> str | None:
        """Give the key of the element that an `href` points to, None if there is none."""
        space, _, key = href.rpartition("#")
        if space in self.imports or space in self.missing:
            return href if href in self.imported else None
        return key if key in self.sources else None

    def _note(self, element: Element) -> None:
        name = element.get("name", "")
        key = element.get("id") or name
        if not key:
            self.findings.append(found(element, f"a {kind(element)} without id and name"))
        elif key in self.sources:
            self.findings.append(found(element, f"the id '{key}' stands twice"))
            self.sources[f"{key} (line {line_of(element)})"] = element
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
        return Decision(key, name, self._name(element), of, logic, self._requires(element), tables)

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
            href = reference.get("href", "")
            key = self._key(href)
            if key is not None:
                keys.append(key)
            elif href.rpartition("#")[0] not in self.missing:
                self.findings.append(found(reference, f"no element '{href.removeprefix('#')}'"))
        return tuple(keys)

    def _requires(self, element: Element) -> tuple[str, ...]:
        requirements = children(element, "informationRequirement", "knowledgeRequirement")
        kinds = ("requiredInput", "requiredDecision", "requiredKnowledge")
        return self._targets(one for each in requirements for one in children(each, *kinds))


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
        for required in () if isinstance(element, DecisionService) else required_by(element):
            visit(required, (*path, key))
        done.add(key)

    for key in elements:
        visit(key, ())
    return findings
