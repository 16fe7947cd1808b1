"""Regu's own path for an agency's year as a workbook."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from api.door import actor, house
from api.smorest import Paths
from api.work_shapes import CycleQuery
from engine.usecases.exports import export_agency

paths = Paths("exports", "/api", "An agency's year as a workbook that an import reads.")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@paths.operation("GET", "/exports/agency", query=CycleQuery, errors=(404,), media=(XLSX,))
def get_agency_workbook(query: dict[str, Any]) -> Response:
    """The actor's agency in a cycle (the newest) as xlsx, with the sheets of an import."""
    content = export_agency(house(), actor(), query.get("cycle"))
    answer = Response(content, mimetype=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="instansi.xlsx"'
    return answer
