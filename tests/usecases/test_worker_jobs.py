"""Jobs of external workers, command by command: leased, changed, failed, thrown, completed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.usecases import processes, worker_jobs
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import NotFound
from engine.usecases.ports.process import Resource
from engine.usecases.processes import StartProcess, start_process
from engine.usecases.worker_jobs import ChangeJob, FailJob

ROBOT = Path("tests/drawings/robot.bpmn")
MACHINE = Actor(kind=ActorKind.CLIENT, name="scale", groups=frozenset({"admin", "process_owner"}))


@pytest.fixture
def instance(place):
    processes.deploy(place.house, MACHINE, (Resource(name=ROBOT.name, content=ROBOT.read_bytes()),))
    command = StartProcess(process_id="robot", variables={"load": 3})
    return int(start_process(place.house, MACHINE, command)["instanceKey"])


def take(place, **lease):
    asked = {"lease_ms": 60_000, "limit": 5, **lease}
    return worker_jobs.take_jobs(place.house, MACHINE, "weigh", "w", **asked)


def status(place, key):
    with place.house.reading() as uow:
        return place.runner.view(uow, key).row.status


def test_a_job_is_taken_once_changed_failed_and_taken_again(place, instance):
    (job,) = take(place)
    assert job.variables == {"load": 3}
    assert take(place) == []
    changed = ChangeJob(job_key=job.row.key, retries=7, lease_ms=120_000)
    worker_jobs.change_job(place.house, MACHINE, changed)
    failed = FailJob(job_key=job.row.key, retries=6, message="the scale is off")
    worker_jobs.fail_job(place.house, MACHINE, failed)
    (again,) = take(place)
    assert (again.row.key, again.row.retries, again.row.error) == (job.row.key, 6, failed.message)
    worker_jobs.complete_job(place.house, MACHINE, job.row.key, {"weight": 12})
    assert status(place, instance) == "completed"
    with pytest.raises(NotFound):
        worker_jobs.complete_job(place.house, MACHINE, job.row.key, {"weight": 13})


def test_an_error_that_is_thrown_goes_the_way_that_the_drawing_has_for_it(place, instance):
    (job,) = take(place)
    words = {"message": "too heavy", "variables": {"over": True}}
    worker_jobs.throw_error(place.house, MACHINE, job.row.key, "REFUSED", **words)
    assert status(place, instance) == "completed"
    assert take(place) == []
