"""Who may use the routes of personal data; part of `app.route_access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access_rules import Right, Rule, group, read
from engine.domain.access import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

#: "METHOD rule" -> right
PRIVACY_ROUTES: Final[Mapping[str, Right]] = {
    "GET /data-saya": Right(Rule.PERSON),
    "POST /data-saya/unduh": Right(Rule.PERSON),
    "GET /audit/pembacaan": group("audit:read"),
    "GET /api/people/<person_id>/readings": read(Resource.READINGS),
    "GET /api/readings": group("audit:read"),
}
