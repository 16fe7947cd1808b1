"""What carries background jobs: how many a second, what each costs, and what waiting costs."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bench.figures import Figure, duration
from engine.persistence.jobs.carried import Worker as CarriedJobs
from engine.persistence.jobs.carrier import leave
from engine.persistence.jobs.table import Worker as TableJobs
from engine.usecases import reach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from app.wiring import Wired
    from bench.place import Ground
    from engine.usecases.ports.work import UnitOfWork

_JOB: Final = "bench_job"
#: jobs at one time on PostgreSQL, as `REGU_JOBS_AT_ONCE` has it
_AT_ONCE: Final = 4
#: a waiting worker may take this share of a core
_IDLE_MAX: Final = 0.05


@dataclass(frozen=True, slots=True)
class _Spent:
    """Of some act: real seconds and those of the processor, in this process."""

    wall: float
    processor: float


def measure(ground: Ground, *, quick: bool) -> Iterator[Figure]:
    """Jobs whose effect is one row, each in a transaction of its own, by both adapters."""
    count = 200 if quick else 1_000
    wired = ground.house()
    with reach.everywhere():
        enqueued = _spent(lambda: _enqueue(wired, count))
        yield _figure("enqueue a job in its own transaction", enqueued, count)
        for name, worker in _workers(wired):
            worker.begin()
            yield _figure(f"jobs on {name}", _spent(worker.run_until_idle), count)
            yield _idle(name, worker, 2.0 if quick else 10.0)
            leave(wired.database)
            _enqueue(wired, count)


def _workers(wired: Wired) -> Iterator[tuple[str, TableJobs | CarriedJobs]]:
    handlers = {_JOB: _effect}
    yield "the table", TableJobs(wired.units, handlers)
    yield "DBOS, one at a time", CarriedJobs(wired.units, handlers)
    if not wired.database.is_sqlite:
        together = CarriedJobs(wired.units, handlers, at_once=_AT_ONCE)
        yield f"DBOS, {_AT_ONCE} at a time", together


def _effect(uow: UnitOfWork, args: Mapping[str, Any]) -> None:
    uow.outbox.put("bench", f"{args['number']} {uow.clock.pinned_at()} {time.monotonic_ns()}", {})


def _enqueue(wired: Wired, count: int) -> None:
    for number in range(count):
        with wired.units.writing() as uow:
            uow.jobs.enqueue(_JOB, str(number), {"number": number})
            uow.commit()


def _spent(act: Callable[[], object]) -> _Spent:
    wall, processor = time.perf_counter(), time.process_time()
    act()
    return _Spent(time.perf_counter() - wall, time.process_time() - processor)


def _figure(what: str, spent: _Spent, count: int) -> Figure:
    return Figure(
        what=what,
        measured=f"{count / spent.wall:,.0f}/s, {duration(spent.processor / count)} CPU each",
    )


def _idle(name: str, worker: TableJobs | CarriedJobs, seconds: float) -> Figure:
    """The share of a core that a worker takes with nothing to do."""
    stop = threading.Event()
    waiting = threading.Thread(target=lambda: _reaching(worker, stop))
    waiting.start()
    spent = _spent(lambda: stop.wait(seconds))
    stop.set()
    waiting.join()
    share = spent.processor / spent.wall
    return Figure(
        what=f"nothing to do, {name}",
        measured=f"{share:.2%} of a core",
        budget=f"<= {_IDLE_MAX:.0%}",
        holds=share <= _IDLE_MAX,
    )


def _reaching(worker: TableJobs | CarriedJobs, stop: threading.Event) -> None:
    with reach.everywhere():
        worker.run(stop)
