"""What the pages remember for a person, and long work, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.domain.squads import Acceptance, Consent, SquadRole
from engine.persistence.stores.entities import Entities, values_of
from engine.persistence.tables import workplace as t
from engine.persistence.tables.agency import appointment, post
from engine.persistence.tables.contributions import membership, squad
from engine.persistence.types import UtcDateTime
from engine.usecases.ports import workplace as p

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

TABLES: Final = {
    p.Notice: t.notice,
    p.Preference: t.preference,
    p.SavedFilter: t.saved_filter,
    p.Snooze: t.snooze,
    p.Visit: t.visit,
    p.Undertaking: t.undertaking,
}


class SqlWorkplaceStore:
    """`WorkplaceStore` on a connection."""

    def __init__(self, connection: sa.Connection, *, is_postgresql: bool) -> None:
        self._rows = Entities(connection, TABLES)
        self._connection = connection
        self._insert = postgresql.insert if is_postgresql else sqlite.insert

    def frame(self, person_id: str, today: date) -> p.Frame:
        """Who this is today, for the frame of a page."""
        unread = (
            sa.select(sa.func.count())
            .select_from(t.notice)
            .where(t.notice.c.person_id == person_id, t.notice.c.read_at.is_(None))
        )
        asked = sa.select(
            _leads(person_id, today).label("leads"),
            _heads(person_id, today).label("heads"),
            unread.scalar_subquery().label("unread"),
        )
        row = self._connection.execute(asked).one()
        return p.Frame(leads=bool(row.leads), heads=bool(row.heads), unread=int(row.unread))

    def tell(self, notices: Sequence[p.Notice]) -> None:
        """Keep notices; a second one of a person's key is ignored."""
        if notices:
            put = self._insert(t.notice).on_conflict_do_nothing(index_elements=["person_id", "key"])
            self._connection.execute(put, [values_of(row) for row in notices])

    def notices(
        self, person_id: str, *, after: tuple[datetime, str] | None = None, limit: int = 50
    ) -> Sequence[p.Notice]:
        """A person's notices, newest first, keyset paged by (at, id)."""
        held = t.notice.c
        asked = sa.select(t.notice).where(held.person_id == person_id)
        if after is not None:
            seen = sa.tuple_(sa.literal(after[0], UtcDateTime), sa.literal(after[1]))
            asked = asked.where(sa.tuple_(held.at, held.id) < seen)
        ordered = asked.order_by(held.at.desc(), held.id.desc()).limit(limit)
        return self._rows.all(p.Notice, ordered)

    def mark_read(self, person_id: str, ids: Collection[str] | None, at: datetime) -> None:
        """Note that he read these notices (None: all)."""
        held = t.notice.c
        change = t.notice.update().where(held.person_id == person_id, held.read_at.is_(None))
        if ids is not None:
            change = change.where(held.id.in_(sorted(ids)))
        self._connection.execute(change.values(read_at=at))

    def preference(self, person_id: str) -> p.Preference:
        """What he chose, else the default."""
        asked = sa.select(t.preference).where(t.preference.c.person_id == person_id)
        return self._rows.first(p.Preference, asked) or p.Preference(person_id=person_id)

    def prefer(self, row: p.Preference) -> None:
        """Keep what he chose."""
        self._replace(t.preference, row, ["person_id"])

    def filters(self, person_id: str, screen: str) -> Sequence[p.SavedFilter]:
        """His filters of a screen by name."""
        held = t.saved_filter.c
        asked = sa.select(t.saved_filter).where(held.person_id == person_id, held.screen == screen)
        return self._rows.all(p.SavedFilter, asked.order_by(held.name))

    def shared_filters(
        self, person_id: str, agency_id: str, groups: Collection[str], screen: str
    ) -> Sequence[p.SavedFilter]:
        """Filters of a screen that others share with the agency or these groups, by name."""
        held = t.saved_filter.c
        asked = sa.select(t.saved_filter).where(
            held.agency_id == agency_id,
            held.screen == screen,
            held.shared_with != sa.literal_column("''"),
            held.shared_with.in_(["agency", *sorted(groups)]),
            held.person_id != person_id,
        )
        return self._rows.all(p.SavedFilter, asked.order_by(held.name, held.id))

    def share_filter(
        self, person_id: str, filter_id: str, shared_with: str, agency_id: str | None
    ) -> bool:
        """Write who reads his filter; False when it is not his."""
        held = t.saved_filter.c
        change = (
            t.saved_filter.update()
            .where(held.id == filter_id, held.person_id == person_id)
            .values(shared_with=shared_with, agency_id=agency_id)
            .returning(held.id)
        )
        return self._connection.execute(change).first() is not None

    def keep_filter(self, row: p.SavedFilter) -> None:
        """Keep a filter; one of the same name is replaced."""
        self._replace(t.saved_filter, row, ["person_id", "screen", "name"])

    def drop_filter(self, person_id: str, filter_id: str) -> None:
        """Forget his filter."""
        held = t.saved_filter.c
        gone = t.saved_filter.delete().where(held.id == filter_id, held.person_id == person_id)
        self._connection.execute(gone)

    def snooze(self, row: p.Snooze) -> None:
        """Keep, move or, with a time that is past, end a snooze."""
        self._replace(t.snooze, row, ["person_id", "task_key"])

    def snoozed(self, person_id: str, now: datetime) -> Mapping[int, datetime]:
        """Tasks he does not want to see yet, with the time when he does."""
        held = t.snooze.c
        asked = sa.select(held.task_key, held.until_at).where(
            held.person_id == person_id, held.until_at > now
        )
        return {row.task_key: row.until_at for row in self._connection.execute(asked)}

    def visit(self, person_id: str, screen: str) -> p.Visit | None:
        """His last visit."""
        held = t.visit.c
        asked = sa.select(t.visit).where(held.person_id == person_id, held.screen == screen)
        return self._rows.first(p.Visit, asked)

    def visited(self, row: p.Visit) -> None:
        """Keep a visit in place of the one before."""
        self._replace(t.visit, row, ["person_id", "screen"])

    def add_undertaking(self, row: p.Undertaking) -> None:
        """Keep new work."""
        self._rows.add([row])

    def put_undertaking(self, row: p.Undertaking) -> None:
        """Write how far it has come."""
        self._rows.put(row)

    def undertaking(self, undertaking_id: str) -> p.Undertaking | None:
        """One by id."""
        return self._rows.get(p.Undertaking, undertaking_id)

    def undertakings(
        self,
        agency_id: str | None,
        *,
        kinds: Collection[str] | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Sequence[p.Undertaking]:
        """An agency's (None: those of none) of some kinds, newest first, keyset paged by id."""
        held = t.undertaking.c
        asked = sa.select(t.undertaking).where(held.agency_id.is_not_distinct_from(agency_id))
        if kinds is not None:
            asked = asked.where(held.kind.in_(sorted(kinds)))
        if after is not None:
            asked = asked.where(held.id < after)
        return self._rows.all(p.Undertaking, asked.order_by(held.id.desc()).limit(limit))

    def _replace(self, table: sa.Table, row: Any, key: Sequence[str]) -> None:
        """Insert a row, or rewrite what stands under its key (a row's id stays)."""
        values = values_of(row)
        put = self._insert(table).values(values)
        fresh = {name: put.excluded[name] for name in values if name not in {*key, "id"}}
        self._connection.execute(put.on_conflict_do_update(index_elements=list(key), set_=fresh))


def _leads(person_id: str, today: date) -> sa.ColumnElement[bool]:
    held = membership.c
    return sa.exists().where(
        held.person_id == person_id,
        held.role == SquadRole.KETUA,
        held.consent == Consent.GIVEN,
        held.acceptance == Acceptance.ACCEPTED,
        held.valid_from <= today,
        sa.or_(held.valid_to.is_(None), held.valid_to > today),
        squad.c.id == held.squad_id,
        squad.c.ends_on >= today,
    )


def _heads(person_id: str, today: date) -> sa.ColumnElement[bool]:
    held = appointment.c
    return sa.exists().where(
        held.person_id == person_id,
        held.valid_from <= today,
        sa.or_(held.valid_to.is_(None), held.valid_to > today),
        post.c.id == held.post_id,
        post.c.is_head,
    )
