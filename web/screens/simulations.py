"""A change tried on paper: the process before and after with many people at work."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from engine.simulation.assuming import DAYS_MAX, INSTANCES_MAX
from engine.simulation.studying import compare, first_guess, study
from engine.simulation.wording import as_json
from engine.usecases.errors import DrawingRefused, InputRefused
from web.context import actor, house
from web.faults import WORDS
from web.language import agency_zone
from web.readings import simulation_input as form
from web.readings import simulations as reading
from web.readings.simulation_words import sentences
from web.tables import wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.simulation.assuming import Assumptions
    from engine.simulation.studying import Comparison, Study
    from engine.usecases.errors import Finding

pages = Blueprint("simulations", __name__)


@pages.get("/studio/<process_id>/simulasi")
def show(process_id: str) -> Response | tuple[str, int] | str:
    """The form, and when it was sent what comes of it; the address says everything."""
    found = study(house(), actor(), process_id)
    today = house().clock.now().astimezone(agency_zone()).date()
    told = form.assumed(found, first_guess(found, today.replace(day=1)), request.args)
    if "hitung" not in request.args:
        return _page(found, told)
    try:
        outcome = compare(house(), actor(), found, told)
    except InputRefused as refused:
        faults = {fault.field: str(WORDS[fault.code]) for fault in refused.faults}
        return _page(found, told, faults=faults), 422
    except DrawingRefused as refused:
        return _page(found, told, findings=refused.findings), 422
    return _file(found, told, outcome) or _page(found, told, outcome)


def _file(found: Study, told: Assumptions, outcome: Comparison) -> Response | None:
    if request.args.get("bentuk") != "json":
        return wanted(
            reading.summary(outcome, told),
            reading.steps_table(outcome),
            reading.load_table(outcome, told),
        )
    figures = {side: as_json(one) for side, one in reading.sides(outcome)}
    whole = {"process": found.process_id, "seed": told.seed, "asked": request.args.to_dict()}
    answer = Response(json.dumps({**whole, **figures}), mimetype="application/json")
    name = f"simulasi-{found.process_id}.json"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _page(
    found: Study,
    told: Assumptions,
    outcome: Comparison | None = None,
    *,
    faults: dict[str, str] | None = None,
    findings: Sequence[Finding] = (),
) -> str:
    return render_template(
        "pages/simulation.html",
        process_id=found.process_id,
        found=found,
        given=told,
        fields=form.step_fields(found, told),
        outcome=outcome if outcome is not None and reading.sides(outcome) else None,
        out_of_time=outcome is not None and outcome.out_of_time,
        faults=faults or {},
        findings=findings,
        days_max=DAYS_MAX,
        instances_max=INSTANCES_MAX,
        reading=reading,
        sentences=sentences,
    )
