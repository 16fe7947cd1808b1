"""Every FEEL text is compiled at deploy; every literal time is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from engine.feel import FeelError, FeelSyntaxError, compile_expression
from engine.runtime.drawing import constraints
from engine.runtime.drawing.findings import error, ruled
from engine.runtime.drawing.model import Kind, TimerKind
from engine.runtime.drawing.times import cycle_fault, date_fault, duration_fault, readable
from engine.usecases.errors import Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.runtime.drawing.context import DeployContext
    from engine.runtime.drawing.findings import Placed
    from engine.runtime.drawing.model import Node, Process
    from engine.usecases.errors import Finding

#: functions that the runtime adds to the host's, as Camunda 8 has them
RUNTIME_FUNCTIONS = frozenset({"is defined", "get or else", "get or null", "assert"})


#: characters of an expression that a finding quotes
_SHOWN = 120


class Text(NamedTuple):
    """A text of the drawing that may be FEEL."""

    at: Placed
    label: str
    what: str
    text: str | None
    #: a literal makes no sense there
    feel_only: bool = False


def expressions(process: Process, context: DeployContext) -> Iterator[Finding]:
    """FEEL compiles; where only FEEL makes sense, it is FEEL."""
    names = context.function_names | RUNTIME_FUNCTIONS
    for item in _texts(process):
        if item.text is None:
            continue
        if item.text.startswith("="):
            yield from _compiled(item, item.text[1:], names)
        elif item.feel_only:
            text = f"'{item.label}': {item.what} must be FEEL beginning with '='."
            yield error("not-feel", text, item.at)


def _compiled(item: Text, text: str, names: frozenset[str]) -> Iterator[Finding]:
    try:
        if compile_expression(text, names=names).external:
            message = f"'{item.label}': {item.what} defines an external function; none is run."
            yield error("feel-external", message, item.at)
    except FeelError as fault:
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        message = f"'{item.label}': {item.what} '={shown}' is no FEEL: {fault}."
        yield replace(error("feel-syntax", message, item.at), unread=_unread(fault))


def _unread(fault: FeelError) -> Unread | None:
    if not isinstance(fault, FeelSyntaxError):
        return None
    return Unread(fault.line, fault.column, fault.expected)


def _texts(process: Process) -> Iterator[Text]:
    for flow in process.flows.values():
        if flow.condition is not None:
            yield Text(flow, flow.name or flow.id, "the condition", flow.condition, feel_only=True)
    for node in process.nodes.values():
        yield from _event_texts(node)
        yield from _work_texts(node)
        yield from _task_texts(node)
        for mapping in node.inputs:
            what = f"the input '{mapping.target}'"
            yield Text(node, node.label, what, mapping.source)
        for mapping in node.outputs:
            what = f"the output '{mapping.target}'"
            yield Text(node, node.label, what, mapping.source, feel_only=True)
        yield from _loop_texts(node)


def _event_texts(node: Node) -> Iterator[Text]:
    event = node.event
    for part in () if event is None else event.parts or (event,):
        if part.message is not None:
            yield Text(node, node.label, "the message name", part.message.name)
            key = part.message.correlation_key
            yield Text(node, node.label, "the correlation key", key, feel_only=True)
        if part.signal is not None:
            yield Text(node, node.label, "the signal name", part.signal.name)
        yield Text(node, node.label, f"the {part.kind.value} code", part.code)
        yield Text(node, node.label, "the condition", part.condition, feel_only=True)
        if part.timer is not None:
            yield Text(node, node.label, "the timer", part.timer.expression)


def _work_texts(node: Node) -> Iterator[Text]:
    if node.task is not None:
        yield Text(node, node.label, "the task type", node.task.type)
        yield Text(node, node.label, "the retries", node.task.retries)
    if node.script is not None:
        text = node.script.expression
        yield Text(node, node.label, "the script", text, feel_only=True)
    if node.decision is not None:
        yield Text(node, node.label, "the decision id", node.decision.decision_id)
    if node.called is not None:
        yield Text(node, node.label, "the called process id", node.called.process_id)


def _task_texts(node: Node) -> Iterator[Text]:
    task = node.user_task
    if task is None:
        return
    yield Text(node, node.label, "the assignee", task.assignee)
    yield Text(node, node.label, "the candidate groups", task.candidate_groups)
    yield Text(node, node.label, "the candidate users", task.candidate_users)
    yield Text(node, node.label, "the due date", task.due_date)
    yield Text(node, node.label, "the follow-up date", task.follow_up_date)
    yield Text(node, node.label, "the priority", task.priority)
    yield Text(node, node.label, "the subject", node.subject)
    if task.form is not None:
        yield Text(node, node.label, "the form id", task.form.form_id)


def _loop_texts(node: Node) -> Iterator[Text]:
    yield from _repeat_texts(node)
    loop = node.multi_instance
    if loop is None:
        return
    if loop.collection:
        yield Text(node, node.label, "the collection", loop.collection, feel_only=True)
    yield Text(node, node.label, "the output element", loop.output_element, feel_only=True)
    condition = loop.completion_condition
    yield Text(node, node.label, "the completion condition", condition, feel_only=True)


def _repeat_texts(node: Node) -> Iterator[Text]:
    """Conditions of loops, ad-hoc sub-processes and complex gateways, and of what is told."""
    if node.loop is not None:
        yield Text(node, node.label, "the loop condition", node.loop.condition, feel_only=True)
    if node.ad_hoc is not None:
        done, active = node.ad_hoc.completion_condition, node.ad_hoc.active_elements
        yield Text(node, node.label, "the completion condition", done, feel_only=True)
        yield Text(node, node.label, "the active elements", active, feel_only=True)
    yield Text(node, node.label, "the activation condition", node.activation, feel_only=True)
    if node.multi_instance is None:
        return
    yield Text(node, node.label, "the loop cardinality", node.multi_instance.cardinality)
    for told in node.multi_instance.told:
        yield Text(node, node.label, "the condition of an event", told.condition, feel_only=True)
        if told.event.signal is not None:
            yield Text(node, node.label, "the signal name", told.event.signal.name)


_FAULTS = {
    TimerKind.DATE: date_fault,
    TimerKind.DURATION: duration_fault,
    TimerKind.CYCLE: cycle_fault,
}


def times(process: Process) -> Iterator[Finding]:
    """Literal times can be read; a timer's form fits its place."""
    for node in process.nodes.values():
        event = node.event
        for part in () if event is None else event.parts or (event,):
            if part.timer is not None:
                yield from _timer_place(node, part.timer.kind)
                if not part.timer.expression.startswith("="):
                    fault = _FAULTS[part.timer.kind](part.timer.expression)
                    known = readable(part.timer.expression)
                    rule = None if known else constraints.NO_TIME
                    yield from _timer_text(node, fault, rule)
        task = node.user_task
        for given in () if task is None else (task.due_date, task.follow_up_date):
            if given is not None and not given.startswith("="):
                yield from _timer_text(node, date_fault(given))


def _timer_text(
    node: Node, fault: str | None, rule: tuple[str, str] | None = None
) -> Iterator[Finding]:
    if fault is not None:
        yield ruled(error("time-unreadable", f"'{node.label}': {fault}", node), rule)


def _timer_place(node: Node, kind: TimerKind) -> Iterator[Finding]:
    starts = node.kind is Kind.START_EVENT
    if starts and node.parent is None and kind is TimerKind.DURATION:
        text = f"'{node.label}' starts a process: use a date or a cycle, not a duration."
        yield error("timer-kind", text, node)
    inside = starts and node.parent is not None
    ends = (inside or node.kind is Kind.BOUNDARY_EVENT) and node.interrupting
    once = node.kind is Kind.CATCH_EVENT or ends
    if once and kind is TimerKind.CYCLE:
        text = f"'{node.label}' fires once: use a date or a duration, not a cycle."
        yield error("timer-kind", text, node)
