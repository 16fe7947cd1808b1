"""Two stores at once: each call goes to the store in memory and to the database, and must agree."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager

from engine.persistence.unit_of_work import UnitsOfWork
from tests.runtime.memory import CountingIds, MemoryDatabase, MemoryWork, MovableClock

#: answers whose order the port does not promise
_UNORDERED = {"children", "incidents", "open_tasks", "decision_ids"}


class TwinStore:
    """`ProcessStore` that answers with the database's rows after comparing them."""

    def __init__(self, memory, sql):
        self._memory = memory
        self._sql = sql

    def __getattr__(self, name):
        one, other = getattr(self._memory, name), getattr(self._sql, name)

        def both(*args, **kwargs):
            expected, found = one(*args, **kwargs), other(*args, **kwargs)
            assert tidy(name, found) == tidy(name, expected), name
            return found

        return both


def tidy(name, value):
    if isinstance(value, (list, tuple)) and name != "task_with_lock":
        return sorted(value, key=repr) if name in _UNORDERED else list(value)
    return value


class TwinWork:
    """A unit of work on both."""

    def __init__(self, database, units):
        self._memory = MemoryWork(database)
        self._sql = units.writing()

    def __enter__(self):
        self._stack = ExitStack()
        self._stack.enter_context(self._memory)
        self._stack.enter_context(self._sql)
        self.tables, self.jobs = self._memory.tables, self._memory.jobs
        self.confirmations = self._sql.confirmations
        self.processes = TwinStore(self._memory.processes, self._sql.processes)
        self.upkeep = TwinStore(self._memory.upkeep, self._sql.upkeep)
        self.work_list = TwinStore(self._memory.work_list, self._sql.work_list)
        return self

    def __exit__(self, kind, error, trace):
        return self._stack.__exit__(kind, error, trace)

    def commit(self):
        self._sql.commit()
        self._memory.commit()

    @contextmanager
    def savepoint(self):
        with self._memory.savepoint(), self._sql.savepoint():
            yield


class TwinDatabase(MemoryDatabase):
    """The tables in memory, with a real database beside them."""

    def __init__(self, database):
        super().__init__()
        self._units = UnitsOfWork(database, MovableClock(), CountingIds())

    def work(self):
        return TwinWork(self, self._units)
