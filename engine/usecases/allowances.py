"""The feed for performance allowances and the list of referrals, for those who run the agency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.domain.ratings import Predikat
from engine.usecases.books import cycle_of
from engine.usecases.decisions import Tables
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.means import means_of
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.usecases.actor import Actor
    from engine.usecases.ports.recognitions import AllowanceRow, Referred
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowanceFeed:
    """Predikat per person and period with the agency's percent."""

    cycle: Cycle
    rows: Sequence[AllowanceRow]
    #: percent of the allowance by predikat, from the agency's table
    percents: Mapping[Predikat, Decimal]


def allowance_feed(
    house: House,
    actor: Actor,
    wanted: str | None = None,
    *,
    after: str | None = None,
    limit: int | None = 50,
) -> AllowanceFeed:
    """The feed of a cycle of the actor's agency; `AccessRefused` without `report:read`.

    Only final ratings count as the year's; a row whose numbers an open correction made doubtful
    says so. Regu pays nothing: this is what payroll reads (PermenPANRB 6/2022 art. 28).
    """
    require(actor, "report:read", wanted or "")
    if actor.agency_id is None:
        raise NotFound("cycle", wanted or "")
    means = means_of(house)
    with house.reading() as uow:
        cycle = cycle_of(uow, actor.agency_id, wanted)
        if not same_agency(actor, cycle.agency_id):
            raise NotFound("cycle", cycle.id)
        tables = Tables(means, uow, house.clock.now(), cycle.agency_id)
        return AllowanceFeed(
            cycle=cycle,
            rows=uow.recognitions.allowance(cycle.id, after=after, limit=limit),
            percents={one: _percent(tables, one) for one in Predikat},
        )


def referrals(
    house: House, actor: Actor, *, after: str | None = None, limit: int | None = 50
) -> Sequence[Referred]:
    """Referrals of the actor's agency, newest first; `AccessRefused` without `referral:read`.

    Nobody reads a referral of himself here.
    """
    require(actor, "referral:read")
    if actor.agency_id is None:
        return ()
    with house.reading() as uow:
        return uow.recognitions.referrals(
            actor.agency_id, reader_id=actor.person_id, after=after, limit=limit
        )


def _percent(tables: Tables, predikat: Predikat) -> Decimal:
    found = tables.decide("allowance_percent", predikat=predikat.value)
    value = found.get("percent") if hasattr(found, "get") else found
    if value is None:
        raise Conflict("decision_empty", decision="allowance_percent")
    return Decimal(str(value))
