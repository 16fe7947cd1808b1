"""The library of the studio: what there is, what comes in, what goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from werkzeug import Response

from engine.usecases.errors import NotFound
from engine.usecases.library import bring_in, library, take_out
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.rights import may, require
from web.archives import ArchiveRefused, packed, unpacked
from web.context import actor, house
from web.readings import library as reading
from web.tables import wanted
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.library import Brought

pages = Blueprint("library", __name__)

RIGHT = "definition:draft"


@pages.get("/studio")
def show() -> Response | str:
    """Processes, decisions and forms, sieved."""
    require(actor(), "definition:read")
    return _page()


@pages.post("/studio/masuk")
def bring() -> Response | str | tuple[Response | str, int]:
    """Take files in as drafts; each is told what became of it."""
    require(actor(), RIGHT)
    files = [(one.filename or "", one.read()) for one in request.files.getlist("files")]
    try:
        found = unpacked((name, content) for name, content in files if name)
    except ArchiveRefused as refused:
        return _page(refused=refused.code), 422
    if not found:
        return _page(refused="unknown"), 422
    return _page(brought=bring_in(house(), actor(), found))


@pages.get("/studio/keluar")
def take() -> Response:
    """One file, or a zip of those chosen, of a process with all it names, or of everything."""
    require(actor(), "definition:read")
    chosen = _chosen()
    prefers = request.args.get("draf") == "1"
    found = list(take_out(house(), actor(), chosen, drafts=prefers))
    if not found:
        raise NotFound("file", ", ".join(request.args.getlist("apa")))
    if len(found) == 1:
        _subject, name, content = found[0]
        return _file(content, name.rsplit("/", 1)[-1], "application/octet-stream")
    content = packed(
        (f"{one.kind.value}/{name.rsplit('/', 1)[-1]}", text) for one, name, text in found
    )
    return _file(content, "regu-pustaka.zip", "application/zip")


def _chosen() -> Sequence[Subject]:
    """What the query names as "kind:id"; everything when it names nothing."""
    kinds = {kind.value: kind for kind in DraftKind}
    pairs = [text.partition(":") for text in request.args.getlist("apa")]
    named = [Subject(kinds[kind], name) for kind, _colon, name in pairs if kind in kinds and name]
    return named if pairs else [one.subject for one in library(house(), actor())]


def _file(content: bytes, name: str, media: str) -> Response:
    answer = Response(content, mimetype=media)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _page(*, brought: Sequence[Brought] = (), refused: str = "") -> Response | str:
    asked = request.args
    sieve = reading.Sieve(
        text=asked.get("cari", "")[:100],
        kind=asked.get("jenis", "") or DraftKind.PROCESS.value,
        state=asked.get("keadaan", ""),
    )
    books = library(house(), actor())
    lines = reading.shelves(house(), books, sieve)
    table = reading.shelves_table(lines)
    return wanted(table) or render_template(
        "pages/library.html",
        lines=lines,
        table=table,
        sieve=sieve,
        kinds={**reading.KINDS, reading.EVERY: _("All")},
        counts=reading.counts(books, sieve),
        one=reading.ONE,
        states=reading.STATES,
        brought=reading.told(brought),
        addresses={one.subject: reading.address(one.subject) for one in brought if one.subject},
        refused=reading.WHY.get(refused, ""),
        may_draw=may(actor(), RIGHT),
    )
