"""Claims, waiting attestations, disputes and ledger rows as lists show them: one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from engine.domain.claims import Attestation, Claim, Evidence
    from engine.domain.disputes import Dispute
    from engine.domain.ledger import Transfer
    from engine.domain.outputs import Output
    from engine.domain.squads import Squad


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """A claim with what a list says about it."""

    claim: Claim
    output: Output
    squad_id: str
    squad: str
    #: the member
    name: str
    home_unit: str
    role: str
    #: e of the newest share plan
    expected_bp: int
    #: pieces of evidence that nobody rejected
    evidence: int
    #: whether a dispute of the output is not decided
    disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStep:
    """An open task that concerns an output: who must act, and until when."""

    task_key: int
    element_id: str
    name: str
    output_id: str
    #: the member whose line it is about, None for the whole output
    about_id: str | None
    assignee: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A row of the ledger with the words that a page needs."""

    transfer: Transfer
    output: str
    #: V of the output
    value_points: int
    squad: str
    person: str
    actor: str
    home_unit: str
    host_unit: str
    work_period: str
    posting_period: str
    #: when the posting period was sealed, None while it is open
    sealed_at: datetime | None
    #: number of the row that took this one back
    taken_back_by: int | None

    @property
    def points_e4(self) -> int:
        """Points moved, scaled by 10,000; less than zero for what was taken back."""
        return self.sign * self.transfer.amount_bp * self.value_points

    @property
    def sign(self) -> int:
        """1 where the row adds, -1 where it takes back."""
        return -1 if self.transfer.debit_account.startswith(("person:", "COLLECTIVE")) else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerQuestion:
    """Rows of one person, or of a unit as "home" or "host", in a cycle's years; narrowed."""

    cycle_id: str
    person_id: str = ""
    unit_id: str = ""
    side: str = "home"
    #: work period
    period_id: str = ""
    output_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSum:
    """What the rows of a question come to, by squad."""

    squad_id: str
    squad: str
    points_e4: int
    rows: int


class ClaimViews(Protocol):
    """The part of `ContributionStore` that lists are made of; each method is one statement."""

    def claim_rows(self, lines: Collection[tuple[str, str]]) -> Sequence[ClaimRow]:
        """Claims of (output, person), by squad code, output and person's name."""
        ...

    def claims_in(self, output_ids: Collection[str]) -> Sequence[Claim]:
        """Every claim of these outputs."""
        ...

    def evidence_in(self, claim_ids: Collection[str]) -> Sequence[Evidence]:
        """Evidence of these claims, oldest first."""
        ...

    def attestations_in(self, output_ids: Collection[str]) -> Sequence[Attestation]:
        """All acts of attestation on these outputs, oldest first."""
        ...

    def disputes_in(self, output_ids: Collection[str]) -> Sequence[Dispute]:
        """Disputes of these outputs, oldest first."""
        ...

    def outputs_in(self, output_ids: Collection[str]) -> Sequence[Output]:
        """These outputs, by id."""
        ...

    def squads_in(self, squad_ids: Collection[str]) -> Sequence[Squad]:
        """These squads, by code."""
        ...

    def open_steps(self, output_ids: Collection[str]) -> Sequence[OpenStep]:
        """Open tasks about these outputs, by key."""
        ...

    def entries(
        self, question: LedgerQuestion, *, before: int | None = None, limit: int | None = None
    ) -> Sequence[LedgerEntry]:
        """Rows of the ledger, newest first; `before` is the number of the last row seen."""
        ...

    def ledger_sums(self, question: LedgerQuestion) -> Sequence[LedgerSum]:
        """What the same rows come to by squad, PRIMARY ones only, by the squad's code."""
        ...
