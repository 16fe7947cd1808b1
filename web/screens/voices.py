"""360: requests to answer, and what others say together, never one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, render_template, request

from engine.domain.behaviour import Value, statements_of, value_name
from engine.domain.voices import SHOWN_FROM
from engine.usecases.ratings import voices as read_voices
from engine.usecases.voice_requests import voice_requests
from web.context import actor, house, locale
from web.readings import talk_words as words
from web.readings.names import person_names
from web.tables import Column, Kind, Table, wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from engine.usecases.ratings import Voices

pages = Blueprint("voices", __name__)


@pages.get("/suara")
def mine() -> str | Response:
    """What others ask of the reader, and what they say about him together."""
    person_id = actor().person_id
    if person_id is None:
        abort(404)
    return _page(person_id)


@pages.get("/suara/<person_id>")
def person(person_id: str) -> str | Response:
    """What others say about a person together, for him and his rater."""
    return _page(person_id)


def _page(person_id: str) -> str | Response:
    found = read_voices(house(), actor(), person_id, request.args.get("siklus") or None)
    own = actor().person_id == person_id
    table = _table(found)
    file = wanted(table)
    if file is not None:
        return file
    english = locale() == "en"
    return render_template(
        "pages/voices.html",
        found=found,
        own=own,
        name=person_names(house(), [person_id]).get(person_id, ""),
        requests=voice_requests(house(), actor()) if own else (),
        table=table,
        values=[
            (
                value_name(value, english=english),
                [one.text_en if english else one.text for one in statements_of(value)],
            )
            for value in Value
        ],
        least=SHOWN_FROM,
        words=words,
        word=words.word,
    )


def _table(found: Voices) -> Table:
    english = locale() == "en"
    columns = (
        Column(_("Value")),
        Column(_("Given by")),
        Column(_("Mean, 1 below to 3 above expectation"), Kind.NUMBER),
        Column(_("Answers"), Kind.NUMBER),
    )
    order = {value: place for place, value in enumerate(Value)}
    rows = [
        (
            value_name(row.value, english=english),
            words.word(words.SOURCES, row.source),
            row.mean,
            row.people,
        )
        for row in sorted(found.counts, key=lambda row: (order[row.value], row.source))
    ]
    return Table("suara", _("360 feedback"), columns, rows)
