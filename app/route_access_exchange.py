"""Who may use the routes of the exchange with SIASN and e-Kinerja; part of `app.route_access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access_rules import Right, Rule, group, read
from engine.domain.access import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

_READ, _RETRY, _OWN = group("exchange:read"), group("exchange:retry"), Right(Rule.PERSON)
#: what is another's is not there
_HIS_OWN = Right(Rule.SIGNED_IN)
_NOTES = read(Resource.DAILY_NOTE)

#: "METHOD rule" -> right
EXCHANGE_ROUTES: Final[Mapping[str, Right]] = {
    # pages
    "GET /pertukaran": _READ,
    "GET /pertukaran/<exchange_id>": _READ,
    "POST /pertukaran/<exchange_id>/kirim-lagi": _RETRY,
    "POST /pertukaran/<exchange_id>/tarik": group("exchange:withdraw"),
    "GET /pertukaran/selisih": _READ,
    "POST /pertukaran/baca-ulang": _RETRY,
    "GET /pertukaran/muatan": _READ,
    "GET /e-kinerja": _OWN,
    "POST /e-kinerja/salin": _OWN,
    "GET /catatan": _OWN,
    "POST /catatan": _OWN,
    "GET /catatan/<person_id>": _NOTES,
    "POST /catatan/<note_id>/perbaiki": _HIS_OWN,
    "POST /catatan/<note_id>/tarik": _HIS_OWN,
    # API
    "GET /api/exchange": _READ,
    "GET /api/exchange/mismatches": _READ,
    "GET /api/me/ekinerja": _OWN,
    "GET /api/me/daily-notes": _OWN,
    "POST /api/me/daily-notes": _OWN,
    "POST /api/me/daily-notes/<note_id>/correction": _HIS_OWN,
    "POST /api/me/daily-notes/<note_id>/withdrawal": _HIS_OWN,
    "GET /api/people/<person_id>/daily-notes": _NOTES,
}
