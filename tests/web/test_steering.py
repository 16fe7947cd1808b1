"""The process owner steers one process, moves many to a new version and takes them back."""

from __future__ import annotations

import json
import re

import pytest

from engine.usecases.ports.process import Resource
from tests.web.looking import grave, overflow
from tests.web.test_admin import work
from tests.web.town import HERE, OFFICER

SIZES = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}


def renewed(town):
    """Publish a second version of the leave process; the keys of both."""
    content = (HERE / "drawings" / "cuti.bpmn").read_bytes()
    content = re.sub(rb'(<bpmn:userTask[^>]* name=")', rb"\1Baru: ", content, count=1)
    content = re.sub(rb'(<userTask[^>]* name=")', rb"\1Baru: ", content, count=1)
    files = (Resource(name="cuti.bpmn", content=content),)
    with town.house.writing() as uow:
        town.house.runner.deploy(uow, files, OFFICER)
        uow.commit()
    with town.house.reading() as uow:
        return [row.key for row in reversed(uow.processes.definition_versions("cuti"))]


@pytest.fixture
def owner(client):
    return client.sign_in("owner")


def at(town):
    return f"/proses/{town.ids['leave']}/kendali"


def test_a_process_is_held_and_goes_on_with_a_reason_only(owner, town):
    page = owner.get(at(town))
    assert page.status_code == 200
    refused = owner.post(at(town), page, act="suspend", reason=" ")
    assert refused.status_code == 422
    assert owner.post(at(town), page, act="suspend", reason="audit").status_code == 303
    page = owner.get(at(town))
    assert 'value="resume"' in page.text
    assert owner.post(at(town), page, act="resume", reason="done").status_code == 303


def test_a_move_is_shown_before_it_is_done_and_an_ended_process_begins_anew(owner, town):
    with town.house.reading() as uow:
        step = next(iter(town.house.runner.view(uow, town.ids["leave"]).tokens))
    page = owner.get(at(town))
    told = owner.post(at(town), page, act="preview", ends=step, begins=step, where="before")
    assert told.status_code == 200
    assert 'role="status"' in told.text
    nothing = owner.post(at(town), page, act="modify", ends=step, begins="", reason="x")
    assert nothing.status_code == 409
    moved = owner.post(at(town), page, act="modify", ends=step, begins=step, reason="again")
    assert moved.status_code == 303
    assert (
        owner.post(at(town), page, act="variables", name="n", value="3", reason="x").status_code
        == 303
    )
    assert owner.post(at(town), page, act="end", reason="wrong").status_code == 303
    page = owner.get(at(town))
    again = owner.post(at(town), page, act="restart", begins=step, where="before", reason="right")
    assert again.status_code == 303
    assert str(town.ids["leave"]) not in again.headers["Location"]


@pytest.fixture
def broken(town):
    """A process whose first step failed: its key, and the key of the incident."""
    content = (HERE.parent / "drawings" / "waits.bpmn").read_bytes()
    with town.house.writing() as uow:
        town.house.runner.deploy(uow, (Resource(name="waits.bpmn", content=content),), OFFICER)
        uow.commit()
    key = town.start("breaks", way="up")
    with town.house.reading() as uow:
        (incident,) = town.house.runner.view(uow, key).incidents
    return key, incident.key


def retries(town, key):
    """Reasons in the audit of the tries of an instance."""
    with town.wired.database.reading.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT facts FROM audit WHERE stream = ? AND act = 'incident:token:retry'",
            (f"instance:{key}",),
        )
        return [json.loads(facts)["reason"] for (facts,) in rows]


@pytest.mark.parametrize("path", ["/proses/{key}", "/proses/breaks/tempat?gangguan=1"])
def test_a_failed_step_is_tried_again_with_a_reason_only(owner, town, broken, path):
    key, incident = broken
    page = owner.get(path.format(key=key))
    assert f'action="/gangguan/{incident}"' in page.text
    for blank in ({}, {"reason": " "}):
        refused = owner.post(f"/gangguan/{incident}", page, _next="/proses", **blank)
        assert refused.status_code == 422
        assert f'id="reason-{incident}-fault"' in refused.text
        assert 'name="_next" value="/proses"' in refused.text, "he comes back to where he was"
    assert retries(town, key) == []
    done = owner.post(f"/gangguan/{incident}", page, _next="/proses", reason="Isian diperbaiki")
    assert (done.status_code, done.headers["Location"]) == (303, "/proses")
    assert retries(town, key) == ["Isian diperbaiki"]


def test_who_only_started_or_does_it_may_not_steer(client, town):
    for login in ("sari", "tono"):
        assert client.sign_in(login).get(at(town)).status_code in (403, 404)


