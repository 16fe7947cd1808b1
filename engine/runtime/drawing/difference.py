"""What changed between two drawings of a process: elements and flows, property by property."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from engine.usecases.ports.versions import Change, Detail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.runtime.drawing.model import Flow, Node, Process

#: where it stands in its file, and what flows and hosts say themselves
_SILENT: Final = frozenset({"id", "line", "incoming", "outgoing", "boundary", "default"})
#: beginnings of properties that say who does something, and with which form
OF_PEOPLE: Final = (
    "user_task.assignee",
    "user_task.candidate",
    "user_task.form",
    "form",
    "lane",
    "group",
)
_FLOW: Final = ("name", "source", "target", "condition")


def changes(old: Process, new: Process) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """All changes in the order of the new drawing, removals last; and ids that stayed the same."""
    found: list[Change] = []
    same: list[str] = []
    details = tuple(_process_details(old, new))
    if details:
        found.append(_change("changed", "process", new.id, new.name, "process", details))
    for node in new.nodes.values():
        before = old.nodes.get(node.id)
        if before is None:
            added = _change("added", "element", node.id, node.name, node.kind.value)
            found.append(replace(added, holds=differing({}, _of_people(node))))
            continue
        details = differing(properties(before), properties(node))
        if details:
            kind = node.kind.value
            found.append(_change("changed", "element", node.id, node.name, kind, details))
        else:
            same.append(node.id)
    found += _flow_changes(old, new)
    found += [
        replace(
            _change("removed", "element", node.id, node.name, node.kind.value),
            holds=differing(_of_people(node), {}),
        )
        for node in old.nodes.values()
        if node.id not in new.nodes
    ]
    return tuple(found), tuple(same)


def _of_people(node: Node) -> dict[str, str]:
    """Who does it, and with which form."""
    return {name: value for name, value in properties(node).items() if name.startswith(OF_PEOPLE)}


def properties(node: Node) -> dict[str, str]:
    """Every property of an element that has a value, by dotted name, as text."""
    found = dict(_flat("", {f.name: getattr(node, f.name) for f in fields(node)}))
    default = next((f for f in node.outgoing if f.id == node.default), None)
    if default is not None:
        found["default"] = default.target
    return found


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Detail, ...]:
    """Properties that differ, those of the new one first."""
    names = [*after, *(name for name in before if name not in after)]
    return tuple(
        Detail(field=name, before=before.get(name), after=after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Leaves of a value by dotted path; what is empty or false is not there."""
    if is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in _SILENT:
                yield from _flat(f"{path}.{name}" if path else str(name), inner)
    elif isinstance(value, (tuple, list, frozenset)):
        for index, inner in enumerate(sorted(value) if isinstance(value, frozenset) else value, 1):
            yield from _flat(f"{path}.{index}", inner)
    elif value not in (None, "", False):
        yield path, value.value if isinstance(value, StrEnum) else str(value)


def _process_details(old: Process, new: Process) -> Iterator[Detail]:
    for name in ("name", "version_tag", "about"):
        before, after = getattr(old, name) or None, getattr(new, name) or None
        if before != after:
            yield Detail(field=name, before=before, after=after)


def _flow_changes(old: Process, new: Process) -> Iterator[Change]:
    """Flows by id, then by both ends: tools give new ids to what they draw again."""
    left = {flow.id: flow for flow in old.flows.values()}
    pairs = [(left.pop(flow.id, None), flow) for flow in new.flows.values()]
    for index, (before, flow) in enumerate(pairs):
        if before is None:
            twin = next((f for f in left.values() if _ends(f) == _ends(flow)), None)
            if twin is not None:
                pairs[index] = (left.pop(twin.id), flow)
    for before, flow in pairs:
        if before is None:
            yield replace(_flow("added", flow), holds=differing({}, _when(flow)))
            continue
        details = differing(_of_flow(before), _of_flow(flow))
        if details:
            yield _flow("changed", flow, details)
    for flow in left.values():
        yield replace(_flow("removed", flow), holds=differing(_when(flow), {}))


def _ends(flow: Flow) -> tuple[str, str]:
    return flow.source, flow.target


def _of_flow(flow: Flow) -> dict[str, str]:
    return {name: getattr(flow, name) for name in _FLOW if getattr(flow, name)}


def _when(flow: Flow) -> dict[str, str]:
    return {"condition": flow.condition} if flow.condition else {}


def _flow(how: str, flow: Flow, details: tuple[Detail, ...] = ()) -> Change:
    name = flow.name or f"{flow.source} → {flow.target}"
    change = _change(how, "flow", flow.id, name, "sequenceFlow", details)
    return replace(change, leaves=flow.source)


def _change(
    how: str, what: str, id_: str, name: str, kind: str, details: tuple[Detail, ...] = ()
) -> Change:
    return Change(how=how, what=what, id=id_, name=name, type=kind, details=details)
