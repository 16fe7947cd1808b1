"""Messages and signals: publish in one command, deliver in one command per receiver."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.usecases import audit_tags
from engine.usecases.actor import Actor, system
from engine.usecases.audit import note
from engine.usecases.errors import (
    Conflict,
    FieldFault,
    InputRefused,
    NotFound,
    StaleWrite,
)
from engine.usecases.once import recall, remember, repeated
from engine.usecases.ports.process import (
    InstanceStatus,
    MessageRow,
    ProcessChanges,
    SubscriptionKind,
    SubscriptionRow,
)
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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

    Returns messageKey and instanceKey: of the instance that took it, or that it started.
    """
    require(actor, "message:publish", command.name)
    _check(command)
    body = ("correlate", command)  # the same message published is another request
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, body)
        if earlier is not None:
            return earlier
        row = _keep(house, uow, actor, command)
        found = _receivers(uow, command.name, command.correlation_key)
        first = next((sub for sub in found if _reaches(uow, row, sub)), None)
        if first is None:
            raise NotFound("subscription", f"{command.name} {command.correlation_key}")
        uow.processes.mark_delivered(row.key, first.process_id)
        reached = house.runner.deliver(uow, _keyed(first, row), row.variables, actor)
        answer = {"messageKey": str(row.key), "instanceKey": str(reached)}
        remember(uow, house, actor, command.idempotency_key, body, answer)
        uow.commit()
        return answer


def deliver_next(
    house: House, uow: UnitOfWork, args: Mapping[str, Json]
) -> Mapping[str, Json] | None:
    """Bring a message to its next receiver; the arguments of what remains, None at the end.

    `args`: name, correlation_key, message (key; absent: all that wait under name and key),
    on_behalf_of, passed (deliveries that were refused). A message goes to at most one instance
    per process id, and to a start event only while no instance started by the same key lives.
    Each call is one transaction, the job's.
    """
    name, key = str(args["name"]), str(args["correlation_key"])
    actor = _sender(args)
    passed = list(args.get("passed", ()))
    # in this order: who is just beginning to wait holds the messages until he is seen to wait
    waiting = _messages(house, uow, name, key, args.get("message"))
    receivers = _receivers(uow, name, key)
    for row in waiting:
        sender = replace(actor, agency_id=row.agency_id)
        for sub in receivers:
            mark = f"{row.key}:{sub.key}"
            if mark in passed or not (_reaches(uow, row, sub) and _still_waits(uow, sub, key)):
                continue
            done = _deliver_one(house, uow, row, sub, sender)
            if done is None:
                continue
            return {**args, "passed": passed if done else [*passed, mark]}
    return None


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
            {
                "signal": key,
                "name": name,
                "variables": variables,
                "on_behalf_of": actor.human,
                "agency": [actor.agency_id],
            },
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


def signal_next(
    house: House, uow: UnitOfWork, args: Mapping[str, Json]
) -> Mapping[str, Json] | None:
    """Bring a signal to its next receiver; the arguments of what remains, None at the end.

    `args`: name, variables, on_behalf_of, left (subscription keys, noted by the first call, so
    that who begins to wait later is not reached). When a drawing threw it: signal, root (its
    instance tree) and reached (subscriptions there that had it at once). Each call is one
    transaction, the job's.
    """
    name = str(args["name"])
    receivers = uow.processes.subscriptions(SubscriptionKind.SIGNAL, name)
    if "left" not in args:
        ours = [
            sub
            for sub in receivers
            if _in_agency(uow, sub, args.get("agency")) and not _had_it(uow, sub, args)
        ]
        return {**args, "left": [str(sub.key) for sub in ours]}
    if not args["left"]:
        return None
    first, *left = args["left"]
    sub = next((sub for sub in receivers if str(sub.key) == first), None)
    if sub is not None and _still_waits(uow, sub, None):
        actor = _sender(args)
        with suppress(_Refused), _undone_when_refused(uow):
            house.runner.deliver(uow, sub, args.get("variables") or {}, actor)
    return {**args, "left": left}


def _had_it(uow: UnitOfWork, sub: SubscriptionRow, args: Mapping[str, Json]) -> bool:
    """Whether a drawing's signal reached it at once, or it began to wait there only after it."""
    if str(sub.key) in args.get("reached", ()):
        return True
    if "root" not in args or sub.instance_key is None or sub.key < int(args["signal"]):
        return False
    row = uow.processes.instance(sub.instance_key)
    return row is not None and str(row.root_key) == args["root"]


