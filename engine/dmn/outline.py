"""What stands in a file that somebody is still writing: its decisions, what each asks, its rules.

Nothing is compiled that need not be, and what cannot be read is left out: the findings tell of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.dmn.boxed import expression_of
from engine.dmn.errors import DmnInvalid
from engine.dmn.graph import Decision, InputData, required_by
from engine.dmn.reader import inspect_model, names_of
from engine.dmn.source import EMPTY, Element, child, children, kind, notes_of, parse, text_of
from engine.feel.errors import FeelSyntaxError
from engine.feel.expression import compile_expression, compile_unary_tests
from engine.feel.lexer import normal_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.dmn.model import DecisionModel

_TABLE: Final = "decisionTable"
#: what makes a date of a text that comes in
_DATE_OF: Final = re.compile(r"date\(\s*(\w+)\s*\)")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A row as its author wrote it; `number` counts from 1 in its table."""

    rule_id: str
    number: int
    #: (column, cell) of the conditions that say something
    conditions: tuple[tuple[str, str], ...]
    #: (column, cell) of the results
    results: tuple[tuple[str, str], ...]
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A value that must be given to try a decision."""

    name: str
    #: title of the column that asks for it, or its name
    label: str
    #: name of its FEEL type; "Any" when nothing declares one
    type: str
    #: constants that its column or its allowed values name
    values: tuple[str, ...] = ()
    #: nothing but these is allowed
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """One decision."""

    id: str
    #: what it is called where its own name is but its id
    title: str
    description: str
    #: "decisionTable", "literalExpression", another boxed expression, "" without one
    logic: str
    hit_policy: str
    rules: tuple[RuleLine, ...]
    asked: tuple[Asked, ...]


def outline(xml: bytes, host_names: frozenset[str] = frozenset()) -> tuple[Outline, ...]:
    """The decisions of a file in its order; none of what is no DMN file.

    `host_names`: functions that the host offers, so that none is taken for a value to ask for.
    """
    try:
        root = parse(xml)
        model = inspect_model(xml, names=host_names).model
    except DmnInvalid:
        return ()
    owners = children(root, "decision")
    by_id = {owner.get("id", ""): owner for owner in owners}
    return tuple(_outline(owner, by_id, model, names_of(root) | host_names) for owner in owners)


def _outline(
    owner: Element,
    owners: Mapping[str, Element],
    model: DecisionModel,
    names: frozenset[str],
) -> Outline:
    logic = expression_of(owner)
    shape = "" if logic is None else kind(logic)
    table = logic if shape == _TABLE else None
    asked = _asked(owner.get("id", ""), owners, model, names)
    return Outline(
        id=owner.get("id", ""),
        title=_title(owner),
        description=text_of(owner, "description"),
        logic=shape,
        hit_policy="" if table is None else table.get("hitPolicy", "UNIQUE"),
        rules=() if table is None else tuple(_lines(table)),
        asked=tuple(asked.values()),
    )


def _title(owner: Element) -> str:
    """Its name, or that of the file where it is named like its id, as drawings that call it do."""
    key, own = owner.get("id", ""), owner.get("name", "")
    around = owner.getparent()
    alone = around is not None and len(children(around, "decision")) == 1
    named = around.get("name", "") if around is not None and alone else ""
    return (named if own in {"", key} else own) or own or key


def _lines(table: Element) -> Iterator[RuleLine]:
    asks = [
        e.get("label") or text_of(child(e, "inputExpression"), "text")
        for e in children(table, "input")
    ]
    gives = [e.get("label") or e.get("name") or "" for e in children(table, "output")]
    for number, (row, notes) in enumerate(notes_of(table), 1):
        tests = [text_of(e, "text") for e in children(row, "inputEntry")]
        results = [text_of(e, "text") for e in children(row, "outputEntry")]
        yield RuleLine(
            rule_id=row.get("id", ""),
            number=number,
            conditions=tuple(
                (label, cell) for label, cell in zip(asks, tests, strict=False) if cell not in EMPTY
            ),
            results=tuple(zip(gives, results, strict=False)),
            source=notes.get("source", ""),
            status=notes.get("status", ""),
        )


# ---- what must be given


def _asked(
    key: str, owners: Mapping[str, Element], model: DecisionModel, names: frozenset[str]
) -> dict[str, Asked]:
    """By name: declared inputs that a decision rests on, then names that its cells read."""
    reached = _reached(key, model)
    found: dict[str, Asked] = {}
    columns: dict[str, Element] = {}
    read: list[str] = []
    for one in reached:
        element = owners.get(one)
        if element is not None:
            for column in element.iter("{*}input"):
                text = text_of(child(column, "inputExpression"), "text")
                columns.setdefault(_bare_name(text), column)
            read += [name for name in _read(element, names) if name not in read]
    inputs = [model.elements[one] for one in reached]
    declared = [one.name for one in inputs if isinstance(one, InputData)]
    known = {one.variable for one in model.elements.values() if isinstance(one, Decision)}
    known |= {one.name for one in model.elements.values()}
    for name in (*declared, *(one for one in read if one not in known and one[:1] != "$")):
        if name not in found:
            found[name] = _value(name, columns.get(name), model)
    return found


def _bare_name(expression: str) -> str:
    """The name that a column's expression reads: `hari`, or `hari` in `date(hari)`."""
    inner = _DATE_OF.fullmatch(expression)
    return normal_name(inner[1] if inner else expression)


