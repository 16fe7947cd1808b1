"""A process played by hand: any drawing begins, a run becomes a scenario that passes."""

from __future__ import annotations

import hashlib

import pytest

from app.cli_scenarios import play_scenarios
from engine.usecases import sandbox
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.drafting import SaveDraft, save_draft
from engine.usecases.errors import AccessRefused, Conflict, DrawingRefused, InputRefused
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.sandbox import Opened
from engine.usecases.ports.scenarios import ScenarioRow
from engine.usecases.tabling import on_table
from tests.usecases.conftest import MODELER, ROOT

READER = Actor(kind=ActorKind.CLIENT, name="reader", groups=frozenset({"auditor"}))
SHIPPED = sorted(path.parent.name for path in ROOT.glob("workflows/*/*.bpmn"))
ALL = frozenset(sandbox.WHOLE)


@pytest.fixture
def place(sqlite_place):
    sqlite_place.deploy("workflows/*/*.bpmn", "forms/library/*.form")
    with sqlite_place.house.writing() as uow:
        for name in ("contribution", "check_in", "planning"):
            uow.scenarios.add(kept(sqlite_place, ROOT / f"workflows/{name}/{name}.scenarios.yaml"))
        uow.commit()
    return sqlite_place


def kept(place, path):
    """A scenario file as a deployment keeps it, without playing it."""
    content = path.read_bytes()
    return ScenarioRow(
        key=place.house.ids.key(),
        deployment_key=1,
        process_id=path.name.partition(".")[0],
        resource_name=path.name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        deployed_at=place.house.clock.now(),
    )


def play(place, process_id, steps=(), **told):
    run = {"process": process_id, "steps": list(steps), **told}
    return sandbox.play_on(place.house, MODELER, run)


def seed(place, process_id, number=0):
    return sandbox.seeds(place.house, MODELER, process_id)[number]


def keep(place, run, name="Dicatat dari mainan", keep=ALL):
    command = sandbox.RecordRun(process_id=run["process"], run=run, name=name, keep=keep)
    sandbox.record(place.house, MODELER, command)
    return on_table(place.house, MODELER, Subject(DraftKind.SCENARIOS, run["process"]))


def everything(scene):
    holds = sandbox.proposed(scene)
    return (
        ALL
        | {f"variable:{name}" for name in holds.variables}
        | {f"decision:{name}" for name in holds.decisions}
    )


def test_every_shipped_drawing_can_be_begun(place):
    for process_id in SHIPPED:
        scene = play(place, process_id)
        assert scene.beginnings, process_id
        assert not scene.begun
        for one in scene.beginnings:
            steps = {
                "message": [{"message": one.message}],
                "signal": [{"signal": one.message}],
                "timer": [{"until": str(one.due_at and one.due_at.isoformat())}],
            }.get(one.kind, [])
            told = {} if steps else {"start": {}}
            begun = play(place, process_id, steps, **told)
            assert begun.begun, (process_id, one)
            assert begun.stopped is None, (process_id, begun.stopped)


@pytest.mark.parametrize("process_id", ["contribution", "check_in", "planning"])
def test_a_recorded_run_is_appended_and_passes(place, process_id, tmp_path, capsys):
    run = seed(place, process_id).told
    scene = sandbox.play_on(place.house, MODELER, run)
    assert scene.stopped is None
    before = on_table(place.house, MODELER, Subject(DraftKind.SCENARIOS, process_id))
    after = keep(place, run, keep=everything(scene))
    assert after.content.startswith(before.content.rstrip(b"\n"))
    assert (after.draft is not None, after.base_key) == (True, before.base_key)
    file = tmp_path / f"{process_id}.scenarios.yaml"
    file.write_bytes(after.content)
    paths = [file, *ROOT.glob("workflows/*/*.bpmn"), *ROOT.glob("workflows/*/*.dmn")]
    assert play_scenarios([*paths, ROOT / "forms" / "library"]) == 0, capsys.readouterr()
    again = sandbox.seeds(place.house, MODELER, process_id)[-1]
    assert again.name == "Dicatat dari mainan"
    assert again.told["steps"] == run["steps"]


def test_a_run_is_played_from_its_start_so_that_a_step_less_is_a_step_back(place):
    run = seed(place, "contribution").told
    whole = sandbox.play_on(place.house, MODELER, run)
    assert whole.ended
    back = sandbox.play_on(place.house, MODELER, {**run, "steps": run["steps"][:1]})
    assert [task.row.element_id for task in back.tasks] == ["accept_output", "claim_early"]
    assert [task.sees for task in back.tasks] == [("citra",), ("sari",)]
    assert back.tokens["accept_output"] == 1
    assert {one.name for one in back.asked if one.fresh and one.kind == "operation"} == {
        "regu.output.deliver",
        "regu.output.open",
    }


def test_the_scene_tells_timers_waits_questions_and_what_changed(place):
    scene = play(place, "contribution", start={"output_id": "o1", "squad_id": "s1"})
    assert scene.stopped is None
    unanswered = {one.name for one in scene.asked if one.answer == "none"}
    assert "regu.output.open" in unanswered
    run = seed(place, "contribution").told
    first = sandbox.play_on(place.house, MODELER, {**run, "steps": run["steps"][:3]})
    assert any(wait.name == "output_accepted" and wait.key == "o1:sari" for wait in first.waits)
    begun = sandbox.play_on(place.house, MODELER, {**run, "steps": []})
    assert [begun.name(alarm.place) for alarm in begun.alarms]
    assert begun.alarms[0].at > begun.at
    after = sandbox.play_on(place.house, MODELER, {**run, "steps": run["steps"][:1]})
    assert not any(one.changed for one in after.variables if one.name == "output_id")


