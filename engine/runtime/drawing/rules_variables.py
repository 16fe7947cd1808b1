"""Variables that a condition reads must be set before its gateway.

What sets variables is followed backwards along flows and boundary events, out of sub-processes into
those around them. Operations, jobs, messages and called processes may set anything, unless their
output mappings say what; a plain start takes what its caller gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.feel import FeelError, compile_expression
from engine.feel.inference import infer
from engine.runtime.drawing.findings import note, warning
from engine.runtime.drawing.model import EventKind, Kind
from engine.runtime.drawing.rules_expressions import RUNTIME_FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from engine.runtime.drawing.context import DeployContext
    from engine.runtime.drawing.model import Flow, Node, Process
    from engine.usecases.errors import Finding

#: stands for variables that nobody can foresee
ANYTHING: Final = "*"
#: stands for what a caller gives a plain start
GIVEN: Final = "given at the start"
#: what a gateway itself tells its conditions
_KNOWN: Final = {Kind.COMPLEX_GATEWAY: frozenset({"activationCount", "waitingForStart"})}
#: what an instance that a person starts by a form begins with
_STARTED_WITH: Final = frozenset({"starter_id", "agency_id", "cycle_id"})

_BRINGING: Final = frozenset(
    {EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ERROR, EventKind.ESCALATION}
)


def conditions(process: Process, context: DeployContext) -> Iterator[Finding]:
    """Each variable of a condition is set somewhere before its gateway, as far as one can see."""
    sets = {node.id: _sets(node, context) for node in process.nodes.values()}
    anywhere = frozenset().union(*sets.values()) if sets else frozenset()
    ahead = _behind(process)
    for flow in process.flows.values():
        yield from _truth(flow, context)
        read = _read(flow, context) - _KNOWN.get(process.nodes[flow.source].kind, frozenset())
        if not read:
            continue
        passed = ahead[flow.source] | {flow.source}
        before = frozenset().union(*(sets[key] for key in passed))
        if ANYTHING in before:
            continue
        for name in sorted(read - before):
            yield from _told(process.nodes[flow.source], flow, name, (before, anywhere))


def _truth(flow: Flow, context: DeployContext) -> Iterator[Finding]:
    """A condition is true or false, or depends on what comes."""
    if flow.condition is None or not flow.condition.startswith("="):
        return
    found = infer(flow.condition[1:], names=context.function_names | RUNTIME_FUNCTIONS)
    if found.name not in {"boolean", "Any"}:
        text = f"The condition '{flow.condition}' is a {found.name}, never true or false."
        yield warning("condition-not-boolean", text, flow)


def _told(
    gateway: Node, flow: Flow, name: str, known: tuple[AbstractSet[str], AbstractSet[str]]
) -> Iterator[Finding]:
    before, anywhere = known
    where = f"before '{gateway.label}'"
    if name in anywhere:
        yield warning("variable-unset", f"'{name}' is set only after, not {where}.", flow)
    elif GIVEN in before:
        text = f"'{name}' is set nowhere {where}: who starts the process must give it."
        yield note("variable-from-start", text, flow)
    else:
        yield warning("variable-unset", f"'{name}' is set nowhere {where}.", flow)


def _read(flow: Flow, context: DeployContext) -> frozenset[str]:
    """Variables of a condition, without functions and engine values."""
    if flow.condition is None or not flow.condition.startswith("="):
        return frozenset()
    functions = context.function_names | RUNTIME_FUNCTIONS
    try:
        found = compile_expression(flow.condition[1:], names=functions)
    except FeelError:
        return frozenset()
    return frozenset(n for n in found.variables - functions if not n.startswith("$"))


def _sets(node: Node, context: DeployContext) -> frozenset[str]:
    """Variables that are set once this node is done; `ANYTHING` when nobody can say."""
    own = {mapping.target.partition(".")[0] for mapping in node.inputs}
    if node.multi_instance is not None:
        loop = node.multi_instance
        own |= {name for name in (loop.element, loop.output_collection, "loopCounter") if name}
    if node.loop is not None:
        own.add("loopCounter")
    if node.outputs:
        return frozenset(own | {mapping.target.partition(".")[0] for mapping in node.outputs})
    return frozenset(own | _results(node, context))


def _results(node: Node, context: DeployContext) -> AbstractSet[str]:
    """What a node without output mappings sets."""
    if node.kind is Kind.START_EVENT:
        return _started(node, context)
    if node.script is not None:
        return {node.script.result_variable}
    if node.decision is not None:
        return {node.decision.result_variable}
    if node.kind is Kind.USER_TASK:
        form = node.user_task.form if node.user_task else None
        fields = _fields(form.form_id if form else None, context)
        return fields if node.submit is None else {*fields, ANYTHING}
    if node.called is not None:
        return {ANYTHING} if node.called.propagate_all_child_variables else set()
    return {ANYTHING} if node.task is not None or _brings(node) else set()


def _brings(node: Node) -> bool:
    """Whether its event hands over variables."""
    event = node.event
    parts = () if event is None else event.parts or (event,)
    return any(part.kind in _BRINGING for part in parts)


def _started(node: Node, context: DeployContext) -> AbstractSet[str]:
    """What is there at a start: the form's fields, or whatever the caller gives."""
    if node.parent is not None:
        return {ANYTHING} if _brings(node) else set()
    if node.form is not None and node.submit is None:
        return _fields(node.form.form_id, context) | _STARTED_WITH
    if node.form is not None:
        return {ANYTHING}
    plain = node.event is None or node.event.kind is EventKind.NONE
    return {GIVEN} if plain else {ANYTHING}


def _fields(form_id: str | None, context: DeployContext) -> AbstractSet[str]:
    """Keys of a form at hand; anything of one that is only stored."""
    if form_id is None:
        return set()
    return context.form_fields.get(form_id, frozenset({ANYTHING}))


def _behind(process: Process) -> Mapping[str, frozenset[str]]:
    """Every node that a token may have passed before it reaches a node."""
    sources: dict[str, set[str]] = {
        node.id: {flow.source for flow in node.incoming} for node in process.nodes.values()
    }
    for node in process.nodes.values():
        if node.attached_to is not None:
            sources[node.id].add(node.attached_to)
        if node.handler is not None:
            sources[node.handler].add(node.id)
        if node.link is not None:
            sources[node.link].add(node.id)
        if node.triggered_by_event:
            sources[node.id] |= set(process.contents[node.parent]) - {node.id}
        if node.parent is not None and not node.incoming:
            sources[node.id].add(node.parent)
        if node.parent is not None and not node.outgoing:
            # what is set inside a sub-process is there when it ends
            sources[node.parent].add(node.id)
    found: dict[str, frozenset[str]] = {}
    for key, nearest in sources.items():
        seen: set[str] = set()
        waiting = list(nearest)
        while waiting:
            one = waiting.pop()
            if one not in seen and one in sources:
                seen.add(one)
                waiting += sources[one]
        found[key] = frozenset(seen)
    return found
