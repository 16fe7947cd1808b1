"""User tasks on the work list: who, by when, with which form; and never an invisible one."""

from __future__ import annotations

import json

from engine.feel import HostFunction
from engine.usecases.actor import system
from tests.runtime.drawn import SE, chain, drawing, ext, multi, props, user
from tests.runtime.play import Stage


def assigned(**given):
    return "<zeebe:assignmentDefinition " + " ".join(f"{n}='{v}'" for n, v in given.items()) + "/>"


def one(inner, stage=None, lanes="", **variables):
    stage = stage or Stage()
    stage.played(
        drawing(lanes + SE + user("u", inner, name="Do it") + chain("Start", "u", "End")),
        **variables,
    )
    return stage, stage.open_tasks()[0] if stage.open_tasks() else None


def test_assignee_and_candidates_are_literal_or_feel():
    _, task = one(
        assigned(assignee="=boss", candidateGroups="hr, perf_admin", candidateUsers='=["a", "b"]'),
        boss="p1",
    )
    assert task.assignee == "p1"
    assert task.candidates == (
        ("group", "hr"),
        ("group", "perf_admin"),
        ("user", "a"),
        ("user", "b"),
    )
    assert not task.orphaned
    assert task.name == "Do it"


def test_nobody_found_is_the_fallback_group_and_an_orphan():
    _, task = one(assigned(assignee="=nobody"))
    assert (task.assignee, task.candidates, task.orphaned) == (
        None,
        (("group", "perf_admin"),),
        True,
    )
    _, task = one(assigned(assignee="=nobody") + props(regu_fallback="hr"))
    assert task.candidates == (("group", "hr"),)


def test_the_lane_gives_the_candidate_group():
    lanes = '<laneSet id="ls"><lane id="l1" name="hr"><flowNodeRef>u</flowNodeRef></lane></laneSet>'
    _, task = one("", lanes=lanes)
    assert (task.candidates, task.orphaned) == ((("group", "hr"),), False)


def test_dates_priority_and_subject():
    inner = '<zeebe:taskSchedule dueDate="=due" followUpDate="2026-01-07T00:00:00Z"/>'
    inner += '<zeebe:priorityDefinition priority="=10 + 5"/>' + props(
        regu_subject='="Plan of " + who'
    )
    _, task = one(inner, due="2026-01-10", who="Ani")
    assert task.due_at.isoformat() == "2026-01-10T16:59:59+00:00"
    assert task.follow_up_at.isoformat() == "2026-01-07T00:00:00+00:00"
    assert (task.priority, task.subject) == (15, "Plan of Ani")
    _, task = one('<zeebe:taskSchedule dueDate="=duration(&quot;P10D&quot;)"/>')
    assert task.due_at.isoformat() == "2026-01-15T01:00:00+00:00"


def test_a_bad_priority_or_date_is_an_incident():
    stage, task = one('<zeebe:priorityDefinition priority="=500"/>')
    assert task is None
    assert stage.incidents()[0].kind == "expression"


def test_the_newest_form_is_bound_when_the_task_opens():
    stage = Stage()
    inner = '<zeebe:formDefinition formId="f"/>'
    stage, task = one(inner, stage)
    assert task is None
    assert stage.incidents()[0].kind == "form"
    for n in (1, 2):
        schema = json.dumps({"id": "f", "components": [], "n": n}).encode()
        stage.deploy(("f.form", schema))
    (key,) = stage.tables.instances
    stage.retry(key)
    (task,) = stage.open_tasks()
    assert stage.tables.forms[task.form_key].version == 2
    assert task.form_id == "f"


def test_questions_to_the_organisation_are_asked_lazily_and_kept_in_history():
    rater = HostFunction("rater", ("person",), {"ani": "budi"}.get)
    stage = Stage(functions={"rater": rater})
    stage.played(
        drawing(SE + user("u", assigned(assignee="=who")) + chain("Start", "u", "End")), who="x"
    )
    assert stage.host.asked == 0
    one(assigned(assignee="=rater(person_id)"), stage, person_id="ani")
    tasks = stage.open_tasks()
    assert tasks[-1].assignee == "budi"
    (row,) = [h for h in stage.tables.told if h.event == "lookup"]
    assert json.loads(row.detail) == {"function": "rater", "arguments": ["ani"], "answer": "budi"}
    assert row.element_id == "u"
    assert stage.host.asked == 1


def test_functions_with_spaces_in_their_names():
    lead = HostFunction("squad lead", ("squad",), lambda squad: f"lead of {squad}")
    stage = Stage(functions={"squad lead": lead})
    _, task = one(assigned(assignee="=squad lead(squad_id)"), stage, squad_id="s1")
    assert task.assignee == "lead of s1"


def test_a_child_of_a_multi_instance_is_assigned_to_its_item():
    body = SE + user("u", assigned(assignee="=item.id"), multi()) + chain("Start", "u", "End")
    stage = Stage()
    stage.played(drawing(body), items=[{"id": "a"}, {"id": "b"}])
    assert [t.assignee for t in stage.open_tasks()] == ["a", "b"]
    assert {t.root_key for t in stage.open_tasks()} == {min(stage.tables.instances)}


def test_the_agency_of_the_actor_else_of_the_variables_is_on_every_row():
    body = SE + user("u", body=multi()) + chain("Start", "u", "End")
    stage = Stage()
    stage.played(drawing(body), items=[1], agency_id="a7")
    assert {t.agency_id for t in stage.open_tasks()} == {"agency"}
    given = {"items": [1], "agency_id": "a7"}
    stage.do(lambda uow: stage.runner.start(uow, "P", given, system()))
    assert stage.open_tasks()[-1].agency_id == "a7"
    assert ext("")
