"""The commands that people and programs use most, one after another: a stage for the sweep.

`pytest tests/crash/test_used_commands.py -p tests.crash.every_command` kills each of them at every
statement on both databases. Run plainly, it shows that the stage still stands.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine.persistence.schema import metadata
from engine.usecases import (
    accounts,
    bulk_tasks,
    calendars,
    clock,
    delegating,
    drafting,
    habits,
    inbox,
    messages,
    processes,
    remarks,
    scheduling,
    steering,
    tasks,
)
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from tests.crash.soak.place import hasher
from tests.crash.stage import NOON, RELAY, Stage


@pytest.fixture
def stage(database):
    made = Stage(database)
    yield made
    made.close()


def _relay(stage):
    """A relay at its first task, in sari's hands."""
    stage.start("relay", who=stage.ids["sari"], number="n1")
    return stage.open("hand_over")[0].key


def _state(stage, table, *columns):
    wanted = metadata.tables[table]
    with stage.wired.database.reading.connect() as connection:
        return connection.execute(sa.select(*(wanted.c[name] for name in columns))).all()


def test_a_task_is_given_back_claimed_assigned_and_lent(stage):
    key, sari, joko = _relay(stage), stage.actor("sari"), stage.actor("joko")
    tasks.unclaim_task(stage.house, sari, key)
    tasks.claim_task(stage.house, joko, key)
    tasks.assign_task(stage.house, joko, tasks.AssignTask(task_key=key, assignee=sari.person_id))
    to = stage.ids["dedi"]
    delegating.delegate_task(stage.house, sari, delegating.DelegateTask(task_key=key, delegate=to))
    back = delegating.ResolveTask(task_key=key, data={"note": "half"})
    delegating.resolve_task(stage.house, stage.actor("dedi"), back)
    assert stage.open("hand_over")[0].assignee == sari.person_id


def test_a_draft_is_kept_and_dropped_and_the_task_is_put_off(stage):
    key, sari = _relay(stage), stage.actor("sari")
    tasks.save_draft(stage.house, sari, key, {"note": "half"})
    tasks.drop_draft(stage.house, sari, key)
    later = NOON + timedelta(days=1)
    wanted = scheduling.ScheduleTask(task_key=key, changes={"follow_up_at": later})
    scheduling.schedule_task(stage.house, sari, wanted)
    inbox.put_off(stage.house, sari, [key], later)
    inbox.bring_back(stage.house, sari, [key])
    assert _state(stage, "task_draft", "task_key") == []


def test_a_relay_is_run_to_its_end(stage):
    key = _relay(stage)
    stage.start("receiver", who=stage.ids["sari"], number="n2")
    stage.complete(key, "sari", note="x")
    stage.complete(stage.open("cheer")[0].key, "joko")
    stage.complete(stage.open("run")[0].key, "sari")
    clock.move_clock(stage.house, stage.operator, NOON + timedelta(days=2))
    with stage.house.reading() as uow:
        due = uow.processes.due_instances(stage.house.clock.now(), 10)
    for one in due:
        processes.fire_timers(stage.house, one)
    statuses = _state(stage, "process_instance", "process_id", "status")
    assert ("relay", "completed") in statuses


def test_messages_and_signals_are_sent(stage):
    stage.start("receiver", who=stage.ids["sari"], number="n1")
    sent = messages.PublishMessage(name="baton", correlation_key="n7", time_to_live_ms=60_000)
    messages.publish_message(stage.house, stage.operator, sent)
    given = messages.PublishMessage(name="baton", correlation_key="n1")
    messages.correlate_message(stage.house, stage.operator, given)
    messages.broadcast_signal(stage.house, stage.operator, "nobody listens", {})
    assert stage.open("go_on")


def test_an_instance_is_changed_steered_and_ended(stage):
    _relay(stage)
    (key,) = _state(stage, "process_instance", "key")[0]
    by = stage.operator
    change = steering.ChangeVariables(key=key, variables={"number": "n9"}, reason="a new number")
    steering.change_variables(stage.house, by, change)
    steering.suspend_instance(stage.house, by, steering.Steer(key=key, reason="a look at it first"))
    steering.resume_instance(stage.house, by, steering.Steer(key=key, reason="it was looked at"))
    steering.end_instance(stage.house, by, steering.Steer(key=key, reason="it is not needed"))
    assert _state(stage, "process_instance", "status") == [("cancelled",)]


def test_a_remark_is_said_and_a_task_followed(stage):
    at, sari = remarks.Place(task_key=_relay(stage)), stage.actor("sari")
    remarks.say(stage.house, sari, remarks.Say(at=at, text="Ready at noon."))
    remarks.follow(stage.house, stage.actor("joko"), at, wanted=True)
    assert len(_state(stage, "remark", "id")) == 1


def test_habits_are_kept(stage):
    sari = stage.actor("sari")
    habits.keep_filter(stage.house, sari, "inbox", "mine", "q=x")
    ((kept,),) = _state(stage, "saved_filter", "id")
    habits.drop_filter(stage.house, sari, kept)
    habits.read_notices(stage.house, sari, None)
    assert _state(stage, "saved_filter", "id") == []


def test_many_tasks_are_done_together(stage):
    for _ in range(2):
        _relay(stage)
    keys = tuple(task.key for task in stage.open("hand_over"))
    wanted = bulk_tasks.Together(act=bulk_tasks.Act.CLAIM, task_keys=keys)
    for key in keys:
        tasks.unclaim_task(stage.house, stage.actor("sari"), key)
    assert bulk_tasks.do_together(stage.house, stage.actor("joko"), wanted).done == list(keys)


def test_a_drawing_is_drafted_and_deployed(stage):
    subject = Subject(DraftKind.PROCESS, "greet")
    content = RELAY.read_bytes().replace(b'name="Hello"', b'name="Good morning"')
    processes.deploy(stage.house, stage.operator, (Resource(name=RELAY.name, content=content),))
    with stage.house.reading() as uow:
        drawn = uow.processes.latest_definition("greet").xml
    save = drafting.SaveDraft(subject=subject, content=drawn.replace(b"Good", b"Best"))
    drafting.save_draft(stage.house, stage.operator, save)
    assert len(_state(stage, "studio_draft", "content")) == 1


def test_an_account_is_made_given_rights_and_closed(stage):
    operator, day = stage.operator, date(2026, 1, 19)
    secret = "a long enough secret"  # noqa: S105 - of nobody
    agency = stage.ids["agency"]
    accounts.create_admin(stage.house, hasher(), login="warden", password=secret, agency_id=agency)
    accounts.grant_group(stage.house, operator, "warden", "auditor", day)
    accounts.withdraw_group(stage.house, operator, "warden", "auditor", day)
    accounts.disable_account(stage.house, operator, "warden")
    assert any(row.login == "warden" for row in _state(stage, "account", "login"))


def test_a_day_off_is_added_and_withdrawn(stage):
    day = calendars.ChangeDay(
        day=date(2026, 6, 1), name="Hari libur", letter_no="3/2026", reason="by decree of today"
    )
    calendars.add_day(stage.house, stage.actor("joko"), day)
    calendars.withdraw_day(stage.house, stage.actor("joko"), day)
