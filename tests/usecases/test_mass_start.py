"""A cycle is started for everybody in chunks that resume where they stopped; nobody twice."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.jobs import mass_start
from engine.persistence.tables.process import process_instance as instance
from engine.usecases.actor import system
from engine.usecases.cycles import OpenCycle, open_cycle
from engine.usecases.errors import AccessRefused, Conflict
from tests.usecases import worked
from tests.usecases.acting import person

ARGS = {
    "process_id": "planning", "cycle_id": "cycle", "agency_id": "agency", "over": "people",
    "after": "", "extra": {}, "on_behalf_of": None,
}  # fmt: skip


@pytest.fixture
def ready(place):
    place.deploy("workflows/*/*.bpmn", "workflows/*/*.dmn", "forms/library/*.form")
    worked.build(place)
    return place


def chunk(place, args, *, commit=True):
    with place.house.writing() as uow:
        rest = mass_start.start_chunk(place.house, uow, args)
        if commit:
            uow.commit()
        return rest


def started(place, process_id="planning"):
    with place.house.reading() as uow:
        query = sa.select(instance.c.business_key).where(
            instance.c.process_id == process_id, instance.c.parent_key.is_(None)
        )
        return sorted(uow.connection.scalars(query))


def test_chunks_resume_after_a_crash_and_double_nobody(ready, monkeypatch):
    monkeypatch.setattr(mass_start, "CHUNK", 4)
    rest = chunk(ready, ARGS)
    assert len(started(ready)) == 4
    chunk(ready, rest, commit=False)  # the worker died before its commit
    rounds = 0
    while rest is not None:
        rest = chunk(ready, rest)
        rounds += 1
    chunk(ready, ARGS)  # and the job came twice

    assert rounds == 2
    assert started(ready) == sorted(f"{name}:cycle" for name in worked.PEOPLE)


def test_a_plan_is_open_for_everybody_with_his_squads_and_leads(ready):
    chunk(ready, ARGS)

    with ready.house.reading() as uow:
        plan = uow.performance.plan_of("citra", "cycle")
        roles = {item.role for item in uow.performance.items(plan.id)}
        mine = uow.work_list.mine(person("citra"), now=ready.clock.now())
    assert roles == {"home", "a3"}
    assert [task.element_id for task in mine] == ["draft_plan"]


def test_opening_a_cycle_starts_the_year_once_and_by_its_keeper_only(ready):
    with pytest.raises(AccessRefused):
        open_cycle(ready.house, person("sari"), OpenCycle(cycle_id="cycle"))
    open_cycle(ready.house, person("wayan", "perf_admin"), OpenCycle(cycle_id="cycle"))
    with pytest.raises(Conflict):
        open_cycle(ready.house, person("wayan", "perf_admin"), OpenCycle(cycle_id="cycle"))

    assert started(ready, "annual_cycle") == ["cycle:cycle"]


def test_outputs_are_started_with_their_members(ready):
    chunk(ready, {**ARGS, "process_id": "contribution", "over": "outputs"})

    assert started(ready, "contribution") == ["out_a:cycle", "out_b:cycle"]
    with ready.house.reading() as uow:
        mine = uow.work_list.mine(person("budi"), now=ready.clock.now())
    assert [task.element_id for task in mine] == ["deliver_output"]


def test_the_operation_enqueues_one_job_per_process_and_period(ready):
    extra = {"period_id": "p1"}
    answer = ready.do(
        "regu.cycle.start_for_everybody", system(), process_id="monitoring", extra=extra,
        **worked.CYCLE,
    )  # fmt: skip

    assert answer == {"started": "monitoring:cycle:p1"}
