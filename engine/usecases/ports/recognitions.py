"""What follows from results: facts of talent, recognitions, data used, referrals: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.domain.recognition import DataUse, Recognition
from engine.domain.referrals import Referral, ReferralHanding
from engine.domain.talent import PersonFact

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.domain.ratings import Predikat

#: what this store keeps; nothing of it is ever changed
RecognitionEntity = PersonFact | Recognition | DataUse | Referral | ReferralHanding


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedData:
    """A row that a decision used, as it reads today."""

    use: DataUse
    #: taken back, or followed by a newer version, since
    changed: bool
    #: of a ledger row: its points scaled by 10,000, 0 outside the shares
    points_e4: int
    #: of a ledger row, "" of the others
    output: str
    output_id: str
    squad: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    """A referral as HR reads it."""

    referral: Referral
    about: str
    nip: str
    by: str
    #: "" while it waits
    handed_to: str
    letter_no: str
    handed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceRow:
    """The predikat of a person for a period, for the payment of allowances (6/2022 art. 28)."""

    #: place in the list: NIP and number of the period
    mark: str
    person_id: str
    nip: str
    name: str
    #: of the period; 0: the year
    number: int
    #: "" for the year
    period: str
    predikat: Predikat
    #: the final rating or the periodic one
    source_id: str
    at: datetime
    #: whether an open correction makes the numbers behind it doubtful
    flagged: bool = False


class RecognitionStore(Protocol):
    """Facts, recognitions, data used, referrals, allowance feed."""

    def add(self, rows: Sequence[RecognitionEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def facts(self, person_id: str) -> Sequence[PersonFact]:
        """Everything recorded of a person, oldest first."""
        ...

    def fact(self, fact_id: str) -> PersonFact | None:
        """One by id."""
        ...

    def recognitions(self, person_id: str) -> Sequence[Recognition]:
        """A person's recognitions of all cycles, newest first."""
        ...

    def uses(self, person_id: str) -> Sequence[UsedData]:
        """What decisions about a person used, in order, with what became of it since."""
        ...

    def referral(self, referral_id: str) -> Referral | None:
        """One by id."""
        ...

    def referrals(
        self,
        agency_id: str,
        *,
        reader_id: str | None = None,
        after: str | None = None,
        limit: int | None = 50,
    ) -> Sequence[Referred]:
        """Referrals of an agency that are not of the reader, newest first, paged by id."""
        ...

    def allowance(
        self, cycle_id: str, *, after: str | None = None, limit: int | None = 50
    ) -> Sequence[AllowanceRow]:
        """Predikat per person and period, final ratings as the year's; paged by `mark`."""
        ...
