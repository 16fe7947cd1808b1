"""Squads, memberships, outputs, claims, attestations, the ledger, disputes: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.domain.claims import Attestation, Claim, Commitment, Evidence
from engine.domain.disputes import Dispute, Hearing
from engine.domain.outputs import Output, ShareLine, SharePlan
from engine.domain.squads import Membership, Squad, SquadRole
from engine.usecases.ports.claim_views import ClaimViews

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from engine.domain.ledger import Transfer

#: what this store keeps, the ledger apart
ContributionEntity = (
    Squad
    | Membership
    | Output
    | SharePlan
    | ShareLine
    | Claim
    | Evidence
    | Attestation
    | Dispute
    | Hearing
)
#: those of them that can be read by id and rewritten
ContributionKept = TypeVar(
    "ContributionKept", Squad, Membership, Output, Claim, Evidence, Attestation, Dispute
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """Somebody in a squad of a person, himself included."""

    person_id: str
    squad_id: str
    squad_name: str
    sponsor_id: str
    companion_id: str
    role: SquadRole


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """What one member has in one output: all that the index and a page need, as one row."""

    output_id: str
    squad_id: str
    membership_id: str
    person_id: str
    title: str
    work_period_id: str
    #: V of the output
    value_points: int
    #: T of the output, None before acceptance
    attainment: Decimal | None
    output_status: str
    #: e of the newest share plan
    expected_bp: int
    #: balance of the person's account, 0 before attestation
    credited_bp: int
    #: balance of the output's collective account
    collective_bp: int
    #: balance of the output's pool
    pool_bp: int
    #: of the newest attestation that is no return; None without one
    commitment: Commitment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """Credit of one unit seen from home or from host; points are scaled by 10,000."""

    unit_id: str
    agency_id: str
    #: sum of amount_bp * V over allocated lines
    points_e4: int
    #: of it inside the same unit
    own_e4: int
    #: the part of kerja kolektif (host view only)
    collective_e4: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Credit that people of one unit earned in squads of another; scaled by 10,000."""

    home_unit_id: str
    host_unit_id: str
    points_e4: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRest:
    """Credit of accepted outputs not yet allocated, by host unit; scaled by 10,000."""

    unit_id: str
    pool_e4: int
    #: V of all accepted outputs, scaled
    value_e4: int


class ContributionStore(ClaimViews, Protocol):
    """Squads, memberships, outputs, claims, attestations, the ledger, disputes."""

    def add(self, rows: Sequence[ContributionEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def put(self, row: ContributionKept) -> None:
        """Write all fields of a row that exists."""
        ...

    def get(self, kind: type[ContributionKept], row_id: str) -> ContributionKept | None:
        """A row by id."""
        ...

    def lock_output(self, output_id: str) -> Output | None:
        """An output, locked for this transaction: its ledger grows by one writer at a time."""
        ...

    def squad_by_code(self, agency_id: str, code: str) -> Squad | None:
        """A squad by host agency and code."""
        ...

    def squads(self, agency_id: str) -> Sequence[Squad]:
        """Squads hosted by an agency, or with members of it, by code."""
        ...

    def squad_names(self, squad_ids: Collection[str]) -> Mapping[str, str]:
        """Names by squad id."""
        ...

    def members(self, squad_id: str, on: date | None = None) -> Sequence[Membership]:
        """Members of a squad (on a day): the ketua first, then by id."""
        ...

    def companions(
        self, people: Collection[str], starts_on: date, ends_on: date
    ) -> Sequence[Companion]:
        """Everybody in the squads of people in a time, with their sponsors: one statement."""
        ...

    def memberships_of(
        self, person_id: str, starts_on: date, ends_on: date
    ) -> Sequence[tuple[Membership, Squad]]:
        """Squads of a person in a time, by the squad's code."""
        ...

    def outputs(self, cycle_id: str, squad_id: str | None = None) -> Sequence[Output]:
        """Outputs of a cycle (of one squad), by squad and number."""
        ...

    def share_plan(self, output_id: str) -> SharePlan | None:
        """The newest version of the expected shares."""
        ...

    def share_lines(self, output_id: str) -> Sequence[ShareLine]:
        """Lines of the newest version, by membership id."""
        ...

    def claims(self, output_id: str) -> Sequence[Claim]:
        """Every member's claim, by person."""
        ...

    def claim_of(self, output_id: str, person_id: str) -> Claim | None:
        """A member's claim."""
        ...

    def evidence(self, *, claim_id: str = "", plan_item_id: str = "") -> Sequence[Evidence]:
        """Evidence of a claim or of a planned result, oldest first."""
        ...

    def attestations(self, output_id: str) -> Sequence[Attestation]:
        """All acts of attestation on an output, oldest first."""
        ...

    def attesters_of(self, person_id: str, cycle_id: str) -> frozenset[str]:
        """Who attested or co-signed lines of a person in a cycle, both names of a substitute."""
        ...

    def disputes(self, output_id: str) -> Sequence[Dispute]:
        """Disputes of an output, oldest first."""
        ...

    def hearings(self, dispute_id: str) -> Sequence[Hearing]:
        """What the parties said, oldest first."""
        ...

    def append(self, transfers: Sequence[Transfer]) -> Sequence[Transfer]:
        """Post rows of one output, chained and hashed; `Conflict` names a broken invariant."""
        ...

    def ledger(self, output_id: str) -> Sequence[Transfer]:
        """All rows of an output in order."""
        ...

    def transfer(self, row_id: int) -> Transfer | None:
        """One row of the ledger by its number."""
        ...

    def ledger_of_person(self, person_id: str, cycle_id: str) -> Sequence[tuple[Transfer, Output]]:
        """Rows of a person in a cycle, oldest first, each with its output."""
        ...

    def ledger_of_unit(
        self, unit_id: str, cycle_id: str, *, side: str
    ) -> Sequence[tuple[Transfer, Output]]:
        """Rows of a unit as "home" (its people's lines) or as "host" (its squads' rows)."""
        ...

    def balances(self, output_id: str) -> Mapping[str, int]:
        """Balance of every PRIMARY account of an output but ISSUE."""
        ...

    def credit_lines(
        self,
        cycle_id: str,
        *,
        person_id: str | None = None,
        output_id: str | None = None,
        squad_id: str | None = None,
    ) -> Sequence[CreditLine]:
        """Lines of people in outputs of a cycle, by squad, output and membership."""
        ...

    def home_view(self, cycle_id: str, unit_id: str | None = None) -> Sequence[RollUp]:
        """Allocated credit by home unit, or of one: one GROUP BY of the ledger's rows."""
        ...

    def host_view(self, cycle_id: str, unit_id: str | None = None) -> Sequence[RollUp]:
        """Allocated credit by host unit, or of one: another GROUP BY of the same rows."""
        ...

    def flows(self, cycle_id: str, unit_id: str | None = None) -> Sequence[Flow]:
        """The matrix of home and host units, own work included; or what one gave and got."""
        ...

    def pools(self, cycle_id: str, unit_id: str | None = None) -> Sequence[PoolRest]:
        """What is not allocated yet, by host unit, or of one."""
        ...

    def outputs_with_ledger(self) -> Sequence[str]:
        """Ids of all outputs that have rows."""
        ...

    def misvalued(self) -> Sequence[str]:
        """Ids of outputs that a row counts by another value than theirs."""
        ...

    def ledger_extent(self) -> tuple[int, int]:
        """How many outputs have rows and how many rows there are."""
        ...
