"""Operations of the exchange with SIASN: prepare, approve, release, compare, settle."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain.cycles import Cycle, Period
from engine.domain.exchange import (
    MOVING,
    STOPPED,
    Exchange,
    ExchangeState,
    RatedFacts,
    key_of,
    lacking,
)
from engine.usecases import audit_tags
from engine.usecases.answers.exchange import PERIOD, YEAR
from engine.usecases.errors import AccessRefused, Conflict
from engine.usecases.exchange_payloads import Payloads
from engine.usecases.exchange_rows import again, pending, ready, tell_settled
from engine.usecases.operations.step import fault
from engine.usecases.rights import HR, PERF_ADMIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.exchange import Payload
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

_DECISIONS: Final = ("send", "file", "cancel")


def prepare_exchange(step: Step) -> Mapping[str, Json]:
    """`regu.exchange.prepare` (start form: scope, period_ref): by perf_admin.

    Counts what is ready, and who is held because the agency's table has no coefficient for his
    level and predikat; nothing is written yet.
    """
    if PERF_ADMIN not in step.actor.groups:
        raise AccessRefused("exchange:prepare", step.maybe("agency_id") or "")
    cycle, period = _scope(step)
    period_ref = step.text("period_ref")
    if period is not None and not period_ref:
        raise fault("period_ref", "required", "SIASN asks for it where a period is sent")
    found: dict[str, Json] = {
        "period_ref": period_ref,
        "cycle_id": cycle.id,
        "exchange_period_id": period.id if period else "",
        "exchange_title": f"{cycle.name}: {period.name}" if period else cycle.name,
        "batch_id": step.means.ids.uuid(),
    }
    return {**found, **_counts(step, cycle, period, period_ref)}


def approve_exchange(step: Step) -> Mapping[str, Json]:
    """`regu.exchange.approve` (form: decision send|file|cancel, note): by perf_admin."""
    person = step.person
    if PERF_ADMIN not in step.actor.groups:
        raise AccessRefused("exchange:approve", person)
    decision = step.text("decision")
    if decision not in _DECISIONS:
        raise fault("decision", "unknown_word", "send, file or cancel")
    batch_id = step.ref("batch_id")
    agency = f"agency:{step.cycle().agency_id}"
    step.note(agency, audit_tags.EXCHANGE_APPROVED, batch=batch_id, decision=decision)
    return {"approved": decision == "send", "approved_by": person}


def release_exchange(step: Step) -> Mapping[str, Json]:
    """`regu.exchange.release`: rows of everybody rated wait to be sent.

    What SIASN confirmed as it is, and what is under way, stays as it is; a period without its
    coefficient is held.
    """
    cycle = step.cycle()
    told = _told(step, cycle, _period(step), step.maybe("period_ref") or "")
    fresh = [
        _row(step, cycle, facts, payload, row)
        for facts, payload, row in told
        if pending(row, payload)
    ]
    step.uow.exchange.put(fresh)
    if not any(row.state in MOVING for row in fresh):
        tell_settled(step.means, step.uow, step.actor, step.ref("batch_id"))
    agency = f"agency:{cycle.agency_id}"
    step.note(agency, audit_tags.EXCHANGE_RELEASED, batch=step.ref("batch_id"), rows=len(fresh))
    return {"released": len(fresh)}


def compare_exchange(step: Step) -> Mapping[str, Json]:
    """`regu.exchange.compare`: how many rows of this run move, stopped, or stand as in SIASN."""
    states = step.uow.exchange.states(step.cycle().agency_id, step.ref("batch_id"))
    return {
        "moving": sum(states.get(state, 0) for state in MOVING),
        "stopped": sum(states.get(state, 0) for state in STOPPED),
        "confirmed_rows": states.get(ExchangeState.CONFIRMED, 0),
    }


def settle_exchange(step: Step) -> Mapping[str, Json]:
    """`regu.exchange.settle` (form: decision again|done, note): by hr or perf_admin."""
    if not step.actor.groups & {HR, PERF_ADMIN}:
        raise AccessRefused("exchange:settle", step.person)
    decision, batch_id = step.text("decision"), step.ref("batch_id")
    if decision not in ("again", "done"):
        raise fault("decision", "unknown_word", "again or done")
    if decision == "done" and not step.text("note"):
        raise fault("note", "required", "say how the rest is settled")
    if decision == "again":
        stopped = step.uow.exchange.stopped(batch_id)
        payloads = _payloads(step, step.cycle(), [row.person_id for row in stopped])
        now = step.means.clock.real_now()
        rows = [again(payloads.looked_up(row), now) for row in stopped]
        step.uow.exchange.put(rows)
        if not any(row.state in MOVING for row in rows):
            tell_settled(step.means, step.uow, step.actor, batch_id)
    agency = f"agency:{step.cycle().agency_id}"
    step.note(agency, audit_tags.EXCHANGE_SETTLED, batch=batch_id, decision=decision)
    return {"again": decision == "again"}


def _scope(step: Step) -> tuple[Cycle, Period | None]:
    value = step.text("scope")
    period = None
    cycle_id = value.removeprefix(YEAR)
    if value.startswith(PERIOD):
        period = step.uow.performance.get(Period, value.removeprefix(PERIOD))
        cycle_id = period.cycle_id if period else ""
    cycle = step.uow.performance.get(Cycle, cycle_id)
    if cycle is None or cycle.agency_id != step.maybe("agency_id"):
        raise fault("scope", "unknown_word", "choose a year or a period")
    return cycle, period


def _period(step: Step) -> Period | None:
    period_id = step.maybe("exchange_period_id")
    if not period_id:
        return None
    found = step.uow.performance.get(Period, period_id)
    if found is None:
        raise Conflict("variable_missing", variable="exchange_period_id")
    return found


def _rated(step: Step, cycle: Cycle, period: Period | None) -> Sequence[RatedFacts]:
    return step.uow.exchange.rated(cycle.agency_id, cycle.id, period.id if period else None)


def _payloads(step: Step, cycle: Cycle, people: Sequence[str]) -> Payloads:
    return Payloads(step.uow, step.tables(cycle.agency_id), people)


def _told(
    step: Step, cycle: Cycle, period: Period | None, period_ref: str
) -> Sequence[tuple[RatedFacts, Payload, Exchange | None]]:
    """Everybody rated with what is to be told of him, and the row that stands for it."""
    rated = _rated(step, cycle, period)
    payloads = _payloads(step, cycle, [one.person_id for one in rated] if period else [])
    known = step.uow.exchange.of_keys([_key(one, cycle) for one in rated])
    return [(one, payloads.of(one, period_ref), known.get(_key(one, cycle))) for one in rated]


def _counts(step: Step, cycle: Cycle, period: Period | None, period_ref: str) -> Mapping[str, Json]:
    told = _told(step, cycle, period, period_ref)
    waiting = [lacking(one.kind, load) for one, load, row in told if pending(row, load)]
    under_way = sum(row is not None and row.state in MOVING for _facts, _load, row in told)
    everybody = len(step.uow.agency.people(cycle.agency_id))
    return {
        "ready": waiting.count(""),
        "held": len(waiting) - waiting.count(""),
        "under_way": under_way,
        "standing": len(told) - len(waiting) - under_way,
        "unrated": max(0, everybody - len(told)),
    }


def _key(facts: RatedFacts, cycle: Cycle) -> str:
    return key_of(facts.kind, facts.person_id, facts.period_id or cycle.id)


def _row(
    step: Step, cycle: Cycle, facts: RatedFacts, payload: Payload, before: Exchange | None
) -> Exchange:
    approver = step.maybe("approved_by") or step.actor.human or ""
    fresh = Exchange(
        id=before.id if before else step.means.ids.uuid(),
        agency_id=cycle.agency_id,
        person_id=facts.person_id,
        cycle_id=cycle.id,
        period_id=facts.period_id,
        kind=facts.kind,
        key=_key(facts, cycle),
        batch_id=step.ref("batch_id"),
        rating_id=facts.rating_id,
        payload=payload,
        state=ExchangeState.WAITING,
        approved_by=approver,
        approved_at=step.now,
        at=step.means.clock.real_now(),
    )
    known = replace(fresh, unknown=before.unknown, remote_id=before.remote_id) if before else fresh
    return ready(known)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.exchange.prepare": prepare_exchange,
    "regu.exchange.approve": approve_exchange,
    "regu.exchange.release": release_exchange,
    "regu.exchange.compare": compare_exchange,
    "regu.exchange.settle": settle_exchange,
}
