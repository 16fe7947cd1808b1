"""What people do with a task together, without JavaScript and in a browser."""

from __future__ import annotations

import io
import json
import re

import pytest
import sqlalchemy as sa

from engine.persistence.tables.remarks import remark
from engine.usecases.ports.process import Resource
from engine.usecases.ports.search import TaskQuery
from tests.persistence.counting import counted
from tests.usecases.test_reassigning import HEAD
from tests.usecases.test_together import FORM, WITH_FORM
from tests.web.looking import grave, overflow
from tests.web.town import OFFICER


def task_of(town, login):
    return town.tasks(login)[0]


def draw(town, **properties):
    """A process of one task for the people of hr, with a form."""
    form = json.dumps(FORM | {"properties": properties}).encode()
    drawing = HEAD.replace("{who}", WITH_FORM.replace("perf_admin", "hr")).encode()
    files = (
        Resource(name="yes.form", content=form),
        Resource(name="asking.bpmn", content=drawing),
    )
    with town.house.writing() as uow:
        town.house.runner.deploy(uow, files, OFFICER)
        uow.commit()


def waiting(town):
    with town.house.reading() as uow:
        query = TaskQuery(agency_id=town.ids["agency"], process_id="asking")
        return uow.search.tasks(query, limit=50)


@pytest.fixture
def sari(client):
    return client.sign_in("sari")


def test_a_task_is_lent_out_filled_in_and_sent_by_its_owner(client):
    town = client.town
    key = task_of(town, "sari").key
    sari = client.sign_in("sari")
    page = sari.get(f"/tugas/{key}")
    assert "Minta orang lain mengerjakan" in page.text
    answer = sari.post(f"/tugas/{key}/titip", page, delegate=town.nip("tono"))
    assert answer.status_code == 303
    inbox = sari.get("/tugas").text
    assert "Dikerjakan orang lain untuk Anda" in inbox
    assert "Tono Hartono" in inbox
    tono = client.sign_in("tono")
    page = tono.get(f"/tugas/{key}")
    assert "Serahkan kembali kepada Sari Wulandari" in page.text
    refused = tono.post(f"/tugas/{key}", page, days="2")
    assert refused.status_code in (409, 422)
    back = tono.post(f"/tugas/{key}/kembali", page, _draft="", days="3")
    assert back.status_code == 303
    assert tono.get(f"/tugas/{key}").status_code == 404
    page = client.sign_in("sari").get(f"/tugas/{key}")
    assert 'value="3"' in page.text
    assert "Tugas Anda sudah diserahkan kembali" in client.get("/pemberitahuan").text


def test_a_refused_delegate_is_told_why(sari):
    key = task_of(sari.town, "sari").key
    page = sari.get(f"/tugas/{key}")
    own = (sari.town.nip("sari"), "sudah tugas Anda")
    for nip, words in (own, ("1", "Tidak ada pegawai aktif seperti itu.")):
        sari.post(f"/tugas/{key}/titip", page, delegate=nip)
        assert words in sari.get(f"/tugas/{key}").text


def test_a_remark_with_a_file_is_read_by_who_takes_part(sari):
    town = sari.town
    key = task_of(town, "sari").key
    page = sari.get(f"/tugas/{key}")
    file = (io.BytesIO(b"catatan rapat"), "rapat.txt")
    sari.post(f"/tugas/{key}/catatan", page, text="Mohon <b>dilihat</b>", file=file)
    page = sari.get(f"/tugas/{key}")
    assert "Mohon &lt;b&gt;dilihat&lt;/b&gt;" in page.text
    place = re.search(r'href="(/lampiran/[^"]+)"', page.text).group(1)
    kept = sari.get(place)
    assert kept.data == b"catatan rapat"
    assert "attachment" in kept.headers["Content-Disposition"]
    instance = task_of(town, "sari").instance_key
    assert "rapat.txt" in sari.get(f"/proses/{instance}/catatan").text
    sari.post(f"/tugas/{key}/catatan", page, text=" ")
    assert "harus diisi" in sari.get(f"/tugas/{key}").text.lower()
    tono = sari.sign_in("tono")
    for path in (f"/proses/{instance}/catatan", place):
        assert tono.get(path).status_code == 404


