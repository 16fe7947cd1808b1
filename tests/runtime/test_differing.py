"""Two versions side by side: what changed, element by element, and what tokens may go where."""

from __future__ import annotations

from tests.runtime import drawn as d
from tests.runtime.moved import again, keys, migrate, plan

EARS = d.message("M", "told", '="k"')


def difference(stage):
    old, new = keys(stage)[-2:]
    return stage.look(lambda uow: stage.runner.difference(uow, old, new))


def test_a_difference_names_what_came_went_and_changed_and_in_what(memory_stage):
    stage = memory_stage
    who = '<zeebe:assignmentDefinition candidateGroups="{}"/>'
    stage.deploy(d.drawing(
        d.SE + d.user("A", who.format("hr"), name="One") + d.user("B") + d.gateway("X")
        + d.chain("Start", "A", "X") + d.flow("X", "B", "=n > 1", "f")
        + d.flow("X", "End", "=n <= 1") + d.chain("B", "End")
    ))  # fmt: skip
    again(stage, d.drawing(
        d.SE + d.user("A", who.format("admin"), name="Two") + d.user("C") + d.gateway("X")
        + d.chain("Start", "A", "X") + d.flow("X", "C", "=n > 2", "f")
        + d.flow("X", "End", "=n <= 1") + d.chain("C", "End")
    ))  # fmt: skip
    told = difference(stage)
    found = {(one.how, one.id): one for one in told.changes if one.what == "element"}
    assert set(found) == {("changed", "A"), ("added", "C"), ("removed", "B")}
    details = {one.field: (one.before, one.after) for one in found["changed", "A"].details}
    assert details["name"] == ("One", "Two")
    assert details["user_task.candidate_groups"] == ("hr", "admin")
    flow = next(one for one in told.changes if one.id == "f")
    assert {one.field for one in flow.details} == {"target", "condition"}
    assert "Start" in told.same


def test_the_same_drawing_again_differs_in_nothing(memory_stage):
    stage = memory_stage
    xml = d.drawing(d.SE + d.user("A") + d.chain("Start", "A", "End"))
    stage.deploy(xml)
    again(stage, xml.replace(b"</definitions>", b"<!-- again --></definitions>"))
    assert difference(stage).changes == ()


def beside(event, inner):
    return (
        f'<subProcess id="{event}" triggeredByEvent="true">'
        f'<startEvent id="{event}_s" isInterrupting="false">{d.refer("message", "M")}</startEvent>'
        f'{inner}<endEvent id="{event}_e"/>' + d.chain(f"{event}_s", f"{event}_t", f"{event}_e")
        + "</subProcess>"
    )  # fmt: skip


def test_event_sub_processes_go_on_waiting_and_new_ones_begin_to(stage):
    plain = d.SE + d.user("A") + d.chain("Start", "A", "End")
    stage.deploy(d.drawing(plain, extra=EARS))
    late = stage.start()
    stage.deploy(d.drawing(plain + beside("E", d.user("E_t")), extra=EARS))
    early = stage.start()
    again(stage, d.drawing(plain + beside("E", d.user("E_t", name="New")), extra=EARS))
    migrate(stage, early, plan(stage))
    old, _, new = keys(stage)
    wanted = stage.look(lambda uow: stage.runner.propose(uow, old, new)).plan
    migrate(stage, late, wanted)
    assert stage.publish("told", "k")
    assert stage.publish("told", "k") is True
    assert stage.names(early).count("E_t") + stage.names(late).count("E_t") == 2
    for key in (early, late):
        for name in ("A", *(n for n in stage.names(key) if n == "E_t")):
            task = next(t for t in stage.open_tasks() if (t.root_key, t.element_id) == (key, name))
            stage.complete_key(task.key)
        assert stage.done(key)


def test_what_was_done_before_the_move_can_be_undone_after_it(stage):
    def body(name):
        edge = (
            '<boundaryEvent id="U" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>'
        )
        undo = f'<userTask id="Undo" name="{name}" isForCompensation="true">'
        undo += d.ext("<zeebe:userTask/>") + "</userTask>"
        link = '<association sourceRef="U" targetRef="Undo" associationDirection="One"/>'
        back = d.throw("Back", "<compensateEventDefinition/>")
        return d.drawing(
            d.SE + d.user("A") + edge + undo + link + d.user("B") + back
            + d.chain("Start", "A", "B", "Back", "End")
        )  # fmt: skip

    stage.deploy(body("Old"))
    key = stage.start()
    stage.complete("A")
    again(stage, body("New"))
    migrate(stage, key, plan(stage))
    stage.complete("B")
    assert stage.task("Undo").name == "New"
    stage.complete("Undo")
    assert stage.done(key)
