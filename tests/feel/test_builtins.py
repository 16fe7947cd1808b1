"""The built-ins, a few telling cases each."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine.feel import FeelWarning
from engine.feel.signatures import BUILTINS

CASES = {
    "insert before(list: [1, 3], position: 2, newItem: 2)": [1, 2, 3],
    "list replace(list: [1, 3], position: 2, newItem: 2)": [1, 2],
    'string join(["a", null, "b"], null)': "ab",
    "after(range: [11..20], point: 1)": True,
    "after(point: 1, range: [11..20])": False,
    "before(range1: [1..10), range2: [10..20])": True,
    "during(range1: [4..6], range2: [1..10])": True,
    "coincides(range1: (1..5), range2: [1..5])": False,
    "not(true)": False,
    'substring("foobar", 3)': "obar",
    'substring("foobar", -2, 1)': "a",
    r'substring("\U01F40Eab", 2)': "ab",
    r'string length("\uD83D\uDC0Eab")': 3,
    'upper case("aBc4")': "ABC4",
    'lower case("aBc4")': "abc4",
    'substring before("foobar", "bar")': "foo",
    'substring after("foobar", "ob")': "ar",
    'contains("foobar", "of")': False,
    'starts with("foobar", "fo")': True,
    'ends with("foobar", "r")': True,
    'matches("foobar", "^fo*b")': True,
    'matches("a\\nb", "a.b")': False,
    'matches("a\\nb", "a.b", "s")': True,
    'matches("x", "[a-z-[x]]")': False,
    r'matches("é", "\\p{L}")': True,
    'matches("a b", "a b", "x")': False,
    'replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")': "[1=ab][2=]cd",
    'replace("aaa", "a*", "x")': None,
    'split("a;b;;", ";")': ["a", "b", "", ""],
    'string join(["a", null, "b"], "-")': "a-b",
    "string(1.50)": "1.5",
    'string([1, "a", null, @"P1D"])': '[1, "a", null, P1D]',
    'number("1 000,5", " ", ",")': "1000.5",
    'number(from: "1.000", grouping separator: ".", decimal separator: ",")': 1000,
    'number("x")': None,
    "decimal(2.5, 0)": 2,
    "round half up(5.125, 2)": "5.13",
    "round up(-5.5, 0)": -6,
    "floor(-1.5)": -2,
    "ceiling(1.51, 1)": "1.6",
    "modulo(-12, 5)": 3,
    "sqrt(16)": 4,
    "sqrt(-1)": None,
    "odd(3) and even(0)": True,
    "1 / 0": None,
    "min(3, 1, 2)": 1,
    "max([])": None,
    'sum(@"P1D", @"PT12H")': "P1DT12H",
    "mean([1, 2, 3])": 2,
    "median(8, 2, 5, 4)": "4.5",
    "mode([6, 1, 9, 6, 1])": [1, 6],
    "all([true, null])": None,
    "any([false, true, null])": True,
    "all()": None,
    "flatten([[1, 2], [[3]]])": [1, 2, 3],
    "distinct values([1, 2, 1])": [1, 2],
    "union([1, 2], [2, 3])": [1, 2, 3],
    "sublist([1, 2, 3], 2, 1)": [2],
    "insert before([1, 3], 2, 2)": [1, 2, 3],
    "remove([1, 2, 3], -1)": [1, 2],
    "list replace([2, 4, 7], function(i, n) i < n, 5)": [5, 5, 7],
    "index of([1, 2, null, 2], 2)": [2, 4],
    "sort([3, 1, 2], function(x, y) x < y)": [1, 2, 3],
    "sort([3, 1, 2])": [1, 2, 3],
    'get value({a: {b: 1}}, ["a", "b"])': 1,
    "get entries({a: 1})": [{"key": "a", "value": 1}],
    'context put({a: {b: 1}}, ["a", "c"], 2)': {"a": {"b": 1, "c": 2}},
    "context merge([{a: 1}, {a: 2}])": {"a": 2},
    'context([{key: "a", value: 1}])': {"a": 1},
    'is(@"10:00:00Z", @"10:00:00+00:00")': True,
    'is(@"10:00:00Z", @"11:00:00+01:00")': False,
    "before(1, [2..3])": True,
    "meets([1..5], [5..10])": True,
    "overlaps before([1..5], (1..5])": True,
    "during(5, [1..10])": True,
    "coincides([1..5], [1..5))": False,
    'range("[1..5)")': "[1..5)",
    'range("[5..1]")': None,
    # temporal
    'date("2020-01-31") + @"P1M"': "2020-02-29",
    'date("2021-02-29")': None,
    'date("2026-11-21") - date("2026-11-01")': "P20D",
    'date("-2016-01-30").year': -2016,
    'date and time("99999-12-31T11:22:33") + @"P1Y"': "100000-12-31T11:22:33",
    'time("10:00:00Z") = time("17:00:00+07:00")': True,
    'time("23:30:00") + @"PT1H"': "00:30:00",
    'time(11, 59, 45.5, @"-PT2H")': "11:59:45.5-02:00",
    'date and time(@"2026-11-21T10:00:00Z", "Asia/Jakarta")': "2026-11-21T17:00:00@Asia/Jakarta",
    '@"2026-06-01T10:00:00@Asia/Jayapura".time offset': "PT9H",
    'years and months duration(date("2011-12-22"), date("2013-08-24"))': "P1Y8M",
    '@"P1Y2M" * 1.5': "P1Y9M",
    '@"P1D" / @"PT12H"': 2,
    '@"P1DT2H3M4S".minutes': 3,
    'duration("P1M2D")': None,
    'day of week(@"2026-11-21")': "Saturday",
    'week of year(@"2005-01-01")': 53,
    'day of year(@"2024-12-31")': 366,
    'month of year(@"2026-11-21")': "November",
    'date("2020-01-01") < date and time("2020-01-01T00:00:00")': None,
    'for d in @"2026-11-29"..@"2026-12-01" return d.day': [29, 30, 1],
    '@"2026-03-29T01:30:00@Europe/Paris" + @"PT1H"': "2026-03-29T03:30:00@Europe/Paris",
}


@pytest.mark.parametrize("text", CASES)
def test_a_built_in_gives_what_the_standard_says(feel, text):
    got = feel(text)
    if isinstance(got, Decimal):
        got = str(got)
    assert json.dumps(got, ensure_ascii=False) == json.dumps(CASES[text], ensure_ascii=False)


@pytest.mark.parametrize("name", sorted(set(BUILTINS) - {"now", "today"}))
def test_a_built_in_meets_null_without_an_error(feel, name):
    for arguments in ("null", "null, null", "null, null, null"):
        feel(f"{name}({arguments})")


def test_the_clock_is_the_hosts(feel):
    zone = ZoneInfo("Asia/Jakarta")
    scope = {"$now": dt.datetime(2026, 11, 22, 0, 30, tzinfo=zone)}
    assert feel("now()", scope) == "2026-11-22T00:30:00@Asia/Jakarta"
    assert feel("today()", scope) == "2026-11-22"
    utc = {"$now": dt.datetime(2026, 11, 21, 17, 30, tzinfo=dt.UTC)}
    assert feel("now()", utc) == "2026-11-21T17:30:00Z"


def test_without_a_clock_of_the_host_there_is_no_now(feel):
    warnings = []
    assert feel("today()", warnings=warnings) is None
    assert warnings == [FeelWarning("the host gave no time ($now)", 1, 6)]


def test_thirty_four_digits_are_kept(feel):
    assert str(feel("1 / 3")) == "0." + "3" * 34
    assert feel("1000000000000000000000000000000001 - 1") == 10**33
