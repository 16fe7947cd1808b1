"""What waits beside the flow and fails is seen as long as it lives, and no longer."""

from __future__ import annotations

from tests.runtime import drawn as d
from tests.runtime.moved import again, migrate, plan

_KEPT = d.message("M", "m", '="k"')


def _beside(trigger, *, interrupting=False):
    inner = (
        f'<startEvent id="s" isInterrupting="{str(interrupting).lower()}">{trigger}</startEvent>'
    )
    inner += d.user("X") + d.end("e") + d.chain("s", "X", "e")
    return f'<subProcess id="B" triggeredByEvent="true">{inner}</subProcess>'


def _drawing(*beside):
    body = d.SE + d.user("A") + d.chain("Start", "A", "End") + "".join(beside)
    return d.drawing(body, extra=_KEPT)


def _unended(stage):
    """Tokens of which history tells, but not that they ended."""
    began, ended = {}, set()
    for row in stage.tables.told:
        began.setdefault((row.instance_key, row.token), row.element_id)
        if row.event in {"completed", "cancelled"}:
            ended.add((row.instance_key, row.token))
    return sorted(element for token, element in began.items() if token not in ended)


_LATER = d.timer("Duration", "=length")


def test_history_tells_the_end_of_an_event_sub_process_that_could_not_wait(stage):
    key = stage.played(_drawing(_beside(_LATER)))
    assert [row.element_id for row in stage.incidents()] == ["B"]
    assert _unended(stage) == ["A", "B"]
    stage.complete("A")
    assert stage.done(key)
    assert (_unended(stage), stage.incidents(), stage.row(key).incidents) == ([], [], 0)


def test_one_that_waits_after_a_retry_ends_in_history_too(stage):
    key = stage.played(_drawing(_beside(_LATER)))
    stage.set(key, length="PT1H")
    stage.retry(key)
    stage.complete("A")
    assert (stage.done(key), _unended(stage)) == (True, [])


def test_one_that_could_not_wait_ends_when_another_interrupts(stage):
    message = _beside(d.refer("message", "M"), interrupting=True)
    for name in ("B", "s", "X", "e"):
        message = message.replace(f'"{name}"', f'"{name}2"')
    key = stage.played(_drawing(_beside(_LATER), message))
    stage.publish("m", "k")
    stage.complete("X2")
    assert stage.done(key)
    assert (_unended(stage), stage.incidents(), stage.row(key).incidents) == ([], [], 0)


def test_one_that_never_failed_leaves_no_word(stage):
    stage.played(_drawing(_beside(d.refer("message", "M"))))
    stage.complete("A")
    assert "B" not in {row.element_id for row in stage.tables.told}


def test_its_incident_ends_when_a_version_without_it_takes_over(stage):
    stage.deploy(_drawing(_beside(_LATER)))
    key = stage.start()
    again(stage, _drawing())
    done = migrate(stage, key, plan(stage))
    assert done.before is None
    assert (stage.incidents(), stage.row(key).incidents, _unended(stage)) == ([], 0, ["A"])
    stage.complete("A")
    assert stage.done(key)
