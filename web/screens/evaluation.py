"""A person's evaluation: feedback before any figure, every figure with its arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from engine.domain.behaviour import value_name
from web.context import actor, house, locale
from web.readings import talk_words as words
from web.readings.evaluation import evaluation_sheet
from web.tables import Column, Kind, Table, wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from web.readings.evaluation import EvaluationSheet

pages = Blueprint("evaluation", __name__)


@pages.get("/evaluasi")
def mine() -> str | Response:
    """One's own evaluation."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return person(person_id)


@pages.get("/evaluasi/<person_id>")
def person(person_id: str) -> str | Response:
    """The evaluation of a person, as far as it is the reader's to see."""
    sheet = evaluation_sheet(house(), actor(), person_id, request.args.get("siklus") or None)
    table = _table(sheet)
    file = wanted(table)
    if file is not None:
        return file
    return render_template(
        "pages/evaluation.html",
        sheet=sheet,
        table=table,
        own=actor().person_id == person_id,
        words=words,
        word=words.word,
        value_name=lambda value: value_name(value, english=locale() == "en"),
    )


def _table(sheet: EvaluationSheet) -> Table:
    """The arithmetic of the index, role by role; empty before it may be seen."""
    columns = (
        Column(_("Role")),
        Column(_("Weight"), Kind.PERCENT),
        Column(_("Attainment"), Kind.NUMBER),
        Column(_("Weight times attainment"), Kind.NUMBER),
        Column(_("Level")),
    )
    lines = sheet.found.sheet.rating.index_lines if sheet.found else ()
    rows = [
        (
            line.name,
            line.weight_bp,
            line.attainment,
            line.points,
            words.word(words.LEVELS, line.level),
        )
        for line in lines
    ]
    return Table("evaluasi", _("Index of work results"), columns, rows)