def test_who_follows_is_told_when_it_is_done(sari):
    town = sari.town
    key = task_of(town, "sari").key
    page = sari.get(f"/tugas/{key}")
    sari.post(f"/tugas/{key}/ikuti", page, follow="1")
    page = sari.get(f"/tugas/{key}")
    assert "Berhenti mengikuti" in page.text
    sari.post(f"/tugas/{key}/ikuti", page, follow="0")
    assert "Beri tahu saya bila selesai" in sari.get(f"/tugas/{key}").text


def test_the_holder_keeps_a_day_to_look_again_and_may_not_move_the_due_date(sari):
    town = sari.town
    key = task_of(town, "sari").key
    page = sari.get(f"/tugas/{key}")
    assert 'name="due_at"' not in page.text
    sari.post(f"/tugas/{key}/jadwal", page, follow_up_at="2026-06-04")
    assert 'value="2026-06-04"' in sari.get(f"/tugas/{key}").text
    refused = sari.post(f"/tugas/{key}/jadwal", page, due_at="2026-07-01T10:00")
    assert refused.status_code == 403
    sari.post(f"/tugas/{key}/jadwal", page, follow_up_at="kapan-kapan")
    assert "Pilih hari dan jam" in sari.get(f"/tugas/{key}").text


def test_ticked_tasks_are_taken_and_completed_together_and_what_stays_says_why(client):
    town = client.town
    draw(town, **{"regu:bulk": True})
    for _ in range(3):
        town.start("asking")
    keys = [str(task.key) for task in waiting(town)]
    head = client.sign_in("kepala")
    page = head.get("/tugas")
    assert "Ambil" in page.text
    head.post("/tugas/bersama", page, act="claim", task=keys)
    assert "Selesai: 3 tugas" in head.get("/tugas").text
    answer = head.post("/tugas/bersama", page, act="complete", task=[*keys, "12"])
    assert answer.status_code == 200
    assert "0 selesai, 4 tetap" in answer.text
    assert "bukan tugas Anda" in answer.text
    head.post("/tugas/bersama", page, act="claim")
    assert "Pilih" in head.get("/tugas").text


def test_a_filter_is_shared_by_who_may_and_used_by_others(client):
    head = client.sign_in("kepala")
    page = head.get("/tugas?batas=lewat")
    head.post("/tugas/saringan", page, query="batas=lewat", name="Terlambat semua")
    page = head.get("/tugas")
    place = re.search(r'action="(/tugas/saringan/[^"]+/bagikan)"', page.text).group(1)
    head.post(place, page, shared="agency")
    assert "Terlambat semua" in client.sign_in("sari").get("/tugas").text
    assert "Dibagikan kepada Anda" in client.get("/tugas").text
    assert client.post(place, client.get("/tugas"), shared="").status_code == 403


def test_the_task_and_the_inbox_cost_the_same_statements_for_one_and_for_many(sari):
    town = sari.town
    task = task_of(town, "sari")
    sari.post(f"/tugas/{task.key}/catatan", sari.get(f"/tugas/{task.key}"), text="satu")
    found = []
    for _ in range(2):
        with counted(town.wired.database.reading) as statements:
            sari.get(f"/tugas/{task.key}")
        found.append(len([text for text in statements.texts if "clock.pinned_at" not in text]))
        with town.wired.database.writing.begin() as connection:
            [row] = connection.execute(sa.select(remark).limit(1)).mappings()
            rows = [dict(row) | {"id": town.house.ids.uuid()} for _ in range(40)]
            connection.execute(remark.insert(), rows)
    assert found[0] == found[1]
    assert found[0] <= 60


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_panel_works_at_every_width_and_without_scripts(browse, town, width):
    key = task_of(town, "sari").key
    view = {"width": width, "height": 900}
    page = browse("sari", java_script_enabled=False, viewport=view)
    page.goto(f"/tugas/{key}")
    page.get_by_text("Tulis catatan").click()
    page.get_by_label("Catatan Anda").fill("Sudah saya periksa")
    page.get_by_role("button", name="Kirim catatan").click()
    page.get_by_text("Sudah saya periksa").wait_for()
    page.get_by_text("Minta orang lain mengerjakan").click()
    page.get_by_label("NIP yang mengerjakan").fill(town.nip("tono"))
    page.get_by_role("button", name="Minta", exact=True).click()
    page.get_by_role("heading", name="Dikerjakan orang lain untuk Anda").wait_for()
    looked = browse("sari", viewport=view)
    for path in (f"/tugas/{key}", "/tugas", f"/proses/{town.ids['leave']}/catatan"):
        looked.goto(path)
        assert overflow(looked) <= 0, path
        assert grave(looked) == [], path
