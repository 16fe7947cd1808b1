"""What operations and commands of the domain need beside the open unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from engine.usecases.messages import DELIVER_MESSAGE
from engine.usecases.ports.process import MessageRow, ProcessChanges
from engine.usecases.ports.work import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.forecasting import Forecaster
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.time import Clock, Ids
    from engine.usecases.ports.work import House, UnitOfWork

#: how long a message of the domain waits for its receiver
MESSAGE_LIVES: Final = timedelta(days=60)


class Decisions(Protocol):
    """Evaluates the version of a decision that is valid at a date: `ProcessRunner.decide`."""

    def __call__(
        self,
        uow: UnitOfWork,
        decision_id: str,
        scope: Mapping[str, Json],
        *,
        as_of: datetime,
        agency_id: str | None = None,
    ) -> Json:
        """The result of the decision."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Identities, time and decisions, wired once in `app`."""

    ids: Ids
    clock: Clock
    decide: Decisions
    #: learns how indicators move; None: nothing is forecast
    forecaster: Forecaster | None = None

    def note(self, uow: UnitOfWork, actor: Actor, stream: str, act: str, **facts: Json) -> None:
        """One audit entry in the transaction of the act; facts are references."""
        uow.audit.append(
            AuditEntry(
                stream=stream,
                act=act,
                actor=actor.name,
                on_behalf_of=actor.on_behalf_of,
                at=self.clock.now(),
                recorded_at=self.clock.real_now(),
                facts=facts,
            )
        )

    def announce(
        self, uow: UnitOfWork, actor: Actor, name: str, key: str, **variables: Json
    ) -> None:
        """Publish a message in this transaction; a job delivers it."""
        now = self.clock.now()
        row = MessageRow(
            key=self.ids.key(),
            name=name,
            correlation_key=key,
            message_id=None,
            variables=variables,
            published_at=now,
            expires_at=now + MESSAGE_LIVES,
            agency_id=actor.agency_id,
            everywhere=True,
        )
        uow.processes.flush(ProcessChanges(messages=[row]))
        args = {
            "message": str(row.key),
            "name": name,
            "correlation_key": key,
            "on_behalf_of": actor.human,
        }
        uow.jobs.enqueue(DELIVER_MESSAGE, str(row.key), args)


def means_of(house: House) -> Means:
    """What operations have, for a reading or a job."""
    return Means(
        ids=house.ids,
        clock=house.clock,
        decide=house.runner.decide,
        forecaster=house.forecaster,
    )
