"""Operations of the goal tree: open, set objectives, approve, publish, announce."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from engine.domain.calendar import end_of_day
from engine.domain.goals import (
    Objective,
    ObjectiveIndicator,
    ObjectiveLevel,
    ObjectiveStatus,
    Perspective,
    check_publication,
    check_tree,
    publish,
)
from engine.domain.indicators import Direction
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, Conflict, FieldFault, InputRefused
from engine.usecases.operations.step import as_decimal, fault
from engine.usecases.rights import PERF_ADMIN, same_agency

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: days for the units from the approval to the reminder, and to the publication without them
REMINDER_DAYS: Final = 7
CASCADING_DAYS: Final = 14

_FIELDS: Final = {
    "title_missing": "title",
    "code_missing": "code",
    "parent_unknown": "leads_to",
    "parent_unit": "leads_to",
    "level_order": "level",
    "level_leaf": "leads_to",
    "objective_circle": "leads_to",
}


def open_goals(step: Step) -> Mapping[str, Json]:
    """`regu.goals.open`: the unit on top, and the units below it that somebody heads."""
    cycle = step.cycle()
    units = step.uow.agency.units(cycle.agency_id)
    top = next((unit for unit in units if unit.parent_id is None), None)
    if top is None:
        raise Conflict("agency_without_units", agency=cycle.agency_id)
    below = [
        {"id": unit.id, "name": unit.name}
        for unit in units
        if unit.id != top.id and step.standing.head(unit.id) is not None
    ]
    return {
        "agency_id": cycle.agency_id,
        "cycle_name": cycle.name,
        "unit_id": top.id,
        "units": below,
        **_dates(step, cycle),
    }


def set_objectives(step: Step) -> Mapping[str, Json]:
    """`regu.goals.set` (form: objectives): the objectives of a unit with their indicators.

    By the unit's head or perf_admin. Rows of one code are one objective with several indicators;
    a draft that is not among the rows leaves. Form: objectives[objective_id, code, title, level,
    perspective, leads_to, indicator, target, unit, direction].
    """
    cycle, unit_id = step.cycle(), step.ref("unit_id")
    _require_planner(step, cycle, unit_id)
    _write(step, cycle, [unit_id], unit_id)
    return {}


def repair_objectives(step: Step) -> Mapping[str, Json]:
    """`regu.goals.repair` (form: objectives, leave): perf_admin completes drafts of any unit."""
    cycle = step.cycle()
    _require_planner(step, cycle, None)
    if step.call.form.get("leave") is not True:
        units = [unit.id for unit in step.uow.agency.units(cycle.agency_id)]
        _write(step, cycle, units, step.ref("unit_id"))
        return {"left": False}
    return {"left": True}


def approve_objectives(step: Step) -> Mapping[str, Json]:
    """`regu.goals.approve` (form: decision accept|revise, note): the head of the agency agrees.

    From here on the units have their days.
    """
    cycle, unit_id = step.cycle(), step.ref("unit_id")
    step.require_office_or_admin(step.standing.head(unit_id), "")
    decision = step.text("decision")
    if decision not in ("accept", "revise"):
        raise fault("decision", "unknown_word", "accept or revise")
    if decision == "revise" and not step.text("note"):
        raise fault("note", "required", "say what to revise")
    step.note(
        f"agency:{cycle.agency_id}",
        audit_tags.OBJECTIVES_APPROVED,
        cycle=cycle.id,
        decision=decision,
    )
    return {"decision": decision, **_dates(step, cycle)}


def publish_goals(step: Step) -> Mapping[str, Json]:
    """`regu.goals.publish`: complete drafts under what is published or complete become published.

    The others stay drafts and are counted.
    """
    cycle = step.cycle()
    held = step.uow.goals.objectives(cycle.id)
    drafts = [one for one in held if one.status is ObjectiveStatus.DRAFT]
    measures = step.uow.goals.measures([one.id for one in drafts])
    broken = {found.subject for found in check_publication(drafts, measures)}
    ready = _standing_on_ready(held, {one.id for one in drafts} - broken)
    for one in drafts:
        if one.id in ready:
            step.uow.goals.put(publish(one, step.now))
    step.note(
        f"agency:{cycle.agency_id}",
        audit_tags.OBJECTIVES_PUBLISHED,
        cycle=cycle.id,
        published=len(ready),
    )
    return {"published": len(ready), "unpublished": len(drafts) - len(ready)}


def announce_goals(step: Step) -> Mapping[str, Json]:
    """`regu.goals.announce`: tells who waits for the goals, by agency_id:cycle_id."""
    cycle = step.cycle()
    key = f"{cycle.agency_id}:{cycle.id}"
    step.means.announce(step.uow, step.actor, "goals_published", key, cycle_id=cycle.id)
    return {}


def _dates(step: Step, cycle: Cycle) -> dict[str, str]:
    zone, today = step.standing.zone(cycle.agency_id), step.standing.today(cycle.agency_id)
    days = {"goals_reminder_at": REMINDER_DAYS, "goals_deadline_at": CASCADING_DAYS}
    return {name: end_of_day(today + timedelta(n), zone).isoformat() for name, n in days.items()}


def _require_planner(step: Step, cycle: Cycle, unit_id: str | None) -> None:
    """The planning unit (perf_admin of the agency), or the head of the unit."""
    if PERF_ADMIN in step.actor.groups and same_agency(step.actor, cycle.agency_id):
        return
    if unit_id is None:
        raise AccessRefused(step.call.element_id, cycle.id)
    step.require_office(step.standing.head(unit_id), subject_id="")


def _standing_on_ready(held: Sequence[Objective], ready: set[str]) -> set[str]:
    """Those of the ready that lead to something published or ready, all the way up."""
    published = {one.id for one in held if one.status is ObjectiveStatus.PUBLISHED}
    parents = {one.id: one.parent_id for one in held}
    found = set(ready)
    while True:
        loose = {
            one
            for one in found
            if parents[one] is not None and parents[one] not in published | found
        }
        if not loose:
            return found
        found -= loose


def _write(step: Step, cycle: Cycle, units: Sequence[str], new_unit: str) -> None:
    held = list(step.uow.goals.objectives(cycle.id))
    rows, measures, places = _read(step, cycle, held, (units, new_unit))
    changed = {one.id: one for one in rows}
    gone = [
        one.id
        for one in held
        if one.unit_id in units and one.id not in changed and one.status is ObjectiveStatus.DRAFT
    ]
    after = [changed.get(one.id, one) for one in held if one.id not in gone]
    new = [one for one in rows if one.id not in {old.id for old in held}]
    _refuse(step, cycle, [*after, *new], places)
    _store(step, cycle, (new, [one for one in after if one.id in changed], gone), measures)


def _store(
    step: Step,
    cycle: Cycle,
    rows: tuple[Sequence[Objective], Sequence[Objective], Sequence[str]],
    measures: Mapping[str, Sequence[ObjectiveIndicator]],
) -> None:
    new, kept, gone = rows
    # a new row may lead to another new one, and a kept row to a new one
    step.uow.goals.add([replace(one, parent_id=None) for one in new])
    for one in (*new, *kept):
        step.uow.goals.put(one)
        step.uow.goals.replace_measures(one.id, measures[one.id])
    step.uow.goals.drop_objectives(gone)
    step.note(
        f"agency:{cycle.agency_id}",
        audit_tags.OBJECTIVES_SET,
        cycle=cycle.id,
        new=len(new),
        changed=len(kept),
        dropped=len(gone),
    )


def _read(
    step: Step, cycle: Cycle, held: Sequence[Objective], units: tuple[Sequence[str], str]
) -> tuple[list[Objective], dict[str, list[ObjectiveIndicator]], dict[str, str]]:
    """Objectives of the form, their indicators, and the place of each among the rows."""
    own = [one for one in held if one.unit_id in units[0]]
    by_id, by_code = {one.id: one for one in own}, {one.code: one for one in own}
    found: dict[str, Objective] = {}
    leads: dict[str, str] = {}
    measures: dict[str, list[ObjectiveIndicator]] = {}
    places: dict[str, str] = {}
    for n, row in enumerate(step.rows("objectives")):
        code = _word(row, "code")
        if code not in found:
            old = by_id.get(_word(row, "objective_id")) or by_code.get(code)
            one = _objective(step, cycle, row, (old, units[1], f"objectives.{n}"))
            found[code], leads[code] = one, _word(row, "leads_to")
            measures[one.id], places[one.id] = [], f"objectives.{n}"
        measure = _measure(step, row, found[code].id, f"objectives.{n}")
        if measure is not None:
            lines = measures[found[code].id]
            lines.append(replace(measure, number=len(lines) + 1))
    codes = {one.code: one.id for one in (*held, *found.values())}
    rows = [
        replace(one, parent_id=codes.get(leads[code], "?") if leads[code] else None)
        for code, one in found.items()
    ]
    return rows, measures, places


def _objective(
    step: Step, cycle: Cycle, row: Mapping[str, Any], about: tuple[Objective | None, str, str]
) -> Objective:
    old, unit_id, place = about
    level, perspective = _word(row, "level"), _word(row, "perspective")
    if level not in set(ObjectiveLevel):
        raise fault(f"{place}.level", "unknown_word", f"one of {', '.join(ObjectiveLevel)}")
    if perspective and perspective not in set(Perspective):
        raise fault(f"{place}.perspective", "unknown_word", f"one of {', '.join(Perspective)}")
    return Objective(
        id=old.id if old else step.means.ids.uuid(),
        cycle_id=cycle.id,
        unit_id=old.unit_id if old else unit_id,
        code=_word(row, "code"),
        level=ObjectiveLevel(level),
        perspective=Perspective(perspective) if perspective else None,
        title=_word(row, "title"),
        status=old.status if old else ObjectiveStatus.DRAFT,
        published_at=old.published_at if old else None,
    )


def _measure(
    step: Step, row: Mapping[str, Any], objective_id: str, place: str
) -> ObjectiveIndicator | None:
    text, direction = _word(row, "indicator"), _word(row, "direction") or Direction.HIGHER.value
    if not text:
        return None
    if direction not in set(Direction):
        raise fault(f"{place}.direction", "unknown_word", f"one of {', '.join(Direction)}")
    return ObjectiveIndicator(
        id=step.means.ids.uuid(),
        objective_id=objective_id,
        number=1,
        text=text,
        target=as_decimal(row.get("target"), f"{place}.target"),
        unit=_word(row, "unit"),
        direction=Direction(direction),
    )


def _refuse(
    step: Step, cycle: Cycle, objectives: Sequence[Objective], places: Mapping[str, str]
) -> None:
    units = {unit.id: unit.parent_id for unit in step.uow.agency.units(cycle.agency_id)}
    faults = [
        FieldFault(
            field=".".join([places.get(v.subject, "objectives"), _FIELDS.get(v.code, "code")]),
            code=v.code,
            message=v.message,
        )
        for v in check_tree(objectives, units)
    ]
    if faults:
        raise InputRefused(*faults)


def _word(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name) or "").strip()


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.goals.open": open_goals,
    "regu.goals.set": set_objectives,
    "regu.goals.repair": repair_objectives,
    "regu.goals.approve": approve_objectives,
    "regu.goals.publish": publish_goals,
    "regu.goals.announce": announce_goals,
}
