"""Kerja kolektif: at most a tenth, told to everybody, contested by anybody (crediting.md 0.4)."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.acceptance.unfair.squads import (
    accepted,
    attested,
    balances,
    line,
    sealed,
)

EXPECTED = {"citra": 6000, "sari": 1600, "eko": 2400}


@pytest.fixture
def left_over(town):
    """Eko never claimed, nor did his lead for him: 24 % stay in the pool."""
    accepted(town)
    attested(town, "citra", "sari")
    while town.open("claim") or town.open("claim_for_member"):
        town.pass_days(1)
    assert balances(town) == {"POOL": 2400, "citra": 6000, "sari": 1600}
    return town


def additions(town, **percents):
    rows = town.begun(town.task("allocate_remainder"))["lines"]
    given = {town.ids[who]: percent for who, percent in percents.items()}
    return [{**row, "share_percent": given.get(row["person_id"], 0)} for row in rows]


def shared_out(town, collective=10, **percents):
    values = {"collective_percent": collective, "reason": "Dikerjakan bersama"}
    town.do("allocate_remainder", "wati", **values, lines=additions(town, **percents))


def test_more_than_a_tenth_is_refused_and_so_is_a_remainder_without_a_reason(left_over):
    town = left_over
    lines = additions(town, sari=14)
    town.barred(
        "allocate_remainder", "citra", "sari", "eko", "budi", "joko",
        collective_percent=10, lines=lines, reason="x",
    )  # fmt: skip
    more = {"collective_percent": 11, "lines": additions(town, sari=13)}
    assert town.turned_down("allocate_remainder", "wati", **more, reason="Bersama") == {
        "collective_percent": "collective_most"
    }
    assert town.turned_down(
        "allocate_remainder", "wati", collective_percent=10, lines=lines, reason=""
    ) == {"reason": "required"}
    assert balances(town)["POOL"] == 2400


def test_everybody_is_told_and_whoever_has_no_line_may_contest_it_too(left_over):
    town = left_over
    shared_out(town, sari=14)
    assert balances(town) == {"COLLECTIVE": 1000, "citra": 6000, "sari": 3000}
    assert town.waiting("read_remainder") == [
        ("read_remainder", who) for who in ("citra", "eko", "sari")
    ]
    begun = town.begun(town.task("read_remainder", "eko"))
    assert str(begun["collective_percent"]) in ("10", "10.00")
    town.do("read_remainder", "eko", answer="dispute", ground="Saya ikut mengerjakan")
    # all three are heard, and each reads why
    for who in EXPECTED:
        task = town.task("hear_party", who)
        assert town.begun(task)["dispute_ground"] == "Saya ikut mengerjakan"
        town.do("hear_party", who, statement=f"Kata {who}")
    # Wati attested the lead's line and shared out: the next above decides
    assert town.waiting("decide_dispute") == [("decide_dispute", "ratna")]
    begun = town.begun(town.task("decide_dispute"))
    assert "Eko: Kata eko" in begun["statements"]
    shares = {"citra": 6000, "sari": 1600, "eko": 1400}
    lines = [
        {**row, "share_percent": shares[town.short(row["person_id"])] // 100}
        for row in begun["lines"]
    ]
    town.barred("decide_dispute", "wati", "citra", "sari", "budi", lines=lines, reason="x")
    town.do("decide_dispute", "ratna", lines=lines, reason="Bukti Eko terbuka")
    assert balances(town) == {"COLLECTIVE": 1000, **shares}
    sealed(town)
    promises_hold(town, shares)


def promises_hold(town, shares, k=1000):
    """I14 restated: the expected-share-weighted mean of a/e is 1 - k exactly; c divides it out."""
    mean = sum(
        Fraction(EXPECTED[who], 10_000) * Fraction(shares[who], EXPECTED[who]) for who in shares
    )
    assert mean == 1 - Fraction(k, 10_000)
    # Sari kept 16 of 16 while a tenth is collective: c = 16 / (16 * 0.9)
    assert line(town, "sari") == ("106.67", "di_atas", False)


def test_without_an_objection_the_remainder_is_sealed_with_the_output(left_over):
    town = left_over
    shared_out(town, collective=0, sari=14, eko=10)
    for who in EXPECTED:
        town.do("read_remainder", who, answer="noted")
    sealed(town)
    assert balances(town) == {"citra": 6000, "sari": 3000, "eko": 1000}
