"""The exchange with SIASN as people look after it: rows, reasons, trying again, taking back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.exchange import (
    MOVING,
    STOPPED,
    ExchangeState,
    annual_payload,
    may_withdraw,
    withdrawn,
)
from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.books import cycle_of
from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.exchange_payloads import Payloads
from engine.usecases.exchange_rows import again
from engine.usecases.rights import require
from engine.usecases.survey_rules import tables_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.exchange import Exchange, Payload, RatedFacts
    from engine.usecases.actor import Actor
    from engine.usecases.ports.exchange import Attempt, ExchangeLine
    from engine.usecases.ports.work import House, UnitOfWork

READING: Final = "exchange:read"
RETRY: Final = "exchange:retry"
WITHDRAW: Final = "exchange:withdraw"
#: characters of a reason
REASON_MAX: Final = 2000
#: what a list may be narrowed to
GROUPS: Final[Mapping[str, frozenset[ExchangeState]]] = {
    "stopped": STOPPED,
    "moving": MOVING,
    "confirmed": frozenset({ExchangeState.CONFIRMED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeBoard:
    """Rows of an agency in one group of states, and how many stand where."""

    states: Mapping[ExchangeState, int]
    lines: Sequence[ExchangeLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeCase:
    """One row with every request for it."""

    row: Exchange
    name: str
    attempts: Sequence[Attempt]


def exchange_board(
    house: House, actor: Actor, group: str = "stopped", *, after: str = "", limit: int
) -> ExchangeBoard:
    """Rows of the actor's agency; `AccessRefused` for who may not read them."""
    require(actor, READING)
    agency_id = actor.agency_id or ""
    with house.reading() as uow:
        states = GROUPS.get(group, STOPPED)
        lines = uow.exchange.lines(agency_id, sorted(states), after=after, limit=limit)
        return ExchangeBoard(states=uow.exchange.states(agency_id), lines=lines)


def exchange_case(house: House, actor: Actor, exchange_id: str) -> ExchangeCase:
    """One row with every request; `NotFound` outside the actor's agency."""
    require(actor, READING)
    with house.reading() as uow:
        row = _own(uow, actor, exchange_id)
        names = uow.agency.names([row.person_id])
        attempts = uow.exchange.attempts(exchange_id)
        return ExchangeCase(row=row, name=names.get(row.person_id, ""), attempts=attempts)


def retry_exchange(house: House, actor: Actor, exchange_id: str) -> Exchange:
    """Let a stopped row wait anew; the row as it stands then.

    A period without its coefficient stays held until the agency's table has an entry. `Conflict`
    for a row that moves or is confirmed.
    """
    require(actor, RETRY)
    with house.writing() as uow:
        row = _own(uow, actor, exchange_id)
        if row.state not in STOPPED:
            raise Conflict("state", kind="exchange", state=row.state, act="retry")
        tables = tables_of(house, uow, row.agency_id)
        known = Payloads(uow, tables, [row.person_id]).looked_up(row)
        waits = again(known, house.clock.real_now())
        uow.exchange.put([waits])
        stream, facts = f"agency:{row.agency_id}", {"exchange": row.id}
        note(house, uow, actor, stream=stream, act=audit_tags.EXCHANGE_RETRIED, facts=facts)
        uow.commit()
    return waits


def withdraw_exchange(house: House, actor: Actor, exchange_id: str, reason: str) -> None:
    """Let SIASN take back a period that it holds; the worker asks it to.

    `InputRefused` without a reason, `Conflict` for a year (SIASN takes none back by its web
    service), for a row that moves, and for one whose record there is not known.
    """
    require(actor, WITHDRAW)
    words = reason.strip()
    if not words:
        raise InputRefused(FieldFault(field="reason", code="required", message="say why"))
    with house.writing() as uow:
        row = _own(uow, actor, exchange_id)
        if not may_withdraw(row):
            raise Conflict("state", kind="exchange", state=row.state, act="withdraw")
        now = house.clock.real_now()
        uow.exchange.put([withdrawn(row, actor.human or "", words[:REASON_MAX], now)])
        stream = f"agency:{row.agency_id}"
        facts = {"exchange": row.id, "remote": row.remote_id, "reason": words[:REASON_MAX]}
        note(house, uow, actor, stream=stream, act=audit_tags.EXCHANGE_WITHDRAWN, facts=facts)
        uow.commit()


def _own(uow: UnitOfWork, actor: Actor, exchange_id: str) -> Exchange:
    row = uow.exchange.get(exchange_id)
    if row is None or row.agency_id != actor.agency_id:
        raise NotFound("exchange", exchange_id)
    return row


def read_siasn_again(house: House, actor: Actor) -> int:
    """Ask the worker to read SIASN for everybody of the agency; how many people."""
    require(actor, RETRY)
    agency_id = actor.agency_id or ""
    with house.writing() as uow:
        people = uow.exchange.want(agency_id, None, house.clock.real_now())
        stream, facts = f"agency:{agency_id}", {"people": people}
        note(house, uow, actor, stream=stream, act=audit_tags.EXCHANGE_READ, facts=facts)
        uow.commit()
    return people


def annual_payloads(
    house: House, actor: Actor, wanted: str | None = None
) -> tuple[Cycle, Sequence[tuple[RatedFacts, Payload]]]:
    """What would be sent for a cycle, as fields; nothing is sent by reading it."""
    require(actor, READING)
    with house.reading() as uow:
        cycle = cycle_of(uow, actor.agency_id or "", wanted)
        facts = uow.exchange.rated(cycle.agency_id, cycle.id, None)
    return cycle, [(one, annual_payload(one)) for one in facts]
