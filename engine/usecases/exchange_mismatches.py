"""What SIASN has beside what Regu has: people, yearly evaluations and periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.exchange import ExchangeKind, key_of
from engine.domain.siasn_fields import Match, compare, copies, unlike
from engine.usecases.books import cycle_of
from engine.usecases.exchange_payloads import Payloads
from engine.usecases.organisation import Standing
from engine.usecases.rights import require
from engine.usecases.survey_rules import tables_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.domain.cycles import Cycle
    from engine.domain.exchange import Payload, RatedFacts
    from engine.usecases.actor import Actor
    from engine.usecases.ports.exchange import PersonHere, Record
    from engine.usecases.ports.work import House, UnitOfWork

READING: Final = "exchange:read"
#: references of SIASN that Regu may not know of a period; left out then
_REFERENCES: Final = ("koefisienId", "periodikId")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that SIASN and Regu say differently of a person."""

    person_id: str
    nip: str
    name: str
    #: word of what differs
    what: str
    #: name of the period that an evaluation is of; "" for a year, and for the person himself
    period: str = ""
    #: field of the web service, where one field of an evaluation differs
    field: str = ""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """An evaluation as it is, or would be, told to SIASN."""

    kind: ExchangeKind
    period: str
    payload: Payload


def mismatches(
    house: House,
    actor: Actor,
    wanted: str | None = None,
    *,
    after: tuple[str, str] | None = None,
    limit: int,
) -> Mismatches:
    """Person data and evaluations of the year and its periods that differ, field by field.

    For a page of people in order of name; `AccessRefused`, `NotFound`.
    """
    require(actor, READING)
    with house.reading() as uow:
        cycle = cycle_of(uow, actor.agency_id or "", wanted)
        today = Standing(uow, house.clock.now()).today(cycle.agency_id)
        people = uow.exchange.people(cycle.agency_id, today, after=after, limit=limit + 1)
        shown = people[:limit]
        told = _told(house, uow, cycle, [one.person_id for one in shown])
    found = [one for person in shown for one in _differences(person, told[person.person_id])]
    last = (shown[-1].name, shown[-1].person_id) if len(people) > limit else None
    return Mismatches(
        cycle=cycle,
        people=len(shown),
        unread=sum(person.reading is None or person.reading.read_at is None for person in shown),
        differences=found,
        next_after=last,
    )


def _told(
    house: House, uow: UnitOfWork, cycle: Cycle, people: Sequence[str]
) -> Mapping[str, Sequence[_Told]]:
    """Person -> his evaluations, the year before its periods."""
    named = [(None, ""), *((one.id, one.name) for one in uow.performance.periods(cycle.id))]
    found: dict[str, list[_Told]] = {person_id: [] for person_id in people}
    rated = [
        (facts, name)
        for period_id, name in named
        for facts in uow.exchange.rated(cycle.agency_id, cycle.id, period_id)
        if facts.person_id in found
    ]
    payloads = Payloads(uow, tables_of(house, uow, cycle.agency_id), people)
    references = _references(uow, [facts for facts, _name in rated])
    for facts, name in rated:
        payload = payloads.of(facts, references.get(_key(facts), ""))
        known = {key: value for key, value in payload.items() if value or key not in _REFERENCES}
        found[facts.person_id].append(_Told(kind=facts.kind, period=name, payload=known))
    return found


def _references(uow: UnitOfWork, rated: Sequence[RatedFacts]) -> Mapping[str, str]:
    """SIASN's reference of a period, as it was typed when the period was let go."""
    rows = uow.exchange.of_keys([_key(facts) for facts in rated if facts.period_id])
    return {key: str(row.payload.get("periodikId", "")) for key, row in rows.items()}


def _key(facts: RatedFacts) -> str:
    return key_of(facts.kind, facts.person_id, facts.period_id or "")


#: what SIASN calls a thing, as public clients of its web service read it
_ABOUT: Final = (
    ("name", ("nama",)),
    ("rank", ("golRuangAkhir", "golongan")),
    ("post", ("jabatanNama",)),
    ("unit", ("unorNama",)),
)


def _differences(person: PersonHere, told: Sequence[_Told]) -> list[Difference]:
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
    records = {ExchangeKind.ANNUAL: reading.annual, ExchangeKind.PERIODIC: reading.periodic}
    for one in told:
        found += _of_rating(person, one, records[one.kind])
    return found


def _of_rating(person: PersonHere, told: _Told, records: Sequence[Record]) -> list[Difference]:
    """Missing, twice, or one line for each field that differs."""
    kind, payload, period = told.kind, told.payload, told.period
    match, record = compare(kind, payload, records)
    if match is Match.NONE:
        return [_difference(person, "rating_missing", _levels(payload), "", period=period)]
    if match is Match.OTHER:
        return [
            _difference(person, "rating_other", one.here, one.there, period=period, field=one.field)
            for one in unlike(kind, payload, record or {})
        ]
    times = copies(kind, payload, records)
    twice = _difference(person, "rating_twice", _levels(payload), f"{times}x", period=period)
    return [twice] if times > 1 else []


def _levels(record: Mapping[str, object]) -> str:
    names = ("hasilKinerjaNilai", "perilakuKerjaNilai", "kuadranKinerjaNilai")
    return " / ".join(str(record.get(name, "")) for name in names)


def _difference(
    person: PersonHere, what: str, here: str, there: str, *, period: str = "", field: str = ""
) -> Difference:
    return Difference(
        person_id=person.person_id,
        nip=person.nip,
        name=person.name,
        what=what,
        period=period,
        field=field,
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
