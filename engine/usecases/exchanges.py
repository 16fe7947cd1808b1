"""The exchange with SIASN as people look after it: rows, reasons, what differs, trying again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.exchange import (
    MOVING,
    STOPPED,
    Exchange,
    ExchangeKind,
    ExchangeState,
    Match,
    annual_payload,
    compare,
    copies,
)
from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.books import cycle_of
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.exchange_rows import again
from engine.usecases.organisation import Standing
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.exchange import Payload, RatedFacts
    from engine.usecases.actor import Actor
    from engine.usecases.ports.exchange import Attempt, ExchangeLine, PersonHere, Record
    from engine.usecases.ports.work import House

READING: Final = "exchange:read"
RETRY: Final = "exchange:retry"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that SIASN and Regu say differently of a person."""

    person_id: str
    nip: str
    name: str
    #: word of what differs
    what: str
    here: str
    there: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatches:
    """What SIASN has beside what Regu has, for a page of people."""

    cycle: Cycle
    people: int
    #: people whom SIASN was never read for
    unread: int
    differences: Sequence[Difference]
    #: name and id of the last person, None at the end
    next_after: tuple[str, str] | None


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
        row = uow.exchange.get(exchange_id)
        if row is None or row.agency_id != actor.agency_id:
            raise NotFound("exchange", exchange_id)
        names = uow.agency.names([row.person_id])
        attempts = uow.exchange.attempts(exchange_id)
        return ExchangeCase(row=row, name=names.get(row.person_id, ""), attempts=attempts)


def retry_exchange(house: House, actor: Actor, exchange_id: str) -> None:
    """Let a stopped row wait anew; `Conflict` for one that moves or is confirmed."""
    require(actor, RETRY)
    with house.writing() as uow:
        row = uow.exchange.get(exchange_id)
        if row is None or row.agency_id != actor.agency_id:
            raise NotFound("exchange", exchange_id)
        if row.state not in STOPPED:
            raise Conflict("state", kind="exchange", state=row.state, act="retry")
        uow.exchange.put([again(row, house.clock.real_now())])
        stream, facts = f"agency:{row.agency_id}", {"exchange": row.id}
        note(house, uow, actor, stream=stream, act=audit_tags.EXCHANGE_RETRIED, facts=facts)
        uow.commit()


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


def mismatches(
    house: House,
    actor: Actor,
    wanted: str | None = None,
    *,
    after: tuple[str, str] | None = None,
    limit: int,
) -> Mismatches:
    """Person data and yearly evaluations that differ, for a page of people in order of name."""
    require(actor, READING)
    with house.reading() as uow:
        cycle = cycle_of(uow, actor.agency_id or "", wanted)
        today = Standing(uow, house.clock.now()).today(cycle.agency_id)
        people = uow.exchange.people(cycle.agency_id, today, after=after, limit=limit + 1)
        rated = {one.person_id: one for one in uow.exchange.rated(cycle.agency_id, cycle.id, None)}
    shown = people[:limit]
    found = [one for person in shown for one in _differences(person, rated.get(person.person_id))]
    last = (shown[-1].name, shown[-1].person_id) if len(people) > limit else None
    return Mismatches(
        cycle=cycle,
        people=len(shown),
        unread=sum(person.reading is None or person.reading.read_at is None for person in shown),
        differences=found,
        next_after=last,
    )


#: what SIASN calls a thing, as public clients of its web service read it
_ABOUT: Final = (
    ("name", ("nama",)),
    ("rank", ("golRuangAkhir", "golongan")),
    ("post", ("jabatanNama",)),
    ("unit", ("unorNama",)),
)


def _differences(person: PersonHere, rated: RatedFacts | None) -> list[Difference]:
    reading = person.reading
    if reading is None or reading.read_at is None:
        return []
    if reading.fault:
        return [_difference(person, reading.fault, person.nip, "")]
    here = {"name": person.name, "rank": person.rank, "post": person.post, "unit": person.unit}
    found = [
        _difference(person, what, here[what], there)
        for what, names in _ABOUT
        if (there := _first(reading.about, names)) and not _alike(here[what], there)
    ]
    return found + (_of_rating(person, rated, reading.annual) if rated else [])


def _of_rating(
    person: PersonHere, rated: RatedFacts, records: Sequence[Record]
) -> list[Difference]:
    payload, kind = annual_payload(rated), ExchangeKind.ANNUAL
    match, record = compare(kind, payload, records)
    here = _levels(payload)
    if match is Match.NONE:
        return [_difference(person, "rating_missing", here, "")]
    if match is Match.OTHER:
        return [_difference(person, "rating_other", here, _levels(record or {}))]
    times = copies(kind, payload, records)
    return [_difference(person, "rating_twice", here, f"{times}x")] if times > 1 else []


def _levels(record: Mapping[str, object]) -> str:
    names = ("hasilKinerjaNilai", "perilakuKerjaNilai", "kuadranKinerjaNilai")
    return " / ".join(str(record.get(name, "")) for name in names)


def _difference(person: PersonHere, what: str, here: str, there: str) -> Difference:
    return Difference(
        person_id=person.person_id,
        nip=person.nip,
        name=person.name,
        what=what,
        here=here,
        there=there,
    )


def _first(about: Record, names: Sequence[str]) -> str:
    found = (about.get(name) for name in names)
    return next((" ".join(str(value).split()) for value in found if value), "")


def _alike(here: str, there: str) -> bool:
    """Case and spaces do not matter; a rank may stand with its words ("Penata (III/c)")."""
    one, other = " ".join(here.split()).casefold(), there.casefold()
    return one == other or (bool(one) and f"({other})" in one)
