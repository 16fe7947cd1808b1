"""Jobs of external workers, command by command: leased, changed, failed, thrown, completed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.usecases import processes, steering, worker_jobs
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


def of_agency(agency_id):
    """A machine that works for an agency, or for none."""
    return replace(MACHINE, agency_id=agency_id)


@pytest.fixture
def begun(place, instance):
    """Begin as many instances, each with a job, for an agency; their keys."""
    del instance

    def begin(agency_id, count=1):
        command = StartProcess(process_id="robot", variables={"load": 3})
        machine = of_agency(agency_id)
        return [
            int(start_process(place.house, machine, command)["instanceKey"]) for _ in range(count)
        ]

    return begin


def taken_for(place, agency_id, limit):
    """Instances whose jobs a machine of the agency gets."""
    asked = {"lease_ms": 60_000, "limit": limit}
    jobs = worker_jobs.take_jobs(place.house, of_agency(agency_id), "weigh", "w", **asked)
    return [job.row.instance_key for job in jobs]


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


def test_jobs_of_another_agency_that_nobody_works_on_keep_no_job_of_ours_back(place, begun):
    theirs, (ours,) = begun("agency-2", 3), begun("agency-1")
    assert taken_for(place, "agency-1", limit=1) == [ours]
    assert taken_for(place, "agency-2", limit=5) == theirs, "nobody held them meanwhile"


def test_whoever_belongs_to_no_agency_gets_jobs_of_none_only(place, instance, begun):
    begun("agency-1")
    assert taken_for(place, None, limit=5) == [instance]


def test_whether_a_job_waits_is_asked_of_ones_own_agency(place, begun):
    begun("agency-2")
    assert worker_jobs.jobs_wait(place.house, of_agency("agency-2"), "weigh")
    assert not worker_jobs.jobs_wait(place.house, of_agency("agency-1"), "weigh")


def test_a_job_of_a_held_process_is_given_to_nobody_until_it_goes_on(place, instance):
    steer = steering.Steer(key=instance, reason="a look at it first")
    steering.suspend_instance(place.house, MACHINE, steer)
    assert not worker_jobs.jobs_wait(place.house, MACHINE, "weigh")
    assert take(place) == []
    steering.resume_instance(place.house, MACHINE, steer)
    assert len(take(place)) == 1
