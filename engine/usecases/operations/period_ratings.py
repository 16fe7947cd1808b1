"""Operations of the periodic evaluation: the unit's level in a period, ratings per person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.judging import PREDIKAT_RANK, PeriodOrgRating, PeriodRating
from engine.domain.ratings import Level, OrgLevel, Predikat
from engine.domain.units import Unit
from engine.usecases import audit_tags
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.evaluation_tables import predikat
from engine.usecases.operations.evaluation import lead_rows
from engine.usecases.operations.step import fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.domain.cycles import Period
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: message that a periodic evaluation waits for, keyed by person and period
PERIOD_RATED: Final = "period_org_rating_set"
#: message that begins a coaching, keyed by person and cycle
COACHING_NEEDED: Final = "coaching_needed"


def open_period(step: Step) -> Mapping[str, Json]:
    """`regu.period_rating.open`: who is asked about a person's period."""
    person_id, cycle, period = step.ref("person_id"), step.cycle(), step.period()
    rater = step.standing.rater(person_id)
    return {
        "period_name": period.name,
        "cycle_name": cycle.name,
        "unit_id": step.standing.home_unit(person_id),
        "rater_id": rater.person_id if rater else None,
        "leads": lead_rows(step, person_id, cycle),
    }


def rate_period(step: Step) -> Mapping[str, Json]:
    """`regu.period_rating.rate` (form: result_level, behaviour_level, note): the rater of today.

    `low` says that it is below *baik*: coaching is announced for it.
    """
    person_id, cycle, period = step.ref("person_id"), step.cycle(), step.period()
    rater = step.require_office_or_admin(step.standing.rater(person_id), person_id)
    result, behaviour = step.word("result_level", Level), step.word("behaviour_level", Level)
    value = predikat(step.tables(cycle.agency_id), result, behaviour)
    low = PREDIKAT_RANK[value] < PREDIKAT_RANK[Predikat.BAIK]
    if low and not step.text("note"):
        raise fault("note", "required", "a low interim rating says what is missing")
    row = PeriodRating(
        id=step.means.ids.uuid(),
        person_id=person_id,
        cycle_id=cycle.id,
        period_id=period.id,
        result_level=result,
        behaviour_level=behaviour,
        predikat=value,
        note=step.text("note"),
        rater_id=rater.person_id,
        on_behalf_of=rater.on_behalf_of,
        org_level=_org_level(step, person_id, period),
        at=step.now,
    )
    step.uow.judging.add([row])
    step.note(f"rating:{person_id}", audit_tags.PERIOD_RATED, rating=row.id, period=period.id)
    return {"predikat": value.value, "low": low}


def announce_coaching(step: Step) -> Mapping[str, Json]:
    """`regu.period_rating.announce_coaching`: a low rating calls for coaching, by message."""
    person_id, cycle = step.ref("person_id"), step.cycle()
    step.means.announce(
        step.uow,
        step.actor,
        COACHING_NEEDED,
        f"{person_id}:{cycle.id}",
        person_id=person_id,
        cycle_id=cycle.id,
        coaching_source="interim",
    )
    return {}


def set_period_org_rating(step: Step) -> Mapping[str, Json]:
    """`regu.org_rating.set_for_period` (form: level, note): by the leader one level above.

    Everybody of the unit is told by a message, which lets his periodic evaluation go on.
    """
    cycle, period, unit_id = step.cycle(), step.period(), step.ref("unit_id")
    if step.uow.agency.get(Unit, unit_id) is None:
        raise NotFound("unit", unit_id)
    if step.uow.judging.period_org_rating(unit_id, period.id) is not None:
        raise Conflict("org_rating_set", unit=unit_id, period=period.id)
    head = step.standing.head(unit_id)
    above = step.standing.rater(head.person_id) if head else None
    decider = step.require_office_or_admin(above, head.person_id if head else "")
    level = step.word("level", OrgLevel)
    row = PeriodOrgRating(
        unit_id=unit_id,
        period_id=period.id,
        level=level,
        decided_by=decider.person_id,
        on_behalf_of=decider.on_behalf_of,
        at=step.now,
    )
    step.uow.judging.add([row])
    step.note(f"agency:{cycle.agency_id}", audit_tags.PERIOD_ORG_RATED, unit=unit_id)
    for person_id in step.uow.agency.residents(unit_id, step.standing.today(cycle.agency_id)):
        key = f"{person_id}:{period.id}"
        step.means.announce(step.uow, step.actor, PERIOD_RATED, key)
    return {"org_level": level.value}


def open_unit_period(step: Step) -> Mapping[str, Json]:
    """`regu.org_rating.open_period`: names for the card of the leader above."""
    unit = step.uow.agency.get(Unit, step.ref("unit_id"))
    if unit is None:
        raise NotFound("unit", step.ref("unit_id"))
    return {"unit_name": unit.name, "period_name": step.period().name}


def _org_level(step: Step, person_id: str, period: Period) -> OrgLevel | None:
    unit_id = step.standing.home_unit(person_id)
    row = step.uow.judging.period_org_rating(unit_id, period.id) if unit_id else None
    return row.level if row else None


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.period_rating.open": open_period,
    "regu.period_rating.rate": rate_period,
    "regu.period_rating.announce_coaching": announce_coaching,
    "regu.org_rating.open_period": open_unit_period,
    "regu.org_rating.set_for_period": set_period_org_rating,
}
