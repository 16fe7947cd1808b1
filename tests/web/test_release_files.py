"""Releases of decisions and forms on pages: whom they touch, what changed, and the way back."""

from __future__ import annotations

import pytest

from engine.usecases import processes
from engine.usecases.file_versions import versions_of
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from tests.usecases.conftest import MODELER
from tests.usecases.test_release_reach import ASK, DAYS, dmn, form, using
from tests.web.test_releases import WHY, draft, propose

DECISION, FORM = "/keputusan/days/terbitkan", "/formulir/ask/terbitkan"


@pytest.fixture
def office(client, town):
    """A process asks a decision and a form, and runs; its owner is signed in."""
    files = [
        Resource(name="days.dmn", content=dmn()),
        Resource(name="ask.form", content=form()),
        Resource(name="u.bpmn", content=using("U", assignee="=person_id")),
    ]
    processes.deploy(town.house, MODELER, tuple(files))
    town.start("U", person_id=town.ids["sari"], kind="short")
    client.sign_in("owner")
    return town


def test_a_decision_names_the_processes_that_ask_it_and_the_open_tasks_there(client, office):
    draft(office, subject=DAYS, content=dmn("7"))
    page = client.get(DECISION).text
    told = page[page.index('id="terkena"') :]
    assert "Sari Wulandari" in told
    assert ">U<" in told
    assert "nobody is touched" not in told
    kept = client.get(f"{DECISION}?bentuk=csv&tabel=yang-terkena").text
    assert "Sari Wulandari" in kept


def test_a_form_says_that_only_tasks_opened_later_take_it(client, office):
    draft(office, subject=ASK, content=form("Full name"))
    page = client.get(FORM).text
    told = page[page.index('id="terkena"') :]
    assert "berlaku untuk tugas yang dibuka kemudian" in told
    assert "Sari Wulandari" not in told


@pytest.mark.parametrize(
    ("subject", "new", "room"),
    [(DAYS, dmn("7"), "/keputusan/days"), (ASK, form("Full name"), "/formulir/ask")],
)
def test_an_earlier_version_is_found_in_the_list_and_brought_back_by_two_people(
    client, office, subject, new, room
):
    draft(office, subject=subject, content=new)
    first = propose(client, f"{room}/terbitkan").location
    client.sign_in("second")
    client.post(first, client.get(first), act="publish")
    client.sign_in("owner")
    assert f'href="{room}/versi"' in client.get(f"{room}/terbitkan").text
    told = client.get(f"{room}/versi").text
    assert first in told
    back = f"{room}/terbitkan?kembali=1"
    assert f'href="{back}"' in told
    page = client.get(back)
    assert "Kembalikan versi 1" in page.text
    made = client.post(f"{room}/terbitkan", page, act="propose", reason=WHY, kembali="1")
    client.sign_in("second")
    client.post(made.location, client.get(made.location), act="publish")
    with office.house.reading() as uow:
        rows = versions_of(uow, subject)
    assert [row.version for row in rows] == [3, 2, 1]
    assert rows[0].content == rows[2].content != new
    assert client.get(f"{room}/terbitkan?kembali=99").status_code == 404


def test_the_pages_of_a_decision_and_a_form_lead_to_their_versions(client, office):
    for room in ("/keputusan/days", "/formulir/ask"):
        assert f'href="{room}/versi"' in client.get(room).text


def test_a_changed_cell_is_told_with_its_rule_and_its_column(client, office):
    draft(office, subject=DAYS, content=dmn("7").replace(b'"long"', b'"very long"'))
    page = client.get(DECISION).text
    told = page[page.index('id="beda"') : page.index('id="terkena"')]
    assert "Days, aturan 1" in told
    assert "hasil Days: <del>5</del> → <ins>7</ins>" in told
    assert "bila Kind: <del>&#34;long&#34;</del> → <ins>&#34;very long&#34;</ins>" in told


def test_what_a_field_demands_stands_in_words(client, office):
    demanding = form().replace(b'"id": "F1"', b'"validate": {"required": true}, "id": "F1"')
    draft(office, subject=ASK, content=demanding)
    told = client.get(FORM).text
    assert "wajib diisi: <ins>ya</ins>" in told
    assert "&#34;required&#34;" not in told


def test_scenarios_are_named_with_what_was_written_otherwise(client, office):
    subject = Subject(DraftKind.SCENARIOS, "U")
    first = b"""process: U
at: 2026-03-02T08:00:00+07:00
scenarios:
  - name: It begins
    steps:
      - enter: {with: {kind: short, person_id: sari}}
    expect: {completed: false}
"""
    draft(office, subject=subject, content=first)
    draft(office, subject=Subject(DraftKind.PROCESS, "U"), content=using("U", assignee="=who"))
    told = client.get("/studio/U/terbitkan").text
    assert "It begins" in told[told.index('id="beda"') :]