def test_all_that_runs_moves_to_the_new_version_after_a_dry_run_and_back(owner, town):
    old, new = renewed(town)
    path = f"/kelola/pindah/{old}/{new}"
    assert "Baru" in owner.get("/kelola/proses/cuti").text or owner.get(path).status_code == 200
    page = owner.get(path)
    pairs = dict(re.findall(r'name="(to\.[^"]+)".*?<option value="([^"]*)" selected', page.text))
    tried = owner.post(path, page, act="try", **pairs)
    assert tried.status_code == 200
    assert 'role="status"' in tried.text
    assert owner.post(path, page, act="run", **pairs).status_code == 422
    begun = owner.post(path, page, act="run", reason="new words", **pairs)
    assert begun.status_code == 303
    work(town)
    shown = owner.get(begun.headers["Location"])
    assert "new words" in shown.text
    with town.house.reading() as uow:
        assert uow.processes.instance(town.ids["leave"]).definition_key == new
    back = owner.post(begun.headers["Location"], shown, act="undo", reason="no")
    work(town)
    assert owner.get(back.headers["Location"]).status_code == 200
    with town.house.reading() as uow:
        assert uow.processes.instance(town.ids["leave"]).definition_key == old
    assert owner.get("/kelola/massal").text.count("/kelola/massal/") >= 2


def test_a_version_is_held_released_and_tried_in_one_unit(owner, town):
    _old, new = renewed(town)
    page = owner.get("/kelola/proses/cuti")
    unit = re.search(r'<option value="([^"]+)">', page.text)[1]
    path = f"/kelola/versi/{new}"
    assert owner.post(path, page, act="hold", reason="stop").status_code == 303
    assert owner.post(path, page, act="release", reason="go").status_code == 303
    assert owner.post(path, page, act="pilot", units=unit, reason="try").status_code == 303
    with town.house.reading() as uow:
        row = uow.processes.definition(new)
        assert (row.suspended_at, row.pilot_units) == (None, (unit,))
    town.start("cuti", unit_id=unit)
    other = town.start("cuti", unit_id="")
    with town.house.reading() as uow:
        keys = [uow.processes.instance(one).definition_key for one in (town.ids["leave"], other)]
        assert new not in keys


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_the_pages_stand_on_a_phone_and_a_desk_without_grave_faults(browse, town, broken, size):
    old, new = renewed(town)
    page = browse("owner", viewport=SIZES[size])
    browse.expected.add("no diagram to display")  # of the drawing that breaks
    steered = (at(town), "/kelola/proses/cuti", f"/kelola/pindah/{old}/{new}", "/kelola/massal")
    for path in (*steered, f"/proses/{broken[0]}", "/proses/breaks/tempat?gangguan=1"):
        page.goto(path)
        assert overflow(page) <= 0, path
        assert grave(page) == [], path


def test_refusals_are_told_in_the_words_of_the_reader(owner, town):
    with town.house.reading() as uow:
        step = next(iter(town.house.runner.view(uow, town.ids["leave"]).tokens))
    page = owner.get(at(town))
    alone = owner.post(at(town), page, act="modify", ends=step, reason="x").text
    assert "pilih tempat proses berlanjut" in alone
    nowhere = owner.post(at(town), page, act="modify", begins="nowhere", reason="x").text
    assert "Langkah ini tidak ada dalam gambar." in nowhere
    owner.post(at(town), page, act="suspend", reason="audit")
    again = owner.post(at(town), page, act="suspend", reason="audit").text
    assert "Proses sedang ditahan" in again


def test_why_a_plan_or_an_item_fails_names_the_step_and_leaves_no_english(owner, town):
    old, new = renewed(town)
    path = f"/kelola/pindah/{old}/{new}"
    page = owner.get(path)
    tried = owner.post(path, page, act="try")
    assert "yang belum punya langkah baru" in tried.text
    begun = owner.post(path, page, act="run", reason="coba")
    work(town)
    shown = owner.get(begun.headers["Location"]).text
    assert "yang belum punya langkah baru" in shown
    assert 'lang="en"' not in shown.partition("<main")[2]


def test_who_holds_a_task_reads_that_its_process_is_held_and_loses_nothing(client, owner, town):
    page = owner.get(at(town))
    owner.post(at(town), page, act="suspend", reason="audit")
    with town.house.reading() as uow:
        waits = uow.upkeep.waits([town.ids["leave"]], only={"tasks"}).tasks
        login = uow.accounts.account_of(waits[0].assignee).login
    reader = client.sign_in(login)
    path = f"/tugas/{waits[0].key}"
    page = reader.get(path)
    assert "Proses sedang ditahan" in page.text
    refused = reader.post(path, page)
    assert refused.status_code in (409, 422)
