from __future__ import annotations

import pytest

from engine.domain.ratings import (
    PREDIKAT_REFERENCE,
    Level,
    OrgLevel,
    Predikat,
    check_decision,
    check_distribution,
    people_at_least,
    people_at_most,
)
from tests.domain.worked import PATTERNS, D

P = Predikat


@pytest.mark.parametrize(
    ("result", "behaviour", "predikat"),
    [
        ("di_atas", "di_atas", "sangat_baik"),
        ("di_atas", "sesuai", "baik"),
        ("di_atas", "di_bawah", "kurang"),
        ("sesuai", "di_atas", "baik"),
        ("sesuai", "sesuai", "baik"),
        ("sesuai", "di_bawah", "kurang"),
        ("di_bawah", "di_atas", "butuh_perbaikan"),
        ("di_bawah", "sesuai", "butuh_perbaikan"),
        ("di_bawah", "di_bawah", "sangat_kurang"),
    ],
)
def test_the_nine_cells(result, behaviour, predikat):
    assert PREDIKAT_REFERENCE[Level(result), Level(behaviour)] is Predikat(predikat)


def test_25_people_in_a_good_unit():
    good = PATTERNS[OrgLevel.BAIK]
    assert people_at_most(good[0], 25) == 17
    assert people_at_least(good[1], 25) == 1
    assert check_distribution({P.BAIK: 17, P.SANGAT_BAIK: 6, P.BUTUH_PERBAIKAN: 2}, good) == ()
    found = check_distribution({P.BAIK: 18, P.SANGAT_BAIK: 7}, good)
    assert [v.code for v in found] == ["at_most", "at_least"]


def test_8_people_in_a_unit_that_needs_improvement():
    pattern = PATTERNS[OrgLevel.BUTUH_PERBAIKAN]
    assert people_at_least(pattern[0], 8) == 5
    assert people_at_most(pattern[1], 8) == 0
    assert check_distribution({P.BUTUH_PERBAIKAN: 5, P.BAIK: 3}, pattern) == ()
    found = check_distribution({P.BUTUH_PERBAIKAN: 4, P.SANGAT_BAIK: 1, P.BAIK: 3}, pattern)
    assert [v.code for v in found] == ["at_least", "at_most"]


def test_the_other_patterns_hold_their_ends():
    assert check_distribution({P.SANGAT_BAIK: 7, P.BAIK: 3}, PATTERNS[OrgLevel.ISTIMEWA]) == ()
    assert check_distribution({P.SANGAT_BAIK: 8, P.BAIK: 2}, PATTERNS[OrgLevel.ISTIMEWA])
    poor = {P.KURANG: 6, P.BUTUH_PERBAIKAN: 1, P.SANGAT_BAIK: 1, P.BAIK: 2}
    assert check_distribution(poor, PATTERNS[OrgLevel.KURANG]) == ()
    worst = {P.SANGAT_KURANG: 6, P.KURANG: 1, P.BAIK: 3}
    assert check_distribution(worst, PATTERNS[OrgLevel.SANGAT_KURANG]) == ()
    assert check_distribution(worst | {P.SANGAT_BAIK: 1}, PATTERNS[OrgLevel.SANGAT_KURANG])


def test_a_deviation_needs_a_reason():
    facts = {"proposed": Level.SESUAI, "ihk": D("101.97"), "role_levels": [Level.SESUAI]}
    assert check_decision(decided=Level.SESUAI, reason="", **facts) == ()
    assert check_decision(decided=Level.DI_ATAS, reason="led the audit alone", **facts) == ()
    assert check_decision(decided=Level.DI_ATAS, reason="  ", **facts)[0].code == "reason_missing"
