"""Who may use the routes of functional credit; part of `app.route_access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access_rules import Right, Rule, group, read
from engine.domain.access import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

#: credit tells the predikat: who reads the rating reads it
_RATING, _UNIT = read(Resource.RATING), Right(Rule.UNIT)

#: "METHOD rule" -> right
FUNCTIONAL_ROUTES: Final[Mapping[str, Right]] = {
    "GET /angka-kredit": Right(Rule.PERSON),
    "GET /angka-kredit/pegawai": group("report:read"),
    "GET /angka-kredit/<person_id>": _RATING,
    "GET /angka-kredit/unit/<unit_id>": _UNIT,
    "GET /dokumen/angka-kredit/<person_id>": _RATING,
    "GET /api/people/<person_id>/functional-credit": _RATING,
    "GET /api/units/<unit_id>/functional-credit": _UNIT,
}
