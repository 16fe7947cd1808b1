"""BPMN data that moves, and global tasks that a call activity is."""

from __future__ import annotations

import pytest

from engine.usecases.errors import DrawingRefused
from tests.runtime.drawn import SE, call, catch, chain, drawing, ext, message, refer, script
from tests.runtime.play import Stage


def moved(into="", out="", more=""):
    """An ioSpecification with an input `i` and an output `o`, and its associations."""
    return (
        '<ioSpecification><dataInput id="i"/><dataOutput id="o"/>'
        '<inputSet id="is"><dataInputRefs>i</dataInputRefs><outputSetRefs>os</outputSetRefs>'
        '</inputSet><outputSet id="os"><dataOutputRefs>o</dataOutputRefs>'
        "<inputSetRefs>is</inputSetRefs></outputSet></ioSpecification>"
        f"{into}{out}{more}"
    )


def into(source, inner=""):
    return (
        f"<dataInputAssociation><sourceRef>{source}</sourceRef><targetRef>i</targetRef>{inner}"
        "</dataInputAssociation>"
    )


def out(target, inner=""):
    return (
        f"<dataOutputAssociation><sourceRef>o</sourceRef><targetRef>{target}</targetRef>{inner}"
        "</dataOutputAssociation>"
    )


_OBJECTS = (
    '<property id="given" name="given"/><dataObject id="D" name="kept"/>'
    '<dataObjectReference id="R" dataObjectRef="D"/>'
)


def _played(stage, body, **variables):
    key = stage.played(drawing(SE + _OBJECTS + body), **variables)
    assert stage.done(key), stage.incidents(key)
    return stage.variables(key)


def test_data_is_there_as_a_local_variable_and_leaves_to_the_data_object(stage):
    body = script("s", "o", "i + 1", moved(into("given"), out("R"))) + chain("Start", "s", "End")
    assert _played(stage, body, given=4) == {"given": 4, "kept": 5}


def test_a_data_object_is_read_by_the_next_one(stage):
    body = script("s", "o", '"String"', moved(out=out("R")))
    items = '<ioSpecification><dataInput id="x"/><inputSet><dataInputRefs>x</dataInputRefs>'
    items += "</inputSet><outputSet/></ioSpecification>"
    body += script("t", "seen", "x", items + into("R").replace(">i<", ">x<"))
    assert _played(stage, body + chain("Start", "s", "t", "End"))["seen"] == "String"


def test_a_transformation_and_assignments_are_feel(stage):
    changed = "<transformation>=given * 10</transformation>"
    assigned = "<assignment><from>=o + 1</from><to>total</to></assignment>"
    body = script("s", "o", "i", moved(into("given", changed), out("R", assigned)))
    assert _played(stage, body + chain("Start", "s", "End"), given=4) == {"given": 4, "total": 41}


def test_a_line_to_a_data_object_without_data_items_is_drawn_only(stage):
    line = (
        '<property id="p" name="__targetRef_placeholder"/><dataInputAssociation>'
        "<sourceRef>R</sourceRef><targetRef>p</targetRef></dataInputAssociation>"
    )
    body = script("s", "x", "1", line) + chain("Start", "s", "End")
    assert _played(stage, body) == {"x": 1}


def test_an_event_moves_its_own_data(stage):
    heard = (
        '<dataOutput id="o"/>'
        + out("R")
        + "<outputSet><dataOutputRefs>o</dataOutputRefs></outputSet>"
    )
    body = catch("c", heard + refer("message", "M")) + chain("Start", "c", "End")
    key = stage.played(drawing(SE + _OBJECTS + body, extra=message("M", "news", '="k"')))
    assert stage.publish("news", "k", o=7, other=1)
    assert stage.variables(key) == {"kept": 7}


def test_a_data_store_is_no_variable():
    store = '<dataStoreReference id="Z"/>'
    body = SE + store + script("s", "o", "1", moved(out=out("Z"))) + chain("Start", "s", "End")
    assert "data-store" in _refused(drawing(body))


def _refused(xml):
    with pytest.raises(DrawingRefused) as refused:
        Stage().deploy(xml)
    return {f.code for f in refused.value.findings}


# ---- global tasks


def test_a_call_of_a_global_user_task_is_that_user_task(stage):
    people = '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="hr"/>'
    glob = f'<globalUserTask id="G" name="Read it">{ext(people)}</globalUserTask>'
    stage.deploy(drawing(SE + call("c", "G") + chain("Start", "c", "End"), extra=glob))
    key = stage.start()
    (task,) = stage.open_tasks()
    assert (task.element_id, task.name, task.candidates) == ("c", "Read it", (("group", "hr"),))
    stage.complete("c", read=True)
    assert stage.done(key)
    assert stage.variables(key) == {"read": True}


@pytest.mark.parametrize("tag", ["globalTask", "globalManualTask"])
def test_a_call_of_a_plain_global_task_is_that_task(stage, tag):
    body = SE + call("c", "G") + chain("Start", "c", "End")
    stage.deploy(drawing(body, extra=f'<{tag} id="G"/>'))
    assert stage.start()


def test_a_call_of_a_global_script_repeats_and_maps_as_the_call_says(stage):
    glob = (
        '<globalScriptTask id="G">'
        + ext('<zeebe:script expression="=x * 2" resultVariable="y"/>')
        + "</globalScriptTask>"
    )
    inner = '<zeebe:ioMapping><zeebe:input source="=given" target="x"/>'
    inner += '<zeebe:output source="=y" target="doubled"/></zeebe:ioMapping>'
    loop = '<standardLoopCharacteristics loopMaximum="2"/>'
    body = SE + call("c", "G", inner, loop) + chain("Start", "c", "End")
    stage.deploy(drawing(body, extra=glob))
    key = stage.start(given=4)
    assert stage.variables(key) == {"given": 4, "doubled": 8}


def test_a_global_task_that_says_too_little_is_refused():
    glob = '<globalScriptTask id="G"/>'
    body = SE + call("c", "G") + chain("Start", "c", "End")
    assert "script-missing" in _refused(drawing(body, extra=glob))


def test_data_of_a_global_task_is_refused_not_lost():
    data = moved().replace('id="i"', 'id="gi"').replace(">i<", ">gi<")
    glob = f'<globalTask id="G">{data}</globalTask>'
    body = SE + call("c", "G") + chain("Start", "c", "End")
    assert "global-task-data" in _refused(drawing(body, extra=glob))
