"""Delete what has done its work, in small transactions; never ledger or audit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.usecases.ports.retention import Spent

if TYPE_CHECKING:
    import threading
    from datetime import datetime

    from engine.usecases.ports.work import House

#: how long an answer is kept for a repeated request
ANSWERS_KEPT: Final = timedelta(hours=24)
#: root instances whose history goes in one transaction
INSTANCES: Final = 50
#: rows of one transaction, so that nobody waits long behind it
CHUNK: Final = 500


def sweep(house: House, keep: timedelta, stop: threading.Event | None = None) -> int:
    """Delete what was done `keep` ago (answers: 24 hours), until stopped; how many rows."""
    rows = sum(_all(house, spent, _before(house, spent, keep), stop) for spent in Spent)
    rows += _histories(house, stop)
    if stop is None or not stop.is_set():
        _make_years_ahead(house)
    return rows


def _make_years_ahead(house: House) -> None:
    with house.writing() as uow:
        if uow.retention.make_years_ahead():
            uow.commit()


def _histories(house: House, stop: threading.Event | None) -> int:
    """History whose definition does not keep it for ever; how many instances."""
    with house.reading() as uow:
        keeping = uow.retention.keeping()
    forgotten = 0
    for key, days in keeping:
        now = house.clock.now()
        while stop is None or not stop.is_set():
            with house.writing() as uow:
                chunk = uow.retention.forget_history(
                    key, now - timedelta(days=days), now, INSTANCES
                )
                if chunk:
                    uow.commit()
            forgotten += chunk
            if chunk < INSTANCES:
                break
    return forgotten


def _before(house: House, spent: Spent, keep: timedelta) -> datetime:
    if spent is Spent.ANSWERS:
        return house.clock.real_now() - ANSWERS_KEPT
    # messages live by business time, which stands still or jumps in a rehearsal
    now = house.clock.now() if spent is Spent.MESSAGES else house.clock.real_now()
    return now - keep


def _all(house: House, spent: Spent, before: datetime, stop: threading.Event | None) -> int:
    deleted = 0
    while stop is None or not stop.is_set():
        with house.writing() as uow:
            chunk = uow.retention.forget(spent, before, CHUNK)
            if chunk:
                uow.commit()
        deleted += chunk
        if chunk < CHUNK:
            break
    return deleted
