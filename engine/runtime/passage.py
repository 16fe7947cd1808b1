"""A migration plan between two compiled versions: what becomes of names that a state holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.runtime import worklist
from engine.runtime.arming import PART
from engine.runtime.specs.event_subprocess import EventSub
from engine.runtime.specs.gateways import EventBased
from engine.runtime.specs.tasks import Catch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.runtime.command import Command
    from engine.runtime.drawing.model import Process
    from engine.runtime.program import Program
    from engine.runtime.specs.base import Element, ProcessSpec
    from engine.runtime.specs.tasks import User
    from engine.usecases.ports.process import FormRow, Json
    from engine.usecases.ports.versions import MigrationPlan


class Passage:
    """A plan between two compiled versions; names may carry a mark (`id#loop`, `event|part`)."""

    def __init__(self, plan: MigrationPlan, source: Program, target: Program) -> None:
        self.plan = plan
        self.source = source
        self.target = target
        self.pairs = dict(plan.elements)
        self.flows = _flow_pairs(self)
        self._forms: dict[str, FormRow | None] = {}

    def form(self, command: Command, spec: User) -> FormRow | None:
        """The form that a task has in the new version; looked up once."""
        if spec.name not in self._forms:
            key = self.target.definition.deployment_key
            self._forms[spec.name] = worklist.form_of(command.uow, key, spec.form)
        return self._forms[spec.name]

    def named(self, key: str) -> str:
        """The spec that takes the tokens of a spec; "" without a pair."""
        name, mark, rest = key.partition("#")
        found = self.pairs.get(name)
        return "" if found is None else f"{found}{mark}{rest}"

    def event(self, event: str, old: Element, new: Element) -> str | None:
        """What an event at a token becomes; None: it is not drawn there any more, or anew."""
        name, mark, part = event.partition(PART)
        if name in self.plan.anew:
            return None
        found = new.node.id if name == old.node.id else self.pairs.get(name)
        if found not in events_at(new) or found is None:
            return None
        old_spec, new_spec = self._spec(self.source, name), self._spec(self.target, found)
        same = [_kinds(spec) for spec in (old_spec, new_spec)]
        return f"{found}{mark}{part}" if same[0] == same[1] else None

    @staticmethod
    def _spec(program: Program, name: str) -> Element:
        return program.main.task_specs[name]

    def records(self, records: Iterable[Json], spec: ProcessSpec) -> list[Json]:
        """Records of what can be undone; those of activities that are drawn no more are gone."""
        found = []
        for record in records:
            moved = dict(record)
            if "in" in moved:
                moved["in"] = self.records(moved["in"], spec)
            if "e" in moved:
                moved["e"] = self.named(moved["e"]) or moved["e"]
                if moved["e"] not in spec.task_specs:
                    continue
            found.append(moved)
        return found


def events_at(spec: Element) -> list[str]:
    """Events that may wait at a token on an element."""
    found = list(spec.node.boundary)
    if isinstance(spec, Catch):
        found.append(spec.node.id)
    if isinstance(spec, EventBased):
        found += [way.target for way in spec.outgoing]
    if isinstance(spec, EventSub):
        found.append(spec.trigger)
    return found


def _kinds(spec: Element) -> tuple[Any, ...]:
    """What an event waits for, part by part."""
    return () if spec.event is None else tuple(part.kind for part in spec.event.each)


def _flow_pairs(passage: Passage) -> dict[str, str]:
    """Flows into the same element that come from the same element, whatever was put between.

    Tools number flows anew, so ids alone would confuse the flows of a join.
    """
    pairs = passage.pairs
    old = _by_ends(passage.source.process, {n: pairs[n] for n in pairs})
    new = _by_ends(passage.target.process, {to: to for to in pairs.values()})
    found: dict[str, str] = {}
    for ends, flows in old.items():
        others = new.get(ends, [])
        if len(flows) == len(others):
            found.update(zip(flows, others, strict=True))
        else:
            found.update({flow: flow for flow in flows if flow in others})
    return found


def _by_ends(process: Process, known: Mapping[str, str]) -> dict[tuple[str, str], list[str]]:
    """Flows by the nearest known element before them and their target, under their new names."""
    found: dict[tuple[str, str], list[str]] = {}
    for flow in process.flows.values():
        target = known.get(flow.target)
        if target is not None:
            found.setdefault((_origin(process, flow.source, known), target), []).append(flow.id)
    return found


def _origin(process: Process, source: str, known: Mapping[str, str]) -> str:
    """The element before a flow, or before what nobody knows and only one flow leads to."""
    seen = set()
    while source not in known and source not in seen:
        seen.add(source)
        incoming = process.nodes[source].incoming
        if len(incoming) != 1:
            break
        source = incoming[0].source
    return known.get(source, f"?{source}")
