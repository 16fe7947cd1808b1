"""Rows below a token: children of a multi-instance, and called processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime import codec
from engine.usecases.ports.process import InstanceStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.runtime.command import Command
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token
    from engine.usecases.ports.process import InstanceRow, Json


def rows_below(command: Command, parent: Instance, token: Token) -> list[InstanceRow]:
    """The rows below a token that are active, those made by this command included."""
    mine = (parent.row.key, token.id)
    rows = {r.key: r for r in command.uow.processes.children(*mine)}
    for child in command.live.values():
        if (child.row.parent_key, child.row.parent_token) == mine:
            rows[child.row.key] = child.row
    known = [command.live[key].row if key in command.live else row for key, row in rows.items()]
    return [row for row in known if row.status.lives]


def outputs(token: Token) -> Iterator[tuple[int, Json]]:
    """Index and output of each completed child of a multi-instance token."""
    parent, command = token.workflow, token.workflow.command
    mine = (parent.row.key, token.id)
    seen: set[int] = set()
    for child in list(command.live.values()):
        row = child.row
        if (row.parent_key, row.parent_token) == mine and row.item_index is not None:
            seen.add(row.key)
            if row.status is InstanceStatus.COMPLETED:
                yield row.item_index, child.output
    for row in command.uow.processes.finished_children(*mine):
        if row.key not in seen and row.item_index is not None:
            yield row.item_index, codec.output_of(row.key, row.state)
