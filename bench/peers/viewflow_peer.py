"""`python viewflow_peer.py CONFIG`: django-viewflow in an environment and process of its own.

It stands alone: nothing of Regu is there. Names are imported late, for Django asks for its
settings first and is no dependency of this project.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;"
_WRITES = ("INSERT", "UPDATE", "DELETE")
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
_OWNER = "bench"
#: this file as an application of Django: flows are named by their application
_APP = "viewflow_peer"
_FLOWS = f"{_APP}.flows"
_FIXED = 8


def _set_up(config: dict[str, Any]) -> None:
    """Settings, applications, tables, and the one user."""
    settings: Any = import_module("django.conf").settings
    settings.configure(
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "viewflow",
            "viewflow.workflow",
            _APP,
        ],
        DATABASES={"default": _database(config["database"])},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        SECRET_KEY="of a benchmark",  # noqa: S106 - nothing is signed
        SILENCED_SYSTEM_CHECKS=["*"],
    )
    import_module("django").setup()
    import_module("django.core.management").call_command("migrate", verbosity=0)
    users: Any = import_module("django.contrib.auth").get_user_model()
    users.objects.create_user(_OWNER)


def _database(asked: dict[str, Any]) -> dict[str, Any]:
    if asked["kind"] == "SQLite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": asked["path"],
            "OPTIONS": {"init_command": _PRAGMAS, "transaction_mode": "IMMEDIATE"},
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": asked["name"],
        "HOST": asked["host"],
        "PORT": asked["port"],
        "USER": asked["user"],
    }


def _flow() -> Any:
    """Start, function, three views, end: each task of a person assigned to the user."""
    flow: Any = import_module("viewflow.workflow.flow")
    views: Any = import_module("viewflow.workflow.flow.views")
    process: Any = import_module("viewflow.workflow.models").Process
    this: Any = import_module("viewflow").this

    def begin(_self: Any, activation: Any, form: dict[str, Any]) -> Any:
        activation.process.data.update(form)
        return activation.process

    def compute(_self: Any, activation: Any) -> None:
        activation.process.data["total"] = activation.process.data["amount"] + 1
        activation.process.save()

    def task(following: Any) -> Any:
        node = flow.View(views.UpdateProcessView.as_view(fields=[]))
        return node.Assign(username=_OWNER).Next(following)

    nodes = {
        "process_class": process,
        "start": flow.StartHandle(this.begin).Next(this.c1),
        "c1": flow.Function(this.compute).Next(this.u1),
        "u1": task(this.u2),
        "u2": task(this.u3),
        "u3": task(this.finish),
        "finish": flow.End(),
        "begin": begin,
        "compute": compute,
        "__module__": _FLOWS,
    }
    made: Any = type(flow.Flow)("OfficeFlow", (flow.Flow,), nodes)
    sys.modules[_FLOWS] = module = ModuleType(_FLOWS)
    vars(module)[made.__name__] = made
    return made


class Viewflow:
    """One instance after the other, as its own views act, without HTTP and HTML."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._flow = _flow()
        self._form, self._values = config["form"], config["values"]
        self._tables: Any = import_module("viewflow.workflow.models")
        self._transaction: Any = import_module("django.db.transaction")
        self._connection: Any = import_module("django.db").connection
        users: Any = import_module("django.contrib.auth").get_user_model()
        self._user = users.objects.get(username=_OWNER)
        self._process: Any = None

    def steps(self) -> list[Callable[[], object]]:
        """Start, then find what is assigned and do it."""
        return [self._start, self._complete, self._complete, self._complete]

    def _start(self) -> None:
        self._process = self._flow.start.run(form=self._form)

    def _complete(self) -> None:
        """What the view of a task does with a POST."""
        flow, key = self._flow, self._process.pk
        open_ = self._tables.Task.objects.filter(process_id=key, status="ASSIGNED")
        task_key = open_.values_list("pk", flat=True).get()
        with flow.lock(key), self._transaction.atomic():
            task = flow.task_class.objects.get(pk=task_key)
            activation = task.flow_task.activation_class(task)
            assert task.flow_task.can_execute(self._user, task=task)
            activation.start(None)
            activation.process.data.update(self._values)
            activation.process.save()
            activation.execute()

    def counted(self) -> dict[str, Any]:
        """Statements, commits and bytes of each step, and the rows at the second task."""
        steps = self.steps()
        found = [self._watched(step) for step in steps[:2]]
        state = self._rows_size()
        found += [self._watched(step) for step in steps[2:]]
        done = self._tables.Process.objects.get(pk=self._process.pk)
        assert done.status == "DONE", done.status
        return {"steps": found, "state": state}

    def _watched(self, step: Callable[[], object]) -> dict[str, int]:
        told = {"statements": 0, "commits": 0, "bytes": 0}
        plain_commit = self._connection._commit  # noqa: SLF001 - Django tells commits no other way

        def execute(run: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
            verb = sql.lstrip().split(None, 1)[0].upper()
            if verb not in _FRAME:
                told["statements"] += 1
                told["bytes"] += _size(params) if verb in _WRITES else 0
            return run(sql, params, many, context)

        def commit() -> Any:
            told["commits"] += 1
            return plain_commit()

        self._connection._commit = commit  # noqa: SLF001
        try:
            with self._connection.execute_wrapper(execute):
                step()
        finally:
            del self._connection._commit  # noqa: SLF001
        return told

    def _rows_size(self) -> int:
        """Characters of the rows of process and tasks: there is no state beside them."""
        process = self._tables.Process.objects.filter(pk=self._process.pk).values_list()
        tasks = self._tables.Task.objects.filter(process_id=self._process.pk).values_list()
        rows = [*process, *tasks]
        return sum(len(_text(cell)) for row in rows for cell in row if cell is not None)


def _text(cell: Any) -> str:
    return json.dumps(cell) if isinstance(cell, dict) else str(cell)


def _size(value: Any) -> int:
    """Bytes of bound values."""
    if isinstance(value, dict):
        return len(json.dumps(value))
    if isinstance(value, (list, tuple)):
        return sum(_size(item) for item in value)
    if isinstance(value, str):
        return len(value.encode())
    inner = getattr(value, "obj", None)  # psycopg wraps JSON
    if inner is not None:
        return len(json.dumps(inner))
    return 0 if value is None else _FIXED


def _timed(peer: Viewflow) -> list[list[float]]:
    found = []
    for step in peer.steps():
        wall, cpu = time.perf_counter(), time.process_time()
        step()
        found.append([time.process_time() - cpu, time.perf_counter() - wall])
    return found


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Answer until the input ends."""
    config = json.loads(sys.argv[1])
    _set_up(config)
    peer = Viewflow(config)
    _say({"ready": True})
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["do"] == "count":
            _say(peer.counted())
        else:
            _say({"instances": [_timed(peer) for _ in range(asked["times"])]})


if __name__ == "__main__":
    main()
