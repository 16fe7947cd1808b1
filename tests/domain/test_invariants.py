"""Each invariant's checker is shown a planted fault and must name it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.chain import append
from engine.domain.cycles import Period
from engine.domain.invariants import LedgerFacts, check_append_only, check_ledger
from engine.domain.ledger import LineClass, TransferCode
from engine.domain.posting import allocation, collective, opening, reversal
from engine.domain.rollup import check_rollup, roll_up
from engine.domain.squads import Consent
from tests.domain.worked import COLLECTIVE_MOST, holder, member, posting

PERIODS = {
    "Q1": Period(
        id="Q1",
        cycle_id="c",
        number=1,
        name="Triwulan I",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 3, 31),
    )
}
PEOPLE = {"a": 5000, "b": 3000, "c": 1000}
EXPECTED = {"A1": {"a": 5000, "b": 3000, "c": 2000}}


def sound():
    rows = append((), [opening((), posting())])
    for who, amount in PEOPLE.items():
        code = TransferCode.ATTEST
        rows = append(rows, [allocation(rows, posting(), holder(who), amount, code)])
    return append(rows, [collective(rows, posting(), 1000, COLLECTIVE_MOST)])


def facts(**more):
    last = len(sound())
    base = {
        "sealed_outputs": {"A1": last},
        "memberships": tuple(member(who, 1000) for who in PEOPLE),
        "periods": PERIODS,
        "expected_bp": EXPECTED,
        "collective_most_bp": COLLECTIVE_MOST,
    }
    return LedgerFacts(**base | more)


def rechained(rows):
    """A forger with the key to the store: the chain fits, the rules do not."""
    return append((), [replace(row, id=0) for row in rows])


def changed(place, **values):
    return lambda rows: [*rows[:place], replace(rows[place], **values), *rows[place + 1 :]]


def twice(place):
    return lambda rows: [*rows, rows[place]]


def reversed_then(**values):
    def plant(rows):
        return [*rows, replace(reversal(rows, posting(), 2), **values)]

    return plant


PLANTED = {
    "the opening is missing": ("I1", lambda rows: rows[1:]),
    "the output is opened twice": ("I1", twice(0)),
    "the opening is short": ("I1", changed(0, amount_bp=9000)),
    "points leave for nowhere": ("I1", changed(1, credit_account="ISSUE", person_id=None)),
    "a line is larger than the pool": ("I2", changed(1, amount_bp=9000)),
    "a line moves nothing": ("I2", changed(1, amount_bp=0)),
    "a line moves less than nothing": ("I2", changed(1, amount_bp=-100)),
    "the pool is not empty at sealing": ("I2", lambda rows: rows[:-1]),
    "collective above its most": ("I2", changed(4, amount_bp=1001)),
    "collective without a reason": ("I2", changed(4, reason="")),
    "a line counted twice": (
        "I2",
        lambda rows: [*rows, replace(rows[1], line_class=LineClass.PRIMARY)],
    ),
    "two live lines": ("I4", changed(2, credit_account="person:a", person_id="a")),
    "two squads": ("I4", changed(2, squad_id="B")),
    "a line that names another": ("I4", changed(2, person_id="c")),
    "a reversal of another amount": ("I7", reversed_then(amount_bp=10)),
    "a reversal the wrong way": (
        "I7",
        reversed_then(debit_account="POOL", credit_account="person:a"),
    ),
    "a reversal of a later row": ("I7", reversed_then(reverses_id=99)),
    "a reversal without its row": ("I7", reversed_then(reverses_id=None)),
    "a reversal in another home": ("I7", reversed_then(home_unit_id="elsewhere")),
    "a reversal twice": ("I7", lambda rows: [*rows, *[reversal(rows, posting(), 2)] * 2]),
    "an own line": ("I9", changed(1, actor_id="a")),
    "a stranger to the squad": ("I10", changed(1, credit_account="person:x", person_id="x")),
    "a period nobody knows": ("I10", changed(1, work_period_id="Q9")),
    "a stranger to the share plan": ("I14", changed(1, credit_account="person:x", person_id="x")),
}


def test_a_sound_ledger_breaks_nothing():
    assert check_ledger(sound(), facts()) == ()


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(name):
    code, plant = PLANTED[name]
    found = check_ledger(rechained(plant(sound())), facts())
    assert code in {violation.code for violation in found}


def test_i7_a_changed_or_vanished_row_is_found():
    rows = sound()
    assert check_append_only(rows, append(rows, [reversal(rows, posting(), 2)])) == ()
    assert check_append_only(rows, changed(1, amount_bp=1)(rows))[0].code == "I7"
    assert check_append_only(rows, rows[:-1])[0].code == "I7"


def test_i8_a_row_booked_after_the_period_was_sealed_is_found():
    rows = sound()
    sealed = facts(sealed_periods={"Q1": len(rows)})
    assert check_ledger(rows, sealed) == ()
    late = append(rows, [reversal(rows, posting(), 2)])
    assert "I8" in {v.code for v in check_ledger(late, sealed)}
    allowed = append(rows, [reversal(rows, posting(posting_period_id="Q2"), 2)])
    assert check_ledger(allowed, sealed) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"consent": Consent.PENDING},
        {"consent": Consent.REFUSED},
        {"valid_to": date(2026, 1, 1)},
        {"valid_from": date(2026, 4, 1)},
        {"squad_id": "B"},
    ],
)
def test_i10_a_line_outside_a_consented_membership_is_found(change):
    rows = sound()
    people = tuple(member(who, 1000, **change) for who in PEOPLE)
    assert {v.code for v in check_ledger(rows, facts(memberships=people))} == {"I10"}


def test_i13_a_changed_row_breaks_the_chain_and_nothing_hides_it():
    rows = changed(1, reason="other")(sound())
    assert {v.code for v in check_ledger(rows, facts())} == {"I13"}


def test_i14_the_weighted_mean_is_one_less_the_collective_part():
    lenient = facts(expected_bp={"A1": {"a": 5000, "b": 3000}})
    assert "I14" in {v.code for v in check_ledger(sound(), lenient)}


def test_i5_a_row_with_a_wrong_side_breaks_the_rollup():
    rows = sound()
    assert check_rollup(roll_up(rows, {"A1": 40}), {"A1": 40}) == ()
    short = changed(0, amount_bp=9000)(rows)
    assert check_rollup(roll_up(short, {"A1": 40}), {"A1": 40})[0].code == "I5"
