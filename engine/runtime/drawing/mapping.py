"""Which element of a new drawing takes the tokens of which element of an old one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from engine.runtime.drawing.kinds import SCOPES, EventKind, Kind
from engine.usecases.ports.versions import Obstacle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.runtime.drawing.model import Node, Process

#: on these no token rests unless its step failed; they need no pair
_PASSED: Final = frozenset({Kind.START_EVENT, Kind.END_EVENT, Kind.THROW_EVENT})


def proposal(old: Process, new: Process) -> tuple[dict[str, str], dict[str, str]]:
    """Pairs by id and kind, then by kind and a name that each drawing has once; and why."""
    pairs = {
        node.id: node.id
        for node in old.nodes.values()
        if node.id in new.nodes and _alike(node, new.nodes[node.id])
    }
    because = dict.fromkeys(pairs, "id")
    taken = set(pairs.values())
    spare = _by_name(n for n in new.nodes.values() if n.id not in taken)
    for look, nodes in _by_name(n for n in old.nodes.values() if n.id not in pairs).items():
        others = spare.get(look, [])
        if len(nodes) == len(others) == 1 and _alike(nodes[0], others[0]):
            pairs[nodes[0].id] = others[0].id
            because[nodes[0].id] = "name"
    for source in _misplaced(old, new, pairs):
        del pairs[source], because[source]
    ordered = [name for name in old.nodes if name in pairs]
    return {name: pairs[name] for name in ordered}, {name: because[name] for name in ordered}


def unanswered(old: Process, pairs: Mapping[str, str]) -> tuple[str, ...]:
    """Elements of the old drawing on which tokens may rest and that have no pair."""
    return tuple(
        node.id
        for node in old.nodes.values()
        if node.id not in pairs and node.kind not in _PASSED and not _is_inner_start(node)
    )


def _is_inner_start(node: Node) -> bool:
    return node.kind is Kind.START_EVENT


def faults(old: Process, new: Process, pairs: Mapping[str, str]) -> Iterator[Obstacle]:
    """Everything wrong with a mapping, whatever the instances are."""
    known = {}
    for source, target in pairs.items():
        if source not in old.nodes:
            yield _fault("unknown-element", source, f"the old version has no element '{source}'")
        elif target not in new.nodes:
            yield _fault("unknown-element", source, f"the new version has no element '{target}'")
        else:
            known[source] = target
    for source, target in known.items():
        yield from _pair_faults(old.nodes[source], new.nodes[target], known)
    yield from _twice(old, known)


def _pair_faults(before: Node, after: Node, pairs: Mapping[str, str]) -> Iterator[Obstacle]:
    if not _same_kind(before, after):
        text = f"'{before.label}' is a {_kind(before)}, '{after.label}' a {_kind(after)}"
        yield _fault("kind", before.id, text)
        return
    if _repeats(before) != _repeats(after):
        text = f"'{before.label}' and '{after.label}' do not repeat in the same way"
        yield _fault("multi-instance", before.id, text)
    if _around(before, pairs) != after.parent:
        text = f"'{after.label}' stands in another sub-process than '{before.label}'"
        yield _fault("scope", before.id, text)
    if before.attached_to is not None and pairs.get(before.attached_to) != after.attached_to:
        text = f"'{after.label}' stands on the edge of another activity than '{before.label}'"
        yield _fault("boundary", before.id, text)


def _twice(old: Process, pairs: Mapping[str, str]) -> Iterator[Obstacle]:
    """Two events into one would leave one of two timers; two scopes, one of two insides."""
    seen: dict[str, str] = {}
    for source, target in pairs.items():
        node = old.nodes[source]
        alone = node.kind in SCOPES or node.event is not None or node.multi_instance is not None
        if target in seen and (alone or _alone(old.nodes[seen[target]])):
            text = f"'{seen[target]}' and '{source}' both become '{target}'"
            yield _fault("twice", source, text)
        seen.setdefault(target, source)


def _alone(node: Node) -> bool:
    return node.kind in SCOPES or node.event is not None or node.multi_instance is not None


def _misplaced(old: Process, new: Process, pairs: Mapping[str, str]) -> list[str]:
    """Pairs that a proposal must not make, with what stands inside and on the edge of them."""
    kept = dict(pairs)
    while True:
        wrong = [
            source
            for source, target in kept.items()
            if any(True for _ in _pair_faults(old.nodes[source], new.nodes[target], kept))
        ]
        if not wrong:
            return [source for source in pairs if source not in kept]
        for source in wrong:
            del kept[source]


def _around(node: Node, pairs: Mapping[str, str]) -> str | None:
    """The new parent of what stands in the old one; "" where that has no pair."""
    return None if node.parent is None else pairs.get(node.parent, "")


def _by_name(nodes: Iterator[Node]) -> dict[tuple[str, str], list[Node]]:
    found: defaultdict[tuple[str, str], list[Node]] = defaultdict(list)
    for node in nodes:
        if node.name:
            found[_kind(node), " ".join(node.name.split()).casefold()].append(node)
    return found


def _alike(before: Node, after: Node) -> bool:
    return _same_kind(before, after) and _repeats(before) == _repeats(after)


def _same_kind(before: Node, after: Node) -> bool:
    return _kind(before) == _kind(after) and _waits_as(before) == _waits_as(after)


def _kind(node: Node) -> str:
    event = node.event.kind if node.event is not None else EventKind.NONE
    return node.kind.value if event is EventKind.NONE else f"{event.value} {node.kind.value}"


def _waits_as(node: Node) -> tuple[bool, ...]:
    """What the state of a waiting token depends on beside its kind."""
    return (
        node.kind is Kind.BUSINESS_RULE_TASK and node.decision is not None,
        node.kind is Kind.BOUNDARY_EVENT and node.interrupting,
        node.triggered_by_event,
        node.for_compensation,
    )


def _repeats(node: Node) -> tuple[bool, bool, bool]:
    plan = node.multi_instance
    loop = getattr(node, "loop", None)
    return plan is not None, plan is not None and plan.sequential, loop is not None


def _fault(code: str, element: str, message: str) -> Obstacle:
    return Obstacle(code=code, element_id=element, message=message)
