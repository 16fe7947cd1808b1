"""A drawing as steps: what is told where, what each edit does, and what it refuses."""

from __future__ import annotations

import pytest

from engine.steplist.adding import NEW_END, Adding
from engine.steplist.diagram import Diagram
from engine.steplist.editing import AddStep, Join, Move, Remove, Say, SayWays, edited
from engine.steplist.faults import EditRefused
from engine.steplist.outline import outline
from engine.steplist.paper import Paper
from engine.steplist.writing import Saying, WaySaid
from tests.steplist.edits import NAMES, drawing, errors

CONTRIBUTION = drawing("contribution")
CYCLE = drawing("annual_cycle")

BARE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn elsewhere -->
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:x"
  xmlns:y="urn:y">
  <process id="p" isExecutable="true">
    <startEvent id="a"/>
    <task id="b" name="B" y:kept="1"><extensionElements><y:box/></extensionElements></task>
    <endEvent id="c"/>
    <sequenceFlow id="ab" sourceRef="a" targetRef="b"/>
    <sequenceFlow id="bc" sourceRef="b" targetRef="c"/>
  </process>
</definitions>
"""


def steps_of(content):
    return outline(Paper.read(content))


def done(content, edit):
    found = edited(content, edit, NAMES)
    assert errors(found.content) == []
    return found


def refused(content, edit):
    with pytest.raises(EditRefused) as caught:
        edited(content, edit, NAMES)
    return caught.value


def nested(step):
    return [one.id for way in step.ways for one in way.steps]


def test_steps_are_told_from_the_start_and_boundary_events_under_their_task():
    told = steps_of(CONTRIBUTION)
    first = told.sections[0].steps[:4]
    assert [one.id for one in first] == ["start", "clocks", "open_output", "deliver_output"]
    assert [[one.id for one in run] for run in first[3].boundary] == [
        ["delivery_late", "remind_lead", "lead_reminded"]
    ]


def test_a_way_back_is_told_as_one_and_what_follows_a_choice_goes_on_below_it():
    told = steps_of(CONTRIBUTION)
    accepted = told.steps["accepted"]
    assert nested(accepted) == ["redeliver_output"]
    back = told.steps["redeliver_output"].ways[0]
    assert told.numbers[back.target] < told.numbers["redeliver_output"]
    assert [way.follows for way in accepted.ways] == [False, True]


def test_what_lies_in_a_sub_process_is_told_inside_it():
    told = steps_of(CYCLE)
    period = next(step for step in told.steps.values() if step.kind == "subProcess")
    assert period.inside[0].kind == "startEvent"
    assert told.scopes[period.inside[0].id] == period.id


def test_lists_in_lists_end_somewhere_and_still_every_step_is_told():
    rows, before = [], "s"
    for number in range(400):
        rows.append(f'<exclusiveGateway id="g{number}"/><task id="t{number}"/>')
        rows.append(f'<task id="u{number}"/>')
        flows = ((before, f"g{number}"), (f"g{number}", f"t{number}"), (f"g{number}", f"u{number}"))
        rows += [f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows]
        before = f"t{number}"
    body = BARE.replace('<startEvent id="a"/>', '<startEvent id="a"/><startEvent id="s"/>')
    told = steps_of(body.replace("  </process>", "".join(rows) + "</process>").encode())
    assert len(told.numbers) == 3 + 1 + 3 * 400


def test_a_drawing_in_the_default_namespace_without_layout_is_changed_in_its_own_writing():
    found = done(
        BARE.encode(),
        AddStep(
            step_id="b",
            adding=Adding(kind="serviceTask", name="Ingatkan", operation="regu.notify.remind"),
        ),
    )
    text = found.content.decode()
    assert "<!-- drawn elsewhere -->" in text
    assert (
        '<task id="b" name="B" y:kept="1"><extensionElements><y:box/></extensionElements>' in text
    )
    assert '<serviceTask id="ingatkan" name="Ingatkan">' in text
    assert 'taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"' in text
    assert "<incoming>" not in text
    assert found.step_id == "ingatkan"


def test_a_name_never_becomes_markup():
    evil = '"><script>alert(1)</script>&'
    found = done(BARE.encode(), Say(step_id="b", said=Saying(name=evil, about=evil)))
    step = steps_of(found.content).steps["b"]
    assert (step.name, step.facts.about) == (evil, evil)
    assert b"<script" not in found.content


def test_what_is_no_bpmn_or_declares_entities_is_refused():
    for text in ("", "<x/>", "<definitions/>", "<!DOCTYPE a><definitions/>"):
        with pytest.raises(EditRefused) as caught:
            Paper.read(text.encode())
        assert caught.value.code == "unreadable"
    doctype = BARE.replace("<!-- drawn elsewhere -->", "<!DOCTYPE definitions>")
    with pytest.raises(EditRefused):
        Paper.read(doctype.encode())


def test_who_form_operation_and_deadline_are_written_in_the_dialect():
    said = Saying(groups="hr,auditor", assignee="", due="=now()", form="claim", submit="")
    found = done(CONTRIBUTION, Say(step_id="attest", said=said))
    facts = steps_of(found.content).steps["attest"].facts
    assert (facts.groups, facts.assignee, facts.due) == ("hr,auditor", "", "=now()")
    assert (facts.form, facts.submit) == ("claim", "")
    assert found.content.count(b'<zeebe:assignmentDefinition candidateGroups="hr,auditor"/>') == 1


def test_a_timer_a_decision_and_an_operation_are_changed_and_never_emptied():
    found = done(
        CONTRIBUTION, Say(step_id="sponsor_silent", said=Saying(when='=date("2026-01-01")'))
    )
    assert steps_of(found.content).steps["sponsor_silent"].facts.when == '=date("2026-01-01")'
    for step_id, said in (
        ("sponsor_silent", Saying(when="")),
        ("clocks", Saying(decision="")),
        ("seal", Saying(operation=" ")),
    ):
        assert refused(CONTRIBUTION, Say(step_id=step_id, said=said)).code == "nothing_given"


def test_feel_that_cannot_be_read_is_refused_with_its_field():
    fault = refused(CONTRIBUTION, Say(step_id="attest", said=Saying(due="=add working days(")))
    assert (fault.code, fault.field) == ("feel", "due")
    assert fault.detail


def ways(step, default, **conditions):
    rows = [
        WaySaid(flow_id=way.flow_id, name=way.name, condition=conditions.get(way.flow_id, ""))
        for way in step.ways
    ]
    return SayWays(step_id=step.id, ways=rows, default=default)


def test_another_way_becomes_the_default_when_the_old_one_gets_a_condition():
    accepted = steps_of(CONTRIBUTION).steps["accepted"]
    back, on = (way.flow_id for way in accepted.ways)
    assert refused(CONTRIBUTION, ways(accepted, back)).code == "condition_missing"
    found = done(CONTRIBUTION, ways(accepted, back, **{on: 'acceptance = "accept"'}))
    after = {way.flow_id: way for way in steps_of(found.content).steps["accepted"].ways}
    assert (after[back].default, after[back].condition) == (True, "")
    assert (after[on].default, after[on].condition) == (False, '=acceptance = "accept"')


def test_a_step_added_behind_another_takes_its_lane_and_moves_what_lies_right():
    adding = Adding(kind="userTask", name="Periksa lagi")
    found = done(CONTRIBUTION, AddStep(step_id="deliver_output", adding=adding))
    told = steps_of(found.content)
    assert told.numbers["periksa_lagi"] > told.numbers["deliver_output"]
    assert told.steps["periksa_lagi"].facts.lane == "Ketua tim"
    assert told.steps["periksa_lagi"].ways[0].target == "list_members"
    found = done(CYCLE, AddStep(step_id="open_cycle", adding=adding))
    before, after = (Diagram(Paper.read(x), "open_cycle") for x in (CYCLE, found.content))
    assert after.box("start_goals").x > before.box("start_goals").x
    assert after.box("open_cycle") == before.box("open_cycle")


def test_a_choice_goes_on_as_before_and_its_second_way_ends_or_comes_back():
    adding = Adding(
        kind="exclusiveGateway", name="Besar?", condition="true", way_name="ya", way_step="Telaah"
    )
    told = steps_of(done(CYCLE, AddStep(step_id="open_cycle", adding=adding)).content)
    choice = told.steps["besar"]
    assert nested(choice) == ["telaah"]
    assert [(way.default, way.condition) for way in choice.ways] == [(True, ""), (False, "=true")]
    ends = Adding(kind="exclusiveGateway", condition="true", way_to=NEW_END, way_step="Batal")
    told = steps_of(done(CYCLE, AddStep(step_id="open_cycle", adding=ends)).content)
    assert told.steps["batal"].kind == "endEvent"


def test_nothing_is_added_behind_an_end_or_where_the_way_is_unclear():
    task = Adding(kind="userTask", name="X")
    assert refused(CONTRIBUTION, AddStep(step_id="sealed", adding=task)).code == "follows_end"
    assert refused(CONTRIBUTION, AddStep(step_id="accepted", adding=task)).code == "way_unclear"
    end = Adding(kind="endEvent", name="X")
    assert refused(CONTRIBUTION, AddStep(step_id="clocks", adding=end)).code == "end_inside"
    bad = Adding(kind="exclusiveGateway", name="X", condition="1 <")
    assert refused(CONTRIBUTION, AddStep(step_id="clocks", adding=bad)).code == "feel"


def test_a_removed_step_leaves_no_trace_and_its_neighbours_are_joined():
    found = done(CONTRIBUTION, Remove(step_id="open_output"))
    assert found.removed == 1
    assert b'"open_output"' not in found.content
    assert b">open_output<" not in found.content
    assert steps_of(found.content).steps["clocks"].ways[0].target == "deliver_output"


@pytest.mark.parametrize(
    ("step_id", "code"),
    [
        ("start", "remove_start"),
        ("deliver_output", "remove_boundary"),
        ("accepted", "remove_several"),
        ("sealed", "remove_last"),
        ("await_acceptance", None),
        ("sponsor_silent", "cut_off"),
        ("nobody", "step_gone"),
    ],
)
def test_a_removal_that_would_spoil_the_drawing_is_refused_with_the_reason(step_id, code):
    if code is None:
        done(CONTRIBUTION, Remove(step_id=step_id))
    else:
        assert refused(CONTRIBUTION, Remove(step_id=step_id)).code == code


def test_an_event_at_a_border_goes_with_the_end_that_only_it_leads_to():
    found = done(CONTRIBUTION, Remove(step_id="remind_lead"))
    again = done(found.content, Remove(step_id="delivery_late"))
    assert again.removed == 2
    assert not steps_of(again.content).steps["deliver_output"].boundary


def test_a_step_changes_places_within_a_straight_run_and_back():
    moved = done(CYCLE, Move(step_id="start_goals", up=True)).content
    run = [one.id for one in steps_of(moved).sections[0].steps[:3]]
    assert run[1] == "start_goals"
    back = done(moved, Move(step_id="start_goals", up=False)).content
    assert steps_of(back).steps.keys() == steps_of(CYCLE).steps.keys()
    assert list(steps_of(back).numbers) == list(steps_of(CYCLE).numbers)
    assert refused(CYCLE, Move(step_id="start", up=False)).code == "move_apart"


def test_a_way_is_led_elsewhere_unless_a_step_would_be_lost():
    found = done(CONTRIBUTION, Join(step_id="redeliver_output", target_id="deliver_output"))
    assert steps_of(found.content).steps["redeliver_output"].ways[0].target == "deliver_output"
    lost = refused(CONTRIBUTION, Join(step_id="clocks", target_id="deliver_output"))
    assert (lost.code, lost.named) == ("cut_off", "open_output")
    inside = refused(CONTRIBUTION, Join(step_id="clocks", target_id="claim"))
    assert inside.code == "target_wrong"


def test_a_gateway_gets_a_further_way_under_a_condition():
    edit = Join(step_id="accepted", target_id="deliver_output", condition="1 = 2")
    step = steps_of(done(CONTRIBUTION, edit).content).steps["accepted"]
    assert [way.condition for way in step.ways][-1] == "=1 = 2"
    plain = Join(step_id="accepted", target_id="deliver_output")
    assert refused(CONTRIBUTION, plain).code == "condition_missing"
