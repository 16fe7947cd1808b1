"""What citizens say about a unit's services: index, means, counts, comments, complaints."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.surveys import SurveyKind, SurveyState, index, weights
from engine.domain.units import Unit
from engine.usecases.cascading import headed_units
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.ports.surveys import Counts
from engine.usecases.relations import require_unit
from engine.usecases.rights import may
from engine.usecases.survey_rules import grade_of, tables_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from decimal import Decimal

    from engine.domain.complaints import Complaint, ComplaintState
    from engine.domain.surveys import Question, Survey, Tally
    from engine.usecases.actor import Actor
    from engine.usecases.ports.surveys import AnswerRow
    from engine.usecases.ports.work import House, UnitOfWork

#: surveys, complaints and comments on one page
SURVEYS_MAX: Final = 50
COMPLAINTS_MAX: Final = 50
ANSWERS_MAX: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One survey in figures."""

    survey: Survey
    questions: Sequence[Question]
    #: question number -> sums of the answers that count
    tallies: Mapping[int, Tally]
    counts: Counts
    #: None without a whole answer; partners' surveys have no grade
    ikm: Decimal | None
    grade: str
    word: str
    #: the index without answers that look odd and that nobody looked at
    ikm_sound: Decimal | None
    #: single links made, and used
    links: tuple[int, int]

    @property
    def few(self) -> bool:
        """Whether too few answered for the figure to speak for all."""
        return self.counts.counted < self.survey.least_answers


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitVoices:
    """A unit's page."""

    unit: Unit
    results: Sequence[Result]
    complaints: Sequence[Complaint]
    #: answers of the chosen survey with their comments, in no order of time
    answers: Sequence[AnswerRow]
    chosen: Result | None
    #: whether the reader keeps surveys: makes links, sets answers aside
    keeps: bool


def unit_voices(
    house: House,
    actor: Actor,
    unit_id: str,
    *,
    survey_id: str | None = None,
    after: str = "",
    odd: bool = False,
) -> UnitVoices:
    """The results of a unit; `NotFound` for who does not read the unit's.

    While a window is open nobody but who keeps surveys reads single answers.
    """
    with house.reading() as uow:
        unit = uow.agency.get(Unit, unit_id)
        if unit is None:
            raise NotFound("unit", unit_id)
        require_unit(Standing(uow, house.clock.now()), actor, unit)
        keeps = may(actor, "survey:keep") and actor.agency_id == unit.agency_id
        found = uow.surveys.of_units([unit_id], limit=SURVEYS_MAX)
        results = survey_results(house, uow, found)
        chosen = _chosen(results, survey_id)
        shown = chosen is not None and (keeps or chosen.survey.state is not SurveyState.OPEN)
        answers: Sequence[AnswerRow] = ()
        if chosen is not None and shown:
            answers = uow.surveys.answers(
                chosen.survey.id, after=after, odd=odd, limit=ANSWERS_MAX + 1
            )
        return UnitVoices(
            unit=unit,
            results=results,
            complaints=uow.surveys.complaints(unit_id, limit=COMPLAINTS_MAX),
            answers=answers,
            chosen=chosen,
            keeps=keeps,
        )


def my_surveys(house: House, actor: Actor) -> Sequence[tuple[Unit, Result]]:
    """Surveys of the units that the actor heads, or of his whole agency where he looks after it."""
    if actor.agency_id is None:
        return []
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        units = {unit.id: unit for unit in uow.agency.units(actor.agency_id)}
        mine: Collection[str] = units
        if not may(actor, "report:read"):
            mine = headed_units(standing, actor.person_id) if actor.person_id else ()
        found = uow.surveys.of_units([one for one in mine if one in units], limit=SURVEYS_MAX)
        return [(units[row.survey.unit_id], row) for row in survey_results(house, uow, found)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What citizens say about the service that a planned result (RHK) is."""

    #: closed surveys, newest first
    surveys: Sequence[Result]
    #: how many complaints stand in each state
    complaints: Mapping[ComplaintState, int]
    #: complaints in words, newest first; none for who does not read the unit's
    words: Sequence[Complaint]


def voices_beside(house: House, actor: Actor, item_ids: Collection[str]) -> Mapping[str, Beside]:
    """Closed surveys and complaints of planned results, by result; what stands beside an RHK.

    Whoever may read a plan may read figures and states; the caller has asked. Words are for who
    reads the unit's page.
    """
    if not item_ids:
        return {}
    with house.reading() as uow:
        surveys: dict[str, list[Result]] = {}
        for row in survey_results(house, uow, uow.surveys.of_items(item_ids)):
            surveys.setdefault(row.survey.item_id or "", []).append(row)
        counts = uow.surveys.complaint_counts(item_ids)
        words = _readable_words(house, uow, actor, counts)
    return {
        one: Beside(
            surveys=surveys.get(one, ()),
            complaints=counts.get(one, {}),
            words=[row for row in words if row.item_id == one],
        )
        for one in surveys.keys() | counts.keys()
    }


def _readable_words(
    house: House, uow: UnitOfWork, actor: Actor, item_ids: Collection[str]
) -> list[Complaint]:
    """Complaints of these results about units whose page the actor may read."""
    if not item_ids:
        return []
    found = uow.surveys.complaints_about(item_ids, limit=COMPLAINTS_MAX)
    standing, open_units = Standing(uow, house.clock.now()), set()
    for unit_id in {row.unit_id for row in found}:
        unit = uow.agency.get(Unit, unit_id)
        with suppress(NotFound):
            if unit is not None:
                require_unit(standing, actor, unit)
                open_units.add(unit_id)
    return [row for row in found if row.unit_id in open_units]


def survey_results(house: House, uow: UnitOfWork, found: Sequence[Survey]) -> list[Result]:
    """These surveys in figures, in as many statements whatever their number."""
    if not found:
        return []
    ids = [row.id for row in found]
    questions, counts = uow.surveys.questions(ids), uow.surveys.counts(ids)
    tallies, sound = uow.surveys.tallies(ids), uow.surveys.tallies(ids, sound=True)
    links = uow.surveys.passes(ids)
    results = []
    for row in found:
        asked = questions.get(row.id, ())
        ikm = _index(row, asked, tallies.get(row.id, ()))
        graded = row.kind is SurveyKind.SERVICE
        grade, word = grade_of(tables_of(house, uow, row.agency_id), ikm) if graded else ("", "")
        results.append(
            Result(
                survey=row,
                questions=asked,
                tallies={one.number: one for one in tallies.get(row.id, ())},
                counts=counts.get(row.id, Counts()),
                ikm=ikm,
                grade=grade,
                word=word,
                ikm_sound=_index(row, asked, sound.get(row.id, ())),
                links=links.get(row.id, (0, 0)),
            )
        )
    return results


def _index(row: Survey, asked: Sequence[Question], sums: Sequence[Tally]) -> Decimal | None:
    return index({one.number: one.mean for one in sums}, weights(row, asked))


def _chosen(results: Sequence[Result], survey_id: str | None) -> Result | None:
    if survey_id is None:
        return results[0] if results else None
    return next((row for row in results if row.survey.id == survey_id), None)
