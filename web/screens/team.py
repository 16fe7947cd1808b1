"""A rater's people: the table, one page about each, and draft words to edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases.briefs import brief as read_brief
from engine.usecases.errors import InputRefused
from engine.usecases.feedback_drafts import put_draft
from engine.usecases.teams import team as read_team
from web.context import actor, house
from web.paging import ROWS
from web.pictures.pattern_strip import pattern_strip
from web.readings import talk_words as words
from web.readings import team as shapes
from web.readings.briefs import brief_sheet
from web.readings.feedback_draft import feedback_draft
from web.tables import Column, Kind, Table, wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from engine.usecases.teams import Team
    from web.pictures.pattern_strip import PatternStrip

pages = Blueprint("team", __name__)
#: characters that a feedback takes
TEXT_MAX: Final = 4_000


@pages.get("/bawahan")
def show() -> str | Response:
    """Everybody whom the reader rates."""
    found = read_team(house(), actor(), request.args.get("siklus") or None)
    asked = shapes.TeamFilter(
        stage=request.args.get("tahap", ""),
        flag=request.args.get("tanda", ""),
        sort=request.args.get("urut", "nama"),
        after=request.args.get("after", ""),
    )
    everybody = shapes.matching(found, asked)
    links = [url_for("team.brief", person_id=one.person.id) for one in everybody]
    table = shapes.team_table(found, everybody, links)
    strip = _strip(found)
    figures = _figures(strip) if strip else None
    file = wanted(table, *([figures] if figures else ()))
    if file is not None:
        return file
    return render_template(
        "pages/team.html",
        team=found,
        page=shapes.team_page(found, asked, ROWS),
        asked=asked,
        table=table,
        strip=strip,
        figures=figures,
        words=words,
        word=words.word,
        attesters=shapes.attesters,
        sorts=shapes.SORTS,
        stage_choices=shapes.stage_choices(),
        flag_choices=shapes.flag_choices(),
        rating_steps=shapes.RATING_STEPS,
    )


@pages.get("/bawahan/<person_id>/ringkas")
def brief(person_id: str) -> str:
    """One person on one page, words before figures."""
    return _brief(person_id, None)


@pages.post("/bawahan/<person_id>/umpan-balik")
def draft(person_id: str) -> Response | tuple[str, int]:
    """Put the edited draft where feedback is sent from; nothing is sent by it."""
    text = request.form.get("text", "").strip()
    if not text or len(text) > TEXT_MAX:
        return _brief(person_id, text), 422
    try:
        key = put_draft(
            house(),
            actor(),
            person_id,
            text,
            idempotency_key=request.form.get("idempotency_key") or None,
        )
    except InputRefused:
        return _brief(person_id, text), 422
    flash(_("Your draft stands in the form: read it once more before you send it."), "good")
    following = url_for("team.brief", person_id=person_id)
    return redirect(url_for("task.show", key=key, _next=following), code=303)


def _brief(person_id: str, text: str | None) -> str:
    found = read_brief(house(), actor(), person_id, request.args.get("siklus") or None)
    return render_template(
        "pages/brief.html",
        brief=found,
        sheet=brief_sheet(found),
        draft=feedback_draft(found) if text is None else text,
        refused=text is not None,
        text_max=TEXT_MAX,
        words=words,
        word=words.word,
        idempotency_key=request.form.get("idempotency_key") or house().ids.uuid(),
    )


def _strip(found: Team) -> PatternStrip | None:
    """The unit against its pattern, else the reader's own people without one."""
    if found.unit is not None:
        unit = found.unit.found
        return pattern_strip(unit.after, unit.people, found.unit.rules)
    own = shapes.counts(found)
    return pattern_strip(own, len(found.mates), ()) if found.mates else None


def _figures(strip: PatternStrip) -> Table:
    columns = (Column(_("Predikat")), Column(_("People"), Kind.NUMBER))
    rows = [
        (
            str(one.predikat.value).replace("_", " ").title() if one.predikat else _("Not rated"),
            one.people,
        )
        for one in strip.segments
    ]
    return Table("distribusi", _("Distribution of predikats"), columns, rows)
