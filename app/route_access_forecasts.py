"""Who may use the routes of forecasts; part of `app.route_access`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.access_rules import Right, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

#: "METHOD rule" -> right
FORECAST_ROUTES: Final[Mapping[str, Right]] = {
    "GET /perkiraan": Right(Rule.PERSON),
    "GET /perkiraan/unit": Right(Rule.HEADS, "forecast:read"),
    "GET /api/me/forecasts": Right(Rule.PERSON),
    "GET /api/early-warnings": Right(Rule.HEADS, "forecast:read"),
}
