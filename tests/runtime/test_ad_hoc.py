"""Ad-hoc sub-processes: what stands in them without a flow, once, in any order."""

from __future__ import annotations

import pytest

from engine.usecases.errors import DrawingRefused
from tests.runtime.drawn import (
    SE,
    boundary,
    chain,
    drawing,
    ext,
    flow,
    io,
    message,
    refer,
    script,
    start,
    timer,
    user,
)
from tests.runtime.play import Stage

_THREE = user("a") + user("b") + user("c")


def ad_hoc(body, *, until=None, sequential=False, cancel=True, inner=""):
    done = f"<completionCondition>{until}</completionCondition>" if until else ""
    ordering = "Sequential" if sequential else "Parallel"
    return (
        f'<adHocSubProcess id="box" ordering="{ordering}" '
        f'cancelRemainingInstances="{str(cancel).lower()}">{ext(inner)}{body}{done}'
        "</adHocSubProcess>"
    )


def _whole(box):
    return drawing(SE + box + chain("Start", "box", "End"))


def _chosen(expression, more=""):
    return f'<zeebe:adHoc activeElementsCollection="{expression}" {more}/>'


def test_all_begin_at_once_and_it_is_done_when_all_are(stage):
    key = stage.played(_whole(ad_hoc(_THREE)))
    assert stage.names(key) == ["a", "b", "c"]
    for name in "cab":
        stage.renew()
        stage.complete(name)
    assert stage.done(key)


def test_a_sequential_one_does_one_after_the_other(stage):
    key = stage.played(_whole(ad_hoc(_THREE, sequential=True)))
    for name in "abc":
        assert stage.names(key) == [name]
        stage.renew()
        stage.complete(name)
    assert stage.done(key)


@pytest.mark.parametrize("sequential", [False, True])
def test_the_completion_condition_ends_it_and_cancels_what_is_left(stage, sequential):
    key = stage.played(_whole(ad_hoc(_THREE, until="=enough", sequential=sequential)))
    stage.complete("a", enough=False)
    stage.complete("b", enough=True)
    assert stage.done(key)
    assert stage.open_tasks() == []


def test_what_runs_is_waited_for_when_it_is_not_to_be_cancelled(stage):
    inner = _THREE + user("d") + flow("b", "d")
    key = stage.played(_whole(ad_hoc(inner, until="=enough", cancel=False)))
    stage.complete("a", enough=True)
    assert stage.names(key) == ["b", "c"]
    stage.complete("b", enough=False)
    stage.complete("c")
    assert stage.names(key) == ["d"]
    stage.complete("d")
    assert stage.done(key)


def test_flows_inside_are_followed_and_the_condition_sees_local_variables(stage):
    inner = user("a") + script("n", "count", "count + 1") + user("b") + flow("a", "n")
    box = ad_hoc(inner, until="=count = 1", inner=io({"count": "=0"}, {"left": "=count"}))
    key = stage.played(_whole(box))
    stage.complete("a")
    assert stage.done(key)
    assert stage.variables(key) == {"left": 1}


def test_everything_done_and_the_condition_false_is_an_incident_that_a_retry_ends(stage):
    key = stage.played(_whole(ad_hoc(_THREE, until="=enough")), enough=False)
    for name in "abc":
        stage.complete(name)
    (incident,) = stage.incidents(key)
    assert (incident.kind, incident.element_id) == ("condition", "c")
    stage.set(key, enough=True)
    stage.retry(key)
    assert stage.done(key)


def test_a_collection_chooses_what_begins(stage):
    key = stage.played(_whole(ad_hoc(_THREE, inner=_chosen("=[&quot;c&quot;, &quot;a&quot;]"))))
    assert stage.names(key) == ["c", "a"]


@pytest.mark.parametrize("chosen", ["=null", "=1", "=[&quot;x&quot;]"])
def test_a_choice_of_what_is_not_there_is_an_incident(stage, chosen):
    key = stage.played(_whole(ad_hoc(_THREE, inner=_chosen(chosen))))
    assert [i.element_id for i in stage.incidents(key)] == ["box"]


def test_nothing_chosen_is_done_at_once(stage):
    assert stage.done(stage.played(_whole(ad_hoc(_THREE, inner=_chosen("=[]")))))


def test_a_timer_on_its_edge_ends_it(stage):
    body = SE + ad_hoc(_THREE, sequential=True) + boundary("t", "box", timer("Duration", "PT1H"))
    key = stage.played(drawing(body + chain("Start", "box", "End") + flow("t", "End")))
    stage.complete("a")
    stage.pass_time(hours=1)
    assert stage.done(key)
    assert stage.open_tasks() == []


def test_many_of_them_are_each_their_own(stage):
    loop = (
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
        "</multiInstanceLoopCharacteristics>"
    )
    key = stage.played(_whole(ad_hoc(user("a") + user("b") + loop, sequential=True)))
    assert stage.names(key) == ["a", "a"]
    for name in ("a", "b", "a", "b"):
        stage.complete(name)
    assert stage.done(key)


@pytest.mark.parametrize(
    ("code", "box"),
    [
        ("ad-hoc-empty", ad_hoc("")),
        ("ad-hoc-event", ad_hoc(_THREE + '<startEvent id="s"/>')),
        ("ad-hoc-job", ad_hoc(_THREE, inner='<zeebe:taskDefinition type="x"/>')),
        ("refused-extension", ad_hoc(_THREE, inner=_chosen("=[]", 'outputCollection="o"'))),
        ("not-feel", ad_hoc(_THREE, until="enough")),
    ],
)
def test_an_ad_hoc_sub_process_that_cannot_run_is_refused(code, box):
    with pytest.raises(DrawingRefused) as refused:
        Stage().deploy(_whole(box))
    assert code in {f.code for f in refused.value.findings}


@pytest.mark.parametrize("sequential", [False, True])
def test_an_event_sub_process_inside_listens_until_it_ends(stage, sequential):
    ear = start("es", refer("message", "M")).replace(
        "<startEvent", '<startEvent isInterrupting="false"'
    )
    ear += script("ec", "heard", "heard + 1") + flow("es", "ec")
    inner = _THREE + f'<subProcess id="ear" triggeredByEvent="true">{ear}</subProcess>'
    body = SE + ad_hoc(inner, sequential=sequential) + chain("Start", "box", "End")
    key = stage.played(drawing(body, extra=message("M", "news", '="k"')), heard=0)
    for count, name in enumerate("abc", 1):
        assert stage.publish("news", "k")
        assert stage.variables(key)["heard"] == count
        stage.complete(name)
    assert stage.done(key)
    assert not stage.publish("news", "k")
