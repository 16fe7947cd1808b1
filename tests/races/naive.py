"""A house that forgot its locks and versions: the bug that the races must be able to see."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from engine.persistence.stores import instances, user_tasks
from engine.persistence.tables.process import process_instance, user_task
from engine.persistence.unit_of_work import SqlUnitOfWork


class NaiveUnitOfWork(SqlUnitOfWork):
    """Reads before it writes, in another transaction, and writes over whatever came between."""

    def __init__(self, units, meanwhile):
        super().__init__(units, writes=True)
        self._all = units
        self._meanwhile = meanwhile

    def reads(self, task_key):
        with self._all.reading() as uow:
            task = uow.processes.task(task_key)
            self._task, self._row = task, uow.processes.instance(task.instance_key)
        self._meanwhile.wait(60)
        return self

    def __enter__(self):
        super().__enter__()
        store = self.processes
        store.locked(self._row)
        store.task_with_lock = lambda _key: (copy(self._task), copy(self._row))
        store._write_rows = self._write_over
        store._close = self._close_again
        self.audit.append = lambda _entry: None  # its chain is a lock of its own
        return self

    def _write_over(self, rows):
        for row in rows:
            values = {name: row[name] for name in row if not name.startswith("at_")}
            where = process_instance.c.key == row["at_key"]
            self.connection.execute(process_instance.update().where(where).values(values))

    def _close_again(self, closed):
        for end in closed:
            where = user_task.c.key == end.key
            self.connection.execute(user_task.update().where(where).values(state=end.state.value))


def naive(wired, meanwhile, task_key):
    """The house whose next unit of work is naive about that task."""
    unit = NaiveUnitOfWork(wired.units, meanwhile).reads(task_key)
    return replace(wired.house, writing=lambda: unit)


#: what the naive house goes around; the imports say where the locks and guards live
GUARDS = (user_tasks._WITH_LOCK, user_tasks._CLOSE, instances._GUARDED)
