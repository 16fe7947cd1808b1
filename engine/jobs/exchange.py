"""Send evaluations to SIASN exactly once, and read what it holds.

SIASN is read before anything is sent, and again after a request whose answer nobody saw: nothing
is sent twice on a guess. The note that a request leaves is committed before it leaves.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from engine.domain.exchange import (
    ATTEMPTS_MAX,
    MOVING,
    PERSON_FIELD,
    Exchange,
    ExchangeKind,
    ExchangeState,
    lacking,
    pause_after,
)
from engine.domain.people import Person
from engine.domain.siasn_fields import Match, compare, unlike
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.exchange_rows import tell_settled
from engine.usecases.means import means_of
from engine.usecases.ports.exchange import Attempt, SiasnReading
from engine.usecases.ports.siasn import (
    SiasnAway,
    SiasnRefused,
    SiasnSilent,
    SiasnUnknownPerson,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.siasn import Record, Siasn
    from engine.usecases.ports.work import House, UnitOfWork

log = logging.getLogger("regu.siasn")

#: rows or people of one look: few, since timers wait in the same thread
CHUNK: Final = 5
#: how long a sender holds a row; longer than all requests of one attempt together
CLAIM: Final = timedelta(minutes=10)
#: how long after an unseen answer SIASN may still be storing
SETTLE: Final = timedelta(minutes=15)
#: pause before SIASN is read back after it took a row
SOON: Final = timedelta(seconds=5)


class Sender:
    """Sends what waits and reads what is wanted; one per worker."""

    def __init__(
        self,
        house: House,
        siasn: Siasn,
        *,
        now: Callable[[], datetime] | None = None,
        settle: timedelta = SETTLE,
    ) -> None:
        self._house = house
        self._siasn = siasn
        self._now = now or house.clock.real_now
        self._settle = settle
        self._means = means_of(house)
        #: nothing is asked before this moment while SIASN is away
        self._quiet_until: datetime | None = None
        self._away = 0

    def look(self) -> int:
        """Some of what waits, oldest first; how many rows or people came further."""
        if self._quiet_until is not None and self._now() < self._quiet_until:
            return 0
        with self._house.reading() as uow:
            due = uow.exchange.due(self._now(), CHUNK)
            wanted = uow.exchange.wanted(self._now(), CHUNK)
        try:
            done = sum(self._row(exchange_id) for exchange_id in due)
            done += sum(self._person(person_id, nip) for person_id, nip in wanted)
        except SiasnAway as fault:
            self._away += 1
            self._quiet_until = self._now() + pause_after(self._away)
            log.warning("SIASN is away (%d): %s", self._away, fault.answer)
            return 0
        if done:
            self._away, self._quiet_until = 0, None
        return done

    def _row(self, exchange_id: str) -> int:
        now = self._now()
        with self._house.writing() as uow:
            row = uow.exchange.hold(exchange_id, now, now + CLAIM)
            uow.commit()
        if row is None:
            return 0
        if row.state is ExchangeState.SENDING:  # its sender died: nobody knows how far it came
            row = replace(row, unknown=True)
        try:
            self._attempt(row)
        except SiasnUnknownPerson as fault:
            self._stop(row, "unknown_person", fault.answer)
        except SiasnAway as fault:
            self._later(row, "away", fault.answer)
            raise
        return 1

    def _attempt(self, row: Exchange) -> None:
        nip, siasn_id = self._identity(row)
        records = self._siasn.records(row.kind, nip)
        self._remember(row, siasn_id, records)
        if row.withdrawn_by is not None:
            self._take_back(row, records)
            return
        match, record = compare(row.kind, row.payload, records)
        if match is Match.SAME:
            self._confirm(row, str((record or {}).get("id") or row.remote_id))
        elif match is Match.OTHER:
            self._stop(row, "other_there", _words(row, record or {}))
        elif row.state is ExchangeState.SENT:
            self._later(row, "not_shown", row.answer)
        elif lacks := lacking(row.kind, row.payload):
            self._stop(row, lacks, "")
        else:
            self._send(row, siasn_id)

    def _identity(self, row: Exchange) -> tuple[str, str]:
        """NIP and SIASN's id of whom it is about; asked once."""
        with self._house.reading() as uow:
            reading = uow.exchange.reading(row.person_id)
            person = uow.agency.get(Person, row.person_id)
        nip = person.nip if person else ""
        if reading is not None and reading.siasn_id:
            return nip, reading.siasn_id
        about = self._siasn.person(nip)
        self._keep(row.person_id, row.agency_id, siasn_id=str(about["id"]), about=about)
        return nip, str(about["id"])

    def _take_back(self, row: Exchange, records: Sequence[Record]) -> None:
        """Done when SIASN no longer shows the record; asked once until then."""
        if all(str(record.get("id")) != row.remote_id for record in records):
            self._confirm(row, row.remote_id, "taken_back")
        elif row.state is ExchangeState.SENT:
            self._later(row, "still_there", row.answer)
        else:
            self._ask(row, partial(self._delete, row.remote_id))

    def _delete(self, remote_id: str) -> str:
        self._siasn.take_back(remote_id)
        return remote_id

    def _send(self, row: Exchange, siasn_id: str) -> None:
        payload = {**row.payload, PERSON_FIELD[row.kind]: siasn_id}
        known = replace(row, payload=payload)
        self._ask(known, partial(self._siasn.save, row.kind, payload, row.key))

    def _ask(self, row: Exchange, request: Callable[[], str]) -> None:
        """One request; that it leaves is committed before."""
        leaving = replace(
            row,
            state=ExchangeState.SENDING,
            attempts=row.attempts + 1,
            unknown=True,
            free_at=self._now() + CLAIM,
        )
        self._put(leaving, "leaves", "")
        try:
            remote_id = request()
        except SiasnRefused as fault:
            self._stop(leaving, "refused", fault.answer)
        except SiasnSilent as fault:
            self._later(leaving, "silent", fault.answer, counted=True)
        except SiasnAway as fault:
            self._later(replace(leaving, unknown=False), "away", fault.answer, counted=True)
            raise
        else:
            sent = replace(
                leaving,
                state=ExchangeState.SENT,
                unknown=False,
                free_at=self._now() + SOON,
                remote_id=remote_id,
                reason="",
            )
            self._put(sent, "stored", remote_id)

    def _confirm(self, row: Exchange, remote_id: str, outcome: str = "confirmed") -> None:
        now = self._now()
        done = replace(
            row,
            state=ExchangeState.CONFIRMED,
            unknown=False,
            free_at=None,
            confirmed_at=now,
            remote_id=remote_id,
            reason="",
            answer="",
        )
        self._put(done, outcome, remote_id)

    def _stop(self, row: Exchange, reason: str, answer: str) -> None:
        """SIASN decided: a person must look at it."""
        self._put(_ended(row, ExchangeState.REFUSED, reason, answer), reason, answer)

    def _later(self, row: Exchange, reason: str, answer: str, *, counted: bool = False) -> None:
        """Again after a pause; dead after the last attempt."""
        attempts = row.attempts + (not counted)
        tried = replace(row, attempts=attempts)
        if attempts >= ATTEMPTS_MAX:
            self._put(_ended(tried, ExchangeState.DEAD, reason, answer), reason, answer)
            return
        pause = pause_after(attempts)
        if row.unknown:
            pause = max(pause, self._settle)
        state = ExchangeState.SENT if row.state is ExchangeState.SENT else ExchangeState.WAITING
        free_at = self._now() + pause
        rests = replace(tried, state=state, free_at=free_at, reason=reason, answer=answer)
        self._put(rests, reason, answer)

    def _put(self, row: Exchange, outcome: str, answer: str) -> None:
        """The row as it is now, its note, and the word to its process when it was the last."""
        now = self._now()
        with self._house.writing() as uow:
            uow.exchange.put([replace(row, at=now)])
            uow.exchange.attempted(
                Attempt(
                    id=self._house.ids.uuid(),
                    exchange_id=row.id,
                    number=row.attempts,
                    outcome=outcome,
                    answer=answer,
                    at=now,
                )
            )
            self._tell(uow, row)
            uow.commit()

    def _tell(self, uow: UnitOfWork, row: Exchange) -> None:
        if row.state in MOVING:
            return
        states = uow.exchange.states(row.agency_id, row.batch_id)
        if not any(states.get(state) for state in MOVING):
            actor = Actor(
                kind=ActorKind.SYSTEM,
                name="system",
                on_behalf_of=row.approved_by,
                agency_id=row.agency_id,
            )
            tell_settled(self._means, uow, actor, row.batch_id)

    def _person(self, person_id: str, nip: str) -> int:
        """Read what SIASN holds of somebody."""
        with self._house.reading() as uow:
            before = uow.exchange.reading(person_id)
        if before is None:
            return 0
        try:
            about = self._siasn.person(nip)
            annual, periodic = (self._siasn.records(kind, nip) for kind in ExchangeKind)
        except SiasnUnknownPerson:
            self._read(replace(before, fault="unknown_person", siasn_id="", about={}))
            return 1
        except SiasnAway:
            attempts = before.attempts + 1
            last = attempts >= ATTEMPTS_MAX
            wanted_at = None if last else self._now() + pause_after(attempts)
            with self._house.writing() as uow:
                uow.exchange.keep(
                    replace(before, fault="away", wanted_at=wanted_at, attempts=attempts)
                )
                uow.commit()
            raise
        known = replace(before, siasn_id=str(about["id"]), about=about, fault="")
        self._read(replace(known, annual=annual, periodic=periodic))
        return 1

    def _read(self, reading: SiasnReading) -> None:
        with self._house.writing() as uow:
            uow.exchange.keep(replace(reading, wanted_at=None, attempts=0, read_at=self._now()))
            uow.commit()

    def _remember(self, row: Exchange, siasn_id: str, records: Sequence[Record]) -> None:
        """What was read on the way to sending is known to the mismatch report as well."""
        name = "annual" if row.kind is ExchangeKind.ANNUAL else "periodic"
        self._keep(row.person_id, row.agency_id, siasn_id=siasn_id, **{name: list(records)})

    def _keep(self, person_id: str, agency_id: str, **known: object) -> None:
        with self._house.writing() as uow:
            before = uow.exchange.reading(person_id) or SiasnReading(
                person_id=person_id, agency_id=agency_id, about={}, annual=(), periodic=()
            )
            fresh = {"fault": "", "read_at": self._now(), **known}
            uow.exchange.keep(replace(before, **fresh))  # type: ignore[arg-type]
            uow.commit()


def _ended(row: Exchange, state: ExchangeState, reason: str, answer: str) -> Exchange:
    return replace(row, state=state, free_at=None, reason=reason, answer=answer)


def _words(row: Exchange, record: Mapping[str, object]) -> str:
    """What SIASN holds otherwise, field by field."""
    found = unlike(row.kind, row.payload, record)
    return ", ".join(f"{one.field}={one.there}" for one in found)
