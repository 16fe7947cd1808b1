"""What goes to SIASN, what was read there, and what people copied: the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from engine.domain.exchange import Exchange, ExchangeState, RatedFacts

    Record = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeLine:
    """A row with its person's names, as a list shows it."""

    row: Exchange
    name: str
    nip: str
    period_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request for a row, and how it ended."""

    id: str
    exchange_id: str
    number: int
    outcome: str
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiasnReading:
    """What SIASN said of a person when it was read last."""

    person_id: str
    agency_id: str
    siasn_id: str = ""
    about: Record
    annual: Sequence[Record]
    periodic: Sequence[Record]
    #: why it could not be read
    fault: str = ""
    wanted_at: datetime | None = None
    attempts: int = 0
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHere:
    """A person as Regu has him, beside what SIASN said."""

    person_id: str
    nip: str
    name: str
    rank: str
    post: str
    unit: str
    reading: SiasnReading | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRow:
    """Something that happened on a day, as it was recorded."""

    entry: str
    on: date | None
    at: datetime
    #: whether `at` is the time of the thing itself
    timed: bool
    text: str
    result: str
    evidence: Sequence[str]
    #: from when until when, where it says so; stands in place of the time of `at`
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """A planned result with what was reached."""

    item_id: str
    number: int
    title: str
    target: str
    actual: str
    evidence: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedField:
    """The words of a field when its owner copied them."""

    entry: str
    field: str
    text: str
    at: datetime


class ExchangeStore(Protocol):
    """Rows, readings and marks."""

    def rated(
        self,
        agency_id: str,
        cycle_id: str,
        period_id: str | None,
        *,
        after: str = "",
        limit: int | None = None,
    ) -> Sequence[RatedFacts]:
        """Final evaluations of a cycle or period, by person id; one statement."""
        ...

    def of_keys(self, keys: Sequence[str]) -> Mapping[str, Exchange]:
        """Rows by key."""
        ...

    def get(self, exchange_id: str) -> Exchange | None:
        """One row."""
        ...

    def put(self, rows: Sequence[Exchange]) -> None:
        """New rows, and rows as they are now."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of rows to be sent or read back now, oldest first."""
        ...

    def hold(self, exchange_id: str, now: datetime, until: datetime) -> Exchange | None:
        """The row, held by this sender; None when another one was faster."""
        ...

    def attempted(self, attempt: Attempt) -> None:
        """Note a request."""
        ...

    def attempts(self, exchange_id: str) -> Sequence[Attempt]:
        """Requests of a row, oldest first."""
        ...

    def states(self, agency_id: str, batch_id: str | None = None) -> Mapping[ExchangeState, int]:
        """How many rows stand where."""
        ...

    def lines(
        self, agency_id: str, states: Sequence[ExchangeState], *, after: str = "", limit: int
    ) -> Sequence[ExchangeLine]:
        """Rows in these states, newest first, keyset paged by id."""
        ...

    def stopped(self, batch_id: str) -> Sequence[Exchange]:
        """Rows of a run that wait for a person."""
        ...

    def want(self, agency_id: str, person_ids: Sequence[str] | None, at: datetime) -> int:
        """Ask that SIASN is read for these people, or for everybody; how many."""
        ...

    def wanted(self, now: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """(person id, nip) of people to be read now."""
        ...

    def reading(self, person_id: str) -> SiasnReading | None:
        """What was read of a person."""
        ...

    def keep(self, reading: SiasnReading) -> None:
        """What was read now."""
        ...

    def people(
        self, agency_id: str, on: date, *, after: tuple[str, str] | None = None, limit: int
    ) -> Sequence[PersonHere]:
        """People of an agency with what SIASN said of them, by name."""
        ...

    def daily(self, person_id: str, cycle_id: str) -> Sequence[DailyRow]:
        """Notes of days, what was documented and talked about, oldest first."""
        ...

    def results(self, person_id: str, cycle_id: str) -> Sequence[ResultRow]:
        """The results of the plan in force."""
        ...

    def copied(self, person_id: str, cycle_id: str) -> Sequence[CopiedField]:
        """Marks of a person."""
        ...

    def mark(self, person_id: str, cycle_id: str, field: CopiedField) -> None:
        """Remember that a field was copied with these words."""
        ...

    def unmark(self, person_id: str, entry: str, field: str) -> None:
        """Forget that it was copied."""
        ...
