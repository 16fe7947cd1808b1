"""Operations of closing a period: start, list what is in the way, seal with a hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain import closing as rules
from engine.domain.closing import PeriodSeal
from engine.domain.cycles import Cycle, Period, PeriodStatus
from engine.domain.errors import require
from engine.domain.outputs import OutputStatus
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused
from engine.usecases.operations.step import fault, refused
from engine.usecases.rights import PERF_ADMIN
from engine.usecases.undertakings import Begin, Work, begin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.errors import Violation
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import UnitOfWork


#: outputs of a period or cycle that is sealed while somebody waits for the answer
SEALED_AT_ONCE: Final = 1_000


def start_closing(step: Step) -> Mapping[str, Json]:
    """`regu.period.close` (start form: period): open to closing, by a performance manager."""
    period = step.uow.performance.get(Period, step.text("period"))
    cycle = step.uow.performance.get(Cycle, period.cycle_id) if period else None
    if period is None or cycle is None or cycle.agency_id != step.maybe("agency_id"):
        raise fault("period", "unknown_period", "choose a period")
    if PERF_ADMIN not in step.actor.groups:
        raise AccessRefused("period:close", period.id)
    if period.status is PeriodStatus.OPEN:
        step.uow.performance.put(rules.start_closing(period))
    elif period.status is PeriodStatus.SEALED:
        raise fault("period", "period_sealed", "the period is sealed")
    step.note(f"agency:{cycle.agency_id}", audit_tags.PERIOD_CLOSING, period=period.id)
    return {"period_id": period.id, "cycle_id": cycle.id, "period_name": period.name}


def list_blockers(step: Step) -> Mapping[str, Json]:
    """`regu.period.blockers`: how much still moves in the period."""
    return {"blockers": len(blockers_of(step.uow, step.period()))}


def decide_blockers(step: Step) -> Mapping[str, Json]:
    """`regu.period.review` (form: decision check|carry, note): by a performance manager.

    Carry: what is under way is posted in the next open period, shown as "koreksi periode lalu".
    Out of the cycle's last period nothing can be carried.
    """
    period = step.period()
    if PERF_ADMIN not in step.actor.groups:
        raise AccessRefused("period:review", period.id)
    decision = step.text("decision")
    if decision not in ("check", "carry"):
        raise fault("decision", "unknown_word", "check or carry")
    later = [p for p in step.uow.performance.periods(period.cycle_id) if p.number > period.number]
    if decision == "carry" and not later:
        raise fault("decision", "last_period", "nothing follows the last period of a cycle")
    if decision == "carry" and not step.text("note"):
        raise fault("note", "required", "say why it cannot wait")
    return {"carry": decision == "carry"}


def seal_period(step: Step) -> Mapping[str, Json]:
    """`regu.period.seal` (form: minutes): sealed with a hash over its outputs and rows.

    A large period is sealed by a background job, which refuses what is in the way as it is then;
    whoever waits sees the work, and may close the period again after a refusal.
    """
    period = step.period()
    if PERF_ADMIN not in step.actor.groups:
        raise AccessRefused("period:seal", period.id)
    carry = step.call.variables.get("carry") is True
    if not step.text("minutes"):
        raise fault("minutes", "required", "a seal has its minutes")
    if is_large(step.uow, [period]):
        _seal_later(step, period, carry=carry)
    else:
        seal_now(step, period, step.text("minutes"), carry=carry)
    return {"sealed": True}


def _seal_later(step: Step, period: Period, *, carry: bool) -> None:
    work = Begin(kind=Work.SEALING, title=period.name, total=1, facts={"period": period.id})
    asked = {"period_id": period.id, "minutes": step.text("minutes"), "carry": carry}
    _enqueue(step, work, asked)


def _enqueue(step: Step, work: Begin, asked: Mapping[str, Json]) -> None:
    """The job that seals in the name of who asked for it, and the work that people see go on."""
    row = begin(step.uow, step.actor, work, ids=step.means.ids, now=step.now)
    args = {
        **asked,
        "undertaking": row.id,
        "actor": step.actor.name,
        "person_id": step.actor.person_id,
        "agency_id": step.actor.agency_id,
    }
    step.uow.jobs.enqueue(Work.SEALING, row.id, args)


def is_large(uow: UnitOfWork, periods: Sequence[Period]) -> bool:
    """Whether a background job seals these, so that nobody waits in a request."""
    return sum(uow.credits.count_outputs(period.id) for period in periods) > SEALED_AT_ONCE


def unsealed(uow: UnitOfWork, cycle: Cycle) -> Sequence[Period]:
    """Periods of a cycle that are still to be sealed, in order."""
    periods = uow.performance.periods(cycle.id)
    return [period for period in periods if period.status is not PeriodStatus.SEALED]


def seal_cycle_later(step: Step, cycle: Cycle, minutes: str) -> None:
    """Let a job seal what is unsealed of a cycle, period by period, and then close the cycle.

    `InputRefused` names what is under way in its last period, which nothing can carry: whoever
    asks reads it at once. What comes after that is refused by the job, which says so by the
    message `cycle_sealing_ended` (correlated by the cycle, `closed`: whether it was).
    """
    last = unsealed(step.uow, cycle)[-1]
    with refused(other="note"):
        require(list(blockers_of(step.uow, last)))
    total = len(step.uow.performance.periods(cycle.id))
    work = Begin(kind=Work.SEALING, title=cycle.name, total=total, facts={"cycle": cycle.id})
    _enqueue(step, work, {"cycle_id": cycle.id, "minutes": minutes})


def seal_cycle(step: Step, cycle: Cycle, minutes: str) -> None:
    """Seal every period of a cycle that is not, in order; `InputRefused` names what is open.

    `regu.cycle.close` does this: nothing of the cycle is posted in its own periods afterwards.
    """
    for period in unsealed(step.uow, cycle):
        seal_now(step, period, minutes, carry=True)


def seal_now(step: Step, period: Period, minutes: str, *, carry: bool) -> None:
    """Seal one period. `InputRefused` with everything in the way, in the field `minutes`."""
    open_things = blockers_of(step.uow, period)
    periods = step.uow.performance.periods(period.cycle_id)
    with refused(other="minutes"):
        sealed = rules.seal(period, periods, open_things, carry=carry)
    done = [
        output
        for output in step.uow.credits.outputs_of_period(period.id)
        if output.status is OutputStatus.SEALED
    ]
    rows = step.uow.credits.posted_in(period.id)
    decision = PeriodSeal(
        id=step.means.ids.uuid(),
        period_id=period.id,
        seal_hash=rules.period_hash(done, rows),
        rows=len(rows),
        outputs=tuple(output.id for output in done),
        carried=tuple(sorted(v.subject for v in open_things)),
        decided_by=step.actor.human or step.person,
        minutes=minutes or "-",
        at=step.now,
    )
    step.uow.credits.add([decision])
    step.uow.performance.put(sealed)
    step.note(
        f"period:{period.id}",
        audit_tags.PERIOD_SEALED,
        period=period.id,
        seal=decision.seal_hash,
        carried=len(decision.carried),
    )


def blockers_of(uow: UnitOfWork, period: Period) -> Sequence[Violation]:
    """Everything that still moves in a period."""
    open_corrections = uow.credits.corrections(period_id=period.id, open_only=True)
    return rules.blockers(
        period,
        uow.credits.outputs_of_period(period.id),
        [row.id for row in open_corrections],
    )


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.period.close": start_closing,
    "regu.period.blockers": list_blockers,
    "regu.period.review": decide_blockers,
    "regu.period.seal": seal_period,
}
