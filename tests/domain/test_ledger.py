from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.chain import append, canonical, row_hash, seal_hash, verify_chain
from engine.domain.errors import Malformed, RuleBroken
from engine.domain.invariants import LedgerFacts, check_ledger
from engine.domain.ledger import TransferCode, balance, live_line, overlays, primary
from engine.domain.posting import (
    allocation,
    collective,
    opening,
    overlay,
    restatement,
    reversal,
)
from engine.domain.rollup import Place, check_rollup, check_views, roll_up
from tests.domain.worked import COLLECTIVE_MOST, D, holder, posting

ATTEST = TransferCode.ATTEST
ADJUST = TransferCode.ADJUST
B = {
    "squad_id": "B",
    "output": "B1",
    "host_unit_id": "Ditjen X",
    "actor": "sponsor",
}
HOMES = {
    "budi": "Pusdatin",
    "sari": "Biro Perencanaan",
    "citra": "Biro Hukum",
    "dedi": "Ditjen X",
    "eka": "Ditjen X",
}


def post(rows, *new):
    return append(rows, new)


def allocated(rows, shares, **facts):
    for person, amount in shares.items():
        row = allocation(rows, posting(**facts), holder(person, HOMES[person]), amount, ATTEST)
        rows = post(rows, row)
    return rows


def squad_a():
    rows = post((), opening((), posting(actor="sponsor")))
    return allocated(rows, {"budi": 5900, "sari": 1800, "citra": 2300}, actor="sponsor")


def both():
    rows = squad_a()
    rows = post(rows, opening(rows, posting(**B)))
    return allocated(rows, {"sari": 3333, "dedi": 3334, "eka": 3333}, **B)


def places(view):
    return {place.unit_id: points for place, points in view.items()}


def test_home_and_host_of_the_worked_example_reconcile():
    values = {"A1": 40, "B1": 20}
    rollup = roll_up(both(), values)
    assert places(rollup.host()) == {"Pusdatin": D(40), "Ditjen X": D(20)}
    assert places(rollup.home()) == {
        "Pusdatin": D("23.6"),
        "Biro Perencanaan": D("13.866"),
        "Biro Hukum": D("9.2"),
        "Ditjen X": D("13.334"),
    }
    matrix = {(home.unit_id, host.unit_id): p for (home, host), p in rollup.matrix.items()}
    assert matrix["Pusdatin", "Pusdatin"] == D("23.6")
    assert matrix["Biro Perencanaan", "Pusdatin"] == D("7.2")
    assert matrix["Biro Hukum", "Pusdatin"] == D("9.2")
    assert matrix["Ditjen X", "Ditjen X"] == D("13.334")
    assert matrix["Biro Perencanaan", "Ditjen X"] == D("6.666")
    assert sum(rollup.credit_out().values()) == D("23.066")
    assert sum(rollup.credit_in().values()) == D("23.066")
    assert sum(rollup.home().values()) == sum(rollup.host().values()) == D(60)
    assert check_rollup(rollup, values) == ()


def test_the_correction_after_sealing_takes_18_back_and_gives_15_in_the_open_period():
    rows = both()
    sealed = LedgerFacts(sealed_outputs={"A1": rows[-1].id}, sealed_periods={"Q1": rows[-1].id})
    late = posting(actor="auditor", posting_period_id="Q2", reason="audit finding 7")
    shares = {"budi": 5900, "sari": 1500, "citra": 2300}
    homes = {who: holder(who, HOMES[who]) for who in shares}
    new = restatement(rows, late, shares, homes)
    original = live_line(rows, "A1", "sari")
    assert [(r.code, r.amount_bp, r.reverses_id) for r in new] == [
        (TransferCode.REVERSE, 1800, original.id),
        (TransferCode.RESOLVE, 1500, None),
    ]
    assert {r.posting_period_id for r in new} == {"Q2"}
    assert {r.work_period_id for r in new} == {"Q1"}
    after = post(rows, *new)
    assert balance(after, "A1").pool_bp == 300
    assert after[: len(rows)] == rows
    assert [v for v in check_ledger(after, sealed) if v.code != "I10"] == []
    to_collective = collective(after, late, 300, COLLECTIVE_MOST)
    assert balance(post(after, to_collective), "A1").total_bp == 10_000
    assert balance(post(after, to_collective), "A1").pool_bp == 0


def test_an_overlay_has_no_effect_on_the_hundred():
    rows = squad_a()
    row = overlay(posting(actor="sponsor"), holder("fajar", role="penelaah"))
    after = post(rows, row)
    assert balance(after, "A1") == balance(rows, "A1")
    assert [one.role for one in overlays(after)] == ["penelaah"]
    assert primary(after) == rows
    assert roll_up(after, {"A1": 40}) == roll_up(rows, {"A1": 40})


def test_collective_work_is_at_most_a_tenth_and_needs_a_reason():
    rows = post((), opening((), posting()))
    with pytest.raises(RuleBroken) as refused:
        collective(rows, posting(reason=" "), 1001, COLLECTIVE_MOST)
    assert [v.code for v in refused.value.violations] == ["collective_most", "reason_missing"]
    rows = post(rows, collective(rows, posting(), 600, COLLECTIVE_MOST))
    with pytest.raises(RuleBroken):
        collective(rows, posting(), 401, COLLECTIVE_MOST)
    rollup = roll_up(rows, {"A1": 40})
    assert places(rollup.home()) == {"Pusdatin": D("2.4")}
    assert places(rollup.pool) == {"Pusdatin": D("37.6")}
    assert check_rollup(rollup, {"A1": 40}) == ()


