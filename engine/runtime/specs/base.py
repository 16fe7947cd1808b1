"""What every spec object does, and the flat process spec that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from engine.runtime.drawing.model import EventKind
from engine.runtime.expressions import Text, read_optional, read_text
from engine.runtime.specs.quantities import gathered
from engine.runtime.specs.splits import chosen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.runtime.drawing.model import Binding, EventDefinition, Node, TimerKind
    from engine.runtime.token import Token


class Lean:
    """What our specs do otherwise than SpiffWorkflow's (decision 0002 holds the reasons)."""

    def _predict(self, *_args: Any, **_kwargs: Any) -> None:
        """No FUTURE children: stock prediction doubles with each AND pair."""

    def _update(self, my_task: Token) -> None:
        """No activation inside the predecessor's step: its errors would hit the wrong element."""

    def _run(self, my_task: Token) -> bool | None:
        """No ERROR state: a step that fails is undone and can be retried."""
        return self._run_hook(my_task)

    def _run_hook(self, _token: Token) -> bool | None:
        """Do the work: True leaves at once, None stays until something finishes the token."""
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        """Our successors come from the flows, not from predicted children."""
        my_task.workflow.leave(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.workflow.cancelled(my_task)


class Root(Lean, BpmnStartTask):
    """The root of the flat task tree; it never runs."""


@dataclass(frozen=True, slots=True)
class Way:
    """A sequence flow, compiled."""

    id: str
    target: str
    condition: Text | None
    default: bool


@dataclass(frozen=True, slots=True)
class Assignment:
    """One input or output of an ioMapping, compiled; the path's first name is the variable."""

    path: tuple[str, ...]
    source: Text


@dataclass(frozen=True, slots=True)
class EventPlan:
    """What an event catches or throws, compiled."""

    kind: EventKind
    #: error or escalation code; None catches any
    code: Text | None = None
    #: message or signal
    name: Text | None = None
    key: Text | None = None
    timer: tuple[TimerKind, Text] | None = None
    condition: Text | None = None
    #: activity that a compensation throw undoes; None: all of its scope
    activity: str | None = None
    waits: bool = True
    #: the parts of a multiple event; all of them must happen when parallel
    parts: tuple[EventPlan, ...] = ()
    parallel: bool = False

    @property
    def each(self) -> tuple[EventPlan, ...]:
        """The parts of a multiple event, or this one alone."""
        return self.parts or (self,)


@dataclass(frozen=True, slots=True)
class Undoing:
    """How a completed activity is undone.

    By another activity, by an event sub-process inside, or, with neither, by undoing what was
    done inside.
    """

    handler: str | None = None
    inside: str | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """A called process, decision or form, and which version of it is meant."""

    id: Text
    binding: Binding
    version_tag: str | None


class ProcessSpec(BpmnProcessSpec):
    """A process, or the body of one multi-instance, with the nodes of its sub-processes.

    Shared by all instances and threads: nothing changes it after `program.build`.
    """

    task_specs: dict[str, Element]

    def __init__(self, name: str, names: frozenset[str], body: str | None) -> None:
        super().__init__(name=name)
        #: stock adds Start, End and a join that walks the tree: their names are taken away
        self.task_specs.clear()
        self.end = None
        self.start = Root(self, "#root")
        #: names of host functions, for compiling
        self.names = names
        #: element id of the multi-instance whose body this is
        self.body = body
        #: where a token starts when nothing else is said
        self.entries: tuple[str, ...] = ()
        #: inclusive gateways that join
        self.inclusive: tuple[str, ...] = ()
        #: some gateway waits for several tokens
        self.joining = False
        #: some sub-process is ad-hoc: it asks whenever something inside is done
        self.ad_hoc = False
        #: event sub-processes that wait for their event, by the sub-process around (None: root)
        self.watched: Mapping[str | None, tuple[str, ...]] = {}
        #: some event waits for a condition
        self.conditional = False
        self._reach: dict[tuple[str, str], frozenset[str]] = {}

    def reaches(self, element: str, flow: str, gateway: str) -> bool:
        """Whether a token on that element can come to the flow without passing the gateway."""
        return element in self._reach[flow, gateway]

    def measure(self) -> None:
        """Compute once from where each incoming flow of a joining inclusive gateway is reached."""
        for gateway in self.inclusive:
            for flow in self.task_specs[gateway].node.incoming:
                self._reach[flow.id, gateway] = self._sources(flow.source, gateway)

    def _sources(self, first: str, gateway: str) -> frozenset[str]:
        seen: set[str] = set()
        stack = [first]
        while stack:
            element = stack.pop()
            if element == gateway or element in seen or element not in self.task_specs:
                continue
            seen.add(element)
            node = self.task_specs[element].node
            stack += [f.source for f in node.incoming]
            if node.event is not None and node.event.kind is EventKind.LINK:
                drawn = [s for n, s in self.task_specs.items() if n != self.start.name]
                stack += [s.name for s in drawn if s.node.link == element]
            if node.attached_to is not None:
                stack.append(node.attached_to)
        return frozenset(seen)


class Element(Lean, BpmnSpecMixin):
    """A flow node; as it stands, a token passes through it (plain and manual task, none events)."""

    _wf_spec: ProcessSpec
    name: str

    def __init__(self, wf_spec: ProcessSpec, node: Node, **stock: Any) -> None:
        super().__init__(wf_spec, node.key, bpmn_name=node.name, lane=node.lane, **stock)
        names = wf_spec.names
        self.node = node
        self.outgoing = tuple(
            Way(f.id, f.target, read_optional(f.condition, names), f.id == node.default)
            for f in node.outgoing
        )
        #: flows have conditions here, though this may be no gateway
        self.chooses = any(w.condition is not None or w.default for w in self.outgoing)
        #: tokens it needs to begin, and leaves on each flow it takes
        self.gathers, self.yields = node.start_quantity, node.completion_quantity
        self.takes = _assignments(node.inputs, names)
        self.gives = _assignments(node.outputs, names)
        self.event = plan_event(node.event, names)
        #: set by `program`: how it is undone once it is done; None: it cannot be
        self.undoing: Undoing | None = None

    def read(self, source: str) -> Text:
        """Compile one of this element's texts."""
        return read_text(source, self._wf_spec.names)

    def arrive(self, token: Token) -> None:
        """The step of arriving: inputs, then what the element itself needs; may raise."""
        instance = token.workflow
        if self.gathers > 1 and not gathered(token):
            return
        if self.takes or self.gives:
            instance.open_local(token, self.takes)
        state = self.enter(token)
        if state is None:
            token.run()
            return
        token._set_state(state)  # noqa: SLF001 - the library's own way to force a state
        instance.arm_boundaries(token)
        instance.note(token, "activated")

    def enter(self, _token: Token) -> int | None:
        """Prepare to wait and give the state to wait in, or None to run and leave now."""
        return None

    def emptied(self, token: Token, _scope: int) -> None:
        """No token is left in a scope that this one owns: its inside is done."""
        token.workflow.finish(token, {})

    def leaving(self, token: Token) -> None:
        """What must be done before results are written and flows are chosen."""

    def ways(self, token: Token) -> Iterable[Way]:
        """The flows taken: all, unless conditions choose among them."""
        return chosen(self, token) if self.chooses else self.outgoing


def _assignments(mappings: Iterable[Any], names: frozenset[str]) -> tuple[Assignment, ...]:
    return tuple(
        Assignment(tuple(m.target.strip().split(".")), read_text(m.source, names)) for m in mappings
    )


def plan_event(event: EventDefinition | None, names: frozenset[str]) -> EventPlan | None:
    """Compile an event definition."""
    if event is None or event.kind is EventKind.NONE:
        return None
    ref = event.message or event.signal
    parts = (plan_event(part, names) for part in event.parts)
    return EventPlan(
        event.kind,
        code=read_optional(event.code, names),
        name=read_optional(ref.name if ref is not None else None, names),
        key=read_optional(event.message.correlation_key if event.message else None, names),
        timer=(event.timer.kind, read_text(event.timer.expression, names)) if event.timer else None,
        condition=read_optional(event.condition, names),
        activity=event.activity,
        waits=event.waits,
        parts=tuple(part for part in parts if part is not None),
        parallel=event.parallel,
    )
