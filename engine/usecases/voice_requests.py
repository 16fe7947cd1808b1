"""Whom a person is asked to speak about: his open requests of the 360, with names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House

#: the drawing and the step at which an answer is given
_PROCESS: Final = "evaluation"
_STEP: Final = "give_input"
_MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRequest:
    """One request that waits for an answer."""

    key: int
    name: str
    subject: str
    due_at: datetime | None


def voice_requests(house: House, actor: Actor) -> Sequence[VoiceRequest]:
    """The asker's open requests, earliest due first; three questions to the store at most."""
    with house.reading() as uow:
        tasks = uow.work_list.mine(
            actor, now=house.clock.now(), process_id=_PROCESS, element_id=_STEP, limit=_MOST
        )
        about = uow.talks.about({task.root_key for task in tasks})
        names = uow.agency.names(sorted(set(about.values())))
        return [
            VoiceRequest(
                key=task.key,
                name=names.get(about.get(task.root_key, ""), task.name),
                subject=task.subject or "",
                due_at=task.due_at,
            )
            for task in tasks
        ]
