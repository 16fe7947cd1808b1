"""360: three answers or nothing, five of subordinates, nobody reads one of them."""

from __future__ import annotations

import pytest

from engine.domain.squads import SquadRole
from tests.acceptance.unfair import city
from tests.acceptance.unfair.city import PEOPLE
from tests.acceptance.unfair.ratings import begun, rate, sign, voice


def answers(town, how_many, who="sari"):
    """That many of those who were asked answer, under words that nobody may find."""
    begun(town, who)
    asked = town.open("give_input")
    assert len(asked) >= how_many
    for number, task in enumerate(asked[:how_many]):
        voice(town, task, "di_bawah", f"rahasia-{number}")
    return asked[how_many:]


def over(town):
    """The round closes, silent or not."""
    town.pass_days(15)


def seen(town, who="sari", reader=None):
    return town.read(reader or who, f"/api/people/{town.ids[who]}/voices")


def test_two_answers_show_nothing_to_anybody(town):
    answers(town, 2)
    over(town)
    for who in ("sari", "budi"):
        found = seen(town, reader=who)
        assert (found["items"], found["words"]) == ([], [])
    rows = town.begun(town.task("rate"))["behaviour"]
    assert {row["seen"] for row in rows} <= {""}


def test_three_answers_show_their_mean_once_at_the_close(town):
    left = answers(town, 3)
    assert left == []
    found = seen(town)
    assert {(row["source"], row["people"], float(row["mean"])) for row in found["items"]} == {
        ("peer", 3, 1.0)
    }
    # a later answer changes nothing: the round is closed, its tasks are gone
    assert town.open("give_input") == []
    over(town)
    assert seen(town) == found
    # the words stand without a name, in an order that is not that of the answers' time
    assert {row["words"] for row in found["words"]} == {f"rahasia-{n}" for n in range(3)}
    rows = town.begun(town.task("rate"))["behaviour"]
    assert "Rekan kerja: rata-rata 1,00 dari 3 (3 jawaban)" in rows[0]["seen"]


def test_before_the_close_three_of_four_answers_show_nothing(town):
    town.squad("T2", {"citra": (SquadRole.KETUA, 500), "sari": (SquadRole.ANGGOTA, 500),
                      "lina": (SquadRole.ANGGOTA, 500)})  # fmt: skip
    left = answers(town, 3)
    assert left
    assert seen(town)["items"] == []
    over(town)
    assert [row["people"] for row in seen(town)["items"]] == [3] * 7


@pytest.mark.parametrize(("givers", "shown"), [(4, 0), (5, 5)])
def test_subordinates_are_shown_from_five_up(town, givers, shown):
    names = ("adi", "bima", "cici", "dodo")[: givers - 2]
    for number, name in enumerate(names):
        town.write(city.add_person, name, (f"19810101200601260{number}", "biro", False))
        town.write(city.add_account, name)
    begun(town, "budi")
    own = [t for t in town.open("give_input") if town.holder(t) in (*names, "sari", "dedi")]
    # a circle that could never be shown is not asked at all
    assert len(own) == shown
    for task in own:
        voice(town, task, "di_atas")
    over(town)
    by = {row["source"]: row["people"] for row in seen(town, "budi")["items"]}
    assert by.get("subordinate", 0) == shown


def test_no_single_answer_is_read_by_anybody_not_even_who_runs_the_house(town):
    answers(town, 3)
    over(town)
    sari = town.ids["sari"]
    town.hidden(f"/api/people/{sari}/voices", "citra", "wati", "ratna", "joko", "agus", "operator")
    root = town.task("rate").root_key
    for who in ("operator", "joko", "agus"):
        for path in (f"/api/instances/{root}", f"/api/instances/{root}/history"):
            found = town.api(who).get(path)
            assert "rahasia" not in found.text
            assert found.status_code == 200
    for who in PEOPLE:
        assert "rahasia" not in str(town.mine(who))
    # the giver's own finished task does not show it either
    rate(town)
    sign(town)
    assert "rahasia" not in str(town.read("sari", f"/api/people/{sari}/evaluation"))
    for path in ("/proses", f"/proses/{root}"):
        assert "rahasia" not in town.page("agus").text(path)
