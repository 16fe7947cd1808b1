"""People start a process themselves: who may, what its operation makes of the form."""

from __future__ import annotations

import pytest

from engine.usecases.errors import AccessRefused, InputRefused
from tests.runtime.drawn import drawing
from tests.runtime.play import ANI, Stage

START = """<startEvent id="s"><extensionElements><zeebe:properties>
  <zeebe:property name="regu:starters" value="{starters}"/>{submit}
</zeebe:properties></extensionElements></startEvent>
<userTask id="t"><extensionElements><zeebe:userTask/>
<zeebe:assignmentDefinition assignee="=starter_id"/></extensionElements></userTask>
<sequenceFlow id="f" sourceRef="s" targetRef="t"/>"""
SUBMIT = '<zeebe:property name="regu:submit" value="regu.test"/>'
SCOPE = {"starter_id": "ani", "agency_id": "agency", "cycle_id": ""}


def deployed(operation=None, starters="person, hr"):
    stage = Stage({"regu.test": operation} if operation else {})
    stage.deploy(drawing(START.format(starters=starters, submit=SUBMIT if operation else "")))
    return stage


def enter(stage, **form):
    def act(uow):
        [entrance] = stage.runner.entrances(uow)
        return stage.runner.enter(uow, entrance, SCOPE, form, ANI)

    return stage.do(act)


def test_a_drawing_says_who_may_start_it():
    stage = deployed()
    [entrance] = stage.look(stage.runner.entrances)
    assert entrance.starters == {"person", "hr"}
    assert (entrance.process_id, entrance.form_key) == ("P", None)


def test_a_drawing_that_names_nobody_is_started_by_nobody():
    stage = deployed(starters="")
    assert stage.look(stage.runner.entrances) == ()


def test_without_an_operation_the_form_s_values_become_variables():
    stage = deployed()
    key = enter(stage, what="tea")
    assert stage.variables(key) == {**SCOPE, "what": "tea"}
    assert [task.assignee for task in stage.open_tasks()] == ["ani"]


def test_an_operation_sees_the_human_and_keeps_the_words_out_of_the_variables():
    seen = []

    def operation(call):
        seen.append((call.actor, dict(call.variables), dict(call.form), call.instance_key))
        return {"errand_id": "e1"}

    stage = deployed(operation)
    key = enter(stage, what="tea")
    assert seen == [(ANI, SCOPE, {"what": "tea"}, 0)]
    assert stage.variables(key) == {**SCOPE, "errand_id": "e1"}


@pytest.mark.parametrize("refusal", [AccessRefused("start", "ani"), InputRefused()])
def test_what_the_operation_refuses_does_not_start(refusal):
    def operation(_call):
        raise refusal

    stage = deployed(operation)
    with pytest.raises(type(refusal)):
        enter(stage)
    assert stage.open_tasks() == []
