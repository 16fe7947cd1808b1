"""Functional credit: every worked example to the last digit, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.credit_papers import (
    CreditPaper,
    PaperKind,
    check_cancel,
    content_hash,
    intact,
    line_facts,
)
from engine.domain.functional import (
    UNITS_PER_POINT,
    CreditMonth,
    Employment,
    FunctionalLevel,
    FunctionalStanding,
    LevelRule,
    accumulate,
    by_month,
    check_standing,
    creditable_level,
    level_target,
    lines_of,
    rank_target,
    rounded,
    standing_on,
    years_to,
)
from engine.domain.ratings import Predikat

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PERCENT = {"sangat_baik": 150, "baik": 100, "butuh_perbaikan": 75, "kurang": 50}
COEFFICIENT = {
    "ahli_pertama": "12.5",
    "ahli_muda": "25",
    "ahli_madya": "37.5",
    "ahli_utama": "50",
}
MUDA = LevelRule(
    level=FunctionalLevel.AHLI_MUDA,
    coefficient=Decimal(25),
    rank_points=Decimal(100),
    level_points=Decimal(200),
    grades=("III/c", "III/d"),
)
UTAMA = replace(MUDA, level=FunctionalLevel.AHLI_UTAMA, level_points=None, grades=("IV/d", "IV/e"))


def months(year, first, last, level, predikat):
    return [
        CreditMonth(
            id=f"{year}-{month}",
            paper_id="p",
            person_id="sari",
            year=year,
            month=month,
            level=FunctionalLevel(level),
            coefficient=Decimal(COEFFICIENT[level]),
            percent=PERCENT[predikat],
            predikat=Predikat(predikat),
        )
        for month in range(first, last + 1)
    ]


def standing(day, level, **more):
    facts = {"employment": Employment.PNS, "recorded_by": "hr", "at": NOW} | more
    return FunctionalStanding(
        id=f"s{day}",
        person_id="sari",
        level=FunctionalLevel(level) if level else None,
        valid_from=day,
        **facts,
    )


def points(rows, decimals=2):
    return str(rounded(sum((row.units for row in rows), Decimal(0)), decimals))


def test_the_example_of_bkn_comes_out():
    year = months(2025, 1, 12, "ahli_pertama", "sangat_baik")
    then = months(2026, 1, 2, "ahli_pertama", "baik")
    assert (points(year), points(then), points(year + then)) == ("18.75", "2.08", "20.83")


def test_a_year_of_butuh_perbaikan_as_ahli_madya():
    assert points(months(2025, 1, 12, "ahli_madya", "butuh_perbaikan"), 3) == "28.125"


def test_a_level_that_changes_in_the_year_is_two_sums_and_the_new_one_begins_at_0():
    before = months(2026, 1, 7, "ahli_pertama", "baik")
    after = months(2026, 8, 12, "ahli_muda", "sangat_baik")
    assert (points(before, 3), points(after, 3)) == ("7.292", "15.625")
    rows = [standing(date(2020, 3, 1), "ahli_pertama"), standing(date(2026, 8, 1), "ahli_muda")]
    held = accumulate(rows, before + after, date(2026, 12, 31))
    assert held.since == date(2026, 8, 1)
    assert rounded(held.units, 3) == Decimal("15.625")
    assert rounded(accumulate(rows, before + after, date(2026, 7, 31)).units, 3) == Decimal("7.292")


def test_a_level_that_rises_in_the_middle_of_a_month_counts_from_the_next():
    rows = [standing(date(2020, 3, 1), "ahli_pertama"), standing(date(2026, 8, 2), "ahli_muda")]
    assert creditable_level(rows, date(2026, 8, 1)) is FunctionalLevel.AHLI_PERTAMA
    assert creditable_level(rows, date(2026, 9, 1)) is FunctionalLevel.AHLI_MUDA


def test_a_mover_is_split_by_twelfths():
    firsts = [date(2026, month, 1) for month in range(1, 13)]
    found = by_month(firsts, Predikat.SANGAT_BAIK, {date(2026, 5, 31): Predikat.BAIK})
    assert [found[day].value for day in firsts] == ["baik"] * 5 + ["sangat_baik"] * 7


def test_from_iii_c_to_iii_d_takes_four_years_at_baik_and_two_and_two_thirds_at_sangat_baik():
    held = accumulate([standing(date(2026, 1, 1), "ahli_muda", grade="III/c")], [], NOW.date())
    missing = rank_target(held, MUDA).missing_units
    assert rank_target(held, MUDA).needed == 100
    assert years_to(missing, MUDA.coefficient, 100) == 4
    took = years_to(missing, MUDA.coefficient, 150)
    assert (took, str(rounded(took * UNITS_PER_POINT, 2))) == (Fraction(8, 3), "2.67")


def test_the_second_rank_of_a_level_needs_what_the_next_level_needs():
    rows = [standing(date(2026, 1, 1), "ahli_muda", grade="III/d", brought=Decimal(190))]
    held = accumulate(rows, months(2026, 1, 12, "ahli_muda", "baik"), date(2026, 12, 31))
    assert rank_target(held, MUDA).needed == level_target(held, MUDA).needed == 200
    assert rank_target(held, MUDA).met
    assert level_target(held, UTAMA) is None


def test_points_that_were_brought_count_from_their_day():
    rows = [
        standing(date(2024, 1, 1), "ahli_muda"),
        standing(date(2026, 7, 1), "ahli_muda", brought=Decimal("31.25")),
    ]
    held = accumulate(rows, months(2026, 1, 12, "ahli_muda", "baik"), date(2026, 12, 31))
    assert (held.since, held.brought) == (date(2026, 7, 1), Decimal("31.25"))
    assert rounded(held.units, 2) == Decimal("43.75")


def test_a_contract_earns_no_credit():
    rows = [
        standing(
            date(2026, 1, 1),
            "ahli_muda",
            employment=Employment.PPPK,
            contract_until=date(2027, 12, 31),
        )
    ]
    assert creditable_level(rows, date(2026, 2, 1)) is None
    assert accumulate(rows, [], date(2026, 12, 31)) is None


def test_a_mistake_is_mended_by_a_newer_row_of_the_same_day():
    wrong = standing(date(2026, 1, 1), "ahli_madya")
    right = replace(standing(date(2026, 1, 1), "ahli_muda"), id="t", at=NOW.replace(hour=5))
    for rows in ([wrong, right], [right, wrong]):
        assert standing_on(rows, date(2026, 3, 1)) is right
    assert standing_on([wrong], date(2025, 12, 31)) is None


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"employment": Employment.PPPK}, "contract_missing"),
        ({"contract_until": date(2027, 1, 1)}, "contract_of_pns"),
        ({"employment": Employment.PPPK, "contract_until": date(2025, 1, 1)}, "contract_ends"),
        ({"brought": Decimal(-1)}, "brought_negative"),
        ({"level": None, "brought": Decimal(1)}, "brought_unused"),
        ({"level": FunctionalLevel.AHLI_PERTAMA}, "brought_missing"),
        ({"level": FunctionalLevel.PENYELIA}, "brought_missing"),
    ],
)
def test_faults_of_a_standing_are_named(facts, code):
    before = standing(date(2020, 1, 1), "ahli_muda")
    made = replace(standing(date(2026, 1, 1), "ahli_muda"), **facts)
    assert code in [fault.code for fault in check_standing(made, before)]


def test_a_rise_needs_no_word_about_points():
    before = standing(date(2020, 1, 1), "ahli_muda")
    assert check_standing(standing(date(2026, 1, 1), "ahli_madya"), before) == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(COEFFICIENT)),
            st.sampled_from(sorted(PERCENT)),
            st.booleans(),
        ),
        min_size=12,
        max_size=12,
    )
)
def test_the_months_are_exactly_the_whole(year):
    """However a year is cut, its lines sum to its months, and twelve equal ones to the year."""
    held = [
        row
        for month, (level, predikat, served) in enumerate(year, start=1)
        if served
        for row in months(2026, month, month, level, predikat)
    ]
    lines = lines_of(held)
    assert sum((one.units for one in lines), Decimal(0)) == sum(
        (one.units for one in held), Decimal(0)
    )
    assert sum(one.months for one in lines) == len(held)
    level, predikat, _ = year[0]
    whole = sum((one.units for one in months(2026, 1, 12, level, predikat)), Decimal(0))
    assert whole == Decimal(COEFFICIENT[level]) * PERCENT[predikat] * 12


@given(st.decimals(0, 9_999, places=3), st.integers(0, 4))
def test_rounding_is_once_and_half_up(points_held, decimals):
    found = rounded(points_held * UNITS_PER_POINT, decimals)
    away = abs(Fraction(found) - Fraction(points_held))
    assert away <= Fraction(1, 2 * 10**decimals)
    assert -found.as_tuple().exponent == decimals


def paper(**facts):
    made = CreditPaper(
        id="p",
        kind=PaperKind.PAK,
        code="ABC",
        person_id="sari",
        agency_id="a",
        year=2026,
        month=12,
        content={
            "lines": [line_facts(one) for one in lines_of(months(2026, 1, 12, "ahli_muda", "baik"))]
        },
        issued_by="hr",
        issued_at=NOW,
    )
    return replace(replace(made, content_hash=content_hash(made)), **facts)


@given(
    st.sampled_from(["code", "person_id", "number", "issued_by"]), st.text(min_size=1, max_size=9)
)
def test_a_changed_paper_is_known(field, value):
    assert intact(paper())
    assert intact(paper(**{field: value})) is (getattr(paper(), field) == value)


def test_cancelling_changes_nothing_of_what_it_says():
    gone = paper(cancelled_at=NOW, cancelled_by="hr", cancel_reason="rating corrected")
    assert intact(gone)
    assert not gone.live
    assert [fault.code for fault in check_cancel(gone, "", cited=True)] == [
        "paper_cancelled",
        "cancel_reason",
        "paper_cited",
    ]
