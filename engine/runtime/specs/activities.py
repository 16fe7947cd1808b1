"""Sub-process, call activity and multi-instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.below import outputs as outputs_below
from engine.runtime.compensation import remember_child
from engine.runtime.drawing.model import CalledElement, MultiInstance
from engine.runtime.expressions import read_optional
from engine.runtime.faults import Fault
from engine.runtime.jsonvalues import clean
from engine.runtime.limits import CHUNK, MAX_CARDINALITY
from engine.runtime.specs import behaving
from engine.runtime.specs.base import Bound, Element
from engine.runtime.token import STARTED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from engine.runtime.drawing.model import Node
    from engine.runtime.expressions import Text
    from engine.runtime.instance import Instance
    from engine.runtime.specs.base import ProcessSpec
    from engine.runtime.token import Token
    from engine.usecases.ports.process import Json


def _within(count: int) -> None:
    if count > MAX_CARDINALITY:
        raise Fault("limit", f"{count} items, at most {MAX_CARDINALITY}")


class Sub(Element):
    """An embedded sub-process: a scope in the same state."""

    def __init__(self, wf_spec: ProcessSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        #: set by `program`: where tokens start inside
        self.entries: tuple[str, ...] = ()

    def enter(self, token: Token) -> int | None:
        """Open the inner scope and put tokens on its start."""
        instance = token.workflow
        if token.local is None:
            instance.open_local(token, ())
        inner = token.reading
        instance.own(inner, token)
        instance.watch_over(self.node.id, inner)
        for entry in self.entries:
            instance.add(entry, inner)
        return STARTED if self.entries else None


class Call(Element):
    """Calls a process: a row of its own; the token waits for it."""

    def __init__(self, wf_spec: ProcessSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        plan = node.called or CalledElement(process_id="")
        self.called = Bound(self.read(plan.process_id), plan.binding, plan.version_tag)
        self.pass_all_down = plan.propagate_all_parent_variables
        self.pass_all_up = plan.propagate_all_child_variables or bool(self.gives)

    def enter(self, token: Token) -> int | None:
        """Start the called process with all visible variables, or the inputs only."""
        instance = token.workflow
        command = instance.command
        program = command.called_program(instance, token, self.called)
        if self.pass_all_down:
            variables = dict(instance.view(token.reading))
        else:
            own = instance.scopes[token.local].variables if token.local is not None else {}
            variables = dict(own)
        token.internal_data["kids"] = 1
        command.call(instance, token, program, variables)
        return STARTED

    def child_done(self, token: Token, child: Instance) -> None:
        """What the called process leaves goes where a task's results go."""
        own = child.scopes[0].variables
        # what was only passed down must not overwrite what the caller wrote meanwhile
        results = {n: own[n] for n in sorted(child.written)} if self.pass_all_up else {}
        token.workflow.finish(token, results)


