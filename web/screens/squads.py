"""Squads of the reader: those he leads, sponsors or works in, and what waits in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.usecases.ports.squad_room import Part
from engine.usecases.squad_handover import handover_pack
from engine.usecases.squad_lists import DESK_ROWS, lead_desk, lent_by_me, my_squads
from engine.usecases.squad_pages import squad_whole
from engine.usecases.squad_reminders import RemindMembers, remind_members
from web import paging
from web.context import actor, house, safe_target
from web.paging import leaf
from web.printing import printed
from web.readings.memberships import own_answers
from web.readings.squads import (
    answer_words,
    bar_of,
    by_squad,
    consent_words,
    figures_table,
    history,
    mine,
    outputs_table,
    role_words,
    roster_table,
    running,
    state_words,
)
from web.tables import wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("squads", __name__)


@pages.get("/tim", endpoint="mine")
def my_list() -> str:
    """What waits in the squads one leads or sponsors, answers to give, and all one's squads."""
    begun = paging.after(2)
    after = (begun[0], begun[1]) if begun else None
    cycle, found = my_squads(house(), actor(), after=after, limit=paging.ROWS + 1)
    cards = leaf(found, lambda card: (card.code, card.squad_id))
    steering = any(card.part is not Part.MEMBER for card in found)
    desk = lead_desk(house(), actor())
    return render_template(
        "pages/squads.html",
        cycle=cycle,
        squads=cards,
        desk=desk,
        rows=DESK_ROWS,
        reminders=by_squad(desk.unclaimed[:DESK_ROWS], actor().person_id),
        steering=steering,
        own=own_answers(house(), actor()),
        lent=lent_by_me(house(), actor()),
        roles=role_words(),
        me=actor().person_id,
        first=after is None,
    )


@pages.get("/tim/<squad_id>")
def show(squad_id: str) -> Response | str:
    """One squad: letter, people, outputs, points, what happens next, what changed."""
    page = squad_whole(house(), actor(), squad_id, request.args.get("siklus") or None)
    roster, outputs = roster_table(page), outputs_table(page)
    if (file := wanted(roster, outputs)) is not None:
        return file
    return render_template(
        "pages/squad.html",
        page=page,
        roster=roster,
        outputs=outputs,
        bars={row.output_id: bar_of(row) for row in page.outputs},
        history=history(page),
        mine=mine(page.steps, actor().person_id),
        here=running(page.roster, page.today),
        reminders=by_squad(page.unclaimed, actor().person_id),
        roles=role_words(),
        states=state_words(),
        consent=consent_words,
        answer=answer_words,
        me=actor().person_id,
    )


@pages.post("/tim/<squad_id>/ingatkan")
def remind(squad_id: str) -> Response:
    """Remind everybody of a squad who has not claimed and was not reminded today."""
    command = RemindMembers(
        squad_id=squad_id, idempotency_key=request.form.get("idempotency_key") or None
    )
    found = remind_members(house(), actor(), command)
    count = int(found["reminded"])
    if count:
        flash(_("Reminders on their way: %(count)s.", count=count), "good")
    else:
        flash(_("Nobody was left to remind: everybody was reminded today."), "note")
    here = url_for("squads.show", squad_id=squad_id)
    return redirect(safe_target(request.form.get("_next"), here), code=303)


@pages.get("/tim/<squad_id>/serah-terima")
def handover(squad_id: str) -> Response | str:
    """Everything open that a lead hands over; `?bentuk=cetak` or `pdf` as a paper."""
    pack = handover_pack(house(), actor(), squad_id)
    if request.args.get("bentuk") in {"pdf", "cetak"}:
        return printed("documents/handover.html", f"serah-terima-{pack.squad.code}", pack)
    outputs = figures_table(pack.outputs, _("Open outputs of %(squad)s", squad=pack.squad.name))
    if (file := wanted(outputs)) is not None:
        return file
    return render_template(
        "pages/handover.html",
        pack=pack,
        outputs=outputs,
        roles=role_words(),
        states=state_words(),
        me=actor().person_id,
    )