def test_every_reason_against_a_line_is_named_at_once():
    rows = allocated(post((), opening((), posting())), {"sari": 9000})
    with pytest.raises(RuleBroken) as refused:
        allocation(rows, posting(actor="sari"), holder("sari"), 1001, ATTEST)
    assert [v.code for v in refused.value.violations] == ["I2", "I4", "I9"]
    with pytest.raises(RuleBroken):
        opening(rows, posting())
    with pytest.raises(Malformed):
        allocation(rows, posting(), holder("budi"), 0, ADJUST)


def test_a_row_is_reversed_once_and_never_the_opening():
    rows = squad_a()
    back = reversal(rows, posting(posting_period_id="Q2"), 2)
    assert (back.debit_account, back.credit_account) == ("person:budi", "POOL")
    assert (back.work_period_id, back.posting_period_id) == ("Q1", "Q2")
    rows = post(rows, back)
    for row_id in (1, 2, rows[-1].id, 99):
        with pytest.raises(RuleBroken):
            reversal(rows, posting(), row_id)


def test_a_restatement_leaves_what_stays_and_never_touches_the_actors_own_line():
    rows = squad_a()
    homes = {who: holder(who, HOMES[who]) for who in HOMES}
    same = {"budi": 5900, "sari": 1800, "citra": 2300}
    assert restatement(rows, posting(actor="boss"), same, homes) == ()
    moved = {"budi": 5900, "sari": 2000, "citra": 1100}
    new = restatement(rows, posting(actor="boss"), moved, homes, collective_bp=1000)
    after = post(rows, *new)
    assert balance(after, "A1").people_bp == moved
    assert balance(after, "A1").collective_bp == 1000
    assert balance(after, "A1").pool_bp == 0
    with pytest.raises(RuleBroken):
        restatement(rows, posting(actor="sari"), moved, homes)
    with pytest.raises(RuleBroken):
        restatement(rows, posting(actor="boss"), {"budi": 9000, "sari": 1001}, homes)


def test_the_hash_is_the_same_in_every_zone_and_changes_with_every_field():
    row = squad_a()[1]
    jakarta = timezone(timedelta(hours=7))
    moved = replace(row, at=row.at.astimezone(jakarta))
    assert canonical(moved) == canonical(row)
    changed = replace(row, reason="otherwise")
    assert row_hash(changed) != row.hash
    with pytest.raises(Malformed):
        canonical(replace(row, at=row.at.replace(tzinfo=None)))


def test_the_chain_tells_what_was_changed_dropped_or_moved():
    rows = both()
    assert verify_chain(rows) == ()
    assert verify_chain(rows[3:], rows[2].hash) == ()
    changed = (*rows[:2], replace(rows[2], amount_bp=1), *rows[3:])
    assert [v.subject for v in verify_chain(changed)] == ["3"]
    assert verify_chain((*rows[:2], *rows[3:]))
    assert verify_chain((rows[1], rows[0], *rows[2:]))
    assert seal_hash(rows) != seal_hash(rows[:-1])


def test_two_agencies_share_a_squad_and_each_view_is_theirs():
    rows = post((), opening((), posting()))
    guest = holder("guest", unit="Dinas", agency="daerah")
    rows = post(rows, allocation(rows, posting(), guest, 4000, ATTEST))
    rows = post(rows, allocation(rows, posting(), holder("budi"), 6000, ATTEST))
    rollup = roll_up(rows, {"A1": 10})
    assert rollup.home() == {Place("daerah", "Dinas"): D(4), Place("agency", "Pusdatin"): D(6)}
    assert rollup.host() == {Place("agency", "Pusdatin"): D(10)}
    assert check_rollup(rollup, {"A1": 10}) == ()
    wrong = {Place("daerah", "Dinas"): D("4.0001"), Place("agency", "Pusdatin"): D(6)}
    assert [v.code for v in check_views(wrong, rollup.host(), rollup)] == ["I5"]


splits = st.lists(st.integers(0, 10_000), min_size=1, max_size=6)


@given(st.lists(st.tuples(splits, st.integers(1, 500)), min_size=1, max_size=5), st.randoms())
def test_i5_home_and_host_are_two_sums_of_the_same_rows(outputs, rng):
    rows, values = (), {}
    for n, (amounts, value) in enumerate(outputs):
        act = posting(f"o{n}", host_unit_id=f"h{rng.randrange(3)}", squad_id=f"s{n}")
        values[act.output_id] = value
        rows = post(rows, opening(rows, act))
        for who, amount in enumerate(amounts):
            home = holder(f"p{who}", f"h{rng.randrange(5)}", f"a{rng.randrange(2)}")
            left = balance(rows, act.output_id).pool_bp
            if part := min(amount, left):
                rows = post(rows, allocation(rows, act, home, part, ATTEST))
    assert check_rollup(roll_up(rows, values), values) == ()
    assert verify_chain(rows) == ()
