"""One output: the bar that must read 100 %, where it came from, and what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from engine.usecases.squad_pages import output_whole
from web.context import actor, house
from web.pictures.shares import share_bar
from web.readings.squads import handed_in, lines_table, member_lines, mine, state_words
from web.tables import wanted

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("outputs", __name__)


@pages.get("/hasil/<output_id>")
def show(output_id: str) -> Response | str:
    """Expected against claimed against attested, the pool, reasons, versions, the ledger."""
    page = output_whole(house(), actor(), output_id)
    lines = member_lines(page)
    table = lines_table(page, lines)
    if (file := wanted(table)) is not None:
        return file
    bars = {
        "expected": share_bar([(line.name, line.expected_bp) for line in lines]),
        "claimed": share_bar([(line.name, handed_in(line.claim)) for line in lines]),
        "attested": share_bar(
            [(line.name, line.credited_bp) for line in lines],
            pool_bp=page.pool_bp,
            collective_bp=page.collective_bp,
        ),
    }
    order = {line.person_id: number for number, line in enumerate(page.lines)}
    return render_template(
        "pages/output.html",
        page=page,
        lines=lines,
        table=table,
        bars=bars,
        versions=[
            (
                one,
                share_bar(
                    (line.name, line.expected_bp)
                    for line in sorted(one.lines, key=lambda line: order.get(line.person_id, 99))
                ),
            )
            for one in page.versions
        ],
        states=state_words(),
        mine=mine(page.steps, actor().person_id),
        me=actor().person_id,
    )
