"""Rows to append to the ledger: open, allocate, collective, reverse, restate, overlay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.domain.errors import Malformed, Violation, require
from engine.domain.ledger import (
    COLLECTIVE,
    ISSUE,
    POOL,
    LineClass,
    Transfer,
    TransferCode,
    balance,
    live,
    live_line,
    person_account,
    primary,
)
from engine.domain.scales import WHOLE_BP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What every row of one act shares."""

    #: the output
    output_id: str
    #: its squad
    squad_id: str
    #: host of the squad
    host_agency_id: str
    #: host of the squad
    host_unit_id: str
    #: period of the work
    work_period_id: str
    #: open period the rows are booked in
    posting_period_id: str
    #: the recorded human
    actor_id: str
    #: why
    reason: str
    #: business time
    at: datetime
    #: time of writing
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose line it is, and the home it is stamped with (on the work date)."""

    #: the person
    person_id: str
    #: ketua, anggota, or an overlay role
    role: str
    #: home agency
    home_agency_id: str
    #: home unit
    home_unit_id: str
    #: planned result it serves
    plan_item_id: str | None = None


def opening(rows: Sequence[Transfer], posting: Posting) -> Transfer:
    """Promise: ISSUE to POOL, 10,000, once per output. Raises RuleBroken."""
    if primary(rows, posting.output_id):
        require((_fault("I1", posting.output_id, "is open already"),))
    return _row(posting, ISSUE, POOL, WHOLE_BP, TransferCode.OPEN)


def allocation(
    rows: Sequence[Transfer], posting: Posting, holder: Holder, amount_bp: int, code: TransferCode
) -> Transfer:
    """Promise: POOL to a person.

    Raises RuleBroken with all of: more than the POOL holds (I2), a live line already (I4), the
    actor is the person (I9).
    """
    _positive(amount_bp)
    found: list[Violation] = []
    pool = balance(rows, posting.output_id).pool_bp
    if amount_bp > pool:
        found.append(_fault("I2", POOL, f"holds {pool}, {amount_bp} asked"))
    if live_line(rows, posting.output_id, holder.person_id) is not None:
        found.append(_fault("I4", holder.person_id, "has a live line; reverse it first"))
    if posting.actor_id == holder.person_id:
        found.append(_fault("I9", holder.person_id, "nobody posts his own line"))
    require(found)
    row = _row(posting, POOL, person_account(holder.person_id), amount_bp, code)
    return _stamped(row, holder)


def collective(
    rows: Sequence[Transfer], posting: Posting, amount_bp: int, most_bp: int
) -> Transfer:
    """Promise: POOL to COLLECTIVE by the sponsor, at most `most_bp` in all (crediting.md 0.4).

    Raises RuleBroken with all of: too much, POOL too small, no reason.
    """
    _positive(amount_bp)
    found: list[Violation] = []
    held = balance(rows, posting.output_id)
    if amount_bp > held.pool_bp:
        found.append(_fault("I2", POOL, f"holds {held.pool_bp}, {amount_bp} asked"))
    if held.collective_bp + amount_bp > most_bp:
        total = held.collective_bp + amount_bp
        found.append(_fault("collective_most", COLLECTIVE, f"{total} is above {most_bp}"))
    if not posting.reason.strip():
        found.append(_fault("reason_missing", COLLECTIVE, "collective work needs a reason"))
    require(found)
    return _row(posting, POOL, COLLECTIVE, amount_bp, TransferCode.COLLECTIVE)


def reversal(rows: Sequence[Transfer], posting: Posting, row_id: int) -> Transfer:
    """Promise: the way back of one live allocation, same amount, once (I7).

    It keeps the original's work period, home and host. Raises RuleBroken.
    """
    original = next((row for row in rows if row.id == row_id), None)
    if original is None or original.output_id != posting.output_id:
        require((_fault("I7", str(row_id), "is no row of this output"),))
        raise Malformed("row", row_id, "unreachable")
    if original not in live(rows) or original.code is TransferCode.OPEN:
        require((_fault("I7", str(row_id), "cannot be reversed, or was"),))
    return replace(
        original,
        id=0,
        debit_account=original.credit_account,
        credit_account=original.debit_account,
        code=TransferCode.REVERSE,
        posting_period_id=posting.posting_period_id,
        reverses_id=original.id,
        actor_id=posting.actor_id,
        reason=posting.reason,
        at=posting.at,
        recorded_at=posting.recorded_at,
        prev_hash="",
        hash="",
    )


def restatement(
    rows: Sequence[Transfer],
    posting: Posting,
    shares: Mapping[str, int],
    holders: Mapping[str, Holder],
    collective_bp: int = 0,
) -> tuple[Transfer, ...]:
    """Promise: reversals and new lines that leave exactly these shares; sums to 0 (2.5).

    Shapes: person id to basis points, 0 for none; holders for every person with a share. Lines
    that stay as they are get no row. What the shares leave of 10,000 lies in POOL. Raises
    RuleBroken when they exceed 10,000 or the actor's own line would change.
    """
    total = sum(shares.values()) + collective_bp
    if total > WHOLE_BP or min((*shares.values(), collective_bp)) < 0:
        require((_fault("I2", posting.output_id, f"restated lines sum to {total}"),))
    kept: set[str] = set()
    out: list[Transfer] = []
    for row in live(primary(rows, posting.output_id)):
        if row.code is TransferCode.OPEN:
            continue
        wanted = collective_bp if row.person_id is None else shares.get(row.person_id, 0)
        if row.amount_bp == wanted and row.credit_account not in kept:
            kept.add(row.credit_account)
        else:
            out.append(reversal(rows, posting, row.id))
    for person, amount in shares.items():
        if amount and person_account(person) not in kept:
            row = _row(posting, POOL, person_account(person), amount, TransferCode.RESOLVE)
            out.append(_stamped(row, holders[person]))
    if collective_bp and COLLECTIVE not in kept:
        out.append(_row(posting, POOL, COLLECTIVE, collective_bp, TransferCode.COLLECTIVE))
    require([_own(row) for row in out if row.person_id == posting.actor_id])
    return tuple(out)


def overlay(posting: Posting, holder: Holder, amount_bp: int = WHOLE_BP) -> Transfer:
    """Promise: a recognition outside the whole (penelaah, mentor, narasumber); I3."""
    _positive(amount_bp)
    if posting.actor_id == holder.person_id:
        require((_fault("I9", holder.person_id, "nobody posts his own line"),))
    row = _row(posting, ISSUE, person_account(holder.person_id), amount_bp, TransferCode.ATTEST)
    return replace(_stamped(row, holder), line_class=LineClass.OVERLAY)


def _row(posting: Posting, debit: str, credit: str, amount_bp: int, code: TransferCode) -> Transfer:
    return Transfer(
        output_id=posting.output_id,
        debit_account=debit,
        credit_account=credit,
        amount_bp=amount_bp,
        code=code,
        work_period_id=posting.work_period_id,
        posting_period_id=posting.posting_period_id,
        home_agency_id=posting.host_agency_id,
        home_unit_id=posting.host_unit_id,
        host_agency_id=posting.host_agency_id,
        host_unit_id=posting.host_unit_id,
        squad_id=posting.squad_id,
        actor_id=posting.actor_id,
        reason=posting.reason,
        at=posting.at,
        recorded_at=posting.recorded_at,
    )


def _stamped(row: Transfer, holder: Holder) -> Transfer:
    return replace(
        row,
        person_id=holder.person_id,
        role=holder.role,
        home_agency_id=holder.home_agency_id,
        home_unit_id=holder.home_unit_id,
        plan_item_id=holder.plan_item_id,
    )


def _positive(amount_bp: int) -> None:
    if amount_bp <= 0:
        raise Malformed("amount_bp", amount_bp, "must be above 0")


def _own(row: Transfer) -> Violation:
    return _fault("I9", row.person_id or "", "nobody restates his own line")


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
