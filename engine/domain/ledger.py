"""The credit ledger: append-only transfers of basis points inside an output."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

#: where an output's basis points come from
ISSUE: Final = "ISSUE"
#: not yet allocated
POOL: Final = "POOL"
#: kerja kolektif unit
COLLECTIVE: Final = "COLLECTIVE"
#: prefix of a person's account
PERSON_PREFIX: Final = "person:"


class TransferCode(StrEnum):
    """Why a transfer was posted."""

    #: ISSUE to POOL at acceptance
    OPEN = "open"
    #: POOL to a person, share as claimed
    ATTEST = "attest"
    #: POOL to a person, share moved
    ADJUST = "adjust"
    #: POOL to a person, by decision of a dispute or an audit
    RESOLVE = "resolve"
    #: back the way of an earlier transfer
    REVERSE = "reverse"
    #: POOL to COLLECTIVE, by the sponsor
    COLLECTIVE = "collective"
    #: POOL to a person, of a remainder shared out by the sponsor
    RELEASE = "release"


class LineClass(StrEnum):
    """Whether a line is part of the 10,000."""

    #: part of the whole, enters the index
    PRIMARY = "PRIMARY"
    #: reviewer, mentor, narasumber: no total, never in the index
    OVERLAY = "OVERLAY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One row: a positive amount from one account of an output to another."""

    #: order in the ledger, from 1; 0 before it is stored
    id: int = 0
    #: the output
    output_id: str
    #: account that gives: ISSUE, POOL, COLLECTIVE or person:<id>
    debit_account: str
    #: account that receives
    credit_account: str
    #: basis points, above 0
    amount_bp: int
    #: why
    code: TransferCode
    #: period in which the work was done; the index replays by it
    work_period_id: str
    #: period the row is booked in, open at that time
    posting_period_id: str
    #: home agency of the person, else the host's
    home_agency_id: str
    #: home unit of the person, else the host's
    home_unit_id: str
    #: host agency of the squad
    host_agency_id: str
    #: host unit of the squad
    host_unit_id: str
    #: the squad
    squad_id: str
    #: person the line belongs to, None for POOL and COLLECTIVE
    person_id: str | None = None
    #: ketua, anggota, or an overlay role; "" when there is no person
    role: str = ""
    #: planned result it serves
    plan_item_id: str | None = None
    #: PRIMARY or OVERLAY
    line_class: LineClass = LineClass.PRIMARY
    #: row this one takes back
    reverses_id: int | None = None
    #: who caused it
    actor_id: str
    #: why, in words
    reason: str = ""
    #: business time
    at: datetime
    #: time of writing
    recorded_at: datetime
    #: hash of the row before, "" for the first
    prev_hash: str = ""
    #: hash of this row
    hash: str = ""


def person_account(person_id: str) -> str:
    """Promise: the account of a person in any output."""
    return PERSON_PREFIX + person_id


def account_person(account: str) -> str | None:
    """Promise: the person of an account, None for POOL, ISSUE and COLLECTIVE."""
    return account.removeprefix(PERSON_PREFIX) if account.startswith(PERSON_PREFIX) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputBalance:
    """Where the basis points of one output lie."""

    #: not allocated
    pool_bp: int
    #: kerja kolektif unit
    collective_bp: int
    #: by person, without those at 0
    people_bp: Mapping[str, int]

    @property
    def total_bp(self) -> int:
        """All of it; 10,000 once opened (I1)."""
        return self.pool_bp + self.collective_bp + sum(self.people_bp.values())


def primary(rows: Iterable[Transfer], output_id: str | None = None) -> tuple[Transfer, ...]:
    """Promise: the PRIMARY rows, of one output or of all; overlay never enters the whole (I3)."""
    return tuple(
        row
        for row in rows
        if row.line_class is LineClass.PRIMARY and output_id in (None, row.output_id)
    )


def overlays(rows: Iterable[Transfer]) -> tuple[Transfer, ...]:
    """Promise: the live OVERLAY rows, for behaviour evidence and the talent file (I3)."""
    kept = tuple(row for row in rows if row.line_class is LineClass.OVERLAY)
    return tuple(row for row in live(kept))


def live(rows: Iterable[Transfer]) -> tuple[Transfer, ...]:
    """Promise: the rows that are neither a reversal nor reversed."""
    kept = tuple(rows)
    reversed_ids = {row.reverses_id for row in kept if row.reverses_id is not None}
    return tuple(row for row in kept if row.reverses_id is None and row.id not in reversed_ids)


def accounts(rows: Iterable[Transfer]) -> dict[str, int]:
    """Promise: the balance of every account of the given rows: credits less debits."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.debit_account] = found.get(row.debit_account, 0) - row.amount_bp
        found[row.credit_account] = found.get(row.credit_account, 0) + row.amount_bp
    return found


def balance(rows: Iterable[Transfer], output_id: str) -> OutputBalance:
    """Promise: replay of one output's PRIMARY rows."""
    sums = accounts(primary(rows, output_id))
    people = {
        person: amount
        for account, amount in sums.items()
        if (person := account_person(account)) is not None and amount != 0
    }
    return OutputBalance(
        pool_bp=sums.get(POOL, 0), collective_bp=sums.get(COLLECTIVE, 0), people_bp=people
    )


def live_line(rows: Iterable[Transfer], output_id: str, person_id: str) -> Transfer | None:
    """Promise: the one live PRIMARY allocation of a person in an output (I4), None without one."""
    wanted = person_account(person_id)
    lines = live(primary(rows, output_id))
    return next((row for row in reversed(lines) if row.credit_account == wanted), None)
