"""Voices on services: surveys, their results, links, odd answers and complaints of a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask import Response as FlaskResponse
from markupsafe import Markup

from engine.domain.surveys import Standing
from engine.usecases.errors import InputRefused
from engine.usecases.rights import may
from engine.usecases.survey_keeping import LINKS_MAX, RIGHT, RuleAnswer, make_links, rule_answer
from engine.usecases.survey_results import ANSWERS_MAX, my_surveys, unit_voices
from web.context import actor, house
from web.readings import surveys as shown
from web.tables import Column, Table, as_csv, wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from engine.domain.surveys import Survey

pages = Blueprint("services", __name__)

#: a longer id names nothing
_ID_MAX: Final = 40


@pages.get("/layanan")
def mine() -> Response | str:
    """Surveys of the units that the reader heads, or of his agency where he looks after it."""
    found = my_surveys(house(), actor())
    links = [url_for("services.unit", unit_id=unit.id, survei=row.survey.id) for unit, row in found]
    table = shown.survey_table(found, links)
    return wanted(table) or render_template(
        "pages/services.html", table=table, found=found, may_plan=may(actor(), RIGHT)
    )


@pages.get("/layanan/<unit_id>")
def unit(unit_id: str) -> Response | str:
    """The results of one unit, survey by survey."""
    odd = request.args.get("tanda") == "1"
    found = unit_voices(
        house(),
        actor(),
        unit_id,
        survey_id=request.args.get("survei") or None,
        after=request.args.get("after", "")[:_ID_MAX],
        odd=odd,
    )
    chosen, complaints = found.chosen, shown.complaint_table(found.complaints)
    tables = [complaints]
    if chosen is not None:
        tables = [shown.element_table(chosen), shown.answer_table(chosen, found.answers), *tables]
    link = _link(chosen.survey) if chosen and chosen.survey.open_link else ""
    return wanted(*tables) or render_template(
        "pages/unit_voices.html",
        found=found,
        chosen=chosen,
        tables=tables,
        complaints=complaints,
        picture=shown.element_picture(chosen) if chosen else None,
        rows=found.answers[:ANSWERS_MAX],
        more=found.answers[ANSWERS_MAX - 1].answer.id if len(found.answers) > ANSWERS_MAX else "",
        odd=odd,
        link=link,
        qr=_qr(link) if link else "",
        words=shown,
        links_max=LINKS_MAX,
    )


@pages.post("/layanan/tautan")
def links() -> Response:
    """New single links as a file; it is shown this once."""
    text = request.form.get("count", "")
    count = int(text) if text.isascii() and text.isdecimal() and len(text) <= len("1000") else 0
    tokens = make_links(house(), actor(), request.form.get("survey", "")[:_ID_MAX], count)
    table = Table("tautan", _("Single links"), (Column(_("Link")),), [[_url(t)] for t in tokens])
    answer = FlaskResponse(as_csv(table).encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="tautan-survei.csv"'
    return answer


@pages.post("/layanan/jawaban")
def ruled() -> Response:
    """Set an answer aside, or count it again."""
    standing = Standing.COUNTED if request.form.get("act") == "counted" else Standing.ASIDE
    command = RuleAnswer(
        answer_id=request.form.get("answer", "")[:_ID_MAX],
        standing=standing,
        reason=request.form.get("reason", ""),
    )
    try:
        unit_id = rule_answer(house(), actor(), command)
    except InputRefused:
        flash(_("Give a reason of at least five letters."), "bad")
        return redirect(url_for("services.mine"), code=303)
    flash(_("Noted. Nothing is deleted; the figures are counted anew."), "good")
    target = url_for("services.unit", unit_id=unit_id, survei=request.form.get("survey"), tanda="1")
    return redirect(target, code=303)


def _link(survey: Survey) -> str:
    return _url(survey.selector + survey.secret)


def _url(token: str) -> str:
    base = str(current_app.config.get("PUBLIC_URL") or request.url_root).rstrip("/")
    return base + url_for("survey.ask", token=token)


def _qr(address: str) -> Markup:
    """The link as SVG paths: our own markup of an address, no text of anybody's."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=2, omitsize=True, svgclass=None, lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - made of modules, holds no text
