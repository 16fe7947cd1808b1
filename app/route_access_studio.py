"""Who may use the pages of the studio; part of `app.route_access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access_rules import Right, changed_by, changed_here_by, seen_by, seen_here_by

if TYPE_CHECKING:
    from collections.abc import Mapping

_READ = "definition:read"
_DRAW = changed_by("definition:draft", _READ)
#: tools of who draws: there is nothing in them to be read only
_TOOL = seen_by("definition:draft")
_SEE, _SEE_HERE = seen_by(_READ), seen_here_by(_READ)
_REVIEW_HERE = changed_here_by("definition:review", _READ)

#: "METHOD rule" -> right
STUDIO_ROUTES: Final[Mapping[str, Right]] = {
    "GET /studio": _SEE,
    "GET /studio/keluar": _SEE,
    "POST /studio/masuk": _DRAW,
    "GET /studio-baru": _TOOL,
    "POST /studio-baru": _DRAW,
    # who may not draw sees the published drawing
    "GET /studio/<process_id>": _SEE,
    "GET /studio/<process_id>/gambar": _SEE,
    "POST /studio/<process_id>": _DRAW,
    "GET /studio/templat.json": _TOOL,
    "GET /studio/pilihan.json": _TOOL,
    "PUT /studio/<process_id>/draf": _DRAW,
    "POST /studio/<process_id>/draf/sisih": _DRAW,
    "POST /studio/<process_id>/draf/buang": _DRAW,
    "POST /studio/<process_id>/periksa": _DRAW,
    "POST /studio/<process_id>/skenario": _DRAW,
    "GET /studio/<process_id>/langkah": _SEE,
    "POST /studio/<process_id>/langkah": _DRAW,
    "GET /formulir-baru": _TOOL,
    "POST /formulir-baru": _DRAW,
    "GET /formulir/<form_id>": _SEE,
    "POST /formulir/<form_id>": _DRAW,
    "PUT /formulir/<form_id>/draf": _DRAW,
    "POST /formulir/<form_id>/draf/sisih": _DRAW,
    "POST /formulir/<form_id>/draf/buang": _DRAW,
    "POST /formulir/<form_id>/periksa": _DRAW,
    "GET /formulir/<form_id>/pratinjau": _SEE,
    "POST /formulir/<form_id>/pratinjau": _DRAW,
    "GET /keputusan-baru": _TOOL,
    "POST /keputusan-baru": _DRAW,
    "GET /keputusan/<decision_id>": _SEE,
    "PUT /keputusan/<decision_id>/draf": _DRAW,
    "POST /keputusan/<decision_id>/draf/sisih": _DRAW,
    "POST /keputusan/<decision_id>/draf/buang": _DRAW,
    "POST /keputusan/<decision_id>/periksa": _DRAW,
    "POST /keputusan/<decision_id>/coba": _DRAW,
    "GET /studio/<process_id>/uji": _TOOL,
    "POST /studio/<process_id>/uji": _DRAW,
    "GET /studio/<process_id>/uji/gambar": _TOOL,
    "GET /studio/<process_id>/uji/berkas": _TOOL,
    "GET /studio/<process_id>/uji/naskah": _TOOL,
    "POST /studio/<process_id>/uji/naskah": _DRAW,
    "POST /studio/<process_id>/uji/hapus": _DRAW,
    "POST /studio/<process_id>/uji/buang": _DRAW,
    "GET /studio/<process_id>/simulasi": _TOOL,
    "GET /studio/<process_id>/mainkan": _TOOL,
    "POST /studio/<process_id>/mainkan": _DRAW,
    "POST /studio/<process_id>/mainkan/syarat": _DRAW,
    "GET /studio/<process_id>/mainkan/gambar": _TOOL,
    "GET /studio/<process_id>/terbitkan": _TOOL,
    "POST /studio/<process_id>/terbitkan": _DRAW,
    "GET /keputusan/<decision_id>/terbitkan": _TOOL,
    "POST /keputusan/<decision_id>/terbitkan": _DRAW,
    "GET /formulir/<form_id>/terbitkan": _TOOL,
    "POST /formulir/<form_id>/terbitkan": _DRAW,
    "GET /studio/<process_id>/versi": _SEE,
    "GET /keputusan/<decision_id>/versi": _SEE,
    "GET /formulir/<form_id>/versi": _SEE,
    "GET /tinjauan": _SEE,
    "GET /tinjauan/<release_id>": _SEE_HERE,
    "POST /tinjauan/<release_id>": _REVIEW_HERE,
    "GET /api/releases": _SEE,
    "POST /api/releases": _DRAW,
    "GET /api/releases/<release_id>": _SEE_HERE,
    "POST /api/releases/<release_id>/decision": _REVIEW_HERE,
}
