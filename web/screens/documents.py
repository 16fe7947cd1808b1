"""Statutory documents: a plan and an evaluation, as a page that prints and as PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, request

from web.context import actor, house
from web.printing import printed
from web.readings.papers import evaluation_paper, plan_paper

if TYPE_CHECKING:
    from werkzeug import Response

pages = Blueprint("documents", __name__)


@pages.get("/dokumen/skp/<person_id>")
def plan(person_id: str) -> Response:
    """A person's plan; `?bentuk=pdf` for PDF."""
    paper = plan_paper(house(), actor(), person_id, request.args.get("siklus") or None)
    return printed("documents/skp.html", f"skp-{paper.employee.person.nip}", paper)


@pages.get("/dokumen/evaluasi/<person_id>")
def evaluation(person_id: str) -> Response:
    """A person's evaluation; `?bentuk=pdf` for PDF."""
    paper = evaluation_paper(house(), actor(), person_id, request.args.get("siklus") or None)
    return printed("documents/evaluation.html", f"evaluasi-{paper.rating.id}", paper)
