"""Agencies, units, posts, people, appointments, calendar: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.domain.calendar import Holiday
from engine.domain.people import Appointment, AppointmentKind, Person, Substitution
from engine.domain.units import Agency, Post, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

#: what this store keeps
AgencyEntity = Agency | Unit | Post | Person | Appointment | Substitution | Holiday
#: those of them that have an id
AgencyKept = TypeVar("AgencyKept", Agency, Unit, Post, Person, Appointment, Substitution)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An appointment with its post and unit, as one joined row."""

    appointment_id: str
    person_id: str
    agency_id: str
    unit_id: str
    parent_unit_id: str | None
    post_id: str
    post_title: str
    is_head: bool
    kind: AppointmentKind
    valid_from: date
    valid_to: date | None
    #: rater named by decree
    rater_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What rating lines need of an agency: units, heads, named raters and the people asked for."""

    units: Sequence[Unit]
    posts: Sequence[Post]
    appointments: Sequence[Appointment]
    substitutions: Sequence[Substitution]


class AgencyStore(Protocol):
    """Agencies, units, posts, people, appointments, calendar; part of the unit of work."""

    def add(self, rows: Sequence[AgencyEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def put(self, row: AgencyKept) -> None:
        """Write all fields of a row that exists."""
        ...

    def get(self, kind: type[AgencyKept], row_id: str) -> AgencyKept | None:
        """A row by id."""
        ...

    def agency_by_code(self, code: str) -> Agency | None:
        """An agency by its code."""
        ...

    def agencies(self) -> Sequence[Agency]:
        """All agencies by code."""
        ...

    def units(self, agency_id: str) -> Sequence[Unit]:
        """Units of an agency by code."""
        ...

    def posts(self, agency_id: str) -> Sequence[Post]:
        """Posts of an agency by title."""
        ...

    def people(self, agency_id: str) -> Sequence[Person]:
        """People of an agency by name."""
        ...

    def person_by_nip(self, nip: str) -> Person | None:
        """A person by NIP."""
        ...

    def unit_names(self, unit_ids: Sequence[str]) -> Mapping[str, str]:
        """Names by unit id; unknown ids are missing."""
        ...

    def people_by_nip(self, nips: Sequence[str]) -> Mapping[str, Person]:
        """People by NIP; unknown ones are missing."""
        ...

    def names(self, person_ids: Sequence[str]) -> Mapping[str, str]:
        """Names by person id; unknown ids are missing."""
        ...

    def frame(self, agency_id: str, person_ids: Sequence[str]) -> Frame:
        """Facts behind rating lines of these people, whatever the size of the agency."""
        ...

    def seats(self, person_id: str, on: date) -> Sequence[Seat]:
        """Posts a person holds on a day: definitive first, then Plt, then Plh."""
        ...

    def head_seats(self, unit_id: str, on: date) -> Sequence[Seat]:
        """Who holds the unit's head posts on a day: definitive first, then Plt, then Plh."""
        ...

    def working(self, agency_id: str, starts_on: date, ends_on: date) -> Sequence[str]:
        """Ids of people with a post in that time, in id order."""
        ...

    def residents(self, unit_id: str, on: date) -> Sequence[str]:
        """Ids of people whose definitive post lies in a unit on a day, in id order."""
        ...

    def substitutions(self, on: date, *, absent_id: str) -> Sequence[Substitution]:
        """Who stands in for a person on a day."""
        ...

    def holidays(self, agency_id: str | None, starts_on: date, ends_on: date) -> frozenset[date]:
        """Days off, national and the agency's own, both ends included."""
        ...
