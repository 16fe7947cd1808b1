"""The form editor without scripts: drafts, findings in the author's words, a still preview."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.usecases.form_uses import form_uses
from engine.usecases.host_functions import ALL_SIGNATURES
from engine.usecases.ports.drafts import DraftKind, Subject
from forms.adapter import FormAdapter
from forms.reader import FormFaults, read_form
from forms.sample import sample
from forms.schema_faults import SENTENCES
from tests.web.conftest import token_of
from tests.web.town import DAY
from web.form_words import TYPES

CUTI = Subject(DraftKind.FORM, "cuti")
LIBRARY = sorted((Path(__file__).parents[2] / "forms" / "library").glob("*.form"))
#: names that would run if a page put them in as they are
HOSTILE = (
    "<script>window.hacked=1</script>",
    "<img src=x onerror='window.hacked=1'>",
    '"><svg onload=window.hacked=1>',
    "[baca](javascript:window.hacked=1)",
    "</textarea><script>window.hacked=1</script>",
    "{{ 7*7 }} ${7*7}",
)


def a_form(*components, form_id="cuti", **more):
    return json.dumps({"type": "default", "id": form_id, "components": components, **more})


def field(key="nama", **more):
    return {"type": "textfield", "id": f"f_{key}", "key": key, "label": key.title(), **more}


def asked(client, path, schema, **values):
    page = client.get("/formulir/cuti")
    return client.post(f"/formulir/cuti/{path}", page, schema=schema, **values)


def test_the_page_shows_the_version_in_force_and_where_it_is_used(client):
    client.sign_in("owner")
    page = client.get("/formulir/cuti")
    assert page.status_code == 200
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "/studio/cuti" in page.text
    assert "/formulir/cuti/pratinjau?bahasa=en" in page.text


def test_a_draft_is_saved_with_its_state_and_another_one_is_never_covered(client, town):
    client.sign_in("owner")
    token = token_of(client.get("/formulir/cuti"))
    first = client.http.put("/formulir/cuti/draf", data="{}", headers={"X-CSRF-Token": token})
    assert (first.status_code, first.headers["ETag"]) == (200, f'"{first.json["mark"]}"')
    stale = client.http.put("/formulir/cuti/draf", data="[]", headers={"X-CSRF-Token": token})
    assert (stale.status_code, stale.json["mark"]) == (409, first.json["mark"])
    with town.house.reading() as uow:
        assert uow.drafts.current(CUTI).content == b"{}"


def test_without_scripts_the_text_is_saved_and_a_conflict_is_kept_beside(client, town):
    client.sign_in("owner")
    page = client.get("/formulir/cuti")
    client.post("/formulir/cuti", page, schema=a_form(field()), draft_mark="")
    late = client.post("/formulir/cuti", page, schema=a_form(field("lain")), draft_mark="")
    assert "draf=" in late.headers["Location"]
    with town.house.reading() as uow:
        assert uow.drafts.current(CUTI).content.decode() == a_form(field())
        assert [row.content.decode() for row in uow.drafts.beside(CUTI)] == [a_form(field("lain"))]
    assert "f_nama" in client.get("/formulir/cuti").text
    assert "f_nama" not in client.get("/formulir/cuti?versi=1").text


def test_a_discarded_draft_is_gone_and_the_version_in_force_is_there_again(client, town):
    client.sign_in("owner")
    page = client.get("/formulir/cuti")
    client.post("/formulir/cuti", page, schema=a_form(field()), draft_mark="")
    with town.house.reading() as uow:
        mark = uow.drafts.current(CUTI).mark
    assert client.post("/formulir/cuti/draf/buang", page, mark=mark).status_code == 303
    assert "f_nama" not in client.get("/formulir/cuti").text


def test_a_new_form_has_its_own_name_and_id(client, town):
    client.sign_in("owner")
    page = client.get("/formulir-baru")
    wrong = client.post("/formulir-baru", page, name="", form_id="Dua Kata")
    assert wrong.status_code == 422
    assert wrong.text.count("field__fault") == 2
    taken = client.post("/formulir-baru", page, name="Cuti", form_id="cuti")
    assert taken.status_code == 422
    made = client.post("/formulir-baru", page, name="Izin <b>lembur</b>", form_id="izin_lembur")
    assert made.headers["Location"].endswith("/formulir/izin_lembur")
    opened = client.get("/formulir/izin_lembur")
    assert "<h1>Izin &lt;b&gt;lembur&lt;/b&gt;</h1>" in opened.text
    with town.house.reading() as uow:
        content = uow.drafts.current(Subject(DraftKind.FORM, "izin_lembur")).content
    assert read_form(content).id == "izin_lembur"


def test_findings_name_the_field_in_the_authors_language(client):
    client.sign_in("owner")
    bad = a_form(field(), field(), {"type": "html", "id": "h1"}, field("x", label=""))
    found = asked(client, "periksa", bad).text
    assert 'data-element="f_nama"' in found
    assert "dipakai dua kali" in found
    assert "jenis &#39;html&#39; tidak didukung".casefold() in found.casefold()
    assert "Belum ada label" in found


def test_what_the_version_in_force_gives_and_the_draft_does_not_is_told(client, town):
    client.sign_in("owner")
    with town.house.reading() as uow:
        keys = [one.key for one in read_form(uow.processes.latest_form("cuti").schema).valued()]
    found = asked(client, "periksa", a_form(field("baru"))).text
    assert f"“{keys[0]}”" in found
    assert "tag--bad" not in found
    other = asked(client, "periksa", a_form(field(), form_id="lain")).text
    assert "tag--bad" in other


def test_the_preview_is_made_by_the_real_renderer_in_either_language(client):
    client.sign_in("owner")
    schema = a_form(field(properties={"regu:label.en": "Full name"}, validate={"required": True}))
    for language, label in (("id", "Nama"), ("en", "Full name")):
        answer = asked(client, "pratinjau", schema, bahasa=language)
        assert f'<html lang="{language}">' in answer.text
        assert f'<label for="f-nama">{label}' in answer.text


def test_a_preview_sent_empty_shows_the_servers_own_messages(client):
    client.sign_in("owner")
    schema = a_form(field(validate={"required": True}))
    told = asked(client, "pratinjau", schema, bahasa="id", sent="1").text
    assert "Nama harus diisi." in told
    english = asked(client, "pratinjau", schema, bahasa="en", sent="1").text
    assert "Nama must be filled in." in english
    right = asked(client, "pratinjau", schema, sent="1", typed="nama=Sari").text
    assert "&#34;nama&#34;: &#34;Sari&#34;" in right


def test_in_a_preview_nothing_runs_nothing_posts_and_only_we_frame_it(client):
    client.sign_in("owner")
    page = client.get("/formulir/cuti/pratinjau?bahasa=id&keadaan=kosong")
    policy = page.headers["Content-Security-Policy"]
    assert "sandbox allow-same-origin;" in policy
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "<form" not in page.text
    assert "<script" not in page.text


def test_brought_data_takes_the_place_of_what_is_invented(client):
    client.sign_in("owner")
    schema = a_form(field(readonly=True))
    assert "Contoh 1: nama" in asked(client, "pratinjau", schema).text
    told = asked(client, "pratinjau", schema, brought='{"nama": "Sari Wulandari"}').text
    assert "Sari Wulandari" in told
    assert "Contoh 1: nama" in asked(client, "pratinjau", schema, brought="{").text


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_text_on_every_page(client, words):
    client.sign_in("owner")
    option = {"value": "a", "label": words}
    schema = a_form(
        field(label=words, description=words, properties={"regu:label.en": words}),
        {"type": "text", "id": "t", "text": words},
        {"type": "radio", "id": "r", "key": "r", "label": words, "values": [option]},
        properties={"regu:name": words},
    )
    client.post("/formulir/cuti", client.get("/formulir/cuti"), schema=schema, draft_mark="")
    pages = [client.get("/formulir/cuti"), *(asked(client, "periksa", schema),)]
    pages += [asked(client, "pratinjau", schema, sent="1", bahasa=one) for one in ("id", "en")]
    for page in pages:
        for piece in ("<script>window", "<img src=x", "<svg onload", 'href="javascript'):
            assert piece not in page.text


def test_who_may_only_read_sees_the_version_in_force_and_others_see_nothing(client, town):
    client.sign_in("owner")
    client.post(
        "/formulir/cuti",
        client.get("/formulir/cuti"),
        schema=a_form(field("rahasia")),
        draft_mark="",
    )
    client.sign_in("sari")
    for path in ("/formulir/cuti", "/formulir/cuti/pratinjau", "/formulir/tiada"):
        assert client.get(path).status_code == 404
    assert client.get("/formulir-baru").status_code == 404


def test_a_form_that_is_not_there_is_not_found(client):
    client.sign_in("owner")
    assert client.get("/formulir/tiada").status_code == 404


def test_every_shipped_form_is_previewed_with_invented_data(client):
    client.sign_in("owner")
    page = client.get("/formulir/cuti")
    for path in LIBRARY:
        schema = path.read_text()
        told = client.post("/formulir/cuti/pratinjau", page, schema=schema, sent="1").text
        assert "preview__page" in told, path.stem
        assert "f-" in told, path.stem
        # rows that nobody touched come back as they were asked
        assert "muat ulang halaman" not in told, path.stem


def test_a_sample_holds_every_value_that_a_person_cannot_give():
    adapter = FormAdapter(frozenset(ALL_SIGNATURES))
    for path in LIBRARY:
        form = adapter.compiled(path.read_bytes()).form
        missing = {one.key for one in form.valued() if one.read_only} - sample(form).keys()
        assert missing == set(), path.stem


def test_every_fault_has_a_sentence_in_both_languages_with_the_same_facts():
    facts = {name: name for name in ("name", "given", "most", "detail", "number", "kind", "key")}
    for english, indonesian in SENTENCES.values():
        used = [name for name in facts if f"{{{name}" in english]
        assert used == [name for name in facts if f"{{{name}" in indonesian]
        assert english.format(**facts) != indonesian.format(**facts)


def test_a_fault_knows_its_component():
    with pytest.raises(FormFaults) as refused:
        read_form(a_form(field(validate={"min": 1})).encode())
    assert [(one.code, one.element_id) for one in refused.value.faults] == [
        ("limits-not-number", "f_nama")
    ]


def test_every_supported_type_has_a_name():
    from forms.components import KINDS  # noqa: PLC0415 - of this test alone

    assert set(TYPES) == {*KINDS, "default"}


def test_a_step_that_is_only_drafted_is_named_among_the_uses(client, town):
    client.sign_in("owner")
    page = client.get("/formulir-baru")
    client.post("/formulir-baru", page, name="Izin", form_id="izin")
    assert "Belum di mana pun." in client.get("/formulir/izin").text
    with town.house.reading() as uow:
        drawing = uow.processes.latest_definition("cuti").xml.decode()
    token = token_of(page)
    drafted = drawing.replace('formId="cuti"', 'formId="izin"', 1)
    assert drafted != drawing
    client.http.put("/studio/cuti/draf", data=drafted, headers={"X-CSRF-Token": token})
    uses = form_uses(town.house, town.actor("owner"), "izin")
    assert [(use.process_id, use.drafted) for use in uses] == [("cuti", True)]
    assert "tag--wait" in client.get("/formulir/izin").text


def test_a_reader_sees_the_version_in_force_and_never_the_draft(client, town):
    client.sign_in("owner")
    page = client.get("/formulir/cuti")
    client.post("/formulir/cuti", page, schema=a_form(field("rahasia")), draft_mark="")
    with town.house.writing() as uow:
        uow.accounts.grant(town.nip("sari"), "perf_admin", DAY)
        uow.commit()
    client.sign_in("sari")
    seen = client.get("/formulir/cuti")
    assert seen.status_code == 200
    assert "rahasia" not in seen.text
    assert "studio-forms.js" not in seen.text
    assert "rahasia" not in client.get("/formulir/cuti/pratinjau?bahasa=en").text
    token = token_of(seen)
    sent = client.http.put("/formulir/cuti/draf", data="{}", headers={"X-CSRF-Token": token})
    assert sent.status_code == 403
