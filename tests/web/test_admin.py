"""Administration without scripts: search, import, roles, calendar, log and its proof."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from flask_babel import force_locale
from openpyxl import load_workbook

from app.passwords import Passwords
from engine.usecases import audit_tags
from engine.usecases.imports.sample import sample_workbook
from engine.usecases.ports.workplace import Pace
from engine.usecases.undertakings import Work
from web.readings.audit_words import ACTS, act_words

SINCE = date(2026, 1, 1)


def empower(town, login, *groups):
    with town.house.writing() as uow:
        for group in groups:
            uow.accounts.grant(town.nip(login), group, SINCE)
        uow.commit()


def work(town):
    """The worker until nothing is due, with quick hashes."""
    return replace(town.wired, hasher=Passwords(memory_kib=8, passes=1)).worker().drain()


def workbook(**cells):
    """The sample with other people than the town's, and some cells changed."""
    book = load_workbook(io.BytesIO(sample_workbook()))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    for old, new in (
                        ("19750512", "19760612"),
                        ("19800315", "19810415"),
                        ("19900101", "19910201"),
                    ):
                        cell.value = cell.value.replace(old, new)
    for place, value in cells.items():
        sheet, cell = place.split("__")
        book[sheet][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def admin(client, town):
    empower(town, "budi", "admin", "perf_admin", "auditor")
    return client.sign_in("budi")


def send(admin, content, name="contoh.xlsx"):
    page = admin.get("/kelola/impor")
    answer = admin.post("/kelola/impor", page, workbook=(io.BytesIO(content), name))
    assert answer.status_code == 303, answer.text
    return answer.location


def agencies(town):
    with town.house.reading() as uow:
        return {agency.code for agency in uow.agency.agencies()}


def test_a_workbook_is_checked_corrected_and_imported_once(admin, town):
    wrong = send(admin, workbook(Jabatan__C4="TIDAK-ADA", Penugasan__F4=""))
    assert "<progress" in admin.get(wrong).text
    work(town)
    page = admin.get(wrong).text
    assert "Jabatan C4" in page
    assert "Penugasan B4" in page
    assert agencies(town) == {"KL"}
    told = admin.get(f"{wrong}?bentuk=csv").text
    assert told.count("\r\n") > 2

    right = send(admin, workbook())
    work(town)
    first = admin.post(right, admin.get(right)).location
    second = admin.post(right, admin.get(right)).location
    assert first == second
    work(town)
    assert agencies(town) == {"KL", "CONTOH"}
    assert "<progress" not in admin.get(first).text
    with town.house.reading() as uow:
        account = uow.accounts.account("198104152005011002")
        assert account.active
        assert uow.accounts.groups(account.login, date(2026, 6, 1)) == {"hr", "perf_admin"}
        last = uow.workplace.undertakings(town.ids["agency"], kinds={Work.IMPORT})
        assert [row.state for row in last] == [Pace.DONE]


def test_what_is_no_workbook_is_refused_at_once_and_a_known_agency_after_the_check(admin, town):
    page = admin.get("/kelola/impor")
    for content in (b"", b"not a workbook"):
        answer = admin.post("/kelola/impor", page, workbook=(io.BytesIO(content), "a.xlsx"))
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
    known = send(admin, workbook(Instansi__A2="KL"))
    work(town)
    page = admin.get(known)
    assert "notice--bad" in page.text
    assert admin.post(known, page).status_code == 409


def test_the_sample_to_download_has_no_error(admin, town):
    sample = admin.get("/kelola/impor/contoh")
    assert sample.status_code == 200
    found = send(admin, workbook())
    work(town)
    with town.house.reading() as uow:
        row = uow.workplace.undertaking(found.rsplit("/", 1)[1])
    assert row.facts["errors"] == 0


def test_a_role_is_given_and_withdrawn_and_nobody_changes_his_own(admin, town):
    nip = town.nip("citra")
    at = f"/kelola/pegawai/{nip}"
    page = admin.get(at)
    assert admin.post(f"{at}/peran", page, group="king").status_code == 422
    assert admin.post(f"{at}/peran", page, group="auditor", **{"from": "2026-06-01"}).location == at
    with town.house.reading() as uow:
        assert uow.accounts.groups(nip, date(2026, 6, 1)) == {"auditor"}
    assert admin.post(f"{at}/cabut", page, group="auditor").location == at
    with town.house.reading() as uow:
        assert uow.accounts.groups(nip, date(2026, 6, 1)) == frozenset()
    own = f"/kelola/pegawai/{town.nip('budi')}"
    assert f"{own}/peran" not in admin.get(own).text
    for act in ("peran", "cabut", "akun", "matikan"):
        assert admin.post(f"{own}/{act}", page, group="hr").status_code == 403


def test_a_first_password_is_said_once_and_opens_the_door(admin, town, client):
    nip = town.nip("tono")
    at = f"/kelola/pegawai/{nip}"
    admin.post(f"{at}/akun", admin.get(at))
    said = admin.get(at).text
    word = re.search(r"notice--good[^>]*>[^<]*: ([\w-]{16})<", said)[1]
    assert word not in admin.get(at).text
    admin.post(f"{at}/matikan", admin.get(at))
    fresh = town.app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', fresh.get("/masuk").text)[1]
    given = {"csrf_token": token, "login": nip, "password": word, "next": "/tugas"}
    assert fresh.post("/masuk", data=given).status_code != 303


def test_a_day_off_is_added_by_letter_and_withdrawn_again(admin, town):
    page = admin.get("/kelola/kalender")
    wanted = {"day": "2026-06-02", "name": "Cuti bersama", "letter_no": "SKB-1", "reason": "SKB"}
    wrong = admin.post("/kelola/kalender", page, **{**wanted, "day": "2026-05-01", "reason": ""})
    assert wrong.status_code == 422
    assert wrong.text.count('aria-invalid="true"') == 2
    assert admin.post("/kelola/kalender", page, **wanted).status_code == 303
    assert admin.post("/kelola/kalender", page, **wanted).status_code == 422
    agency = town.ids["agency"]
    with town.house.reading() as uow:
        assert date(2026, 6, 2) in uow.agency.holidays(agency, SINCE, date(2026, 12, 31))
        assert not uow.agency.holidays("another agency", SINCE, date(2026, 12, 31))
    shown = admin.get("/kelola/kalender").text
    assert "SKB-1" in shown
    back = {"day": "2026-06-02", "letter_no": "SKB-2", "reason": "dibatalkan"}
    assert admin.post("/kelola/kalender/cabut", page, **back).status_code == 303
    with town.house.reading() as uow:
        assert not uow.agency.holidays(agency, SINCE, date(2026, 12, 31))
        changes = uow.administration.changes(agency, SINCE, date(2026, 12, 31))
    assert [row.withdrawn for row in changes] == [True, False]


def test_the_log_is_read_by_act_and_actor_and_proved(admin, town):
    at = f"/kelola/pegawai/{town.nip('citra')}"
    admin.post(f"{at}/peran", admin.get(at), group="hr")

    def granted(query):
        page = admin.get(f"/kelola/audit?{query}").text
        return "<code>account:group:grant</code>" in page

    found = admin.get("/kelola/audit?tindakan=account:group").text
    assert "<strong>Peran diberikan kepada akun</strong>" in found
    assert "<code>account:session:open</code>" not in found
    assert granted(f"pelaku={town.nip('budi')}")
    assert not granted(f"pelaku={town.nip('sari')}")
    assert not granted("sampai=2026-05-31")
    assert admin.get("/kelola/audit?bentuk=xlsx").status_code == 200
    admin.post("/kelola/audit/bukti", admin.get("/kelola/audit"))
    work(town)
    page = admin.get("/kelola/audit").text
    assert "notice--good" in page or "notice--bad" in page


def test_an_export_is_written_in_the_background_and_taken_by_who_may(admin, town, client):
    answer = admin.post("/kelola/ekspor", admin.get("/kelola/kalender"))
    work_id = answer.location.rsplit("/", 1)[1]
    assert admin.get(f"/kelola/ekspor/{work_id}").status_code == 404
    work(town)
    assert f"/kelola/ekspor/{work_id}" in admin.get(answer.location).text
    content = admin.get(f"/kelola/ekspor/{work_id}").data
    assert "Pegawai" in load_workbook(io.BytesIO(content)).sheetnames
    assert client.sign_in("sari").get(f"/kelola/ekspor/{work_id}").status_code == 403


def test_lists_open_for_hr_with_files_and_close_for_others(client, town):
    hr = client.sign_in("kepala")
    for path in ("", "/unit", "/jabatan", "/penilai", "/pegawai", "/peran", "/aturan", "/kalender"):
        assert hr.get(f"/kelola{path}").status_code == 200, path
        if path:
            assert hr.get(f"/kelola{path}?bentuk=csv").mimetype == "text/csv", path
            assert hr.get(f"/kelola{path}?bentuk=xlsx").status_code == 200, path
    assert "Citra Anggraini" in hr.get("/kelola/pegawai?q=citra").text
    assert "Sari Wulandari" not in hr.get("/kelola/pegawai?q=citra").text
    assert hr.get("/kelola/audit").status_code == 403
    assert client.sign_in("sari").get("/kelola").status_code == 403


def test_a_search_finds_what_one_may_see_and_marks_it(client, town):
    hr = client.sign_in("kepala")
    page = hr.get("/cari?q=1992+05+20").text
    assert f"/skp/{town.ids['citra']}" in page
    assert "<mark>19920520</mark>" in page
    assert "<mark>" in hr.get("/cari?q=portal").text
    sari = client.sign_in("sari")
    assert town.ids["tono"] not in sari.get("/cari?q=hartono").text
    assert f"/buku/{town.ids['citra']}" in sari.get("/cari?q=CITRA").text
    assert "/tugas/" in sari.get("/cari?q=cuti").text
    for words in ("", "x", "%", "<script>", "zzzz", "a" * 300):
        answer = sari.http.get("/cari", query_string={"q": words})
        assert answer.status_code == 200
        assert "<script>a" not in answer.text


def test_every_act_that_is_audited_has_words_in_both_languages(town):
    names = {value for name, value in vars(audit_tags).items() if name.isupper()}
    assert names == set(ACTS)
    for language in ("id", "en"):
        with town.app.test_request_context(), force_locale(language):
            words = [act_words(one) for one in names]
        assert len(set(words)) == len(names)
        assert not any(":" in one for one in words)
