"""Cross-unit credit, IP ASN, facts and referrals by their rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.domain.ip_asn import MOST, Dimension, Group, Part, add_up, check_parts, group_of
from engine.domain.ledger import POOL, LineClass, Transfer, TransferCode, person_account
from engine.domain.recognition import (
    Outcome,
    Recognition,
    RecognitionKind,
    check_recognition,
    cross_unit,
)
from engine.domain.referrals import (
    Referral,
    ReferralGround,
    ReferralHanding,
    check_handing,
    check_referral,
)
from engine.domain.talent import FactKind, PersonFact, check_fact, counts, standing
from engine.domain.units import JobClass

NOW = datetime(2027, 1, 20, 3, 0, tzinfo=UTC)
TODAY = date(2027, 1, 20)
FACT = PersonFact(
    id="f1",
    person_id="sari",
    kind=FactKind.TECHNICAL,
    word="done",
    on_day=date(2026, 5, 4),
    source="Sertifikat 12/2026",
    recorded_by="andi",
    at=NOW,
)
CASE = Referral(
    id="r1",
    person_id="dedi",
    agency_id="a1",
    ground=ReferralGround.ABSENCE,
    text="Tidak masuk 4 hari pada Mei",
    source="Rekap kehadiran",
    referred_by="budi",
    at=NOW,
)


def line(number, bp, *, host="pusat", home="biro", **more):
    values = {
        "id": number,
        "output_id": f"o{number}",
        "debit_account": POOL,
        "credit_account": person_account("sari"),
        "amount_bp": bp,
        "code": TransferCode.ATTEST,
        "work_period_id": "p",
        "posting_period_id": "p",
        "home_agency_id": "a",
        "home_unit_id": home,
        "host_agency_id": "a",
        "host_unit_id": host,
        "squad_id": "s",
        "person_id": "sari",
        "actor_id": "budi",
        "at": NOW,
        "recorded_at": NOW,
    }
    return Transfer(**values | more)


def test_cross_unit_credit_is_the_live_rows_hosted_elsewhere():
    rows = [
        (line(1, 1800), 40),
        (line(2, 3333, host="biro"), 20),
        (line(3, 2000, host="ditjen"), 30),
        (line(4, 2000, host="ditjen", code=TransferCode.REVERSE, reverses_id=3), 30),
        (line(5, 1, host="sekretariat", line_class=LineClass.OVERLAY), 50),
    ]
    found = cross_unit(rows)
    assert [row.id for row in found.rows] == [1, 5]
    assert found.points_e4 == 72_000
    assert found.all_points_e4 == 72_000 + 66_660
    assert found.share_bp == 5192
    assert (found.hosts, found.overlays) == ({"pusat", "sekretariat"}, 1)


def test_nothing_earned_is_no_share():
    assert cross_unit([]).share_bp == 0


def test_ip_asn_of_the_worked_example_is_90():
    parts = [
        Part(dimension=dimension, word=word, points=Decimal(points), mark="secondary")
        for dimension, word, points in (
            (Dimension.QUALIFICATION, "s2", 20),
            (Dimension.COMPETENCE, "functional", 15),
            (Dimension.COMPETENCE, "technical", 15),
            (Dimension.COMPETENCE, "seminar", 10),
            (Dimension.PERFORMANCE, "baik", 25),
            (Dimension.DISCIPLINE, "none", 5),
        )
    ]
    assert check_parts(parts) == ()
    found = add_up(parts)
    assert found.total == Decimal(90)
    assert found.points[Dimension.COMPETENCE] == 40
    assert sum(MOST.values()) == 100


def test_a_dimension_without_data_leaves_no_index_and_none_exceeds_its_most():
    many = [
        Part(dimension=Dimension.COMPETENCE, word=str(n), points=Decimal(15), mark="x")
        for n in range(4)
    ]
    found = add_up(many)
    assert found.points[Dimension.COMPETENCE] == 40
    assert found.total is None
    assert found.missing == (Dimension.QUALIFICATION, Dimension.PERFORMANCE, Dimension.DISCIPLINE)
    wrong = Part(dimension=Dimension.DISCIPLINE, word="none", points=Decimal(6), mark="x")
    assert [v.code for v in check_parts([wrong])] == ["points"]


@pytest.mark.parametrize(
    ("job_class", "group"),
    [
        (JobClass.JF, Group.FUNCTIONAL),
        (JobClass.PELAKSANA, Group.PELAKSANA),
        (JobClass.JA, Group.LEADER),
        (JobClass.JPT, Group.LEADER),
    ],
)
def test_training_is_weighed_by_the_class_of_the_post(job_class, group):
    assert group_of(job_class) is group


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"word": "tinggi"}, "unknown_word"),
        ({"source": "  "}, "source_missing"),
        ({"on_day": date(2027, 2, 1)}, "future"),
        ({"recorded_by": "sari"}, "own_fact"),
        ({"on_behalf_of": "sari"}, "own_fact"),
    ],
)
def test_a_fact_has_a_known_word_a_source_a_past_day_and_another_hand(change, code):
    assert check_fact(FACT, TODAY) == ()
    assert [v.code for v in check_fact(replace(FACT, **change), TODAY)] == [code]


def test_the_newest_row_of_a_kind_stands_and_yearly_training_counts_in_its_year():
    later = replace(FACT, id="f2", word="not_done", at=NOW.replace(hour=5))
    assert standing([later, FACT])[FactKind.TECHNICAL] is later
    year = date(2026, 1, 1), date(2026, 12, 31)
    assert counts(FACT, *year)
    assert not counts(later, *year)
    assert not counts(replace(FACT, on_day=date(2025, 12, 31)), *year)
    assert counts(replace(FACT, kind=FactKind.FUNCTIONAL, on_day=date(2015, 1, 1)), *year)


def test_a_referral_shows_its_facts_and_is_no_act_of_its_subject():
    assert check_referral(CASE) == ()
    assert [v.subject for v in check_referral(replace(CASE, text="", source=""))] == [
        "text",
        "source",
    ]
    assert [v.code for v in check_referral(replace(CASE, referred_by="dedi"))] == ["own_referral"]
    hand = ReferralHanding(
        id="h", referral_id="r1", handed_to="Tim", letter_no="", handed_by="dedi", at=NOW
    )
    assert [v.code for v in check_handing(hand, CASE)] == ["own_referral"]


def test_a_recognition_is_confirmed_by_another_and_set_aside_with_words():
    made = Recognition(
        id="x",
        person_id="sari",
        cycle_id="c",
        rating_id="r",
        kind=RecognitionKind.TALENT_ATTRIBUTE,
        cross_points_e4=1,
        host_units=1,
        outcome=Outcome.SET_ASIDE,
        confirmed_by="sari",
        at=NOW,
    )
    codes = [v.code for v in check_recognition(made)]
    assert codes == ["own_recognition", "reason_missing"]
