"""The sandbox of a process: played by hand without scripts, kept as a scenario, hostile words."""

from __future__ import annotations

import base64
import json
import re
import zlib
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest

from engine.usecases.drafting import SaveDraft, drafts, save_draft
from engine.usecases.errors import InputRefused
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from engine.usecases.processes import deploy
from tests.web.looking import grave
from tests.web.town import OFFICER
from web.readings.sandbox_run import RUN_MAX, pack, unpack
from web.vendor import missing_parts

ROOT = Path(__file__).parents[2]
PLACE = "/studio/contribution/mainkan"
STORIES = Subject(DraftKind.SCENARIOS, "contribution")
FIRST = "Delivered, claimed early, accepted, attested and sealed after two quiet weeks"
HOSTILE = "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'>"


@pytest.fixture
def ready(town):
    """The shipped process of contributions is published, its stories are drafted."""
    paths = [*ROOT.glob("workflows/contribution/*.[bd]*"), *ROOT.glob("forms/library/*.form")]
    files = tuple(Resource(name=path.name, content=path.read_bytes()) for path in paths)
    deploy(town.house, OFFICER, files)
    stories = (ROOT / "workflows/contribution/contribution.scenarios.yaml").read_bytes()
    save_draft(town.house, OFFICER, SaveDraft(subject=STORIES, content=stories))
    return town


@pytest.fixture
def player(client, ready):
    """A process owner's browser without scripts."""
    return Playing(client.sign_in("owner"))


class Playing:
    """Presses buttons as somebody would: with the run of the page before."""

    def __init__(self, visitor):
        self.visitor = visitor
        self.page = None

    def open(self, **asked):
        self.page = self.visitor.http.get(PLACE, query_string=asked)
        return self.page

    def press(self, act, **fields):
        run = unescape(re.search(r'name="_run" value="([^"]*)"', self.page.text)[1])
        self.page = self.visitor.post(PLACE, self.page, _run=run, _act=act, **fields)
        return self.page

    def begin(self, **fields):
        self.open(seperti=FIRST)
        start = {"at": "2026-03-02T08:00", "how": "none", "values": "output_id: o1\nsquad_id: s1"}
        start["values"] += "\ndue_at: '2026-04-01T17:00:00+07:00'"
        return self.press("begin", **{**start, **fields})

    @property
    def run(self):
        word = unescape(re.search(r'name="_run" value="([^"]*)"', self.page.text)[1])
        return unpack(word, "contribution")

    @property
    def text(self):
        return unescape(self.page.text)

    @property
    def marks(self):
        return json.loads(unescape(re.search(r'data-marks="([^"]*)"', self.page.text)[1]))


def test_a_run_goes_step_by_step_and_back_without_scripts(player):
    assert player.begin().status_code == 200
    assert player.marks["tokens"] == {"deliver_output": 1}
    assert 'value="open:deliver_output:1"' in player.text
    opened = player.press("open:deliver_output:1")
    assert 'name="note"' in opened.text
    refused = player.press(
        "complete:deliver_output:1", _opened="deliver_output:1", _as="budi", note=""
    )
    assert refused.status_code == 422
    assert 'href="#f-note"' in refused.text
    assert player.run["steps"] == []
    player.press("complete:deliver_output:1", _as="budi", note="Portal dibuka.")
    assert player.run["steps"] == [
        {"complete": "deliver_output", "by": "budi", "form": {"note": "Portal dibuka."}}
    ]
    assert set(player.marks["tokens"]) >= {"accept_output"}
    assert "deliver_output" in player.marks["passed"]
    player.press("back")
    assert player.run["steps"] == []
    assert player.marks["tokens"] == {"deliver_output": 1}


def test_who_does_not_see_a_task_cannot_do_it_and_a_refusal_may_be_a_step(player):
    player.begin()
    page = player.press("complete:deliver_output:1", _as="sari", note="Saya.")
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    player.press("complete:deliver_output:1", _as="budi", note="", _refusal="1")
    assert player.run["steps"][-1]["refused"] == ["note"]


def test_time_goes_on_by_buttons_to_the_next_timer_and_by_ones_own_length(player):
    player.begin()
    player.press("move:P1D")
    player.press("move:next")
    assert player.run["steps"][1]["until"].startswith("2026-04-01T")
    player.press("move:own", length="2", unit="weeks")
    assert player.run["steps"][2] == {"advance": "P14D"}
    for bad in ({"length": "-1"}, {"length": "9999999"}, {"length": "x"}):
        assert player.press("move:own", unit="days", **bad).status_code == 422
    assert player.press("move:until", until="2020-01-01T08:00").status_code == 422
    assert len(player.run["steps"]) == 3


