"""What changed in a form or in a decision, part by part, like the changes of a drawing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from engine.usecases.ports.versions import Change, Detail
from engine.usecases.table_rules import parts

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from engine.usecases.table_rules import Part, Rule

#: properties of a field that say nothing of what it asks
_SILENT: Final = frozenset({"id", "layout", "components"})


def form_changes(old: bytes | None, new: bytes) -> tuple[Change, ...]:
    """Fields added, removed and changed; a text that is no form has none.

    A property inside another is named by both: "validate.required".
    """
    before, after = _fields(old), _fields(new)
    return tuple(_compared(before, after))


def table_changes(old: bytes | None, new: bytes) -> tuple[Change, ...]:
    """Of each decision: the table as a whole, then its rules; or its other expression.

    A rule is found again by its id, else by its conditions, else by its place. Its cells are
    named by their columns: "input:Grade", "output:Days".
    """
    before, after = parts(old), parts(new)
    found: list[Change] = []
    for name, part in after.items():
        found.extend(_part_changes(name, before.get(name), part))
    gone = [name for name in before if name not in after]
    found.extend(_change("removed", "table", name, before[name].name) for name in gone)
    return tuple(found)


def _part_changes(name: str, old: Part | None, new: Part) -> Iterator[Change]:
    if old is None:
        yield _change("added", "table", name, new.name, _details({}, new.facts))
    pairs = _pairs(old.rules if old else (), new.rules)
    if old is not None:
        details = [*_details(old.facts, new.facts), *_order(pairs)]
        if details:
            yield _change("changed", "table", name, new.name, details)
    for was, now in pairs:
        facts = _details(was.facts if was else {}, now.facts if now else {})
        one = now or was
        if one is not None and facts:
            how = "changed" if was and now else "added" if now else "removed"
            place = f"{name}.{one.id or one.number}"
            yield _change(how, "rule", place, f"{new.name}, {one.number}", facts)


def _pairs(old: Sequence[Rule], new: Sequence[Rule]) -> Sequence[tuple[Rule | None, Rule | None]]:
    """Rules of two tables, those of the new one in their order, then those that went."""
    found: dict[int, Rule] = {}
    left = list(old)
    ways: tuple[Callable[[Rule], Hashable], ...] = (
        lambda rule: rule.id or None,
        lambda rule: rule.asks,
        lambda rule: rule.number,
    )
    for way in ways:
        by = {way(rule): rule for rule in reversed(left) if way(rule) is not None}
        for rule in new:
            match = None if rule.number in found else by.pop(way(rule), None)
            if match is not None:
                found[rule.number] = match
                left.remove(match)
    return [*((found.get(rule.number), rule) for rule in new), *((rule, None) for rule in left)]


def _order(pairs: Sequence[tuple[Rule | None, Rule | None]]) -> Iterator[Detail]:
    """What stayed stands in another order: that decides where the first rule counts."""
    stayed = [was.number for was, now in pairs if was and now]
    if stayed != sorted(stayed):
        before, after = (", ".join(map(str, one)) for one in (sorted(stayed), stayed))
        yield Detail(field="order", before=before, after=after)


def _compared(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> Iterator[Change]:
    for name, facts in after.items():
        details = _details(before.get(name, {}), facts)
        if details:
            how = "changed" if name in before else "added"
            yield _change(how, "field", name, facts.get("label") or name, details)
    for name, facts in before.items():
        if name not in after:
            details = _details(facts, {})
            yield _change("removed", "field", name, facts.get("label") or name, details)


def _change(how: str, what: str, place: str, name: str, details: Iterable[Detail] = ()) -> Change:
    return Change(how=how, what=what, id=place, name=name, type=what, details=tuple(details))


def _details(before: Mapping[str, str], after: Mapping[str, str]) -> list[Detail]:
    return [
        Detail(field=field, before=before.get(field), after=after.get(field))
        for field in dict.fromkeys((*after, *before))
        if before.get(field) != after.get(field)
    ]


def _fields(content: bytes | None) -> dict[str, dict[str, str]]:
    """Components of a form by key, or by place where they have none."""
    try:
        schema = json.loads(content or b"{}")
    except ValueError:
        return {}
    found: dict[str, dict[str, str]] = {}
    inner = schema.get("components") if isinstance(schema, dict) else None
    _gather(inner, found)
    return found


def _gather(components: Any, found: dict[str, dict[str, str]]) -> None:
    for one in components if isinstance(components, list) else ():
        if isinstance(one, dict):
            name = str(one.get("key") or one.get("path") or one.get("id") or len(found))
            told = {field: value for field, value in one.items() if field not in _SILENT}
            found[name] = dict(_flat("", told))
            _gather(one.get("components"), found)


def _flat(begin: str, told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Properties by their dotted names; what is not or not set says nothing."""
    for field, value in told.items():
        if isinstance(value, dict):
            yield from _flat(f"{begin}{field}.", value)
        elif value is not None and value is not False and value != "":
            yield f"{begin}{field}", _value(value)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(_choice(one) for one in value)
    return json.dumps(value, ensure_ascii=False)


def _choice(one: Any) -> str:
    if isinstance(one, dict) and "value" in one:
        return f"{one.get('label') or one['value']} ({one['value']})"
    return one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)
