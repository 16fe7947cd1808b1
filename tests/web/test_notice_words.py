"""A notice says what it is about: who, from when, how many."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.usecases.notices import Kind
from engine.usecases.ports.workplace import Notice
from web.readings.notices import SENTENCES, matter

TITLES = {"budi": "Budi Santosa", "wayan": "Wayan Putra"}


def notice(kind, **facts):
    return Notice(
        id="n",
        person_id="sari",
        kind=kind.value,
        key="k",
        path="/skp",
        facts=facts,
        at=datetime(2026, 6, 1, tzinfo=UTC),
    )


@pytest.fixture
def said(town):
    with town.app.test_request_context("/"):
        yield lambda kind, **facts: matter(notice(kind, **facts), TITLES).replace(" \u2013 ", "; ")


def test_every_kind_of_notice_has_its_sentence():
    assert set(SENTENCES) == set(Kind)


def test_a_new_rater_is_named_with_the_day_from_which_he_rates(said):
    facts = {"rater_id": "budi", "by": "wayan", "starts_on": "2026-06-15", "ends_on": None}

    assert said(Kind.RATER_CHANGED, **facts) == "Budi Santosa; mulai 15 Juni 2026; Wayan Putra"


def test_an_acting_rater_is_named_with_both_days(said):
    facts = {"rater_id": "budi", "starts_on": "2026-06-15", "ends_on": "2026-06-30"}

    told = said(Kind.RATER_CHANGED, **facts)
    assert told == "Budi Santosa; 15 Juni 2026 sampai 30 Juni 2026"


def test_who_rates_several_is_told_how_many(said):
    facts = {"person_id": None, "count": 12, "starts_on": "2026-06-15", "ends_on": None}

    assert said(Kind.PEOPLE_TO_RATE, **facts) == "12 orang; mulai 15 Juni 2026"