class Multi(Element):
    """The frame of a multi-instance: counters here, one row per child.

    `mi` holds n (items), made (children made), done, seq, and the items not yet given out.
    """

    def __init__(self, wf_spec: ProcessSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        plan = node.multi_instance
        if plan is None:
            raise ValueError(node.id)
        self.plan: MultiInstance = plan
        self.collection = self.read(plan.collection)
        self.cardinality = read_optional(plan.cardinality, wf_spec.names)
        self.tellings = behaving.compiled(plan, wf_spec.names)
        self.output_element = read_optional(plan.output_element, wf_spec.names)
        self.completion_condition = read_optional(plan.completion_condition, wf_spec.names)
        # mappings are those of each child, not of the frame
        self.takes = self.gives = ()

    def enter(self, token: Token) -> int | None:
        """Evaluate the collection once; nothing in it: skipped, with an empty output."""
        items = self._items(token)
        if not items:
            if self.plan.output_collection:
                token.workflow.write(token.scope, self.plan.output_collection, [])
            return None
        items = self._weighed(token, items)
        token.internal_data["mi"] = {"n": len(items), "made": 0, "done": 0, "items": items}
        token.internal_data["kids"] = 1
        self.plan_children(token)
        return STARTED

    def _items(self, token: Token) -> list[Json]:
        """The collection, or as many nothings as the cardinality says."""
        view = token.workflow.view(token.scope)
        if self.cardinality is not None:
            return [None] * self._number(self.cardinality, view)
        items = self.collection.value(view)
        if not isinstance(items, list):
            raise self.collection.fault("the collection is null or no list")
        _within(len(items))
        return items

    @staticmethod
    def _number(text: Text, view: Mapping[str, Any]) -> int:
        value = str(text.needed(view, "the loop cardinality"))
        if not value.removeprefix("+").isdecimal():
            raise text.fault(f"the loop cardinality {value} is no whole number from 0 up")
        _within(int(value))
        return int(value)

    def _weighed(self, token: Token, items: list[Json]) -> list[Json]:
        """The items as a child may hold them; those that must wait are part of the state."""
        tidy, sizes = zip(*(clean(self.plan.element or "item", i) for i in items), strict=True)
        token.workflow.charge(sum(sizes[self._batch :]))
        return list(tidy)

    @property
    def _batch(self) -> int:
        return 1 if self.plan.sequential else CHUNK

    def plan_children(self, token: Token) -> None:
        """Make the next children: one if sequential, else a chunk; the rest waits for its turn."""
        instance = token.workflow
        instance.touch(token)
        counters = dict(token.internal_data["mi"])
        wanted = self._batch
        first, items = counters["made"], counters["items"]
        batch = items[:wanted]
        counters.update(made=first + len(batch), items=items[wanted:])
        token.internal_data["mi"] = counters
        for index, item in enumerate(batch, first):
            self._make(token, index, item)

    def _make(self, token: Token, index: int, item: Json) -> None:
        instance = token.workflow
        variables: dict[str, Json] = {"loopCounter": index + 1}
        if self.plan.element:
            variables[self.plan.element] = item
        instance.effects.append(lambda: instance.command.spawn(instance, token, index, variables))

    def unfinished(self, token: Token) -> bool:
        """Whether children wait to be made that a parallel multi-instance should already have."""
        counters = token.internal_data.get("mi", {})
        return not self.plan.sequential and bool(counters.get("items"))

    def counters(self, token: Token, finishing: int) -> dict[str, Json]:
        """What a completion condition may ask, when `finishing` more children are done."""
        mi = token.internal_data["mi"]
        done = mi["done"] + finishing
        return {
            "numberOfInstances": mi["n"],
            "numberOfCompletedInstances": done,
            "numberOfActiveInstances": mi["made"] - done,
            "numberOfTerminatedInstances": 0,
        }

    def child_done(self, token: Token, child: Instance) -> None:
        """Count; go on when all are done or the completion condition held in the child."""
        instance = token.workflow
        instance.touch(token)
        mi = dict(token.internal_data["mi"])
        mi["done"] += 1
        token.internal_data["mi"] = mi
        remember_child(token, child)
        for word in child.told:
            behaving.tell(token, word, self.counters(token, 0))
        if instance.tasks.get(token.id) is not token:
            return
        if child.met or mi["done"] == mi["n"]:
            if mi["done"] < mi["made"]:
                instance.effects.append(lambda: instance.command.cancel_children(instance, token))
            instance.finish(token, {})
        elif self.plan.sequential and mi["items"]:
            self.plan_children(token)

    def leaving(self, token: Token) -> None:
        """Write the outputs in input order, null where a child was not needed."""
        name = self.plan.output_collection
        mi = token.internal_data.get("mi")
        if not name or mi is None:
            return
        outputs: list[Json] = [None] * mi["n"]
        for index, value in outputs_below(token):
            outputs[index] = value
        token.workflow.write(token.scope, name, outputs)
