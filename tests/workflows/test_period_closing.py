"""Closing a period: what is in the way, the seal, and that nothing is posted behind it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.closing import period_hash
from engine.domain.cycles import Period, PeriodStatus
from engine.domain.ledger import COLLECTIVE, POOL, TransferCode
from engine.usecases.errors import Conflict, InputRefused, NotFound
from engine.usecases.proof import seal_faults
from tests.workflows.contributing import accepted, attested, books_hold
from tests.workflows.crediting import close_period, rows, sealed


def status(town, number):
    with town.house.reading() as uow:
        return uow.performance.get(Period, town.ids[f"period {number}"]).status


def test_a_quiet_period_is_sealed_with_a_hash_over_what_it_holds(town):
    sealed(town)
    close_period(town, 1)
    assert status(town, 1) is PeriodStatus.SEALED
    with town.house.reading() as uow:
        seal = uow.credits.seal_of(town.ids["period 1"])
        outputs = uow.credits.outputs_of_period(town.ids["period 1"])
        assert seal.seal_hash == period_hash(outputs, uow.credits.posted_in(town.ids["period 1"]))
        assert seal.outputs == (town.ids["output"],)
        assert seal.rows == len(rows(town))
        assert seal_faults(uow) == []
    assert books_hold(town) == []


def test_what_is_under_way_is_listed_and_waits_or_is_carried(town):
    accepted(town)
    attested(town, "citra", "sari")
    town.ask("period_closing", by="joko", period=town.ids["period 1"])
    assert status(town, 1) is PeriodStatus.CLOSING
    begun = town.begun(town.task("review_blockers"))
    assert [row["what"] for row in begun["open_things"]] == ["Portal data"]
    town.do("review_blockers", by="joko", decision="check")
    with pytest.raises(InputRefused):
        town.do("review_blockers", by="joko", decision="carry")
    town.do("review_blockers", by="joko", decision="carry", note="Sengketa belum selesai")
    with pytest.raises(InputRefused):
        town.do("seal_period", by="joko", minutes="")
    town.do("seal_period", by="joko", minutes="BA-1")
    nothing_enters(town)
    before = len(rows(town))
    # what comes later is posted in the open period and stays work of its own
    attested(town, "eko")
    late = rows(town)[before:]
    assert {row.work_period_id for row in late} == {town.ids["period 1"]}
    assert {row.posting_period_id for row in late} == {town.ids["period 2"]}
    with town.house.reading() as uow:
        seal = uow.credits.seal_of(town.ids["period 1"])
        assert seal.carried == (town.ids["output"],)
        assert len(uow.credits.posted_in(town.ids["period 1"])) == seal.rows


def nothing_enters(town):
    """Whoever writes, past every rule: the database refuses a row in a sealed period."""
    row = replace(
        rows(town)[0],
        id=0,
        debit_account=POOL,
        credit_account=COLLECTIVE,
        amount_bp=1,
        code=TransferCode.COLLECTIVE,
        reason="x",
    )
    with town.house.writing() as uow, pytest.raises(Conflict, match="ledger_period_open"):
        uow.contributions.append([row])


def test_periods_are_sealed_in_order_and_the_last_one_carries_nothing(town):
    with pytest.raises(NotFound):
        town.ask("period_closing", by="wati", period=town.ids["period 1"])
    close_period(town, 1)
    with pytest.raises(InputRefused):
        town.ask("period_closing", by="joko", period=town.ids["period 1"])
    assert status(town, 2) is PeriodStatus.OPEN
    with town.house.writing() as uow:
        second = uow.performance.get(Period, town.ids["period 2"])
        with pytest.raises(Conflict, match="period_sealed_by_decision"):
            uow.performance.put(replace(second, status=PeriodStatus.SEALED))


def test_a_later_period_waits_for_the_one_before(town):
    town.ask("period_closing", by="joko", period=town.ids["period 2"])
    with pytest.raises(InputRefused):
        town.do("seal_period", by="joko", minutes="BA")
    assert status(town, 2) is PeriodStatus.CLOSING


def test_every_flow_of_period_closing_is_walked(every_flow):
    every_flow("period_closing")
