from __future__ import annotations

import re

import pytest

from tests.web.town import PASSWORD
from web.pages import has_vendor


def task_page(client, login="sari"):
    key = client.town.tasks(login)[0].key
    return key, client.get(f"/tugas/{key}")


def hidden(page):
    """Hidden values of the task form."""
    _, _, rest = page.text.partition('id="task-form"')
    form = rest.partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: value for name, value in found if "ROW" not in name}


GOOD = {
    "kind": "tahunan",
    "starts": "2026-06-10",
    "days": "2,5",
    "handover": "ya",
    "works-0-_": "1",
    "works-0-title": "Laporan",
    "works-0-left": "40",
    "sure": "true",
}


def test_who_is_not_signed_in_is_sent_to_the_door_and_back(client):
    answer = client.get("/skp?siklus=2026")
    assert answer.status_code == 303
    assert answer.location == "/masuk?next=/skp%3Fsiklus%3D2026"


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", "x"],
)
def test_signing_in_leads_nowhere_but_to_this_site(client, target):
    page = client.get("/masuk")
    answer = client.post(
        "/masuk", page, login=client.town.nip("sari"), password=PASSWORD, next=target
    )
    assert (answer.status_code, answer.location) == (303, "/tugas")


def test_a_nip_may_be_typed_in_groups_and_a_wrong_password_keeps_it(client):
    page = client.get("/masuk")
    answer = client.post("/masuk", page, login="19900101 201504 2 001", password="salah" * 3)
    assert answer.status_code == 401
    assert 'value="19900101 201504 2 001"' in answer.text
    answer = client.post("/masuk", page, login="19900101 201504 2 001", password=PASSWORD)
    assert answer.status_code == 303


def test_every_post_without_its_token_is_refused(client):
    client.sign_in("sari")
    for rule in client.town.app.url_map.iter_rules():
        if "POST" in rule.methods and not rule.rule.startswith(("/api", "/v2")):
            path = re.sub(r"<[^>]+>", "1", rule.rule)
            assert client.http.post(path).status_code == 400, path


def test_the_page_speaks_indonesian_and_on_a_switch_english(client):
    client.sign_in("sari")
    page = client.get("/tugas")
    assert "<h1>Tugas saya</h1>" in page.text
    assert 'lang="id"' in page.text
    answer = client.post("/bahasa", page, locale="en", next="/tugas")
    assert answer.location == "/tugas"
    assert "<h1>My tasks</h1>" in client.get("/tugas").text


def test_an_employee_completes_a_task_without_javascript(client):
    client.sign_in("sari")
    key, page = task_page(client)
    answer = client.post(f"/tugas/{key}", page, **{**hidden(page), **GOOD})
    assert (answer.status_code, answer.location) == (303, "/tugas")
    assert "Selesai: Isi permohonan cuti" in client.get("/tugas").text
    assert client.town.tasks("sari") == []


def test_the_same_post_twice_is_done_once(client):
    client.sign_in("sari")
    key, page = task_page(client)
    sent = {**hidden(page), **GOOD}
    assert client.post(f"/tugas/{key}", page, **sent).status_code == 303
    assert client.post(f"/tugas/{key}", page, **sent).status_code == 303


def test_a_refused_form_links_each_fault_to_its_field_and_keeps_what_was_typed(client):
    client.sign_in("sari")
    key, page = task_page(client)
    wrong = {**GOOD, "days": "99,5", "kind": "sakit", "works-0-title": "", "deputy": "123"}
    answer = client.post(f"/tugas/{key}", page, **{**hidden(page), **wrong})
    assert answer.status_code == 422
    for anchor, text in (
        ("f-days", "Lama (hari) paling besar 12."),
        ("f-illness", "Keterangan sakit harus diisi."),
        ("f-deputy", "NIP pengganti bukan NIP"),
        ("f-works-0-title", "Baris 1: Pekerjaan harus diisi."),
    ):
        assert f'<a href="#{anchor}">{text}' in answer.text
        assert f'id="{anchor}"' in answer.text
    assert 'value="99,5"' in answer.text
    assert 'aria-describedby="f-days-hint f-days-fault1"' in answer.text
    assert len(client.town.tasks("sari")) == 1


def test_a_draft_is_there_when_the_task_is_opened_again(client):
    client.sign_in("sari")
    key, page = task_page(client)
    answer = client.post(f"/tugas/{key}/draf", page, **{**hidden(page), "days": "x3"})
    assert answer.status_code == 303
    assert 'value="x3"' in client.get(f"/tugas/{key}").text


def test_a_row_is_added_without_javascript_and_nothing_typed_is_lost(client):
    client.sign_in("sari")
    key, page = task_page(client)
    answer = client.post(
        f"/tugas/{key}", page, **{**hidden(page), **GOOD, "_add_row": "works", "days": "3,5"}
    )
    assert answer.status_code == 200
    assert 'name="works-1-title"' in answer.text
    assert 'value="3,5"' in answer.text
    assert len(client.town.tasks("sari")) == 1


