"""`regu.message.publish`: a drawing tells others, in the same transaction."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from engine.runtime.faults import Fault
from engine.runtime.timing import read_span
from engine.usecases.ports.process import MessageRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.runtime.command import Command
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.runner import OperationCall

PUBLISH: Final = "regu.message.publish"
#: how long a message waits when the drawing does not say
_TIME_TO_LIVE: Final = "PT1H"


def publish(command: Command, call: OperationCall) -> Mapping[str, Json] | None:
    """Inputs name, correlationKey, messageId, timeToLive (ISO 8601) and variables (a context).

    A message whose id still waits under the same name and key is not published again.
    """
    given = call.variables
    name, key = str(given.get("name") or ""), given.get("correlationKey")
    if not name:
        raise Fault("operation", "a message needs a name")
    if key is None:
        raise Fault("operation", f"message '{name}': the correlation key is null")
    variables = given.get("variables") or {}
    if not isinstance(variables, dict):
        raise Fault("operation", f"message '{name}': variables are no context")
    message_id = given.get("messageId")
    row = MessageRow(
        key=command.ids.key(),
        name=name,
        correlation_key=str(key),
        message_id=None if message_id is None else str(message_id),
        variables=variables,
        published_at=command.now,
        expires_at=read_span(str(given.get("timeToLive") or _TIME_TO_LIVE)).after(command.now, UTC),
        agency_id=call.actor.agency_id,
        everywhere=True,
    )
    if not _waits_already(command, row):
        _keep(command, row)
    return None


def _waits_already(command: Command, row: MessageRow) -> bool:
    if row.message_id is None:
        return False
    waiting = command.uow.processes.waiting_messages(row.name, row.correlation_key, command.now)
    same = (row.name, row.correlation_key, row.message_id)
    return any(
        (m.name, m.correlation_key, m.message_id) == same
        for m in (*waiting, *command.changes.messages)
    )


def _keep(command: Command, row: MessageRow) -> None:
    command.changes.messages.append(row)
    command.uow.jobs.enqueue(
        "deliver_message",
        str(row.key),
        {
            "message": str(row.key),
            "name": row.name,
            "correlation_key": row.correlation_key,
            "on_behalf_of": command.actor.human,
        },
    )
