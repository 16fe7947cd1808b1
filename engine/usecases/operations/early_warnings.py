"""Operations of early warnings: look ahead, let the employee say what he needs, offer help.

Nothing here rates, and no rule of a rating reads what stands here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain.calendar import end_of_day
from engine.domain.coaching import Competency
from engine.domain.forecasts import DriverKind, EarlyWarning, Need, Offer, answer, warns
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused
from engine.usecases.forecasting import learned, outlook_of, waits_for_help
from engine.usecases.operations.coaching import COACHING_NEEDED
from engine.usecases.rights import PERF_ADMIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from engine.domain.cycles import Cycle
    from engine.usecases.forecasting import Heard, Outlook
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: an employee is to see a low forecast; key: person_id:cycle_id, variables person_id, cycle_id
WARNING_DUE: Final = "early_warning_due"


def look_ahead(step: Step) -> Mapping[str, Json]:
    """`regu.forecast.look`, by perf_admin -> warned: how many people are told."""
    if PERF_ADMIN not in step.actor.groups:
        raise AccessRefused(step.call.element_id, step.actor.name)
    return look_round(step)


def look_round(step: Step) -> Mapping[str, Json]:
    """`regu.forecast.look_round`, by the year's own drawing -> warned: how many people are told.

    Each indicator is warned of once for the period with its last record. Who is told hears it by
    the message `early_warning_due`, before anybody else.
    """
    cycle = step.cycle()
    heard = learned(step.means, step.uow, step.tables(cycle.agency_id), cycle)
    opens_at = _opens_at(step, cycle, heard.rules.first_days)
    after, warned = "", 0
    while tracks := step.uow.forecasts.tracks(cycle.id, after=after):
        after = tracks[-1].person_id
        periods = step.uow.performance.periods(cycle.id)
        today = step.standing.today(cycle.agency_id)
        rows = [outlook_of(track, periods, today, heard) for track in tracks]
        warned += _warn(step, cycle, heard, [row for row in rows if row.forecast], opens_at)
    step.note(f"agency:{cycle.agency_id}", audit_tags.FORECAST_LOOKED, cycle=cycle.id)
    return {"warned": warned}


def answer_warning(step: Step) -> Mapping[str, Json]:
    """`regu.forecast.answer` (form: need, competency, words), by the employee -> wants."""
    person = step.require_person(step.ref("person_id"))
    need = step.word("need", Need)
    named = step.text("competency")
    competency = step.word("competency", Competency) if named else None
    for one in _of(step):
        if one.need is None and one.offer is None:
            step.uow.forecasts.put(answer(one, step.now, need, competency, step.text("words")))
    step.note(f"person:{person}", audit_tags.WARNING_ANSWERED, cycle=step.ref("cycle_id"))
    return {"wants": need is not Need.NOTHING}


def pass_on(step: Step) -> Mapping[str, Json]:
    """`regu.forecast.pass_on`: his days are over; others may read it from now on."""
    for one in _of(step):
        if one.need is None and one.opens_at > step.now:
            step.uow.forecasts.put(replace(one, opens_at=step.now))
    step.note(f"person:{step.ref('person_id')}", audit_tags.SILENCE_NOTED)
    return {}


def offer_help(step: Step) -> Mapping[str, Json]:
    """`regu.forecast.offer` (form: offer, words), by the rater; guidance begins by a message."""
    person, cycle_id = step.ref("person_id"), step.ref("cycle_id")
    rater = step.require_office_or_admin(step.standing.rater(person), person)
    offer = step.word("offer", Offer)
    for one in _of(step):
        if waits_for_help(one):
            said = step.text("words")
            kept = replace(one, offer=offer, offered_by=rater.person_id, offer_words=said)
            step.uow.forecasts.put(kept)
    if offer is Offer.COACHING:
        step.means.announce(
            *(step.uow, step.actor, COACHING_NEEDED, f"{person}:{cycle_id}"),
            person_id=person,
            cycle_id=cycle_id,
            coaching_source="early_warning",
        )
    step.note(f"person:{person}", audit_tags.HELP_OFFERED, cycle=cycle_id)
    return {}


def _of(step: Step) -> list[EarlyWarning]:
    return list(step.uow.forecasts.warnings_of(step.ref("person_id"), step.ref("cycle_id")))


def _opens_at(step: Step, cycle: Cycle, days: int) -> datetime:
    today = step.standing.today(cycle.agency_id)
    last = step.standing.add_working_days(today, days, cycle.agency_id)
    return end_of_day(last, step.standing.zone(cycle.agency_id))


def _warn(step: Step, cycle: Cycle, heard: Heard, rows: list[Outlook], opens_at: datetime) -> int:
    """Keep what is new and tell its people."""
    people = {row.track.person_id for row in rows}
    known = step.uow.forecasts.known(cycle.id, people) if people else ()
    made = [
        _made(step, cycle, row, opens_at)
        for row in rows
        if row.forecast is not None
        and warns(row.forecast, heard.rules)
        and (row.track.indicator_id, row.track.last_period_id) not in known
    ]
    if made:
        step.uow.forecasts.add(made)
    told = list(dict.fromkeys(one.person_id for one in made))
    for person in told:
        step.means.announce(
            *(step.uow, step.actor, WARNING_DUE, f"{person}:{cycle.id}"),
            person_id=person,
            cycle_id=cycle.id,
        )
    return len(told)


def _made(step: Step, cycle: Cycle, row: Outlook, opens_at: datetime) -> EarlyWarning:
    said, track = row.forecast, row.track
    if said is None or track.last_period_id is None:
        raise ValueError("nothing was forecast")
    return EarlyWarning(
        id=step.means.ids.uuid(),
        agency_id=cycle.agency_id,
        person_id=track.person_id,
        cycle_id=cycle.id,
        indicator_id=track.indicator_id,
        period_id=track.last_period_id,
        aspect=track.aspect,
        last=said.last,
        expected=said.expected,
        low=said.low,
        high=said.high,
        driver=said.drivers[0].kind if said.drivers else DriverKind.SEASON,
        points=said.points,
        at=step.now,
        opens_at=opens_at,
    )


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.forecast.look": look_ahead,
    "regu.forecast.look_round": look_round,
    "regu.forecast.answer": answer_warning,
    "regu.forecast.pass_on": pass_on,
    "regu.forecast.offer": offer_help,
}
