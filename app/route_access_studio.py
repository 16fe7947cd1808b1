"""Who may use the pages of the studio; part of `app.route_access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access_rules import Right, group, here, seen_by

if TYPE_CHECKING:
    from collections.abc import Mapping

_DRAW = group("definition:draft")
_SEE = seen_by("definition:read")
_KNOW = group("definition:read")

#: "METHOD rule" -> right
STUDIO_ROUTES: Final[Mapping[str, Right]] = {
    "GET /studio": group("definition:read"),
    "GET /studio/keluar": group("definition:read"),
    "POST /studio/masuk": _DRAW,
    "GET /studio-baru": _DRAW,
    "POST /studio-baru": _DRAW,
    # who may not draw sees the published drawing
    "GET /studio/<process_id>": _SEE,
    "GET /studio/<process_id>/gambar": _SEE,
    "POST /studio/<process_id>": _DRAW,
    "GET /studio/templat.json": _DRAW,
    "GET /studio/pilihan.json": _DRAW,
    "PUT /studio/<process_id>/draf": _DRAW,
    "POST /studio/<process_id>/draf/sisih": _DRAW,
    "POST /studio/<process_id>/draf/buang": _DRAW,
    "POST /studio/<process_id>/periksa": _DRAW,
    "POST /studio/<process_id>/skenario": _DRAW,
    "GET /studio/<process_id>/langkah": _KNOW,
    "POST /studio/<process_id>/langkah": _DRAW,
    "GET /formulir-baru": _DRAW,
    "POST /formulir-baru": _DRAW,
    "GET /formulir/<form_id>": _SEE,
    "POST /formulir/<form_id>": _DRAW,
    "PUT /formulir/<form_id>/draf": _DRAW,
    "POST /formulir/<form_id>/draf/sisih": _DRAW,
    "POST /formulir/<form_id>/draf/buang": _DRAW,
    "POST /formulir/<form_id>/periksa": _DRAW,
    "GET /formulir/<form_id>/pratinjau": _SEE,
    "POST /formulir/<form_id>/pratinjau": _DRAW,
    "GET /keputusan-baru": _DRAW,
    "POST /keputusan-baru": _DRAW,
    "GET /keputusan/<decision_id>": _SEE,
    "PUT /keputusan/<decision_id>/draf": _DRAW,
    "POST /keputusan/<decision_id>/draf/sisih": _DRAW,
    "POST /keputusan/<decision_id>/draf/buang": _DRAW,
    "POST /keputusan/<decision_id>/periksa": _DRAW,
    "POST /keputusan/<decision_id>/coba": _DRAW,
    "GET /studio/<process_id>/uji": _DRAW,
    "POST /studio/<process_id>/uji": _DRAW,
    "GET /studio/<process_id>/uji/gambar": _DRAW,
    "GET /studio/<process_id>/uji/berkas": _DRAW,
    "GET /studio/<process_id>/uji/naskah": _DRAW,
    "POST /studio/<process_id>/uji/naskah": _DRAW,
    "POST /studio/<process_id>/uji/hapus": _DRAW,
    "POST /studio/<process_id>/uji/buang": _DRAW,
    "GET /studio/<process_id>/simulasi": _DRAW,
    "GET /studio/<process_id>/mainkan": _DRAW,
    "POST /studio/<process_id>/mainkan": _DRAW,
    "POST /studio/<process_id>/mainkan/syarat": _DRAW,
    "GET /studio/<process_id>/mainkan/gambar": _DRAW,
    "GET /studio/<process_id>/terbitkan": _DRAW,
    "POST /studio/<process_id>/terbitkan": _DRAW,
    "GET /keputusan/<decision_id>/terbitkan": _DRAW,
    "POST /keputusan/<decision_id>/terbitkan": _DRAW,
    "GET /formulir/<form_id>/terbitkan": _DRAW,
    "POST /formulir/<form_id>/terbitkan": _DRAW,
    "GET /studio/<process_id>/versi": _KNOW,
    "GET /tinjauan": _KNOW,
    "GET /tinjauan/<release_id>": here("definition:read"),
    "POST /tinjauan/<release_id>": here("definition:review"),
    "GET /api/releases": _KNOW,
    "POST /api/releases": _DRAW,
    "GET /api/releases/<release_id>": here("definition:read"),
    "POST /api/releases/<release_id>/decision": here("definition:review"),
}
