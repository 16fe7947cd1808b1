"""Operations of surveys: planned, opened, weighed, closed, told; the unit says what it does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.domain import surveys
from engine.domain.calendar import end_of_day, start_of_day
from engine.domain.surveys import (
    ELEMENT_TEXTS,
    Element,
    Question,
    Survey,
    SurveyKind,
    SurveyState,
    Weighing,
    check_survey,
    least_sample,
)
from engine.domain.units import Unit
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.notices import Kind
from engine.usecases.operations.step import as_decimal, date_of, fault, refuse, refused
from engine.usecases.operations.telling import tell
from engine.usecases.rights import PERF_ADMIN, same_agency
from engine.usecases.survey_doors import new_link
from engine.usecases.survey_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: a subject is a unit, or a unit with a planned result of its head
UNIT, ITEM = "unit:", "item:"
_HUNDRED: Final = Decimal(100)
_FIELDS: Final = {"window": "closes_on", "questions": "questions", "weights_sum": "questions"}


def plan_survey(step: Step) -> Mapping[str, Json]:
    """`regu.survey.plan` -> survey_id, unit_id, title, opens_at, closes_at.

    Start form: kind, subject, title, opens_on, closes_on, population, weighing, open_link,
    questions[element, text, text_en, weight_percent]. By who looks after performance.
    """
    if PERF_ADMIN not in step.actor.groups or step.actor.agency_id is None:
        raise AccessRefused(step.call.element_id, step.actor.name)
    agency_id, kind = step.actor.agency_id, step.word("kind", SurveyKind)
    unit_id, item_id = _subject(step, agency_id)
    first = date_of(step.call.form.get("opens_on"), "opens_on")
    last = date_of(step.call.form.get("closes_on"), "closes_on")
    zone, link = step.standing.zone(agency_id), new_link()
    population = as_decimal(step.call.form.get("population"), "population")
    people = int(population) if population else None
    least = rules_of(step.tables(agency_id)).least_answers
    made = Survey(
        id=step.means.ids.uuid(),
        agency_id=agency_id,
        unit_id=unit_id,
        item_id=item_id,
        kind=kind,
        title=step.text("title"),
        weighing=step.word("weighing", Weighing),
        opens_at=start_of_day(first, zone),
        closes_at=end_of_day(last, zone),
        population=people,
        least_answers=least_sample(people) if people else least,
        open_link=step.call.form.get("open_link") is True,
        selector=link.selector,
        secret=link.secret,
        opened_by=step.person,
    )
    questions = _questions(step, made)
    wrong = list(check_survey(made, questions, first, last))
    refuse(wrong, **_FIELDS)
    if last < step.standing.today(agency_id):
        raise fault("closes_on", "past", "the last day is over")
    step.uow.surveys.add([made])
    step.uow.surveys.add(questions)
    _note(step, made, audit_tags.SURVEY_PLANNED)
    return {
        "survey_id": made.id,
        "unit_id": unit_id,
        "title": made.title,
        "opens_at": made.opens_at.isoformat(),
        "closes_at": made.closes_at.isoformat(),
    }


def open_survey(step: Step) -> Mapping[str, Json]:
    """`regu.survey.open`: from now on links lead to the questions."""
    found = survey_of(step)
    if found.state is SurveyState.PLANNED:
        step.uow.surveys.put(surveys.begin(found))
        _note(step, found, audit_tags.SURVEY_OPENED)
    return {}


def weigh_sample(step: Step) -> Mapping[str, Json]:
    """`regu.survey.weigh` -> enough, answers, wanted: whether enough people answered."""
    found = survey_of(step)
    counts = step.uow.surveys.counts([found.id]).get(found.id)
    answers = counts.counted if counts else 0
    enough = answers >= found.least_answers
    return {"enough": enough, "answers": answers, "wanted": found.least_answers}


def settle_sample(step: Step) -> Mapping[str, Json]:
    """`regu.survey.settle` (form: decision extend|accept, until) -> extended, closes_at."""
    found = survey_of(step)
    _require_keeper(step, found)
    if step.call.form.get("decision") != "extend":
        return {"extended": False, "closes_at": found.closes_at.isoformat()}
    until = date_of(step.call.form.get("until"), "until")
    if until < step.standing.today(found.agency_id):
        raise fault("until", "past", "the last day is over")
    moment = end_of_day(until, step.standing.zone(found.agency_id))
    with refused():
        longer = surveys.extend(found, moment)
    step.uow.surveys.put(longer)
    _note(step, found, audit_tags.SURVEY_EXTENDED, until=until.isoformat())
    return {"extended": True, "closes_at": moment.isoformat()}


def close_survey(step: Step) -> Mapping[str, Json]:
    """`regu.survey.close`: no answer comes in any more; what marked comers is deleted."""
    found = survey_of(step)
    if found.state is SurveyState.OPEN:
        step.uow.surveys.put(surveys.close(found, step.now))
        step.uow.surveys.forget_marks(survey_id=found.id)
        _note(step, found, audit_tags.SURVEY_CLOSED)
    return {}


def review_answers(step: Step) -> Mapping[str, Json]:
    """`regu.survey.review` (form: looked): who keeps surveys looked at what looks odd."""
    _require_keeper(step, survey_of(step))
    return {}


def tell_results(step: Step) -> Mapping[str, Json]:
    """`regu.survey.tell`: the unit's head is told, the results stand beside the linked RHK."""
    found = survey_of(step)
    if found.state is SurveyState.CLOSED:
        step.uow.surveys.put(surveys.told(found))
        head = step.standing.head(found.unit_id)
        people = [head.person_id] if head else []
        path = f"/layanan/{found.unit_id}?survei={found.id}"
        told: dict[str, Any] = {"key": f"survey:{found.id}", "path": path, "title": found.title}
        tell(step, people, Kind.SURVEY_TOLD, **told)
        _note(step, found, audit_tags.SURVEY_TOLD)
    return {}


