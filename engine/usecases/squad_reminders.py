"""Reminding the members of a squad who have not claimed: all of them at once, once a day each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases import audit_tags
from engine.usecases.asking import TASKS_MAX, ask_once, reaches
from engine.usecases.audit import note
from engine.usecases.once import recall, remember, repeated
from engine.usecases.organisation import Standing
from engine.usecases.ports.squad_room import Scope
from engine.usecases.squad_access import require_steering

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.squad_room import Unclaimed
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindMembers:
    """Remind everybody of a squad who has an open claim task and was not reminded today."""

    squad_id: str
    idempotency_key: str | None = None


@repeated
def remind_members(house: House, actor: Actor, command: RemindMembers) -> Mapping[str, Json]:
    """A letter and a notice for each open claim task; returns reminded and earlier (both counts).

    By today's lead or the sponsor. `NotFound` for who may not see the squad, `AccessRefused` for
    who only sees it.
    """
    with house.writing() as uow:
        known = recall(uow, actor, command.idempotency_key, command)
        if known is not None:
            return known
        standing = Standing(uow, house.clock.now())
        squad, _, _ = require_steering(standing, actor, command.squad_id, "squad:remind")
        today = standing.today(squad.host_agency_id)
        rows = uow.squad_room.unclaimed(Scope(today=today, squad_id=squad.id), TASKS_MAX)
        others = {row.task_key: row for row in rows if row.person_id != actor.person_id}
        tasks = [task for task in uow.radar.open_tasks(others) if reaches(task)]
        due = ask_once(
            house, uow, tasks, today, lambda task: _facts(others[task.key], actor.person_id)
        )
        if due:
            note(
                house,
                uow,
                actor,
                stream=f"squad:{squad.id}",
                act=audit_tags.MEMBERS_REMINDED,
                facts={"squad": squad.id, "tasks": [str(task.key) for task in due]},
            )
        answer: dict[str, Json] = {"reminded": len(due), "earlier": len(rows) - len(due)}
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def _facts(row: Unclaimed, by: str | None) -> Mapping[str, Json]:
    return {"by": by, "output_id": row.output_id, "squad_id": row.squad_id}
