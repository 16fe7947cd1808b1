"""Final ratings as the national system SIASN takes them, and what becomes of each (domain.md 8)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import TransitionRefused
from engine.domain.ratings import Level, Predikat

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    Payload = Mapping[str, str | int]

#: attempts before a row waits for a person
ATTEMPTS_MAX: Final = 8
#: pause after the first failure; doubled by each further one
PAUSE: Final = timedelta(minutes=1)
PAUSE_MAX: Final = timedelta(hours=6)


class ExchangeKind(StrEnum):
    """What is sent."""

    #: the yearly evaluation (SKP of 2022 and later)
    ANNUAL = "skp22"
    #: the evaluation of a period (kinerja periodik)
    PERIODIC = "periodic"


class ExchangeState(StrEnum):
    """Where a row stands."""

    #: to be sent, now or after a pause
    WAITING = "waiting"
    #: held by a sender
    SENDING = "sending"
    #: taken by SIASN, not read back yet
    SENT = "sent"
    #: read back from SIASN as it was sent, or without what it was to take back
    CONFIRMED = "confirmed"
    #: SIASN said no or holds something else, or it is held here for what it lacks
    REFUSED = "refused"
    #: every attempt failed
    DEAD = "dead"


#: rows that nobody need look after yet
MOVING: Final = frozenset({ExchangeState.WAITING, ExchangeState.SENDING, ExchangeState.SENT})
#: rows that wait for a person
STOPPED: Final = frozenset({ExchangeState.REFUSED, ExchangeState.DEAD})

#: domain.md 3.2, inferred from public client code [S18]
LEVEL_CODE: Final[Mapping[Level, int]] = {Level.DI_ATAS: 1, Level.SESUAI: 2, Level.DI_BAWAH: 3}
#: 1, 2 and 5 inferred from public client code [S18]; 3 and 4 from memory, to be checked with a
#: test account [M]. Never computed from the two levels: the predikat alone decides.
QUADRANT_CODE: Final[Mapping[Predikat, int]] = {
    Predikat.SANGAT_BAIK: 1,
    Predikat.BAIK: 2,
    Predikat.BUTUH_PERBAIKAN: 3,
    Predikat.KURANG: 4,
    Predikat.SANGAT_KURANG: 5,
}
ASN: Final = "ASN"
#: a rater without an entry in the civil service
NON_ASN: Final = "NON ASN"

#: fields of `POST /skp22/save`, in order (domain.md 8)
ANNUAL_FIELDS: Final = (
    "tahun",
    "hasilKinerjaNilai",
    "perilakuKerjaNilai",
    "kuadranKinerjaNilai",
    "pnsDinilaiOrang",
    "penilaiNipNrp",
    "penilaiNama",
    "penilaiJabatan",
    "penilaiGolongan",
    "penilaiUnorNama",
    "statusPenilai",
)
#: fields of the periodic performance, in order (domain.md 8)
PERIODIC_FIELDS: Final = (
    "bulanMulaiPenilaian",
    "bulanSelesaiPenilaian",
    "tahun",
    "tahunMulaiPenilaian",
    "tahunSelesaiPenilaian",
    "hasilKinerjaNilai",
    "perilakuKerjaNilai",
    "kuadranKinerjaNilai",
    "koefisienId",
    "periodikId",
    "pnsDinilaiId",
    "penilaiGolongan",
    "penilaiJabatanNama",
    "penilaiNama",
    "penilaiNipNrp",
    "penilaiUnorNama",
    "statusPenilai",
)
#: the field that carries SIASN's own id of whom it is about; filled in when it is sent
PERSON_FIELD: Final[Mapping[ExchangeKind, str]] = {
    ExchangeKind.ANNUAL: "pnsDinilaiOrang",
    ExchangeKind.PERIODIC: "pnsDinilaiId",
}


#: SIASN's own reference of the coefficient; a period is not sent without it
COEFFICIENT_FIELD: Final = "koefisienId"
#: word of why a row is held: the agency's table has no entry for this level and predikat
NO_COEFFICIENT: Final = "no_coefficient"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedFacts:
    """A final evaluation with its rater, as Regu knows them."""

    person_id: str
    nip: str
    name: str
    rating_id: str
    result: Level
    behaviour: Level
    predikat: Predikat
    year: int
    #: first and last day of what was rated
    starts_on: date
    ends_on: date
    #: None for a whole year
    period_id: str | None = None
    rater_nip: str = ""
    rater_name: str = ""
    rater_post: str = ""
    rater_rank: str = ""
    rater_unit: str = ""

    @property
    def kind(self) -> ExchangeKind:
        """Yearly or periodic."""
        return ExchangeKind.PERIODIC if self.period_id else ExchangeKind.ANNUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One evaluation on its way to SIASN."""

    #: UUIDv7 text
    id: str
    agency_id: str
    person_id: str
    cycle_id: str
    #: None for the yearly evaluation
    period_id: str | None
    kind: ExchangeKind
    #: Regu's own idempotency key; the same for every attempt
    key: str
    #: the run of the process that let it go
    batch_id: str
    #: the rating as it was when it was approved
    rating_id: str
    payload: Payload
    state: ExchangeState
    #: attempts of this approval
    attempts: int = 0
    #: a request left whose answer nobody saw: read before anything is sent
    unknown: bool = False
    #: nobody touches it before this real moment
    free_at: datetime | None = None
    approved_by: str
    approved_at: datetime
    confirmed_at: datetime | None = None
    #: SIASN's id of the record
    remote_id: str = ""
    #: word of why it stopped or waits
    reason: str = ""
    #: SIASN's own words
    answer: str = ""
    #: who wants SIASN to take the record back; None: it is to stand there
    withdrawn_by: str | None = None
    #: why it is taken back, in his words
    withdraw_reason: str = ""
    #: last change, real time
    at: datetime


