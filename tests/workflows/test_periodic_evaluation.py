"""Periodic evaluation: the organisation first or its wait over, leads, rater, coaching."""

from __future__ import annotations

import pytest

from engine.domain.ratings import OrgLevel, Predikat
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from tests.workflows.judging import judging

REFUSED = (NotFound, AccessRefused)
GOOD = {"result_level": "sesuai", "behaviour_level": "sesuai"}


def begin(town, name="dedi"):
    return town.begin("periodic_evaluation", name, period_id=town.ids["period 1"])


def unit(town, name="biro"):
    return town.start(
        "unit_period",
        unit_id=town.ids[name],
        cycle_id=town.ids["cycle"],
        period_id=town.ids["period 1"],
    )


def rating(town, name="dedi"):
    (found,) = judging(town, "period_ratings", town.ids[name], town.ids["cycle"])
    return found


def test_it_waits_for_the_level_of_the_unit_in_the_period(town):
    key = begin(town)
    assert town.waiting() == []
    unit(town)
    assert town.waiting() == [("set_period_rating", "ratna")]
    with pytest.raises(REFUSED):
        town.do("set_period_rating", by="budi", level="istimewa")
    town.do("set_period_rating", level="baik")
    assert town.waiting() == [("rate_period", "budi")]
    town.do("rate_period", **GOOD)
    assert town.status(key) == "completed"
    assert (rating(town).predikat, rating(town).org_level) == (Predikat.BAIK, OrgLevel.BAIK)
    unit(town)
    with pytest.raises(Conflict):
        town.do("set_period_rating", level="baik")


def test_it_goes_on_without_the_organisation_when_the_wait_is_over(town):
    begin(town)
    town.pass_days(15)
    assert town.waiting() == [("rate_period", "budi")]
    town.pass_days(12)
    assert town.told() == ["period_rating_due"]
    town.do("rate_period", **GOOD)
    assert rating(town).org_level is None


def test_leads_say_their_word_about_the_period(town):
    begin(town, "sari")
    town.pass_days(15)
    assert town.waiting() == [("recommend", "citra")]
    town.do("recommend", level="di_bawah", words="Dua tenggat lewat")
    period = judging(
        town, "recommendations", town.ids["sari"], town.ids["cycle"], town.ids["period 1"]
    )
    assert [row.level for row in period] == ["di_bawah"]
    assert judging(town, "recommendations", town.ids["sari"], town.ids["cycle"]) == []
    assert town.waiting() == [("rate_period", "budi")]


def test_a_silent_lead_stops_nobody(town):
    begin(town, "sari")
    town.pass_days(27)
    assert town.waiting() == [("rate_period", "budi")]


def test_a_low_rating_says_what_is_missing_and_calls_for_coaching(town):
    key = begin(town)
    town.pass_days(15)
    with pytest.raises(InputRefused) as refused:
        town.do("rate_period", result_level="di_bawah", behaviour_level="sesuai")
    assert [fault.field for fault in refused.value.faults] == ["note"]
    low = {"result_level": "di_bawah", "behaviour_level": "sesuai"}
    town.do("rate_period", **low, note="Laporan triwulan belum ada")
    assert town.status(key) == "completed"
    assert rating(town).predikat is Predikat.BUTUH_PERBAIKAN
    with town.house.reading() as uow:
        names = {row["process_id"] for row in uow.work_list.instances(limit=100)}
    waits = f"{town.ids['dedi']}:{town.ids['cycle']}"
    with town.house.reading() as uow:
        kept = uow.processes.waiting_messages("coaching_needed", waits, town.house.clock.now())
    assert kept or "coaching" in names


def test_nobody_rates_his_own_period(town):
    begin(town)
    town.pass_days(15)
    for by in ("dedi", "wati"):
        with pytest.raises(REFUSED):
            town.do("rate_period", by=by, **GOOD)


def test_a_unit_that_is_not_rated_in_time_is_reported(town):
    unit(town)
    town.pass_days(12)
    assert town.told() == ["org_rating_due"]


def test_every_flow_of_periodic_evaluation_is_walked(every_flow):
    every_flow("periodic_evaluation")


def test_every_flow_of_the_unit_s_period_is_walked(every_flow):
    every_flow("unit_period")
