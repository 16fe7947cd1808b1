"""Regu beside its peers: the same steps, each committed, told as a table and a picture."""

from __future__ import annotations

from contextlib import ExitStack
from xml.etree import ElementTree as ET

import pytest

from bench.peers import drawing, installing, ours, picture, regu, running, told
from bench.place import ground


def _seen(cpu, floor):
    steps = [[cpu, 2 * cpu], [cpu, 2 * cpu], [cpu, 2 * cpu], [cpu, 2 * cpu]]
    floors = [[floor, 2 * floor] for _ in range(drawing.STEPS)]
    step = {"statements": 2, "commits": 1, "bytes": 1000}
    counts = {"steps": [step] * drawing.STEPS, "state": 900}
    return running.Seen(counts, [steps] * 3, [floors] * 3)


def test_a_row_sums_an_instance_and_sets_it_beside_its_floor():
    (row,) = told.rows({"Regu": _seen(0.002, 0.0005)})

    assert row.cpu_instance == pytest.approx(0.008)
    assert row.cpu_completion == pytest.approx(0.002)
    assert (row.statements, row.commits, row.bytes_written) == (8, 4, 4000)
    assert "| 4.0x" in told.table([row])


def test_the_picture_has_two_bars_for_each_engine_and_says_them_in_words():
    rows = [row.facts() for row in told.rows({"A & B": _seen(0.002, 0.001)})]
    svg = ET.fromstring(picture.drawn({"SQLite": rows}, "2 CPUs"))  # noqa: S314 - our own
    bars = [e for e in svg.iter() if e.get("class") in ("cpu", "wall") and e.get("height") == "16"]

    assert len(bars) == 2
    assert "A & B 8.0 ms CPU" in svg[0].text


@pytest.mark.parametrize("make", [regu.Regu, ours.Spiff])
def test_our_own_lanes_end_the_process_with_one_commit_for_each_step(make, tmp_path):
    with ground(postgres=False) as place:
        found = make(place.fresh("one"), tmp_path).counted()

    assert [step["commits"] for step in found["steps"]] == [1, 1, 1, 1]
    assert found["state"] > 1000


def test_a_peer_that_cannot_be_installed_is_named_and_the_others_are_measured(
    monkeypatch, tmp_path
):
    def missing(*_more):
        raise installing.Missing("no registry here")

    monkeypatch.setattr(installing, "python_peer", missing)
    monkeypatch.setattr(installing, "node_peer", missing)
    monkeypatch.setattr(running, "PEERS", (running.SPIFF, running.VIEWFLOW, running.BPMN_ENGINE))
    with ground(postgres=False) as place, ExitStack() as stack:
        plan = running.Plan(rounds=1, times=1, warm=1)
        found, left_out = running.seen(place, tmp_path, stack, plan)

    assert list(found) == [running.SPIFF]
    assert set(left_out) == {running.VIEWFLOW, running.BPMN_ENGINE}
    assert len(found[running.SPIFF].instances) == len(found[running.SPIFF].floor) == 1


@pytest.mark.parametrize("name", [running.VIEWFLOW, running.BPMN_ENGINE])
def test_a_peer_that_is_installed_ends_the_process_with_one_commit_for_each_step(name, tmp_path):
    part = "venv" if name == running.VIEWFLOW else "node"
    if not (installing.FOLDER / part / "stamp").is_file():
        pytest.skip("installed by: ./run bench peers")
    with ground(postgres=False) as place:
        process = running._begun(name, place, tmp_path)
        try:
            found = process.ask(do="count")
            timed = process.ask(do="run", times=1)["instances"]
        finally:
            process.close()

    assert [step["commits"] for step in found["steps"]] == [1, 1, 1, 1]
    assert len(timed[0]) == drawing.STEPS