def test_decisions_tell_the_rules_that_counted_and_flows_are_those_walked(place):
    run = seed(place, "contribution").told
    scene = sandbox.play_on(place.house, MODELER, run)
    taken = next(one for one in scene.decisions if one.decision_id == "clocks")
    assert taken.rules
    assert taken.tables[0]["rules"]
    assert scene.walked
    assert "seal" in scene.passed


def test_a_step_that_cannot_be_done_stops_the_run_and_tells_why(place):
    run = seed(place, "contribution").told
    wrong = {**run, "steps": [{"complete": "claim_early"}, *run["steps"]]}
    scene = sandbox.play_on(place.house, MODELER, wrong)
    assert (scene.stopped.step, scene.stopped.why[0].code) == (0, "no-task")
    stranger = {**run, "steps": [{"complete": "deliver_output", "by": "sari"}]}
    scene = sandbox.play_on(place.house, MODELER, stranger)
    assert scene.stopped.why[0].code == "not-yours"
    empty = {**run, "steps": [{"complete": "deliver_output", "by": "budi", "form": {}}]}
    scene = sandbox.play_on(place.house, MODELER, empty)
    assert [fault.field for fault in scene.stopped.faults] == ["note"]
    with pytest.raises(sandbox.RunFails):
        keep(place, empty)


def test_the_form_of_a_task_and_of_a_start_is_opened_with_what_it_sees(place):
    run = seed(place, "contribution").told
    opened = Opened(element_id="deliver_output")
    scene = sandbox.play_on(place.house, MODELER, {**run, "steps": []}, opened)
    assert scene.opened.form.form_id
    assert scene.opened.variables["output_id"] == "o1"
    gone = Opened(element_id="seal")
    assert sandbox.play_on(place.house, MODELER, {**run, "steps": []}, gone).opened is None
    begin = {"process": "behaviour_incident", "people": {"budi": []}, "steps": []}
    scene = sandbox.play_on(place.house, MODELER, begin, Opened(person="budi"))
    assert scene.opened.variables["starter_id"] == "budi"


def test_a_name_is_taken_once_and_an_expectation_that_would_not_hold_keeps_nothing(place):
    run = {**seed(place, "contribution").told}
    run["steps"] = run["steps"][:1]
    keep(place, run, "Dua langkah", frozenset({"state", "each"}))
    with pytest.raises(InputRefused):
        keep(place, run, "Dua langkah")
    with pytest.raises(InputRefused):
        keep(place, run, "   ")
    kept = on_table(place.house, MODELER, Subject(DraftKind.SCENARIOS, "contribution"))
    assert b"expect:" in kept.content
    assert kept.content.count(b"Dua langkah") == 1


def test_a_process_without_scenarios_begins_a_file(place):
    run = {"process": "coaching", "start": {"person_id": "sari"}, "steps": []}
    table = keep(place, run, "Mulai: [aneh] #satu", frozenset({"state"}))
    assert table.content.startswith(b"process: coaching\nscenarios:\n  - name: ")
    assert seed(place, "coaching").name == "Mulai: [aneh] #satu"


def test_a_file_that_is_faulty_or_in_brackets_is_left_as_it_is(place):
    run = {"process": "coaching", "start": {}, "steps": []}
    subject = Subject(DraftKind.SCENARIOS, "coaching")
    saved = save_draft(
        place.house, MODELER, SaveDraft(subject=subject, content=b"process: [", expected="")
    )
    with pytest.raises(Conflict):
        keep(place, run)
    inline = b"process: coaching\nscenarios: [{name: a, start: {}, steps: []}]\n"
    save_draft(
        place.house, MODELER, SaveDraft(subject=subject, content=inline, expected=saved.mark)
    )
    with pytest.raises(Conflict):
        keep(place, run)


def test_the_draft_is_what_is_played_and_one_with_errors_tells_them(place):
    subject = Subject(DraftKind.PROCESS, "coaching")
    xml = (ROOT / "workflows/coaching/coaching.bpmn").read_bytes()
    cut = xml.replace(b"</bpmn:process>", b'<bpmn:task id="x" /></bpmn:process>')
    save_draft(place.house, MODELER, SaveDraft(subject=subject, content=cut, expected=""))
    with pytest.raises(DrawingRefused):
        play(place, "coaching", start={})


def test_who_may_not_draft_plays_nothing_and_a_run_that_is_no_run_is_refused(place):
    run = {"process": "coaching", "start": {}, "steps": []}
    with pytest.raises(AccessRefused):
        sandbox.play_on(place.house, READER, run)
    with pytest.raises(AccessRefused):
        sandbox.seeds(place.house, READER, "coaching")
    for broken in ({**run, "steps": [{"dance": 1}]}, {**run, "at": "once"}, {**run, "x": 1}):
        with pytest.raises(InputRefused):
            sandbox.play_on(place.house, MODELER, broken)


def test_values_are_read_as_they_are_shown(place):
    house = place.house
    for value in (
        {"a": [1, "7", None, True], "b c": {"x": "yes"}},
        "2026-03-02",
        "baris\nkedua: <b>",
        "#",
        [],
        {},
        "",
    ):
        assert sandbox.read_value(house, sandbox.shown_value(house, value)) == value
    with pytest.raises(InputRefused):
        sandbox.read_value(house, "a: *b")
