"""What pages about squads ask over many rows: one statement for each question."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from engine.domain.squads import last_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from engine.domain.disputes import Dispute
    from engine.domain.formation import CandidateState
    from engine.domain.joining import ConsentDecision, HeadSignature, ShareReply, Signature
    from engine.domain.outputs import OutputStatus, SharePlan
    from engine.domain.people import Person
    from engine.domain.squads import Membership, Squad


class Part(StrEnum):
    """What somebody is in a squad."""

    #: leads it today
    LEAD = "ketua"
    #: gave the work
    SPONSOR = "sponsor"
    #: works in it, or did this year
    MEMBER = "anggota"


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadCard:
    """One squad of somebody's list, with what waits in it."""

    squad_id: str
    code: str
    name: str
    letter_no: str
    starts_on: date
    ends_on: date
    host_unit: str
    part: Part
    #: members today
    members: int
    #: outputs of the year
    outputs: int
    #: of them those that the sponsor took
    accepted: int
    #: delivered and not taken yet
    to_accept: int
    #: claims handed in that nobody decided yet
    to_attest: int
    #: members' open claims
    unclaimed: int
    #: disputes not decided yet
    disputes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which squads a question is about: one, or all that somebody leads on a day or sponsors."""

    today: date
    squad_id: str | None = None
    person_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An output that waits for its acceptance."""

    output_id: str
    squad_id: str
    squad: str
    title: str
    value_points: int
    delivered_at: datetime | None
    #: the open task, None where no drawing runs
    task_key: int | None
    assignee: str | None
    holder: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingClaim:
    """A claim that waits for its attestation."""

    claim_id: str
    output_id: str
    squad_id: str
    squad: str
    title: str
    person_id: str
    name: str
    home_unit: str
    expected_bp: int
    claimed_bp: int
    submitted_at: datetime | None
    task_key: int | None
    assignee: str | None
    holder: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPool:
    """An accepted output with something left in POOL."""

    output_id: str
    squad_id: str
    squad: str
    title: str
    value_points: int
    pool_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclaimed:
    """A member's open claim task."""

    task_key: int
    instance_key: int
    output_id: str
    squad_id: str
    squad: str
    title: str
    person_id: str
    name: str
    home_unit: str
    expected_bp: int
    #: when the task was opened
    since: datetime | None
    due_at: datetime | None
    #: whether he was reminded today
    reminded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """A membership with names."""

    membership: Membership
    name: str
    nip: str
    home_unit: str
    home_agency: str
    #: who answered for home, None before
    consent_by: str | None

    def last_day(self, squad: Squad) -> date:
        """Last day in the squad."""
        return last_day(self.membership, squad)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStep:
    """An open task about a squad: what happens next, who, by when."""

    task_key: int
    process_id: str
    element_id: str
    name: str
    subject: str | None
    assignee: str | None
    holder: str | None
    about: str | None
    output_id: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputRow:
    """One output of a squad in figures."""

    output_id: str
    number: int
    title: str
    status: OutputStatus
    value_points: int
    due_on: date
    attainment: Decimal | None
    #: sum of the newest expected shares
    expected_bp: int
    #: sum of the claims that were handed in
    claimed_bp: int
    #: sum of what members hold in the ledger
    credited_bp: int
    collective_bp: int
    pool_bp: int
    #: open claim tasks
    unclaimed: int
    disputes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A member's share in a version of a share plan."""

    person_id: str
    name: str
    expected_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareVersion:
    """A version of expected shares with its lines and what the members said to it."""

    plan: SharePlan
    lines: tuple[VersionLine, ...]
    replies: tuple[ShareReply, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Evidence of a claim in a squad."""

    evidence_id: str
    output_id: str
    title: str
    name: str
    #: file name, or the address of a link
    label: str
    is_link: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadResult:
    """A planned result of a member's role in a squad."""

    item_id: str
    title: str
    person_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applications:
    """Who applied to a call: how many, and how one's own application stands."""

    count: int
    own: CandidateState | None


class SquadRoom(Protocol):
    """Part of the unit of work; every question is a constant number of statements."""

    def squads_of(
        self,
        person_id: str,
        span: tuple[date, date],
        today: date,
        *,
        after: tuple[str, str] | None = None,
        limit: int = 50,
    ) -> Sequence[SquadCard]:
        """Squads that somebody leads, sponsors or works in, by code and id, keyset paged."""
        ...

    def deliveries(self, scope: Scope, limit: int = 50) -> Sequence[Delivery]:
        """Outputs handed over and not taken yet, the oldest first."""
        ...

    def claims_waiting(self, scope: Scope, limit: int = 50) -> Sequence[WaitingClaim]:
        """Claims not decided yet, the oldest first."""
        ...

    def open_pools(self, scope: Scope, limit: int = 50) -> Sequence[OpenPool]:
        """Accepted outputs with something left in POOL, by squad and number."""
        ...

    def unclaimed(self, scope: Scope, limit: int = 200) -> Sequence[Unclaimed]:
        """Open claim tasks of members, by squad, output and name."""
        ...

    def roster(self, squad_id: str) -> Sequence[RosterRow]:
        """All memberships of a squad with names: the ketua first, then by first day and name."""
        ...

    def open_steps(self, squad_id: str, limit: int = 100) -> Sequence[OpenStep]:
        """Open tasks about a squad or its outputs, the earliest due first."""
        ...

    def output_rows(self, squad_id: str, cycle_id: str) -> Sequence[OutputRow]:
        """Outputs of a squad in a cycle by number."""
        ...

    def share_versions(self, output_id: str) -> Sequence[ShareVersion]:
        """Versions of an output's expected shares, the newest first: three statements."""
        ...

    def newest_shares(self, squad_id: str, cycle_id: str) -> Mapping[str, ShareVersion]:
        """The newest version of each output of a squad: three statements."""
        ...

    def signed(self, squad_id: str) -> Sequence[Signature]:
        """What the members of a squad signed, oldest first."""
        ...

    def consents(self, squad_id: str) -> Sequence[ConsentDecision]:
        """Decisions on lending its members, oldest first."""
        ...

    def loads_signed(self, squad_id: str) -> Sequence[HeadSignature]:
        """What unit heads said to the load of its members, oldest first."""
        ...

    def documents(self, squad_id: str, cycle_id: str, limit: int = 200) -> Sequence[Document]:
        """Evidence of the claims in a squad's outputs of a cycle, by output, the newest first."""
        ...

    def open_disputes(self, squad_id: str) -> Sequence[Dispute]:
        """Disputes of a squad's outputs that are not decided, oldest first."""
        ...

    def results(self, squad_id: str, cycle_id: str) -> Sequence[SquadResult]:
        """Results that members planned for the squad in live plans of a cycle, by person."""
        ...

    def applications(
        self, calls: Sequence[str], person_id: str | None
    ) -> Mapping[str, Applications]:
        """Applications by call; a call without any is missing."""
        ...

    def asked_for(
        self, agency_id: str, on: date, limit: int = 200
    ) -> Sequence[tuple[Membership, Squad, Person]]:
        """People of an agency whose home has not answered a squad that still runs."""
        ...
