"""What changed in a form or in a decision, part by part, like the changes of a drawing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from engine.dmn.errors import DmnInvalid
from engine.dmn.source import kind, parse
from engine.usecases.ports.versions import Change, Detail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.dmn.source import Element

#: properties of a field that say nothing of what it asks
_SILENT: Final = frozenset({"id", "layout", "components"})


def form_changes(old: bytes | None, new: bytes) -> tuple[Change, ...]:
    """Fields added, removed and changed; a text that is no form has none."""
    before, after = _fields(old), _fields(new)
    return tuple(_compared(before, after, "field"))


def table_changes(old: bytes | None, new: bytes) -> tuple[Change, ...]:
    """Rules of all tables of a file, and expressions, by their place in the table."""
    before, after = _rules(old), _rules(new)
    return tuple(_compared(before, after, "rule"))


def _compared(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]], what: str
) -> Iterator[Change]:
    for name, facts in after.items():
        if name not in before:
            yield Change(how="added", what=what, id=name, name=_name(facts, name), type=what)
        elif facts != before[name]:
            details = tuple(_details(before[name], facts))
            yield Change(
                how="changed",
                what=what,
                id=name,
                name=_name(facts, name),
                type=what,
                details=details,
            )
    for name, facts in before.items():
        if name not in after:
            yield Change(how="removed", what=what, id=name, name=_name(facts, name), type=what)


def _details(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Detail]:
    for field in dict.fromkeys((*after, *before)):
        if before.get(field) != after.get(field):
            yield Detail(field=field, before=before.get(field), after=after.get(field))


def _name(facts: Mapping[str, str], name: str) -> str:
    return facts.get("label") or facts.get("rule") or name


def _fields(content: bytes | None) -> dict[str, dict[str, str]]:
    """Components of a form by key, or by place where they have none."""
    try:
        schema = json.loads(content or b"{}")
    except ValueError:
        return {}
    found: dict[str, dict[str, str]] = {}
    parts = schema.get("components") if isinstance(schema, dict) else None
    _gather(parts, found)
    return found


def _gather(components: Any, found: dict[str, dict[str, str]]) -> None:
    for one in components if isinstance(components, list) else ():
        if isinstance(one, dict):
            name = str(one.get("key") or one.get("path") or one.get("id") or len(found))
            found[name] = {
                str(field): value if isinstance(value, str) else json.dumps(value)
                for field, value in one.items()
                if field not in _SILENT
            }
            _gather(one.get("components"), found)


def _rules(content: bytes | None) -> dict[str, dict[str, str]]:
    """Rules by their conditions, and literal expressions by their decision."""
    if content is None:
        return {}
    try:
        root = parse(content)
    except DmnInvalid:
        return {}
    found: dict[str, dict[str, str]] = {}
    for decision in (one for one in root.iter() if kind(one) == "decision"):
        name = str(decision.get("name") or decision.get("id") or "")
        for part in decision:
            if kind(part) == "literalExpression":
                found[name] = {"rule": name, "outputs": _text(part)}
            for rule in (one for one in part if kind(one) == "rule"):
                _rule(name, rule, found)
    return found


def _rule(decision: str, rule: Element, found: dict[str, dict[str, str]]) -> None:
    inputs = " | ".join(_texts(rule, "inputEntry"))
    place = f"{decision}: {inputs}"
    while place in found:
        place += "'"
    found[place] = {
        "rule": f"{decision}: {inputs}",
        "outputs": " | ".join(_texts(rule, "outputEntry")),
        "annotations": " | ".join(_texts(rule, "annotationEntry")),
    }


def _texts(rule: Element, wanted: str) -> Iterable[str]:
    return [_text(entry) for entry in rule if kind(entry) == wanted]


def _text(entry: Element) -> str:
    found = next((one.text for one in entry if kind(one) == "text"), None)
    return (found or "").strip() or "-"
