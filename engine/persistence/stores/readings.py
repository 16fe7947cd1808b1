"""Who read what about whom on SQL: noted while reading, kept when the reading ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.stores.transaction import Store, Transaction
from engine.persistence.tables.agency import person
from engine.persistence.tables.readings import data_reading
from engine.persistence.types import UtcDateTime
from engine.usecases.actor import ActorKind
from engine.usecases.ports.readings import ReadingRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from engine.domain.access import Resource
    from engine.usecases.actor import Actor
    from engine.usecases.ports.readings import ReadingScope

    #: a row to be kept
    Noted = Mapping[str, Any]

_R = data_reading.c
_READER: Final = person.alias("reader_person")
_ONCE: Final = {
    True: postgresql.insert(data_reading).on_conflict_do_nothing(),
    False: sqlite.insert(data_reading).on_conflict_do_nothing(),
}


class SqlReadingStore(Store):
    """`ReadingStore` on a transaction; what is noted waits for its end."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        self._noted: dict[tuple[str, str, str], Noted] = {}
        if transaction.writes:
            transaction.keep(self)

    def note(self, actor: Actor, person_id: str, resource: Resource) -> None:
        """Somebody is about to see this."""
        if actor.kind is ActorKind.SYSTEM or actor.person_id == person_id:
            return
        now = self._tx.clock.now()
        self._noted[person_id, actor.name, resource.value] = {
            "id": self._tx.ids.uuid(),
            "person_id": person_id,
            "reader": actor.name,
            "reader_person_id": actor.person_id,
            "resource": resource.value,
            "on_day": now.date(),
            "at": now,
            "recorded_at": self._tx.clock.real_now(),
        }

    def unknown(self) -> Sequence[Noted]:
        """What was noted and is not kept yet for its day; one statement, none without notes."""
        if not self._noted:
            return ()
        key = sa.tuple_(_R.person_id, _R.reader, _R.resource, _R.on_day)
        days = {row["on_day"] for row in self._noted.values()}
        wanted = [(*names, day) for names in self._noted for day in days]
        known = {
            tuple(row)[:3]
            for row in self._tx.execute(sa.select(*key.clauses).where(key.in_(wanted)))
        }
        return [row for names, row in self._noted.items() if names not in known]

    def keep(self, rows: Sequence[Noted]) -> None:
        """Write rows that another transaction noted; a twin of the day was faster or is."""
        if rows:
            self._tx.execute(_ONCE[self._tx.is_postgresql].values(list(rows)))

    def mark(self) -> dict[tuple[str, str, str], Noted]:
        """What is noted now."""
        return dict(self._noted)

    def rewind(self, mark: dict[tuple[str, str, str], Noted]) -> None:
        """Nothing: what was shown was read, whatever is undone."""

    def write(self) -> None:
        """Keep what was noted."""
        rows, self._noted = list(self._noted.values()), {}
        self.keep(rows)

    def page(
        self, scope: ReadingScope, *, after: tuple[datetime, str] | None = None, limit: int
    ) -> Sequence[ReadingRow]:
        """Readings, newest first, keyset paged by (at, id)."""
        query = (
            sa.select(
                *(_R.id, _R.person_id, person.c.name.label("person_name"), person.c.nip),
                *(_R.reader, sa.func.coalesce(_READER.c.name, "").label("reader_name")),
                *(_R.resource, _R.at),
            )
            .join(person, person.c.id == _R.person_id)
            .outerjoin(_READER, _READER.c.id == _R.reader_person_id)
            .where(*_inside(scope))
        )
        if after is not None:
            behind = sa.tuple_(sa.literal(after[0], UtcDateTime()), sa.literal(after[1]))
            query = query.where(sa.tuple_(_R.at, _R.id) < behind)
        rows = self._tx.execute(query.order_by(_R.at.desc(), _R.id.desc()).limit(limit))
        return [ReadingRow(**row) for row in rows.mappings()]

    def named(self, agency_id: str, words: str, *, limit: int) -> Sequence[str]:
        """Ids of people of an agency by NIP, or by part of a name, in order of name."""
        digits = "".join(words.split())
        said = sa.func.lower(person.c.name).contains(words.strip().lower(), autoescape=True)
        wanted = person.c.nip == digits if digits.isdecimal() else said
        query = sa.select(person.c.id).where(person.c.agency_id == agency_id, wanted)
        rows = self._tx.execute(query.order_by(person.c.name, person.c.id).limit(limit))
        return list(rows.scalars())


def _inside(scope: ReadingScope) -> list[sa.ColumnElement[bool]]:
    asked: list[sa.ColumnElement[bool]] = []
    if scope.agency_id is not None:
        asked.append(person.c.agency_id == scope.agency_id)
    if scope.person_id is not None:
        asked.append(_R.person_id == scope.person_id)
    if scope.reader is not None:
        asked.append(_R.reader == scope.reader)
    if scope.people is not None:
        asked.append(_R.person_id.in_(scope.people))
    if scope.readers is not None:
        asked.append(_R.reader.in_(scope.readers))
    if scope.since is not None:
        asked.append(_R.at >= scope.since)
    if scope.until is not None:
        asked.append(_R.at < scope.until)
    return asked
