"""The pattern is a consideration: it warns, asks for a reason, and lets through (domain.md 3.3)."""

from __future__ import annotations

from decimal import Decimal

from engine.domain.ratings import Level, OrgLevel, OrgRating, Predikat, Rating, RatingStatus
from tests.acceptance.unfair import city

WORDS = {
    "baik": (Level.SESUAI, Level.SESUAI, Predikat.BAIK),
    "sangat_baik": (Level.DI_ATAS, Level.DI_ATAS, Predikat.SANGAT_BAIK),
    "butuh_perbaikan": (Level.DI_BAWAH, Level.SESUAI, Predikat.BUTUH_PERBAIKAN),
}


def filled(town, unit, level, **people):
    """A unit rated with so many of each word; whoever is there already is among them."""
    town.write(_filled, unit, level, people, town.house.clock.now())


def _filled(uow, ids, unit, level, people, at):
    here = [name for name, (place, *_) in city.PEOPLE.items() if place == unit]
    wanted = [word for word, count in people.items() for _ in range(count)]
    for number in range(len(wanted) - len(here)):
        name = f"{unit}-{number}"
        nip = f"19810101200601{1}{500 + number:03}"
        city.add_person(uow, ids, name, (nip, unit, False))
        here.append(name)
    for name, word in zip(here, wanted, strict=True):
        result, behaviour, predikat = WORDS[word]
        row = Rating(
            id=ids[f"rating {name}"], person_id=ids[name], cycle_id=ids["cycle BC"],
            ihk=Decimal(100), proposed_level=result, result_level=result,
            behaviour_level=behaviour, predikat=predikat, status=RatingStatus.RATED,
            rater_id=ids["ratna"] if ids[name] != ids["ratna"] else ids["joko"], at=at,
        )  # fmt: skip
        uow.performance.add([row])
    row = OrgRating(
        unit_id=ids[unit], cycle_id=ids["cycle BC"], level=level, decided_by=ids["ratna"], at=at
    )
    uow.performance.add([row])


def distribution(town, unit, reader="ratna"):
    return town.read(reader, f"/api/units/{town.ids[unit]}/distribution")


def test_twenty_five_people_18_good_and_7_very_good_miss_both_rules_and_pass_with_a_reason(town):
    filled(town, "biro", OrgLevel.BAIK, baik=18, sangat_baik=7)
    found = distribution(town, "biro")
    assert (found["people"], found["rated"]) == (25, 25)
    assert [
        (sorted(miss["predikats"]), miss["has"], miss["atMost"], miss["atLeast"])
        for miss in found["misses"]
    ] == [(["baik"], 18, 17, None), (["butuh_perbaikan", "kurang"], 0, None, 1)]
    town.start("calibration", unit_id=town.ids["biro"], cycle_id=town.ids["cycle BC"])
    town.pass_days(52)
    shown = town.begun(town.task("decide_calibration"))
    assert "Baik: 18 dari 25 pegawai, pola paling banyak 17" in shown["distribution_text"]
    town.barred("decide_calibration", "budi", "wati", "joko", moves=shown["moves"])
    told = town.turned_down("decide_calibration", "ratna", override_reason="")
    assert set(told) == {"override_reason"}
    why = "Semua target tercapai"
    town.do("decide_calibration", "ratna", override_reason=why)
    found = distribution(town, "biro")
    assert (found["reason"], found["after"]["baik"]) == (why, 18)
    overrides = town.read("agus", f"/api/audit/cycles/{town.ids['cycle BC']}/overrides")["items"]
    assert why in {row["reason"] for row in overrides}


def test_seventeen_good_six_very_good_and_two_to_improve_miss_nothing(town):
    filled(town, "biro", OrgLevel.BAIK, baik=17, sangat_baik=6, butuh_perbaikan=2)
    assert distribution(town, "biro")["misses"] == []


def test_eight_people_are_pooled_with_the_unit_above(town):
    filled(town, "biro", OrgLevel.BUTUH_PERBAIKAN, baik=7, sangat_baik=1)
    found = distribution(town, "biro")
    assert found["unitId"] == town.ids["badan"]
    assert {town.ids["badan"], town.ids["biro"], town.ids["pusat"]} == set(found["unitIds"])


def test_a_pool_under_a_low_organisation_is_warned_and_never_barred(town):
    """8 people of a top unit, Butuh Perbaikan: at least 5 BP, no Sangat Baik at all."""
    filled_top(town)
    found = distribution(town, "badan")
    rules = {tuple(sorted(miss["predikats"])): miss for miss in found["misses"]}
    people = found["rated"]
    assert rules["sangat_baik",]["atMost"] == people // 10
    assert rules["butuh_perbaikan",]["atLeast"] == -(-people * 6 // 10)


def filled_top(town):
    filled(town, "badan", OrgLevel.BUTUH_PERBAIKAN, baik=7, sangat_baik=1)


def test_the_distribution_is_read_by_the_line_above_only(town):
    people = ("sari", "citra", "wati", "hana", "xena")
    town.hidden(f"/api/units/{town.ids['biro']}/distribution", *people)
