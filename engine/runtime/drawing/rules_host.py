"""What a drawing asks of the house: operations must exist, called resources should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.drawing.findings import error, warning
from engine.runtime.drawing.model import FALLBACK, GROUP, KEEP_DAYS, STARTERS, SUBJECT, SUBMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.runtime.drawing.context import DeployContext
    from engine.runtime.drawing.model import Drawing, Node, Process
    from engine.usecases.errors import Finding

#: a hundred years
KEEP_DAYS_MAX = 36_500
#: task types with this prefix are ours, any other is an external worker's
OURS = "regu."
PUBLISH = "regu.message.publish"
RUNTIME_OPERATIONS = frozenset({PUBLISH})
_PROPERTIES = frozenset({SUBMIT, SUBJECT, FALLBACK, GROUP, STARTERS})


def operations(process: Process, context: DeployContext) -> Iterator[Finding]:
    """Every operation that is named exists."""
    known = context.operations | RUNTIME_OPERATIONS
    for node in process.nodes.values():
        kind = None if node.task is None else node.task.type
        if kind is not None and kind.startswith(OURS) and kind not in known:
            text = f"'{node.label}' calls the operation '{kind}', which does not exist."
            yield error("operation-unknown", text, node)
        if node.submit is not None and node.submit not in known:
            text = f"'{node.label}' submits to '{node.submit}', which is no operation."
            yield error("operation-unknown", text, node)
        for name in node.properties:
            if name.startswith("regu:") and name not in _PROPERTIES:
                text = f"'{node.label}': the property '{name}' is not known and has no effect."
                yield warning("property-unknown", text, node)
        if kind == PUBLISH:
            yield from _published(node)


def kept(process: Process) -> Iterator[Finding]:
    """History is kept for a whole number of days, or for ever."""
    text = process.properties.get(KEEP_DAYS)
    if text is not None and not (text.isdecimal() and 0 < int(text) <= KEEP_DAYS_MAX):
        message = (
            f"'{KEEP_DAYS}' of '{process.id}' is a number of days from 1 to {KEEP_DAYS_MAX}; "
            "without it history is kept for ever."
        )
        yield error("keep-days", message, process)


def _published(node: Node) -> Iterator[Finding]:
    given = {mapping.target for mapping in node.inputs}
    if "name" not in given:
        text = f"'{node.label}' publishes a message: map its 'name' (and 'correlationKey')."
        yield error("publish-without-name", text, node)


def called_resources(
    process: Process, context: DeployContext, drawing: Drawing
) -> Iterator[Finding]:
    """A called process, decision or form that is missing now is a warning."""
    processes = context.processes | {p.id for p in drawing.executable}
    for node in process.nodes.values():
        if node.called is not None:
            yield from _missing(node, "process", node.called.process_id, processes)
        if node.decision is not None:
            yield from _missing(node, "decision", node.decision.decision_id, context.decisions)
        form = node.form if node.user_task is None else node.user_task.form
        if form is not None and form.form_id is not None:
            yield from _missing(node, "form", form.form_id, context.forms)


def _missing(node: Node, what: str, key: str, known: frozenset[str]) -> Iterator[Finding]:
    if not key.startswith("=") and key not in known:
        text = f"'{node.label}' needs the {what} '{key}', which is not deployed yet."
        yield warning(f"{what}-unknown", text, node)
