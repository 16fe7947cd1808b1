"""Standard loops."""

from __future__ import annotations

import pytest

from engine.usecases.errors import DrawingRefused
from tests.runtime.drawn import (
    SE,
    boundary,
    call,
    chain,
    drawing,
    end,
    error,
    flow,
    io,
    message,
    process,
    refer,
    script,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.runtime.play import ANI, Stage


def loop(condition=None, *, before=False, most=None):
    given = f' loopMaximum="{most}"' if most is not None else ""
    inner = f"<loopCondition>{condition}</loopCondition>" if condition else ""
    return (
        f'<standardLoopCharacteristics testBefore="{str(before).lower()}"{given}>{inner}'
        "</standardLoopCharacteristics>"
    )


def _played(stage, marker, **given):
    body = SE + script("n", "n", "n + 1", marker) + chain("Start", "n", "End")
    key = stage.played(drawing(body), **given)
    assert stage.done(key)
    return stage.variables(key)


@pytest.mark.parametrize(
    ("marker", "n", "after"),
    [
        (loop("=n &lt; 3"), 0, 3),
        (loop("=n &lt; 3"), 7, 8),
        (loop("=n &lt; 3", before=True), 1, 3),
        (loop("=n &lt; 3", before=True), 7, 7),
        (loop(most=4), 0, 4),
        (loop("=true", most=4), 0, 4),
        (loop("=loopCounter &lt; 5"), 0, 5),
        (loop("=n &lt; 3", most=2, before=True), 0, 2),
    ],
)
def test_a_loop_goes_on_while_its_condition_holds_so_often_at_most(stage, marker, n, after):
    assert _played(stage, marker, n=n) == {"n": after}


def test_a_looped_user_task_is_one_task_a_turn_and_its_results_stay(stage):
    body = SE + user("u", body=loop("=not(good)")) + chain("Start", "u", "End")
    key = stage.played(drawing(body))
    for good in (False, False, True):
        assert stage.names(key) == ["u"]
        assert stage.tokens(key) == {"u": 1}
        stage.renew()
        stage.complete("u", good=good)
    assert stage.done(key)
    assert stage.variables(key) == {"good": True}


def test_a_looped_sub_process_begins_anew_each_turn(stage):
    inner = start("is") + user("u") + end("ie") + chain("is", "u", "ie") + loop(most=2)
    body = SE + sub("box", inner, io({"loc": "=loopCounter * 10"}, {"last": "=loc"}))
    key = stage.played(drawing(body + chain("Start", "box", "End")))
    stage.complete("u")
    assert stage.names(key) == ["u"]
    stage.complete("u")
    assert stage.done(key)
    assert stage.variables(key) == {"last": 20}


def test_a_looped_receive_task_hears_one_message_a_turn(stage):
    marker = loop(most=2)
    receive = f'<receiveTask id="r" messageRef="M">{marker}</receiveTask>'
    body = SE + receive + chain("Start", "r", "End")
    key = stage.played(drawing(body, extra=message("M", "news", '="k"')))
    assert stage.publish("news", "k", x=1)
    assert not stage.done(key)
    assert stage.publish("news", "k", x=2)
    assert stage.done(key)


def test_a_looped_call_is_a_process_a_turn_and_what_it_writes_stays(stage):
    body = SE + call("c", "Q", body=loop("=n &lt; 3")) + chain("Start", "c", "End")
    inner = start("S2") + script("s", "n", "n + 1") + end("E2") + chain("S2", "s", "E2")
    stage.deploy(drawing(body, more=process("Q", inner)))
    key = stage.start(n=0)
    assert stage.done(key)
    assert (stage.variables(key), len(stage.rows_below(key))) == ({"n": 3}, 3)


def test_a_looped_job_is_offered_by_the_name_of_its_activity(stage):
    body = SE + service("j", "mail", body=loop(most=2)) + chain("Start", "j", "End")
    key = stage.played(drawing(body))
    for _ in range(2):
        (job,) = stage.tables.jobs.values()
        assert job.element_id == "j"
        stage.do(lambda uow, job=job: stage.runner.complete_worker_job(uow, job.key, {}, ANI))
    assert stage.done(key)


def test_a_timer_on_the_edge_of_a_loop_counts_from_its_first_turn(stage):
    body = SE + user("u", body=loop("=true")) + boundary("t", "u", timer("Duration", "PT3H"))
    body += user("late") + chain("Start", "u", "End") + chain("t", "late", "End")
    key = stage.played(drawing(body))
    stage.pass_time(hours=2)
    stage.complete("u")
    assert stage.names(key) == ["u"]
    stage.pass_time(hours=1)
    assert stage.names(key) == ["late"]


def test_an_error_inside_a_turn_is_caught_on_the_edge_of_the_loop(stage):
    inner = start("is") + end("bad", refer("error", "X")) + flow("is", "bad") + loop("=true")
    body = SE + sub("box", inner) + boundary("b", "box", refer("error", "X")) + user("caught")
    body += chain("Start", "box", "End") + chain("b", "caught", "End")
    key = stage.played(drawing(body, extra=error("X", "bad")))
    assert stage.names(key) == ["caught"]
    assert stage.tokens(key) == {"caught": 1}


def test_a_condition_that_is_null_is_an_incident_and_asks_again_after_a_retry(stage):
    body = SE + user("u", body=loop("=again")) + chain("Start", "u", "End")
    key = stage.played(drawing(body))
    stage.complete("u")
    (incident,) = stage.incidents(key)
    assert (incident.kind, incident.element_id) == ("condition", "u")
    assert stage.tokens(key) == {"u": 1}
    stage.set(key, again=True)
    stage.retry(key)
    assert (stage.names(key), stage.incidents(key)) == (["u"], [])


def test_a_loop_without_end_is_stopped_by_the_limit_of_steps():
    stage = Stage()
    body = SE + script("n", "n", "1", loop("=true")) + chain("Start", "n", "End")
    key = stage.played(drawing(body))
    (incident,) = stage.incidents(key)
    assert incident.kind == "limit"
    stage.cancel(key)


@pytest.mark.parametrize(
    ("code", "marker"),
    [
        ("loop-endless", loop()),
        ("loop-maximum", loop("=x", most=-1)),
        ("loop-maximum", loop("=x", most=0)),
        ("not-feel", loop("x &lt; 3")),
    ],
)
def test_a_loop_that_says_no_end_is_refused(code, marker):
    assert code in _refused(SE + script("n", "n", "1", marker) + chain("Start", "n", "End"))


def _refused(body, **more):
    with pytest.raises(DrawingRefused) as refused:
        Stage().deploy(drawing(body, **more))
    return {f.code for f in refused.value.findings if f.severity == "error"}


# ---- with events inside


def _heard(name):
    """An event sub-process that counts the messages it hears."""
    inner = start(f"{name}s", refer("message", "M")).replace(
        "<startEvent", '<startEvent isInterrupting="false"'
    )
    inner += script(f"{name}c", "heard", "heard + 1") + flow(f"{name}s", f"{name}c")
    return f'<subProcess id="{name}" triggeredByEvent="true">{inner}</subProcess>'


def test_an_event_sub_process_inside_a_loop_listens_in_each_turn(stage):
    inner = start("is") + user("u") + flow("is", "u") + _heard("ear") + loop(most=2)
    body = SE + sub("box", inner) + chain("Start", "box", "End")
    key = stage.played(drawing(body, extra=message("M", "news", '="k"')), heard=0)
    for count in (1, 2):
        assert stage.publish("news", "k")
        assert stage.variables(key)["heard"] == count
        stage.complete("u")
    assert stage.done(key)
    assert not stage.publish("news", "k")


# ---- what people see


def test_what_lies_ahead_of_a_turn_knows_the_deadline_of_its_loop(stage):
    body = SE + user("u", body=loop("=true")) + user("next") + user("late")
    body += boundary("t", "u", timer("Duration", "PT3H")) + chain("Start", "u", "next", "End")
    key = stage.played(drawing(body + chain("t", "late", "End")))
    stage.complete("u")
    ((_, _, ahead),) = stage.look(lambda uow: stage.runner.outlook(uow, key))
    assert (ahead.element_id, [a.element_id for a in ahead.following]) == ("u", ["next"])
    assert ahead.silence is not None
    assert [a.element_id for a in ahead.silence.then] == ["late"]


def test_what_lies_ahead_of_a_split_is_every_branch_by_its_words(stage):
    body = start("S") + user("u", name="Decide") + user("a") + user("b") + flow("S", "u")
    body += flow("u", "a", "=yes").replace("<sequenceFlow", '<sequenceFlow name="yes"')
    body += flow("u", "b", "=not(yes)").replace("<sequenceFlow", '<sequenceFlow name="no"')
    key = stage.played(drawing(body))
    ((_, _, ahead),) = stage.look(lambda uow: stage.runner.outlook(uow, key))
    found = [(a.element_id, a.branch) for a in ahead.following]
    assert found == [("a", "Decide yes"), ("b", "Decide no")]
