"""Looking at an instance without changing it: where its tokens are and what lies ahead."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from engine.feel import FeelSyntaxError
from engine.runtime import worklist
from engine.runtime.arming import PART
from engine.runtime.faults import DrawingDamaged, Fault, StateUnreadable
from engine.runtime.outlook import foresight, standing
from engine.runtime.specs.loops import Loop
from engine.runtime.token import STARTED
from engine.usecases.errors import DrawingRefused, NotFound
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.looking import Uses
from engine.usecases.ports.process import InstanceStatus, InstanceView

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.runtime.command import Command
    from engine.runtime.drawing.model import Node
    from engine.runtime.house import Engine
    from engine.usecases.ports.outlook import Foresight
    from engine.usecases.ports.process import DefinitionRow, FormRow, InstanceRow, Json
    from engine.usecases.ports.work import UnitOfWork


def view(command: Command, instance_key: int) -> InstanceView:
    """Tokens, incidents and variables for a page; `NotFound`."""
    uow = command.uow
    row = uow.processes.instance(instance_key)
    if row is None:
        raise NotFound("instance", instance_key)
    definition = uow.processes.definition(row.definition_key)
    if definition is None:
        raise NotFound("definition", row.definition_key)
    tokens: dict[str, int] = {}
    variables: dict[str, Json] = {}
    try:
        instance = command.open(row)
    except StateUnreadable:
        pass  # its incident says so
    else:
        for token in instance.tokens():
            if "watch" in token.internal_data and "inc" not in token.internal_data:
                continue  # an event sub-process that may still be triggered
            if isinstance(token.task_spec, Loop) and token._state == STARTED:  # noqa: SLF001 - hot
                continue  # its turn stands on the same element
            element = token.task_spec.node.id
            tokens[element] = tokens.get(element, 0) + 1
        variables = dict(instance.scopes[0].variables)
    incidents = [i for i in uow.processes.incidents(row.root_key) if i.instance_key == instance_key]
    return InstanceView(
        row=row,
        definition=definition,
        tokens=tokens,
        incidents=tuple(incidents),
        variables=variables,
    )


def outlook(
    command: Command, instance_key: int, token: int | None
) -> tuple[tuple[int, int, Foresight], ...]:
    """What lies ahead of a token, or of the tokens that wait; one for each step.

    Empty for a row that ended, was never there or cannot be read.
    """
    row = command.uow.processes.instance(instance_key)
    if row is None or row.status is not InstanceStatus.ACTIVE:
        return ()
    try:
        instance = command.open(row)
        one = instance.tasks.get(token) if token is not None else None
        found = [one] if one is not None else list(standing(command, instance))
        first = {(t.workflow.row.definition_key, t.task_spec.name): t for t in reversed(found)}
        return tuple((t.workflow.row.key, t.id, foresight(t)) for t in reversed(first.values()))
    except StateUnreadable:
        return ()


def root_variables(command: Command, rows: Sequence[InstanceRow]) -> list[Mapping[str, Json]]:
    """Variables of the root scopes; no statement for a row whose drawing is in memory."""
    found: list[Mapping[str, Json]] = []
    for row in rows:
        try:
            found.append(dict(command.open(row).scopes[0].variables))
        except StateUnreadable:
            found.append({})
    return found


def scopes(
    command: Command, rows: Sequence[InstanceRow]
) -> list[tuple[int, int | None, str, Json]]:
    """(instance key, token, name, value) of every variable; token None: of the root scope.

    A scope that a token opened for its own mappings belongs to that token, the inside of a
    sub-process to the sub-process. Nothing of an unreadable state.
    """
    found: list[tuple[int, int | None, str, Json]] = []
    for row in rows:
        try:
            instance = command.open(row)
        except StateUnreadable:
            continue
        owners = {t.local: t.id for t in instance.tokens() if t.local is not None}
        for number, scope in instance.scopes.items():
            owner = None if number == 0 else owners.get(number, scope.owner)
            found += [(row.key, owner, name, value) for name, value in scope.variables.items()]
    return found


def element_names(
    engine: Engine, uow: UnitOfWork, definitions: Iterable[int]
) -> dict[tuple[int, str], str]:
    """(definition key, element id) -> name as drawn, of elements that have one."""
    found: dict[tuple[int, str], str] = {}
    for key in definitions:
        row = uow.processes.definition(key)
        nodes = engine.programs.get(row).process.nodes.values() if row is not None else ()
        found.update({(key, node.id): node.name for node in nodes if node.name})
    return found


def submit_of(engine: Engine, uow: UnitOfWork, definition_key: int, element_id: str) -> str | None:
    """The operation that a user task's form goes to; `NotFound` for an element not drawn."""
    row = uow.processes.definition(definition_key)
    node = engine.programs.get(row).process.nodes.get(element_id) if row is not None else None
    if node is None:
        raise NotFound("element", element_id)
    return node.submit


def start_form(engine: Engine, uow: UnitOfWork, definition_key: int) -> FormRow | None:
    """The form of a version's none start event; None: it asks nothing, or the form is missing."""
    row = uow.processes.definition(definition_key)
    start = engine.programs.get(row).process.none_start if row is not None else None
    if row is None or start is None:
        return None
    try:
        return worklist.form_of(uow, row.deployment_key, start.form)
    except Fault:
        return None


def single_flows(engine: Engine, uow: UnitOfWork, definition_key: int) -> dict[str, list[str]]:
    """Element id -> its one outgoing flow, of elements that have just one."""
    row = uow.processes.definition(definition_key)
    nodes = engine.programs.get(row).process.nodes.values() if row is not None else ()
    return {node.id: [node.outgoing[0].id] for node in nodes if len(node.outgoing) == 1}


def uses(engine: Engine, row: DefinitionRow) -> Uses:
    """Processes, decisions and forms that a version asks for; nothing when it cannot run."""
    try:
        nodes = engine.programs.get(row).process.nodes.values()
    except (DrawingDamaged, DrawingRefused, FeelSyntaxError):
        return Uses(frozenset(), frozenset())
    asked = [one for node in nodes for one in _asked(node)]
    return Uses(
        named=frozenset(one for one in asked if not one.id.startswith("=")),
        computed=frozenset(one.kind for one in asked if one.id.startswith("=")),
    )


def _asked(node: Node) -> Iterator[Subject]:
    if node.called is not None:
        yield Subject(DraftKind.PROCESS, node.called.process_id)
    if node.decision is not None:
        yield Subject(DraftKind.DECISION, node.decision.decision_id)
    form = node.user_task.form if node.user_task is not None else node.form
    if form is not None and form.form_id is not None:
        yield Subject(DraftKind.FORM, form.form_id)


def alarms(command: Command, row: InstanceRow) -> list[tuple[datetime, str]]:
    """(when, element id of the event) of every timer that is set, earliest first."""
    try:
        instance = command.open(row)
    except StateUnreadable:
        return []
    return sorted(
        (datetime.fromisoformat(alarm[0]), event.partition(PART)[0])
        for token in instance.tokens()
        for event, alarm in token.internal_data.get("arms", {}).items()
    )
