"""Completing a user task: the command, its floor, the same over HTTP, and stock Spiff."""

from __future__ import annotations

import io
import itertools
import statistics
from typing import TYPE_CHECKING, Any

from flask import json
from werkzeug.test import EnvironBuilder

from app.factory import create_app
from app.passwords import Passwords
from bench import drawings
from bench.figures import Figure, at_most, compared
from bench.floor import floor
from bench.lanes import in_turns
from bench.place import ACTOR, PERSON, deploy, open_task, start
from bench.stock import stock
from bench.watch import watched
from engine.usecases import sessions
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.tasks import CompleteTask, complete_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from app.wiring import Wired
    from bench.lanes import Lane
    from bench.place import Ground

STATEMENTS_MAX = 12
COMMAND_MAX = 4.0
HTTP_MAX = 4.0

_LOGIN, _PASSWORD = "bench", "a long enough password"
_VALUES = {"ok": True, "note": "checked against the letter of assignment"}


def measure(ground: Ground, *, quick: bool) -> Iterator[Figure]:
    """All that concerns one completion, in turns in one run."""
    wired = ground.house()
    deploy(wired, drawings.office())
    counted = _counted(wired)
    size = round(statistics.mean(written for _, _, written in counted))
    door = _Door(wired)
    lanes = {
        "floor": floor(wired.database, size),
        "command": _lane(wired, _command(wired)),
        "with key": _lane(wired, _command(wired, keyed=True)),
        "basic": _lane(wired, door.basic),
        "session": _lane(wired, door.session),
        "stock": stock(wired.database),
    }
    found = in_turns(lanes, rounds=60 if quick else 400, warm=20)
    yield at_most(
        "complete a user task: command with work list, history, audit",
        COMMAND_MAX,
        measured=found["command"],
        baseline=found["floor"],
        named=f"floor of {size} bytes",
    )
    yield from _statements(counted)
    yield compared(
        "the same command with an idempotency key",
        measured=found["with key"],
        baseline=found["floor"],
        named="floor",
    )
    for name, how in (("basic", "HTTP Basic, password seen before"), ("session", "session cookie")):
        yield at_most(
            f"the same over HTTP, {how} (WSGI call, no socket)",
            HTTP_MAX,
            measured=found[name],
            baseline=found["with key"],
            named="command with key",
        )
    yield compared(
        "stock SpiffWorkflow 3.2: load, step, serialize_json, save",
        measured=found["stock"],
        baseline=found["command"],
        named="command",
    )


def _statements(counted: Sequence[tuple[int, int, int]]) -> Iterator[Figure]:
    most = max(statements for statements, _, _ in counted)
    usual = statistics.median(statements for statements, _, _ in counted)
    commits = {commits for _, commits, _ in counted}
    yield Figure(
        what="statements of a completion, with idempotency key",
        measured=f"{usual:g} usual, {most} at most",
        budget=f"<= {STATEMENTS_MAX}",
        holds=most <= STATEMENTS_MAX,
    )
    yield Figure(
        what="commits of a completion",
        measured=", ".join(map(str, sorted(commits))),
        budget="exactly 1",
        holds=commits == {1},
    )


def _counted(wired: Wired) -> list[tuple[int, int, int]]:
    """Statements, commits and bytes written of every completion of one whole instance."""
    found = []
    key = start(wired, "office", drawings.FORM)
    complete = _command(wired, keyed=True)
    while (task := open_task(wired, key)) is not None:
        with watched(wired.database.writing) as traffic:
            complete(task)
        found.append((len(traffic.statements), traffic.commits, traffic.bytes_written))
    return found


def _lane(wired: Wired, complete: Callable[[int], object]) -> Lane:
    """Complete one task after the other, of one instance after the other."""
    key = 0

    def prepare() -> Callable[[], object]:
        nonlocal key
        task = open_task(wired, key) if key else None
        if task is None:
            key = start(wired, "office", drawings.FORM)
            task = open_task(wired, key)
        assert task is not None
        return lambda: complete(task)

    return prepare


def _command(wired: Wired, *, keyed: bool = False) -> Callable[[int], object]:
    def complete(task_key: int) -> object:
        name = f"k{task_key}" if keyed else None
        command = CompleteTask(task_key=task_key, variables=_VALUES, idempotency_key=name)
        return complete_task(wired.house, ACTOR, command)

    return complete


class _Door:
    """The application, called as a WSGI server calls it."""

    def __init__(self, wired: Wired) -> None:
        self._app = create_app(wired.settings, wired=wired)
        self._numbers = itertools.count()
        account = _account(wired)
        opened = sessions.open_session(wired.house, account)
        self._cookie = f"regu_session={opened.token}"
        self._csrf = opened.session.csrf if opened.session else ""

    def basic(self, task_key: int) -> object:
        """Complete with HTTP Basic."""
        return self._post(task_key, auth=(_LOGIN, _PASSWORD))

    def session(self, task_key: int) -> object:
        """Complete with the cookie of a session and its token."""
        return self._post(task_key, headers={"Cookie": self._cookie, "X-CSRF-Token": self._csrf})

    def _post(self, task_key: int, **more: Any) -> object:
        headers = {"Idempotency-Key": f"h{next(self._numbers)}", **more.pop("headers", {})}
        environ = EnvironBuilder(
            path=f"/api/tasks/{task_key}/complete",
            method="POST",
            data=json.dumps({"variables": _VALUES}),
            content_type="application/json",
            headers=headers,
            **more,
        ).get_environ()
        environ["wsgi.errors"] = io.StringIO()
        told: list[str] = []

        def answer(status: str, *_more: Any) -> Any:
            told.append(status)

        body = b"".join(self._app(environ, answer))
        assert told[0].startswith("200"), (told, body)
        return body


def _account(wired: Wired) -> AccountRow:
    row = AccountRow(
        login=_LOGIN,
        person_id=PERSON,
        password_hash=Passwords().hash(_PASSWORD),
        agency_id=None,
        display_name="Bench",
    )
    with wired.house.writing() as uow:
        uow.accounts.put(row)
        uow.commit()
    return row
