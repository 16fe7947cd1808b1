"""The same drawing means the same instants wherever the server stands. Row 21."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import pytest

from engine.usecases.errors import DrawingRefused
from tests.runtime.drawn import SE, catch, chain, drawing, end, start, timer, user
from tests.runtime.play import Stage
from tests.security.house_tree import programs

ZONES = ("UTC", "Asia/Jakarta", "Asia/Jayapura", "America/New_York", "Pacific/Kiritimati")


@pytest.fixture
def standing():
    """Moves the server to a zone, and back at the end."""
    before = os.environ.get("TZ")

    def move(zone):
        os.environ["TZ"] = zone
        time.tzset()

    yield move
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def waits(kind, text):
    return drawing(SE + catch("w", timer(kind, text)) + chain("Start", "w", "End"))


def schedule(text):
    inner = f'<zeebe:taskSchedule dueDate="{text}"/>'
    return drawing(SE + user("u", inner) + chain("Start", "u", "End"))


def due(data):
    stage = Stage()
    stage.deploy(data)
    key = stage.start()
    tasks = stage.open_tasks()
    return tasks[0].due_at if tasks else stage.row(key).due_at


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


DRAWINGS = {
    "with an offset": (waits("Date", "2027-01-31T23:59:59+07:00"), at(2027, 1, 31, 16, 59, 59)),
    "of UTC": (waits("Date", "2027-01-31T23:59:59Z"), at(2027, 1, 31, 23, 59, 59)),
    "with a zone": (waits("Date", '="2027-01-31T23:59:59@Asia/Jayapura"'),
                    at(2027, 1, 31, 14, 59, 59)),
    "a day": (waits("Date", '="2027-01-31"'), None),
    "calculated": (waits("Date", '=date and time("2027-01-31T23:59:59+07:00")'),
                   at(2027, 1, 31, 16, 59, 59)),
    "a length": (waits("Duration", "P1M"), None),
    "a length to the hour": (waits("Duration", "PT36H"), None),
    "due on a day": (schedule("=date(&quot;2027-01-31&quot;)"), None),
    "due at an instant": (schedule("2027-01-31T10:00:00+09:00"), at(2027, 1, 31, 1, 0)),
    "due in some days": (schedule("=&quot;P14D&quot;"), None),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWINGS)
def test_one_instant_in_every_zone(standing, name):
    data, wanted = DRAWINGS[name]
    found = set()
    for zone in ZONES:
        standing(zone)
        found.add(due(data))
    assert len(found) == 1
    [instant] = found
    assert instant.utcoffset().total_seconds() == 0
    if wanted is not None:
        assert instant == wanted


@pytest.mark.parametrize("text", ["2027-01-31T23:59:59", "2027-01-31T23:59", "2027-01-31"])
@pytest.mark.parametrize("make", [lambda t: waits("Date", t), schedule])
def test_an_instant_without_an_offset_is_refused_at_deployment(text, make):
    with pytest.raises(DrawingRefused) as refused:
        Stage().deploy(make(text))
    assert {f.code for f in refused.value.findings if f.severity == "error"} == {"time-unreadable"}


def test_an_instant_without_an_offset_that_is_calculated_is_an_incident():
    """What a variable brings is no guess either."""
    for text in ('="2027-01-31T23:59:59"', '=date and time("2027-01-31T23:59:59")'):
        stage = Stage()
        stage.deploy(waits("Date", text))
        key = stage.start()
        assert [one.element_id for one in stage.incidents(key)] == ["w"]


def test_a_cycle_counts_on_the_wall_of_the_agency_wherever_the_server_stands(standing):
    body = start("Start", timer("Cycle", "0 9 * * 1-5")) + end("End") + chain("Start", "End")
    found = set()
    for zone in ZONES:
        standing(zone)
        stage = Stage()
        stage.deploy(drawing(body))
        found.add(tuple(sub.due_at for sub in stage.tables.subscriptions.values()))
    assert len(found) == 1


def test_no_program_of_the_house_reads_the_servers_zone():
    """Naive now, localtime and the like stand nowhere."""
    naive = {
        "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.localtime",
        "datetime.datetime.now", "datetime.fromtimestamp", "datetime.utcfromtimestamp",
        "time.mktime", "time.strftime",
    }  # fmt: skip
    found = [
        (name, node.lineno)
        for name, program in programs().items()
        for node, called in program.calls
        if called in naive and not node.args and not node.keywords
    ]
    assert found == []
