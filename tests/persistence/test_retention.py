"""What has done its work goes; what is a record stays for ever."""

from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from engine.jobs import retention
from engine.persistence.schema import metadata
from engine.usecases.ports.accounts import AccountRow, SessionRow
from engine.usecases.ports.mail import Outcome
from tests.persistence.building import NOON, StandingClock, act, units_of

MONTH = timedelta(days=30)
SWEPT = {"idempotency", "message", "message_delivery", "outbox", "session", "sign_in_failure"}


@pytest.fixture
def house(database):
    clock = StandingClock()
    units = units_of(database, clock=clock)
    return SimpleNamespace(
        writing=units.writing, reading=units.reading, clock=clock, database=database
    )


def leave_traces(house, mark):
    """One row of everything that ends, and records beside it."""
    now = house.clock.now()
    with house.writing() as uow:
        uow.idempotency.remember("p", mark, "h", {"a": 1}, now)
        uow.outbox.put("reminder", f"sent {mark}", {})
        uow.outbox.put("reminder", f"waits {mark}", {})
        [sent] = [m for m, key, _ in uow.outbox.waiting("reminder") if key == f"sent {mark}"]
        uow.outbox.sent(sent, now, Outcome.SENT)
        uow.accounts.put(
            AccountRow(
                login=mark, person_id=None, password_hash="", agency_id=None, display_name=mark
            )
        )
        uow.accounts.note_failure(mark, now)
        uow.sessions.put(session(mark, now))
        uow.audit.append(act("account"))
        message = (
            metadata.tables["message"]
            .insert()
            .values(
                key=uow._tx.ids.key(),
                name="m",
                correlation_key="k",
                variables={},
                published_at=now,
                expires_at=now,
            )
        )
        [key] = uow.connection.execute(message).inserted_primary_key
        delivered = metadata.tables["message_delivery"].insert()
        uow.connection.execute(delivered.values(message_key=key, process_id="x"))
        uow.commit()


def session(mark, now):
    return SessionRow(
        token_hash=f"t {mark}",
        login=mark,
        created_at=now,
        expires_at=now + timedelta(hours=8),
        csrf="c",
        locale="id",
    )


def counts(house):
    with house.reading() as uow:
        return {
            name: uow.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar()
            for name, table in metadata.tables.items()
        }


def test_what_ended_long_ago_goes_and_what_is_young_waits_or_is_a_record_stays(house):
    before = counts(house)
    leave_traces(house, "old")
    house.clock.pass_by(days=31)
    leave_traces(house, "young")
    full = counts(house)

    assert retention.sweep(house, MONTH) == 5

    left = counts(house)
    for name in full:
        gone = full[name] - left[name]
        assert gone == (1 if name in SWEPT else 0), name
    assert left["outbox"] == before["outbox"] + 3
    assert left["audit"] == 2
    assert retention.sweep(house, MONTH) == 0


def test_answers_go_after_a_day(house):
    leave_traces(house, "one")
    house.clock.pass_by(hours=23)
    assert retention.sweep(house, MONTH) == 0
    house.clock.pass_by(hours=2)
    assert retention.sweep(house, MONTH) == 1
    assert counts(house)["idempotency"] == 0


def test_a_sweep_goes_in_chunks_and_resumes_where_it_was_stopped(house, monkeypatch):
    monkeypatch.setattr(retention, "CHUNK", 2)
    for n in range(5):
        with house.writing() as uow:
            uow.idempotency.remember("p", str(n), "h", {}, NOON)
            uow.commit()
    house.clock.pass_by(days=2)
    stop = threading.Event()
    writing, opened = house.writing, []

    def counted():
        opened.append(1)
        if len(opened) == 2:
            stop.set()
        return writing()

    house.writing = counted
    assert retention.sweep(house, MONTH, stop) == 4
    assert retention.sweep(house, MONTH) == 1
