"""The worked example comes out of stored rows, acts done by the people themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.domain.claims import Claim
from engine.domain.cycles import Cycle
from engine.domain.ledger import live_line
from engine.domain.outputs import Output, OutputStatus
from engine.domain.rollup import Place, check_rollup, check_views, roll_up
from engine.usecases import cycles, proof
from engine.usecases.actor import system
from engine.usecases.decisions import Tables
from engine.usecases.errors import AccessRefused, Conflict
from engine.usecases.index import person_index
from engine.usecases.means import Means
from engine.usecases.organisation import Standing
from tests.usecases import acting, worked
from tests.usecases.acting import person


def index_of(place, person_id):
    house = place.house
    means = Means(ids=house.ids, clock=house.clock, decide=house.runner.decide)
    with house.reading() as uow:
        cycle = uow.performance.get(Cycle, "cycle")
        tables = Tables(means, uow, place.clock.now(), "agency")
        return person_index(Standing(uow, place.clock.now()), tables, person_id, cycle)


def played(place):
    """Both squads' outputs sealed, Sari's home results documented."""
    worked.build(place)
    place.clock.at = datetime(2026, 5, 29, 3, 0, tzinfo=UTC)
    acting.squad_a(place)
    acting.squad_b(place)
    acting.home_results(place)
    return place


def by_place(view):
    return {Place(row.agency_id, row.unit_id): Decimal(row.points_e4).scaleb(-4) for row in view}


AUDIT = {"reason": "audit", "evidence_link": "https://bldn.example/lhp"}


@pytest.fixture
def year(sqlite_place):
    return played(sqlite_place)


@pytest.fixture
def year_on_both(place):
    return played(place)


def test_sari_gets_the_index_of_the_worked_example_line_by_line(year_on_both):
    found = index_of(year_on_both, "sari")

    assert found.index is not None
    lines = {line.role: line for line in found.index.lines}
    assert {role: line.weight_bp for role, line in lines.items()} == {
        "home": 7000, "a2": 2000, "b2": 1000,
    }  # fmt: skip
    assert lines["home"].attainment == Decimal("99.10")
    assert lines["a2"].attainment == Decimal("108.00")
    assert lines["b2"].attainment == Decimal("110.00")
    assert found.index.ihk == Decimal("101.97")
    assert found.index.proposed_level == "sesuai"
    assert found.load_bp == 10_000


def test_expected_shares_are_capped_and_split_as_the_example_says(year):
    with year.house.reading() as uow:
        a = {row.person_id: row.expected_bp for row in uow.contributions.share_lines("out_a")}
        b = {row.person_id: row.expected_bp for row in uow.contributions.share_lines("out_b")}

    assert a == {"budi": 6000, "sari": 1600, "citra": 2400}
    assert b == {"sari": 3333, "dedi": 3334, "eka": 3333}


def test_home_and_host_reconcile_to_the_last_basis_point(year_on_both):
    with year_on_both.house.reading() as uow:
        found = cycles.reconciliation(uow, "cycle")
        rows = [row for key in ("out_a", "out_b") for row in uow.contributions.ledger(key)]

    assert found.balanced
    values = {"out_a": 40, "out_b": 20}
    reference = roll_up(rows, values)
    assert check_rollup(reference, values) == ()
    assert check_views(by_place(found.home), by_place(found.host), reference) == ()
    assert found.home_e4 == found.host_e4 == 60 * 10_000
    assert found.out_e4 == found.in_e4 == 230_660
    host = {row.unit_id: (row.points_e4, row.own_e4) for row in found.host}
    assert host == {"pusdatin": (400_000, 236_000), "ditx": (200_000, 133_340)}
    home = {row.unit_id: row.points_e4 for row in found.home}
    assert home == {"biro": 138_660, "hukum": 92_000, "pusdatin": 236_000, "ditx": 133_340}
    matrix = {(row.home_unit_id, row.host_unit_id): row.points_e4 for row in found.flows}
    assert matrix["biro", "pusdatin"] == 72_000
    assert matrix["biro", "ditx"] == 66_660


def test_the_proof_of_ledger_and_audit_holds(year):
    assert list(proof.prove(year.house)) == []


def test_a_correction_after_the_seal_reverses_and_leaves_the_rest_in_pool(year):
    with year.house.reading() as uow:
        before = uow.contributions.ledger("out_a")
        old = live_line(before, "out_a", "sari")
    form = {"line": str(old.id), "new_percent": Decimal(15), **AUDIT}
    asked = year.do("regu.correction.ask", person("wayan", "auditor"), form, agency_id="agency")
    where = {"output_id": "out_a", "correction_id": asked["correction_id"]}
    word = {"decision": "approve", "reason": "audit"}
    # the sponsor signed Sari's line
    with pytest.raises(AccessRefused):
        year.do("regu.correction.decide", person("h_pusdatin"), word, **where)
    year.do("regu.correction.decide", person("kepala"), word, **where)
    with year.house.reading() as uow:
        held = uow.contributions.balances("out_a")
        back, new = uow.contributions.ledger("out_a")[len(before) :]
    assert (back.amount_bp, back.reverses_id, new.amount_bp) == (1800, old.id, 1500)
    assert (held["POOL"], held["person:sari"]) == (300, 1500)
    lines = [{"person_id": "citra", "share_percent": Decimal(3)}]
    form = {"lines": lines, "reason": "shared out"}
    year.do("regu.correction.reallocate", person("h_pusdatin"), form, **where)
    with year.house.reading() as uow:
        held = uow.contributions.balances("out_a")
    assert (held["POOL"], held["person:citra"]) == (0, 2600)
    assert list(proof.prove(year.house)) == []


def test_a_rating_keeps_the_arithmetic_as_it_stood_and_ends_final(year):
    vars_ = {"person_id": "sari", **worked.CYCLE}
    year.do("regu.org_rating.set", person("kepala"), {"level": "baik"}, unit_id="biro", **vars_)
    prepared = year.do("regu.evaluation.prepare", system(), **vars_)
    assert (prepared["ihk"], prepared["proposed_level"]) == (Decimal("101.97"), "sesuai")
    rating = {"rating_id": prepared["rating_id"], **vars_}
    year.do("regu.rating.self_evaluate", person("sari"), {"self_note": "ok"}, **rating)
    levels = {"result_level": "sesuai", "behaviour_level": "sesuai", "evidence_reason": "seen"}
    year.do("regu.rating.rate", person("h_biro"), levels, **rating)
    year.do("regu.rating.record", system("h_biro"), predikat="baik", **rating)
    with pytest.raises(Conflict):
        year.do("regu.rating.finalise", system("h_biro"), **rating)
    code = year.ask("rating code", prepared["rating_id"])
    year.do("regu.rating.sign", person("h_biro"), {"read": True, "code": code}, **rating)
    assert year.do("regu.rating.finalise", system("h_biro"), **rating) == {"predikat": "baik"}

    with year.house.reading() as uow:
        kept = uow.performance.rating_of("sari", "cycle")
    assert [line.attainment for line in kept.index_lines] == [
        Decimal("99.10"), Decimal("108.00"), Decimal("110.00"),
    ]  # fmt: skip
    assert kept.status == "final"


def test_sealing_makes_output_and_claims_final(year):
    with year.house.reading() as uow:
        output = uow.contributions.get(Output, "out_a")
        states = {claim.state.value for claim in uow.contributions.claims("out_a")}
        assert uow.contributions.get(Claim, "nobody") is None
    assert output.status is OutputStatus.SEALED
    assert states == {"sealed"}
