"""People of other units look at an output, and who asked them answers."""

from __future__ import annotations

import pytest

from engine.usecases.errors import AccessRefused, InputRefused, NotFound
from tests.workflows.agency import PEOPLE
from tests.workflows.contributing import accepted, begin

GOOD = {"meets_target": "yes", "sound": "yes", "usable": "yes", "strengths": "Rapi"}


@pytest.fixture
def delivered(town):
    accepted(town)
    return town


def asked(town, *reviewers, by="citra"):
    return town.ask(
        "peer_review",
        by=by,
        output_id=town.ids["output"],
        question="Apakah datanya dapat dipakai?",
        reviewers=[{"nip": PEOPLE[who][0]} for who in reviewers],
    )


def answers(town, key):
    with town.house.reading() as uow:
        return uow.assurance.answers(town.variables(key)["review_id"])


def test_each_reviewer_answers_and_who_asked_reads_it(delivered):
    key = asked(delivered, "dedi", "joko")
    begun = delivered.begun(delivered.task("review", "dedi"))
    assert (begun["title"], begun["question"]) == ("Portal data", "Apakah datanya dapat dipakai?")
    delivered.do("review", "dedi", **GOOD)
    delivered.do("review", "joko", **{**GOOD, "sound": "partly", "improvements": "Tambah sumber"})
    assert {row.reviewer_id for row in answers(delivered, key)} == {
        delivered.ids["dedi"],
        delivered.ids["joko"],
    }
    shown = delivered.begun(delivered.task("read_review", "citra"))["answers"]
    assert sorted(row["sound"] for row in shown) == ["partly", "yes"]
    with pytest.raises(InputRefused):
        delivered.do("read_review")
    delivered.do("read_review", response="Sumber ditambahkan")
    assert delivered.status(key) == "completed"


def test_a_review_earns_a_place_outside_the_shares(delivered):
    asked(delivered, "dedi", by="wati")
    delivered.do("review", "dedi", **GOOD)
    with delivered.house.reading() as uow:
        sent = [row for row in _messages(delivered) if row.name == "overlay_earned"]
        assert uow.contributions.balances(delivered.ids["output"])["POOL"] == 10_000
    [message] = sent
    assert message.variables["role"] == "penelaah"
    assert message.variables["person_id"] == delivered.ids["dedi"]
    assert message.variables["proposed_by"] == delivered.ids["wati"]


def _messages(town):
    import sqlalchemy as sa  # noqa: PLC0415 - only this test looks at the table

    from engine.persistence.tables.waiting import message  # noqa: PLC0415 - as above

    with town.wired.database.reading.connect() as connection:
        return list(connection.execute(sa.select(message)))


def test_who_is_not_content_says_what_would_help(delivered):
    asked(delivered, "dedi")
    with pytest.raises(InputRefused):
        delivered.do("review", **{**GOOD, "usable": "no"})


def test_silent_reviewers_are_reminded_and_then_left(delivered):
    key = asked(delivered, "dedi")
    delivered.pass_days(60)
    assert "review_due" in delivered.told()
    assert delivered.status(key) == "completed"
    assert answers(delivered, key) == []


def test_reviews_that_nobody_reads_end_too(delivered):
    key = asked(delivered, "dedi")
    delivered.do("review", **GOOD)
    delivered.pass_days(60)
    assert delivered.status(key) == "completed"


@pytest.mark.parametrize(
    "reviewers",
    [("sari",), ("citra",), ("wati",), (), ("dedi", "dedi"), ("dedi", "joko", "lina", "budi")],
)
def test_members_their_unit_and_crowds_review_nothing(delivered, reviewers):
    with pytest.raises(InputRefused):
        asked(delivered, *reviewers)


def test_only_lead_and_sponsor_ask_and_only_for_what_was_delivered(town):
    begin(town)
    with pytest.raises(InputRefused):
        asked(town, "dedi")
    town.do("deliver_output", "citra", note="Lengkap")
    with pytest.raises((AccessRefused, InputRefused)):
        asked(town, "dedi", by="sari")
    asked(town, "dedi")


def test_nobody_answers_for_a_reviewer(delivered):
    asked(delivered, "dedi")
    for by in ("citra", "joko"):
        with pytest.raises((AccessRefused, NotFound)):
            delivered.do("review", by=by, **GOOD)


def test_every_flow_is_walked(every_flow):
    every_flow("peer_review")
