"""A published drawing for those who may read it and not change it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import render_template, request

from engine.usecases.errors import NotFound
from engine.usecases.process_views import definition, definitions
from engine.usecases.rights import may
from web.context import actor, house
from web.csp import drawing_page
from web.drawings import documentation, element_kinds, element_names
from web.element_words import KINDS
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug import Response

    from engine.usecases.ports.process import DefinitionRow

READ = "definition:read"
#: nothing stands on a drawing that is only read
_UNMARKED: Final = json.dumps({"tokens": {}, "incidents": []})
#: what the kinds of elements end with that somebody or something does or waits for
_STEPS: Final = ("ask", "Event", "Gateway", "Activity", "ubProcess", "ransaction")


@dataclass(frozen=True, slots=True)
class Step:
    """One element with a name, as the table below the drawing has it."""

    name: str
    kind: str


def looked_at(process_id: str) -> Response:
    """The page of a version; `NotFound` for whoever may not read drawings."""
    row = published(process_id)
    page = render_template(
        "pages/drawing.html",
        row=row,
        said=documentation(row.xml),
        steps=_steps(row.xml),
        versions=_versions(process_id),
        marks=_UNMARKED,
    )
    return drawing_page(page)


def published(process_id: str) -> DefinitionRow:
    """The version that is asked for, else the newest; `NotFound` also without the right."""
    if not may(actor(), READ):
        raise NotFound("process", process_id)
    rows = _versions(process_id)
    if not rows:
        raise NotFound("process", process_id)
    wanted = request.args.get("versi", "")
    chosen = next((row for row in rows if str(row.version) == wanted), rows[0])
    return definition(house(), actor(), chosen.key)


def _versions(process_id: str) -> Sequence[DefinitionRow]:
    return definitions(house(), actor(), process_id=process_id, latest=False)


def _steps(xml: bytes) -> list[Step]:
    kinds = element_kinds(xml)
    named = element_names(xml).items()
    return [Step(name, _kind(kinds[one])) for one, name in named if kinds[one].endswith(_STEPS)]


def _kind(tag: str) -> str:
    """Such as "userTask", in words."""
    apart = "".join(f" {one}" if one.isupper() else one for one in tag)
    known = KINDS.get(apart[:1].upper() + apart[1:])
    return str(known) if known else _("Other")
