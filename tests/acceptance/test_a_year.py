"""The sample agency lives through its year over HTTP, on both databases."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date

import pytest
import sqlalchemy as sa

from app.demo import year
from app.demo.command import play
from app.settings import from_environment
from app.wiring import wire
from engine.domain.privacy import erased_name, pseudonyms
from engine.persistence.stores.subject_tables import KEPT
from engine.usecases import reach
from tests.web.played import base_of, kept_on_the_way

#: one test plays a year: on a machine with other work it may take that long
pytestmark = pytest.mark.timeout(900)
QUARTERS = ("I", "II", "III", "IV")
#: tasks of the processes that somebody starts himself in the year
STARTED = (
    "confirm_squad",
    "sign_membership",
    "answer_shares",
    "confirm_check_in",
    "report_promise",
    "agree_mitigation",
    "decide_reopening",
    "write_revision",
    "answer_revision",
    "read_answers",
    "answer_incident",
    "hold_session",
    "confirm_rater",
    "document_segment",
    "receive_segment",
    "read_review",
    "accept_overlay",
    "examine",
    "decide_correction",
    "reallocate_freed",
    "answer_complaint",
    "review_answers",
    "improve",
    "read_record",
    "establish",
)


#: by then an output is sealed, a dispute decided and a consent given late
SPRING = date(2026, 5, 22)


def lived(database, folder, until=None):
    """The year of a new agency, until a day or to its end: what it came to, house and words."""
    settings = from_environment(
        {
            "REGU_DATABASE_URL": database.url,
            "REGU_DATA_DIR": str(folder),
            "REGU_CLOCK": "movable",
            "REGU_CLOCK_START": year.BEGINS.isoformat(),
        }
    )
    wired = wire(settings)
    lines = []
    try:
        yield play(wired, settings, lines.append, until), wired, "\n".join(lines)
    finally:
        wired.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.long)])
def played(request, tmp_path, tmp_path_factory):
    """A whole year; on its way the pages' tests get the agency as it is in June."""
    database = request.getfixturevalue(f"{request.param}_database")
    on_the_way = kept_on_the_way(base_of(tmp_path_factory), tmp_path)
    with on_the_way if database.is_sqlite else nullcontext():
        yield from lived(database, tmp_path)


@pytest.fixture
def spring(postgres_database, tmp_path):
    yield from lived(postgres_database, tmp_path, SPRING)


def left_of(wired):
    """Tables in which anybody would still be named, were he erased now; nothing is kept of it."""
    found = set()
    with reach.everywhere(), wired.house.writing() as uow:
        numbers = uow.connection.execute(sa.text("SELECT nip FROM person ORDER BY nip")).scalars()
        people = [uow.subjects.by_nip(nip) for nip in numbers]
        for one in people:
            uow.subjects.erase(one, name=erased_name(one.id), nip=next(pseudonyms(one.id)))
        for one in people:
            found |= set(uow.subjects.traces([one.nip, one.name]))
        assert len(people) > len(QUARTERS)
    return found


def assert_explained(outcome, told):
    """Every figure in its lines: recognitions, credit of other units, functional credit."""
    assert outcome.explained
    for words in ("lintas unit: ", "angka kredit 2026: ", " bulan = ", "| 51 % |", "| 76 % |"):
        assert words in told, words


def kept_of(wired):
    """What a screen of results shows at the end of the year."""
    agency = wired.agency_id(None)
    with reach.everywhere(), wired.house.reading() as uow:
        (survey,) = uow.surveys.of_units([unit.id for unit in uow.agency.units(agency)], limit=9)
        answers = uow.surveys.counts([survey.id])[survey.id]
        count = "SELECT (SELECT count(*) FROM lesson_use), (SELECT count(*) FROM person_fact)"
        papers = "SELECT count(*) FROM credit_paper WHERE kind = 'pak'"
        return (
            answers.counted >= survey.least_answers,
            [row.state.value for row in uow.surveys.complaints(survey.unit_id, limit=9)],
            tuple(uow.connection.execute(sa.text(count)).one()),
            uow.connection.execute(sa.text(papers)).scalar(),
        )


def test_a_year_from_workbook_to_closed_cycle_keeps_its_books(played) -> None:
    """Import, planning, monitoring, contributions, evaluation, objection, follow-up, closing."""
    outcome, wired, told = played
    done = outcome.played.done

    assert outcome.good, told
    assert not outcome.played.refused, outcome.played.refused
    assert done["raise_dispute"] == done["decide_dispute"] == 1
    assert done["decide_objection"] == 1
    assert done["give_consent"] >= 1
    assert done["attest"] > done["deliver_output"]
    assert not set(STARTED) - set(+done)
    assert done["seal_period"] == len(QUARTERS)
    assert "/sertifikat/" in told
    assert_explained(outcome, told)
    with wired.house.reading() as uow:
        states = {row["status"] for row in uow.work_list.instances(limit=2000)}
        ratings = uow.performance.ratings(uow.performance.cycles(wired.agency_id(None))[0].id)
    assert "active" not in states, states
    assert {rating.status.value for rating in ratings} == {"final"}
    assert len(ratings) == len(outcome.names)
    assert kept_of(wired) == (True, ["answered"], (1, 1), 1)
    assert left_of(wired) <= set(KEPT) - {"audit"}


def test_the_first_half_of_a_year_on_postgresql_keeps_its_books(spring) -> None:
    """Import, planning, monitoring and contributions; the whole year is a long run."""
    outcome, wired, told = spring
    done = outcome.played.done

    assert outcome.good, told
    assert not outcome.played.refused, outcome.played.refused
    assert done["raise_dispute"] == done["decide_dispute"] == 1
    assert done["give_consent"] >= 1
    assert done["attest"] >= 1
    assert done["seal_period"] >= 1
    assert left_of(wired) <= set(KEPT) - {"audit"}
