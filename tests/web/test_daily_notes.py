"""The page of daily notes: written on a phone, corrected, read by who may, copied once."""

from __future__ import annotations

import re

import pytest

from tests.web.looking import grave, overflow

NOTE = {"text": "Rapat data", "on_day": "2026-06-01", "from": "07:30", "until": "09:00"}


def item_of(page):
    return re.search(r'<option value="([^"]+)"', page.text).group(1)


def write(client, **changed):
    page = client.get("/catatan")
    values = NOTE | {"item_id": item_of(page), "link": ""} | changed
    return client.post("/catatan", page, **values)


def test_a_note_is_kept_with_one_form_and_stands_under_its_day(client):
    client.sign_in("sari")
    assert write(client).status_code == 303
    page = client.get("/catatan")
    assert "Rapat data" in page.text
    assert "07:30-09:00" in page.text
    assert "Rapat data" in client.get("/e-kinerja").text


def test_the_same_form_sent_twice_keeps_one_note_and_other_words_are_another(client):
    client.sign_in("sari")
    page = client.get("/catatan")
    once = re.search(r'name="once" value="([^"]+)"', page.text).group(1)
    values = NOTE | {"item_id": item_of(page), "once": once}
    for text in ("Rapat data", "Rapat data", "Uji data"):
        assert client.post("/catatan", page, **(values | {"text": text})).status_code == 303
    file = client.get("/catatan?bentuk=csv").text
    assert file.count("Rapat data") == 1
    assert file.count("Uji data") == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("text", ""), ("on_day", "besok"), ("on_day", "2026-06-02"), ("until", "x"), ("link", "x")],
)
def test_what_cannot_stand_is_said_beside_its_field_and_what_was_typed_stays(client, field, value):
    client.sign_in("sari")
    answer = write(client, **{field: value})
    assert answer.status_code == 422
    assert "field--wrong" in answer.text
    if field != "text":
        assert 'value="Rapat data"' in answer.text
    assert "day-2026" not in client.get("/catatan").text


def test_a_note_is_corrected_and_withdrawn_from_the_list(client):
    client.sign_in("sari")
    write(client)
    page = client.get("/catatan")
    note = re.search(r"/catatan/([^/\"]+)/perbaiki", page.text).group(1)
    values = NOTE | {"item_id": item_of(page), "link": "", "text": "Rapat dua"}
    wrong = client.post(f"/catatan/{note}/perbaiki", page, **(values | {"text": ""}))
    assert wrong.status_code == 422
    assert client.post(f"/catatan/{note}/perbaiki", page, **values).status_code == 303
    page = client.get("/catatan")
    assert "Rapat dua" in page.text
    assert "Rapat data" not in page.text
    note = re.search(r"/catatan/([^/\"]+)/tarik", page.text).group(1)
    assert client.post(f"/catatan/{note}/tarik", page).status_code == 303
    assert "Rapat dua" not in client.get("/catatan").text


def test_the_rater_reads_without_a_form_and_a_colleague_does_not(client, town):
    client.sign_in("sari")
    write(client)
    page = client.sign_in("kepala").get(f"/catatan/{town.ids['sari']}")
    assert "Rapat data" in page.text
    assert "<option" not in page.text
    assert f"/catatan/{town.ids['sari']}" in client.get(f"/skp/{town.ids['sari']}").text
    assert client.sign_in("tono").get(f"/catatan/{town.ids['sari']}").status_code == 404
    assert client.sign_in("owner").get("/catatan").status_code == 404


def test_a_squad_lead_reads_what_served_his_squad_and_nothing_else(client, town):
    client.sign_in("sari")
    page = client.get("/catatan")
    items = re.findall(r'<option value="([^"]+)"', page.text)
    with town.house.reading() as uow:
        plan = uow.performance.plan_of(town.ids["sari"], town.ids["cycle"])
        of_squad = {one.id for one in uow.performance.items(plan.id) if one.membership_id}
    assert of_squad
    assert of_squad < set(items)
    for one in items:
        write(client, item_id=one, text="Untuk tim" if one in of_squad else "Untuk biro")
    seen = client.sign_in("budi").get(f"/catatan/{town.ids['sari']}").text
    assert "Untuk tim" in seen
    assert "Untuk biro" not in seen


def test_the_way_there_stands_on_the_work_list_and_on_the_plan(client):
    client.sign_in("sari")
    for path in ("/tugas", "/skp"):
        assert 'href="/catatan' in client.get(path).text


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_a_note_is_written_on_a_phone_and_the_page_has_no_grave_fault(browse, width):
    page = browse("sari", viewport={"width": width, "height": 800})
    page.goto("/catatan")
    page.fill("#new-text", "Rapat data")
    page.locator("#new-text").press("Enter")
    page.wait_for_url("**/catatan*")
    page.get_by_text("Rapat data").first.wait_for()
    page.locator("main details summary").first.click()
    assert overflow(page) == 0
    assert grave(page) == []
