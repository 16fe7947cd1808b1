"""Messages and signals: publish in one command, deliver in one command per receiver."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.usecases import audit_tags
from engine.usecases.actor import Actor, system
from engine.usecases.audit import note
from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.once import recall, remember, repeated
from engine.usecases.ports.process import (
    MessageRow,
    ProcessChanges,
    SubscriptionKind,
    SubscriptionRow,
)
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

#: kinds of background jobs that this room enqueues and `engine/jobs` handles
DELIVER_MESSAGE = "deliver_message"
BROADCAST_SIGNAL = "broadcast_signal"

NAME_CHARACTERS_MAX = 300
TIME_TO_LIVE_MS_MAX = 400 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishMessage:
    """A message for whoever waits for its name and key."""

    name: str
    #: "" reaches only start events
    correlation_key: str = ""
    variables: Mapping[str, Json] = field(default_factory=dict)
    #: unique among the messages of that name and key that still wait
    message_id: str | None = None
    #: how long it waits for a receiver; 0: only for those who wait now
    time_to_live_ms: int = 0
    idempotency_key: str | None = None


@repeated
def publish_message(house: House, actor: Actor, command: PublishMessage) -> Mapping[str, Json]:
    """Keep a message and have it delivered; returns messageKey."""
    require(actor, "message:publish", command.name)
    _check(command)
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        row = _keep(house, uow, actor, command)
        uow.jobs.enqueue(
            DELIVER_MESSAGE,
            str(row.key),
            {
                "message": str(row.key),
                "name": row.name,
                "correlation_key": row.correlation_key,
                "on_behalf_of": actor.human,
            },
        )
        answer = {"messageKey": str(row.key)}
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


@repeated
def correlate_message(house: House, actor: Actor, command: PublishMessage) -> Mapping[str, Json]:
    """Deliver to the first receiver at once, in one transaction; `NotFound` when nobody waits.

    Returns messageKey and, when a running instance took it, instanceKey.
    """
    require(actor, "message:publish", command.name)
    _check(command)
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        receivers = _receivers(uow, command.name, command.correlation_key)
        if not receivers:
            raise NotFound("subscription", f"{command.name} {command.correlation_key}")
        row = _keep(house, uow, actor, command)
        first = receivers[0]
        uow.processes.mark_delivered(row.key, first.process_id)
        house.runner.deliver(uow, first, row.variables, actor)
        answer = {
            "messageKey": str(row.key),
            "instanceKey": str(first.instance_key) if first.instance_key else None,
        }
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def deliver_messages(
    house: House,
    name: str,
    correlation_key: str,
    *,
    message_key: int | None = None,
    on_behalf_of: str | None = None,
) -> int:
    """Bring one message, or all that wait under a name and key, to its receivers; how many got it.

    A message goes to at most one instance per process id, and to a start event only while no
    instance started by the same key lives; each receiver is a transaction of its own.
    """
    with house.reading() as uow:
        messages = list(uow.processes.waiting_messages(name, correlation_key, house.clock.now()))
        one = uow.search.message(message_key) if message_key is not None else None
        if one is not None:
            messages = [one, *(row for row in messages if row.key != one.key)]
        receivers = _receivers(uow, name, correlation_key)
    actor = system(on_behalf_of)
    return sum(_deliver_one(house, row, sub, actor) for row in messages for sub in receivers)


@repeated
def broadcast_signal(
    house: House, actor: Actor, name: str, variables: Mapping[str, Json]
) -> Mapping[str, Json]:
    """Have a signal reach everybody who waits for it; returns signalKey."""
    require(actor, "message:publish", name)
    with house.writing() as uow:
        key = str(house.ids.key())
        uow.jobs.enqueue(
            BROADCAST_SIGNAL,
            key,
            {"signal": key, "name": name, "variables": variables, "on_behalf_of": actor.human},
        )
        note(
            house,
            uow,
            actor,
            stream="messages",
            act=audit_tags.SIGNAL_BROADCAST,
            facts={"signal": key, "name": name},
        )
        uow.commit()
        return {"signalKey": key}


def deliver_signal(
    house: House,
    signal_key: str,
    name: str,
    variables: Mapping[str, Json],
    *,
    on_behalf_of: str | None = None,
) -> int:
    """Bring a signal to each subscription once, each in a transaction of its own."""
    with house.reading() as uow:
        receivers = uow.processes.subscriptions(SubscriptionKind.SIGNAL, name)
    actor = system(on_behalf_of)
    return sum(_signal_one(house, signal_key, sub, variables, actor) for sub in receivers)


@repeated
def _deliver_one(house: House, row: MessageRow, sub: SubscriptionRow, actor: Actor) -> bool:
    with house.writing() as uow:
        if not _still_waits(uow, sub, row.correlation_key):
            return False
        if not uow.processes.mark_delivered(row.key, sub.process_id):
            return False
        try:
            house.runner.deliver(uow, sub, row.variables, actor)
        except (Conflict, NotFound):  # it stopped waiting; the message stays for others
            return False
        note(
            house,
            uow,
            actor,
            stream=_stream(uow, sub),
            act=audit_tags.MESSAGE_DELIVERED,
            facts={"message": str(row.key), "name": row.name, "element": sub.element_id},
        )
        uow.commit()
        return True


@repeated
def _signal_one(
    house: House,
    signal_key: str,
    sub: SubscriptionRow,
    variables: Mapping[str, Json],
    actor: Actor,
) -> bool:
    principal, key = f"signal:{signal_key}", str(sub.key)
    with house.writing() as uow:
        if uow.idempotency.recall(principal, key, "") is not None:
            return False
        if not _still_waits(uow, sub, None):
            return False
        try:
            house.runner.deliver(uow, sub, variables, actor)
        except (Conflict, NotFound):
            return False
        uow.idempotency.remember(principal, key, "", {}, house.clock.real_now())
        uow.commit()
        return True


def _still_waits(uow: UnitOfWork, sub: SubscriptionRow, correlation_key: str | None) -> bool:
    """Whether the subscription is open now that its root is locked."""
    if sub.instance_key is None:
        if not correlation_key:
            return True
        return uow.processes.live_start(sub.process_id, correlation_key) is None
    uow.processes.lock(sub.instance_key)
    now = uow.processes.subscriptions(sub.kind, sub.name, correlation_key)
    return any(other.key == sub.key for other in now)


def _receivers(uow: UnitOfWork, name: str, correlation_key: str) -> Sequence[SubscriptionRow]:
    """Who waits for the message, running instances before start events, each oldest first."""
    found = uow.processes.subscriptions(SubscriptionKind.MESSAGE, name, correlation_key)
    open_now = [sub for sub in found if sub.instance_key is None or correlation_key]
    ready = [
        sub
        for sub in open_now
        if sub.instance_key is not None
        or not correlation_key
        or uow.processes.live_start(sub.process_id, correlation_key) is None
    ]
    return sorted(ready, key=lambda sub: (sub.instance_key is None, sub.key))


def _keep(house: House, uow: UnitOfWork, actor: Actor, command: PublishMessage) -> MessageRow:
    now = house.clock.now()
    row = MessageRow(
        key=house.ids.key(),
        name=command.name,
        correlation_key=command.correlation_key,
        message_id=command.message_id,
        variables=command.variables,
        published_at=now,
        expires_at=now + timedelta(milliseconds=command.time_to_live_ms),
    )
    _check_unique(uow, row)
    uow.processes.flush(ProcessChanges(messages=[row]))
    note(
        house,
        uow,
        actor,
        stream="messages",
        act=audit_tags.MESSAGE_PUBLISHED,
        facts={"message": str(row.key), "name": row.name},
    )
    return row


def _check_unique(uow: UnitOfWork, row: MessageRow) -> None:
    if row.message_id is None:
        return
    waiting = uow.processes.waiting_messages(row.name, row.correlation_key, row.published_at)
    if any(other.message_id == row.message_id for other in waiting):
        raise Conflict("a message with this id still waits", messageId=row.message_id)


def _check(command: PublishMessage) -> None:
    faults = []
    if not command.name or len(command.name) > NAME_CHARACTERS_MAX:
        faults.append(FieldFault(field="name", code="length", message="1 to 300 characters"))
    if not 0 <= command.time_to_live_ms <= TIME_TO_LIVE_MS_MAX:
        faults.append(FieldFault(field="timeToLive", code="range", message="0 to 400 days"))
    if faults:
        raise InputRefused(*faults)


def _stream(uow: UnitOfWork, sub: SubscriptionRow) -> str:
    if sub.instance_key is None:
        return "messages"
    row = uow.processes.instance(sub.instance_key)
    return f"instance:{row.root_key if row else sub.instance_key}"
