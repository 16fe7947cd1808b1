"""The list of steps without scripts: reading, every edit, conflicts, taking back."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from engine.steplist.faults import REASONS
from engine.steplist.outline import outline
from engine.steplist.paper import Paper
from engine.usecases.drafting import SaveDraft, save_draft
from engine.usecases.ports.drafts import DraftKind, Subject
from web.step_words import REFUSED

CUTI = Subject(DraftKind.PROCESS, "cuti")
PAGE = "/studio/cuti/langkah"


@pytest.fixture
def owner(client):
    return client.sign_in("owner")


def state(page):
    """What the forms of the page say about the drawing that is seen."""
    found = {}
    for name in ("mark", "base", "undo"):
        given = re.search(rf'name="{name}" value="([^"]*)"', page.text)
        found[name] = given.group(1) if given else ""
    return found


def edit(visitor, step, do, *, page=None, **more):
    page = page or visitor.get(f"{PAGE}?ubah={step}")
    return visitor.post(PAGE, page, do=do, step=step, **state(page), **more)


def edited(visitor, step, do, **more):
    """The page after an edit that is made."""
    answer = edit(visitor, step, do, **more)
    assert answer.status_code == 303, answer.text
    return visitor.get(answer.location)


def draft(town):
    with town.house.reading() as uow:
        return uow.drafts.current(CUTI)


def drawn(town):
    return outline(Paper.read(draft(town).content))


def test_the_steps_are_listed_with_who_form_and_deadline(owner):
    page = owner.get(PAGE)
    assert page.status_code == 200
    items = re.findall(r'<li class="step"[^>]*id="langkah-([^"]+)"', page.text)
    assert items == ["mulai", "isi", "periksa", "selesai"]
    assert "=person_id" in page.text
    assert "=due_at" in page.text
    assert page.text.count("<h1>") == 1


def test_a_changed_step_becomes_a_draft_and_the_rest_keeps_its_bytes(owner, town):
    before = owner.get("/studio/cuti").status_code
    assert before == 200
    page = edited(owner, "periksa", "say", name="Telaah", group=["hr", "auditor"], groups_other="")
    step = drawn(town).steps["periksa"]
    assert (step.name, step.facts.groups) == ("Telaah", "hr,auditor")
    assert "Telaah" in page.text
    with town.house.reading() as uow:
        old = uow.processes.definition_versions("cuti")[0].xml.decode().splitlines()
    new = draft(town).content.decode().splitlines()
    assert [one for one in old if one not in new] == [
        '    <bpmn:userTask id="periksa" name="Periksa permohonan">',
        '        <zeebe:assignmentDefinition candidateGroups="hr" />',
    ]


def test_saving_what_is_there_changes_nothing(owner, town):
    edited(
        owner, "periksa", "say", name="Periksa permohonan", group="hr", groups_now="hr", about=""
    )
    assert draft(town) is None


def test_the_last_edit_is_taken_back_to_the_version_and_to_the_draft(owner, town):
    page = edited(owner, "isi", "say", name="Satu")
    again = owner.post(PAGE, page, do="undo", **state(page))
    assert again.status_code == 303
    assert draft(town) is None
    edited(owner, "isi", "say", name="Satu")
    first = draft(town).content
    page = edited(owner, "isi", "say", name="Dua")
    edited(
        owner,
        "isi",
        "say",
        page=owner.get(f"{PAGE}?ubah=isi&undo={state(page)['undo']}"),
        name="Tiga",
    )
    page = edited(owner, "isi", "say", name="Empat")
    owner.post(PAGE, page, do="undo", **state(page))
    assert drawn(town).steps["isi"].name == "Tiga"
    assert first != draft(town).content


def test_only_one_copy_is_kept_for_taking_back(owner, town):
    page = edited(owner, "isi", "say", name="Langkah 0")
    for number in range(1, 4):
        opened = owner.get(f"{PAGE}?ubah=isi&undo={state(page)['undo']}")
        page = edited(owner, "isi", "say", page=opened, name=f"Langkah {number}")
    with town.house.reading() as uow:
        assert len(uow.drafts.beside(CUTI)) == 1


def test_steps_are_added_moved_led_on_and_removed(owner, town):
    page = edited(owner, "isi", "add", kind="userTask", new_name="Setujui")
    assert 'id="langkah-setujui"' in page.text
    assert list(drawn(town).numbers) == ["mulai", "isi", "setujui", "periksa", "selesai"]
    edited(owner, "setujui", "down")
    assert list(drawn(town).numbers) == ["mulai", "isi", "periksa", "setujui", "selesai"]
    edited(
        owner,
        "isi",
        "add",
        kind="exclusiveGateway",
        new_name="Lama?",
        condition="days > 5",
        way_name="ya",
        way_to="+task",
        way_step="Minta izin kepala",
    )
    choice = drawn(town).steps["lama"]
    assert [way.condition for way in choice.ways] == ["", "=days > 5"]
    edited(owner, "minta_izin_kepala", "join", target="selesai")
    assert drawn(town).steps["minta_izin_kepala"].ways[0].target == "selesai"
    edited(owner, "setujui", "remove")
    assert "setujui" not in drawn(town).steps


def test_ways_get_names_conditions_and_a_default(owner, town):
    edited(
        owner,
        "isi",
        "add",
        kind="exclusiveGateway",
        new_name="Lama?",
        condition="days > 5",
        way_to="+end",
        way_step="Ditolak",
    )
    first, second = drawn(town).steps["lama"].ways
    refused = edit(
        owner,
        "lama",
        "ways",
        way=[first.flow_id, second.flow_id],
        way_named=["", ""],
        way_condition=["", ""],
        default=first.flow_id,
    )
    assert refused.status_code == 422
    assert f'href="#f-way-{second.flow_id}"' in refused.text
    edited(
        owner,
        "lama",
        "ways",
        way=[first.flow_id, second.flow_id],
        way_named=["biasa", "lama"],
        way_condition=["days <= 5", "ignored"],
        default=second.flow_id,
    )
    first, second = drawn(town).steps["lama"].ways
    assert (first.name, first.condition, first.default) == ("biasa", "=days <= 5", False)
    assert (second.condition, second.default) == ("", True)


def test_feel_that_cannot_be_read_is_refused_and_what_was_typed_stays(owner, town):
    answer = edit(owner, "isi", "say", due="=add working days(", name="Isi baru")
    assert answer.status_code == 422
    assert 'href="#f-due"' in answer.text
    assert 'value="=add working days("' in answer.text
    assert 'value="Isi baru"' in answer.text
    assert draft(town) is None


def test_an_edit_of_what_somebody_changed_meanwhile_is_offered_again_and_never_lost(owner, town):
    page = owner.get(f"{PAGE}?ubah=isi")
    with town.house.reading() as uow:
        theirs = uow.processes.definition_versions("cuti")[0].xml.replace(b"Periksa", b"Cermati")
    other = SaveDraft(subject=CUTI, content=theirs)
    save_draft(town.house, town.actor("owner"), other)
    answer = edit(owner, "isi", "say", page=page, name="Isi dengan teliti")
    assert answer.status_code == 409
    assert draft(town).content == theirs
    assert "Cermati permohonan" in answer.text
    assert 'name="name" value="Isi dengan teliti"' in answer.text
    again = owner.post(
        PAGE, answer, do="say", step="isi", name="Isi dengan teliti", **state(answer)
    )
    assert again.status_code == 303
    steps = drawn(town).steps
    assert (steps["isi"].name, steps["periksa"].name) == ("Isi dengan teliti", "Cermati permohonan")


def test_findings_stand_beside_the_list_and_lead_to_their_step(owner):
    page = edited(owner, "periksa", "say", form="tidak_ada")
    assert re.search(r'<a href="#langkah-periksa">3\. Periksa permohonan</a>', page.text)


def test_a_drawing_that_cannot_be_read_is_said_kindly(owner, town):
    save_draft(town.house, town.actor("owner"), SaveDraft(subject=CUTI, content=b"<x/>"))
    assert owner.get(PAGE).status_code == 200
    assert edit(owner, "isi", "remove").status_code in {409, 422}


def test_hostile_names_are_text_and_nothing_else(owner):
    evil = "</textarea><img src=x onerror=alert(1)>"
    page = edited(owner, "isi", "say", name=evil, about=evil)
    opened = owner.get(f"{PAGE}?ubah=isi")
    for shown in (page, opened):
        assert "<img src=x" not in shown.text
        etree.fromstring(shown.data, etree.HTMLParser(recover=False, huge_tree=True), base_url=None)


def test_who_may_not_draw_reads_the_version_only_or_nothing(client, town):
    client.sign_in("owner")
    edited(client, "isi", "say", name="Rahasia draf")
    client.sign_in("sari")
    assert client.get(PAGE).status_code == 404
    assert client.get("/studio/tidak-ada/langkah").status_code == 404


def test_every_reason_of_a_refusal_has_words():
    assert set(REFUSED) == REASONS
