"""People, the posts they hold, and who stands in for whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class AppointmentKind(StrEnum):
    """How a post is held."""

    #: by definitive appointment
    DEFINITIVE = "definitive"
    #: pelaksana tugas: the post is vacant, this person acts in it
    PLT = "plt"
    #: pelaksana harian: the holder is absent for a time, this person acts for him
    PLH = "plh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A civil servant (pegawai ASN)."""

    #: UUIDv7 text
    id: str
    #: agency he serves in
    agency_id: str
    #: 18 digits, text, unique; see nip.py
    nip: str
    #: name as on the decree
    name: str
    #: official address, when known
    email: str | None = None
    #: rank and grade as on the decree (pangkat/golongan), "" when not known
    rank: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A person in a post from a day to a day."""

    #: UUIDv7 text
    id: str
    #: who holds it
    person_id: str
    #: which post
    post_id: str
    #: definitive, plt or plh
    kind: AppointmentKind
    #: first day
    valid_from: date
    #: first day it no longer holds, None while open
    valid_to: date | None = None
    #: rater named by decree; None: derived from the unit tree
    rater_id: str | None = None

    def covers(self, day: date) -> bool:
        """Whether the appointment holds on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """Someone who acts for an absent person, by letter."""

    #: UUIDv7 text
    id: str
    #: who is away
    absent_id: str
    #: who acts for him; both names are recorded
    substitute_id: str
    #: first day
    valid_from: date
    #: first day it no longer holds, None while open
    valid_to: date | None = None
    #: what it covers: a word of `substitutions.Scope`
    scope: str = "all"
    #: number of the letter
    letter_no: str = ""

    def covers(self, day: date) -> bool:
        """Whether the substitution holds on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
