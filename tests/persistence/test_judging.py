"""Ratings' company on both databases: guards, least numbers in the query, counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.domain.behaviour import Value
from engine.domain.calibration import Calibration, Move, Part, Participant
from engine.domain.cycles import Cycle
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.ratings import Level, Predikat, Rating, RatingStatus
from engine.domain.signing import Signature, SignaturePart
from engine.domain.spread import Sums
from engine.domain.units import Agency, JobClass, Post, Unit
from engine.domain.voices import (
    Invitation,
    Source,
    VoiceAnswer,
    VoiceRound,
    close,
    words_key,
)
from engine.usecases.errors import Conflict

NOW = datetime(2027, 1, 20, 3, tzinfo=UTC)
TODAY = date(2027, 1, 20)
#: nine people of one unit; the first heads it
PEOPLE = tuple(f"p{n}" for n in range(9))


@pytest.fixture
def town(units):
    with units.writing() as uow:
        uow.agency.add([Agency(id="ag", code="AG", name="Badan")])
        uow.agency.add([Unit(id="u", agency_id="ag", code="U", name="Unit")])
        for n, person in enumerate(PEOPLE):
            nip = f"19900101201504{n:04d}"
            post = Post(
                id=f"post {person}", unit_id="u", title="Analis", job_class=JobClass.JF,
                is_head=n == 0,
            )  # fmt: skip
            seat = Appointment(
                id=f"seat {person}", person_id=person, post_id=post.id,
                kind=AppointmentKind.DEFINITIVE, valid_from=date(2025, 1, 1),
            )  # fmt: skip
            uow.agency.add([Person(id=person, agency_id="ag", nip=nip, name=person.upper())])
            uow.agency.add([post, seat])
        uow.performance.add(
            [
                Cycle(
                    id="c", agency_id="ag", year=2026, name="2026",
                    starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
                )
            ]
        )  # fmt: skip
        uow.commit()
    return units


def rating(person, level=Level.SESUAI, predikat=Predikat.BAIK, **facts):
    base = Rating(
        id=f"r {person}", person_id=person, cycle_id="c", ihk=Decimal("100.00"),
        proposed_level=Level.SESUAI, result_level=level, behaviour_level=Level.SESUAI,
        predikat=predikat, rater_id="p0", status=RatingStatus.RATED, at=NOW,
    )  # fmt: skip
    return replace(base, **facts)


def keep(units, *rows):
    with units.writing() as uow:
        for row in rows:
            (uow.performance if isinstance(row, Rating) else uow.judging).add([row])
        uow.commit()


def answered(units, source, people, level=Level.DI_ATAS, words=""):
    """So many answers of one source; the round stays open."""
    with units.writing() as uow:
        for person in people:
            asked = Invitation(id=f"i {person}", round_id="v", giver_id=person, source=source)
            uow.judging.add([asked])
            uow.judging.put(replace(asked, answered=True))
            answer = VoiceAnswer(levels={Value.LOYAL: level}, words=words)
            uow.judging.count_answer(asked, answer, words_key("v", person, "x"))
        uow.commit()


@pytest.fixture
def voices(town):
    keep(town, VoiceRound(id="v", person_id="p0", cycle_id="c", opened_at=NOW))
    return town


def closed(units):
    with units.writing() as uow:
        uow.judging.put(close(uow.judging.round_of("p0", "c"), NOW))
        uow.commit()


@pytest.mark.parametrize(("source", "least"), [(Source.PEER, 3), (Source.SUBORDINATE, 5)])
def test_aggregates_come_out_from_enough_answers_only(voices, source, least):
    answered(voices, source, PEOPLE[1:least], words="Baik")
    with voices.reading() as uow:
        assert uow.judging.voices("v") == []
    closed(voices)
    with voices.reading() as uow:
        assert (uow.judging.voices("v"), uow.judging.voice_words("v")) == ([], [])


def test_one_answer_more_shows_the_mean_and_the_words_once_the_round_is_closed(voices):
    answered(voices, Source.PEER, PEOPLE[1:3], words="Baik")
    answered(voices, Source.PEER, PEOPLE[3:4], Level.DI_BAWAH)
    with voices.reading() as uow:
        assert (uow.judging.voices("v"), uow.judging.voice_words("v")) == ([], [])
    closed(voices)
    with voices.reading() as uow:
        (row,) = uow.judging.voices("v")
        assert (row.source, row.value, row.people) == (Source.PEER, Value.LOYAL, 3)
        assert row.mean == Decimal("2.33")
        assert uow.judging.voice_words("v") == [(Source.PEER, "Baik")] * 2


def test_a_closed_round_takes_nothing_and_stays_closed(voices):
    answered(voices, Source.PEER, PEOPLE[1:2])
    closed(voices)
    with pytest.raises(Conflict, match="closed"):
        answered(voices, Source.PEER, PEOPLE[2:3])
    again = VoiceRound(id="v", person_id="p0", cycle_id="c", opened_at=NOW)
    with voices.writing() as uow, pytest.raises(Conflict, match="voice_round_closed"):
        uow.judging.put(again)


def test_nobody_is_asked_about_himself_and_nobody_answers_twice(voices):
    with pytest.raises(Conflict, match="voice_not_about_oneself"):
        answered(voices, Source.PEER, PEOPLE[:1])
    answered(voices, Source.PEER, PEOPLE[1:2])
    with voices.writing() as uow, pytest.raises(Conflict, match="voice_answered_once"):
        uow.judging.put(replace(uow.judging.invitation("v", "p1"), answered=True))


def test_no_table_of_360_says_who_answered_what(voices):
    """The counters have neither a giver nor a moment."""
    with voices.reading() as uow:
        kept = sa.inspect(uow.connection)
        columns = {c["name"] for t in ("voice_tally", "voice_words") for c in kept.get_columns(t)}
    assert columns == {"round_id", "source", "value", "people", "total", "id", "words"}


def test_levels_and_predikat_agree(town):
    for wrong in (
        {"level": Level.DI_BAWAH},
        {"predikat": Predikat.SANGAT_BAIK},
        {"behaviour_level": Level.DI_BAWAH},
    ):
        with pytest.raises(Conflict, match="rating_levels_agree"):
            keep(town, rating("p1", **wrong))
    keep(town, rating("p1", Level.DI_BAWAH, Predikat.BUTUH_PERBAIKAN))


def test_a_final_rating_and_a_signed_one_stay(town):
    keep(town, rating("p1"))
    signed = Signature(
        id="s", rating_id="r p1", part=SignaturePart.RATER, signer_id="p0",
        digest="0" * 64, at=NOW,
    )  # fmt: skip
    keep(town, signed)
    lower = {"result_level": Level.DI_BAWAH, "predikat": Predikat.BUTUH_PERBAIKAN}
    with town.writing() as uow, pytest.raises(Conflict, match="rating_signed_stays"):
        uow.performance.put(replace(rating("p1"), **lower))
    with town.writing() as uow:
        uow.performance.put(replace(rating("p1"), status=RatingStatus.FINAL))
        uow.commit()
    with town.writing() as uow, pytest.raises(Conflict, match="rating_final"):
        uow.performance.put(replace(rating("p1"), status=RatingStatus.FINAL, reason="x"))


def test_signatures_keep_four_eyes(town):
    keep(town, rating("p1"))
    row = Signature(
        id="s", rating_id="r p1", part=SignaturePart.RATER, signer_id="p1",
        digest="0" * 64, at=NOW,
    )  # fmt: skip
    for wrong, name in (
        ({}, "signature_four_eyes"),
        ({"signer_id": "p2", "part": SignaturePart.RECEIPT}, "signature_four_eyes"),
        ({"signer_id": "p2", "on_behalf_of": "p1"}, "signature_four_eyes"),
        ({"signer_id": "p0", "part": SignaturePart.SECOND}, "signature_second_is_another"),
    ):
        with pytest.raises(Conflict, match=name):
            keep(town, replace(row, **wrong))
    keep(town, replace(row, part=SignaturePart.RECEIPT))


def session(units):
    keep(
        units,
        Calibration(id="k", unit_id="u", cycle_id="c", leader_id="p0", opened_at=NOW),
        Participant(calibration_id="k", person_id="p0", part=Part.LEADER),
        rating("p1"),
    )
    up = {"id": "r2", "version": 2, "behaviour_level": Level.DI_ATAS}
    keep(units, rating("p1", Level.DI_ATAS, Predikat.SANGAT_BAIK, **up))
    return Move(
        id="m", calibration_id="k", person_id="p1", rating_from="r p1", rating_to="r2",
        before_result=Level.SESUAI, before_behaviour=Level.SESUAI, before_predikat=Predikat.BAIK,
        after_result=Level.DI_ATAS, after_behaviour=Level.DI_ATAS,
        after_predikat=Predikat.SANGAT_BAIK, moved_by="p0", reason="as others", at=NOW,
    )  # fmt: skip


def test_moves_are_made_by_participants_about_others_with_a_reason(town):
    row = session(town)
    for wrong, name in (
        ({"moved_by": "p1"}, "calibration_move|not_oneself"),
        ({"moved_by": "p2"}, "calibration_move_in_session"),
        ({"moved_by": "p2", "on_behalf_of": "p1"}, "calibration_move|not_for_oneself"),
        ({"reason": ""}, "reasoned"),
        ({"rating_from": "r2", "rating_to": "r p1"}, "calibration_move_makes_a_version"),
    ):
        with pytest.raises(Conflict, match=name):
            keep(town, replace(row, **wrong))
    keep(town, row)
    with town.writing() as uow, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        uow.connection.execute(sa.text("UPDATE calibration_move SET reason = 'x'"))


def test_before_and_after_and_leniency_are_one_statement_each(town):
    keep(town, session(town))
    keep(town, *(rating(person) for person in PEOPLE[2:5]))
    keep(town, rating("p5", Level.DI_BAWAH, Predikat.BUTUH_PERBAIKAN, rater_id="p1"))
    with town.reading() as uow:
        shifts = uow.judging.shifts("c", TODAY)
        assert [(s.before, s.after, s.people) for s in shifts] == [
            ("baik", "baik", 3),
            ("baik", "sangat_baik", 1),
            ("butuh_perbaikan", "butuh_perbaikan", 1),
        ]
        mild, strict = uow.judging.rater_sums("c")
        assert (mild.rater_id, mild.own) == ("p0", Sums(people=4, total=9, squares=21))
        assert (strict.rater_id, strict.own) == ("p1", Sums(people=1, total=1, squares=1))
        assert mild.everybody == strict.everybody == Sums(people=5, total=10, squares=22)
        assert uow.judging.unrated(["u"], "c", TODAY) == 4
        assert uow.judging.headcount("ag", TODAY) == {"u": 9}
        circles = uow.judging.circles("p0", "c", TODAY)
        assert circles[Source.SUBORDINATE] == list(PEOPLE[1:])
        assert uow.judging.circles("p1", "c", TODAY)[Source.PEER] == list(PEOPLE[2:])