def test_messages_values_and_the_end_are_steps_too(player):
    player.open(seperti=FIRST, langkah="semua")
    assert player.run["steps"][3] == {"message": "output_accepted", "key": "o1:sari"}
    player.press("cut:3")
    assert 'value="output_accepted"' in player.text
    player.press("send", kind="message", name="output_accepted", key="o1:sari")
    assert player.run["steps"][3] == {"message": "output_accepted", "key": "o1:sari"}
    player.press("set", values="catatan: [1, 2]")
    assert player.run["steps"][4] == {"set": {"catatan": [1, 2]}}
    assert "catatan" in player.text
    assert player.press("set", values="a: [").status_code == 422
    player.press("cancel")
    assert player.run["steps"][-1] == {"cancel": True}


def test_what_is_asked_of_the_house_is_answered_and_the_run_is_played_anew(player):
    player.open()
    player.press("begin", how="none", values="output_id: o1", at="2026-03-02T08:00")
    assert "regu.output.open" in player.text
    player.press(
        "answer",
        kind="operation",
        name="regu.output.open",
        turn="2",
        how="gives",
        values="members: []\nundecided: []",
    )
    given = player.run["answers"]["operations"]["regu.output.open"]
    assert given == [{"gives": {}}, {"gives": {"members": [], "undecided": []}}]
    player.press("answer", kind="function", name="squad lead", arguments="[null]", values="budi")
    player.press(
        "answer", kind="function", name="squad lead", arguments="[s2]", whatever="1", values="sari"
    )
    asked = player.run["answers"]["functions"]["squad lead"]
    assert asked == [{"to": [None], "gives": "budi"}, {"gives": "sari"}]
    player.press(
        "answer", kind="operation", name="regu.output.open", turn="1", how="fails", words="x"
    )
    assert player.run["answers"]["operations"]["regu.output.open"][0] == {"fails": "x"}
    player.press("answer", kind="function", name="squad lead", arguments="[null]", how="none")
    assert player.run["answers"]["functions"]["squad lead"] == [{"gives": "sari"}]


def test_an_answer_that_changes_the_course_stops_the_run_and_the_rest_is_dropped(player):
    player.open(seperti=FIRST, langkah="semua")
    turned = {"kind": "operation", "name": "regu.output.open", "turn": "1", "how": "gives"}
    page = player.press("answer", values="members: []\nundecided: []", **turned)
    assert page.status_code == 200
    drop = re.search(r'value="(cut:\d+)"', page.text)[1]
    player.press(drop)
    assert 'value="cut:' not in player.text
    assert len(player.run["steps"]) == int(drop.partition(":")[2])


def test_a_run_whose_form_refuses_a_step_is_shown_up_to_there(player, ready):
    draft, _ = drafts(ready.house, OFFICER, STORIES)
    poor = draft.content.replace(b"form: {note: The portal is open.,", b"form: {")
    save_draft(ready.house, OFFICER, SaveDraft(subject=STORIES, content=poor, expected=draft.mark))
    page = player.open(seperti=FIRST, langkah="semua")
    assert page.status_code == 200
    assert 'value="cut:0"' in page.text
    assert player.marks["tokens"] == {"deliver_output": 1}


def test_a_run_is_kept_as_a_scenario_once_and_only_when_it_passes(player, ready):
    player.open(seperti=FIRST, langkah="semua")
    keep = ["path", "state", "sees", "each", "decision:clocks", "variable:output_id"]
    kept = player.press("record", name="Dari mainan", keep=keep)
    assert kept.status_code == 200
    draft, _ = drafts(ready.house, OFFICER, STORIES)
    assert draft.content.decode().count("- name: Dari mainan") == 1
    assert b"# Kontribusi:" in draft.content
    assert player.press("record", name="Dari mainan", keep=keep).status_code == 422
    assert player.press("record", name=" ", keep=keep).status_code == 422
    assert player.open(seperti="Dari mainan", langkah="semua").status_code == 200
    assert len(player.run["steps"]) == 6


def test_the_form_of_the_start_is_filled_in_by_whom_one_chooses(client, ready):
    paths = ROOT.glob("workflows/behaviour_incident/*.bpmn")
    files = tuple(Resource(name=path.name, content=path.read_bytes()) for path in paths)
    deploy(ready.house, OFFICER, files)
    place = "/studio/behaviour_incident/mainkan"
    client.sign_in("owner")
    page = client.get(place)
    run = unescape(re.search(r'name="_run" value="([^"]*)"', page.text)[1])
    at = "2026-03-02T08:00"
    asked = client.post(place, page, _run=run, _act="begin", how="form", at=at, _other="tono")
    assert 'name="_opened" value="start:tono"' in asked.text
    assert 'name="text"' in asked.text
    nobody = client.post(place, page, _run=run, _act="begin", how="form", at=at)
    assert nobody.status_code == 422
    run = unescape(re.search(r'name="_run" value="([^"]*)"', asked.text)[1])
    values = {"about_id": "sari", "happened_on": "2026-02-27", "kind": "positive"}
    values |= {"_run": run, "_act": "enter", "_opened": "start:tono"}
    refused = client.post(place, asked, **values)
    assert refused.status_code == 422
    assert "summary" in refused.text
    shown = client.post(place + "/syarat", asked, **values)
    assert isinstance(shown.json, dict)


