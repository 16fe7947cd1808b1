"""What the pages of plan, attestation and ledger show: rows ready for their templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from engine.domain.claims import Attestation, Claim, Evidence
    from engine.domain.contribution_types import ContributionType
    from engine.domain.credit import CreditResult
    from engine.domain.cycles import Cycle
    from engine.domain.disputes import Dispute
    from engine.domain.index import IndexLine
    from engine.domain.outputs import Output
    from engine.domain.people import Person
    from engine.domain.plans import Indicator, Plan, PlanItem
    from engine.domain.ratings import Level, Rating
    from engine.domain.squads import Squad
    from engine.usecases.attesting import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """A planned result with its measures and what was reached."""

    item: PlanItem
    parent_title: str
    indicators: Sequence[Indicator]
    #: attainment of the newest progress, None without any
    attainment: Decimal | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRow:
    """One credited line of a person in a squad's output."""

    output_id: str
    title: str
    value_points: int
    attainment: Decimal | None
    output_status: str
    expected_bp: int
    credited_bp: int
    commitment: str | None
    #: how the line counts in the role's attainment; None before acceptance
    arithmetic: CreditResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCard:
    """One role of a plan: the home post or a squad."""

    #: "home" or the membership id
    role: str
    name: str
    #: place in the order of roles, for its colour
    position: int
    squad: Squad | None
    effort_bp: int | None
    items: Sequence[ItemRow]
    credits: Sequence[CreditRow]
    #: this role's part of the index; None while it cannot be counted
    line: IndexLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexSheet:
    """The index with its arithmetic, as far as it can be counted."""

    ihk: Decimal
    proposed_level: Level
    lines: Sequence[IndexLine]
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """A person's plan by role, with the arithmetic of the index."""

    person: Person
    cycle: Cycle
    plan: Plan | None
    roles: Sequence[RoleCard]
    index: IndexSheet | None
    rating: Rating | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One member's line in an output."""

    person_id: str
    name: str
    home_unit: str
    role: str
    position: int
    expected_bp: int
    credited_bp: int
    claim: Claim | None
    evidence: Sequence[Evidence]
    attestation: Attestation | None
    #: the actor's open attest task for this line
    task_key: int | None
    #: kind of contribution as the host agency names it
    kind: ContributionType | None = None


@dataclass(frozen=True, slots=True)
class BarPart:
    """One coloured part of a share bar."""

    share_bp: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputCard:
    """An output with its share bar."""

    output: Output
    lines: Sequence[LineRow]
    pool_bp: int
    collective_bp: int
    disputes: Sequence[Dispute]

    @property
    def open_lines(self) -> Sequence[LineRow]:
        """Lines that wait for the actor's attestation."""
        return [line for line in self.lines if line.task_key is not None]

    @property
    def claimed_bp(self) -> int:
        """Sum of the claims."""
        return sum(line.claim.claimed_bp for line in self.lines if line.claim is not None)

    @property
    def bar(self) -> Sequence[BarPart]:
        """Credited shares in the order of the lines."""
        return [BarPart(line.credited_bp, line.position) for line in self.lines]

    @property
    def expected_bar(self) -> Sequence[BarPart]:
        """Expected shares in the same order."""
        return [BarPart(line.expected_bp, line.position) for line in self.lines]

    @property
    def total_bp(self) -> int:
        """Everything the bar shows; 10,000 once the output is accepted."""
        return sum(line.credited_bp for line in self.lines) + self.pool_bp + self.collective_bp


@dataclass(frozen=True, slots=True, kw_only=True)
class SquadSheet:
    """A squad's outputs with their claims."""

    squad: Squad
    host_unit: str
    sponsor: str
    lead: str
    cycle: Cycle
    outputs: Sequence[OutputCard]
    #: claims that wait for the actor, earliest due first
    waiting: Sequence[Waiting] = ()
