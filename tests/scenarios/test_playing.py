"""Scenarios play the real runtime, and say at which line what was not as expected."""

from __future__ import annotations

from engine.scenarios.coverage import Covered

LEAVE = """
    process: leave
    at: 2026-03-02T08:00:00+07:00
    people: {sari: [], citra: [hr]}
    scenarios:
      - name: one
        start: {who: sari}
        steps:
"""


def leave(steps):
    return LEAVE + "".join(f"          {line}\n" for line in steps.strip().splitlines())


def faults(report):
    return [(one.line, list(one.faults)) for _, one in report.played]


def test_a_scenario_that_goes_as_written_passes_and_counts_every_flow(played):
    report = played(
        "leave",
        leave(
            """
- expect: {tasks: [ask], assigned: {ask: sari}, sees: {sari: [ask], citra: []}, ended: false}
- complete: ask
  by: sari
  form: {days: 3}
- expect: {tasks: [decide], sees: {citra: [decide], sari: []}, variables: {days: 3}}
- complete: decide
  by: citra
- expect: {ended: true, path: [start, ask, decide, end], tasks: [], incidents: []}
"""
        ),
    )
    assert report.passed, report.faults()
    assert report.covered == (Covered(kind="process", name="leave", parts=3, missed=()),)


def test_everything_that_differs_is_said_at_the_line_of_the_expectation(played):
    report = played(
        "leave",
        leave(
            """
- complete: ask
  form: {days: 3}
- expect:
    tasks: [ask]
    variables: {days: 4, why: x}
    sees: {sari: [decide]}
    path: [ask, start]
    never: [ask]
    assigned: {decide: citra}
    ended: true
"""
        ),
    )
    ((line, found),) = faults(report)
    assert line == 11
    assert found == [
        "open tasks: expected ask, found decide",
        "path: 'start' was not completed, or not in this order",
        "'ask' was entered",
        "variable 'days': expected 4, found 3",
        "variable 'why': expected \"x\", found null",
        "tasks in the list of sari: expected decide, found none",
        "'decide': expected to be assigned to citra, found None",
        "the instance has not ended",
    ]


def test_who_may_not_take_a_task_does_not_complete_it(played):
    report = played("leave", leave("- complete: ask\n  by: citra\n  form: {days: 1}"))
    ((line, (fault,)),) = faults(report)
    assert line == 9
    assert fault.startswith("refused:")


def test_a_form_is_checked_as_on_the_page(played):
    taken = played("leave", leave("- complete: ask\n  form: {days: 40}"))
    refused = played("leave", leave("- complete: ask\n  form: {days: 40}\n  refused: [days]"))
    other = played("leave", leave("- complete: ask\n  form: {days: 40}\n  refused: [why]"))
    good = played("leave", leave("- complete: ask\n  form: {days: 4}\n  refused: [days]"))
    assert "days" in faults(taken)[0][1][0]
    assert refused.passed
    assert faults(other)[0][1] == ["refused for ['days'], expected ['why']"]
    assert faults(good)[0][1] == ["it was taken, and should have been refused"]


def test_a_task_that_is_not_there_is_named_with_those_that_are(played):
    report = played("leave", leave("- complete: decide"))
    assert faults(report) == [(9, ["no open task 'decide'; open: ask"])]


def test_each_scenario_begins_anew(played):
    text = leave("- expect: {tasks: [ask]}") + leave("- expect: {tasks: [ask]}").split(
        "scenarios:\n"
    )[1].replace("name: one", "name: two")
    report = played("leave", text)
    assert [one.name for _, one in report.played] == ["one", "two"]
    assert report.passed


def waits(process, steps, start="{}"):
    head = f"process: {process}\nscenarios:\n  - name: one\n    start: {start}\n    steps:\n"
    return head + "".join(f"      {line}\n" for line in steps.strip().splitlines())


def test_a_timer_rings_when_its_time_has_come_and_not_before(played):
    steps = """
- advance: PT23H
- expect: {ended: false}
- advance: PT1H
- expect: {ended: true}
"""
    report = played("waits", waits("waits_day", steps))
    assert report.passed, report.faults()


def test_a_message_reaches_the_key_it_was_sent_to(played):
    steps = """
- message: letter
  key: 8
- expect: {tasks: []}
- message: letter
  key: 7
  variables: {from: citra}
- expect: {tasks: [read], variables: {from: citra}}
"""
    report = played("waits", waits("waits_letter", steps, "{number: '7', who: sari}"))
    assert report.passed, report.faults()


def test_a_signal_reaches_who_waits_for_it(played):
    report = played("waits", waits("waits_bell", "- signal: bell\n- expect: {ended: true}"))
    assert report.passed, report.faults()


def test_an_incident_is_seen_and_resolved_when_its_cause_is_gone(played):
    steps = """
- expect: {incidents: [choose], ended: false}
- set: {way: left}
- retry: choose
- expect: {incidents: [], ended: true, path: [choose, e4], never: [e5]}
"""
    report = played("waits", waits("breaks", steps))
    assert report.passed, report.faults()


def test_an_external_worker_ends_a_job_reports_an_error_or_gives_up(played):
    done = waits("robot", "- work: work\n  variables: {kg: 2.50}\n- expect: {path: [done]}")
    error = waits("robot", "- work: work\n  error: REFUSED\n- expect: {path: [declined]}")
    failed = waits("robot", "- work: work\n  fails: no scale\n- expect: {incidents: [work]}")
    for text in (done, error, failed):
        report = played("robot", text)
        assert report.passed, report.faults()


def test_a_person_starts_with_the_form_and_gets_the_task(played):
    text = """
        process: errand
        people: {sari: []}
        scenarios:
          - name: one
            steps:
              - enter: sari
                form: {what: tea}
              - expect: {assigned: {run: sari}}
              - cancel: true
              - expect: {tasks: [], ended: true}
        """
    report = played("errand", text)
    assert report.passed, report.faults()


def test_time_does_not_go_back(played):
    report = played("waits", waits("waits_day", "- until: 2025-01-01T00:00:00Z"))
    assert faults(report) == [(6, ["time does not go back"])]
