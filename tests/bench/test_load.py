"""People at a served house: nothing lost, nothing twice, and a harness that would see it."""

from __future__ import annotations

import argparse
from dataclasses import replace

import pytest

from bench.load import books, command, people, told


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Two clients on one squad for two seconds, and what they were told."""
    asked = argparse.Namespace(clients=2, threads=2, pause=0.0)
    with command._place(asked, postgres=False, outputs=8, ready=1) as (place, before):
        place.run("mix", people.Client.work, 2)
        place.stop()
        total = people.joined(place.kept)
        total.done |= before.done
        total.started += before.started
        yield place, total


def test_two_clients_at_a_served_house_lose_nothing_and_double_nothing(played):
    place, total = played

    assert not total.errors
    assert total.seconds[people.INBOX]
    assert any(element.startswith("claim") for element in total.done.values())
    assert books.faults(place.wired, total) == []
    assert {line.run for line in place.lines} == {"mix"}


def test_an_act_that_was_told_and_is_not_there_is_lost(played):
    place, total = played
    planted = replace(total, done={**total.done, 4711: "claim"})

    found = " ".join(books.faults(place.wired, planted))
    assert "lost: told done, open in the database: 1, first 4711" in found
    assert "not in audit: 1" in found


def test_an_act_that_nobody_was_told_of_is_a_phantom(played):
    place, total = played
    key = next(key for key, element in total.done.items() if element == "deliver_output")
    planted = replace(total, done={k: e for k, e in total.done.items() if k != key})

    assert any(text.startswith("phantom") for text in books.faults(place.wired, planted))


def test_an_attestation_without_its_row_in_the_ledger_is_seen(played):
    place, total = played
    planted = replace(total, done={**total.done, 4711: "attest"})

    assert any(text.startswith("ledger:") for text in books.faults(place.wired, planted))


def test_a_task_that_two_clients_were_told_they_did_is_a_double():
    one, other = people.Record(done={1: "claim"}), people.Record(done={1: "claim", 2: "claim"})
    clients = [argparse.Namespace(record=record) for record in (one, other)]

    assert people.joined(clients).again == [1]


def test_a_percentile_is_the_value_that_so_many_do_not_exceed():
    ordered = [float(n) for n in range(1, 101)]

    assert [told.percentile(ordered, p) for p in (50, 99, 100)] == [50, 99, 100]
    assert told.percentile([7.0], 99) == 7


def test_memory_that_grows_by_two_megabytes_in_ten_minutes_is_over_the_budget():
    leak = [(10.0 * n, 300 + 10.0 * n * 2 / 600 + n % 3) for n in range(120)]
    flat = [(10.0 * n, 300 + n % 3) for n in range(120)]

    assert told.slope_mb(leak) == pytest.approx(2, abs=0.1)
    assert told.slope_mb(leak) > told.SLOPE_MAX_MB > abs(told.slope_mb(flat))


def test_lines_tell_rate_and_times_of_each_kind():
    (line,) = told.lines("mix", {"inbox": [0.010, 0.030, 0.020], "start": []}, wall=2.0)

    assert (line.per_second, line.p50_ms, line.longest_ms) == (1.5, 20.0, 30.0)
    assert "| mix | inbox   |        3 |        1.5 |" in told.table([line])
