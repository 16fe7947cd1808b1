"""Many at once: idle instances, a long work list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bench import drawings
from bench.figures import Figure, at_most
from bench.lanes import in_turns, same
from bench.place import ACTOR, PERSON, deploy, start
from engine.persistence.tables.process import process_instance, user_task, user_task_candidate
from engine.usecases.ports.process import ProcessChanges, UserTaskRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.wiring import Wired
    from bench.place import Ground

IDLE_MAX = 1.5
LIST_MAX = 3.0

#: open tasks that go through the store before they are copied
SEEDS = 1_000
#: far more keys than a seed has, so that copies never meet
_STRIDE = 1_000_000
_OTHER = f"{PERSON[:-1]}2"


def idle(ground: Ground, *, quick: bool) -> Iterator[Figure]:
    """What the worker asks when nothing is due, with few and many open instances."""
    many = 20_000 if quick else 100_000
    houses = {1_000: ground.house(), many: ground.house()}
    for count, wired in houses.items():
        idle_instances(wired, count)
    lanes = {str(count): same(partial(due, wired)) for count, wired in houses.items()}
    found = in_turns(lanes, rounds=200 if quick else 500, warm=20)
    yield at_most(
        f"question for due timers with {many:,} idle instances",
        IDLE_MAX,
        measured=found[str(many)],
        baseline=found["1000"],
        named="with 1,000",
    )


def due(wired: Wired) -> None:
    """What the worker asks; nothing is due."""
    with wired.house.reading() as uow:
        assert not uow.processes.due_instances(wired.house.clock.now(), 100)


def idle_instances(wired: Wired, count: int) -> None:
    """Instances that wait at a task with a reminder ten days from now, copied in bulk."""
    deploy(wired, drawings.planning())
    key = start(wired, "planning", {"person_id": PERSON})
    table = process_instance
    keys = {"key": key, "root_key": key}
    with wired.database.writing.begin() as connection:
        for first in range(1, count, SEEDS):
            copies = _numbers(first, min(first + SEEDS, count) - 1)
            columns = [
                (copies.c.i + keys[column.name]) if column.name in keys else column
                for column in table.c
            ]
            source = sa.select(*columns).select_from(table).join(copies, sa.true())
            rows = source.where(table.c.key == key)
            connection.execute(table.insert().from_select([c.name for c in table.c], rows))
    _analyse(wired)


def work_list(ground: Ground, *, quick: bool) -> Iterator[Figure]:
    """First page of somebody's tasks, few and many of them open."""
    many = 100_000 if quick else 1_000_000
    houses = {SEEDS: ground.house(), many: ground.house()}
    for count, wired in houses.items():
        tasks(wired, count // SEEDS)
    lanes = {str(count): same(partial(page, wired)) for count, wired in houses.items()}
    found = in_turns(lanes, rounds=50 if quick else 200, warm=10)
    yield at_most(
        f"work list, first page of 50, {many:,} open tasks",
        LIST_MAX,
        measured=found[str(many)],
        baseline=found[str(SEEDS)],
        named=f"with {SEEDS:,}",
    )


def page(wired: Wired) -> None:
    """The first page of who asks."""
    with wired.house.reading() as uow:
        rows = uow.work_list.mine(ACTOR, now=wired.house.clock.now(), limit=50)
    assert len(rows) == 50


def tasks(wired: Wired, copies: int) -> None:
    """A thousand tasks through the store, then copies of them inside the database.

    A tenth is assigned to the one who asks, a tenth to somebody else, the others are free for
    his groups.
    """
    deploy(wired, drawings.planning())
    key = start(wired, "planning", {"person_id": _OTHER})
    with wired.house.reading() as uow:
        model = uow.processes.open_tasks(key)[0]
    with wired.house.writing() as uow:
        seeds = [_seed(model, number) for number in range(SEEDS - 1)]
        uow.processes.flush(ProcessChanges(opened_tasks=seeds))
        uow.commit()
    if copies > 1:
        _copied(wired, user_task, "key", copies)
        _copied(wired, user_task_candidate, "task_key", copies)
    _analyse(wired)


def _seed(model: UserTaskRow, number: int) -> UserTaskRow:
    assignee = {0: PERSON, 1: _OTHER}.get(number % 10)
    group = ("hr", "perf_admin", "process_owner")[number % 3]
    return UserTaskRow(
        key=number + 1,
        instance_key=model.instance_key,
        root_key=model.root_key,
        token=number,
        process_id=model.process_id,
        definition_key=model.definition_key,
        element_id=model.element_id,
        name=model.name,
        assignee=assignee,
        candidates=(("group", group),),
        due_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number * 7919 % 8760),
        created_at=model.created_at,
    )


def _copied(wired: Wired, table: sa.Table, key: str, copies: int) -> None:
    """Multiply the rows of a table inside the database."""
    names = [column.name for column in table.c]
    key_column = table.c[key]
    with wired.database.writing.begin() as connection:
        # the first row belongs to a real instance with a key of its own
        seeds = key_column < _STRIDE
        for first in range(1, copies, 100):
            numbers = _numbers(first, min(first + 100, copies) - 1)
            columns = [
                (column + numbers.c.i * _STRIDE) if column is key_column else column
                for column in table.c
            ]
            source = sa.select(*columns).select_from(table).join(numbers, sa.true())
            connection.execute(table.insert().from_select(names, source.where(seeds)))


def _numbers(first: int, last: int) -> sa.CTE:
    """Whole numbers as a table."""
    numbers = sa.select(sa.literal(first, sa.BigInteger).label("i")).cte("numbers", recursive=True)
    return numbers.union_all(sa.select(numbers.c.i + 1).where(numbers.c.i < last))


def _analyse(wired: Wired) -> None:
    with wired.database.writing.begin() as connection:
        connection.execute(sa.text("ANALYZE"))
