"""What a paper of credit would say otherwise now: one doubt a reason, none for the same figures."""

from __future__ import annotations

import pytest

from engine.domain.credit_doubts import Doubt, DoubtReason, doubts


def line(first=1, last=12, **facts):
    made = {
        "year": 2026,
        "first_month": first,
        "last_month": last,
        "level": "ahli_muda",
        "coefficient": "25",
        "percent": 100,
        "predikat": "baik",
        "units": "30000",
    }
    return {**made, **facts}


def said(*lines, **facts):
    sums = {
        "level": "ahli_muda",
        "grade": "III/c",
        "brought": "10",
        "rank_target": {"needed": "100"},
        "level_target": {"needed": "200"},
    }
    return {**sums, "lines": list(lines or (line(),)), **facts}


def test_the_same_figures_in_other_scales_and_other_lines_raise_no_doubt():
    split = said(line(1, 5, coefficient="25.0000"), line(6, 12), brought="10.0000")
    assert doubts(said(), split) == ()


def test_another_level_of_the_sum_says_it_all():
    now = said(line(8, 12), level="ahli_pertama", grade="III/b", brought="0")
    [found] = doubts(said(), now)
    assert (found.reason, found.after) == (DoubtReason.LEVEL, "ahli_pertama")
    # no credit is kept any more
    [found] = doubts(said(), {})
    assert (found.reason, found.before, found.after) == (DoubtReason.LEVEL, "ahli_muda", "")


@pytest.mark.parametrize(
    ("now", "reason", "before", "after", "year"),
    [
        (said(grade="III/d", rank_target={"needed": "200"}), "grade", "III/c", "III/d", None),
        (said(brought="12.5"), "brought", "10", "12.5", None),
        (said(line(predikat="kurang", percent=50)), "predikat", "baik", "kurang", 2026),
        (said(line(coefficient="37.5")), "table", "100% x 25", "100% x 37.5", 2026),
        (said(level_target=None), "table", "200", "", None),
        (said(line(1, 2), line(6, 12)), "months", "1-12/2026", "1-2/2026, 6-12/2026", 2026),
        (said(lines=[]), "months", "1-12/2026", "", 2026),
        (
            said(line(1, 7, level="ahli_pertama"), line(8, 12)),
            "level",
            "ahli_muda",
            "ahli_pertama",
            2026,
        ),
    ],
)
def test_each_change_is_named_once_with_what_was_and_what_is(now, reason, before, after, year):
    made = Doubt(reason=DoubtReason(reason), before=before, after=after, year=year)
    assert doubts(said(), now) == (made,)


def test_several_changes_are_several_doubts():
    now = said(line(1, 6, predikat="kurang", percent=50), brought="0")
    assert {one.reason.value for one in doubts(said(), now)} == {"brought", "predikat", "months"}
