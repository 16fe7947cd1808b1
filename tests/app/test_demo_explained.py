"""The summary of the played year adds every figure up from its lines, and says when it does not."""

from __future__ import annotations

import base64
import json
from copy import deepcopy
from decimal import Decimal

import pytest

from app.demo import explained
from app.demo.command import PASSWORD
from engine.domain.forecasts import History, Point
from tests.web.played import base_of, copied, played_once

CREDIT = {
    "level": "ahli_muda",
    "since": "2026-03-01",
    "brought": "10",
    "points": "31.88",
    "months": [
        {
            "year": 2026,
            "month": month,
            "level": "ahli_muda",
            "coefficient": "25",
            "percent": 100 if month < 12 else 150,
            "predikat": "baik" if month < 12 else "sangat_baik",
            "units": "2500" if month < 12 else "3750",
        }
        for month in range(1, 13)
    ],
}


def changed(values, *path, to):
    """The same answer with one value in it changed."""
    copy = deepcopy(values)
    *way, last = path
    place = copy
    for step in way:
        place = place[step]
    assert place[last] != to
    place[last] = to
    return copy


def test_functional_credit_is_told_by_level_coefficient_predikat_and_months():
    found = explained.functional(CREDIT)
    assert found.faults == []
    assert list(found.lines) == [
        "angka kredit ahli_muda: dibawa 10 sejak 2026-03-01",
        "angka kredit 2026: ahli_muda, koefisien 25, baik 100%, 9 bulan = 18.75",
        "angka kredit 2026: ahli_muda, koefisien 25, sangat_baik 150%, 1 bulan = 3.125",
        "angka kredit ahli_muda: jumlah 31.88",
    ]


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("points",), "31.87"),
        (("brought",), "11"),
        (("months", 5, "coefficient"), "12.5"),
        (("months", 5, "percent"), 150),
        (("months", 5, "units"), "2501"),
        (("months", 5, "level"), "ahli_pertama"),
        (("since",), "2026-04-01"),
    ],
)
def test_functional_credit_with_one_line_changed_does_not_add_up(path, to):
    assert explained.functional(changed(CREDIT, *path, to=to)).faults


def test_who_keeps_no_functional_credit_has_nothing_to_explain():
    found = explained.functional({**CREDIT, "points": None, "brought": None, "months": []})
    assert (found.lines, found.faults) == ((), ())


ROW = {
    "id": "t1",
    "outputTitle": "Katalog data",
    "amountBp": 2500,
    "valuePoints": 60,
    "creditAccount": "person:p",
    "debitAccount": "output:o",
    "lineClass": "PRIMARY",
    "role": "anggota",
    "homeUnitId": "u1",
    "hostUnitId": "u2",
}
ROWS = [ROW, {**ROW, "id": "t2", "lineClass": "OVERLAY", "role": "penelaah"}]
PORTFOLIO = {
    "personId": "p",
    "crossUnit": {"pointsE4": 150_000, "transferIds": ["t1", "t2"]},
    "recognitions": [
        {
            "kind": "talent_attribute",
            "outcome": "confirmed",
            "crossPointsE4": 150_000,
            "used": [{"pointsE4": 150_000}, {"pointsE4": None}],
        }
    ],
}


def test_help_beside_the_shares_is_told_and_brings_no_points():
    found = explained.cross_unit(PORTFOLIO, ROWS)
    assert found.faults == []
    assert list(found.lines) == [
        "lintas unit: Katalog data, 25.00% dari 60 poin = 15",
        "lintas unit: Katalog data, penelaah tanpa poin",
        "lintas unit: jumlah 15 poin",
    ]


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ((0, "amountBp"), 2501),
        ((0, "valuePoints"), 61),
        ((0, "creditAccount"), "person:q"),
        ((0, "hostUnitId"), "u1"),
        ((0, "id"), "t3"),
        ((1, "lineClass"), "PRIMARY"),
    ],
)
def test_cross_unit_credit_with_one_row_changed_does_not_add_up(path, to):
    assert explained.cross_unit(PORTFOLIO, changed(ROWS, *path, to=to)).faults


def test_a_recognition_whose_used_row_changed_does_not_add_up():
    assert explained.recognised(PORTFOLIO).faults == []
    path = ("recognitions", 0, "used", 0, "pointsE4")
    assert explained.recognised(changed(PORTFOLIO, *path, to=149_999)).faults


def test_the_back_test_of_the_year_is_printed_with_its_figures():
    told = []
    points = [(2500, 20), (5000, 40), (7500, 60), (10_000, 80)]
    histories = [
        History(
            indicator_id=str(n),
            points=tuple(Point(elapsed_e4=at, attainment=Decimal(v + n)) for at, v in points),
        )
        for n in range(10)
    ]
    explained.forecasts(histories, told.append)
    assert [line.split("|")[1:3] for line in told if "%" in line and "|" in line] == [
        [" 51 % ", " 10 "],
        [" 76 % ", " 10 "],
    ]


class Reader:
    """One person at the API of a played house; what he reads may be changed on its way."""

    def __init__(self, http, login, change=None):
        word = base64.b64encode(f"{login}:{PASSWORD}".encode()).decode()
        self._http, self._headers = http, {"Authorization": f"Basic {word}"}
        self._change = change

    def get(self, path):
        answer = self._http.get(path, headers=self._headers)
        assert answer.status_code == 200, path
        given = json.loads(answer.text, parse_float=Decimal)
        return self._change(path, given) if self._change else given


@pytest.fixture(scope="module")
def agency(tmp_path_factory):
    """The sample agency as it is in June, when its first quarter is sealed."""
    folder = tmp_path_factory.mktemp("explained") / "agency"
    with copied(played_once(base_of(tmp_path_factory)), folder) as made:
        yield made


def told(agency, change=None):
    with agency.wired.house.reading() as uow:
        people = uow.agency.people(agency.wired.agency_id(None))
    http, lines = agency.app.test_client(), []
    readers = {one.id: Reader(http, one.nip, change) for one in people}
    good = explained.results({one.id: one.name for one in people}, readers, lines.append)
    return good, lines


def dearer(path, given):
    """A row of the ledger that says one basis point more than was sealed."""
    if path.endswith("/ledger"):
        for row in given["items"]:
            if row["homeUnitId"] != row["hostUnitId"]:
                row["amountBp"] += 1
    return given


def shorter(path, given):
    """A ledger without its rows."""
    return {**given, "items": []} if path.endswith("/ledger") else given


def test_cross_unit_credit_of_everybody_in_a_played_half_is_the_sum_of_his_ledger_rows(agency):
    good, lines = told(agency)
    assert good, lines
    assert [line for line in lines if "lintas unit:" in line]


@pytest.mark.parametrize("change", [dearer, shorter])
def test_a_played_half_with_a_changed_row_of_the_ledger_does_not_add_up(agency, change):
    good, lines = told(agency, change)
    assert not good
    assert [line for line in lines if "TIDAK COCOK" in line]
