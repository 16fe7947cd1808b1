"""Who may use the routes of the exchange with SIASN and e-Kinerja; part of `app.route_access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access_rules import Right, Rule, group

if TYPE_CHECKING:
    from collections.abc import Mapping

_READ, _RETRY, _OWN = group("exchange:read"), group("exchange:retry"), Right(Rule.PERSON)

#: "METHOD rule" -> right
EXCHANGE_ROUTES: Final[Mapping[str, Right]] = {
    # pages
    "GET /pertukaran": _READ,
    "GET /pertukaran/<exchange_id>": _READ,
    "POST /pertukaran/<exchange_id>/kirim-lagi": _RETRY,
    "GET /pertukaran/selisih": _READ,
    "POST /pertukaran/baca-ulang": _RETRY,
    "GET /pertukaran/muatan": _READ,
    "GET /e-kinerja": _OWN,
    "POST /e-kinerja/salin": _OWN,
    # API
    "GET /api/exchange": _READ,
    "GET /api/exchange/mismatches": _READ,
    "GET /api/me/ekinerja": _OWN,
}
