"""What happens next: told beside a task and on the drawing, to whom it concerns and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runtime.drawing.reader import read_drawing
from engine.runtime.drawing.source import parse
from engine.runtime.ways import following, later

WORKFLOWS = Path(__file__).parents[2] / "workflows"


def ways(process_id, element):
    root, _ = parse((WORKFLOWS / process_id / f"{process_id}.bpmn").read_bytes())
    (process,) = read_drawing(root, process_id).drawing.processes
    node = process.nodes[element]
    known = following(process, node)
    return known, later(process, node, known)


def test_both_branches_of_a_decision_are_told_the_normal_one_first():
    known, _ = ways("contribution", "accept_output")
    told = [(way.node.id, way.branch) for way in known if way.branch]
    assert ("redeliver_output", "Diterima? kembali") in told
    assert not known[-1].normal


def test_after_parallel_work_the_way_goes_on_behind_the_join():
    known, then = ways("evaluation", "self_evaluate")
    assert [way.node.id for way in known] == ["rate"]
    assert [way.node.id for way in then][:1] == ["sign_rating"]


def test_the_end_of_a_sub_process_goes_on_behind_it():
    known, then = ways("contribution", "attest")
    assert {way.node.id for way in known} >= {"claim"}
    assert all(way.node.id != "attest" for way in [*known, *then])


@pytest.mark.parametrize("folder", sorted(WORKFLOWS.iterdir()), ids=lambda one: one.name)
def test_every_user_task_that_ships_knows_what_follows(folder):
    for file in folder.glob("*.bpmn"):
        root, _ = parse(file.read_bytes())
        for process in read_drawing(root, file.name).drawing.processes:
            for node in process.nodes.values():
                if node.user_task is not None:
                    assert following(process, node), node.id


def test_who_has_the_task_sees_now_then_and_the_end_without_variables(client):
    page = client.sign_in("budi").get(f"/proses/{client.town.ids['attesting']}/langkah")
    assert page.status_code == 200
    for words in ("Atestasi klaim", "Periksa permohonan", "Selesai"):
        assert words in page.text
    assert client.town.ids["output"] not in page.text
    drawing = client.get(f"/proses/{client.town.ids['attesting']}/gambar")
    assert drawing.mimetype == "application/xml"


def test_who_had_a_task_may_look_on_and_who_never_had_one_finds_nothing(client):
    key = client.town.tasks("sari")[0].key
    leave = client.town.ids["leave"]
    assert client.sign_in("sari").get(f"/proses/{leave}/langkah").status_code == 200
    assert client.get(f"/proses/{leave}").status_code == 404
    assert client.sign_in("tono").get(f"/proses/{leave}/langkah").status_code == 404
    assert client.get(f"/proses/{leave}/gambar").status_code == 404
    assert client.get(f"/tugas/{key}").status_code == 404


def test_the_task_page_tells_the_way_on(client):
    key = client.town.tasks("budi")[0].key
    page = client.sign_in("budi").get(f"/tugas/{key}")
    assert "Periksa permohonan" in page.text
    assert f"/proses/{client.town.ids['attesting']}/langkah" in page.text
