"""Operations by which an agency keeps its kinds of contribution and a sponsor his budgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.budgets import PointBudget, check_budgets
from engine.domain.contribution_types import ContributionType, check_type, merged
from engine.domain.cycles import Cycle, CycleStatus, Period, PeriodStatus
from engine.domain.squads import Squad
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused
from engine.usecases.operations.step import fault, refuse
from engine.usecases.rights import PERF_ADMIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def keep_type(step: Step) -> Mapping[str, Json]:
    """`regu.contribution_type.keep` (start form: code, label, label_en, active); perf_admin.

    A shipped kind is renamed or switched off by the agency's own row of the same code; claims
    that name it keep it.
    """
    agency_id = step.ref("agency_id")
    if PERF_ADMIN not in step.actor.groups:
        raise AccessRefused("contribution_type:keep", agency_id)
    code = step.text("code").lower()
    known = step.uow.credits.types(agency_id)
    same = next((row for row in merged(known) if row.code == code), None)
    row = ContributionType(
        id=f"{agency_id}:{code}",
        agency_id=agency_id,
        code=code,
        label=step.text("label"),
        label_en=step.text("label_en") or step.text("label"),
        position=same.position if same else 1 + max(r.position for r in known),
        active=step.call.form.get("active") is True,
    )
    refuse(check_type(row, known), code="code", label="label", active="active")
    if step.uow.credits.type_of(agency_id, code) is None:
        step.uow.credits.add([row])
    else:
        step.uow.credits.put(row)
    step.note(f"agency:{agency_id}", audit_tags.CONTRIBUTION_TYPE_KEPT, code=code)
    return {"code": code}


def set_budget(step: Step) -> Mapping[str, Json]:
    """`regu.budget.set` (start form: squad, period, points): by the squad's sponsor.

    The budgets of a squad's periods stay inside its whole budget and cover what is planned
    already (I11); a period that is over keeps its own.
    """
    squad = step.uow.contributions.get(Squad, step.text("squad"))
    if squad is None:
        raise fault("squad", "unknown_squad", "choose a squad")
    if squad.sponsor_id != step.person:
        raise AccessRefused("budget:set", squad.id)
    period = _period(step, squad)
    points = step.decimal("points")
    if points is None or points != points.to_integral_value():
        raise fault("points", "required", "state the points as a whole number")
    old = {row.period_id: row for row in step.uow.credits.budgets(squad.id)}
    row = PointBudget(
        id=old[period.id].id if period.id in old else step.means.ids.uuid(),
        squad_id=squad.id,
        period_id=period.id,
        points=int(points),
        set_by=step.person,
        at=step.now,
    )
    outputs = step.uow.contributions.outputs(period.cycle_id, squad.id)
    mine = [output for output in outputs if output.period_id == period.id]
    after = [*(b for key, b in old.items() if key != period.id), row]
    refuse(check_budgets(squad, after, mine), I11="points")
    if period.id in old:
        step.uow.credits.put(row)
    else:
        step.uow.credits.add([row])
    step.note(f"squad:{squad.id}", audit_tags.POINT_BUDGET_SET, budget=row.id)
    return {"squad_id": squad.id, "period_id": period.id}


def _period(step: Step, squad: Squad) -> Period:
    found = step.uow.performance.get(Period, step.text("period"))
    cycle = step.uow.performance.get(Cycle, found.cycle_id) if found else None
    if found is None or cycle is None or cycle.agency_id != squad.host_agency_id:
        raise fault("period", "unknown_period", "choose a period")
    if found.status is not PeriodStatus.OPEN or cycle.status is CycleStatus.CLOSED:
        raise fault("period", "period_closed", "the period is closed")
    return found


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.contribution_type.keep": keep_type,
    "regu.budget.set": set_budget,
}
