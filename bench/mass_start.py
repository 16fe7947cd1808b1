"""A cycle begins for everybody: instances started in chunks by the job table, resumable."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bench import drawings
from bench.figures import Figure
from bench.lanes import cpu
from bench.place import ACTOR, PERSON, deploy
from engine.persistence.jobs.table import JobRules, Worker
from engine.persistence.tables.process import process_instance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.wiring import Wired
    from bench.place import Ground
    from engine.usecases.ports.work import UnitOfWork

RATE_MIN = 500
CHUNK = 100
_JOB = "bench_mass_start"


class _Killed(BaseException):
    """The worker dies here."""


class _Start:
    """The handler of the job: a chunk of people per transaction, the place kept with it."""

    def __init__(self, wired: Wired, people: int) -> None:
        self._wired = wired
        self._people = people
        #: people started until the worker dies, in mid-chunk; None: it lives
        self.dies_after: int | None = None

    def __call__(self, uow: UnitOfWork, args: Mapping[str, Any]) -> Mapping[str, Any] | None:
        first = int(args["next"])
        last = min(first + CHUNK, self._people)
        for number in range(first, last):
            if self.dies_after == number:
                raise _Killed
            person = f"{PERSON[:-6]}{number:06}"
            variables = {"person_id": person, "cycle_id": "2026"}
            self._wired.house.runner.start(
                uow, "planning", variables, ACTOR, business_key=f"{person}:2026"
            )
        return None if last == self._people else {"next": last}


def measure(ground: Ground, *, quick: bool) -> Iterator[Figure]:
    """Rate of starts on one core, and that a killed worker's successor doubles nothing."""
    people = 1_000 if quick else 5_000
    wired = ground.house()
    deploy(wired, drawings.planning())
    begin = _Start(wired, people)
    # a lease that ends at once: the next worker need not wait for it
    worker = Worker(wired.units, {_JOB: begin}, rules=JobRules(lease=timedelta(0)))
    _enqueue(wired, "warm-up and kill")
    begin.dies_after = people // 2 + CHUNK // 2
    try:
        worker.run_until_idle()
    except _Killed:
        begin.dies_after = None
    else:
        raise AssertionError("the worker should have died")
    before = _started(wired)
    worker.run_until_idle()
    whole = len(before) == people // 2 and _started(wired) == sorted(set(_started(wired)))
    whole = whole and len(_started(wired)) == people
    _enqueue(wired, "measured")
    seconds = cpu(worker.run_until_idle)
    rate = people / seconds
    yield Figure(
        what=f"mass start of {people:,} in chunks of {CHUNK}",
        measured=f"{rate:,.0f} instances per CPU second",
        ratio=rate / RATE_MIN,
        baseline=f"{RATE_MIN}",
        budget=f">= {RATE_MIN}/s",
        holds=rate >= RATE_MIN,
    )
    yield Figure(
        what="mass start killed in mid-chunk, gone on by the next worker",
        measured=f"{len(before):,} before, {people:,} after, each once" if whole else "wrong",
        budget="each once",
        holds=whole,
    )


def started_in(ground: Ground, people: int) -> float:
    """CPU seconds of so many starts, nobody killed; each person once."""
    wired = ground.house()
    deploy(wired, drawings.planning())
    worker = Worker(wired.units, {_JOB: _Start(wired, people)})
    _enqueue(wired, "all")
    seconds = cpu(worker.run_until_idle)
    assert len(_started(wired)) == people
    return seconds


def _enqueue(wired: Wired, name: str) -> None:
    with wired.house.writing() as uow:
        uow.jobs.enqueue(_JOB, name, {"next": 0})
        uow.commit()


def _started(wired: Wired) -> list[str]:
    with wired.database.reading.connect() as connection:
        query = process_instance.select().with_only_columns(process_instance.c.business_key)
        return sorted(connection.execute(query).scalars())