class _Refused(Exception):
    """The receiver stopped waiting; nothing of the delivery stays."""


@contextmanager
def _undone_when_refused(uow: UnitOfWork) -> Iterator[None]:
    """A savepoint: `_Refused` for a receiver that is gone; a stale write is not its fault."""
    with uow.savepoint():
        try:
            yield
        except StaleWrite:
            raise
        except (Conflict, NotFound) as gone:
            raise _Refused from gone


def _deliver_one(
    house: House, uow: UnitOfWork, row: MessageRow, sub: SubscriptionRow, actor: Actor
) -> bool | None:
    """True: delivered; False: refused, to be passed over; None: this process had it already."""
    try:
        with _undone_when_refused(uow):
            if not uow.processes.mark_delivered(row.key, sub.process_id):
                return None
            house.runner.deliver(uow, _keyed(sub, row), row.variables, actor)
            note(
                house,
                uow,
                actor,
                stream=_stream(uow, sub),
                act=audit_tags.MESSAGE_DELIVERED,
                facts={"message": str(row.key), "name": row.name, "element": sub.element_id},
            )
    except _Refused:
        return False
    return True


def _messages(
    house: House, uow: UnitOfWork, name: str, key: str, wanted: str | None
) -> Sequence[MessageRow]:
    """The message meant, also when its time to live is 0, then all others that wait."""
    waiting = uow.processes.waiting_messages(name, key, house.clock.now())
    one = uow.search.message(int(wanted)) if wanted is not None else None
    return [one, *(row for row in waiting if row.key != one.key)] if one else waiting


def _still_waits(uow: UnitOfWork, sub: SubscriptionRow, correlation_key: str | None) -> bool:
    """Whether the subscription is open now that its root is locked."""
    if sub.instance_key is None:
        if not correlation_key:
            return True
        return uow.processes.live_start(sub.process_id, correlation_key) is None
    row = uow.processes.lock(sub.instance_key)
    if row is not None and row.status is InstanceStatus.SUSPENDED:
        return False  # the message waits until it is resumed
    now = uow.processes.subscriptions(sub.kind, sub.name, correlation_key)
    return any(other.key == sub.key for other in now)


def _sender(args: Mapping[str, Json]) -> Actor:
    """The system on behalf of the human who sent it, in the agency it was sent in."""
    agency = args.get("agency")
    return replace(system(args.get("on_behalf_of")), agency_id=agency[0] if agency else None)


def _in_agency(uow: UnitOfWork, sub: SubscriptionRow, agency: Sequence[str | None] | None) -> bool:
    """Whether a person or client of that agency may reach this receiver; drawings reach all."""
    if agency is None or sub.instance_key is None:
        return True
    row = uow.processes.instance(sub.instance_key)
    return row is not None and row.agency_id == agency[0]


def _reaches(uow: UnitOfWork, message: MessageRow, sub: SubscriptionRow) -> bool:
    """Whether the receiver may get it; what it starts belongs to the sender's agency."""
    if sub.instance_key is None:
        return True
    row = uow.processes.instance(sub.instance_key)
    return row is not None and message.reaches(row)


def _receivers(uow: UnitOfWork, name: str, correlation_key: str) -> Sequence[SubscriptionRow]:
    """Who waits for the message, running instances before start events, each oldest first."""
    found = uow.processes.subscriptions(SubscriptionKind.MESSAGE, name, correlation_key)
    ready = [sub for sub in found if _may_receive(uow, sub, correlation_key)]
    return sorted(ready, key=lambda sub: (sub.instance_key is None, sub.key))


def _may_receive(uow: UnitOfWork, sub: SubscriptionRow, correlation_key: str) -> bool:
    if sub.instance_key is not None:
        return bool(correlation_key)
    return not correlation_key or uow.processes.live_start(sub.process_id, correlation_key) is None


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
        agency_id=actor.agency_id,
        everywhere=False,
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


def _keyed(sub: SubscriptionRow, message: MessageRow) -> SubscriptionRow:
    """The subscription with the message's key, which a start event takes as business key."""
    return replace(sub, correlation_key=message.correlation_key)
