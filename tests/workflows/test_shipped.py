"""What ships fits together: files deploy, operations exist, forms offer the domain's words."""

from __future__ import annotations

import json

import pytest

from engine.domain.behaviour import Value
from engine.domain.cascade import CascadeMethod
from engine.domain.claims import AttestDecision, Commitment, Degree
from engine.domain.coaching import CoachingKind, Competency
from engine.domain.dialogue import CommitmentState
from engine.domain.evidence import CheckOutcome
from engine.domain.feedback import Tone
from engine.domain.forecasts import Need, Offer
from engine.domain.functional import Employment
from engine.domain.goals import ObjectiveLevel, Perspective
from engine.domain.incidents import IncidentKind
from engine.domain.indicators import Aspect, Direction
from engine.domain.lessons import Audience
from engine.domain.objections import ObjectionOutcome
from engine.domain.overlays import OverlayRole
from engine.domain.peer_review import Judgement
from engine.domain.plans import Approach, ItemKind
from engine.domain.ratings import Level, OrgLevel
from engine.domain.referrals import ReferralGround
from engine.domain.risks import RiskStatus
from engine.domain.sampling import Stratum, Verdict
from engine.domain.segments import ChangeKind, LeaveKind
from engine.domain.squads import Consent
from engine.domain.substitutions import PROCESSES as PROCESSES_OF_SCOPE
from engine.domain.substitutions import Scope
from engine.domain.surveys import SurveyKind, Weighing
from engine.domain.talent import FactKind
from engine.usecases.operations.registry import OPERATIONS
from tests.workflows.rehearsal import ROOT, nodes_of, shipped

PROCESSES = (
    "annual_cycle",
    "audit_sample",
    "behaviour_incident",
    "calibration",
    "certificate_request",
    "check_in",
    "clarification",
    "coaching",
    "contribution",
    "contribution_types",
    "credit_cancel",
    "credit_conversion",
    "credit_correction",
    "credit_paper",
    "discipline_referral",
    "early_warning",
    "evaluation",
    "evidence_verification",
    "exchange",
    "feedback_note",
    "feedback_request",
    "follow_up",
    "functional_level",
    "goal_tree",
    "lesson_correction",
    "lesson_use",
    "monitoring",
    "objection",
    "office_change",
    "overlay_credit",
    "peer_review",
    "period_closing",
    "periodic_evaluation",
    "plan_revision",
    "planning",
    "point_budget",
    "promise",
    "public_complaint",
    "rater_repair",
    "result_linking",
    "risk_registration",
    "risk_review",
    "role_change",
    "role_matrix",
    "rule_confirmation",
    "squad_change",
    "squad_formation",
    "squad_membership",
    "squad_shares",
    "squad_volunteer",
    "stakeholder_voice",
    "talent_record",
    "unit_period",
)
#: (form, field) -> the domain's words for it
WORDS = {
    ("claim", "degree"): Degree,
    ("overlay_credit", "role"): OverlayRole,
    ("functional_level", "employment"): Employment,
    ("attest", "decision"): AttestDecision,
    ("attest", "commitment"): Commitment,
    ("rate", "result_level"): Level,
    ("rate", "behaviour_level"): Level,
    ("decide_objection", "outcome"): ObjectionOutcome,
    ("decide_objection", "result_level"): Level,
    ("decide_objection", "behaviour_level"): Level,
    ("decide_consent", "decision"): Consent,
    ("plan_draft", "aspect"): Aspect,
    ("plan_draft", "direction"): Direction,
    ("plan_draft", "kind"): ItemKind,
    ("plan_draft", "approach"): Approach,
    ("write_revision", "direction"): Direction,
    ("objectives", "level"): ObjectiveLevel,
    ("objectives", "perspective"): Perspective,
    ("role_matrix", "method"): CascadeMethod,
    ("review_risks", "status"): RiskStatus,
    ("feedback_write", "tone"): Tone,
    ("feedback_write", "behaviour"): Value,
    ("feedback_answer", "tone"): Tone,
    ("incident_record", "value"): Value,
    ("survey_plan", "kind"): SurveyKind,
    ("survey_plan", "weighing"): Weighing,
    ("incident_record", "kind"): IncidentKind,
    ("coaching_ask", "kind"): CoachingKind,
    ("early_warning_see", "need"): Need,
    ("early_warning_see", "competency"): Competency,
    ("early_warning_offer", "offer"): Offer,
    ("check_in_record", "state"): CommitmentState,
    ("check_in_confirm", "state"): CommitmentState,
    ("squad_lessons", "audience"): Audience,
    ("lesson_correction", "audience"): Audience,
    ("set_org_rating", "level"): OrgLevel,
    ("role_change", "kind"): ChangeKind,
    ("role_change", "leave_kind"): LeaveKind,
    ("office_change", "scope"): Scope,
    ("rate_segment", "result_level"): Level,
    ("rate_segment", "behaviour_level"): Level,
    ("verify_evidence", "outcome"): CheckOutcome,
    ("examine_sample", "verdict"): Verdict,
    ("examine_sample", "stratum"): Stratum,
    ("answer_peer_review", "sound"): Judgement,
    ("talent_record", "kind"): FactKind,
    ("discipline_referral", "ground"): ReferralGround,
}


