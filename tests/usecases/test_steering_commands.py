"""What operators and timers do to instances, command by command and on both databases."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from engine.usecases import element_acts, processes, worker_jobs
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.element_acts import ScopeVariables
from engine.usecases.errors import InputRefused
from engine.usecases.ports.process import Resource
from engine.usecases.processes import StartProcess, start_process
from engine.usecases.worker_jobs import FailJob

ROBOT = Path("tests/drawings/robot.bpmn")
OPERATOR = Actor(
    kind=ActorKind.CLIENT, name="operator", groups=frozenset({"admin", "process_owner"})
)
HOURLY = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="hourly_defs"
    targetNamespace="http://regu/tests">
  <bpmn:process id="hourly" name="Hourly" isExecutable="true">
    <bpmn:startEvent id="every">
      <bpmn:outgoing>a</bpmn:outgoing>
      <bpmn:timerEventDefinition id="every_def">
        <bpmn:timeCycle xsi:type="bpmn:tFormalExpression">R3/PT1H</bpmn:timeCycle>
      </bpmn:timerEventDefinition>
    </bpmn:startEvent>
    <bpmn:endEvent id="done"><bpmn:incoming>a</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="every" targetRef="done" />
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def robot(place):
    files = (Resource(name=ROBOT.name, content=ROBOT.read_bytes()),)
    processes.deploy(place.house, OPERATOR, files)
    command = StartProcess(process_id="robot", variables={"load": 3})
    return int(start_process(place.house, OPERATOR, command)["instanceKey"])


def view(place, key):
    with place.house.reading() as uow:
        return place.runner.view(uow, key)


def test_variables_are_changed_for_a_reason_that_is_written_down(place, robot):
    command = ScopeVariables(
        activation=robot, variables={"load": 4}, local=False, reason="weighed again"
    )
    element_acts.set_variables(place.house, OPERATOR, command)
    assert view(place, robot).variables == {"load": 4}
    with pytest.raises(InputRefused):
        element_acts.set_variables(
            place.house,
            OPERATOR,
            ScopeVariables(activation=robot, variables={"load": 5}, local=False, reason=" "),
        )
    assert view(place, robot).variables == {"load": 4}


def test_an_incident_that_is_retried_is_gone_and_the_work_waits_again(place, robot):
    asked = {"lease_ms": 60_000, "limit": 5}
    (job,) = worker_jobs.take_jobs(place.house, OPERATOR, "weigh", "w", **asked)
    failed = FailJob(job_key=job.row.key, retries=0, message="broken")
    worker_jobs.fail_job(place.house, OPERATOR, failed)
    (incident,) = view(place, robot).incidents
    assert worker_jobs.take_jobs(place.house, OPERATOR, "weigh", "w", **asked) == []
    with pytest.raises(InputRefused):
        processes.retry_incident(place.house, OPERATOR, incident.key, " ")
    processes.retry_incident(place.house, OPERATOR, incident.key, "the scale is mended")
    assert view(place, robot).incidents == ()
    assert len(worker_jobs.take_jobs(place.house, OPERATOR, "weigh", "w", **asked)) == 1


def test_a_start_that_is_due_happens_once_and_plans_the_next_one(place):
    files = (Resource(name="hourly.bpmn", content=HOURLY.encode()),)
    processes.deploy(place.house, OPERATOR, files)
    place.clock.at += timedelta(hours=1, minutes=1)
    with place.house.reading() as uow:
        (due,) = uow.processes.due_starts(place.clock.now(), 10)
    assert processes.fire_start(place.house, due) == 1
    assert processes.fire_start(place.house, due) == 0, "the next one has another hour"
    place.clock.at += timedelta(hours=1)
    with place.house.reading() as uow:
        (again,) = uow.processes.due_starts(place.clock.now(), 10)
    assert again.due_at - due.due_at == timedelta(hours=1)
