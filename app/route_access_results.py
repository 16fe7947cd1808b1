"""Who may use the routes of what results are used for; part of `app.route_access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access_rules import Right, Rule, group, here, read
from engine.domain.access import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

#: "METHOD rule" -> right
RESULT_ROUTES: Final[Mapping[str, Right]] = {
    "GET /portofolio": Right(Rule.PERSON),
    "GET /portofolio/<person_id>": read(Resource.PORTFOLIO),
    "GET /tunjangan": group("report:read"),
    "GET /rujukan": group("referral:read"),
    "GET /api/people/<person_id>/portfolio": read(Resource.PORTFOLIO),
    "GET /api/cycles/<cycle_id>/allowances": here("report:read"),
    "GET /api/referrals": group("referral:read"),
}
