"""A row on its way to SIASN, for tests that need one."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.domain.exchange import Exchange, ExchangeKind, ExchangeState, key_of

NOON = datetime(2027, 2, 1, 5, 0, tzinfo=UTC)


def waiting_row(town, name, **changes):
    """A yearly evaluation of somebody that waits to be sent."""
    person, cycle = town.ids[name], town.ids["cycle"]
    known = {
        "id": town.house.ids.uuid(),
        "agency_id": town.ids["agency"],
        "person_id": person,
        "cycle_id": cycle,
        "period_id": None,
        "kind": ExchangeKind.ANNUAL,
        "key": key_of(ExchangeKind.ANNUAL, person, cycle),
        "batch_id": "a run",
        "rating_id": "a rating",
        "payload": {"tahun": 2026},
        "state": ExchangeState.WAITING,
        "approved_by": person,
        "approved_at": NOON,
        "at": NOON,
    }
    return Exchange(**{**known, **changes})
