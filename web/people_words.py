"""What a drawing asks of whom: user tasks as the shipped drawings draw them, to be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

#: days are counted as working days; the drawer changes them
DUE: Final = "=add working days(now(), 5)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One thing that is asked of somebody."""

    #: its words, looked up when they are shown
    words: object
    #: the shipped step that it follows: its process and its id; "" where it asks anything
    drawn: tuple[str, str] = ("", "")
    #: FEEL that gives the person, else groups that may take it
    assignee: str = ""
    groups: str = ""
    form_id: str = ""
    #: operation that its form does ("regu:submit")
    submit: str = ""
    #: values that it hands to its form, and variables that it fills: name -> FEEL
    inputs: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()


def _step(words: object, drawn: str, who: str, form_id: str, submit: str = "") -> Ask:
    """A step whose person is found by FEEL, or whose groups are named."""
    process, _, element = drawn.partition("/")
    return Ask(
        words=words,
        drawn=(process, element),
        assignee=who if who.startswith("=") else "",
        groups="" if who.startswith("=") else who,
        form_id=form_id,
        submit=submit,
    )


#: id of a template -> what it asks
ASKS: Final[Mapping[str, Ask]] = {
    "ask.attestation": _step(
        _l("Ask the squad lead to attest"),
        "contribution/attest",
        "=attester(output_id, member.person_id)",
        "attest",
        "regu.claim.attest",
    ),
    "ask.attestation_above": _step(
        _l("Ask the superior to attest for the lead"),
        "contribution/attest_for_lead",
        "=escalated attester(output_id, member.person_id)",
        "attest",
        "regu.claim.attest",
    ),
    "ask.claim": _step(
        _l("Ask a member for a claim"),
        "contribution/claim",
        "=member.person_id",
        "claim",
        "regu.claim.submit",
    ),
    "ask.cosignature": _step(
        _l("Ask for the second signature under a claim"),
        "contribution/cosign",
        "=cosigner(output_id, member.person_id)",
        "cosign",
        "regu.claim.cosign",
    ),
    "ask.delivery": _step(
        _l("Ask the squad lead to deliver an output"),
        "contribution/deliver_output",
        "=squad lead(squad_id)",
        "deliver_output",
        "regu.output.deliver",
    ),
    "ask.acceptance": _step(
        _l("Ask for the acceptance of an output"),
        "contribution/accept_output",
        "=acceptor(output_id)",
        "accept_output",
        "regu.output.accept",
    ),
    "ask.hearing": _step(
        _l("Ask a party of a dispute for its side"),
        "contribution/hear_party",
        "=party.person_id",
        "hear_party",
        "regu.dispute.hear",
    ),
    "ask.link": _step(
        _l("Ask the direct superior to agree to a link of results"),
        "result_linking/confirm_link",
        "=rater(person_id)",
        "confirm_link",
        "regu.links.confirm",
    ),
    "ask.clarification": _step(
        _l("Ask the rater to clarify expectations"),
        "clarification/clarify_expectation",
        "=rater(person_id)",
        "clarify_expectation",
        "regu.plan.clarify",
    ),
    "ask.role": _step(
        _l("Ask the squad lead to clarify a role"),
        "clarification/clarify_role",
        "=lead_id",
        "clarify_role",
        "regu.plan.clarify_role",
    ),
    "ask.plan": _step(
        _l("Ask the employee for a plan"),
        "planning/draft_plan",
        "=person_id",
        "plan_draft",
        "regu.plan.draft",
    ),
    "ask.progress": _step(
        _l("Ask the employee for progress"),
        "monitoring/record_progress",
        "=person_id",
        "record_progress",
        "regu.plan.record_progress",
    ),
    "ask.feedback": _step(
        _l("Ask the rater for feedback"),
        "monitoring/give_feedback",
        "=rater(person_id)",
        "give_feedback",
        "regu.plan.give_feedback",
    ),
    "ask.self_evaluation": _step(
        _l("Ask the employee to evaluate himself"),
        "evaluation/self_evaluate",
        "=person_id",
        "self_evaluate",
        "regu.rating.self_evaluate",
    ),
    "ask.recommendation": _step(
        _l("Ask the squad lead for a recommendation"),
        "evaluation/recommend",
        "=member.lead_id",
        "recommend",
        "regu.rating.recommend",
    ),
    "ask.rating": _step(
        _l("Ask the rater for a rating"),
        "evaluation/rate",
        "=rater(person_id)",
        "rate",
        "regu.rating.rate",
    ),
    "ask.signature": _step(
        _l("Ask the rater to sign"),
        "evaluation/sign_rating",
        "=rater(person_id)",
        "sign_rating",
        "regu.rating.sign",
    ),
    "ask.objection": _step(
        _l("Ask for a decision on an objection"),
        "objection/decide_objection",
        "=objection decider(person_id, cycle_id)",
        "decide_objection",
        "regu.objection.decide",
    ),
    "ask.revision": _step(
        _l("Ask the rater's superior to decide a change of the plan"),
        "plan_revision/mediate_revision",
        "=rater superior(person_id)",
        "mediate_revision",
        "regu.revision.mediate",
    ),
    "ask.joining": _step(
        _l("Ask an employee to join a squad"),
        "squad_membership/sign_membership",
        "=member.person_id",
        "sign_membership",
        "regu.membership.sign",
    ),
    "ask.consent": _step(
        _l("Ask the home unit for its consent"),
        "squad_membership/give_consent",
        "=consent giver(member.membership_id)",
        "give_consent",
        "regu.membership.consent",
    ),
    "ask.load": _step(
        _l("Ask the sponsor to settle a load"),
        "squad_membership/settle_load",
        "=sponsor(squad_id)",
        "settle_load",
        "regu.membership.settle",
    ),
    "ask.objectives": _step(
        _l("Ask the head of a unit to approve objectives"),
        "goal_tree/approve_objectives",
        "=unit head(unit_id)",
        "approve_objectives",
        "regu.goals.approve",
    ),
    "ask.follow_up": _step(
        _l("Ask the performance office to confirm a follow-up"),
        "follow_up/confirm_follow_up",
        "perf_admin",
        "confirm_follow_up",
        "regu.followup.confirm",
    ),
    "ask.rule": _step(
        _l("Ask the staff office to confirm a rule"),
        "rule_confirmation/confirm_rule",
        "hr",
        "confirm_rule",
        "regu.rule.confirm",
    ),
    "ask.sample": _step(
        _l("Ask the auditor to examine a piece"),
        "audit_sample/examine",
        "auditor",
        "examine_sample",
        "regu.audit.find",
    ),
    "ask.mediation": Ask(
        words=_l("Ask the performance office to mediate"),
        drawn=("planning", "mediate"),
        groups="perf_admin",
        form_id="mediate",
        outputs=(("mediation", "=note"),),
    ),
    "ask.explanation": _step(
        _l("Ask the employee to explain an objection"),
        "objection/explain_employee",
        "=person_id",
        "explain",
        "regu.objection.explain",
    ),
    "task.superior": _step(_l("Ask the direct superior for approval"), "", "=rater(person_id)", ""),
    "task.employee": _step(_l("A task for the employee"), "", "=person_id", ""),
    "task.lead": _step(_l("A task for the squad lead"), "", "=squad lead(squad_id)", ""),
    "task.head": _step(_l("A task for the head of the unit"), "", "=unit head(unit_id)", ""),
    "task.performance": _step(_l("A task for the performance office"), "", "perf_admin", ""),
    "task.staff": _step(_l("A task for the staff office"), "", "hr", ""),
    "task.auditor": _step(_l("A task for the auditor"), "", "auditor", ""),
}
