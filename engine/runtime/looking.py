"""Looking at an instance without changing it: where its tokens are and what lies ahead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.faults import StateUnreadable
from engine.runtime.outlook import foresight, standing
from engine.usecases.errors import NotFound
from engine.usecases.ports.process import InstanceStatus, InstanceView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.runtime.command import Command
    from engine.usecases.ports.outlook import Foresight
    from engine.usecases.ports.process import InstanceRow, Json


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
            tokens[token.task_spec.name] = tokens.get(token.task_spec.name, 0) + 1
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
