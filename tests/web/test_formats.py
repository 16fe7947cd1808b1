from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from engine.domain.units import Agency
from web import formats
from web.context import safe_target


@pytest.fixture
def at_the_desk(town):
    """A request of a signed-in person."""
    from flask import g  # noqa: PLC0415 - only inside a request

    with town.app.test_request_context("/"):
        g.actor, g.session = town.actor("sari"), None
        yield town


def test_dates_numbers_and_shares_read_as_in_indonesia(at_the_desk):
    assert formats.day(dt.date(2026, 11, 21)) == "21 November 2026"
    assert formats.day("2026-11-21", "full") == "Sabtu, 21 November 2026"
    assert formats.number(Decimal("1234567.5")) == "1.234.567,5"
    assert formats.percent(1667) == "16,67%"
    assert formats.points(92_000) == "9,2"
    assert formats.exact(Decimal("101.9")) == "101,90"
    assert formats.ratio(Fraction(9, 8)) == "1,125"
    assert formats.day("no date") == formats.day(None) == formats.percent(None) == "\u2013"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Jakarta", "14.05 WIB"),
        ("Asia/Makassar", "15.05 WITA"),
        ("Asia/Jayapura", "16.05 WIT"),
    ],
)
def test_moments_are_told_in_the_agencys_zone(at_the_desk, zone, shown):
    from dataclasses import replace  # noqa: PLC0415 - one use

    with at_the_desk.house.writing() as uow:
        agency = uow.agency.get(Agency, at_the_desk.ids["agency"])
        uow.agency.put(replace(agency, timezone=zone))
        uow.commit()
    moment = dt.datetime(2026, 11, 21, 7, 5, tzinfo=dt.UTC)
    assert formats.moment(moment) == f"21 Nov 2026 {shown}"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil",
        "/\\evil",
        "https:evil",
        "http://evil",
        "evil",
        "/a\nb",
        "",
        None,
        "\\\\evil",
        "///e",
    ],
)
def test_only_a_path_of_this_site_is_a_safe_target(wanted):
    assert safe_target(wanted, "/tugas") == "/tugas"


def test_a_path_with_its_query_is_a_safe_target():
    assert safe_target("/skp?siklus=2026", "/tugas") == "/skp?siklus=2026"
