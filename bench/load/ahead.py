"""Work laid ready before the server starts: outputs accepted, so that every member may claim."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bench.load.people import ANSWERS, Record
from engine.persistence.tables.process import user_task
from engine.usecases import accounts
from engine.usecases.ports.process import TaskState
from engine.usecases.processes import StartProcess, start_process
from engine.usecases.tasks import CompleteTask, complete_task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.wiring import Wired
    from bench.load.people import Client, Shared
    from bench.load.town import Town, Visitor
    from engine.usecases.actor import Actor

    Waiting = queue.SimpleQueue[tuple[int, str, Visitor]]


def accepted(wired: Wired, shared: Shared, outputs: int) -> Record:
    """So many outputs of each squad stand accepted; what was done, for the books."""
    told = Record()
    admin = _actor(wired, shared.town.admin)
    for team in shared.town.teams:
        lead, sponsor = _actor(wired, team.lead), _actor(wired, team.sponsor)
        for _ in range(outputs):
            output_id = shared.ahead[team.squad_id].popleft()
            command = StartProcess(
                process_id="contribution",
                variables={"output_id": output_id, "cycle_id": "cycle"},
                business_key=output_id,
            )
            key = int(str(start_process(wired.house, admin, command)["instanceKey"]))
            told.started.append(output_id)
            for element, actor in (("deliver_output", lead), ("accept_output", sponsor)):
                _do(wired, told, key, element, actor)
    wired.worker().drain()
    return told


def _do(wired: Wired, told: Record, instance_key: int, element: str, actor: Actor) -> None:
    with wired.house.reading() as uow:
        tasks = uow.processes.open_tasks(instance_key)
    task = next(task for task in tasks if task.element_id == element)
    complete_task(wired.house, actor, CompleteTask(task_key=task.key, variables=ANSWERS[element]))
    told.done[task.key] = element


def _actor(wired: Wired, who: Visitor) -> Actor:
    found = accounts.account_actor(wired.house, who.login)
    assert found is not None
    return found.actor


def waiting(wired: Wired, town: Town, element: str) -> Waiting:
    """Open tasks of an element with whose they are."""
    people: Mapping[str | None, Visitor] = {
        who.person_id: who for team in town.teams for who in team.people
    }
    t = user_task.c
    asked = sa.select(t.key, t.assignee).where(
        t.state == TaskState.CREATED, t.element_id == element
    )
    found: Waiting = queue.SimpleQueue()
    with wired.database.reading.connect() as connection:
        for key, assignee in connection.execute(asked.order_by(sa.func.abs(t.token % 97), t.key)):
            if assignee in people:
                found.put((key, element, people[assignee]))
    return found


def take(found: Waiting, shared: Shared, client: Client) -> None:
    """A client does the next one; with none left the run is over."""
    try:
        key, element, who = found.get_nowait()
    except queue.Empty:
        shared.end.set()
        return
    client.complete(key, element, who)
