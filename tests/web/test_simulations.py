"""A change tried on paper: the form from history, before and after, the same figures for a seed."""

from __future__ import annotations

import csv
import io

import pytest
from playwright.sync_api import expect

from engine.usecases.drafting import SaveDraft, save_draft
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from engine.usecases.processes import deploy
from tests.web.looking import grave, overflow
from tests.web.town import OFFICER
from web.pictures.simulated import load_bars, step_bars

STORY = b"""process: cuti
scenarios:
  - name: Asked and looked at
    start: {person_id: sari, due_at: 2026-06-05T17:00:00+07:00, subject: Cuti}
    steps:
      - complete: isi
        form: {kind: tahunan, starts: 2026-06-20, days: 2, handover: ya, sure: true}
      - complete: periksa
      - expect: {ended: true}
"""
PLACE = "/studio/cuti/simulasi"
ASKED = f"{PLACE}?hitung=1&mulai=2026-06-01&hari=30&per_bulan=20&benih=7"


@pytest.fixture(autouse=True)
def told(town):
    """A story, whose values the simulated ones go about with."""
    deploy(town.house, OFFICER, (Resource(name="cuti.scenarios.yaml", content=STORY),))


@pytest.fixture
def owner(client):
    return client.sign_in("owner")


def drawn_anew(town):
    """The same process with one more task before its end."""
    with town.house.reading() as uow:
        row = uow.processes.latest_definition("cuti")
    xml = row.xml.decode()
    _, _, rest = xml.partition('<bpmn:endEvent id="')
    end = rest.partition('"')[0]
    flow = next(
        line for line in xml.split("<bpmn:sequenceFlow ")[1:] if f'targetRef="{end}"' in line
    )
    flow_id = flow.partition('id="')[2].partition('"')[0]
    head = f"<bpmn:sequenceFlow {flow.partition('>')[0]}>"
    xml = xml.replace(head, head.replace(f'targetRef="{end}"', 'targetRef="file_it"'))
    xml = xml.replace(
        f"<bpmn:incoming>{flow_id}</bpmn:incoming>", "<bpmn:incoming>filed</bpmn:incoming>"
    )
    task = (
        '<bpmn:userTask id="file_it" name="Arsipkan"><bpmn:extensionElements><zeebe:userTask/>'
        '<zeebe:assignmentDefinition candidateGroups="hr"/></bpmn:extensionElements>'
        f"<bpmn:incoming>{flow_id}</bpmn:incoming><bpmn:outgoing>filed</bpmn:outgoing>"
        f'</bpmn:userTask><bpmn:sequenceFlow id="filed" sourceRef="file_it" targetRef="{end}"/>'
    )
    xml = xml.replace("</bpmn:process>", f"{task}</bpmn:process>")
    subject = Subject(DraftKind.PROCESS, "cuti")
    save_draft(town.house, OFFICER, SaveDraft(subject=subject, content=xml.encode()))


def test_the_form_tells_each_step_and_begins_with_assumptions(owner):
    page = owner.get(PLACE).text
    assert 'name="menit:isi"' in page
    assert 'name="per_bulan"' in page
    assert 'id="hasil"' not in page


def test_without_a_draft_only_the_published_version_is_simulated(owner):
    page = owner.get(ASKED).text
    assert 'id="hasil"' in page
    assert "side--before" in page
    assert "side--after" not in page


def test_before_and_after_stand_beside_each_other(owner, town):
    drawn_anew(town)
    answer = owner.get(f"{ASKED}&menit:file_it=120&peran:file_it=Arsip&orang:Arsip=1")
    assert answer.status_code == 200
    assert "side--before" in answer.text
    assert "side--after" in answer.text
    assert "Arsipkan" in answer.text
    figures = owner.get(f"{ASKED}&bentuk=json&peran:file_it=Arsip&menit:file_it=120").json
    assert figures["before"]["started"] == figures["after"]["started"] > 0
    steps = {one["element"] for one in figures["after"]["elements"]}
    assert "file_it" in steps - {one["element"] for one in figures["before"]["elements"]}


def test_the_same_seed_gives_the_same_figures_and_another_others(owner):
    first, again = (owner.get(f"{ASKED}&bentuk=json").json for _ in range(2))
    assert first["before"] == again["before"]
    other = owner.get(f"{ASKED.replace('benih=7', 'benih=8')}&bentuk=json").json
    assert other["before"] != first["before"]


def test_each_table_is_a_file_too(owner):
    for name in ("simulasi-ringkas", "simulasi-langkah", "simulasi-beban"):
        answer = owner.get(f"{ASKED}&bentuk=csv&tabel={name}")
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
        assert len(rows[0]) > 1, name


@pytest.mark.parametrize("wrong", ["per_bulan=100000", "hari=0", "hari=4000", "per_bulan=0"])
def test_more_than_the_limits_is_refused_and_what_was_typed_stays(owner, wrong):
    name, _, value = wrong.partition("=")
    answer = owner.get(f"{ASKED}&menit:isi=77".replace(f"{name}=", f"x{name}=") + f"&{wrong}")
    assert answer.status_code == 422
    assert f'value="{value}"' in answer.text
    assert 'value="77"' in answer.text


def test_nonsense_in_the_address_leaves_the_assumptions(owner):
    odd = "menit:isi=-4&persen:isi=x&jeda:isi=NaN&orang:x=1e9&mulai=yesterday&benih=0"
    assert owner.get(f"{PLACE}?hitung=1&hari=10&per_bulan=9&{odd}").status_code == 200


def test_a_drawing_with_errors_is_told_so(owner, town):
    subject = Subject(DraftKind.PROCESS, "cuti")
    save_draft(town.house, OFFICER, SaveDraft(subject=subject, content=b"<no/>"))
    answer = owner.get(ASKED)
    assert answer.status_code == 422
    assert 'class="findings"' in answer.text


def test_columns_reach_the_line_of_all_working_time():
    found = load_bars([("Jan", [("before", 0.5, "50%"), ("after", 1.0, "100%")])])
    before, after = found.months[0].bars
    assert after.height == 2 * before.height
    assert after.y == found.full_y
    assert load_bars([("Jan", [("before", 0.01, "1%")])]).full_y is None
    assert load_bars([]).months == ()


def test_the_longest_step_fills_the_width():
    found = step_bars([("A", [("before", 50.0, 100.0, "")]), ("B", [("before", 0.0, 0.0, "")])])
    (long, usual), (none, _) = found.rows[0].pairs[0], found.rows[1].pairs[0]
    assert (long.width, none.width) == (2 * usual.width, 0)
    assert step_bars([]).rows == ()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_in_a_browser_before_and_after_are_seen(town, browse, width):
    drawn_anew(town)
    page = browse("owner", viewport={"width": width, "height": 800})
    page.goto(PLACE)
    page.fill("#per_bulan", "15")
    page.fill("#hari", "30")
    page.fill('[name="peran:file_it"]', "Arsip")
    page.click("[name=hitung]")
    page.wait_for_selector("#hasil")
    expect(page.locator("#hasil li")).not_to_have_count(0)
    expect(page.locator("svg.picture >> nth=1")).to_be_attached()
    assert grave(page) == []
    assert overflow(page) <= 0
