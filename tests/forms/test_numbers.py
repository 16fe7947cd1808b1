from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.nip import clean, grouped, is_valid
from forms.numbers import NumberTextRefused, read_number, typed_text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234", "1.234"),
        ("-3", "-3"),
        (" 16,67 % ", "16.67"),
        ("1 234 567", "1234567"),
        ("0.125", "0.125"),
    ],
)
def test_comma_and_dot_are_both_understood(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1.234", "-12.345"])
def test_a_number_that_reads_two_ways_is_never_guessed(text):
    with pytest.raises(NumberTextRefused, match="ambiguous_number"):
        read_number(text)


@pytest.mark.parametrize(
    "text", ["", "a", "1e5", "NaN", "Infinity", "--1", "1,2,3", "1..2", "٣", "0x10", "1_000"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NumberTextRefused, match="not_a_number"):
        read_number(text)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from(["id", "en"]))
def test_what_stands_in_a_field_reads_back_as_the_same_number(number, locale):
    assert read_number(typed_text(number, locale)) == number


def test_a_nip_is_text_grouped_8_6_1_3_and_read_back_whatever_its_gaps():
    nip = "199001012015042001"
    assert grouped(nip) == "19900101 201504 2 001"
    assert clean(grouped(nip)) == nip
    assert is_valid(nip)


@pytest.mark.parametrize(
    "nip",
    ["19900101201504200", "199013012015042001", "199001012015043001", "19900101201504200a", ""],
)
def test_a_wrong_birth_date_sex_or_length_is_no_nip(nip):
    assert not is_valid(nip)
