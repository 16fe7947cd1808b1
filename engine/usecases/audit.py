"""One line of audit in the transaction of the act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.usecases.ports.work import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork


def note(
    house: House,
    uow: UnitOfWork,
    actor: Actor,
    *,
    stream: str,
    act: str,
    facts: Mapping[str, Json],
) -> None:
    """Chain an act to its stream; facts are references, never form data."""
    uow.audit.append(
        AuditEntry(
            stream=stream,
            act=act,
            actor=actor.name,
            on_behalf_of=actor.on_behalf_of,
            at=house.clock.now(),
            recorded_at=house.clock.real_now(),
            facts=facts,
        )
    )
