"""Signals that a drawing throws: at once to its own instance, then by the worker to all others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from engine.runtime import arming
from engine.runtime.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.runtime.command import Command
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token
    from engine.usecases.ports.process import Json


def broadcast(instance: Instance, name: str, variables: Mapping[str, Json]) -> None:
    """A signal leaves: who waits in this instance or around it is reached before its next step.

    The worker brings it to all others that wait by then; who was reached already, or begins to
    wait later in the same tree, is passed over.
    """
    command = instance.command
    key = command.ids.key()
    reached = [str(row) for row in _reach(command, instance, name, variables)]
    facts = {"signal": str(key), "name": name, "variables": dict(variables)}
    own = {"reached": reached, "root": str(instance.row.root_key)}
    behalf = {"on_behalf_of": command.actor.human}
    command.uow.jobs.enqueue("broadcast_signal", str(key), {**facts, **own, **behalf})


def _reach(
    command: Command, instance: Instance, name: str, variables: Mapping[str, Json]
) -> Iterator[int]:
    """Fire the signal where it is waited for here and above; keys of the subscriptions."""
    at: Instance | None = instance
    while at is not None:
        for token, event, row in list(_waiting(at, name)):
            if at.tasks.get(token.id) is token and "go" not in token.internal_data:
                yield row
                _fire(at, token, event, variables)
        parent = at.row.parent_key
        at = None if parent is None else command.instance(parent)


def _waiting(instance: Instance, name: str) -> Iterator[tuple[Token, str, int]]:
    for token in sorted(instance.tokens(), key=lambda token: token.id):
        for event, (known, row) in token.internal_data.get("sigs", {}).items():
            if known == name:
                yield token, event, row


def _fire(instance: Instance, token: Token, event: str, variables: Mapping[str, Json]) -> None:
    try:
        instance.perform(partial(arming.fire, token, event, variables))
    except Fault as fault:
        problem = fault
    else:
        instance.command.wake(instance)
        return
    instance.undo()
    if "inc" not in token.internal_data:
        instance.perform(partial(arming.fail, token, problem))
