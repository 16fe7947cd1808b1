"""What is drafted takes part in the studio before it is published: names, checks, scenarios."""

from __future__ import annotations

import json

import pytest

from engine.usecases.drafting import SaveDraft, save_draft
from engine.usecases.ports.drafts import DraftKind, Subject
from tests.web.conftest import token_of
from tests.web.town import OFFICER

FORM = json.dumps(
    {
        "type": "default",
        "id": "catatan",
        "components": [{"type": "textfield", "id": "f", "key": "alasan", "label": "Alasan"}],
    }
).encode()
STORY = b"""process: cuti
scenarios:
  - name: Only drafted yet
    start: {person_id: sari, due_at: 2026-06-05T17:00:00+07:00, subject: Cuti}
    steps:
      - expect: {ended: false}
"""


def lay(town, kind, subject_id, content):
    subject = Subject(kind, subject_id)
    save_draft(town.house, OFFICER, SaveDraft(subject=subject, content=content))


@pytest.fixture
def owner(client):
    return client.sign_in("owner")


def drawing(town, *changes):
    with town.house.reading() as uow:
        xml = uow.processes.latest_definition("cuti").xml.decode()
    for old, new in changes:
        assert old in xml
        xml = xml.replace(old, new, 1)
    return xml


def checked(owner, xml):
    token = token_of(owner.get("/studio/cuti"))
    return owner.http.post("/studio/cuti/periksa", data={"csrf_token": token, "xml": xml}).text


def test_drafted_forms_are_offered_with_their_fields(owner, town):
    lay(town, DraftKind.FORM, "catatan", FORM)
    found = owner.get("/studio/pilihan.json").json["forms"]
    assert {"value": "catatan", "label": "catatan", "keys": ["alasan"]} in found
    assert [one["value"] for one in found] == sorted({one["value"] for one in found})


def test_a_drawing_may_name_a_form_that_is_only_drafted(owner, town):
    xml = drawing(town, ('formId="cuti"', 'formId="catatan"'))
    assert "tag--bad" in checked(owner, xml) or "tag--wait" in checked(owner, xml)
    lay(town, DraftKind.FORM, "catatan", FORM)
    assert "notice--good" in checked(owner, xml)


def test_faults_of_a_drafted_form_are_told_on_its_own_page(owner, town):
    lay(town, DraftKind.FORM, "catatan", FORM.replace(b'"textfield"', b'"unheard"'))
    xml = drawing(town, ('formId="cuti"', 'formId="catatan"'))
    assert "unheard" not in checked(owner, xml)


def test_drafted_scenarios_are_listed_and_played_with_the_drawing(owner, town):
    lay(town, DraftKind.SCENARIOS, "cuti", STORY)
    page = owner.get("/studio/cuti")
    assert "Only drafted yet" in page.text
    told = owner.post("/studio/cuti/skenario", page, xml=drawing(town))
    assert "tag--good" in told.text


def test_readers_do_not_see_drafted_scenarios(client, town):
    lay(town, DraftKind.SCENARIOS, "cuti", STORY)
    assert "Only drafted yet" not in client.sign_in("kepala").get("/studio/cuti").text


def test_a_way_without_a_name_is_told_by_its_ends(owner, town):
    flow = '<bpmn:sequenceFlow id="f_{}" sourceRef="{}" targetRef="{}"/>'
    ends = (("x", "periksa", "pilih"), ("y", "pilih", "selesai"), ("z", "pilih", "selesai"))
    drawn = "".join(flow.format(*one) for one in ends)
    gate = f'<bpmn:exclusiveGateway id="pilih" name="Panjang?"/>{drawn}</bpmn:process>'
    assert "Panjang? → " in checked(owner, drawing(town, ("</bpmn:process>", gate)))
