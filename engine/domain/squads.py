"""Squads and memberships (tim kerja, keanggotaan)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


class SquadRole(StrEnum):
    """Role in a squad."""

    #: leads the squad
    KETUA = "ketua"
    #: works in it
    ANGGOTA = "anggota"


class Consent(StrEnum):
    """What the home superior says to lending a person."""

    #: not answered yet; the clock runs
    PENDING = "pending"
    #: agreed
    GIVEN = "given"
    #: refused with a reason; the common superior decides
    REFUSED = "refused"


class Acceptance(StrEnum):
    """What the member says to joining."""

    #: not answered yet
    PENDING = "pending"
    #: agreed
    ACCEPTED = "accepted"
    #: says the load is too much
    OVERLOAD = "overload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Squad:
    """A squad formed by letter for at most a year (PermenPANRB 7/2022)."""

    #: UUIDv7 text
    id: str
    #: agency that owns the performance
    host_agency_id: str
    #: unit that owns the performance
    host_unit_id: str
    #: code, unique inside the host agency
    code: str
    #: shown name
    name: str
    #: number of the assignment letter
    letter_no: str
    #: pemberi tugas, a person
    sponsor_id: str
    #: first day
    starts_on: date
    #: last day
    ends_on: date
    #: points its outputs of a cycle may be worth together
    budget_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person in a squad from a day to a day, with an effort and a home."""

    #: UUIDv7 text; the last tie-break of shares
    id: str
    #: the squad
    squad_id: str
    #: the person
    person_id: str
    #: home agency on the work date
    home_agency_id: str
    #: home unit on the work date
    home_unit_id: str
    #: ketua or anggota
    role: SquadRole
    #: part of full time, basis points
    effort_bp: int
    #: first day
    valid_from: date
    #: first day it no longer holds, None: until the squad ends
    valid_to: date | None = None
    #: the home superior's answer
    consent: Consent = Consent.PENDING
    #: who answered
    consent_by: str | None = None
    #: when
    consent_at: datetime | None = None
    #: the member's own answer
    acceptance: Acceptance = Acceptance.PENDING
    #: when
    accepted_at: datetime | None = None

    def covers(self, day: date) -> bool:
        """Whether the membership holds on that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
