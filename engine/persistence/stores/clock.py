"""The pinned business time of a rehearsal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.persistence.stores.transaction import Store
from engine.persistence.tables.work import clock

if TYPE_CHECKING:
    from datetime import datetime


class SqlClockStore(Store):
    """`ClockStore` on SQL: one row that all processes of an installation share."""

    def pinned_at(self) -> datetime | None:
        """The moment business time stands at; a unit that writes holds it until its end."""
        wanted = sa.select(clock.c.pinned_at)
        if self._tx.writes:
            wanted = wanted.with_for_update()
        found: datetime | None = self._tx.execute(wanted).scalar()
        return found

    def pin(self, at: datetime) -> None:
        """Pin business time."""
        self._tx.execute(clock.update().values(pinned_at=at))
