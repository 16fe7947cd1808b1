"""Who follows a task or process is told what happens to it, on both databases."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.people import Appointment
from engine.usecases import processes, remarks, tasks
from engine.usecases.evidence import keep_file
from engine.usecases.ports.process import Resource
from engine.usecases.reassigning import follow as reassign
from engine.usecases.remarks import Place as At
from engine.usecases.remarks import Say
from engine.usecases.scheduling import ScheduleTask, schedule_task
from tests.usecases.test_reassigning import HEAD, PEOPLE, RATER
from tests.usecases.test_together import Place

#: the token stops at the end of the task: no flow is taken
STUCK = (
    HEAD.replace("{who}", RATER)
    .replace('targetRef="e"/></bpmn:process>', 'targetRef="g"/>{more}</bpmn:process>')
    .replace(
        "<bpmn:incoming>b\n</bpmn:incoming></bpmn:endEvent>",
        "<bpmn:incoming>c</bpmn:incoming></bpmn:endEvent>",
    )
    .replace(
        "{more}",
        '<bpmn:exclusiveGateway id="g"><bpmn:incoming>b</bpmn:incoming>'
        "<bpmn:outgoing>c</bpmn:outgoing><bpmn:outgoing>d</bpmn:outgoing></bpmn:exclusiveGateway>"
        '<bpmn:sequenceFlow id="c" sourceRef="g" targetRef="e">'
        '<bpmn:conditionExpression>=person_id = "a"</bpmn:conditionExpression></bpmn:sequenceFlow>'
        '<bpmn:sequenceFlow id="d" sourceRef="g" targetRef="e2">'
        '<bpmn:conditionExpression>=person_id = "b"</bpmn:conditionExpression></bpmn:sequenceFlow>'
        '<bpmn:endEvent id="e2"><bpmn:incoming>d</bpmn:incoming></bpmn:endEvent>',
    )
)


@pytest.fixture
def place(database, tmp_path):
    made = Place(database, tmp_path)
    yield made
    made.wired.close()


def follow(place, task, *names, whole=False):
    at = At(instance_key=task.instance_key) if whole else At(task_key=task.key)
    for name in names:
        remarks.follow(place.house, place.actor(name), at, wanted=True)


def told(place, name):
    return [kind for kind, _ in place.notices(name) if kind.startswith("followed")]


def say(place, task, by, **said):
    remarks.say(place.house, place.actor(by), Say(at=At(task_key=task.key), **said))


def test_followers_are_told_of_a_remark_and_of_a_file_but_not_who_said_it(place):
    task = place.task()
    follow(place, task, "joko", "budi")
    follow(place, task, "joko", whole=True)
    say(place, task, "budi", text="sudah dicek")
    assert (told(place, "joko"), told(place, "budi")) == (["followed_said"], [])
    kept = keep_file(place.house, place.wired.files, place.actor("budi"), io.BytesIO(b"x"), "a.txt")
    say(place, task, "budi", evidence_id=kept["id"])
    assert told(place, "joko") == ["followed_file", "followed_said"]
    say(place, task, "joko", text="terima kasih")
    assert (len(told(place, "joko")), told(place, "budi")) == (2, ["followed_said"])


def test_who_is_called_by_a_remark_is_told_so_once(place):
    task = place.task()
    follow(place, task, "joko")
    say(place, task, "budi", text="lihat", mentions=(place.ids["joko"],))
    assert [kind for kind, _ in place.notices("joko")] == ["called"]


def test_followers_of_a_process_hear_of_its_tasks_and_those_of_a_task_not_of_the_process(place):
    task = place.task()
    follow(place, task, "joko")
    whole = Say(at=At(instance_key=task.instance_key), text="umum")
    remarks.say(place.house, place.actor("budi"), whole)
    assert told(place, "joko") == []
    follow(place, task, "joko", whole=True)
    say(place, task, "budi", text="tugas")
    assert told(place, "joko") == ["followed_said"]


def test_followers_are_told_of_a_new_holder_each_time(place):
    task = place.task(PEOPLE)
    follow(place, task, "joko", "budi")
    tasks.claim_task(place.house, place.actor("budi"), task.key)
    assert (told(place, "joko"), told(place, "budi")) == (["followed_holder"], [])
    place.delegate(task, "budi", "wati")
    place.resolve(task, "wati")
    assert told(place, "joko") == ["followed_holder"] * 3
    assert [kind for kind, _ in place.notices("budi")] == ["task_handed_back"]


def test_followers_are_told_of_changed_dates_and_of_nothing_when_none_changed(place):
    task = place.task()
    follow(place, task, "joko")
    due = place.house.clock.now() + timedelta(days=3)
    boss = place.actor("budi", "admin")
    for changes in ({"due_at": due}, {"due_at": due}, {"priority": 70}):
        schedule_task(place.house, boss, ScheduleTask(task_key=task.key, changes=changes))
    assert told(place, "joko") == ["followed_dates"]


def rated_by_wati(place):
    """Ratna changes who rates Dedi; his open tasks move from Budi to Wati."""
    with place.house.writing() as uow:
        seat = uow.agency.get(Appointment, place.ids["seat dedi"])
        uow.agency.put(replace(seat, rater_id=place.ids["wati"]))
        people = [place.ids["budi"], place.ids["wati"]]
        reassign(uow, place.house.ids, place.actor("ratna"), people)
        uow.commit()
    place.worker.drain()


def test_who_may_no_longer_see_the_task_is_told_nothing_more(place):
    task = place.task()
    follow(place, task, "budi", "joko")
    rated_by_wati(place)
    say(place, task, "wati", text="rahasia")
    assert told(place, "joko") == ["followed_said", "followed_holder"]
    assert told(place, "budi") == []
    place.complete(task, "wati")
    place.worker.drain()
    assert "followed_ended" in told(place, "joko")
    assert told(place, "budi") == []


def test_followers_are_told_of_an_incident_once(place):
    drawn = Resource(name="asking.bpmn", content=STUCK.encode())
    processes.deploy(place.house, place.actor("joko", "admin"), (drawn,))
    place.start()
    (task,) = place.open()
    follow(place, task, "joko", whole=True)
    place.complete(task, "budi")
    place.worker.drain()
    place.worker.drain()
    assert told(place, "joko") == ["followed_incident"]
