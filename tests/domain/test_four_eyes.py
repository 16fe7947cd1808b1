"""Nobody decides about his own act (crediting.md 0.8), nor attests himself (I9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain import disputes, objections
from engine.domain.attestation import (
    Line,
    attest,
    attester,
    cosigner,
    missing,
    needs_of,
)
from engine.domain.claims import (
    TRANSITIONS,
    Attestation,
    AttestDecision,
    Claim,
    ClaimAct,
    ClaimState,
    Commitment,
    Degree,
    moved,
    returns_of,
    submit,
)
from engine.domain.disputes import Dispute, DisputeCase, RestatedLine, dispute_decider
from engine.domain.errors import NobodyFound, NotEntitled, RuleBroken, TransitionRefused
from engine.domain.impartial import Act
from engine.domain.objections import (
    Objection,
    ObjectionCase,
    ObjectionOutcome,
    ObjectionState,
    objection_decider,
)
from engine.domain.organisation import Official
from engine.domain.protection import (
    Grievance,
    GrievanceKind,
    LoweringAct,
    audit_list,
    needs_second_signature,
)
from tests.domain.worked import ATTEST, NOW


def who(*people):
    return tuple(Official(person_id=person) for person in people)


LINE = Line(
    output_id="o",
    claimant_id="sari",
    lead=Official(person_id="ketua"),
    sponsor=Official(person_id="sponsor"),
    above_sponsor=who("boss", "chief"),
)
CLAIM = Claim(
    id="c",
    output_id="o",
    person_id="sari",
    claimed_bp=1600,
    contribution_type="analysis",
    degree=Degree.EQUAL,
    state=ClaimState.CLAIMED,
)
GIVEN = Attestation(
    id="a",
    claim_id="c",
    attester_id="ketua",
    decision=AttestDecision.ATTEST,
    share_bp=1600,
    commitment=Commitment.MET,
    at=NOW,
)


def test_the_ketua_attests_members_and_the_sponsor_attests_the_ketua():
    assert attester(LINE).person_id == "ketua"
    assert attester(replace(LINE, claimant_id="ketua")).person_id == "sponsor"
    assert attester(replace(LINE, lead=None)).person_id == "sponsor"
    assert attester(LINE, past_lead=True).person_id == "sponsor"


@pytest.mark.parametrize(
    ("facts", "attests"),
    [
        ({"claimant_id": "sponsor", "lead": None}, "boss"),
        ({"subordinates_of_claimant": frozenset({"ketua"})}, "sponsor"),
        ({"substitutes": {"ketua": "deputy"}}, "deputy"),
        ({"substitutes": {"ketua": "sari"}}, "sponsor"),
        ({"substitutes": {"ketua": "sari", "sponsor": "sari"}}, "boss"),
        ({"sponsor": Official(person_id="plh", on_behalf_of="sari"), "lead": None}, "boss"),
    ],
)
def test_no_delegation_leads_back_to_the_claimant_or_below_him(facts, attests):
    assert attester(replace(LINE, **facts)).person_id == attests


def test_a_substitute_leaves_both_names():
    found = attester(replace(LINE, substitutes={"ketua": "deputy"}))
    assert (found.person_id, found.on_behalf_of) == ("deputy", "ketua")


def test_the_lead_attests_and_without_anybody_else_nobody():
    assert attester(LINE).person_id == "ketua"
    alone = replace(LINE, claimant_id="x", lead=None, sponsor=who("x")[0], above_sponsor=())
    with pytest.raises(NobodyFound):
        attester(alone)


def test_the_second_signature_is_never_the_first_ones():
    assert cosigner(LINE, Act(actor_id="ketua")).person_id == "sponsor"
    assert cosigner(LINE, Act(actor_id="sponsor")).person_id == "boss"
    assert cosigner(LINE, Act(actor_id="deputy", on_behalf_of="sponsor")).person_id == "boss"


CASE = DisputeCase(
    output_id="o",
    parties=frozenset({"sari", "budi"}),
    lead_id="ketua",
    acts=(Act(actor_id="ketua"),),
    sponsor=Official(person_id="sponsor"),
    above_sponsor=who("boss", "chief"),
)


@pytest.mark.parametrize(
    ("facts", "decides"),
    [
        ({}, "sponsor"),
        ({"acts": (Act(actor_id="sponsor"),)}, "boss"),
        ({"acts": (Act(actor_id="deputy", on_behalf_of="sponsor"),)}, "boss"),
        ({"acts": (Act(actor_id="sponsor"), Act(actor_id="boss"))}, "chief"),
        ({"parties": frozenset({"sari", "sponsor"})}, "boss"),
        ({"sponsor": Official(person_id="ketua")}, "boss"),
        ({"subordinates_of_parties": frozenset({"sponsor"})}, "boss"),
        ({"substitutes": {"sponsor": "deputy"}}, "deputy"),
        ({"substitutes": {"sponsor": "ketua"}}, "boss"),
        ({"substitutes": {"sponsor": "sari"}}, "boss"),
        ({"acts": (Act(actor_id="deputy"),), "substitutes": {"sponsor": "deputy"}}, "boss"),
    ],
)
def test_a_dispute_goes_up_past_everyone_who_acted(facts, decides):
    case = replace(CASE, **facts)
    assert dispute_decider(case).person_id == decides
    assert disputes.check_decider(case, decides).person_id == decides
    for actor in ("sari", "budi", "ketua"):
        with pytest.raises(NotEntitled):
            disputes.check_decider(case, actor)


OBJECTION = ObjectionCase(
    rating_id="r",
    employee_id="sari",
    acts=(Act(actor_id="rater"),),
    above_rater=who("boss", "chief"),
)


@pytest.mark.parametrize(
    ("acts", "decides"),
    [
        pytest.param((Act(actor_id="rater"),), "boss", id="the rater's superior"),
        pytest.param((Act(actor_id="boss"),), "chief", id="the sponsor is the rater"),
        pytest.param((Act(actor_id="rater"), Act(actor_id="boss")), "chief", id="calibrator"),
        pytest.param((Act(actor_id="x", on_behalf_of="boss"),), "chief", id="his substitute"),
    ],
)
def test_an_objection_goes_up_past_rater_calibrator_and_attester(acts, decides):
    case = replace(OBJECTION, acts=acts)
    assert objection_decider(case).person_id == decides
    assert objections.check_decider(case, decides)
    with pytest.raises(NotEntitled):
        objections.check_decider(case, "rater")


def test_a_ketua_who_is_also_the_rater_does_not_decide_the_objection_as_a_substitute():
    case = replace(OBJECTION, acts=(Act(actor_id="ketua"),), substitutes={"boss": "ketua"})
    assert objection_decider(case).person_id == "chief"
    exhausted = replace(case, above_rater=who("boss"))
    with pytest.raises(NobodyFound):
        objection_decider(exhausted)


def test_a_subordinate_of_the_employee_does_not_decide():
    case = replace(OBJECTION, subordinates=frozenset({"boss"}))
    assert objection_decider(case).person_id == "chief"


def test_only_the_drawn_transitions_exist():
    for act, (sources, target) in TRANSITIONS.items():
        for state in ClaimState:
            claim = replace(CLAIM, state=state)
            if state in sources:
                assert moved(claim, act).state is target
            else:
                with pytest.raises(TransitionRefused):
                    moved(claim, act)
    assert ClaimState.CLAIMED not in TRANSITIONS[ClaimAct.LAPSE][0]


def test_a_claim_needs_evidence_membership_and_a_share_all_named_at_once():
    draft = replace(CLAIM, state=ClaimState.DRAFT, claimed_bp=0)
    with pytest.raises(RuleBroken) as refused:
        submit(draft, actor_id="sari", lead_id="ketua", evidence=0, member=False, at=NOW)
    assert [v.code for v in refused.value.violations] == [
        "evidence_missing",
        "I10",
        "claimed_share",
    ]
    facts = {"lead_id": "ketua", "evidence": 1, "member": True, "at": NOW}
    with pytest.raises(NotEntitled):
        submit(replace(CLAIM, state=ClaimState.DRAFT), actor_id="budi", **facts)
    again = submit(replace(CLAIM, state=ClaimState.RETURNED), actor_id="ketua", **facts)
    assert (again.state, again.round) == (ClaimState.CLAIMED, 2)


def test_an_attestation_carries_all_it_needs_before_it_is_posted():
    needs = needs_of(GIVEN, CLAIM, 1600, ATTEST)
    assert attest(CLAIM, GIVEN, needs).state is ClaimState.ATTESTED
    low = replace(GIVEN, decision=AttestDecision.ADJUST, share_bp=600, commitment=None)
    needs = needs_of(low, CLAIM, 1600, ATTEST)
    assert [v.code for v in missing(low, CLAIM, needs)] == [
        "commitment_missing",
        "reason_code_missing",
        "member_answer_missing",
        "cosign_missing",
    ]
    whole = replace(
        low,
        commitment=Commitment.PARTLY,
        commitment_evidence="page 3",
        reason_code="late",
        member_answer="no",
        cosigner_id="sponsor",
    )
    assert attest(CLAIM, whole, needs).state is ClaimState.ADJUSTED
    for same in ("ketua", "sari"):
        assert missing(replace(whole, cosigner_id=same), CLAIM, needs)[0].code == "cosigner"
    with pytest.raises(NotEntitled):
        attest(CLAIM, replace(GIVEN, attester_id="sari"), needs)
    with pytest.raises(NotEntitled):
        attest(CLAIM, replace(GIVEN, attester_id="d", on_behalf_of="sari"), needs)


def test_a_return_says_what_is_missing_and_is_counted():
    back = replace(GIVEN, decision=AttestDecision.RETURN, share_bp=None, commitment=None)
    needs = needs_of(back, CLAIM, 1600, ATTEST)
    with pytest.raises(RuleBroken):
        attest(CLAIM, back, needs)
    told = replace(back, reason="page 3")
    assert attest(CLAIM, told, needs).state is ClaimState.RETURNED
    assert returns_of([told, GIVEN, told, told]) == ATTEST.escalate_at_return


def test_a_decision_restates_every_line_to_the_whole_after_hearing_who_would_change():
    current = {"sari": 1800, "budi": 5900, "citra": 2300}
    lines = [
        RestatedLine(person_id="sari", share_bp=1500),
        RestatedLine(person_id="budi", share_bp=5900),
        RestatedLine(person_id="citra", share_bp=2600),
    ]
    facts = {"collective_most_bp": 1000}
    assert disputes.to_be_heard(current, lines) == {"sari", "citra"}
    assert disputes.check_restated(current, lines, heard={"sari", "citra"}, **facts) == ()
    found = disputes.check_restated(current, lines, heard={"sari"}, **facts)
    assert [(v.code, v.subject) for v in found] == [("not_heard", "citra")]
    found = disputes.check_restated(current, lines[:2], heard=set(current), **facts)
    assert [v.code for v in found] == ["restated_sum", "restated_missing"]
    dispute = Dispute(
        id="d", output_id="o", claim_id="c", raised_by="sari", ground="hours", raised_at=NOW
    )
    decision = {"decided_by": "boss", "decision": "so", "restated": lines, "at": NOW}
    done = disputes.resolve(dispute, **decision)
    with pytest.raises(TransitionRefused):
        disputes.resolve(done, **decision)
    found = disputes.check_raise(raised_by="x", ground="", entitled=["sari"], window_open=False)
    assert [v.code for v in found] == ["not_party", "ground_missing", "window_closed"]


def test_an_objection_is_decided_after_both_explained():
    raised = Objection(id="k", rating_id="r", raised_by="sari", ground="g", raised_at=NOW)
    words = {"outcome": ObjectionOutcome.CHANGED, "decision": "read it", "at": NOW}
    with pytest.raises(TransitionRefused):
        objections.decide(raised, decided_by="boss", **words)
    half = objections.explain(raised, by_rater=True, statement="because")
    assert half.state is ObjectionState.OPEN
    heard = objections.explain(half, by_rater=False, statement="but")
    done = objections.decide(heard, decided_by="boss", **words)
    assert done.state is ObjectionState.DECIDED
    with pytest.raises(TransitionRefused):
        objections.explain(done, by_rater=True, statement="again")


def test_the_two_lowering_acts_after_a_grievance_need_a_second_signature():
    spoke = [Grievance(person_id="sari", about_id="ketua", kind=GrievanceKind.DISPUTE, at=NOW)]
    acts = [
        LoweringAct(actor_id="ketua", person_id="sari", at=NOW + timedelta(days=n))
        for n in (-1, 1, 2, 3)
    ]
    found = [needs_second_signature(act, spoke, acts, 2) for act in acts]
    assert found == [False, True, True, False]
    assert audit_list(acts, spoke, 2) == tuple(acts[1:3])
    other = replace(acts[1], actor_id="boss")
    assert not needs_second_signature(other, spoke, acts, 2)
