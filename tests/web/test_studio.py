"""The studio without a browser: drafts, conflicts, templates, what may be chosen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.runtime.drawing.classes import ELEMENTS, Class
from engine.usecases.operations import registry
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from tests.web.conftest import token_of
from tests.web.returned import returned
from tests.web.town import DAY
from web.operation_results import RESULTS
from web.operation_words import OPERATIONS
from web.people_words import ASKS
from web.studio_words import LINT

CUTI = Subject(DraftKind.PROCESS, "cuti")
STUDIO = Path(__file__).parents[2] / "web" / "studio"


def put(visitor, path, content, **headers):
    token = token_of(visitor.get("/studio/cuti"))
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor.http.put(path, data=content, headers={"X-CSRF-Token": token, **headers})


def test_a_draft_is_saved_with_its_state_and_opened_again(client):
    client.sign_in("owner")
    first = put(client, "/studio/cuti/draf", "<first/>")
    assert first.status_code == 200
    mark = first.json["mark"]
    assert first.headers["ETag"] == f'"{mark}"'
    second = put(client, "/studio/cuti/draf", "<second/>", If_Match=f'"{mark}"')
    assert second.status_code == 200
    assert "&lt;second/&gt;" in client.get("/studio/cuti").text
    assert "&lt;second/&gt;" not in client.get("/studio/cuti?versi=1").text


def test_a_draft_never_covers_what_somebody_else_saved_meanwhile(client, town):
    client.sign_in("owner")
    mark = put(client, "/studio/cuti/draf", "<mine/>").json["mark"]
    stale = put(client, "/studio/cuti/draf", "<theirs/>", If_Match='"gone.1"')
    assert (stale.status_code, stale.json["mark"]) == (409, mark)
    taken = put(client, "/studio/cuti/draf?sisihkan=1", "<theirs/>", If_Match=f'"{mark}"')
    assert taken.status_code == 200
    with town.house.reading() as uow:
        assert uow.drafts.current(CUTI).content == b"<theirs/>"
        assert [row.content for row in uow.drafts.beside(CUTI)] == [b"<mine/>"]


def test_an_empty_or_giant_draft_is_refused(client):
    client.sign_in("owner")
    assert put(client, "/studio/cuti/draf", "").status_code == 422


def test_a_discarded_draft_is_gone_and_one_saved_since_stays(client, town):
    client.sign_in("owner")
    mark = put(client, "/studio/cuti/draf", "<a/>").json["mark"]
    put(client, "/studio/cuti/draf", "<b/>", If_Match=f'"{mark}"')
    page = client.get("/studio/cuti")
    client.post("/studio/cuti/draf/buang", page, mark=mark)
    with town.house.reading() as uow:
        later = uow.drafts.current(CUTI)
    assert later.content == b"<b/>"
    client.post("/studio/cuti/draf/buang", page, mark=later.mark)
    with town.house.reading() as uow:
        assert uow.drafts.current(CUTI) is None


def test_who_may_not_draw_reaches_no_draft_and_no_template(client):
    client.sign_in("sari")
    for path in ("/studio/templat.json", "/studio/pilihan.json"):
        assert client.get(path).status_code == 404


def test_every_registered_operation_has_words_and_a_template_in_indonesian(client):
    names = set(registry._FIRST).union(*registry._ROOMS)
    assert set(OPERATIONS) == names
    client.sign_in("owner")
    found = client.get("/studio/templat.json").json
    assert {template["id"] for template in found} == names | set(ASKS)
    words = {template["id"]: template["name"] for template in found}
    assert words["regu.output.open"] == "Buka pool kredit keluaran"
    assert len(set(words.values())) >= len(words) - 25


def test_names_to_choose_are_those_that_are_published(client):
    client.sign_in("owner")
    found = client.get("/studio/pilihan.json").json
    assert "cuti" in {row["value"] for row in found["processes"]}
    assert "index_band" in {row["value"] for row in found["decisions"]}
    forms = {row["value"]: row["keys"] for row in found["forms"]}
    assert "days" in forms["cuti"]
    assert {"name": "squad lead", "params": ["squad"]} in found["functions"]


def test_the_lint_refuses_what_the_table_of_what_runs_refuses():
    refused = sorted(row.element for row in ELEMENTS if row.given is Class.REFUSED)
    assert json.loads((STUDIO / "refused.json").read_text()) == refused


def test_every_rule_of_the_lint_has_its_sentence():
    built_in = (STUDIO / "built-in-rules.js").read_text()
    own = (STUDIO / "rules.js").read_text().partition("return {\n    runs")[2]
    for rule in LINT:
        quoted = f'"{rule}"' if "-" in rule else f"{rule}:"
        assert quoted in built_in + "runs:" + own, rule


def test_the_names_that_operations_give_are_those_that_they_return():
    given = {name: tuple(sorted(returned(run))) for name, run in registry.OPERATIONS.items()}
    assert {name: names for name, names in given.items() if names} == RESULTS


def begun(client, **typed):
    return client.post("/studio-baru", client.get("/studio-baru"), **typed)


def test_a_new_process_has_an_id_of_its_own_made_of_its_name(client, town):
    client.sign_in("owner")
    answer = begun(client, name="Cuti <besar> & lama", process_id="")
    assert (answer.status_code, answer.location) == (303, "/studio/cuti_besar_lama")
    assert "<h1>Cuti &lt;besar&gt; &amp; lama</h1>" in client.get(answer.location).text
    with town.house.reading() as uow:
        held = uow.drafts.current(Subject(DraftKind.PROCESS, "cuti_besar_lama"))
        found = town.house.runner.check((Resource(name="a.bpmn", content=held.content),), uow)
    assert "invalid-xml" not in {one.code for one in found}


@pytest.mark.parametrize(
    ("name", "process_id", "field"),
    [
        ("Cuti", "", "process_id"),
        ("Cuti", "Cuti", "process_id"),
        ("Cuti", "1cuti", "process_id"),
        ("Cuti", 'x"><script>', "process_id"),
        ("!!!", "", "process_id"),
        ("", "lain", "name"),
        ("n" * 121, "lain", "name"),
    ],
)
def test_an_id_that_is_taken_or_no_id_is_refused_and_what_was_typed_stays(
    client, name, process_id, field
):
    client.sign_in("owner")
    page = begun(client, name=name, process_id=process_id)
    assert page.status_code == 422
    assert f'id="{field}-fault"' in page.text
    assert "<script>" not in page.text
    assert f'value="{name}"' in page.text


def test_two_new_processes_never_share_a_draft(client):
    client.sign_in("owner")
    assert begun(client, name="Cuti besar").status_code == 303
    assert begun(client, name="Cuti besar").status_code == 422
    assert begun(client, name="Cuti kecil").status_code == 303


def test_readers_see_the_published_drawing_and_all_others_nothing(client, town):
    with town.house.writing() as uow:
        uow.accounts.grant(town.nip("tono"), "auditor", DAY)
        uow.commit()
    client.sign_in("owner")
    put(client, "/studio/cuti/draf", "<secret/>")
    client.sign_in("tono")
    page = client.get("/studio/cuti")
    assert page.status_code == 200
    assert "secret" not in page.text
    assert '<form id="publish"' not in page.text
    drawing = client.get("/studio/cuti/gambar")
    assert drawing.mimetype == "application/xml"
    assert drawing.data.startswith(b"<?xml")
    assert client.get("/studio/nothing").status_code == 404
    client.sign_in("sari")
    assert client.get("/studio/cuti").status_code == 404
    assert client.get("/studio/cuti/gambar").status_code == 404
