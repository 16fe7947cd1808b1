"""The credit ledger: append-only transfers of basis points inside an output."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
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
