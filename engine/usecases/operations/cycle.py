"""Operations of the annual cycle: open, start for everybody, count, organisation rating, close."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.domain.calendar import end_of_day
from engine.domain.cycles import Cycle, CycleStatus, advance
from engine.domain.ratings import OrgLevel, OrgRating
from engine.domain.units import Unit
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.evaluation_tables import dates
from engine.usecases.operations.closing import is_large, seal_cycle, seal_cycle_later, unsealed
from engine.usecases.operations.planning import dates_of
from engine.usecases.rights import PERF_ADMIN
from engine.usecases.undertakings import Begin, Work, begin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: background job that starts one process for many
MASS_START: Final = "mass_start"
#: working days after the end of a period in which its progress is recorded and answered
RECORDED_WITHIN_DAYS: Final = 15

_STAGES: Final = (
    CycleStatus.DRAFT,
    CycleStatus.PLANNING,
    CycleStatus.RUNNING,
    CycleStatus.EVALUATING,
    CycleStatus.CLOSED,
)


def open_cycle(step: Step) -> Mapping[str, Json]:
    """`regu.cycle.open`: the cycle's dates, periods and units, and planning begins."""
    cycle = step.cycle()
    reach(step, cycle, CycleStatus.PLANNING)
    periods = step.uow.performance.periods(cycle.id)
    tables = step.tables(cycle.agency_id)
    final = cycle.ends_on + timedelta(dates(tables, cycle.ends_on.month).deadline_days)
    opened_on = max(step.standing.today(cycle.agency_id), cycle.starts_on)
    wait = opened_on + timedelta(tables.goals_wait_days(cycle.year))
    step.note(f"agency:{cycle.agency_id}", audit_tags.CYCLE_OPENED, cycle=cycle.id)
    return {
        "agency_id": cycle.agency_id,
        "cycle_name": cycle.name,
        "starts_on": cycle.starts_on.isoformat(),
        "ends_on": cycle.ends_on.isoformat(),
        "planning_deadline": _moment(step, cycle, dates_of(step, cycle, cycle.starts_on).fixed),
        "evaluation_starts_at": _moment(step, cycle, cycle.ends_on),
        "evaluation_deadline": _moment(step, cycle, final),
        "goals_wait_until": _moment(step, cycle, wait),
        "periods": [
            {
                "id": period.id,
                "name": period.name,
                "starts_on": period.starts_on.isoformat(),
                "ends_on": period.ends_on.isoformat(),
                "ends_at": _moment(step, cycle, period.ends_on),
                "look_at": _moment(step, cycle, _recorded(step, cycle, period.ends_on)),
                "last": period == periods[-1],
            }
            for period in periods
        ],
        "units": [
            {"id": unit.id, "name": unit.name} for unit in step.uow.agency.units(cycle.agency_id)
        ],
    }


def start_for_everybody(step: Step) -> Mapping[str, Json]:
    """`regu.cycle.start_for_everybody`: one background job starts `process_id` for all people."""
    return _start_over(step, step.ref("process_id"), "people")


def start_for_units(step: Step) -> Mapping[str, Json]:
    """`regu.cycle.start_for_units`: one background job starts `process_id` for every unit."""
    return _start_over(step, step.ref("process_id"), "units")


def start_for_agency(step: Step) -> Mapping[str, Json]:
    """`regu.cycle.start_for_agency`: a background job starts `process_id` once."""
    return _start_over(step, step.ref("process_id"), "agency")


def start_outputs(step: Step) -> Mapping[str, Json]:
    """`regu.cycle.start_outputs`: one background job starts `contribution` for each output."""
    return _start_over(step, "contribution", "outputs")


def missing_plans(step: Step) -> Mapping[str, Json]:
    """`regu.plan.missing`: how many hold a post but no fixed plan; the year runs from here on."""
    cycle = step.cycle()
    reach(step, cycle, CycleStatus.RUNNING)
    today = step.standing.today(cycle.agency_id)
    return {"missing": len(step.uow.performance.without_fixed_plan(cycle.id, today))}


