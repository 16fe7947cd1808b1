"""A large cycle is closed by a worker, period by period, whoever is killed on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.domain.cycles import Cycle, CycleStatus, PeriodStatus
from engine.jobs import sealing
from engine.persistence.jobs.table import JobRules, Worker
from engine.persistence.tables.waiting import message
from engine.persistence.tables.work import audit
from engine.usecases.audit_tags import CYCLE_CLOSED
from engine.usecases.errors import AccessRefused
from engine.usecases.operations import closing
from engine.usecases.ports.workplace import Pace
from engine.usecases.undertakings import Work, undertakings
from tests.usecases import worked
from tests.usecases.acting import person

KEEPER = person("wayan", "perf_admin")


class Killed(BaseException):
    """The process died: nothing of ours runs after it."""


@pytest.fixture
def ready(place, monkeypatch):
    place.deploy("workflows/*/*.bpmn", "workflows/*/*.dmn", "forms/library/*.form")
    worked.build(place)
    monkeypatch.setattr(closing, "SEALED_AT_ONCE", 0)
    return place


def asked(place):
    """A close that waits for a worker."""
    told = place.do("regu.cycle.close", KEEPER, cycle_id="cycle", form={"note": "BA-1"})
    return told, work(place)


def work(place):
    (row,) = undertakings(place.house, KEEPER, kinds={Work.SEALING})
    return row


def run(place, handler):
    """What a worker does until it dies; the lease of a dead one is over."""
    with place.units.writing() as uow:
        uow.connection.exec_driver_sql("UPDATE background_job SET available_at = enqueued_at")
        uow.commit()
    Worker(place.units, {Work.SEALING: handler}).run_until_idle()


def seen(place):
    with place.house.reading() as uow:
        return (
            sum(p.status is PeriodStatus.SEALED for p in uow.performance.periods("cycle")),
            len(uow.credits.seals()),
            uow.performance.get(Cycle, "cycle").status is CycleStatus.CLOSED,
        )


def test_a_close_whose_worker_dies_at_each_period_goes_on_and_seals_each_once(ready):
    told, row = asked(ready)
    assert (told, row.state, row.done) == ({"closed": False}, Pace.WAITING, 0)
    assert seen(ready) == (0, 0, False)
    real, calls, walked = sealing.Sealing(ready.house), [], []

    class Dying:
        """Dies with each period's seal written and not committed, and then lets it pass."""

        prepare, gave_up = real.prepare, real.gave_up

        def __call__(self, uow, args):
            rest = real(uow, args)
            calls.append(args)
            if len(calls) % 2:
                raise Killed
            return rest

    while work(ready).ended_at is None:
        try:
            run(ready, Dying())
        except Killed:
            walked.append((work(ready).done, *seen(ready)))
    total = row.total
    assert walked == [(n, n, n, False) for n in range(total)]
    assert seen(ready) == (total, total, True)
    assert (work(ready).state, work(ready).done) == (Pace.DONE, total)


def test_a_close_that_comes_twice_closes_once_and_tells_it_once(ready):
    _, row = asked(ready)
    handler = sealing.Sealing(ready.house)
    args = {
        "undertaking": row.id, "cycle_id": "cycle", "minutes": "BA-1", "actor": KEEPER.name,
        "person_id": KEEPER.person_id, "agency_id": "agency",
    }  # fmt: skip
    run(ready, handler)
    before = told_of(ready)
    with ready.house.writing() as uow:
        assert handler(uow, args) is None
        uow.commit()
    assert seen(ready) == (row.total, row.total, True)
    closed = [("cycle_sealing_ended", "cycle", {"closed": True})]
    assert told_of(ready) == before == (1, closed)


def told_of(place):
    """Audit entries of closing, and messages that were published."""
    with place.house.reading() as uow:
        acts = uow.connection.execute(sa.select(audit.c.act)).scalars()
        rows = uow.connection.execute(message.select())
        told = [(row.name, row.correlation_key, row.variables) for row in rows]
        return sum(act == CYCLE_CLOSED for act in acts), told


def test_a_close_that_fails_every_time_says_so_to_who_waits(ready):
    asked(ready)
    real = sealing.Sealing(ready.house)

    class Broken:
        prepare, gave_up = real.prepare, real.gave_up

        def __call__(self, *_given):
            raise RuntimeError("no")

    Worker(
        ready.units, {Work.SEALING: Broken()}, rules=JobRules(attempts_max=1, pause=timedelta(0))
    ).run_until_idle()
    assert (work(ready).state, work(ready).words) == (Pace.FAILED, "gave_up")
    assert told_of(ready) == (0, [("cycle_sealing_ended", "cycle", {"closed": False})])


def test_a_small_cycle_is_closed_while_one_waits_and_only_by_who_may(ready, monkeypatch):
    monkeypatch.setattr(closing, "SEALED_AT_ONCE", 1_000)
    with pytest.raises(AccessRefused):
        ready.do("regu.cycle.close", person("sari"), cycle_id="cycle", form={"note": "x"})
    told = ready.do("regu.cycle.close", KEEPER, cycle_id="cycle", form={"note": "BA-1"})
    assert told == {"closed": True}
    assert seen(ready)[2]
    assert undertakings(ready.house, KEEPER, kinds={Work.SEALING}) == []