def test_a_drawing_with_mistakes_is_told_and_not_played(player, ready):
    subject = Subject(DraftKind.PROCESS, "contribution")
    xml = (ROOT / "workflows/contribution/contribution.bpmn").read_bytes()
    wrong = xml.replace(b"</bpmn:process>", b'<bpmn:task id="lost" /></bpmn:process>')
    player.begin()
    save_draft(ready.house, OFFICER, SaveDraft(subject=subject, content=wrong))
    page = player.press("move:P1D")
    assert 'class="findings"' in page.text
    assert 'class="findings"' in player.open().text


def test_a_draft_that_is_no_drawing_is_told_and_not_played(player, ready):
    drawn = Subject(DraftKind.PROCESS, "contribution")
    save_draft(ready.house, OFFICER, SaveDraft(subject=drawn, content=b"no drawing"))
    page = player.open()
    assert page.status_code == 200
    assert "<h1>" in page.text


def test_a_run_that_is_none_or_too_large_is_refused_and_a_packed_one_comes_back_as_it_was(player):
    run = {"process": "contribution", "steps": [{"set": {"n": Decimal("2.50"), "t": "é\u2028"}}]}
    assert unpack(pack(run), "contribution") == run
    bomb = base64.urlsafe_b64encode(zlib.compress(b"[" * (RUN_MAX * 4))).decode()
    deep = base64.urlsafe_b64encode(zlib.compress(b"[" * 100_000)).decode()
    nan = base64.urlsafe_b64encode(zlib.compress(b'{"steps":[NaN]}')).decode()
    for word in ("", "x", "AAAA", bomb, deep, nan, pack({"steps": 1})):
        with pytest.raises(InputRefused):
            unpack(word, "contribution")
    with pytest.raises(InputRefused):
        pack({"steps": [{"set": {"a": "x" * RUN_MAX}}]})
    player.open()
    assert player.visitor.post(PLACE, player.page, _run="AAAA", _act="back").status_code == 422
    odd = pack({"steps": [{"dance": 1}]})
    assert player.visitor.post(PLACE, player.page, _run=odd, _act="look").status_code == 422


def test_hostile_names_and_values_are_shown_as_text(player):
    player.open()
    player.press(
        "begin",
        how="none",
        values=json.dumps({"output_id": HOSTILE, HOSTILE: 1}),
        at="2026-03-02T08:00",
    )
    player.press("person", _other=HOSTILE, _groups=HOSTILE)
    player.press("answer", kind="operation", name="regu.output.open", how="error", words=HOSTILE)
    player.press("set", values=json.dumps({"x": [HOSTILE]}))
    assert HOSTILE in player.text
    assert "<script>window.hurt" not in player.page.text
    assert "<img src=x" not in player.page.text


def test_who_may_not_draft_neither_sees_nor_presses(client, ready):
    client.sign_in("sari")
    assert client.get(PLACE).status_code == 404
    page = client.get("/tugas")
    assert client.post(PLACE, page, _run="", _act="back").status_code == 404
    assert client.post(PLACE + "/syarat", page, _run="").status_code == 404
    assert client.get(PLACE + "/gambar").status_code == 404


def test_what_is_not_there_is_not_found(client, ready):
    client.sign_in("owner")
    assert client.get("/studio/nowhere/mainkan").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_a_run_in_a_browser_from_the_start_to_a_kept_scenario(browse, ready, width):
    page = browse("owner", viewport={"width": width, "height": 900})
    page.goto(PLACE)
    assert grave(page) == []
    page.click("form.seed button >> nth=0")
    page.click("button[value=begin]")
    if not missing_parts(ROOT, ("bpmn-viewer.min.js",)):
        page.wait_for_selector("[data-drawing][data-ready=yes]")
    page.click("button[value='open:deliver_output:1']")
    page.fill("textarea[name=note]", HOSTILE)
    page.click("button[value='complete:deliver_output:1']")
    page.wait_for_selector("button[value='open:accept_output:1']")
    page.click("button[value='move:P1D'] >> nth=0")
    page.fill("#scenario", f"Lewat peramban {width}")
    page.click("button[value=record]")
    page.wait_for_selector(".notice--good")
    for details in page.query_selector_all("details:not([open])"):
        details.evaluate("one => { one.open = true; }")
    assert grave(page) == []
    assert page.evaluate("window.hurt") is None
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) <= 0
