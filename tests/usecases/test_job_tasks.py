"""Tasks of jobs: the worked example, who may keep them, what the database refuses by name."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.domain.staffing import JobTask
from engine.domain.units import Agency, Unit
from engine.usecases.errors import AccessRefused, Conflict, InputRefused, NotFound
from engine.usecases.job_evidence import job_evidence
from engine.usecases.job_tasks import EnterTask, drop_task, enter_task, job_tasks
from tests.usecases import acting, worked
from tests.usecases.crowd import NOON

HR = acting.person("sari", "hr")
EXAMPLE = {"Telaah": ("400", "1.5"), "Rapat": ("120", "4"), "Laporan": ("12", "10")}


@pytest.fixture
def agency(place):
    worked.build(place)
    place.clock.at = NOON
    return place


def task(name="Telaah", volume="400", hours="1.5", unit_id="biro", job="wayan"):
    return EnterTask(
        unit_id=unit_id, job=job, name=name, volume=Decimal(volume), hours=Decimal(hours)
    )


def audited(place):
    with place.house.reading() as uow:
        rows = uow.connection.exec_driver_sql(
            "SELECT act FROM audit WHERE substr(act, 1, 9) = 'job_task:' ORDER BY seq"
        )
        return [row[0] for row in rows]


def evidence(place, job="wayan"):
    return next(one for one in job_evidence(place.house, HR).jobs if one.job == job)


def test_the_worked_example_stands_beside_the_people_and_the_hours_in_squads(agency):
    assert (evidence(agency).needed, evidence(agency).gap) == (None, None)
    for name, (volume, hours) in EXAMPLE.items():
        enter_task(agency.house, HR, task(name, volume, hours))
    found = evidence(agency)
    assert (found.needed, found.people, found.gap) == (
        Decimal("0.96"), Decimal("1.00"), Decimal("-0.04"),
    )  # fmt: skip
    rows = job_tasks(agency.house, HR, "biro").rows
    assert [row.task.name for row in rows] == sorted(EXAMPLE)
    drop_task(agency.house, HR, rows[0].task.id)
    assert evidence(agency).needed == Decimal("0.86")
    assert audited(agency) == ["job_task:agency:enter"] * 3 + ["job_task:agency:drop"]


def test_a_job_without_people_shows_what_its_tasks_take(agency):
    with agency.house.writing() as uow:
        seat = uow.connection.exec_driver_sql("DELETE FROM appointment WHERE id = 'app_wayan'")
        assert seat.rowcount == 1
        uow.commit()
    enter_task(agency.house, HR, task())
    found = evidence(agency)
    assert (found.people, found.needed, found.gap, found.ej) == (
        Decimal("0.00"), Decimal("0.48"), Decimal("0.48"), "",
    )  # fmt: skip
    assert found.months == (0,) * 12


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"volume": None}, "volume"),
        ({"hours": Decimal(0)}, "hours"),
        ({"volume": Decimal(-1)}, "volume"),
        ({"name": "  "}, "name"),
    ],
)
def test_what_cannot_stand_is_named_and_nothing_is_kept(agency, wrong, field):
    with pytest.raises(InputRefused) as refused:
        enter_task(agency.house, HR, replace(task(), **wrong))
    assert [fault.field for fault in refused.value.faults] == [field]
    assert not job_tasks(agency.house, HR, "biro").rows
    assert audited(agency) == []


def test_a_task_stands_once_in_a_job(agency):
    enter_task(agency.house, HR, task())
    with pytest.raises(InputRefused) as refused:
        enter_task(agency.house, HR, task(" Telaah ", "1", "1"))
    assert [fault.code for fault in refused.value.faults] == ["task_known"]


def test_heads_read_their_units_and_only_hr_keeps_them(agency):
    kept = enter_task(agency.house, HR, task())
    head = acting.person("h_biro")
    assert [unit.id for unit in job_tasks(agency.house, head).units] == ["biro"]
    with pytest.raises(NotFound):
        job_tasks(agency.house, head, "hukum")
    with pytest.raises(AccessRefused):
        job_tasks(agency.house, acting.person("wayan"))
    for who in (head, acting.person("wayan"), acting.person("wayan", "auditor")):
        with pytest.raises(AccessRefused):
            enter_task(agency.house, who, task("Rapat"))
        with pytest.raises(AccessRefused):
            drop_task(agency.house, who, kept)
    assert len(job_tasks(agency.house, head).rows) == 1


def test_another_agency_s_posts_and_tasks_are_not_there(agency):
    kept = enter_task(agency.house, HR, task())
    with agency.house.writing() as uow:
        uow.agency.add([Agency(id="other", code="LAIN", name="Lain")])
        uow.agency.add([Unit(id="far", agency_id="other", code="F", name="far")])
        uow.commit()
    stranger = replace(HR, agency_id="other")
    for refused in (
        lambda: enter_task(agency.house, stranger, task("Rapat")),
        lambda: enter_task(agency.house, HR, task(unit_id="far")),
        lambda: enter_task(agency.house, HR, task(job="tiada")),
        lambda: drop_task(agency.house, stranger, kept),
        lambda: drop_task(agency.house, HR, "tiada"),
    ):
        with pytest.raises(NotFound):
            refused()
    assert len(job_tasks(agency.house, HR, "biro").rows) == 1


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"volume": Decimal(0)}, "task_volume_positive"),
        ({"hours": Decimal(-1)}, "task_hours_positive"),
        ({"name": ""}, "task_named"),
        ({"id": "t2"}, "job_task_once|UNIQUE"),
    ],
)
def test_the_database_refuses_by_name(agency, wrong, named):
    good = JobTask(
        id="t1", post_id="post_wayan", name="Telaah", volume=Decimal(1), hours=Decimal(1)
    )
    rows = [good, replace(good, **wrong)] if "id" in wrong else [replace(good, **wrong)]
    with agency.house.writing() as uow, pytest.raises(Conflict, match=named):
        uow.job_tasks.add(rows)
