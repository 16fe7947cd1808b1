"""Kinds of contribution, overlays, budgets, seals, corrections, certificates: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.domain.budgets import PointBudget
from engine.domain.certificates import Certificate
from engine.domain.closing import PeriodSeal
from engine.domain.contribution_types import ContributionType
from engine.domain.corrections import Correction, CorrectionHearing, SnapshotFlag
from engine.domain.overlays import OverlayCredit
from engine.domain.silences import Silence, Waiting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.domain.budgets import BudgetUse
    from engine.domain.calendar import Pause
    from engine.domain.ledger import Transfer
    from engine.domain.outputs import Output
    from engine.usecases.ports.contributions import PoolRest, RollUp

#: what this store keeps
CreditEntity = (
    ContributionType
    | OverlayCredit
    | PointBudget
    | Silence
    | PeriodSeal
    | Correction
    | CorrectionHearing
    | SnapshotFlag
    | Certificate
)
#: those of them that can be read by id and rewritten
CreditKept = TypeVar(
    "CreditKept", ContributionType, OverlayCredit, PointBudget, Correction, SnapshotFlag
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRow:
    """A row of the ledger that a certificate cites."""

    certificate_id: str
    transfer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where credit comes from or goes to: a unit of an agency; "" for an agency's sum."""

    agency_id: str
    unit_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """Credit of people of a home in squads of a host; points are scaled by 10,000."""

    home: Place
    host: Place
    points_e4: int
    #: of it kerja kolektif, which counts under the host
    collective_e4: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCredit:
    """A person's credit of one work period as booked in one posting period."""

    work_period_id: str
    posting_period_id: str
    #: sum of amount_bp * V; below 0 where corrections took away
    points_e4: int
    rows: int


class CreditStore(Protocol):
    """What stands around the ledger: its kinds, budgets, seals, corrections and certificates."""

    def add(self, rows: Sequence[CreditEntity | CertificateRow]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def put(self, row: CreditKept) -> None:
        """Write all fields of a row that exists."""
        ...

    def get(self, kind: type[CreditKept], row_id: str) -> CreditKept | None:
        """A row by id."""
        ...

    def types(self, agency_id: str) -> Sequence[ContributionType]:
        """Shipped kinds and an agency's own."""
        ...

    def type_of(self, agency_id: str, code: str) -> ContributionType | None:
        """An agency's own row of a code."""
        ...

    def overlays(
        self, *, output_id: str = "", person_id: str = "", cycle_id: str = ""
    ) -> Sequence[OverlayCredit]:
        """Overlay credit of an output, or of a person (in a cycle), oldest first."""
        ...

    def accepted_overlays(self, person_id: str, cycle_id: str) -> Sequence[OverlayCredit]:
        """What a person helped with beside his shares: evidence for Kolaboratif."""
        ...

    def budgets(self, squad_id: str) -> Sequence[PointBudget]:
        """A squad's budgets by period."""
        ...

    def budget_use(self, squad_id: str, cycle_id: str) -> Sequence[BudgetUse]:
        """Budget and what of it is used, for every period of a cycle, in order."""
        ...

    def silences(self, output_id: str, act: Waiting, subject_id: str = "") -> frozenset[str]:
        """Who let a clock of an output run out."""
        ...

    def silence_counts(self, cycle_id: str) -> Sequence[tuple[str, str, int]]:
        """(person, act, how often) in a cycle, most first."""
        ...

    def posted_in(self, period_id: str) -> Sequence[Transfer]:
        """Every row booked in a period, in order."""
        ...

    def count_outputs(self, period_id: str) -> int:
        """How many outputs a period has."""
        ...

    def outputs_of_period(self, period_id: str) -> Sequence[Output]:
        """Outputs whose work lies in a period, by id."""
        ...

    def seal_of(self, period_id: str) -> PeriodSeal | None:
        """The decision that sealed a period."""
        ...

    def seals(self) -> Sequence[PeriodSeal]:
        """Every seal, oldest first."""
        ...

    def corrections(
        self, *, output_id: str = "", period_id: str = "", open_only: bool = False
    ) -> Sequence[Correction]:
        """Corrections of an output, or of a work period, oldest first."""
        ...

    def correction_hearings(self, correction_id: str) -> Sequence[CorrectionHearing]:
        """What the people affected said, oldest first."""
        ...

    def flags(
        self,
        *,
        person_id: str = "",
        cycle_id: str = "",
        correction_id: str = "",
        open_only: bool = False,
    ) -> Sequence[SnapshotFlag]:
        """Snapshots that a correction made doubtful, oldest first."""
        ...

    def sealed_lines(
        self, person_id: str, cycle_id: str | None = None
    ) -> Sequence[tuple[Transfer, Output]]:
        """A person's live lines in sealed outputs and his live overlays, oldest first."""
        ...

    def certificate(self, code: str) -> Certificate | None:
        """A certificate by its code."""
        ...

    def certificates_of(self, person_id: str) -> Sequence[Certificate]:
        """A person's certificates, newest first."""
        ...

    def cited(self, certificate_id: str) -> Sequence[tuple[int, str, bool]]:
        """(row, hash, taken back since) of every row that a certificate cites, in order."""
        ...

    def citing(self, transfer_ids: Sequence[int]) -> Sequence[Certificate]:
        """Certificates that cite one of the rows."""
        ...

    def by_period(self, person_id: str, cycle_id: str) -> Sequence[PeriodCredit]:
        """A person's PRIMARY credit of a cycle by work and posting period."""
        ...

    def view(self, period_id: str, *, by: str, side: str) -> Sequence[RollUp]:
        """Allocated credit of a period by unit; `by` "work" or "posting", `side` home or host."""
        ...

    def pools(self, period_id: str) -> Sequence[PoolRest]:
        """What is not allocated of a work period's outputs, by host unit."""
        ...

    def matrix(
        self, year: int, *, units: bool, agency_id: str | None = None, unit_id: str | None = None
    ) -> Sequence[MatrixCell]:
        """Who earned where in a year: by unit, or summed by agency (I5).

        Over all agencies; or what one agency, or one unit, gave and got.
        """
        ...

    def leave(self, person_id: str, first: date, last: date) -> Sequence[Pause]:
        """Days on which a person is recorded as away, inside a time."""
        ...
