"""The studio without a browser: drafts, conflicts, templates, what may be chosen."""

from __future__ import annotations

import json
from pathlib import Path

from engine.runtime.drawing.classes import ELEMENTS, Class
from engine.usecases.operations import registry
from tests.web.conftest import token_of
from web.operation_words import OPERATIONS
from web.studio_words import LINT

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
        assert uow.drafts.current("cuti").content == b"<theirs/>"
        assert [row.content for row in uow.drafts.beside("cuti")] == [b"<mine/>"]


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
        later = uow.drafts.current("cuti")
    assert later.content == b"<b/>"
    client.post("/studio/cuti/draf/buang", page, mark=later.mark)
    with town.house.reading() as uow:
        assert uow.drafts.current("cuti") is None


def test_who_may_not_draw_reaches_no_draft_and_no_template(client):
    client.sign_in("sari")
    for path in ("/studio/templat.json", "/studio/pilihan.json"):
        assert client.get(path).status_code == 403


def test_every_registered_operation_has_words_and_a_template_in_indonesian(client):
    names = set(registry._FIRST).union(*registry._ROOMS)
    assert set(OPERATIONS) == names
    client.sign_in("owner")
    found = client.get("/studio/templat.json").json
    assert {template["id"] for template in found} == names
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
