"""Evidence goes out as an attachment that can run nothing."""

from __future__ import annotations

from flask import Blueprint, Response

from engine.usecases.evidence import open_evidence
from web.context import actor, evidence_files, house

pages = Blueprint("evidence", __name__)

POLICY = "sandbox; default-src 'none'"


@pages.get("/bukti/<evidence_id>")
def download(evidence_id: str) -> Response:
    """The file, for those who may see it."""
    found = open_evidence(house(), evidence_files(), actor(), evidence_id)
    answer = Response(found.content, mimetype=found.evidence.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=found.evidence.filename)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
