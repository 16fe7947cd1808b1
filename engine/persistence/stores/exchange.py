"""Evaluations on their way to SIASN, what SIASN was read to hold, and copied fields, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.domain.exchange import MOVING, STOPPED, Exchange, ExchangeState
from engine.persistence.stores.exchange_reading import ExchangeReadings
from engine.persistence.stores.rows import RowMapper
from engine.persistence.tables import agency as a
from engine.persistence.tables import exchange as t
from engine.persistence.tables import performance as p
from engine.usecases.ports.exchange import Attempt, CopiedField, ExchangeLine, SiasnReading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.persistence.stores.transaction import Transaction

_ROWS: Final = RowMapper(Exchange, t.exchange)
_ATTEMPTS: Final = RowMapper(Attempt, t.exchange_attempt)
_READINGS: Final = RowMapper(SiasnReading, t.siasn_person)
_COPIES: Final = RowMapper(CopiedField, t.copied_field)
_C, _P = t.exchange.c, t.siasn_person.c
#: people asked for in one statement
_CHUNK: Final = 500


class SqlExchangeStore(ExchangeReadings):
    """`ExchangeStore` on a transaction."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx.connection)
        self._insert: Any = postgresql.insert if tx.is_postgresql else sqlite.insert

    def of_keys(self, keys: Sequence[str]) -> Mapping[str, Exchange]:
        """Rows by key."""
        found: dict[str, Exchange] = {}
        for start in range(0, len(keys), _CHUNK):
            wanted = sa.select(*_ROWS.columns).where(_C.key.in_(keys[start : start + _CHUNK]))
            found |= {row.key: row for row in _ROWS.all_of(self._connection.execute(wanted))}
        return found

    def get(self, exchange_id: str) -> Exchange | None:
        """One row."""
        wanted = sa.select(*_ROWS.columns).where(_C.id == exchange_id)
        return _ROWS.one_of(self._connection.execute(wanted))

    def put(self, rows: Sequence[Exchange]) -> None:
        """New rows, and rows as they are now."""
        self._put(t.exchange, ("id",), [_ROWS.values(row) for row in rows])

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of rows to be sent or read back now, oldest first."""
        wanted = (
            sa.select(_C.id)
            .where(_C.state.in_(sorted(MOVING)), _free(now))
            .order_by(_C.free_at.is_not(None), _C.free_at, _C.id)
            .limit(limit)
        )
        return [str(row.id) for row in self._connection.execute(wanted)]

    def hold(self, exchange_id: str, now: datetime, until: datetime) -> Exchange | None:
        """The row as it was, held by this sender; None when another one was faster."""
        free = sa.and_(_C.id == exchange_id, _C.state.in_(sorted(MOVING)), _free(now))
        before = _ROWS.one_of(
            self._connection.execute(sa.select(*_ROWS.columns).where(free).with_for_update())
        )
        if before is None:
            return None
        held = sa.update(t.exchange).where(free).values(state=ExchangeState.SENDING, free_at=until)
        return before if self._connection.execute(held).rowcount else None

    def attempted(self, attempt: Attempt) -> None:
        """Note a request."""
        self._connection.execute(sa.insert(t.exchange_attempt), [_ATTEMPTS.values(attempt)])

    def attempts(self, exchange_id: str) -> Sequence[Attempt]:
        """Requests of a row, oldest first."""
        c = t.exchange_attempt.c
        wanted = sa.select(*_ATTEMPTS.columns).where(c.exchange_id == exchange_id).order_by(c.id)
        return _ATTEMPTS.all_of(self._connection.execute(wanted))

    def states(self, agency_id: str, batch_id: str | None = None) -> Mapping[ExchangeState, int]:
        """How many rows stand where."""
        wanted = sa.select(_C.state, sa.func.count()).where(_C.agency_id == agency_id)
        if batch_id is not None:
            wanted = wanted.where(_C.batch_id == batch_id)
        return {row[0]: row[1] for row in self._connection.execute(wanted.group_by(_C.state))}

    def lines(
        self, agency_id: str, states: Sequence[ExchangeState], *, after: str = "", limit: int
    ) -> Sequence[ExchangeLine]:
        """Rows in these states, newest first, keyset paged by id."""
        wanted = (
            sa.select(*_ROWS.columns, a.person.c.name, a.person.c.nip, p.period.c.name)
            .join(a.person, a.person.c.id == _C.person_id)
            .outerjoin(p.period, p.period.c.id == _C.period_id)
            .where(_C.agency_id == agency_id, _C.state.in_(sorted(states)))
            .order_by(_C.id.desc())
            .limit(limit)
        )
        if after:
            wanted = wanted.where(_C.id < after)
        width = _ROWS.width
        return [
            ExchangeLine(
                row=_ROWS.of(row[:width]),
                name=row[width],
                nip=row[width + 1],
                period_name=row[width + 2] or "",
            )
            for row in self._connection.execute(wanted)
        ]

    def stopped(self, batch_id: str) -> Sequence[Exchange]:
        """Rows of a run that wait for a person."""
        wanted = sa.select(*_ROWS.columns).where(
            _C.batch_id == batch_id, _C.state.in_(sorted(STOPPED))
        )
        return _ROWS.all_of(self._connection.execute(wanted.order_by(_C.id)))

    def want(self, agency_id: str, person_ids: Sequence[str] | None, at: datetime) -> int:
        """Ask that SIASN is read for these people, or for everybody; how many."""
        wanted = sa.select(a.person.c.id).where(a.person.c.agency_id == agency_id)
        if person_ids is not None:
            wanted = wanted.where(a.person.c.id.in_(person_ids))
        ids = [str(row.id) for row in self._connection.execute(wanted)]
        fresh = {"siasn_id": "", "about": {}, "annual": [], "periodic": [], "fault": ""}
        rows = [
            {"person_id": i, "agency_id": agency_id, **fresh, "wanted_at": at, "attempts": 0}
            for i in ids
        ]
        if rows:
            put = self._insert(t.siasn_person)
            put = put.on_conflict_do_update(
                index_elements=["person_id"],
                set_={"wanted_at": put.excluded.wanted_at, "attempts": 0},
            )
            self._connection.execute(put, rows)
        return len(rows)

    def wanted(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """(person id, nip) of people to be read now."""
        asked = (
            sa.select(_P.person_id, a.person.c.nip)
            .join(a.person, a.person.c.id == _P.person_id)
            .where(_P.wanted_at <= now)
            .order_by(_P.wanted_at, _P.person_id)
            .limit(limit)
        )
        return [(row.person_id, row.nip) for row in self._connection.execute(asked)]

    def reading(self, person_id: str) -> SiasnReading | None:
        """What was read of a person."""
        wanted = sa.select(*_READINGS.columns).where(_P.person_id == person_id)
        return _READINGS.one_of(self._connection.execute(wanted))

    def keep(self, reading: SiasnReading) -> None:
        """What was read now."""
        self._put(t.siasn_person, ("person_id",), [_READINGS.values(reading)])

    def copied(self, person_id: str, cycle_id: str) -> Sequence[CopiedField]:
        """Marks of a person."""
        c = t.copied_field.c
        wanted = sa.select(*_COPIES.columns).where(c.person_id == person_id, c.cycle_id == cycle_id)
        return _COPIES.all_of(self._connection.execute(wanted.order_by(c.entry, c.field)))

    def mark(self, person_id: str, cycle_id: str, field: CopiedField) -> None:
        """Remember that a field was copied with these words."""
        values = {"person_id": person_id, "cycle_id": cycle_id, **_COPIES.values(field)}
        self._put(t.copied_field, ("person_id", "entry", "field"), [values])

    def unmark(self, person_id: str, entry: str, field: str) -> None:
        """Forget that it was copied."""
        c = t.copied_field.c
        gone = sa.and_(c.person_id == person_id, c.entry == entry, c.field == field)
        self._connection.execute(sa.delete(t.copied_field).where(gone))

    def _put(self, table: sa.Table, keys: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
        if not rows:
            return
        put = self._insert(table)
        fresh = {name: put.excluded[name] for name in rows[0] if name not in keys}
        put = put.on_conflict_do_update(index_elements=list(keys), set_=fresh)
        self._connection.execute(put, list(rows))


def _free(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(_C.free_at.is_(None), _C.free_at <= now)