def test_everything_deploys_together_without_an_error_or_a_warning(town, settled):
    assert town.house.runner.check(shipped()) == ()
    _, _, deployed = settled
    assert {name for name, *_ in deployed.processes} == set(PROCESSES)
    assert deployed.warnings == ()


def test_deploying_it_again_makes_no_new_version(town):
    with town.house.writing() as uow:
        again = town.house.runner.deploy(uow, shipped(), town.operator)
        uow.commit()
    rows = (*again.processes, *again.decisions, *again.forms)
    assert not any(new for *_, new in rows)


def fields(form_id):
    """Fields of a form by key, those of lists included."""
    schema = json.loads((ROOT / f"forms/library/{form_id}.form").read_bytes())
    found, stack = {}, list(schema["components"])
    while stack:
        part = stack.pop()
        stack += part.get("components", [])
        if "key" in part:
            found[part["key"]] = part
    return found


@pytest.mark.parametrize(("form_id", "key"), WORDS)
def test_forms_offer_the_words_that_the_domain_knows(form_id, key):
    offered = [option["value"] for option in fields(form_id)[key]["values"]]
    assert set(offered) <= {str(word) for word in WORDS[form_id, key]}


def test_every_field_of_every_form_is_translated():
    for path in ROOT.glob("forms/library/*.form"):
        for key, part in fields(path.stem).items():
            said = part.get("properties", {})
            assert said.get("regu:label.en"), (path.name, key)
            for option in part.get("values", []):
                assert said.get(f"regu:value.{option['value']}.en"), (path.name, key, option)


def test_every_operation_of_the_house_is_drawn_and_every_drawn_one_exists():
    drawn = set()
    for process_id in PROCESSES:
        for node in nodes_of(process_id).values():
            drawn |= {node.submit, node.task.type if node.task else None}
    named = {name for name in drawn if name}
    assert named == set(OPERATIONS)


def test_a_letter_of_substitution_covers_processes_that_exist():
    covered = {process for inside in PROCESSES_OF_SCOPE.values() for process in inside}
    assert covered <= set(PROCESSES)


def test_every_form_is_used():
    nodes = [node for process_id in PROCESSES for node in nodes_of(process_id).values()]
    forms = [node.form or (node.user_task and node.user_task.form) for node in nodes]
    used = {form.form_id for form in forms if form}
    assert used == {path.stem for path in ROOT.glob("forms/library/*.form")}


def test_every_shipped_drawing_has_a_test_that_walks_all_its_flows():
    texts = [path.read_text() for path in ROOT.glob("tests/workflows/test_*.py")]
    walking = "\n".join(text for text in texts if "every_flow(" in text)
    drawn = {path.stem for path in ROOT.glob("workflows/*/*.bpmn")}
    assert {name for name in drawn if f'"{name}"' not in walking} == set()