def _reached(key: str, model: DecisionModel) -> list[str]:
    """The decision and all that it rests on, nearest first."""
    found: list[str] = []
    wanted = [key]
    while wanted:
        one = wanted.pop(0)
        if one in found or one not in model.elements:
            continue
        found.append(one)
        wanted += required_by(model.elements[one])
    return found


def _read(owner: Element, names: frozenset[str]) -> Iterator[str]:
    """Names that a table or a literal expression reads, in the order of its columns."""
    logic = expression_of(owner)
    shape = "" if logic is None else kind(logic)
    if logic is not None and shape == "literalExpression":
        yield from _names(text_of(logic, "text"), names, tests=False)
    if logic is None or shape != _TABLE:
        return
    for column in children(logic, "input"):
        yield from _names(text_of(child(column, "inputExpression"), "text"), names, tests=False)
    for rule in children(logic, "rule"):
        for cell in children(rule, "inputEntry"):
            yield from _names(text_of(cell, "text"), names, tests=True)
        for cell in children(rule, "outputEntry"):
            yield from _names(text_of(cell, "text"), names, tests=False)


def _names(text: str, names: frozenset[str], *, tests: bool) -> Iterable[str]:
    if text in EMPTY:
        return ()
    try:
        made = (compile_unary_tests if tests else compile_expression)(text, names=names)
    except FeelSyntaxError:
        return ()
    return sorted(made.variables - {"?"})


def _value(name: str, column: Element | None, model: DecisionModel) -> Asked:
    declared = model.declared.get(name)
    of = "Any" if declared is None else declared.name
    if column is None:
        return Asked(name, name, of)
    if declared is None and _DATE_OF.fullmatch(text_of(child(column, "inputExpression"), "text")):
        of = "date"
    allowed = _constants(text_of(child(column, "inputValues"), "text"))
    label = column.get("label") or name
    return Asked(name, label, of, allowed or _of_cells(column), bool(allowed))


def _of_cells(column: Element) -> tuple[str, ...]:
    """Texts that the cells of a column compare with."""
    table = column.getparent()
    if table is None:
        return ()
    place = children(table, "input").index(column)
    rows = [children(rule, "inputEntry") for rule in children(table, "rule")]
    cells = [text_of(row[place], "text") for row in rows if place < len(row)]
    return tuple(dict.fromkeys(one for cell in cells for one in _constants(cell)))


def _constants(text: str) -> tuple[str, ...]:
    """The text constants of a list of tests; none where it says anything else beside."""
    if text in EMPTY:
        return ()
    parts = [part.strip() for part in text.split(",")]
    plain = all(len(part) > 1 and part[0] == part[-1] == '"' for part in parts)
    return tuple(part[1:-1] for part in parts) if plain else ()
