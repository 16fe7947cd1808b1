"""What results are used for: IP ASN, the talent box, the allowance feed, the portfolio."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.domain.ip_asn import Dimension
from engine.domain.ratings import Predikat
from engine.domain.talent import FactKind
from engine.usecases.allowances import allowance_feed, referrals
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.portfolios import portfolio
from tests.workflows.agency import GROUPS, PEOPLE
from tests.workflows.crediting import grant, sealed
from tests.workflows.judging import rated

RECORDED = (
    ("education", "education", "s2"),
    ("discipline", "discipline", "none"),
    ("functional", "training", "done"),
    ("technical", "training", "done"),
    ("seminar", "training", "done"),
    ("potential", "potential", "tinggi"),
)


@pytest.fixture(autouse=True)
def hr(town, monkeypatch):
    """Lina looks after human resources."""
    grant(town, "lina", "hr")
    monkeypatch.setitem(GROUPS, "lina", (*GROUPS["lina"], "hr"))


def decide(town, decision_id, **scope):
    with town.house.reading() as uow:
        now = town.house.clock.now()
        return town.house.runner.decide(uow, decision_id, scope, as_of=now)


def followed(town, name):
    rated(town, name)
    town.do("receive_result", name, answer="accept")
    town.begin("follow_up", name)
    town.do("confirm_follow_up", by="joko", decision="confirm")


def recorded(town, name):
    for kind, field, word in RECORDED:
        values = {"kind": kind, field: word, "on_day": "2026-01-12", "source": f"Berkas {kind}"}
        town.ask("talent_record", by="lina", nip=PEOPLE[name][0], **values)


def seen(town, name, by):
    return portfolio(town.house, town.actor(by), town.ids[name])


def test_the_worked_example_of_the_ip_asn_is_90_and_high(town):
    """domain.md 9: a functional official with S2, full training, Baik and a clean record."""
    recorded(town, "sari")
    followed(town, "sari")
    found = seen(town, "sari", "sari").ip_asn
    assert found.sum.total == Decimal(90)
    assert found.band == "tinggi"
    assert {one: int(value) for one, value in found.sum.points.items()} == {
        Dimension.QUALIFICATION: 20,
        Dimension.COMPETENCE: 40,
        Dimension.PERFORMANCE: 25,
        Dimension.DISCIPLINE: 5,
    }
    marks = {(part.dimension, part.mark) for part in found.parts}
    assert (Dimension.PERFORMANCE, "design") in marks
    assert (Dimension.COMPETENCE, "unconfirmed") in marks
    assert (Dimension.QUALIFICATION, "secondary") in marks


def test_a_part_is_no_index(town):
    followed(town, "sari")
    found = seen(town, "sari", "budi").ip_asn
    assert (found.sum.total, found.band) == (None, None)
    assert found.sum.missing == (Dimension.QUALIFICATION, Dimension.DISCIPLINE)


@pytest.mark.parametrize(
    ("score", "band"),
    [
        ("100", "sangat_tinggi"),
        ("91", "sangat_tinggi"),
        ("90.5", "tinggi"),
        ("81", "tinggi"),
        ("80", "sedang"),
        ("71", "sedang"),
        ("70.99", "rendah"),
        ("61", "rendah"),
        ("60", "sangat_rendah"),
        ("0", "sangat_rendah"),
    ],
)
def test_bands_of_the_ip_asn(town, score, band):
    assert decide(town, "ip_band", score=Decimal(score)) == band


def test_training_of_a_pelaksana_adds_up_to_the_same_forty(town):
    taken = {"technical": Decimal("22.5"), "seminar": Decimal("17.5")}
    for word, points in taken.items():
        row = decide(town, "ip_competence", word=word, group="pelaksana")
        assert (row["points"], row["mark"]) == (points, "unconfirmed")
    assert sum(taken.values()) == 40


def test_the_nine_boxes(town):
    boxes = {}
    for potential in ("tinggi", "menengah", "rendah"):
        rows = [
            decide(town, "nine_box", performance=level, potential=potential)
            for level in ("di_bawah", "sesuai", "di_atas")
        ]
        boxes[potential] = [int(row["box"]) for row in rows]
        assert all(row["pool"] is (row["box"] in (7, 8, 9)) for row in rows)
        assert {row["mark"] for row in rows} == {"unconfirmed"}
    assert boxes == {"tinggi": [6, 8, 9], "menengah": [3, 5, 7], "rendah": [1, 2, 4]}


def test_the_box_reads_the_final_predikat_and_the_recorded_potential(town):
    recorded(town, "sari")
    assert seen(town, "sari", "sari").box.box is None
    followed(town, "sari")
    found = seen(town, "sari", "sari").box
    assert (found.performance, found.box, found.pool, found.mark) == (
        "sesuai",
        8,
        True,
        "unconfirmed",
    )
    assert found.potential.source == "Berkas potential"


def test_a_portfolio_explains_every_recognition_by_its_rows(town):
    sealed(town)
    followed(town, "sari")
    found = seen(town, "sari", "sari")
    assert found.recognitions
    rows = {row.id for row in found.cross.rows}
    for one in found.recognitions:
        used = found.uses[one.id]
        assert {row.use.transfer_id for row in used} - {None} == rows
        assert sum(row.points_e4 for row in used) == one.cross_points_e4


def test_a_portfolio_is_open_to_oneself_superiors_and_human_resources(town):
    for by in ("sari", "budi", "ratna", "lina"):
        assert seen(town, "sari", by).person.id == town.ids["sari"]
    for by in ("dedi", "wati", "citra"):
        with pytest.raises(NotFound):
            seen(town, "sari", by)


def test_the_allowance_feed_has_the_final_predikat_with_the_agency_s_percent(town):
    followed(town, "dedi")
    rated(town, "sari")
    found = allowance_feed(town.house, town.actor("joko"))
    assert [(row.name, row.number, row.predikat) for row in found.rows] == [
        ("Dedi", 0, Predikat.BAIK)
    ]
    assert set(found.percents) == set(Predikat)
    assert not found.rows[0].flagged
    with pytest.raises(AccessRefused):
        allowance_feed(town.house, town.actor("budi"))


def test_referrals_are_read_by_few_and_never_by_their_subject(town):
    case = {"ground": "ethics", "text": "Menghina rekan pada 9 Januari", "source": "Saksi"}
    town.ask("discipline_referral", by="ratna", nip=PEOPLE["lina"][0], **case)
    town.ask("discipline_referral", by="budi", nip=PEOPLE["dedi"][0], **case)
    assert [row.about for row in referrals(town.house, town.actor("lina"))] == ["Dedi"]
    auditor = replace(
        town.actor("eko"), groups=frozenset({"auditor"}), agency_id=town.ids["agency"]
    )
    assert {row.about for row in referrals(town.house, auditor)} == {"Dedi", "Lina"}
    for by in ("joko", "budi", "dedi"):
        with pytest.raises(AccessRefused):
            referrals(town.house, town.actor(by))


def test_every_kind_of_fact_has_its_table_row(town):
    assert {kind for kind, *_ in RECORDED} <= {one.value for one in FactKind}
    for predikat in Predikat:
        assert decide(town, "ip_performance", word=predikat.value)["points"] is not None
        assert decide(town, "talent_performance", predikat=predikat.value)["level"]
