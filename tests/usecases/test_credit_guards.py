"""Rules of crediting that the database holds too, whoever writes; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.domain.budgets import PointBudget
from engine.domain.claims import Attestation, AttestDecision, Claim, Commitment
from engine.domain.closing import PeriodSeal
from engine.domain.corrections import Correction, CorrectionState
from engine.domain.cycles import Cycle, Period, PeriodStatus
from engine.domain.ledger import COLLECTIVE, POOL, TransferCode
from engine.domain.outputs import Output
from engine.domain.overlays import OverlayCredit, OverlayRole
from engine.domain.posting import Holder, Posting, overlay
from engine.domain.squads import Squad
from engine.domain.units import Agency, Unit
from engine.usecases.errors import Conflict
from engine.usecases.operations.closing import seal_cycle
from engine.usecases.proof import ledger_faults
from tests.usecases import worked
from tests.usecases.acting import accepted, attest, claim, squad_a, squad_b

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def agency(place):
    worked.build(place)
    return place


def refused(place, match, write):
    with place.house.writing() as uow, pytest.raises(Conflict, match=match):
        write(uow)


def cut(place, **facts):
    with place.house.reading() as uow:
        row = next(
            r for r in uow.contributions.ledger("out_a")
            if r.person_id == "sari" and r.reverses_id is None
        )  # fmt: skip
    base = Correction(
        id="k1",
        output_id="out_a",
        person_id="sari",
        transfer_id=row.id,
        old_bp=row.amount_bp,
        new_bp=1500,
        asked_by="wayan",
        reason="audit",
        evidence_link="https://bldn.example/lhp",
        asked_at=NOW,
    )
    return replace(base, **facts)


def test_a_kind_of_contribution_that_nobody_keeps_is_refused(agency):
    accepted(agency, "out_a", "budi", "h_pusdatin", 96)
    claim(agency, "out_a", "sari", 16)
    with agency.house.reading() as uow:
        made = uow.contributions.claim_of("out_a", "sari")
    wrong = replace(made, contribution_type="dancing")
    refused(agency, "claim_type_known", lambda uow: uow.contributions.put(wrong))
    other = replace(wrong, id="c9", person_id="citra")
    refused(agency, "claim_type_known", lambda uow: uow.contributions.add([other]))


def test_beyond_one_signature_nothing_is_posted(agency):
    accepted(agency, "out_a", "budi", "h_pusdatin", 96)
    claim(agency, "out_a", "sari", 30)
    assert attest(agency, "out_a", "sari", "budi")["needs_cosign"]
    with agency.house.reading() as uow:
        opened = uow.contributions.ledger("out_a")[0]
    line = replace(
        opened, id=0, debit_account=POOL, credit_account="person:sari", amount_bp=3000,
        code=TransferCode.ATTEST, person_id="sari", role="anggota", actor_id="budi",
        prev_hash="", hash="",
    )  # fmt: skip
    refused(agency, "ledger_cosigned", lambda uow: uow.contributions.append([line]))


def test_a_broken_commitment_is_shown(agency):
    accepted(agency, "out_a", "budi", "h_pusdatin", 96)
    claim(agency, "out_a", "sari", 16)
    with agency.house.reading() as uow:
        held = uow.contributions.claim_of("out_a", "sari")
    made = Attestation(
        id="a9",
        claim_id=held.id,
        attester_id="budi",
        decision=AttestDecision.ATTEST,
        share_bp=1600,
        commitment=Commitment.PARTLY,
        at=NOW,
    )
    refused(agency, "attestation_commitment_shown", lambda uow: uow.contributions.add([made]))
    assert isinstance(held, Claim)


def test_an_overlay_is_posted_when_it_was_taken_and_once(agency):
    accepted(agency, "out_a", "budi", "h_pusdatin", 96)
    whose = Holder(person_id="wayan", role="penelaah", home_agency_id="agency", home_unit_id="biro")
    act = Posting(
        output_id="out_a",
        squad_id="squad_a",
        host_agency_id="agency",
        host_unit_id="pusdatin",
        work_period_id="p1",
        posting_period_id="p1",
        actor_id="h_pusdatin",
        reason="read it",
        at=NOW,
        recorded_at=NOW,
    )
    row = overlay(act, whose)
    refused(agency, "ledger_overlay_accepted", lambda uow: uow.contributions.append([row]))
    held = OverlayCredit(
        id="v1",
        output_id="out_a",
        person_id="wayan",
        role=OverlayRole.REVIEWER,
        note="read it",
        proposed_by="h_pusdatin",
        proposed_at=NOW,
    )
    with agency.house.writing() as uow:
        uow.credits.add([held])
        uow.commit()
    again = replace(held, id="v2")
    refused(agency, "overlay_once|overlay_credit", lambda uow: uow.credits.add([again]))
    own = replace(held, id="v3", person_id="h_pusdatin")
    refused(agency, "not_own", lambda uow: uow.credits.add([own]))


def test_a_sealed_output_changes_by_a_decided_correction_only(agency):
    squad_a(agency)
    with agency.house.reading() as uow:
        last = uow.contributions.ledger("out_a")[-1]
    loose = replace(
        last, id=0, debit_account="person:sari", credit_account=POOL, amount_bp=1,
        code=TransferCode.RESOLVE, prev_hash="", hash="",
    )  # fmt: skip
    refused(agency, "ledger_sealed_by_correction", lambda uow: uow.contributions.append([loose]))
    unsealed = cut(agency, output_id="out_b")
    for wrong, match in (
        (unsealed, "correction_of_live_line"),
        (cut(agency, old_bp=1700), "correction_of_live_line"),
        (cut(agency, new_bp=1800), "less"),
        (cut(agency, asked_by="sari"), "not_asked_by_holder"),
    ):
        refused(agency, match, lambda uow, row=wrong: uow.credits.add([row]))
    with agency.house.writing() as uow:
        uow.credits.add([cut(agency)])
        uow.commit()
    decided = {"state": CorrectionState.POSTED, "decided_at": NOW, "decision": "x"}
    for who, match in (("budi", "impartial"), ("wayan", "not_decided_by_asker|impartial")):
        by = cut(agency, decided_by=who, **decided)
        refused(agency, match, lambda uow, row=by: uow.credits.put(row))


def test_budgets_and_outputs_hold_each_other(agency):
    with agency.house.reading() as uow:
        output = uow.contributions.get(Output, "out_a")
        squad = uow.contributions.get(Squad, "squad_a")
    base = PointBudget(
        id="b1", squad_id="squad_a", period_id="p1", points=40, set_by="h_pusdatin", at=NOW
    )
    for points in (39, 101):
        row = replace(base, points=points)
        refused(agency, "budget_inside_squad", lambda uow, r=row: uow.credits.add([r]))
    with agency.house.writing() as uow:
        uow.credits.add([base])
        uow.commit()
    for change, match in (
        ({"value_points": 41}, "output_inside_period_budget_still"),
        ({"period_id": "p2"}, "output_inside_period_budget_still"),
    ):
        row = replace(output, **change)
        refused(agency, match, lambda uow, r=row: uow.contributions.put(r))
    small = replace(squad, budget_points=30)
    refused(agency, "squad_budget_covers", lambda uow: uow.contributions.put(small))


def test_a_period_is_sealed_by_a_decision_and_in_order(agency):
    with agency.house.reading() as uow:
        first, second = (uow.performance.get(Period, key) for key in ("p1", "p2"))
    bare = replace(first, status=PeriodStatus.SEALED)
    refused(agency, "period_sealed_by_decision", lambda uow: uow.performance.put(bare))

    def second_first(uow):
        uow.credits.add(
            [
                PeriodSeal(
                    id="s2", period_id="p2", seal_hash="0" * 64, rows=0, outputs=(),
                    decided_by="kepala", minutes="x", at=NOW,
                )
            ]
        )  # fmt: skip
        uow.performance.put(replace(second, status=PeriodStatus.SEALED))

    refused(agency, "period_sealed_by_decision", second_first)
    assert seal_cycle


def test_the_matrix_of_two_agencies_agrees_to_the_basis_point(agency):
    """I5 in one statement: what goes out of one agency comes into the other."""
    with agency.house.writing() as uow:
        uow.agency.add([Agency(id="other", code="KEM", name="Kementerian")])
        uow.agency.add([Unit(id="seksi", agency_id="other", code="S", name="Seksi")])
        uow.performance.add(
            [
                Cycle(
                    id="cycle_o", agency_id="other", year=2026, name="2026",
                    starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
                )
            ]
        )  # fmt: skip
        uow.commit()
    lend(agency, "sari", "other", "seksi")
    squad_a(agency)
    squad_b(agency)
    with agency.house.reading() as uow:
        cells = uow.credits.matrix(2026, units=True)
        agencies = uow.credits.matrix(2026, units=False)
        home = sum(row.points_e4 for row in uow.credits.view("p1", by="work", side="home"))
        host = sum(row.points_e4 for row in uow.credits.view("p1", by="posting", side="host"))
        # the lent person's own agency reads her work in the host's cycle
        lines = uow.contributions.credit_lines("cycle_o", person_id="sari")
        mine = uow.credits.by_period("sari", "cycle_o")
        assert ledger_faults(uow) == []
    assert sum(c.points_e4 for c in cells) == sum(c.points_e4 for c in agencies) == 600_000
    assert home == host == 600_000
    across = {(c.home.agency_id, c.host.agency_id): c.points_e4 for c in agencies}
    # 18 % of 40 and 33,33 % of 20
    assert across["other", "agency"] == 72_000 + 66_660
    assert {line.output_id for line in lines} == {"out_a", "out_b"}
    assert sum(row.points_e4 for row in mine) == 138_660
    assert COLLECTIVE not in {line.person_id for line in lines}


def lend(place, who, agency_id, unit_id):
    """The person's memberships are stamped with another home."""
    with place.house.writing() as uow:
        for row, _ in uow.contributions.memberships_of(who, worked.FIRST, worked.LAST):
            uow.contributions.put(replace(row, home_agency_id=agency_id, home_unit_id=unit_id))
        uow.commit()
