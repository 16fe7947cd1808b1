"""Surveys of services as tables and pictures; words of people are data, never markup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.scales import at_scale
from engine.domain.surveys import (
    ELEMENT_TEXTS,
    FACTOR,
    MEAN_SCALE,
    WEIGHT_SCALE,
    Flag,
    SurveyState,
    Weighing,
    weights,
)
from web.context import locale
from web.pictures.element_bars import ElementBars, element_bars
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.complaints import Complaint
    from engine.domain.surveys import Question
    from engine.domain.units import Unit
    from engine.usecases.ports.surveys import AnswerRow
    from engine.usecases.survey_results import Result

STATES: Final[Mapping[str, object]] = {
    SurveyState.PLANNED: _l("planned"),
    SurveyState.OPEN: _l("open"),
    SurveyState.CLOSED: _l("closed"),
    SurveyState.TOLD: _l("results told"),
}
FLAGS: Final[Mapping[str, object]] = {
    Flag.TRAP: _l("a hidden field was filled"),
    Flag.HASTE: _l("sent very quickly"),
    Flag.SAME_PLACE: _l("many from one network"),
}
WEIGHINGS: Final[Mapping[str, object]] = {
    Weighing.EQUAL: _l("equal weights, exact (1/9 for nine elements)"),
    Weighing.HUNDREDTHS: _l("weights of two decimals (0.11): compatible with older papers"),
    Weighing.THOUSANDTHS: _l("weights of three decimals (0.111)"),
    Weighing.OWN: _l("the agency's own weights"),
}
#: the words of a grade by its letter; the decision writes Indonesian
GRADES: Final[Mapping[str, object]] = {
    "A": _l("Very good"),
    "B": _l("Good"),
    "C": _l("Less good"),
    "D": _l("Not good"),
}
COMPLAINT_STATES: Final[Mapping[str, object]] = {
    "received": _l("waits for the unit"),
    "escalated": _l("passed on, the unit was silent"),
    "answered": _l("answered"),
}
_ENGLISH: Final[Mapping[str, str]] = {
    "requirements": "Requirements",
    "procedure": "System, mechanism and procedure",
    "time": "Time",
    "cost": "Cost",
    "product": "Product",
    "competence": "Competence of those who serve",
    "conduct": "Conduct of those who serve",
    "complaints": "Handling of complaints",
    "facilities": "Place and equipment",
}


def short_name(question: Question) -> str:
    """The element, or the question itself where it is the agency's own."""
    english = locale() == "en"
    if question.element is None:
        return question.text_en if english and question.text_en else question.text
    return _ENGLISH[question.element] if english else ELEMENT_TEXTS[question.element][0]


def element_table(result: Result) -> Table:
    """Mean, weight and part of the index by question."""
    by = weights(result.survey, result.questions)
    rows = []
    for question in result.questions:
        tally = result.tallies.get(question.number)
        weight = by[question.number]
        rows.append(
            (
                short_name(question),
                tally.people if tally else 0,
                at_scale(tally.mean, MEAN_SCALE) if tally else None,
                at_scale(weight, WEIGHT_SCALE),
                at_scale(tally.mean * weight * FACTOR, MEAN_SCALE) if tally else None,
            )
        )
    columns = (
        Column(_("Element")),
        Column(_("Answers"), Kind.NUMBER),
        Column(_("Mean (NRR), 1 to 4"), Kind.NUMBER),
        Column(_("Weight"), Kind.NUMBER),
        Column(_("Part of the index"), Kind.NUMBER),
    )
    return Table("unsur", _("Answers by element"), columns, rows)


def element_picture(result: Result) -> ElementBars:
    """The means as bars; a question without an answer is left out."""
    means = [
        (short_name(one), at_scale(result.tallies[one.number].mean, MEAN_SCALE))
        for one in result.questions
        if one.number in result.tallies
    ]
    return element_bars(means)


def survey_table(found: Sequence[tuple[Unit, Result]], links: Sequence[str]) -> Table:
    """Surveys with their figures, newest first."""
    columns = (
        Column(_("Service")),
        Column(_("Unit")),
        Column(_("From"), Kind.MOMENT),
        Column(_("To"), Kind.MOMENT),
        Column(_("State")),
        Column(_("Answers that count"), Kind.NUMBER),
        Column(_("Set aside"), Kind.NUMBER),
        Column(_("Index (IKM)"), Kind.NUMBER),
        Column(_("Grade")),
        Column(_("Sample")),
    )
    rows = [
        (
            row.survey.title,
            unit.name,
            row.survey.opens_at,
            row.survey.closes_at,
            str(STATES[row.survey.state]),
            row.counts.counted,
            row.counts.aside,
            row.ikm,
            grade_words(row),
            _("too small") if row.few else _("enough"),
        )
        for unit, row in found
    ]
    return Table("survei", _("Surveys of services"), columns, rows, links)


def grade_words(row: Result) -> str:
    """Like "B, good"; "" without a grade."""
    return f"{row.grade} ({GRADES.get(row.grade, row.word)})" if row.grade else ""


def answer_table(result: Result, rows: Sequence[AnswerRow]) -> Table:
    """Single answers without names and hours, for those who may read them."""
    columns = [
        Column(_("Comment")),
        Column(_("Day"), Kind.DAY),
        *(Column(short_name(one), Kind.NUMBER) for one in result.questions),
        Column(_("Looks odd")),
        Column(_("Set aside")),
    ]
    lines = [
        (
            row.answer.comment,
            row.answer.given_on,
            *(row.scores.get(one.number) for one in result.questions),
            "; ".join(str(FLAGS[flag]) for flag in row.answer.flags),
            row.reason if row.standing == "aside" else "",
        )
        for row in rows
    ]
    return Table("jawaban", _("Answers"), columns, lines)


def complaint_table(rows: Sequence[Complaint]) -> Table:
    """Complaints about a unit with their answers."""
    columns = (
        Column(_("Complaint")),
        Column(_("Received"), Kind.DAY),
        Column(_("State")),
        Column(_("Answer")),
        Column(_("Answered"), Kind.MOMENT),
    )
    lines = [
        (row.text, row.received_on, str(COMPLAINT_STATES[row.state]), row.answer, row.answered_at)
        for row in rows
    ]
    return Table("pengaduan", _("Public complaints"), columns, lines)
