"""Lists of a whole agency for administrators, each one statement whatever its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.domain.people import AppointmentKind
from engine.persistence.stores.entities import Entities
from engine.persistence.stores.finding import of_person
from engine.persistence.stores.lines import SqlLines
from engine.persistence.stores.log_reading import last_entry, read_log
from engine.persistence.stores.seats import covers, main_seat
from engine.persistence.tables import agency as t
from engine.persistence.tables.accounts import account, role_grant
from engine.persistence.tables.process import process_instance, user_task
from engine.persistence.tables.waiting import incident
from engine.usecases.ports import administration as p

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

_PERSON, _HELD, _POST, _UNIT = t.person.c, t.appointment.c, t.post.c, t.unit.c
_T = user_task.c


class SqlAdministrationStore(SqlLines):
    """`AdministrationStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self._rows = Entities(connection, {p.CalendarChange: t.calendar_change})

    def counts(self, agency_id: str, today: date, now: datetime) -> p.AgencyCounts:
        """Figures of an agency."""
        people = sa.select(sa.func.count()).where(_PERSON.agency_id == agency_id)
        tasks = (
            sa.select(sa.func.count())
            .select_from(user_task)
            .where(_T.agency_id == agency_id, _T.state == sa.literal_column("'created'"))
        )
        late = tasks.where(_T.sort_at < now)
        incidents = (
            sa.select(sa.func.count())
            .select_from(incident)
            .join(process_instance, process_instance.c.key == incident.c.root_key)
            .where(incident.c.resolved_at.is_(None), process_instance.c.agency_id == agency_id)
        )
        asked = {
            "people": people,
            "units": sa.select(sa.func.count()).where(_UNIT.agency_id == agency_id),
            "without_post": people.where(_lacks_post(today)),
            "without_account": people.where(_lacks_account()),
            "orphaned": tasks.where(_T.orphaned),
            "orphaned_late": late.where(_T.orphaned),
            "late": late,
            "incidents": incidents,
        }
        row = self._connection.execute(
            sa.select(*(one.scalar_subquery().label(name) for name, one in asked.items()))
        ).one()
        return p.AgencyCounts(**row._mapping)  # noqa: SLF001 - its public name in SQLAlchemy

    def unrated(self, agency_id: str, today: date, who: p.Unrated) -> int:
        """How many people nobody rates."""
        asked = sa.select(sa.func.count()).where(
            _PERSON.agency_id == agency_id, _unrated(today, who)
        )
        return int(self._connection.execute(asked).scalar_one())

    def people(
        self, query: p.PeopleQuery, *, after: tuple[str, str] | None = None, limit: int = 50
    ) -> Sequence[p.PersonLine]:
        """People by name, keyset paged by (name, id)."""
        seat = main_seat(query.today)
        asked = (
            sa.select(
                *(_PERSON.id, _PERSON.nip, _PERSON.name),
                _UNIT.name.label("unit"),
                _POST.title.label("post"),
                account.c.active,
                account.c.login,
            )
            .select_from(t.person)
            .outerjoin(t.appointment, _HELD.id == seat)
            .outerjoin(t.post, _POST.id == _HELD.post_id)
            .outerjoin(t.unit, _UNIT.id == _POST.unit_id)
            .outerjoin(account, account.c.person_id == _PERSON.id)
            .where(_PERSON.agency_id == query.agency_id, *of_person(query.words), *_lack(query))
        )
        if query.unit_id is not None:
            asked = asked.where(_UNIT.id == query.unit_id)
        rows = self._connection.execute(_by_name(asked, _PERSON.id, after, limit))
        return [p.PersonLine(**row) for row in rows.mappings()]

    def groups(self, logins: Collection[str], today: date) -> Mapping[str, Sequence[str]]:
        """Groups held today by login."""
        held = role_grant.c
        asked = sa.select(held.login, held.group_name).where(
            held.login.in_(sorted(logins)),
            held.valid_from <= today,
            sa.or_(held.valid_to.is_(None), held.valid_to > today),
        )
        found: dict[str, list[str]] = {}
        for row in self._connection.execute(asked.order_by(held.login, held.group_name)):
            found.setdefault(row.login, []).append(row.group_name)
        return found

    def units_below(
        self,
        agency_id: str,
        parent_id: str | None,
        today: date,
        *,
        after: tuple[str] | None = None,
        limit: int = 50,
    ) -> Sequence[p.UnitLine]:
        """Units directly below one (None: at the top) by code, keyset paged by code."""
        child = t.unit.alias("child")
        residents = (
            sa.select(sa.func.count(_HELD.person_id.distinct()))
            .join(t.post, _POST.id == _HELD.post_id)
            .where(_POST.unit_id == _UNIT.id, _HELD.kind == AppointmentKind.DEFINITIVE)
            .where(*covers(t.appointment, today))
            .correlate(t.unit)
        )
        below = sa.select(sa.func.count()).where(child.c.parent_id == _UNIT.id).correlate(t.unit)
        asked = sa.select(
            *(_UNIT.id, _UNIT.code, _UNIT.name),
            below.scalar_subquery().label("below"),
            residents.scalar_subquery().label("people"),
        ).where(_UNIT.agency_id == agency_id, _UNIT.parent_id.is_not_distinct_from(parent_id))
        if after is not None:
            asked = asked.where(_UNIT.code > after[0])
        rows = self._connection.execute(asked.order_by(_UNIT.code).limit(limit))
        return [p.UnitLine(**row) for row in rows.mappings()]

    def appointments(
        self, query: p.AppointmentQuery, *, after: tuple[str, str] | None = None, limit: int = 50
    ) -> Sequence[p.AppointmentLine]:
        """Appointments by name, keyset paged by (name, id)."""
        rater = t.person.alias("rater")
        asked = (
            sa.select(
                *(_HELD.id, _HELD.person_id, _PERSON.nip, _PERSON.name),
                *(_UNIT.name.label("unit"), _POST.title.label("post"), _HELD.kind, _POST.is_head),
                *(_HELD.valid_from, _HELD.valid_to, rater.c.name.label("rater")),
            )
            .select_from(t.person)
            .join(t.appointment, _HELD.person_id == _PERSON.id)
            .join(t.post, _POST.id == _HELD.post_id)
            .join(t.unit, _UNIT.id == _POST.unit_id)
            .outerjoin(rater, rater.c.id == _HELD.rater_id)
            .where(_PERSON.agency_id == query.agency_id, *of_person(query.words))
        )
        if query.unit_id is not None:
            asked = asked.where(_UNIT.id == query.unit_id)
        if query.kind is not None:
            asked = asked.where(_HELD.kind == query.kind)
        asked = asked.where(*_held_when(query))
        rows = self._connection.execute(_by_name(asked, _HELD.id, after, limit))
        return [p.AppointmentLine(**row) for row in rows.mappings()]

    def grants(
        self,
        agency_id: str | None,
        *,
        login: str | None = None,
        after: tuple[str, str, str] | None = None,
        limit: int = 50,
    ) -> Sequence[p.Grant]:
        """Groups of an agency's accounts, keyset paged by (group, login, first day)."""
        held, who = role_grant.c, account.c
        asked = (
            sa.select(
                *(held.login, who.display_name.label("name"), who.person_id, who.active),
                *(held.group_name.label("group"), held.valid_from, held.valid_to),
            )
            .join(account, who.login == held.login)
            .where(who.agency_id.is_not_distinct_from(agency_id))
        )
        if login is not None:
            asked = asked.where(held.login == login)
        if after is not None:
            group, name, day = after
            seen = sa.tuple_(sa.literal(group), sa.literal(name), sa.cast(day, sa.Text))
            place = sa.tuple_(held.group_name, held.login, sa.cast(held.valid_from, sa.Text))
            asked = asked.where(place > seen)
        ordered = asked.order_by(held.group_name, held.login, held.valid_from).limit(limit)
        return [p.Grant(**row) for row in self._connection.execute(ordered).mappings()]

    def days_off(self, agency_id: str, first: date, last: date) -> Sequence[p.DayOff]:
        """Days off in order, both ends included."""
        held = t.holiday.c
        national = held.agency_id.is_(None)
        asked = (
            sa.select(held.day, held.name, national.label("national"))
            .where(held.day.between(first, last), sa.or_(national, held.agency_id == agency_id))
            .order_by(held.day, national.desc())
        )
        return [_day_off(row) for row in self._connection.execute(asked)]

    def drop_day(self, agency_id: str, day: date) -> bool:
        """Take an agency's own day out; False when it has none."""
        held = t.holiday.c
        gone = t.holiday.delete().where(held.agency_id == agency_id, held.day == day)
        return self._connection.execute(gone.returning(held.day)).first() is not None

    def add_change(self, row: p.CalendarChange) -> None:
        """Keep who changed the calendar."""
        self._rows.add([row])

    def changes(self, agency_id: str, first: date, last: date) -> Sequence[p.CalendarChange]:
        """Changes of days in that time, newest first."""
        held = t.calendar_change.c
        asked = sa.select(t.calendar_change).where(
            held.agency_id == agency_id, held.day.between(first, last)
        )
        return self._rows.all(p.CalendarChange, asked.order_by(held.id.desc()))

    def last(self, stream: str, act: str) -> p.LogLine | None:
        """The newest entry of an act in a stream."""
        return last_entry(self._connection, stream, act)

    def log(
        self,
        query: p.LogQuery,
        *,
        after: tuple[datetime, str, int] | None = None,
        limit: int = 50,
    ) -> Sequence[p.LogLine]:
        """Entries of the log, newest first, keyset paged by (at, stream, number)."""
        return read_log(self._connection, query, after=after, limit=limit)


def _day_off(row: sa.Row[Any]) -> p.DayOff:
    return p.DayOff(day=row.day, name=row.name, national=bool(row.national))


def _lacks_post(today: date) -> sa.ColumnElement[bool]:
    held = t.appointment.alias("any_seat")
    return ~sa.exists().where(held.c.person_id == _PERSON.id, *covers(held, today))


def _lacks_account() -> sa.ColumnElement[bool]:
    own = account.alias("own_account")
    return ~sa.exists().where(own.c.person_id == _PERSON.id, own.c.active)


def _unrated(today: date, who: p.Unrated) -> sa.ColumnElement[bool]:
    inner, post = t.appointment.alias("seat"), t.post.alias("seat_post")
    homeless = sa.exists().where(
        inner.c.id == main_seat(today),
        post.c.id == inner.c.post_id,
        post.c.unit_id.in_(sorted(who.units)),
        sa.not_(post.c.is_head),
        inner.c.rater_id.is_(None),
    )
    alone = _PERSON.id.in_(sorted(who.heads))
    return sa.or_(alone, homeless) if who.units else alone


def _lack(query: p.PeopleQuery) -> tuple[sa.ColumnElement[bool], ...]:
    if query.lack is p.Lack.POST:
        return (_lacks_post(query.today),)
    if query.lack is p.Lack.ACCOUNT:
        return (_lacks_account(),)
    if query.lack is p.Lack.RATER:
        return (_unrated(query.today, query.unrated or p.Unrated()),)
    return ()


def _held_when(query: p.AppointmentQuery) -> tuple[sa.ColumnElement[bool], ...]:
    if query.held is p.Held.NOW:
        return covers(t.appointment, query.today)
    if query.held is p.Held.PAST:
        return (_HELD.valid_to <= query.today,)
    if query.held is p.Held.COMING:
        return (_HELD.valid_from > query.today,)
    return ()


def _by_name(
    asked: sa.Select[Any], key: sa.ColumnElement[str], after: tuple[str, str] | None, limit: int
) -> sa.Select[Any]:
    if after is not None:
        seen = sa.tuple_(sa.literal(after[0]), sa.literal(after[1]))
        asked = asked.where(sa.tuple_(_PERSON.name, key) > seen)
    return asked.order_by(_PERSON.name, key).limit(limit)
