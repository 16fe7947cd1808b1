from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.nip import Employment, Sex, read_nip

PNS = "199001012015031002"
PPPK = "199001012023212003"


def test_a_pns_number_tells_birth_month_sex_and_serial():
    nip = read_nip(PNS).nip
    assert nip.employment is Employment.PNS
    assert nip.born_on == date(1990, 1, 1)
    assert (nip.appointed_year, nip.appointed_month) == (2015, 3)
    assert nip.sex is Sex.MALE
    assert nip.serial == 2
    assert nip.grouped == "19900101 201503 1 002"


def test_a_pppk_number_has_a_year_and_a_code():
    nip = read_nip(PPPK).nip
    assert nip.employment is Employment.PPPK
    assert (nip.appointed_year, nip.appointed_month) == (2023, None)
    assert nip.sex is Sex.FEMALE


@pytest.mark.parametrize("text", ["19900101 201503 1 002", "'199001012015031002", f" {PNS}\u00a0"])
def test_grouping_and_marks_of_spreadsheets_are_read_past(text):
    assert read_nip(text).nip.digits == PNS


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1.99001E+17", "spreadsheet_number"),
        ("1,99001012015031E+17", "spreadsheet_number"),
        (1.99001012015031e17, "spreadsheet_number"),
        (199001012015031000, "spreadsheet_number"),
        ("", "empty"),
        (None, "empty"),
        ("19900101201503100", "length"),
        ("1990010120150310O2", "digits"),
        ("199013012015031002", "birth"),
        ("199002302015031002", "birth"),
        ("199001012015033002", "sex"),
        ("199001012015001002", "month"),
        ("199001011980031002", "appointment"),
    ],
)
def test_a_malformed_number_is_a_fault(value, code):
    found = read_nip(value)
    assert found.nip is None
    assert code in [fault.code for fault in found.faults]


def test_every_fault_is_named_at_once():
    assert [f.code for f in read_nip("199013012015009002").faults] == ["birth", "sex", "month"]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("199001012015031000", "serial"),
        ("199001012001031002", "age"),
        ("199001012015771002", "month"),
        ("199001012028031002", "future"),
    ],
)
def test_a_doubtful_number_is_taken_with_a_warning(value, code):
    found = read_nip(value, today=date(2026, 1, 1))
    assert found.nip is not None
    assert code in [warning.code for warning in found.warnings]


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.binary()))
def test_whatever_stands_in_a_cell_is_answered(value):
    found = read_nip(value)
    assert (found.nip is None) is bool(found.faults)


@given(
    st.dates(date(1950, 1, 1), date(2005, 12, 31)),
    st.integers(1, 12),
    st.sampled_from("12"),
    st.integers(1, 999),
)
def test_a_number_that_is_made_right_is_read_back(born, month, sex, serial):
    text = f"{born:%Y%m%d}{born.year + 25}{month:02}{sex}{serial:03}"
    found = read_nip(text)
    assert found.nip.digits == text
    assert found.nip.grouped.replace(" ", "") == text
    assert found.warnings == ()