def set_org_rating(step: Step) -> Mapping[str, Json]:
    """`regu.org_rating.set` (form: level, note): by the leader one level above the unit.

    Everybody of the unit is told by a message, which lets his evaluation go on (SE 3/2023).
    """
    cycle = step.cycle()
    unit_id = step.ref("unit_id")
    if step.uow.agency.get(Unit, unit_id) is None:
        raise NotFound("unit", unit_id)
    head = step.standing.head(unit_id)
    above = step.standing.rater(head.person_id) if head else None
    decider = step.require_office_or_admin(above, head.person_id if head else "")
    if step.uow.performance.org_rating(unit_id, cycle.id) is not None:
        raise Conflict("org_rating_set", unit=unit_id)
    level = step.word("level", OrgLevel)
    row = OrgRating(
        unit_id=unit_id, cycle_id=cycle.id, level=level, decided_by=decider.person_id, at=step.now
    )
    step.uow.performance.add([row])
    step.note(f"agency:{cycle.agency_id}", audit_tags.ORG_RATING_SET, unit=unit_id, cycle=cycle.id)
    # whoever was there at the end of the year, also when he moved before the rating came
    last = min(step.standing.today(cycle.agency_id), cycle.ends_on)
    for person_id in step.uow.agency.residents(unit_id, last):
        step.means.announce(
            step.uow,
            step.actor,
            "org_rating_set",
            f"{person_id}:{cycle.id}",
            unit_id=unit_id,
            org_level=level.value,
        )
    return {"org_level": level.value}


def close_cycle(step: Step) -> Mapping[str, Json]:
    """`regu.cycle.close` (form: note): every period is sealed; nothing changes any more.

    `InputRefused` while an output of the last period is under way; a correction is posted in the
    next cycle's open period. A large cycle is sealed and then closed by a background job: `closed`
    is false, and the message `cycle_sealing_ended` tells the end of it.
    """
    cycle = step.cycle()
    if PERF_ADMIN not in step.actor.groups:
        raise AccessRefused("cycle:close", cycle.id)
    minutes = step.text("note") or f"Penutupan {cycle.name}"
    if is_large(step.uow, unsealed(step.uow, cycle)):
        seal_cycle_later(step, cycle, minutes)
        return {"closed": False}
    seal_cycle(step, cycle, minutes)
    shut(step, cycle)
    return {"closed": True}


def shut(step: Step, cycle: Cycle) -> None:
    """The cycle is closed, which its sealed periods allow; once it is, nothing is written."""
    if cycle.status is CycleStatus.CLOSED:
        return
    reach(step, cycle, CycleStatus.CLOSED)
    step.note(f"agency:{cycle.agency_id}", audit_tags.CYCLE_CLOSED, cycle=cycle.id)


def reach(step: Step, cycle: Cycle, status: CycleStatus) -> Cycle:
    """The cycle at a stage or beyond, every stage in between taken in order."""
    here, wanted = _STAGES.index(cycle.status), _STAGES.index(status)
    if here >= wanted:
        return cycle
    for stage in _STAGES[here + 1 : wanted + 1]:
        cycle = advance(cycle, stage)
    step.uow.performance.put(cycle)
    return cycle


def _start_over(step: Step, process_id: str, over: str) -> Mapping[str, Json]:
    cycle = step.cycle()
    extra = step.call.variables.get("extra") or {}
    key = ":".join([process_id, cycle.id, *sorted(str(value) for value in extra.values())])
    waited = _waited(step, cycle, {"process": process_id, "over": over, "key": key})
    step.uow.jobs.enqueue(
        MASS_START,
        key,
        {
            "process_id": process_id,
            "cycle_id": cycle.id,
            "agency_id": cycle.agency_id,
            "after": "",
            "on_behalf_of": step.actor.human,
            "over": over,
            "extra": extra,
            **waited,
        },
    )
    step.note(
        f"agency:{cycle.agency_id}",
        audit_tags.MASS_STARTED,
        cycle=cycle.id,
        process=process_id,
        key=key,
    )
    return {"started": key}


def _waited(step: Step, cycle: Cycle, facts: Mapping[str, Json]) -> Mapping[str, Json]:
    """The work that people see go on; one start for a whole agency is done at once."""
    if facts["over"] == "agency":
        return {}
    work = Begin(
        kind=Work.MASS_START,
        title=cycle.name,
        facts=facts,
        agency_id=cycle.agency_id,
    )
    row = begin(step.uow, step.actor, work, ids=step.means.ids, now=step.now)
    return {"undertaking": row.id}


def _recorded(step: Step, cycle: Cycle, ends_on: date) -> date:
    """By when what happened in a period is written down, so that one may look ahead."""
    return step.standing.add_working_days(ends_on, RECORDED_WITHIN_DAYS, cycle.agency_id)


def _moment(step: Step, cycle: Cycle, day: date) -> str:
    return end_of_day(day, step.standing.zone(cycle.agency_id)).isoformat()
