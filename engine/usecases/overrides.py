"""Decisions against a proposal: recorded where they happen, listed for internal audit."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.domain.overrides import OverrideAct, OverrideKind, checked
from engine.usecases.auditing import cycle_for_audit
from engine.usecases.organisation import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.usecases.actor import Actor
    from engine.usecases.decisions import Tables
    from engine.usecases.ports.time import Ids
    from engine.usecases.ports.work import House, UnitOfWork


def record_override(  # noqa: PLR0913 - what, by whom, about what, why and when, each by name
    uow: UnitOfWork,
    ids: Ids,
    tables: Tables,
    *,
    kind: OverrideKind | str,
    actor_id: str,
    subject_id: str,
    reason: str,
    at: datetime,
    on_behalf_of: str | None = None,
) -> OverrideAct:
    """Record a decision against a proposal or pattern, in the transaction of the decision.

    `in_election` comes from the agency's decision `election_periods` on the day. Domain
    `RuleBroken` without a reason.
    """
    act = checked(
        OverrideAct(
            id=ids.uuid(),
            kind=OverrideKind(kind),
            actor_id=actor_id,
            on_behalf_of=on_behalf_of,
            subject_id=subject_id,
            reason=reason.strip(),
            in_election=tables.in_election(_day(uow, actor_id, at)),
            at=at,
        )
    )
    uow.assurance.add([act])
    return act


def _day(uow: UnitOfWork, actor_id: str, at: datetime) -> date:
    """The day on the wall where the actor works."""
    standing = Standing(uow, at)
    actor = standing.person(actor_id)
    return standing.today(actor.agency_id if actor else None)


def overrides(
    house: House,
    actor: Actor,
    cycle_id: str,
    *,
    in_election: bool | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> Sequence[OverrideAct]:
    """Overrides by people of the cycle's agency during the cycle, newest first.

    A page: behind the one of this id, at most `limit`. With `in_election` only those of election
    periods, or only the others. `AccessRefused` for who is no auditor, `NotFound` for a cycle of
    another agency.
    """
    with house.reading() as uow:
        cycle = cycle_for_audit(uow, actor, cycle_id)
        zone = ZoneInfo(Standing(uow, house.clock.now()).zone(cycle.agency_id))
        since, until = (
            datetime.combine(day, time(), zone).astimezone(UTC)
            for day in (cycle.starts_on, cycle.ends_on + timedelta(days=1))
        )
        return uow.assurance.overrides(
            cycle.agency_id, since, until, in_election=in_election, after=after, limit=limit
        )