def annual_payload(facts: RatedFacts) -> Payload:
    """Promise: the fields of `ANNUAL_FIELDS` in order; pnsDinilaiOrang stays "" until sending."""
    return {
        "tahun": facts.year,
        **_levels(facts),
        "pnsDinilaiOrang": "",
        "penilaiNipNrp": facts.rater_nip,
        "penilaiNama": facts.rater_name,
        "penilaiJabatan": facts.rater_post,
        "penilaiGolongan": facts.rater_rank,
        "penilaiUnorNama": facts.rater_unit,
        "statusPenilai": _status(facts),
    }


def periodic_payload(facts: RatedFacts, *, coefficient_id: str, period_ref: str) -> Payload:
    """Promise: the fields of `PERIODIC_FIELDS` in order; pnsDinilaiId stays "" until sending.

    `coefficient_id` and `period_ref` are SIASN's own references, looked up there.
    """
    return {
        "bulanMulaiPenilaian": facts.starts_on.month,
        "bulanSelesaiPenilaian": facts.ends_on.month,
        "tahun": facts.year,
        "tahunMulaiPenilaian": facts.starts_on.year,
        "tahunSelesaiPenilaian": facts.ends_on.year,
        **_levels(facts),
        "koefisienId": coefficient_id,
        "periodikId": period_ref,
        "pnsDinilaiId": "",
        "penilaiGolongan": facts.rater_rank,
        "penilaiJabatanNama": facts.rater_post,
        "penilaiNama": facts.rater_name,
        "penilaiNipNrp": facts.rater_nip,
        "penilaiUnorNama": facts.rater_unit,
        "statusPenilai": _status(facts),
    }


def lacking(kind: ExchangeKind, payload: Payload) -> str:
    """Promise: the word of what a payload lacks to be sent, "" when it lacks nothing."""
    missing = kind is ExchangeKind.PERIODIC and not payload.get(COEFFICIENT_FIELD)
    return NO_COEFFICIENT if missing else ""


def period_told(payload: Payload) -> tuple[date, Predikat]:
    """Promise: last day and predikat of the period that a payload tells."""
    year, month = int(payload["tahunSelesaiPenilaian"]), int(payload["bulanSelesaiPenilaian"])
    quadrant = int(payload["kuadranKinerjaNilai"])
    predikat = next(one for one, code in QUADRANT_CODE.items() if code == quadrant)
    return date(year, month, monthrange(year, month)[1]), predikat


def _levels(facts: RatedFacts) -> dict[str, str | int]:
    return {
        "hasilKinerjaNilai": LEVEL_CODE[facts.result],
        "perilakuKerjaNilai": LEVEL_CODE[facts.behaviour],
        "kuadranKinerjaNilai": QUADRANT_CODE[facts.predikat],
    }


def _status(facts: RatedFacts) -> str:
    return ASN if facts.rater_nip else NON_ASN


def key_of(kind: ExchangeKind, person_id: str, about_id: str) -> str:
    """Promise: one key per kind, person and cycle or period."""
    return f"{kind}:{person_id}:{about_id}"


def pause_after(attempts: int) -> timedelta:
    """Promise: how long a row rests after so many attempts; doubled each time, with an end."""
    doubled: timedelta = PAUSE * 2 ** max(0, attempts - 1)
    return min(doubled, PAUSE_MAX)


def check_retry(row: Exchange) -> None:
    """Promise: a person sends again only what stopped; `TransitionRefused` otherwise."""
    if row.state not in STOPPED:
        raise TransitionRefused("exchange", row.state, "retry")


def may_withdraw(row: Exchange) -> bool:
    """Promise: whether SIASN can be asked to take a row back.

    Its web service deletes records of periods alone (domain.md 8), by their id there.
    """
    at_rest = row.state is ExchangeState.CONFIRMED or row.state in STOPPED
    theirs = row.kind is ExchangeKind.PERIODIC and bool(row.remote_id)
    return at_rest and theirs and not taken_back(row)


def taken_back(row: Exchange) -> bool:
    """Promise: whether SIASN was read without the record that it was to take back."""
    return row.withdrawn_by is not None and row.state is ExchangeState.CONFIRMED


def withdrawn(row: Exchange, by: str, reason: str, at: datetime) -> Exchange:
    """Promise: the row waiting to be taken back; `TransitionRefused` where it cannot be."""
    if not may_withdraw(row):
        raise TransitionRefused("exchange", row.state, "withdraw")
    return replace(
        row,
        state=ExchangeState.WAITING,
        attempts=0,
        unknown=False,
        free_at=None,
        confirmed_at=None,
        reason="",
        answer="",
        withdrawn_by=by,
        withdraw_reason=reason,
        at=at,
    )
