"""Open tasks follow the organisation, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from app.settings import Settings
from app.wiring import wire
from engine.domain.people import Appointment
from engine.persistence.tables.work import outbox
from engine.usecases import processes, tasks
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.ports.process import Resource, TaskState
from engine.usecases.ports.search import TaskQuery
from engine.usecases.reassigning import CHUNK, follow
from tests.workflows.agency import Ids, settle

HEAD = """<?xml version="1.0"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t">
<bpmn:process id="asking" isExecutable="true"><bpmn:startEvent id="s"><bpmn:outgoing>a
</bpmn:outgoing></bpmn:startEvent><bpmn:userTask id="act" name="Act"><bpmn:extensionElements>
<zeebe:userTask/>{who}</bpmn:extensionElements><bpmn:incoming>a</bpmn:incoming>
<bpmn:outgoing>b</bpmn:outgoing></bpmn:userTask><bpmn:endEvent id="e"><bpmn:incoming>b
</bpmn:incoming></bpmn:endEvent><bpmn:sequenceFlow id="a" sourceRef="s" targetRef="act"/>
<bpmn:sequenceFlow id="b" sourceRef="act" targetRef="e"/></bpmn:process></bpmn:definitions>"""
RATER = '<zeebe:assignmentDefinition assignee="=rater(person_id)"/>'
PEOPLE = '<zeebe:assignmentDefinition candidateUsers="=[rater(person_id)]"/>'


class Place:
    def __init__(self, database, folder):
        settings = Settings(
            database_url=database.url,
            data_dir=folder,
            secret_file=folder / "secret",
            clock="movable",
            clock_start=datetime(2026, 1, 19, 2, 0, tzinfo=UTC),
        )
        self.wired = wire(settings)
        self.house = self.wired.house
        self.ids = Ids(self.house.ids.uuid)
        self.worker = self.wired.worker()
        with self.house.writing() as uow:
            settle(uow, self.ids)
            uow.commit()

    def actor(self, name, *groups):
        return Actor(
            kind=ActorKind.PERSON,
            name=self.ids[name],
            person_id=self.ids[name],
            groups=frozenset(groups),
            agency_id=self.ids["agency"],
        )

    def draw(self, who):
        content = HEAD.replace("{who}", who).encode()
        deployer = self.actor("joko", "admin")
        processes.deploy(self.house, deployer, (Resource(name="asking.bpmn", content=content),))

    def start(self, person="dedi"):
        command = processes.StartProcess(
            process_id="asking", variables={"person_id": self.ids[person]}
        )
        processes.start_process(self.house, self.actor("joko", "process_owner"), command)

    def rated_by(self, person, rater):
        with self.house.writing() as uow:
            seat = uow.agency.get(Appointment, self.ids[f"seat {person}"])
            uow.agency.put(replace(seat, rater_id=self.ids[rater]))
            people = [self.ids["budi"], self.ids[rater]]
            follow(uow, self.house.ids, self.actor("joko"), people)
            uow.commit()
        self.worker.drain()

    def open(self):
        with self.house.reading() as uow:
            query = TaskQuery(agency_id=self.ids["agency"], state=TaskState.CREATED)
            return uow.search.tasks(query, limit=100)

    def mine(self, name):
        with self.house.reading() as uow:
            return len(uow.work_list.mine(self.actor(name), now=self.house.clock.now()))


@pytest.fixture
def place(database, tmp_path):
    made = Place(database, tmp_path)
    yield made
    made.wired.close()


def test_more_tasks_than_one_transaction_takes_all_move_and_both_are_told(place):
    place.draw(RATER)
    for _ in range(CHUNK + 3):
        place.start()
    assert place.mine("budi") == CHUNK + 3
    place.rated_by("dedi", "wati")
    assert (place.mine("budi"), place.mine("wati")) == (0, CHUNK + 3)
    with place.house.reading() as uow:
        assert list(uow.audit.verify()) == []
    with place.wired.database.reading.connect() as connection:
        kept = connection.execute(sa.select(outbox.c.payload).where(outbox.c.kind == "moved"))
        told = [row.payload for row in kept]
    assert {row["recipient_id"] for row in told} == {place.ids["budi"]}
    assert len(told) == CHUNK + 3


def test_a_task_of_named_candidates_moves_and_one_taken_by_hand_stays(place):
    place.draw(PEOPLE)
    place.start()
    place.start()
    taken = place.open()[0]
    tasks.claim_task(place.house, place.actor("budi"), taken.key)
    place.rated_by("dedi", "wati")
    holders = {t.key: (t.assignee, t.candidates) for t in place.open()}
    wati = (("user", place.ids["wati"]),)
    assert holders.pop(taken.key)[0] == place.ids["budi"]
    assert list(holders.values()) == [(None, wati)]
    assert (place.mine("budi"), place.mine("wati")) == (1, 1)


def test_a_task_that_nobody_had_goes_to_whom_is_found_now(place):
    place.draw(RATER)
    place.start("ratna")
    [task] = place.open()
    assert (task.orphaned, task.candidates) == (True, (("group", "perf_admin"),))
    place.rated_by("ratna", "wati")
    [task] = place.open()
    assert (task.orphaned, task.assignee) == (False, place.ids["wati"])
    with place.house.reading() as uow:
        assert uow.work_list.orphaned(place.ids["agency"]) == []


def test_a_task_for_a_fixed_person_and_one_that_does_not_differ_stay_untouched(place):
    place.draw(f'<zeebe:assignmentDefinition assignee="{place.ids["budi"]}"/>')
    place.start()
    place.draw(RATER)
    place.start("sari")
    before = {t.key: (t.assignee, t.version) for t in place.open()}
    place.rated_by("dedi", "wati")
    assert {t.key: (t.assignee, t.version) for t in place.open()} == before
