"""One act over many instances: begun once, done in chunks in the background, told item by item."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.once import recall, remember, repeated
from engine.usecases.ports.batches import BatchKind, BatchRow, BatchState, InstanceFilter
from engine.usecases.ports.steering import Shift, Where
from engine.usecases.ports.versions import MigrationPlan, MigrationRefused
from engine.usecases.reasons import given
from engine.usecases.rights import require, same_agency
from engine.usecases.undertakings import Begin, Work, begin, end

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.batches import BatchItem
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

#: kind of the background job
BATCH: Final = "batch_operation"
RUN: Final = "batch:run"
READ: Final = "batch:read"
#: keys named one by one in a filter
KEYS_MAX: Final = 1_000
#: a page of operations or items
PAGE_MAX: Final = 200

_ENDED: Final = frozenset({BatchState.COMPLETED, BatchState.CANCELLED, BatchState.FAILED})
_MIGRATING: Final = frozenset({BatchKind.MIGRATE, BatchKind.MIGRATION_CHECK})


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginBatch:
    """An act over the instances of a filter (of the actor's agency, whatever the filter says)."""

    kind: BatchKind
    wanted: InstanceFilter
    reason: str
    plan: MigrationPlan | None = None
    shifts: tuple[Shift, ...] = ()
    #: the migration that is undone; the filter means nothing then
    undo_of: int | None = None
    idempotency_key: str | None = None


@repeated
def begin_batch(house: House, actor: Actor, command: BeginBatch) -> Mapping[str, Json]:
    """Keep the operation with its items and enqueue it; returns batchKey, total, undertaking.

    `MigrationRefused` for a plan with faults, `InputRefused`, `NotFound`.
    """
    require(actor, RUN, command.kind.value)
    reason = given(command.reason)
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        row = begin_within(house, uow, actor, replace(command, reason=reason))
        answer = {
            "batchKey": str(row.key),
            "total": row.total,
            "undertaking": row.undertaking_id,
        }
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def begin_within(house: House, uow: UnitOfWork, actor: Actor, command: BeginBatch) -> BatchRow:
    """The same inside an open unit of work; the reason is already checked."""
    require(actor, RUN, command.kind.value)
    _check(house, uow, actor, command)
    row = _row(house, actor, command, command.reason)
    row = _kept(house, uow, actor, command, row)
    note(
        house,
        uow,
        actor,
        stream=f"batch:{row.key}",
        act=audit_tags.BATCH_BEGUN,
        facts={"kind": row.kind.value, "total": row.total, "reason": row.reason},
    )
    return row


def _check(house: House, uow: UnitOfWork, actor: Actor, command: BeginBatch) -> None:
    if len(command.wanted.keys) > KEYS_MAX:
        raise _refused("keys", "too_many", f"at most {KEYS_MAX} keys")
    if command.kind in _MIGRATING:
        if command.plan is None:
            raise _refused("plan", "required", "say which element becomes which")
        for key in (command.plan.source_key, command.plan.target_key):
            if uow.processes.definition(key) is None:
                raise NotFound("process definition", key)
        obstacles = house.runner.check_plan(uow, command.plan)
        if obstacles:
            raise MigrationRefused(tuple(obstacles))
    elif command.kind is BatchKind.MIGRATION_UNDO:
        of = uow.batches.batch(command.undo_of or 0)
        if of is None or of.kind is not BatchKind.MIGRATE or not same_agency(actor, of.agency_id):
            raise NotFound("batch operation", command.undo_of)
    elif command.kind is BatchKind.MODIFY and not command.shifts:
        raise _refused("shifts", "required", "say what ends and what begins")


def _row(house: House, actor: Actor, command: BeginBatch, reason: str) -> BatchRow:
    return BatchRow(
        key=house.ids.key(),
        kind=command.kind,
        state=BatchState.CREATED,
        agency_id=actor.agency_id,
        actor=actor.name,
        person_id=actor.person_id,
        groups=tuple(sorted(actor.groups)),
        reason=reason,
        args=_args(command),
        created_at=house.clock.now(),
    )


def _kept(
    house: House, uow: UnitOfWork, actor: Actor, command: BeginBatch, row: BatchRow
) -> BatchRow:
    """The operation with its items, its long work and its job."""
    key = str(row.key)
    work = Begin(
        kind=Work.BATCH,
        title=row.kind.value,
        path=f"/kelola/massal/{key}",
        facts={"batch": key, "act": row.kind.value, "reason": row.reason},
    )
    undertaking = begin(uow, actor, work, ids=house.ids, now=row.created_at)
    row = replace(row, undertaking_id=undertaking.id)
    if command.kind is BatchKind.MIGRATION_UNDO:
        total = uow.batches.add_undo(row, command.undo_of or 0)
    else:
        wanted = replace(command.wanted, agency_id=actor.agency_id)
        if command.plan is not None:
            wanted = replace(wanted, definition_key=command.plan.source_key, process_id=None)
        total = uow.batches.add(row, _with_ended(command.kind, wanted))
    uow.workplace.put_undertaking(replace(undertaking, total=total))
    uow.jobs.enqueue(BATCH, key, {"batch": key})
    return replace(row, total=total)


def _with_ended(kind: BatchKind, wanted: InstanceFilter) -> InstanceFilter:
    """Only what the act can be done to, unless the filter names states itself."""
    if wanted.statuses:
        return wanted
    states = {BatchKind.SUSPEND: ("active",), BatchKind.RESUME: ("suspended",)}.get(kind, ())
    outermost = kind in {BatchKind.SUSPEND, BatchKind.RESUME, BatchKind.CANCEL}
    return replace(wanted, statuses=states, roots_only=wanted.roots_only or outermost)


def _args(command: BeginBatch) -> Mapping[str, Json]:
    found: dict[str, Json] = {}
    if command.plan is not None:
        found["plan"] = plan_facts(command.plan)
    if command.shifts:
        found["shifts"] = [asdict(shift) | {"where": shift.where.value} for shift in command.shifts]
    if command.undo_of is not None:
        found["of"] = str(command.undo_of)
    return found


def plan_facts(plan: MigrationPlan) -> Mapping[str, Json]:
    """A plan as JSON."""
    return {
        "source": str(plan.source_key),
        "target": str(plan.target_key),
        "elements": dict(plan.elements),
        "anew": sorted(plan.anew),
        "ask_people": plan.ask_people,
    }


def plan_of(row: BatchRow) -> MigrationPlan:
    """The plan of a migration or of its dry run."""
    told = row.args["plan"]
    return MigrationPlan(
        source_key=int(told["source"]),
        target_key=int(told["target"]),
        elements=dict(told["elements"]),
        anew=frozenset(told["anew"]),
        ask_people=bool(told["ask_people"]),
    )


def shifts_of(row: BatchRow) -> tuple[Shift, ...]:
    """The changes of tokens of a modification."""
    return tuple(Shift(**{**one, "where": Where(one["where"])}) for one in row.args["shifts"])


# ---- steering the operation


def hold_batch(house: House, actor: Actor, key: int, reason: str) -> None:
    """Stop after the chunk at hand; `Conflict` when it ended or is held already."""
    _change(house, actor, key, (BatchState.SUSPENDED, audit_tags.BATCH_HELD), reason)


def resume_batch(house: House, actor: Actor, key: int, reason: str) -> None:
    """Go on with what is left; `Conflict` when it is not held."""
    _change(house, actor, key, (BatchState.ACTIVE, audit_tags.BATCH_RESUMED), reason)


def cancel_batch(house: House, actor: Actor, key: int, reason: str) -> None:
    """End it; what is done stays, the rest is not done. `Conflict` when it ended."""
    _change(house, actor, key, (BatchState.CANCELLED, audit_tags.BATCH_CANCELLED), reason)


@repeated
def _change(house: House, actor: Actor, key: int, to: tuple[BatchState, str], reason: str) -> None:
    require(actor, RUN, key)
    why = given(reason)
    state, tag = to
    with house.writing() as uow:
        row = uow.batches.batch(key, lock=True)
        if row is None or not same_agency(actor, row.agency_id):
            raise NotFound("batch operation", key)
        resuming = state is BatchState.ACTIVE
        if (
            row.state in _ENDED
            or row.state is state
            or (resuming and row.state is not BatchState.SUSPENDED)
        ):
            raise Conflict(f"the operation is {row.state.value}", state=row.state.value)
        if state is BatchState.CANCELLED:
            uow.batches.skip_waiting(key)
            if row.undertaking_id is not None:
                end(house, uow, row.undertaking_id, failed="cancelled")
        ended = house.clock.now() if state is BatchState.CANCELLED else None
        uow.batches.put(replace(row, state=state, ended_at=ended))
        if resuming:
            uow.jobs.enqueue(BATCH, str(key), {"batch": str(key)})
        facts = {"batch": str(key), "reason": why}
        note(house, uow, actor, stream=f"batch:{key}", act=tag, facts=facts)
        uow.commit()


# ---- looking


def batches(
    house: House,
    actor: Actor,
    *,
    kinds: Collection[str] = (),
    states: Collection[str] = (),
    before: int | None = None,
    limit: int = 50,
) -> Sequence[BatchRow]:
    """The agency's operations, newest first."""
    require(actor, READ)
    with house.reading() as uow:
        return uow.batches.batches(
            actor.agency_id,
            kinds=kinds,
            states=states,
            before=before,
            limit=min(limit, PAGE_MAX + 1),
        )


def batch(house: House, actor: Actor, key: int) -> BatchRow:
    """One operation; `NotFound` for another agency's."""
    require(actor, READ, key)
    with house.reading() as uow:
        return _mine(uow, actor, key)


def batch_items(
    house: House,
    actor: Actor,
    key: int,
    *,
    states: Collection[str] = (),
    after: int | None = None,
    limit: int = 50,
) -> Sequence[BatchItem]:
    """Its items by instance key."""
    require(actor, READ, key)
    with house.reading() as uow:
        _mine(uow, actor, key)
        limit = min(limit, PAGE_MAX + 1)
        return uow.batches.items(key, states=states, after=after, limit=limit)


def batch_failures(house: House, actor: Actor, key: int) -> Sequence[tuple[str, str, str, int]]:
    """Why items failed, summed up as (code, element id, one message, how many), most first."""
    require(actor, READ, key)
    with house.reading() as uow:
        _mine(uow, actor, key)
        return uow.batches.failures(key)


def _mine(uow: UnitOfWork, actor: Actor, key: int) -> BatchRow:
    row = uow.batches.batch(key)
    if row is None or not same_agency(actor, row.agency_id):
        raise NotFound("batch operation", key)
    return row


def _refused(field: str, code: str, message: str) -> InputRefused:
    return InputRefused(FieldFault(field=field, code=code, message=message))
