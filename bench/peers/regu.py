"""Regu as a peer of the benchmark."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.settings import Settings
from app.wiring import wire
from bench.peers import drawing
from bench.peers.counting import counts
from bench.place import ACTOR, deploy, open_task
from engine.persistence.tables.process import process_instance
from engine.usecases.processes import StartProcess, start_process
from engine.usecases.tasks import CompleteTask, complete_task

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Regu:
    """Commands as the doors call them, with idempotency keys."""

    def __init__(self, url: str, folder: Path) -> None:
        self._wired = wire(
            Settings(database_url=url, data_dir=folder, secret_file=folder / "secret", log="error")
        )
        deploy(self._wired, drawing.regu())
        self._names = itertools.count()
        self._key = 0

    def steps(self) -> list[Callable[[], object]]:
        """Start, then find what is open and complete it."""
        return [self._start, *[self._complete] * len(drawing.TASKS)]

    def _start(self) -> None:
        command = StartProcess(
            process_id="three",
            variables=drawing.FORM,
            idempotency_key=f"s{next(self._names)}",
        )
        told = start_process(self._wired.house, ACTOR, command)
        self._key = int(str(told["instanceKey"]))

    def _complete(self) -> None:
        task = open_task(self._wired, self._key)
        assert task is not None
        command = CompleteTask(
            task_key=task, variables=drawing.VALUES, idempotency_key=f"c{next(self._names)}"
        )
        complete_task(self._wired.house, ACTOR, command)

    def counted(self) -> dict[str, Any]:
        """What one instance sends, and its state's row while it waits at the second task."""
        steps = self.steps()
        first = counts(self._wired.database, steps[:2])
        table = process_instance
        size = sa.select(sa.func.length(table.c.state)).where(table.c.key == self._key)
        with self._wired.database.reading.connect() as connection:
            state = connection.scalar(size)
        return {"steps": first + counts(self._wired.database, steps[2:]), "state": state}
