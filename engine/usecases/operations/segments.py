"""Operations on a closed segment: freeze it, rate it, hand it over, make it the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain.organisation import Official
from engine.domain.plans import Plan, PlanStatus, RoleKind
from engine.domain.ratings import Level, Predikat, Rating, RatingStatus
from engine.domain.segments import ChangeKind, RoleChange
from engine.domain.snapshots import SegmentRating, SegmentSnapshot, sealed
from engine.domain.squads import Membership
from engine.usecases import audit_tags
from engine.usecases.credit_flags import recheck
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.index import attainment_of, person_index
from engine.usecases.operations.step import fault
from engine.usecases.segments import person_segments

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from engine.domain.cycles import Cycle
    from engine.usecases.index import RolePlan
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

_DAY: Final = timedelta(days=1)


def open_segment(step: Step) -> Mapping[str, Json]:
    """`regu.segment.open`: the plan that held, and the period in which it is documented last."""
    cycle, change = step.cycle(), _change(step)
    plan = _fixed_plan(step, change)
    periods = step.uow.performance.periods(cycle.id)
    before = change.starts_on - _DAY
    period = next((p for p in periods if p.starts_on <= before <= p.ends_on), periods[0])
    return {
        "plan_id": plan.id if plan else None,
        "period_id": period.id,
        "period_name": period.name,
    }


def freeze(step: Step) -> Mapping[str, Json]:
    """`regu.segment.freeze`: plan version, evidence and attainment of the elapsed part, digested.

    Frozen once for a change; asking again gives the same snapshot.
    """
    cycle, change = step.cycle(), _change(step)
    known = step.uow.segments.snapshot_of(change.id)
    if known is None:
        known = _frozen(step, change, cycle)
        step.uow.segments.add([known])
        step.note(
            f"person:{change.person_id}",
            audit_tags.SEGMENT_FROZEN,
            snapshot=known.id,
            change=change.id,
            digest=known.digest,
        )
    return {"snapshot_id": known.id, "old_rater_id": known.rater_id}


def rate_segment(step: Step) -> Mapping[str, Json]:
    """`regu.segment.rate` (form: result_level, behaviour_level, note): the old rater, once.

    The rating of the elapsed part is shown to the rater of December, who rates the year once;
    nothing is averaged.
    """
    snapshot = _snapshot(step)
    old = Official(person_id=snapshot.rater_id) if snapshot.rater_id else None
    rater = step.require_office_or_admin(old, snapshot.person_id)
    if not step.text("note"):
        raise fault("note", "required", "say what the rating rests on")
    result, behaviour = step.word("result_level", Level), step.word("behaviour_level", Level)
    row = SegmentRating(
        id=step.means.ids.uuid(),
        snapshot_id=snapshot.id,
        rater_id=rater.person_id,
        on_behalf_of=rater.on_behalf_of,
        result_level=result,
        behaviour_level=behaviour,
        predikat=_predikat(step, result, behaviour),
        note=step.text("note"),
        at=step.now,
    )
    step.uow.segments.add([row])
    step.note(
        f"person:{snapshot.person_id}",
        audit_tags.SEGMENT_RATED,
        snapshot=snapshot.id,
        rating=row.id,
    )
    recheck(step, snapshot.person_id)
    return {"segment_rated": True}


def note_silence(step: Step) -> Mapping[str, Json]:
    """`regu.segment.note_silence`: somebody let his clock run out; nothing waits for him."""
    step.note(
        f"person:{step.ref('person_id')}",
        audit_tags.SILENCE_NOTED,
        change=step.ref("change_id"),
        element=step.call.element_id,
    )
    return {}


def renew_plan(step: Step) -> Mapping[str, Json]:
    """`regu.segment.renew`: a new draft for the new segment; the old version stays as it was.

    What the person undertook in squads goes along with its links. A plan that is not fixed yet is
    not renewed: it goes along itself and the new rater clarifies it.
    """
    change = _change(step)
    old, frozen = _fixed_plan(step, change), step.uow.segments.snapshot_of(change.id)
    if old is None or frozen is None or frozen.plan_id != old.id:
        return {"renewed": False}
    store = step.uow.performance
    store.put(replace(old, status=PlanStatus.SUPERSEDED))
    new = Plan(
        id=step.means.ids.uuid(),
        person_id=old.person_id,
        cycle_id=old.cycle_id,
        version=old.version + 1,
    )
    store.add([new])
    kept = [item for item in store.items(old.id) if item.role_kind is RoleKind.SQUAD]
    ids = {item.id: step.means.ids.uuid() for item in kept}
    store.add(
        [
            replace(item, id=ids[item.id], plan_id=new.id, number=n)
            for n, item in enumerate(kept, start=1)
        ]
    )
    step.uow.goals.carry(ids)
    _carry_links(step, ids)
    measures = [row for row in store.indicators(old.id) if row.item_id in ids]
    store.add(
        [replace(row, id=step.means.ids.uuid(), item_id=ids[row.item_id]) for row in measures]
    )
    step.note(f"plan:{new.id}", audit_tags.PLAN_OPENED, plan=new.id, instead_of=old.id)
    return {"renewed": True}


def _carry_links(step: Step, ids: Mapping[str, str]) -> None:
    """What renewed results serve, and what serves them, under their new ids.

    The old version keeps what it served; who serves it serves the result that continues it.
    """
    goals, old = step.uow.goals, list(ids)
    goals.linking(step.cycle().year)
    up = goals.links_of(old)
    down = [row for row in goals.links_below(old) if row.parent_id in ids]
    moved = [row for row in down if row.child_id not in ids]
    goals.unlink([row.id for row in moved])
    goals.add(
        [
            replace(
                row,
                id=step.means.ids.uuid(),
                child_id=ids.get(row.child_id, row.child_id),
                parent_id=ids.get(row.parent_id or "", row.parent_id),
            )
            for row in (*up, *moved)
        ]
    )


def receive_segment(step: Step) -> Mapping[str, Json]:
    """`regu.segment.receive`: the new rater has read what was handed over."""
    snapshot = _snapshot(step)
    step.require_office_or_admin(step.standing.rater(snapshot.person_id), snapshot.person_id)
    step.note(f"person:{snapshot.person_id}", audit_tags.SEGMENT_RECEIVED, snapshot=snapshot.id)
    return {}


def conclude(step: Step) -> Mapping[str, Json]:
    """`regu.segment.conclude`: who left the agency is not waited for.

    The rating of the elapsed part becomes the record of the cycle; without one perf_admin is told
    by the drawing, and the cycle may close all the same.
    """
    snapshot, change = _snapshot(step), _change(step)
    if change.kind is not ChangeKind.BERHENTI or snapshot.change_id != change.id:
        raise Conflict("has_not_left", change=change.id)
    step.require_not_own(snapshot.person_id)
    said = step.uow.segments.interims([snapshot.id]).get(snapshot.id)
    earlier = step.uow.performance.rating_of(snapshot.person_id, snapshot.cycle_id)
    if said is None or (earlier is not None and earlier.status is RatingStatus.FINAL):
        return {"concluded": said is not None}
    found = person_index(
        step.standing, step.tables(step.cycle().agency_id), snapshot.person_id, step.cycle()
    ).index
    rating = Rating(
        id=earlier.id if earlier else step.means.ids.uuid(),
        person_id=snapshot.person_id,
        cycle_id=snapshot.cycle_id,
        version=earlier.version if earlier else 1,
        ihk=found.ihk if found else Decimal("0.00"),
        index_lines=found.lines if found else (),
        proposed_level=found.proposed_level if found else said.result_level,
        result_level=said.result_level,
        behaviour_level=said.behaviour_level,
        predikat=said.predikat,
        reason=said.note,
        rater_id=said.rater_id,
        on_behalf_of=said.on_behalf_of,
        status=RatingStatus.FINAL,
        at=step.now,
    )
    if earlier is None:
        step.uow.performance.add([rating])
    else:
        step.uow.performance.put(rating)
    recheck(step, snapshot.person_id)
    step.note(f"rating:{rating.id}", audit_tags.SEGMENT_CONCLUDED, rating=rating.id)
    return {"concluded": True}


def _change(step: Step) -> RoleChange:
    found = step.uow.segments.get(RoleChange, step.ref("change_id"))
    if found is None:
        raise NotFound("role_change", step.ref("change_id"))
    return found


def _snapshot(step: Step) -> SegmentSnapshot:
    found = step.uow.segments.get(SegmentSnapshot, step.ref("snapshot_id"))
    if found is None:
        raise NotFound("snapshot", step.ref("snapshot_id"))
    return found


def _fixed_plan(step: Step, change: RoleChange) -> Plan | None:
    found = step.uow.performance.plan_of(change.person_id, change.cycle_id)
    return found if found is not None and found.status is PlanStatus.FIXED else None


def _frozen(step: Step, change: RoleChange, cycle: Cycle) -> SegmentSnapshot:
    source_id, unit_id, starts_on = _closed_role(step, change, cycle)
    plan = _fixed_plan(step, change)
    role = change.membership_id or RoleKind.HOME.value
    found = person_index(step.standing, step.tables(cycle.agency_id), change.person_id, cycle).roles
    mine = next((row for row in found if row.role == role), None)
    state = step.uow.segments.evidence_state(plan.id) if plan else None
    return sealed(
        SegmentSnapshot(
            id=step.means.ids.uuid(),
            person_id=change.person_id,
            cycle_id=cycle.id,
            change_id=change.id,
            source_id=source_id,
            unit_id=unit_id,
            rater_id=change.rater_id,
            starts_on=starts_on,
            ends_on=change.starts_on - _DAY,
            plan_id=plan.id if plan else None,
            attainment=_attainment(mine, plan),
            items=state.items if state else 0,
            documented_items=state.documented_items if state else 0,
            evidence=state.evidence if state else 0,
            verified_evidence=state.verified_evidence if state else 0,
            at=step.now,
        )
    )


def _attainment(role: RolePlan | None, plan: Plan | None) -> Decimal | None:
    """What the role had reached; a home role without a fixed plan reached nothing countable."""
    if role is None or (plan is None and role.role_kind is RoleKind.HOME):
        return None
    return attainment_of(role)


def _closed_role(step: Step, change: RoleChange, cycle: Cycle) -> tuple[str, str | None, date]:
    """Where the closed segment came from, its unit, and its first day in the cycle."""
    if change.membership_id is not None:
        row = step.uow.contributions.get(Membership, change.membership_id)
        if row is None:
            raise NotFound("membership", change.membership_id)
        squad = step.standing.squad(row.squad_id)
        return row.id, squad.host_unit_id, max(row.valid_from, cycle.starts_on)
    homes = person_segments(step.uow, change.person_id, cycle).homes
    running = [home for home in homes if home.snapshot is None]
    elapsed = [row for home in running for row in home.segments if row.starts_on < change.starts_on]
    if not elapsed:
        raise Conflict("nothing_elapsed", change=change.id)
    return elapsed[-1].source_id, elapsed[-1].unit_id, elapsed[0].starts_on


def _predikat(step: Step, result: Level, behaviour: Level) -> Predikat:
    found = step.tables(step.cycle().agency_id).decide(
        "predikat", result_level=result.value, behaviour_level=behaviour.value
    )
    value = found.get("predikat") if isinstance(found, Mapping) else found
    return Predikat(str(value))


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.segment.open": open_segment,
    "regu.segment.freeze": freeze,
    "regu.segment.rate": rate_segment,
    "regu.segment.note_silence": note_silence,
    "regu.segment.renew": renew_plan,
    "regu.segment.receive": receive_segment,
    "regu.segment.conclude": conclude,
}
