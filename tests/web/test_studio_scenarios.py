"""Scenarios in the studio: listed, played on demand, and in the way of what breaks them."""

from __future__ import annotations

import pytest

from engine.usecases.ports.process import Resource
from engine.usecases.processes import deploy
from tests.web.town import OFFICER

STORY = b"""process: cuti
scenarios:
  - name: The head decides
    start: {person_id: sari, due_at: 2026-06-05T17:00:00+07:00, subject: Cuti}
    steps:
      - expect: {ended: false}
      - expect: {never: [nowhere]}
"""
BROKEN = STORY.replace(b"ended: false", b"ended: true")
PLACE = "/studio/cuti"
WHY = "The step has a clearer name now."


@pytest.fixture
def told(client, town):
    """The owner's browser, and a story kept with the drawing."""
    deploy(town.house, OFFICER, (Resource(name="cuti.scenarios.yaml", content=STORY),))
    return client.sign_in("owner")


def broken(town):
    reason = "The story is written anew tomorrow."
    story = Resource(name="cuti.scenarios.yaml", content=BROKEN)
    deploy(town.house, OFFICER, (story,), reason=reason)


def drawing(town):
    with town.house.reading() as uow:
        xml = uow.processes.latest_definition("cuti").xml.decode()
    return xml.replace("</bpmn:process>", "<!-- anew --></bpmn:process>")


def test_the_scenarios_of_a_process_are_listed(told):
    page = told.get(PLACE).text
    assert "The head decides" in page
    assert "cuti.scenarios.yaml" in page


def test_they_are_played_with_the_drawing_as_it_stands_and_without_scripts(told, town):
    page = told.get(PLACE)
    answer = told.post(f"{PLACE}/skenario", page, xml=drawing(town))
    assert answer.status_code == 200
    assert "Semua 1 berhasil" in answer.text
    assert "<h3>Yang dilalui</h3>" in answer.text
    assert "anew" in answer.text  # what was drawn is kept


def test_a_drawing_with_errors_is_told_so_instead(told):
    page = told.get(PLACE)
    answer = told.post(f"{PLACE}/skenario", page, xml="<no/>")
    assert 'class="findings"' in answer.text


def proposed(told, town, xml=None, **words):
    """The drawing put on the table and proposed."""
    told.post(PLACE, told.get(PLACE), xml=xml or drawing(town))
    page = told.get(f"{PLACE}/terbitkan")
    return told.post(f"{PLACE}/terbitkan", page, act="propose", reason=WHY, **words)


def test_a_failing_scenario_is_shown_with_file_and_line_and_asks_why(told, town):
    broken(town)
    answer = proposed(told, town)
    assert answer.status_code == 422
    assert "cuti.scenarios.yaml" in answer.text
    assert "Prosesnya belum selesai, padahal seharusnya sudah." in answer.text
    assert "baris 6" in answer.text
    assert 'name="override_reason"' in answer.text


def test_a_reason_that_says_nothing_is_refused_and_kept(told, town):
    broken(town)
    answer = proposed(told, town, override_reason="because")
    assert answer.status_code == 422
    assert 'id="override_reason-fault"' in answer.text
    assert "because</textarea>" in answer.text


def test_with_a_reason_the_second_person_publishes_all_the_same(told, town):
    broken(town)
    reason = "The story is mended on Monday."
    answer = proposed(told, town, override_reason=reason)
    assert answer.status_code == 303
    second = told.sign_in("second")
    page = second.get(answer.location)
    assert reason in page.text
    assert second.post(answer.location, page, act="publish").status_code == 303
    assert "Versi 2 berlaku." in told.get(PLACE).text


@pytest.mark.browser
def test_they_are_played_from_the_drawing_table(told, browse):
    page = browse("owner", viewport={"width": 1280, "height": 900})
    page.goto(PLACE)
    page.wait_for_selector(".studio[data-ready=yes]")
    page.get_by_role("button", name="Jalankan skenario").click()
    page.wait_for_selector("#rehearsed[data-ready=yes]")
    assert "Semua 1 berhasil" in page.locator("#rehearsed").inner_text()
