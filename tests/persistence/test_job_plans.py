"""Jobs are taken by the index of their type, whatever else runs, in every agency."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from bench.rollups import unguarded
from engine.persistence.tables.process import process_definition, process_instance
from engine.persistence.tables.waiting import worker_job
from engine.usecases.ports.process import WorkerJobRow
from tests.persistence.building import NOON, definition, instance, units_of
from tests.persistence.counting import counted
from tests.persistence.test_list_plans import effort

AGENCIES = ("a0", "a1")
ROWS = 2_000
#: rows that the busiest step may touch on PostgreSQL, and steps of the machine of SQLite
TOUCHED_MAX, STEPS_MAX = 40, 3_000
UNTIL = NOON + timedelta(minutes=5)


def job(key):
    """A job of the instance of the same number; one in ten is of the type that is asked for."""
    row = WorkerJobRow(
        key=ROWS + key,
        instance_key=key,
        root_key=key,
        token=1,
        process_id="planning",
        definition_key=1,
        element_id="x",
        type="print" if key % 20 > 1 else "mail",
        headers={},
        retries=3,
    )
    return {name: value for name, value in asdict(row).items() if name in worker_job.c}


@pytest.fixture
def crowded(database):
    """Two agencies with a job in each of many instances."""
    rows = {
        process_definition: [asdict(definition())],
        process_instance: [asdict(instance(n, agency_id=AGENCIES[n % 2])) for n in range(1, ROWS)],
        worker_job: [job(n) for n in range(1, ROWS)],
    }
    with database.writing.connect() as connection:
        unguarded(connection)
        with connection.begin():
            for table, found in rows.items():
                known = [{k: v for k, v in row.items() if k in table.c} for row in found]
                connection.execute(table.insert(), known)
    if not database.is_sqlite:
        with database.writing.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    return units_of(database)


def test_a_few_jobs_of_ones_agency_are_found_without_reading_all_that_runs(database, crowded):
    asks = {
        "take": lambda uow: uow.search.take_worker_jobs(
            "mail", "w", agency_id="a1", now=NOON, until=UNTIL, limit=2
        ),
        "wait": lambda uow: uow.search.worker_jobs_wait("mail", "a1", NOON),
    }
    bound = STEPS_MAX if database.is_sqlite else TOUCHED_MAX
    spent = {}
    for name, ask in asks.items():
        with crowded.writing() as uow, counted(database.writing) as seen:
            assert ask(uow), name
            text, values = next(
                pair
                for pair in zip(seen.texts, seen.values, strict=True)
                if "JOIN process_instance" in pair[0]
            )
            spent[name] = effort(uow, database, text, values)
    assert {name: cost for name, cost in spent.items() if cost > bound} == {}
