"""Reminding the members of a squad who have not claimed: all of them at once, once a day each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.letters import REMINDER
from engine.usecases.notices import Kind
from engine.usecases.once import recall, remember, repeated
from engine.usecases.organisation import Standing
from engine.usecases.ports.squad_room import Scope
from engine.usecases.ports.workplace import Notice
from engine.usecases.squad_access import require_steering

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.squad_room import Unclaimed
    from engine.usecases.ports.work import House

#: how the key of the notice begins
CLAIM_REMINDER: Final = "claim_reminder"


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
        now = house.clock.now()
        standing = Standing(uow, now)
        squad, _, _ = require_steering(standing, actor, command.squad_id, "squad:remind")
        today = standing.today(squad.host_agency_id)
        rows = uow.squad_room.unclaimed(Scope(today=today, squad_id=squad.id))
        due = [row for row in rows if not row.reminded and row.person_id != actor.person_id]
        for row in due:
            uow.outbox.put(REMINDER, _key(row, today), _letter(row, now.isoformat()))
        uow.workplace.tell(
            [
                Notice(
                    id=house.ids.uuid(),
                    person_id=row.person_id,
                    kind=Kind.DEADLINE_NEAR.value,
                    key=_key(row, today),
                    path=f"/tugas/{row.task_key}",
                    facts={
                        "by": actor.person_id,
                        "output_id": row.output_id,
                        "squad_id": row.squad_id,
                    },
                    at=now,
                )
                for row in due
            ]
        )
        if due:
            note(
                house,
                uow,
                actor,
                stream=f"squad:{squad.id}",
                act=audit_tags.MEMBERS_REMINDED,
                facts={"squad": squad.id, "tasks": [str(row.task_key) for row in due]},
            )
        answer: dict[str, Json] = {"reminded": len(due), "earlier": len(rows) - len(due)}
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def _key(row: Unclaimed, today: date) -> str:
    return f"{CLAIM_REMINDER}:{row.task_key}:{today.isoformat()}"


def _letter(row: Unclaimed, at: str) -> dict[str, Json]:
    return {
        "recipient_id": row.person_id,
        "subject": "claim_due",
        "reference_id": row.output_id,
        "instance_key": str(row.instance_key),
        "at": at,
    }
