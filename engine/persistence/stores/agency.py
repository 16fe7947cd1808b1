"""Agencies, units, posts, people, appointments, calendar on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.calendar import Holiday
from engine.domain.people import Appointment, AppointmentKind, Person, Substitution
from engine.domain.units import Agency, Post, Unit
from engine.persistence.stores.entities import Entities
from engine.persistence.tables import agency as t
from engine.usecases.ports.agency import Frame, Seat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.persistence.stores.transaction import Transaction
    from engine.usecases.ports.agency import AgencyEntity, AgencyKept

TABLES: Final = {
    Agency: t.agency,
    Unit: t.unit,
    Post: t.post,
    Person: t.person,
    Appointment: t.appointment,
    Substitution: t.substitution,
    Holiday: t.holiday,
}
#: SQLite takes 32,766 parameters, PostgreSQL 65,535; ids are asked for in portions
IDS_AT_ONCE: Final = 5_000


def _behind_ratings() -> sa.Select[Any]:
    """Who heads a unit, whom an appointment names as rater, and the people asked for."""
    held = t.appointment.c
    named = sa.select(held.rater_id).where(held.rater_id.is_not(None))
    # all seats of whoever heads a unit: an acting head's home is his own post
    heading = (
        sa.select(held.person_id).join(t.post, t.post.c.id == held.post_id).where(t.post.c.is_head)
    )
    asked: sa.BindParameter[list[str]] = sa.bindparam("people", expanding=True)
    return (
        sa.select(t.appointment)
        .join(t.post, t.post.c.id == held.post_id)
        .join(t.unit, t.unit.c.id == t.post.c.unit_id)
        .where(t.unit.c.agency_id == sa.bindparam("agency_id"))
        .where(
            sa.or_(
                held.person_id.in_(heading), held.person_id.in_(asked), held.person_id.in_(named)
            )
        )
        .order_by(held.id)
    )


#: what every request asks is put into words once
_BEHIND_RATINGS: Final = _behind_ratings()
_UNITS: Final = (
    sa.select(t.unit).where(t.unit.c.agency_id == sa.bindparam("agency_id")).order_by(t.unit.c.code)
)
_POSTS: Final = sa.select(t.post).where(t.post.c.id.in_(sa.bindparam("posts", expanding=True)))
_SUBSTITUTIONS: Final = (
    sa.select(t.substitution)
    .join(t.person, t.person.c.id == t.substitution.c.absent_id)
    .where(t.person.c.agency_id == sa.bindparam("agency_id"))
    .order_by(t.substitution.c.id)
)


class SqlAgencyStore:
    """`AgencyStore` on a connection."""

    def __init__(self, connection: sa.Connection, tx: Transaction | None = None) -> None:
        self._rows = Entities(connection, TABLES)
        self._connection = connection
        self._tx = tx

    def add(self, rows: Sequence[AgencyEntity]) -> None:
        """Insert rows, parents before children."""
        self._rows.add(rows)

    def put(self, row: AgencyKept) -> None:
        """Write all fields of a row that exists."""
        self._rows.put(row)

    def get(self, kind: type[AgencyKept], row_id: str) -> AgencyKept | None:
        """A row by id."""
        return self._rows.get(kind, row_id)

    def agency_by_code(self, code: str) -> Agency | None:
        """An agency by its code."""
        return self._rows.first(Agency, sa.select(t.agency).where(t.agency.c.code == code))

    def agencies(self) -> Sequence[Agency]:
        """All agencies by code."""
        return self._rows.all(Agency, sa.select(t.agency).order_by(t.agency.c.code))

    def units(self, agency_id: str) -> Sequence[Unit]:
        """Units of an agency by code."""
        return self._rows.all(Unit, _UNITS, {"agency_id": agency_id})

    def posts(self, agency_id: str) -> Sequence[Post]:
        """Posts of an agency by title."""
        query = (
            sa.select(t.post)
            .join(t.unit, t.unit.c.id == t.post.c.unit_id)
            .where(t.unit.c.agency_id == agency_id)
            .order_by(t.post.c.title, t.post.c.id)
        )
        return self._rows.all(Post, query)

    def people(self, agency_id: str) -> Sequence[Person]:
        """People of an agency by name."""
        query = (
            sa.select(t.person)
            .where(t.person.c.agency_id == agency_id)
            .order_by(t.person.c.name, t.person.c.id)
        )
        return self._rows.all(Person, query)

    def person_by_nip(self, nip: str) -> Person | None:
        """A person by NIP, of any agency: a squad asks for somebody from elsewhere by it."""
        query = sa.select(t.person).where(t.person.c.nip == nip)
        found = self._rows.first(Person, query)
        if found is None and self._tx is not None and self._tx.is_bounded:
            named = sa.select(sa.func.regu_agency_of_nip(nip))
            self._tx.reach_also(self._connection.execute(named).scalar_one())
            found = self._rows.first(Person, query)
        return found

    def unit_names(self, unit_ids: Sequence[str]) -> Mapping[str, str]:
        """Names by unit id; unknown ids are missing."""
        query = sa.select(t.unit.c.id, t.unit.c.name).where(t.unit.c.id.in_(unit_ids))
        return {row.id: row.name for row in self._connection.execute(query)} if unit_ids else {}

    def people_by_nip(self, nips: Sequence[str]) -> Mapping[str, Person]:
        """People by NIP; unknown ones are missing."""
        found: dict[str, Person] = {}
        wanted = sorted(set(nips))
        for start in range(0, len(wanted), IDS_AT_ONCE):
            few = wanted[start : start + IDS_AT_ONCE]
            rows = self._rows.all(Person, sa.select(t.person).where(t.person.c.nip.in_(few)))
            found.update((row.nip, row) for row in rows)
        return found

    def names(self, person_ids: Sequence[str]) -> Mapping[str, str]:
        """Names by person id; unknown ids are missing."""
        found: dict[str, str] = {}
        wanted = sorted(set(person_ids))
        for start in range(0, len(wanted), IDS_AT_ONCE):
            query = sa.select(t.person.c.id, t.person.c.name).where(
                t.person.c.id.in_(wanted[start : start + IDS_AT_ONCE])
            )
            found.update((row.id, row.name) for row in self._connection.execute(query))
        return found

    def frame(self, agency_id: str, person_ids: Sequence[str]) -> Frame:
        """Facts behind rating lines of these people, whatever the size of the agency."""
        here = {"agency_id": agency_id}
        people = {**here, "people": list(person_ids)}
        appointments = self._rows.all(Appointment, _BEHIND_RATINGS, people)
        wanted = {"posts": list({row.post_id for row in appointments})}
        return Frame(
            units=self.units(agency_id),
            posts=self._rows.all(Post, _POSTS, wanted),
            appointments=appointments,
            substitutions=self._rows.all(Substitution, _SUBSTITUTIONS, here),
        )

    def seats(self, person_id: str, on: date) -> Sequence[Seat]:
        """Posts a person holds on a day: definitive first, then Plt, then Plh."""
        return self._seats(t.appointment.c.person_id == person_id, on)

    def head_seats(self, unit_id: str, on: date) -> Sequence[Seat]:
        """Who holds the unit's head posts on a day: definitive first, then Plt, then Plh."""
        return self._seats(sa.and_(t.post.c.unit_id == unit_id, t.post.c.is_head), on)

    def working(self, agency_id: str, starts_on: date, ends_on: date) -> Sequence[str]:
        """Ids of people with a post in that time, in id order."""
        held = t.appointment.c
        query = (
            sa.select(t.person.c.id)
            .where(t.person.c.agency_id == agency_id)
            .where(
                sa.exists().where(
                    held.person_id == t.person.c.id,
                    held.valid_from <= ends_on,
                    sa.or_(held.valid_to.is_(None), held.valid_to > starts_on),
                )
            )
            .order_by(t.person.c.id)
        )
        return list(self._connection.scalars(query))

    def residents(self, unit_id: str, on: date) -> Sequence[str]:
        """Ids of people whose definitive post lies in a unit on a day, in id order."""
        held = t.appointment.c
        query = (
            sa.select(held.person_id)
            .distinct()
            .join(t.post, t.post.c.id == held.post_id)
            .where(t.post.c.unit_id == unit_id, held.kind == AppointmentKind.DEFINITIVE)
            .where(held.valid_from <= on)
            .where(sa.or_(held.valid_to.is_(None), held.valid_to > on))
            .order_by(held.person_id)
        )
        return list(self._connection.scalars(query))

    def substitutions(self, on: date, *, absent_id: str) -> Sequence[Substitution]:
        """Who stands in for a person on a day."""
        held = t.substitution.c
        query = (
            sa.select(t.substitution)
            .where(held.absent_id == absent_id, held.valid_from <= on)
            .where(sa.or_(held.valid_to.is_(None), held.valid_to > on))
            .order_by(held.valid_from, held.id)
        )
        return self._rows.all(Substitution, query)

    def holidays(self, agency_id: str | None, starts_on: date, ends_on: date) -> frozenset[date]:
        """Days off, national and the agency's own, both ends included."""
        held = t.holiday.c
        query = sa.select(held.day).where(
            held.day.between(starts_on, ends_on),
            sa.or_(held.agency_id.is_(None), held.agency_id == agency_id),
        )
        return frozenset(self._connection.scalars(query))

    def _seats(self, which: sa.ColumnElement[bool], on: date) -> Sequence[Seat]:
        held = t.appointment.c
        order = sa.case(
            (held.kind == AppointmentKind.DEFINITIVE, 0),
            (held.kind == AppointmentKind.PLT, 1),
            else_=2,
        )
        query = (
            sa.select(*_seat_columns())
            .join(t.post, t.post.c.id == held.post_id)
            .join(t.unit, t.unit.c.id == t.post.c.unit_id)
            .where(which, held.valid_from <= on)
            .where(sa.or_(held.valid_to.is_(None), held.valid_to > on))
            .order_by(order, held.valid_from, held.id)
        )
        return [Seat(**row) for row in self._connection.execute(query).mappings()]


def _seat_columns() -> list[sa.ColumnElement[Any]]:
    held = t.appointment.c
    return [
        held.id.label("appointment_id"),
        held.person_id,
        t.unit.c.agency_id,
        t.unit.c.id.label("unit_id"),
        t.unit.c.parent_id.label("parent_unit_id"),
        t.post.c.id.label("post_id"),
        t.post.c.title.label("post_title"),
        t.post.c.is_head,
        held.kind,
        held.valid_from,
        held.valid_to,
        held.rater_id,
    ]