def test_a_long_inbox_is_paged_without_losing_a_task(client, monkeypatch):
    monkeypatch.setattr("web.screens.inbox.PAGE", 2)
    town = client.town
    for number, due in enumerate([None, "2026-07-01T17:00:00+07:00", None, None]):
        town.start("cuti", person_id=town.ids["sari"], due_at=due, subject=f"Nomor {number}")
    client.sign_in("sari")
    seen, path = [], "/tugas"
    while path:
        page = client.get(path).text
        seen += re.findall(r'href="/tugas/(\d+)"', page)
        more = re.search(r'href="(/tugas\?after=[^"]+)"', page)
        path = more and more[1].replace("&amp;", "&")
    assert sorted(seen) == sorted(str(task.key) for task in town.tasks("sari"))
    assert len(seen) == 5


def test_a_stale_page_says_who_was_faster_and_keeps_what_was_typed(client, town):
    client.sign_in("sari")
    key, page = task_page(client)
    other = {**hidden(page), **GOOD, "idempotency_key": "another"}
    assert client.post(f"/tugas/{key}", page, **other).status_code == 303
    answer = client.post(f"/tugas/{key}", page, **{**hidden(page), **GOOD, "days": "7,5"})
    assert answer.status_code == 409
    assert "Sari Wulandari" in answer.text
    assert "Sudah berubah sementara itu" in answer.text
    assert "7,5" in answer.text


def test_somebody_elses_task_is_not_there(client):
    key = client.town.tasks("sari")[0].key
    client.sign_in("citra")
    assert client.get(f"/tugas/{key}").status_code == 404


def test_the_plan_shows_roles_weights_and_the_index_line_by_line(client):
    client.sign_in("sari")
    page = client.get("/skp").text
    for part in (
        "bersifat saran",
        "100,88",
        "79,28",
        "21,60",
        "Tim Satu Data",
        "Rencana strategis tersusun",
        "19900101 201504 2 001",
        "sesuai ekspektasi",
    ):
        assert part in page


@pytest.mark.parametrize(
    ("login", "status"), [("sari", 200), ("kepala", 200), ("budi", 200), ("tono", 404)]
)
def test_a_plan_is_read_by_those_whom_the_matrix_names(client, login, status):
    client.sign_in(login)
    assert client.get(f"/skp/{client.town.ids['sari']}").status_code == status


@pytest.mark.parametrize(
    ("login", "status"), [("budi", 200), ("kepala", 200), ("citra", 404), ("sari", 404)]
)
def test_a_units_ledger_is_for_its_head_and_those_above(client, login, status):
    client.sign_in(login)
    assert client.get(f"/buku/unit/{client.town.ids['u2']}").status_code == status


def test_a_ledger_shows_rows_points_and_both_units(client):
    client.sign_in("citra")
    page = client.get(f"/buku/{client.town.ids['citra']}").text
    assert "Portal data terpadu" in page
    assert "9,2" in page
    assert "23%" in page


def test_the_attestation_page_shows_evidence_only_to_those_who_may_see_it(client):
    path = f"/tim/{client.town.ids['squad']}/atestasi"
    client.sign_in("budi")
    page = client.get(path).text
    assert "jumlah 100%" in page
    decision = re.search(r"/atestasi/tugas/\d+", page)[0]
    page = client.get(decision).text
    assert "https://data.contoh.go.id/laporan" in page
    assert "Klaim Sari Wulandari" in page
    client.sign_in("citra")
    page = client.get(path)
    assert page.status_code == 200
    assert "/atestasi/tugas/" not in page.text
    assert client.get(decision).status_code == 404
    client.sign_in("tono")
    assert client.get(path).status_code == 404


