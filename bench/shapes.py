"""Shapes that punish an engine: loops, pairs of AND gateways, large multi-instances."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bench import drawings
from bench.figures import Figure, at_most, duration
from bench.lanes import cpu, in_turns, same
from bench.place import ACTOR, PERSON, deploy, open_task, start
from engine.persistence.tables.process import user_task
from engine.runtime.state import State
from engine.usecases.tasks import CompleteTask, complete_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.wiring import Wired
    from bench.lanes import Lane
    from bench.place import Ground
    from engine.usecases.actor import Actor

LOOP_MAX = 1.3
PAIRS = 16
TASKS_BELOW = 20
MULTI_MAX = 12.0

_FEW, _MANY = 10, 1_000


def loops(ground: Ground, *, quick: bool) -> Iterator[Figure]:
    """A user task in a loop: one instance at its 1,000th round, others at their 10th."""
    wired = ground.house()
    deploy(wired, drawings.round_and_round())
    rounds = 40 if quick else 150
    found = in_turns(
        {"young": _looping(wired, _FEW, rounds=10), "old": _looping(wired, _MANY, rounds=rounds)},
        rounds=rounds,
        warm=5,
    )
    yield at_most(
        f"a completion in a loop at round {_MANY:,}",
        LOOP_MAX,
        measured=found["old"],
        baseline=found["young"],
        named=f"round {_FEW}",
    )
    yield from _counting(wired, quick=quick)


def _looping(wired: Wired, age: int, *, rounds: int) -> Lane:
    """Completions of an instance between its rounds `age` and `age + rounds`, then of another."""
    key, done = 0, 0

    def prepare() -> Callable[[], object]:
        nonlocal key, done
        if key == 0 or (age == _FEW and done >= age + rounds):
            key, done = start(wired, "round", {"note": "x" * 300}), 0
        while done < age:
            _complete(wired, _needed(open_task(wired, key)))
            done += 1
        task = _needed(open_task(wired, key))
        done += 1
        return lambda: _complete(wired, task)

    return prepare


def _counting(wired: Wired, *, quick: bool) -> Iterator[Figure]:
    deploy(wired, drawings.counting())

    def lane(wanted: int) -> Lane:
        return same(lambda: start(wired, "counting", {"n": 0, "wanted": wanted}))

    found = in_turns({"few": lane(100), "many": lane(_MANY)}, rounds=3 if quick else 7, warm=1)
    yield at_most(
        f"an automatic round of {_MANY:,} in one command",
        LOOP_MAX,
        measured=[seconds / _MANY for seconds in found["many"]],
        baseline=[seconds / 100 for seconds in found["few"]],
        named="of 100",
    )


def pairs(ground: Ground, *, quick: bool) -> Iterator[Figure]:
    """AND-split and AND-join in a row: a token more per branch, never a tree per way."""
    del quick
    wired = ground.house()
    deploy(wired, drawings.pairs(PAIRS))
    with _tokens_counted() as most:
        key = start(wired, "pairs", {})
    with wired.house.reading() as uow:
        row = uow.processes.instance(key)
    assert row is not None
    assert row.status.value == "completed"
    yield Figure(
        what=f"{PAIRS} AND-split/AND-join pairs in a row: task objects at any time",
        measured=f"{most[0]} at most",
        budget=f"< {TASKS_BELOW}",
        holds=most[0] < TASKS_BELOW,
    )


@contextmanager
def _tokens_counted() -> Iterator[list[int]]:
    """The most task objects that one instance held after any addition."""
    most = [0]
    plain: Any = State.add

    def add(self: State, *given: Any, **named: Any) -> Any:
        token = plain(self, *given, **named)
        most[0] = max(most[0], len(self.tasks))
        return token

    State.add = add  # type: ignore[method-assign]
    try:
        yield most
    finally:
        State.add = plain  # type: ignore[method-assign]


def multi(ground: Ground, *, quick: bool) -> Iterator[Figure]:
    """A multi-instance user task: start, all chunks, every completion, the end."""
    wired = ground.house()
    deploy(wired, drawings.everybody())
    small, large = 100, 1_000
    found: dict[int, list[float]] = {small: [], large: []}
    _life(wired, small)
    for _ in range(1 if quick else 3):
        found[small] += [_life(wired, small) for _ in range(3)]
        found[large].append(_life(wired, large))
    yield at_most(
        f"multi-instance of {large:,}: whole life",
        MULTI_MAX,
        measured=found[large],
        baseline=found[small],
        named=f"of {small}",
    )
    yield Figure(
        what="the same, for one item",
        measured=duration(min(found[large]) / large),
        baseline=f"of {small}: {duration(min(found[small]) / small)}",
    )


def _life(wired: Wired, count: int) -> float:
    items = [f"{PERSON[:-6]}{number:06}" for number in range(count)]
    begun = [0]

    def begin() -> None:
        begun[0] = start(wired, "everybody", {"items": items})
        wired.worker().drain()

    seconds = cpu(begin)
    with wired.database.reading.connect() as connection:
        query = user_task.select().where(user_task.c.root_key == begun[0])
        tasks = [(row.key, row.assignee) for row in connection.execute(query)]
    assert len(tasks) == count
    for task_key, assignee in tasks:
        holder = replace(ACTOR, name=assignee, person_id=assignee)
        seconds += cpu(partial(_complete, wired, task_key, holder))
    with wired.house.reading() as uow:
        row = uow.processes.instance(begun[0])
    assert row is not None
    assert row.status.value == "completed"
    return seconds


def _complete(wired: Wired, task_key: int, actor: Actor = ACTOR) -> object:
    command = CompleteTask(task_key=task_key, variables={"ok": True})
    return complete_task(wired.house, actor, command)


def _needed(task_key: int | None) -> int:
    assert task_key is not None
    return task_key
