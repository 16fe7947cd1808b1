"""The ledger's invariants (crediting.md 2.4): each returns every violation it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.domain.chain import verify_chain
from engine.domain.errors import Violation
from engine.domain.ledger import (
    COLLECTIVE,
    ISSUE,
    POOL,
    TransferCode,
    account_person,
    accounts,
    balance,
    live,
    primary,
)
from engine.domain.scales import WHOLE_BP
from engine.domain.squads import Consent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from engine.domain.cycles import Period
    from engine.domain.ledger import Transfer
    from engine.domain.squads import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFacts:
    """What stands around the rows."""

    #: output -> id of the last row when it was sealed
    sealed_outputs: Mapping[str, int] = field(default_factory=dict)
    #: period -> id of the last row of the ledger when it was sealed
    sealed_periods: Mapping[str, int] = field(default_factory=dict)
    #: all memberships
    memberships: tuple[Membership, ...] = ()
    #: periods by id
    periods: Mapping[str, Period] = field(default_factory=dict)
    #: output -> day on which it was delivered, when it was
    delivered_on: Mapping[str, date] = field(default_factory=dict)
    #: output -> expected share of each person
    expected_bp: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    #: most that COLLECTIVE may hold
    collective_most_bp: int = WHOLE_BP


def check_conservation(rows: Sequence[Transfer]) -> tuple[Violation, ...]:
    """I1: after every row, each output's accounts hold 10,000 together, opened once."""
    found: list[Violation] = []
    for output, own in _by_output(primary(rows)).items():
        opened = [row for row in own if row.code is TransferCode.OPEN]
        if len(opened) != 1 or own[0] is not opened[0]:
            found.append(_fault("I1", output, f"opened {len(opened)} times, or not first"))
        issued = 0
        for row in own:
            issued += (row.debit_account == ISSUE) * row.amount_bp
            issued -= (row.credit_account == ISSUE) * row.amount_bp
            if issued != WHOLE_BP:
                found.append(_fault("I1", output, f"{issued} after row {row.id}"))
        if balance(own, output).total_bp != WHOLE_BP:
            found.append(_fault("I1", output, f"holds {balance(own, output).total_bp}"))
    return tuple(found)


def check_bounds(rows: Sequence[Transfer], facts: LedgerFacts) -> tuple[Violation, ...]:
    """I2: no balance outside 0..10,000 after any row; POOL empty at sealing; collective bounded."""
    found: list[Violation] = []
    for output, own in _by_output(primary(rows)).items():
        held: dict[str, int] = {}
        for row in own:
            for account, change in (
                (row.debit_account, -row.amount_bp),
                (row.credit_account, row.amount_bp),
            ):
                held[account] = held.get(account, 0) + change
                if account != ISSUE and not 0 <= held[account] <= WHOLE_BP:
                    found.append(_fault("I2", output, f"{account} {held[account]} at {row.id}"))
            if row.amount_bp <= 0:
                found.append(_fault("I2", output, f"row {row.id} moves {row.amount_bp}"))
        found.extend(_check_pool(output, own, facts))
    return tuple(found)


def _check_pool(output: str, own: Sequence[Transfer], facts: LedgerFacts) -> Iterable[Violation]:
    sealed_at = facts.sealed_outputs.get(output)
    if sealed_at is not None:
        pool = accounts(row for row in own if row.id <= sealed_at).get(POOL, 0)
        if pool:
            yield _fault("I2", output, f"sealed with {pool} in POOL")
    collective = accounts(own).get(COLLECTIVE, 0)
    if collective > facts.collective_most_bp:
        yield _fault("I2", output, f"COLLECTIVE {collective} above {facts.collective_most_bp}")
    for row in own:
        if row.credit_account == COLLECTIVE and not row.reason.strip():
            yield _fault("I2", output, f"row {row.id} to COLLECTIVE without a reason")


def check_single_lines(rows: Sequence[Transfer]) -> tuple[Violation, ...]:
    """I4: one live PRIMARY line per person and output; an output belongs to one squad."""
    found: list[Violation] = []
    for output, own in _by_output(primary(rows)).items():
        if len({row.squad_id for row in own}) > 1:
            found.append(_fault("I4", output, "belongs to more than one squad"))
        seen: set[str] = set()
        for row in live(own):
            person = account_person(row.credit_account)
            if person is None:
                continue
            if person in seen:
                found.append(_fault("I4", output, f"{person} has more than one live line"))
            if row.person_id != person:
                found.append(_fault("I4", output, f"row {row.id} names {row.person_id}"))
            seen.add(person)
    return tuple(found)


def check_append_only(
    before: Sequence[Transfer], after: Sequence[Transfer]
) -> tuple[Violation, ...]:
    """I7, first half: what was written stands as it was."""
    found = [
        _fault("I7", str(old.id), "was changed")
        for old, new in zip(before, after, strict=False)
        if old != new
    ]
    if len(after) < len(before):
        found.append(_fault("I7", "", f"{len(before) - len(after)} rows vanished"))
    return tuple(found)