def test_evidence_leaves_as_an_attachment_that_can_run_nothing(client, tmp_path):
    client.sign_in("sari")
    key, page = task_page(client)
    sent = {**hidden(page), **GOOD, "csrf_token": hidden(page)["csrf_token"]}
    pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    answer = client.http.post(
        f"/tugas/{key}", data={**sent, "letter": (_stream(pdf), "../../Surat sakit.pdf")}
    )
    assert answer.status_code == 303
    with client.town.house.reading() as uow:
        view = client.town.house.runner.view(uow, client.town.ids["leave"])
    (kept,) = view.variables["letter"]
    assert kept["filename"] == "Surat sakit.pdf"
    answer = client.get(f"/bukti/{kept['id']}")
    assert answer.data == pdf
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    client.sign_in("citra")
    assert client.get(f"/bukti/{kept['id']}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.svg", b"<svg/>"),
        ("a.pdf", b"<script>alert(1)</script>"),
        ("a.pdf", b""),
        ("a.png", b"%PDF-1.4\n"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused_and_nothing_is_lost(
    client, name, content
):
    client.sign_in("sari")
    key, page = task_page(client)
    answer = client.http.post(
        f"/tugas/{key}", data={**hidden(page), **GOOD, "letter": (_stream(content), name)}
    )
    assert answer.status_code == 422
    assert 'href="#f-letter"' in answer.text
    assert 'value="2,5"' in answer.text


def _stream(content):
    from io import BytesIO  # noqa: PLC0415 - one use

    return BytesIO(content)


def test_an_instance_reads_as_tables_without_javascript(client):
    client.sign_in("owner")
    page = client.get(f"/proses/{client.town.ids['leave']}").text
    assert "Isi permohonan cuti" in page
    assert ("<noscript>" in page) == has_vendor("bpmn-viewer.min.js")
    assert ("npm" in page) != has_vendor("bpmn-viewer.min.js")
    assert client.get(f"/proses/{client.town.ids['leave']}/gambar").data.startswith(b"<?xml")


@pytest.mark.parametrize(
    ("path", "status"), [("/studio", 404), ("/studio-baru", 404), ("/studio/cuti", 404)]
)
def test_the_studio_is_for_process_owners(client, path, status):
    client.sign_in("sari")
    assert client.get(path).status_code == status
    client.sign_in("owner")
    assert client.get(path).status_code == 200


def test_a_drawing_with_errors_is_kept_as_a_draft_and_not_proposed(client):
    client.sign_in("owner")
    page = client.get("/studio/cuti")
    xml = drawing(page).replace('targetRef="periksa"', 'targetRef="nowhere"')
    answer = client.post("/studio/cuti", page, xml=xml)
    assert (answer.status_code, answer.location) == (303, "/studio/cuti/terbitkan")
    answer = client.get("/studio/cuti/terbitkan")
    assert "nowhere" in answer.text
    assert "tag--bad" in answer.text
    assert 'value="propose"' not in answer.text
    assert "nowhere" in client.get("/studio/cuti").text
    assert "Versi 1 berlaku." in client.get("/studio/cuti").text


def test_a_file_drawn_elsewhere_becomes_the_draft_without_javascript(client):
    client.sign_in("owner")
    page = client.get("/studio/cuti")
    xml = drawing(page).replace("Periksa permohonan", "Telaah permohonan")
    answer = client.http.post(
        "/studio/cuti",
        data={
            "csrf_token": hidden_token(page),
            "file": (_stream(xml.encode()), "cuti.bpmn"),
        },
    )
    assert (answer.status_code, answer.location) == (303, "/studio/cuti/terbitkan")
    assert "Telaah permohonan" in client.get("/studio/cuti").text
    assert "Versi 1 berlaku." in client.get("/studio/cuti").text


def drawing(page):
    from html import unescape  # noqa: PLC0415 - one use

    _, _, rest = page.text.partition('id="xml" hidden>\n')
    return unescape(rest.partition("</textarea>")[0])


def hidden_token(page):
    return re.search('name="csrf_token" value="([^"]+)"', page.text)[1]


def test_a_dispute_names_its_faults_and_is_raised_once(client):
    path = f"/hasil/{client.town.ids['output']}/sengketa"
    client.sign_in("citra")
    page = client.get(path)
    assert "Ajukan sengketa" in page.text
    answer = client.post(path, page, ground=" ", evidence_link="ftp://x", idempotency_key="k1")
    assert answer.status_code == 422
    assert 'href="#ground"' in answer.text
    assert 'value="ftp://x"' in answer.text
    sent = {"ground": "Porsi saya tercatat kurang", "evidence_link": "", "idempotency_key": "k2"}
    assert client.post(path, page, **sent).status_code == 303
    assert client.post(path, page, **sent).status_code == 303
    with client.town.house.reading() as uow:
        assert len(uow.contributions.disputes(client.town.ids["output"])) == 1
    assert client.post(path, page, **{**sent, "idempotency_key": "k3"}).status_code == 409
    client.sign_in("tono")
    assert client.get(path).status_code == 404


def test_an_error_page_tells_its_number_and_no_secret(client):
    client.sign_in("sari")
    answer = client.get("/tidak-ada")
    assert answer.status_code == 404
    assert "Tidak ditemukan" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_labels_and_drawings_cannot_bring_markup_onto_a_page(client):
    town = client.town
    evil = "<img src=x onerror=alert(1)>\"'>"
    town.start(
        "cuti",
        person_id=town.ids["sari"],
        due_at="2026-06-05T17:00:00+07:00",
        subject=evil,
    )
    client.sign_in("sari")
    page = client.get("/tugas").text
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize(("login", "shown"), [("sari", True), ("kepala", True), ("budi", False)])
def test_a_predikat_is_shown_beside_the_plan_only_to_who_may_read_the_rating(client, login, shown):
    client.sign_in(login)
    page = client.get(f"/skp/{client.town.ids['sari']}").text
    assert ("<h2>Predikat</h2>" in page) is shown
