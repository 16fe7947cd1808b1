"""P14: final ratings go to SIASN after approval; what it does not take comes back to people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.exchange import ExchangeState
from engine.jobs.exchange import Sender
from engine.usecases.errors import InputRefused
from engine.usecases.exchange_mismatches import mismatches
from engine.usecases.exchanges import (
    annual_payloads,
    exchange_board,
    read_siasn_again,
    retry_exchange,
)
from tests.app.siasn_there import SiasnThere
from tests.app.test_siasn import Watch, way_to
from tests.workflows.agency import PEOPLE
from tests.workflows.judging import rated


@pytest.fixture
def there():
    with SiasnThere() as siasn:
        siasn.knows(*((nip, name.title()) for name, (nip, *_) in PEOPLE.items()))
        yield siasn


@pytest.fixture
def send(town, there):
    """Let the sender work until nothing moves."""
    watch = Watch()
    watch.at = datetime.now(UTC) + timedelta(days=1)
    sender = Sender(town.house, way_to(there), now=watch)

    def until_quiet():
        for _ in range(12):
            sender.look()
            watch.at += timedelta(hours=7)
        town.worker.drain()

    return until_quiet


def begun(town, name="dedi"):
    rated(town, name)
    town.do("receive_result", name, answer="accept")
    return town.ask("exchange", by="joko", scope=f"year:{town.ids['cycle']}")


def rows(town, group="stopped"):
    return exchange_board(town.house, town.actor("joko"), group, limit=10).lines


def test_after_approval_ratings_go_out_and_are_read_back(town, there, send):
    key = begun(town)
    assert town.waiting() == [("approve", "perf_admin")]
    form = town.begun(town.task("approve"))
    assert (form["ready"], form["standing"], form["unrated"]) == (1, 0, len(PEOPLE) - 1)
    assert rows(town, "moving") == []
    [(facts, payload)] = annual_payloads(town.house, town.actor("joko"))[1]
    assert (facts.name, payload["tahun"]) == ("Dedi", 2026)
    town.do("approve", by="joko", decision="send")
    send()
    assert town.status(key) == "completed"
    [line] = rows(town, "confirmed")
    assert (line.name, line.row.state) == ("Dedi", ExchangeState.CONFIRMED)
    [kept] = there.stored["annual"]
    assert {name: kept[name] for name in payload if name != "pnsDinilaiOrang"} == {
        name: value for name, value in payload.items() if name != "pnsDinilaiOrang"
    }
    assert kept["penilaiNama"] == "Budi"
    again = town.ask("exchange", by="joko", scope=f"year:{town.ids['cycle']}")
    town.do("approve", by="joko", decision="send")
    assert town.status(again) == "completed"
    assert len(there.stored["annual"]) == 1


def test_a_file_is_enough(town, there, send):
    key = begun(town)
    town.do("approve", by="joko", decision="file")
    send()
    assert town.status(key) == "completed"
    assert there.asked == []


def test_what_is_refused_comes_to_people_and_goes_again(town, there, send):
    key = begun(town)
    town.do("approve", by="joko", decision="send")
    there.moods["POST"] = ["refuse", "refuse"]
    send()
    assert town.waiting() == [("settle", "hr perf_admin")] or town.task("settle")
    [line] = rows(town)
    assert line.row.reason == "refused"
    # tried once more from the page while the task waits: refused again
    retry_exchange(town.house, town.actor("joko"), line.row.id)
    send()
    assert rows(town)[0].row.state is ExchangeState.REFUSED
    with pytest.raises(InputRefused):
        town.do("settle", by="joko", decision="done")
    # the word of that try is older than this one: the process looks, and waits on
    town.do("settle", by="joko", decision="again")
    town.worker.drain()
    assert town.open("settle") == []
    send()
    assert town.status(key) == "completed"
    assert len(there.stored["annual"]) == 1
    assert len(there.posts()) == 3


def test_the_rest_may_be_settled_with_a_note(town, there, send):
    key = begun(town)
    town.do("approve", by="joko", decision="send")
    there.people.clear()
    send()
    town.do("settle", by="joko", decision="done", note="NIP diperbaiki di SIASN")
    assert town.status(key) == "completed"


def test_the_report_tells_what_differs(town, there, send):
    begun(town)
    read_siasn_again(town.house, town.actor("joko"))
    there.people[PEOPLE["sari"][0]]["nama"] = "SARI  "
    there.people[PEOPLE["eko"][0]]["jabatanNama"] = "Arsiparis"
    there.people.pop(PEOPLE["wati"][0])
    send()
    found = mismatches(town.house, town.actor("joko"), "2026", limit=50)
    told = {(one.name, one.what) for one in found.differences}
    assert told == {("Dedi", "rating_missing"), ("Eko", "post"), ("Wati", "unknown_person")}
    assert found.unread == 0


def test_every_flow_was_walked(every_flow):
    every_flow("exchange")
