"""What internal audit asks of a cycle (crediting.md 0.11): rows of reports, one statement each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MutualPair:
    """Two people who attested or co-signed lines of each other."""

    first_id: str
    second_id: str
    #: lines of the second that the first signed
    first_signed: int
    #: lines of the first that the second signed
    second_signed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unshown:
    """An attainment above 100 behind which no verified evidence stands."""

    #: "output" or "result"
    kind: str
    subject_id: str
    title: str
    #: who accepted the output, or whose result it is
    person_id: str
    attainment: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorFigures:
    """How one sponsor accepts outputs, beside all sponsors of the cycle."""

    sponsor_id: str
    outputs: int
    #: sum of T times 100
    attainment_e2: int
    #: outputs with T above 100
    above_100: int
    #: the same over all sponsors
    all_outputs: int
    all_attainment_e2: int
    all_above_100: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOutputs:
    """Several outputs of one squad and period, each just under the limit, together above it."""

    squad_id: str
    period_id: str
    outputs: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LateClaim:
    """A claim handed in on the last days of its period, or after it."""

    claim_id: str
    output_id: str
    person_id: str
    period_id: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFigures:
    """How one unit head answers when squads ask for his people."""

    head_id: str
    given: int
    refused: int
    #: let the clock run out
    silent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationFigures:
    """How often one rater decided otherwise than was proposed, by what."""

    rater_id: str
    kind: str
    deviations: int
    #: people it was about
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """One membership of a unit's person in a squad of another unit."""

    membership_id: str
    person_id: str
    squad_id: str
    host_unit_id: str
    effort_bp: int
    valid_from: date
    valid_to: date | None
    #: last day of the squad
    squad_ends_on: date


class AuditReports(Protocol):
    """Questions of internal audit; each is one set-based statement, equal on both databases."""

    def mutual_pairs(self, cycle_id: str) -> Sequence[MutualPair]:
        """Pairs who signed each other's lines, most lines first."""
        ...

    def unshown(self, cycle_id: str) -> Sequence[Unshown]:
        """Attainments above 100 without verified evidence, highest first."""
        ...

    def sponsors(self, cycle_id: str) -> Sequence[SponsorFigures]:
        """Figures of every sponsor who accepted something, highest mean first."""
        ...

    def split_outputs(
        self, cycle_id: str, *, limit_points: int, near_percent: int
    ) -> Sequence[SplitOutputs]:
        """Groups of outputs in the `near_percent` below the limit, most points first."""
        ...

    def late_claims(
        self,
        cycle_id: str,
        last_days: Sequence[tuple[str, datetime]],
        *,
        after: str | None = None,
        limit: int | None = None,
    ) -> Sequence[LateClaim]:
        """Claims handed in since the last days of their period began, latest first.

        A page: behind the claim of this id, so many.
        """
        ...

    def consents(self, cycle_id: str) -> Sequence[ConsentFigures]:
        """Answers of home units to squads, most refusals and silences first."""
        ...

    def deviations(self, cycle_id: str) -> Sequence[DeviationFigures]:
        """Deviations per rater and kind, most first."""
        ...

    def lent(self, cycle_id: str, unit_id: str) -> Sequence[Lent]:
        """Memberships of a unit's people in squads of other units, by squad and person."""
        ...
