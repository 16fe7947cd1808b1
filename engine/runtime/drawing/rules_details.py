"""What each kind of element must say in the zeebe dialect to run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.runtime.drawing import constraints
from engine.runtime.drawing.findings import error, error_in, ruled, warning, with_article
from engine.runtime.drawing.model import CATCHING, EVENTS, EventKind, Kind
from engine.runtime.drawing.pairs import starting
from engine.runtime.drawing.source import ZEEBE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.runtime.drawing.model import EventDefinition, Node, Process
    from engine.runtime.drawing.reader import Document
    from engine.usecases.errors import Finding

_NAME = re.compile(r"[^\W\d][\w]*(\.[^\W\d][\w]*)*")
_WORKING = {Kind.SERVICE_TASK: "A service task", Kind.SEND_TASK: "A send task"}
_BINDINGS = {"latest", "deployment", "versionTag"}
MAX_PRIORITY = 100


def work(process: Process) -> Iterator[Finding]:
    """Tasks say what they do: an operation, a script, a decision, a process."""
    for node in process.nodes.values():
        if node.kind in _WORKING and node.task is None:
            text = (
                f"'{node.label}': {_WORKING[node.kind]} needs a zeebe:taskDefinition with a type."
            )
            yield error("task-without-type", text, node)
        elif node.kind is Kind.SCRIPT_TASK and node.script is None:
            text = f"'{node.label}' has no zeebe:script: write its expression in FEEL."
            yield error("script-missing", text, node)
        elif node.kind is Kind.BUSINESS_RULE_TASK and node.decision is None:
            text = f"'{node.label}' calls no decision: name it in zeebe:calledDecision."
            yield error("decision-missing", text, node)
        elif node.kind is Kind.CALL_ACTIVITY and node.called is None:
            text = f"'{node.label}' calls no process: name it in zeebe:calledElement."
            yield error("called-process-missing", text, node)


def results(process: Process) -> Iterator[Finding]:
    """Results and mappings go to variables that can be written."""
    for node in process.nodes.values():
        if node.script is not None:
            yield from _variable(node, node.script.result_variable, "the result variable")
        if node.decision is not None:
            yield from _variable(node, node.decision.result_variable, "the result variable")
        for mapping in (*node.inputs, *node.outputs):
            yield from _variable(node, mapping.target, "the target of a mapping")
            if not mapping.source:
                text = f"'{node.label}': the mapping to '{mapping.target}' has no source."
                yield error("mapping-without-source", text, node)
        loop = node.multi_instance
        for name in () if loop is None else (loop.element, loop.output_collection):
            if name is not None:
                yield from _variable(node, name, "a variable of the multi-instance")


def _variable(node: Node, name: str, what: str) -> Iterator[Finding]:
    if not _NAME.fullmatch(name):
        shown = f" '{name}'" if name else ""
        text = f"'{node.label}': {what}{shown} must be a name of letters, digits and '_'."
        yield error("variable-name", text, node)


def events(process: Process) -> Iterator[Finding]:
    """Events name what they catch or throw."""
    for node in process.nodes.values():
        event = node.event
        for part in () if event is None else event.parts or (event,):
            yield from _event(node, part)


def _event(node: Node, event: EventDefinition) -> Iterator[Finding]:
    catches = node.kind in CATCHING or node.kind is Kind.RECEIVE_TASK
    match event.kind:
        case EventKind.MESSAGE if catches:
            yield from _caught_message(node, event)
        case EventKind.MESSAGE if node.task is None:
            text = f"'{node.label}' throws a message: give it a zeebe:taskDefinition, such as "
            found = error("task-without-type", text + "type regu.message.publish.", node)
            yield ruled(found, _addressless(event))
        case EventKind.SIGNAL if event.signal is None or not event.signal.name:
            text = f"'{node.label}' needs a signal with a name."
            yield error("signal-missing", text, node)
        case EventKind.CONDITIONAL if event.condition is None:
            text = f"'{node.label}' waits for a condition: write it in FEEL beginning with '='."
            yield error("event-condition-missing", text, node)
        case EventKind.ERROR | EventKind.ESCALATION:
            yield from _coded(node, event, catches=catches)


def _caught_message(node: Node, event: EventDefinition) -> Iterator[Finding]:
    if event.message is None or not event.message.name:
        text = f"'{node.label}' waits for a message: refer to a message with a name."
        yield error("message-missing", text, node)
    elif not (starting(node) and node.parent is None) and not event.message.correlation_key:
        text = (
            f"'{node.label}' waits for the message '{event.message.name}', which has no "
            "correlation key: add zeebe:subscription to the message."
        )
        found = error("correlation-key-missing", text, node)
        yield ruled(found, None if node.kind is Kind.RECEIVE_TASK else _addressless(event))


def _addressless(event: EventDefinition) -> tuple[str, str] | None:
    """The rule that a message breaks that neither this dialect nor BPMN addresses."""
    if event.message is None:
        return constraints.NO_MESSAGE
    return constraints.NO_OPERATION if event.operation is None else None


def _coded(node: Node, event: EventDefinition, *, catches: bool) -> Iterator[Finding]:
    ref = event.error or event.escalation
    if ref is not None and not ref.code:
        text = f"'{node.label}': '{ref.name or ref.id}' has no code: give it one."
        yield error("code-missing", text, node)
    elif ref is None and not catches:
        text = f"'{node.label}' throws {with_article(event.kind.value)}: refer to one with a code."
        yield error("code-missing", text, node)


def user_tasks(process: Process) -> Iterator[Finding]:
    """A user task has a usable priority and somebody to do it."""
    for node in process.nodes.values():
        task = node.user_task
        if task is None:
            continue
        if not (task.assignee or task.candidate_groups or task.candidate_users or node.group):
            text = f"'{node.label}' names nobody: everybody's fallback group will get it."
            yield warning("nobody-assigned", text, node)
        priority = task.priority
        if priority is not None and not priority.startswith("="):
            good = priority.isdecimal() and int(priority) <= MAX_PRIORITY
            if not good:
                text = f"'{node.label}': the priority is a whole number from 0 to {MAX_PRIORITY}."
                yield error("priority", text, node)
        if task.form is not None and task.form.form_id is None:
            text = f"'{node.label}' has a form key, which has no effect: choose a form id."
            yield warning("form-key", text, node)


def retries(process: Process) -> Iterator[Finding]:
    """Retries of a job are a whole number."""
    for node in process.nodes.values():
        given = None if node.task is None else node.task.retries
        if given is not None and not given.startswith("=") and not given.isdecimal():
            text = f"'{node.label}': the retries are a whole number, not '{given}'."
            yield error("retries", text, node)


def bindings(document: Document) -> Iterator[Finding]:
    """A binding is one of three, and versionTag names its tag."""
    for element in document.root.iter(
        *(f"{{{ZEEBE}}}{n}" for n in ("calledElement", "calledDecision", "formDefinition"))
    ):
        given = element.get("bindingType", "latest")
        if given not in _BINDINGS:
            text = f"The binding '{given}' is none of latest, deployment, versionTag."
            yield error_in("binding", text, element)
        if given == "versionTag" and not element.get("versionTag", "").strip():
            yield error_in("binding", "The binding versionTag needs a versionTag.", element)


def placed(process: Process) -> Iterator[Finding]:
    """Dialect settings that an element cannot use are named, not lost."""
    doing = {
        Kind.SERVICE_TASK,
        Kind.SEND_TASK,
        Kind.SCRIPT_TASK,
        Kind.BUSINESS_RULE_TASK,
        Kind.USER_TASK,
    }
    for node in process.nodes.values():
        throws = node.kind in EVENTS and node.event is not None
        if node.task is not None and node.kind not in doing and not throws:
            what = f"{with_article(node.kind.value)} runs no task definition"
            text = f"'{node.label}': {what}; it has no effect."
            yield warning("no-effect", text, node)
        entrance = process.none_start is node
        if node.submit is not None and node.kind is not Kind.USER_TASK and not entrance:
            text = f"'{node.label}': regu:submit has effect on user tasks and none start events."
            yield warning("no-effect", text, node)
        if node.starters and not entrance:
            text = f"'{node.label}': regu:starters has effect on a none start event."
            yield warning("no-effect", text, node)