def improve(step: Step) -> Mapping[str, Json]:
    """`regu.survey.improve` (form: improvement): what the unit does about it, by its head."""
    found = survey_of(step)
    step.require_office(step.standing.head(found.unit_id), subject_id="")
    words = step.text("improvement")
    if not words:
        raise fault("improvement", "required", "say what your unit does about it")
    step.uow.surveys.put(replace(found, improvement=words))
    _note(step, found, audit_tags.SURVEY_ANSWERED_BY_UNIT)
    return {}


def survey_of(step: Step) -> Survey:
    """The survey a process speaks of."""
    found = step.uow.surveys.survey(step.ref("survey_id"))
    if found is None:
        raise NotFound("survey", step.ref("survey_id"))
    return found


def _subject(step: Step, agency_id: str) -> tuple[str, str | None]:
    chosen = step.text("subject")
    if chosen.startswith(UNIT):
        unit = step.uow.agency.get(Unit, chosen.removeprefix(UNIT))
        if unit is not None and unit.agency_id == agency_id:
            return unit.id, None
    cycle_id, today = step.maybe("cycle_id") or "", step.standing.today(agency_id)
    for row in step.uow.surveys.subjects(agency_id, cycle_id, today):
        if chosen == ITEM + row.item_id:
            return row.unit_id, row.item_id
    raise fault("subject", "unknown_subject", "no unit or result of this agency")


def _questions(step: Step, made: Survey) -> list[Question]:
    found: list[Question] = []
    for number, row in enumerate(step.rows("questions"), start=1):
        named = row.get("element")
        element = Element(str(named)) if named in set(Element) else None
        text = str(row.get("text") or "").strip()
        english = str(row.get("text_en") or "").strip()
        if element is not None and not english:
            english = ELEMENT_TEXTS[element][2]
        percent = as_decimal(row.get("weight_percent"), "questions")
        own = made.weighing is Weighing.OWN and percent is not None
        weight = percent / _HUNDRED if own and percent is not None else None
        found.append(
            Question(
                survey_id=made.id,
                number=number,
                element=element,
                text=text,
                text_en=english,
                weight=weight,
            )
        )
    return found


def _require_keeper(step: Step, found: Survey) -> None:
    if PERF_ADMIN not in step.actor.groups or not same_agency(step.actor, found.agency_id):
        raise AccessRefused(step.call.element_id, found.id)


def _note(step: Step, found: Survey, act: str, **facts: Json) -> None:
    step.note(f"survey:{found.id}", act, **facts)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.survey.plan": plan_survey,
    "regu.survey.open": open_survey,
    "regu.survey.weigh": weigh_sample,
    "regu.survey.settle": settle_sample,
    "regu.survey.close": close_survey,
    "regu.survey.review": review_answers,
    "regu.survey.tell": tell_results,
    "regu.survey.improve": improve,
}
