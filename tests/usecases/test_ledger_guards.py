"""The database itself refuses what breaks an invariant, on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engine.domain.chain import chained
from engine.domain.closing import PeriodSeal
from engine.domain.cycles import Period, PeriodStatus
from engine.domain.ledger import Transfer, TransferCode
from engine.domain.outputs import Output, OutputStatus
from engine.domain.rollup import Place as Where
from engine.domain.rollup import roll_up
from engine.domain.squads import Consent, Squad
from engine.persistence.stores.entities import values_of
from engine.persistence.tables.contributions import transfer
from engine.persistence.triggers import not_append_only
from engine.usecases.errors import Conflict
from engine.usecases.proof import ledger_faults, prove
from tests.usecases import acting, worked

BASE = Transfer(
    output_id="out_a", debit_account="POOL", credit_account="person:sari", amount_bp=1_600,
    code=TransferCode.ATTEST, work_period_id="p1", posting_period_id="p1",
    home_agency_id="agency", home_unit_id="biro", host_agency_id="agency",
    host_unit_id="pusdatin", squad_id="squad_a", person_id="sari", role="anggota",
    actor_id="budi", at=datetime(2026, 6, 1, tzinfo=UTC),
    recorded_at=datetime(2026, 6, 1, tzinfo=UTC),
)  # fmt: skip


@pytest.fixture
def opened(place):
    """Output A accepted: 10,000 in its pool."""
    worked.build(place)
    acting.accepted(place, "out_a", "budi", "h_pusdatin", 96)
    return place


def append(place, *rows):
    with place.house.writing() as uow:
        stored = uow.contributions.append(rows)
        uow.commit()
        return stored


@pytest.mark.parametrize(
    ("change", "guard"),
    [
        ({"amount_bp": 0}, "amount"),
        ({"amount_bp": 10_001}, "ledger_balance_high"),
        ({"debit_account": "person:citra", "credit_account": "POOL"}, "ledger_balance_high"),
        ({"credit_account": "ISSUE", "person_id": None}, "never_back_to_issue"),
        ({"debit_account": "ISSUE"}, "issued_once"),
        ({"credit_account": "person:citra"}, "person_account"),
        ({"debit_account": "person:citra"}, "ledger_balance_low"),
        ({"actor_id": "sari"}, "ledger_not_own_line"),
        ({"code": TransferCode.REVERSE}, "reverses"),
        ({"code": TransferCode.REVERSE, "reverses_id": 1}, "ledger_reversal_mirrors"),
        ({"code": TransferCode.OPEN}, "opening"),
        ({"output_id": "out_b"}, r"ledger_(squad_of_output|balance_low)"),
        ({"output_id": "out_b", "squad_id": "squad_b"}, r"ledger_(balance_low|member)"),
        (
            {"person_id": "h_biro", "credit_account": "person:h_biro"},
            "ledger_member_worked",
        ),
    ],
)
def test_a_row_that_breaks_an_invariant_is_refused_by_name(opened, change, guard):
    with pytest.raises(Conflict, match=guard):
        append(opened, replace(BASE, **change))


def test_an_account_never_holds_more_than_the_whole(opened):
    opening = {
            "debit_account": "ISSUE", "credit_account": "POOL", "amount_bp": 10_000,
            "code": TransferCode.OPEN, "person_id": None,
        }  # fmt: skip
    with pytest.raises(Conflict, match=r"ledger_balance|opened_once"):
        append(opened, replace(BASE, **opening))


def test_a_person_has_one_live_line_until_it_is_reversed_once(opened):
    [line] = append(opened, BASE)
    with pytest.raises(Conflict, match="ledger_one_live_line"):
        append(opened, replace(BASE, amount_bp=100))
    back = replace(
        BASE, debit_account="person:sari", credit_account="POOL", code=TransferCode.REVERSE,
        reverses_id=line.id,
    )  # fmt: skip
    with pytest.raises(Conflict, match="ledger_reversal_mirrors"):
        append(opened, replace(back, amount_bp=1_500))
    append(opened, back)
    with pytest.raises(Conflict):
        append(opened, back)
    append(opened, replace(BASE, amount_bp=1_500, code=TransferCode.RESOLVE))


def test_rows_are_never_changed_nor_deleted(opened):
    for statement in (
        transfer.update().values(amount_bp=1),
        transfer.delete(),
        sa.text("UPDATE transfer SET reason = 'x'"),
    ):
        with (
            pytest.raises(sa.exc.DatabaseError, match="append-only"),
            opened.house.writing() as uow,
        ):
            uow.connection.execute(statement)


def test_a_row_that_does_not_follow_the_newest_is_refused(opened):
    fork = chained(BASE, row_id=99, prev_hash="")
    with (
        pytest.raises(sa.exc.DatabaseError, match=r"ledger_chained|no_fork"),
        opened.house.writing() as uow,
    ):
        uow.connection.execute(transfer.insert(), values_of(fork) | {"value_points": 40})


def test_a_row_counts_by_the_value_of_its_output(opened):
    with opened.house.reading() as uow:
        before = uow.contributions.ledger("out_a")[-1]
    row = chained(BASE, row_id=99, prev_hash=before.hash)
    with (
        pytest.raises(sa.exc.DatabaseError, match="ledger_value_of_output"),
        opened.house.writing() as uow,
    ):
        uow.connection.execute(transfer.insert(), values_of(row) | {"value_points": 1})


def test_the_proof_finds_a_row_whose_value_was_changed_behind_the_guards(opened):
    append(opened, BASE)
    assert list(prove(opened.house)) == []
    with opened.house.writing() as uow:
        for statement in not_append_only("transfer", uow.connection.dialect.name):
            uow.connection.exec_driver_sql(statement)
        uow.connection.execute(transfer.update().values(value_points=1))
        assert [found for found in ledger_faults(uow) if "another value" in found] != []


def test_nothing_is_booked_in_a_sealed_period(opened):
    with opened.house.writing() as uow:
        period = uow.performance.get(Period, "p1")
        decision = PeriodSeal(
            id="s1", period_id="p1", seal_hash="0" * 64, rows=0, outputs=(),
            decided_by="kepala", minutes="x", at=opened.clock.now(),
        )  # fmt: skip
        uow.credits.add([decision])
        uow.performance.put(replace(period, status=PeriodStatus.SEALED))
        uow.commit()

    with pytest.raises(Conflict, match="ledger_period_open"):
        append(opened, BASE)
    append(opened, replace(BASE, posting_period_id="p2"))
    with pytest.raises(Conflict, match="period_sealed"), opened.house.writing() as uow:
        uow.performance.put(replace(period, name="x"))


def test_a_sealed_output_is_final_and_takes_corrections_only(place):
    worked.build(place)
    acting.squad_a(place)

    with pytest.raises(Conflict, match="output_sealed"), place.house.writing() as uow:
        uow.contributions.put(replace(uow.contributions.get(Output, "out_a"), title="x"))
    with pytest.raises(Conflict, match=r"ledger_(output_sealed|balance|one_live_line|sealed)"):
        append(place, BASE)


def test_an_output_with_a_filled_pool_cannot_be_sealed(opened):
    with opened.house.writing() as uow:
        output = uow.contributions.get(Output, "out_a")
        full = replace(output, status=OutputStatus.SEALED, sealed_at=opened.clock.now())
        with pytest.raises(Conflict, match="output_sealed_with_pool"):
            uow.contributions.put(full)


def test_a_line_waits_for_the_homes_consent(opened):
    with opened.house.writing() as uow:
        [member] = [m for m in uow.contributions.members("squad_a") if m.person_id == "sari"]
        uow.contributions.put(replace(member, consent=Consent.PENDING))
        uow.commit()
    with pytest.raises(Conflict, match="ledger_member_worked"):
        append(opened, BASE)


def test_outputs_stay_inside_the_budget_and_keep_their_value_once_opened(opened):
    with opened.house.reading() as uow:
        output = uow.contributions.get(Output, "out_a")
        budget = uow.contributions.get(Squad, "squad_a").budget_points
    over = replace(
        output,
        id="out_x",
        number=99,
        value_points=budget,
        status=OutputStatus.PLANNED,
        attainment=None,
        delivered_by=None,
        accepted_by=None,
        accepted_at=None,
    )
    with pytest.raises(Conflict, match="output_inside_budget"), opened.house.writing() as uow:
        uow.contributions.add([over])
    with pytest.raises(Conflict, match="output_kept_once_opened"), opened.house.writing() as uow:
        uow.contributions.put(replace(output, value_points=1))


def test_the_sql_views_equal_the_domains_reference(place):
    worked.build(place)
    acting.squad_a(place)
    acting.squad_b(place)

    with place.house.reading() as uow:
        rows = [*uow.contributions.ledger("out_a"), *uow.contributions.ledger("out_b")]
        home = {row.unit_id: row.points_e4 for row in uow.contributions.home_view("cycle")}
        host = {row.unit_id: row.points_e4 for row in uow.contributions.host_view("cycle")}
    reference = roll_up(rows, {"out_a": 40, "out_b": 20})
    as_points = {unit: points * 10_000 for (_, unit), points in reference.home().items()}
    assert home == as_points
    assert host == {unit: p * 10_000 for (_, unit), p in reference.host().items()}
    assert reference.pool == {}
    assert Where("agency", "biro") in reference.home()
