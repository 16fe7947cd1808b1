"""How often costly routes may be asked: per account, or per address where nobody signs in.

Each process counts for itself; a load balancer before several lets through as many times more.
Wrong passwords are another matter: they are counted in the database (`accounts.check_tries`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import g, request
from werkzeug.exceptions import TooManyRequests

from app.throttle import AddressBook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

#: group of REGU_RATES -> "METHOD rule" of its routes
GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "export": frozenset(
        {
            "POST /kelola/ekspor",
            "POST /kelola/audit/bukti",
            "POST /data-saya/unduh",
            "GET /api/exports/agency",
            "GET /api/history/<process_id>",
            "GET /api/verify",
            "GET /dokumen/skp/<person_id>",
            "GET /dokumen/evaluasi/<person_id>",
            "GET /dokumen/angka-kredit/<person_id>",
            "GET /sertifikat/<code>/dokumen",
            "POST /studio/<process_id>/simulasi",
        }
    ),
    "upload": frozenset(
        {"POST /api/evidence", "POST /kelola/impor", "POST /api/imports", "POST /studio/masuk"}
    ),
    "deploy": frozenset({"POST /v2/deployments"}),
    "sign-in": frozenset(
        {
            "POST /masuk",
            "POST /masuk/kode",
            "GET /masuk/sso",
            "GET /masuk/sso/kembali",
            "POST /oauth/token",
        }
    ),
    "public": frozenset({"POST /survei/<token>", "POST /survei/<token>/pengaduan"}),
}
_GROUP_OF: Final = {route: group for group, routes in GROUPS.items() for route in routes}


def register(app: Flask, rates: Mapping[str, tuple[int, int]]) -> None:
    """Refuse (429, Retry-After) what comes more often; behind the desk, which says who asks."""
    books = {group: AddressBook(most, seconds) for group, (most, seconds) in rates.items()}

    @app.before_request
    def refuse() -> None:
        rule = request.url_rule.rule if request.url_rule is not None else ""
        book = books.get(_GROUP_OF.get(f"{request.method} {rule}", ""))
        if book is None:
            return
        account = g.get("account")
        who = f"account {account.login}" if account else f"address {request.remote_addr}"
        wait = book.wait_seconds(who)
        if wait:
            raise TooManyRequests("too many of these in a while", retry_after=wait)
        book.note(who)
