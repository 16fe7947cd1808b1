"""A notice says what it is about: who, from when, how many."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.usecases.notices import Kind
from engine.usecases.ports.workplace import Notice, Pace, Undertaking
from web.readings import undertakings
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


def test_work_that_failed_is_named(said):
    assert said(Kind.WORK_FAILED, work="sealing") == "Penyegelan periode"


def test_a_start_with_nothing_to_do_says_so(said):
    done = {"under_way": True, "started": 0}, {"started": 0}, {"started": 12}
    told = [undertakings.came_to(start(facts)) for facts in done]
    assert told == [
        "Tidak ada yang perlu dilakukan: permintaan yang sama sudah berjalan.",
        "Tidak ada yang perlu dilakukan: semuanya sudah dimulai sebelumnya.",
        "12 dimulai",
    ]


def start(facts):
    at = datetime(2026, 6, 1, tzinfo=UTC)
    return Undertaking(
        id="w",
        agency_id="agency",
        kind="mass_start",
        title="2026",
        person_id="wayan",
        done=12,
        total=12,
        state=Pace.DONE,
        at=at,
        ended_at=at,
        facts=facts,
    )
