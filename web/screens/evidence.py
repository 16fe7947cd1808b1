"""Evidence goes out as an attachment that can run nothing, or inline where nothing can run."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, redirect, url_for

from engine.usecases.evidence import evidence_link, open_evidence
from web.context import actor, evidence_files, house
from web.readings.viewer import Look, look_of

pages = Blueprint("evidence", __name__)

POLICY: Final = "sandbox; default-src 'none'"
#: a browser's own reader of PDF is no sandboxed page; scripts stay forbidden, frames are ours only
READER_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; object-src 'self'; "
    "frame-ancestors 'self'"
)


@pages.get("/bukti/<evidence_id>")
def download(evidence_id: str) -> Response:
    """The file, for those who may see it; evidence that is a link leads there."""
    link = evidence_link(house(), actor(), evidence_id)
    if link:
        return redirect(link, code=303)  # type: ignore[return-value]
    found = open_evidence(house(), evidence_files(), actor(), evidence_id)
    answer = Response(found.content, mimetype=found.evidence.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=found.evidence.filename)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


@pages.get("/bukti/<evidence_id>/lihat")
def look(evidence_id: str) -> Response:
    """A picture or PDF inside a page of ours; anything else goes out as a file."""
    found = open_evidence(house(), evidence_files(), actor(), evidence_id)
    how = look_of(found.evidence)
    if how not in (Look.IMAGE, Look.PDF):
        return redirect(url_for("evidence.download", evidence_id=evidence_id), code=303)  # type: ignore[return-value]
    answer = Response(found.content, mimetype=found.evidence.media_type)
    answer.headers.set("Content-Disposition", "inline", filename=found.evidence.filename)
    answer.headers["Content-Security-Policy"] = READER_POLICY if how is Look.PDF else POLICY
    return answer