def check_reversals(rows: Sequence[Transfer]) -> tuple[Violation, ...]:
    """I7, second half: a reversal is the mirror of one earlier row of its output, once."""
    found: list[Violation] = []
    by_id = {row.id: row for row in rows}
    reversed_ids: set[int] = set()
    for row in rows:
        if (row.code is TransferCode.REVERSE) is (row.reverses_id is None):
            found.append(_fault("I7", str(row.id), "a reversal names the row it takes back"))
        if row.reverses_id is None:
            continue
        if row.reverses_id in reversed_ids:
            found.append(_fault("I7", str(row.id), f"row {row.reverses_id} is reversed twice"))
        reversed_ids.add(row.reverses_id)
        original = by_id.get(row.reverses_id)
        if original is None or original.id >= row.id or not _mirrors(row, original):
            found.append(_fault("I7", str(row.id), f"is no mirror of {row.reverses_id}"))
    return tuple(found)


def _mirrors(row: Transfer, original: Transfer) -> bool:
    return (
        row.output_id == original.output_id
        and row.amount_bp == original.amount_bp
        and row.debit_account == original.credit_account
        and row.credit_account == original.debit_account
        and row.line_class is original.line_class
        and row.work_period_id == original.work_period_id
        and row.home_unit_id == original.home_unit_id
        and original.reverses_id is None
    )


def check_sealed_periods(rows: Sequence[Transfer], facts: LedgerFacts) -> tuple[Violation, ...]:
    """I8: no row is booked in a period after its sealing."""
    return tuple(
        _fault("I8", str(row.id), f"booked in sealed period {row.posting_period_id}")
        for row in rows
        if row.id > facts.sealed_periods.get(row.posting_period_id, row.id)
    )


def check_own_acts(rows: Sequence[Transfer]) -> tuple[Violation, ...]:
    """I9: nobody posts a line of his own."""
    return tuple(
        _fault("I9", str(row.id), f"{row.actor_id} posted his own line")
        for row in rows
        if account_person(row.credit_account) == row.actor_id
    )


def check_memberships(rows: Sequence[Transfer], facts: LedgerFacts) -> tuple[Violation, ...]:
    """I10: a PRIMARY line needs a home-consented membership inside its work period.

    What was delivered before its period began was worked on until then.
    """
    found: list[Violation] = []
    for row in primary(rows):
        person = account_person(row.credit_account)
        period = facts.periods.get(row.work_period_id)
        if person is None:
            continue
        if period is None or not any(
            m.person_id == person
            and m.squad_id == row.squad_id
            and m.consent is Consent.GIVEN
            and m.valid_from <= period.ends_on
            and (m.valid_to is None or m.valid_to > _begins(period, row, facts))
            for m in facts.memberships
        ):
            found.append(_fault("I10", str(row.id), f"{person} has no consented membership"))
    return tuple(found)


def _begins(period: Period, row: Transfer, facts: LedgerFacts) -> date:
    return min(period.starts_on, facts.delivered_on.get(row.output_id, period.starts_on))


def check_mean(rows: Sequence[Transfer], facts: LedgerFacts) -> tuple[Violation, ...]:
    """I14: with POOL empty, the expected-share-weighted mean of a/e equals 1 - k exactly."""
    found: list[Violation] = []
    for output, expected in facts.expected_bp.items():
        held = balance(rows, output)
        if held.total_bp == 0 or held.pool_bp:
            continue
        strangers = sorted(p for p in held.people_bp if expected.get(p, 0) <= 0)
        if strangers:
            found.append(_fault("I14", output, f"no expected share: {', '.join(strangers)}"))
            continue
        mean = sum(
            (
                Fraction(e, WHOLE_BP) * Fraction(held.people_bp.get(p, 0), e)
                for p, e in expected.items()
                if e > 0
            ),
            Fraction(0),
        )
        if mean != 1 - Fraction(held.collective_bp, WHOLE_BP):
            found.append(_fault("I14", output, f"mean {mean}, k {held.collective_bp}"))
    return tuple(found)


def check_ledger(rows: Sequence[Transfer], facts: LedgerFacts) -> tuple[Violation, ...]:
    """Promise: every violation of I1, I2, I4, I7, I8, I9, I10, I13 and I14 in one walk."""
    return (
        *check_conservation(rows),
        *check_bounds(rows, facts),
        *check_single_lines(rows),
        *check_reversals(rows),
        *check_sealed_periods(rows, facts),
        *check_own_acts(rows),
        *check_memberships(rows, facts),
        *check_mean(rows, facts),
        *verify_chain(rows),
    )


def _by_output(rows: Iterable[Transfer]) -> dict[str, list[Transfer]]:
    found: dict[str, list[Transfer]] = {}
    for row in rows:
        found.setdefault(row.output_id, []).append(row)
    return found


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
