"""What each registered operation is called where somebody draws, and where it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from web.operation_kinds import Operation, Place
from web.operation_words_squads import SQUAD_OPERATIONS
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping


__all__ = ["OPERATIONS", "Operation", "Place"]

#: name of an operation -> what a drawer knows of it
OPERATIONS: Final[Mapping[str, Operation]] = {
    "regu.audit.close": Operation(_l("Close the sample check")),
    "regu.audit.draw": Operation(_l("Draw a sample to check"), Place.START, "draw_sample"),
    "regu.audit.find": Operation(_l("Examine a sample piece"), Place.FORM, "examine_sample"),
    "regu.budget.set": Operation(_l("Set a point budget"), Place.START, "point_budget"),
    "regu.calibration.decide": Operation(
        _l("Decide a calibration"), Place.FORM, "decide_calibration"
    ),
    "regu.calibration.gather": Operation(_l("Gather the raters of a session")),
    "regu.calibration.move": Operation(
        _l("Propose moves in a calibration"), Place.FORM, "propose_moves"
    ),
    "regu.calibration.note_silent_raters": Operation(_l("Note raters who stayed silent")),
    "regu.calibration.open": Operation(_l("Open a unit's calibration")),
    "regu.certificate.issue": Operation(
        _l("Issue a contribution letter"), Place.START, "certificate_request"
    ),
    "regu.check_in.answer": Operation(
        _l("Answer an invitation to talk"), Place.FORM, "check_in_answer"
    ),
    "regu.check_in.call": Operation(_l("Ask for a talk"), Place.START, "check_in_call"),
    "regu.check_in.close": Operation(_l("Gather the commitments of a talk")),
    "regu.check_in.confirm": Operation(
        _l("Confirm what was agreed"), Place.FORM, "check_in_confirm"
    ),
    "regu.check_in.lapse": Operation(_l("Note that a talk did not happen")),
    "regu.check_in.note_silence": Operation(_l("Note an unconfirmed agreement")),
    "regu.check_in.record": Operation(
        _l("Write down what was agreed"), Place.FORM, "check_in_record"
    ),
    "regu.check_in.settle": Operation(
        _l("Choose the time of a talk"), Place.FORM, "check_in_settle"
    ),
    "regu.check_in.stand": Operation(_l("Let an unanswered invitation stand")),
    "regu.claim.acknowledge": Operation(
        _l("Acknowledge a claim made by the lead"), Place.FORM, "acknowledge_claim"
    ),
    "regu.claim.answer": Operation(_l("Answer an adjusted claim"), Place.FORM, "answer_adjustment"),
    "regu.claim.attest": Operation(_l("Attest a claim"), Place.FORM, "attest"),
    "regu.claim.cosign": Operation(_l("Sign a claim as the second"), Place.FORM, "cosign"),
    "regu.claim.lapse": Operation(_l("Note a lapsed claim")),
    "regu.claim.submit": Operation(_l("Claim a contribution"), Place.FORM, "claim"),
    "regu.complaint.answer": Operation(
        _l("Answer a public complaint"), Place.FORM, "complaint_answer"
    ),
    "regu.complaint.escalate": Operation(_l("Pass a public complaint on")),
    "regu.survey.close": Operation(_l("Close a survey")),
    "regu.survey.improve": Operation(
        _l("Write down what the unit improves"), Place.FORM, "survey_improve"
    ),
    "regu.survey.open": Operation(_l("Open a survey")),
    "regu.survey.plan": Operation(_l("Plan a survey of a service"), Place.START, "survey_plan"),
    "regu.survey.review": Operation(
        _l("Look at marked answers of a survey"), Place.FORM, "survey_review"
    ),
    "regu.survey.settle": Operation(
        _l("Decide about too few answers"), Place.FORM, "survey_sample"
    ),
    "regu.survey.tell": Operation(_l("Tell the results of a survey")),
    "regu.survey.weigh": Operation(_l("Weigh the sample of a survey")),
    "regu.coaching.accept": Operation(_l("Accept to coach"), Place.FORM, "coaching_accept"),
    "regu.coaching.again": Operation(
        _l("Say whether another session is needed"), Place.FORM, "coaching_again"
    ),
    "regu.coaching.choose": Operation(_l("Choose a coach"), Place.FORM, "coach_choose"),
    "regu.coaching.close": Operation(_l("Close the coaching")),
    "regu.coaching.lapse_offer": Operation(_l("Look for another coach")),
    "regu.coaching.open": Operation(_l("Open a coaching")),
    "regu.coaching.rate_competencies": Operation(
        _l("Rate competencies after coaching"), Place.FORM, "coaching_b19"
    ),
    "regu.coaching.rate_session": Operation(
        _l("Rate a coaching session"), Place.FORM, "coaching_b18"
    ),
    "regu.coaching.record": Operation(
        _l("Write down a coaching session"), Place.FORM, "coaching_session"
    ),
    "regu.coaching.request": Operation(_l("Ask for coaching"), Place.START, "coaching_ask"),
    "regu.commitment.check": Operation(_l("Check a commitment")),
    "regu.commitment.confirm": Operation(_l("Confirm a commitment"), Place.FORM, "promise_confirm"),
    "regu.commitment.report": Operation(_l("Report on a commitment"), Place.FORM, "promise_report"),
    "regu.contribution_type.keep": Operation(
        _l("Keep a type of contribution"), Place.START, "contribution_type"
    ),
    "regu.correction.ask": Operation(
        _l("Ask for a correction of credit"), Place.START, "ask_correction"
    ),
    "regu.correction.ask_found": Operation(
        _l("Ask for the correction of a finding"), Place.FORM, "write_correction"
    ),
    "regu.correction.decide": Operation(_l("Decide a correction"), Place.FORM, "decide_correction"),
    "regu.correction.hear": Operation(
        _l("Hear whom a correction touches"), Place.FORM, "hear_affected"
    ),
    "regu.correction.open_finding": Operation(_l("Open an audit finding")),
    "regu.correction.reallocate": Operation(
        _l("Share out what a correction freed"), Place.FORM, "reallocate_freed"
    ),
    "regu.correction.review": Operation(_l("Look again at a rating"), Place.FORM, "review_rating"),
    "regu.correction.reviews": Operation(_l("Find ratings that a correction touches")),
    "regu.credit.functional.cancel": Operation(
        _l("Cancel a paper of functional credit"), Place.START, "credit_cancel"
    ),
    "regu.credit.functional.convert": Operation(_l("Convert a predikat into functional credit")),
    "regu.credit.functional.issue": Operation(
        _l("Establish a PAK of functional credit"), Place.FORM, "credit_paper_establish"
    ),
    "regu.credit.functional.propose": Operation(
        _l("Propose a PAK of functional credit"), Place.START, "credit_paper"
    ),
    "regu.credit.functional.standing": Operation(
        _l("Record a functional level"), Place.START, "functional_level"
    ),
    "regu.cycle.close": Operation(_l("Close the cycle"), Place.FORM, "close_cycle"),
    "regu.cycle.open": Operation(_l("Open the cycle")),
    "regu.cycle.start_for_agency": Operation(_l("Start a process for the agency")),
    "regu.cycle.start_for_everybody": Operation(_l("Start a process for everybody")),
    "regu.cycle.start_for_units": Operation(_l("Start a process for every unit")),
    "regu.cycle.start_outputs": Operation(_l("Start every squad output")),
    "regu.dispute.decide": Operation(_l("Decide a dispute"), Place.FORM, "decide_dispute"),
    "regu.dispute.hear": Operation(_l("Hear a party to a dispute"), Place.FORM, "hear_party"),
    "regu.distribution.check": Operation(_l("Check the distribution pattern")),
    "regu.evaluation.open": Operation(_l("Find unit and rater of a person")),
    "regu.evaluation.prepare": Operation(_l("Work out the index per role")),
    "regu.evidence.ask": Operation(
        _l("Ask for evidence to be verified"), Place.START, "ask_verification"
    ),
    "regu.evidence.gather": Operation(_l("Gather unchecked evidence")),
    "regu.evidence.replace": Operation(
        _l("Replace refused evidence"), Place.FORM, "replace_evidence"
    ),
    "regu.evidence.verify": Operation(_l("Verify evidence"), Place.FORM, "verify_evidence"),
    "regu.feedback.answer": Operation(
        _l("Answer a request for feedback"), Place.FORM, "feedback_answer"
    ),
    "regu.feedback.begin": Operation(_l("Begin to give feedback"), Place.START, "feedback_begin"),
    "regu.feedback.give": Operation(_l("Write feedback"), Place.FORM, "feedback_write"),
    "regu.feedback.lapse": Operation(_l("Note unanswered feedback")),
    "regu.feedback.read": Operation(
        _l("Read the feedback received"), Place.FORM, "feedback_answers"
    ),
    "regu.feedback.reply": Operation(_l("Read feedback and reply"), Place.FORM, "feedback_read"),
    "regu.feedback.request": Operation(_l("Ask others for feedback"), Place.START, "feedback_ask"),
    "regu.exchange.approve": Operation(
        _l("Approve what goes to SIASN"), Place.FORM, "exchange_approve"
    ),
    "regu.exchange.compare": Operation(_l("Compare a run with SIASN")),
    "regu.exchange.prepare": Operation(
        _l("Prepare what goes to SIASN"), Place.START, "exchange_begin"
    ),
    "regu.exchange.release": Operation(_l("Let a run go to SIASN")),
    "regu.exchange.settle": Operation(
        _l("Settle what SIASN did not take"), Place.FORM, "exchange_settle"
    ),
    "regu.followup.confirm": Operation(
        _l("Confirm the follow-up"), Place.FORM, "confirm_follow_up"
    ),
    "regu.followup.plan": Operation(_l("Plan an improvement"), Place.FORM, "plan_improvement"),
    "regu.followup.prepare": Operation(_l("Take the final predikat")),
    "regu.followup.record": Operation(_l("Record the follow-up")),
    "regu.forecast.answer": Operation(
        _l("Say what one needs after an early warning"), Place.FORM, "early_warning_see"
    ),
    "regu.forecast.look": Operation(
        _l("Look ahead to the end of the year"), Place.START, "forecast_round"
    ),
    "regu.forecast.look_round": Operation(_l("Look ahead after a period")),
    "regu.forecast.offer": Operation(
        _l("Offer help after an early warning"), Place.FORM, "early_warning_offer"
    ),
    "regu.forecast.pass_on": Operation(_l("Open an early warning to the rater")),
    "regu.goals.announce": Operation(_l("Tell who waits for the goals")),
    "regu.goals.approve": Operation(
        _l("Approve the agency's goals"), Place.FORM, "approve_objectives"
    ),
    "regu.goals.open": Operation(_l("Open the goal tree")),
    "regu.goals.publish": Operation(_l("Publish complete goals")),
    "regu.goals.repair": Operation(
        _l("Complete goals left behind"), Place.FORM, "repair_objectives"
    ),
    "regu.goals.set": Operation(_l("Set the goals of a unit"), Place.FORM, "objectives"),
    "regu.incident.answer": Operation(
        _l("Answer a note on behaviour"), Place.FORM, "incident_answer"
    ),
    "regu.incident.lapse": Operation(_l("Note that nobody answered the note")),
    "regu.incident.record": Operation(
        _l("Record a behaviour incident"), Place.START, "incident_record"
    ),
    "regu.lesson.correct": Operation(
        _l("Correct a lesson of a squad"), Place.START, "lesson_correction"
    ),
    "regu.lesson.use": Operation(_l("Take up a lesson"), Place.START, "lesson_use"),
    "regu.links.confirm": Operation(_l("Agree to a link of results"), Place.FORM, "confirm_link"),
    "regu.links.propose": Operation(_l("Propose a link of results"), Place.START, "propose_link"),
    "regu.matrix.save": Operation(_l("Fill in the role matrix"), Place.FORM, "role_matrix"),
    "regu.membership.consent": Operation(
        _l("Consent to a squad membership"), Place.FORM, "give_consent"
    ),
    "regu.membership.decide_consent": Operation(
        _l("Decide the home unit's consent"), Place.FORM, "decide_consent"
    ),
    "regu.membership.note_silence": Operation(_l("Note that the home unit stayed silent")),
    "regu.membership.release": Operation(_l("Release a membership")),
    "regu.membership.settle": Operation(_l("Settle a member's load"), Place.FORM, "settle_load"),
    "regu.membership.sign": Operation(
        _l("Answer a request to join"), Place.FORM, "sign_membership"
    ),
    "regu.membership.sign_load": Operation(
        _l("Sign for a load above full time"), Place.FORM, "sign_load"
    ),
    "regu.membership.weigh": Operation(_l("Weigh the load per month")),
    "regu.monitoring.note_missing": Operation(_l("Note missing progress")),
    "regu.monitoring.open": Operation(_l("Prepare the list of results")),
    "regu.notify.escalate": Operation(_l("Tell a group")),
    "regu.notify.remind": Operation(_l("Remind a person")),
    "regu.objection.decide": Operation(_l("Decide an objection"), Place.FORM, "decide_objection"),
    "regu.objection.decide_as_authority": Operation(
        _l("Decide an objection as the authority"), Place.FORM, "decide_objection"
    ),
    "regu.objection.explain": Operation(
        _l("Explain one's side of an objection"), Place.FORM, "explain"
    ),
    "regu.objection.open": Operation(_l("Open an objection")),
    "regu.org_rating.open_period": Operation(_l("Prepare the unit's period")),
    "regu.org_rating.set": Operation(
        _l("Set the attainment of a unit"), Place.FORM, "set_org_rating"
    ),
    "regu.org_rating.set_for_period": Operation(
        _l("Set the attainment of a period"), Place.FORM, "set_period_rating"
    ),
    "regu.output.accept": Operation(_l("Accept an output"), Place.FORM, "accept_output"),
    "regu.output.allocate": Operation(
        _l("Share out what is left of the pool"), Place.FORM, "allocate_remainder"
    ),
    "regu.output.deliver": Operation(_l("Deliver an output"), Place.FORM, "deliver_output"),
    "regu.output.escalate": Operation(_l("Pass a silent decision upwards")),
    "regu.output.open": Operation(_l("Open the credit pool of an output")),
    "regu.output.read_remainder": Operation(
        _l("Read how the pool was shared out"), Place.FORM, "read_remainder"
    ),
    "regu.output.seal": Operation(_l("Seal an output")),
    "regu.output.settle": Operation(_l("Count what is left in the pool")),
    "regu.overlay.answer": Operation(_l("Accept credit for help"), Place.FORM, "accept_overlay"),
    "regu.overlay.earned": Operation(_l("Credit a review as help")),
    "regu.overlay.lapse": Operation(_l("Note unanswered credit for help")),
    "regu.overlay.post": Operation(_l("Post credit for help")),
    "regu.overlay.propose": Operation(_l("Propose credit for help"), Place.START, "overlay_credit"),
    "regu.period.blockers": Operation(_l("Find what still moves in a period")),
    "regu.period.close": Operation(_l("Begin to close a period"), Place.START, "period_closing"),
    "regu.period.review": Operation(_l("Look at what still moves"), Place.FORM, "review_blockers"),
    "regu.period.seal": Operation(_l("Seal a period"), Place.FORM, "seal_period"),
    "regu.period_rating.announce_coaching": Operation(_l("Call for coaching after a low rating")),
    "regu.period_rating.open": Operation(_l("Find who is asked about a period")),
    "regu.period_rating.rate": Operation(_l("Rate a period"), Place.FORM, "rate_period"),
    "regu.plan.clarify": Operation(_l("Clarify expectations"), Place.FORM, "clarify_expectation"),
    "regu.plan.clarify_role": Operation(
        _l("Clarify a role in a squad"), Place.FORM, "clarify_role"
    ),
    "regu.plan.compare_links": Operation(_l("Compare with the superior's plan")),
    "regu.plan.draft": Operation(_l("Draft a plan"), Place.FORM, "plan_draft"),
    "regu.plan.fix": Operation(_l("Fix a plan")),
    "regu.plan.give_feedback": Operation(
        _l("Give feedback on progress"), Place.FORM, "give_feedback"
    ),
    "regu.plan.give_role_feedback": Operation(
        _l("Give feedback on a role"), Place.FORM, "give_role_feedback"
    ),
    "regu.plan.impose": Operation(_l("Take the prepared draft")),
    "regu.plan.link_results": Operation(
        _l("Check how results are linked"), Place.FORM, "check_links"
    ),
    "regu.plan.missing": Operation(_l("Count plans that are not fixed")),
    "regu.plan.note_silence": Operation(_l("Note who did not answer the plan")),
    "regu.plan.open": Operation(_l("Open a plan with all roles")),
    "regu.plan.record_progress": Operation(_l("Record progress"), Place.FORM, "record_progress"),
    "regu.plan.remind_superior": Operation(_l("Remind a superior of his plan")),
    "regu.rater.repair": Operation(_l("Confirm the right rater"), Place.FORM, "confirm_rater"),
    "regu.rater.report": Operation(_l("Report a wrong rater"), Place.START, "rater_repair"),
    "regu.rating.collect": Operation(_l("Take the result of the calibration")),
    "regu.rating.countersign": Operation(
        _l("Countersign a rating"), Place.FORM, "countersign_rating"
    ),
    "regu.rating.finalise": Operation(_l("Make a rating final")),
    "regu.rating.note_silent_leads": Operation(_l("Note leads who stayed silent")),
    "regu.rating.rate": Operation(_l("Rate results and behaviour"), Place.FORM, "rate"),
    "regu.rating.read_deviation": Operation(
        _l("Read why the rater departed"), Place.FORM, "read_deviation"
    ),
    "regu.rating.receive": Operation(
        _l("Receive the result of a rating"), Place.FORM, "receive_result"
    ),
    "regu.rating.recommend": Operation(
        _l("Recommend a level for a member"), Place.FORM, "recommend"
    ),
    "regu.rating.record": Operation(_l("Record a predikat")),
    "regu.rating.self_evaluate": Operation(
        _l("Evaluate oneself per role"), Place.FORM, "self_evaluate"
    ),
    "regu.rating.sign": Operation(_l("Sign a rating"), Place.FORM, "sign_rating"),
    "regu.review.answer": Operation(_l("Review an output"), Place.FORM, "answer_peer_review"),
    "regu.review.ask": Operation(_l("Ask for a peer review"), Place.START, "ask_peer_review"),
    "regu.review.close": Operation(_l("Gather the reviews")),
    "regu.review.read": Operation(
        _l("Read the reviews and respond"), Place.FORM, "read_peer_review"
    ),
    "regu.revision.answer": Operation(
        _l("Answer a change of the plan"), Place.FORM, "answer_revision"
    ),
    "regu.revision.apply": Operation(_l("Put the changed plan into force")),
    "regu.revision.lapse": Operation(_l("Close a proposed change")),
    "regu.revision.mediate": Operation(
        _l("Decide a contested change of the plan"), Place.FORM, "mediate_revision"
    ),
    "regu.revision.offer": Operation(_l("Offer a change of the plan")),
    "regu.revision.propose": Operation(
        _l("Propose a change of the plan"), Place.START, "propose_revision"
    ),
    "regu.revision.reopen": Operation(_l("Reopen an expectation")),
    "regu.revision.silence": Operation(_l("Note that the change was not answered")),
    "regu.revision.write": Operation(
        _l("Write a change of the plan"), Place.FORM, "write_revision"
    ),
    "regu.risks.agree_mitigation": Operation(
        _l("Agree on a mitigation"), Place.FORM, "agree_mitigation"
    ),
    "regu.risks.begin": Operation(
        _l("Begin a look at one's risks"), Place.START, "begin_risk_review"
    ),
    "regu.risks.decide_reopening": Operation(
        _l("Decide whether a target is reopened"), Place.FORM, "decide_reopening"
    ),
    "regu.risks.note_missing": Operation(_l("Note who did not look at risks")),
    "regu.risks.open": Operation(_l("Find the owners of open risks")),
    "regu.risks.register": Operation(_l("Register a risk"), Place.START, "risk_registration"),
    "regu.risks.review": Operation(_l("Look at one's risks"), Place.FORM, "review_risks"),
    "regu.role.member_left": Operation(_l("Note that a member left a squad")),
    "regu.role.offer_revision": Operation(_l("Offer a change after a long leave")),
    "regu.role.record": Operation(
        _l("Record a change of post or unit"), Place.START, "role_change"
    ),
    "regu.referral.hand": Operation(_l("Hand a referral on"), Place.FORM, "hand_referral"),
    "regu.referral.refer": Operation(
        _l("Refer a suspected offence"), Place.START, "discipline_referral"
    ),
    "regu.rule.confirm": Operation(
        _l("Confirm a rule by its document"), Place.FORM, "confirm_rule"
    ),
    "regu.rule.propose": Operation(
        _l("Show document and page of a rule"), Place.START, "rule_confirmation"
    ),
    "regu.segment.conclude": Operation(_l("Make a segment the last one")),
    "regu.segment.freeze": Operation(_l("Freeze the part that has run")),
    "regu.segment.note_silence": Operation(_l("Note silence at a handover")),
    "regu.segment.open": Operation(_l("Take the plan in force")),
    "regu.segment.rate": Operation(_l("Rate the part that has run"), Place.FORM, "rate_segment"),
    "regu.segment.receive": Operation(
        _l("Read the part handed over"), Place.FORM, "receive_segment"
    ),
    "regu.segment.renew": Operation(_l("Open a plan for a new role")),
    **SQUAD_OPERATIONS,
    "regu.substitution.end": Operation(
        _l("End a substitution early"), Place.FORM, "end_office_change"
    ),
    "regu.substitution.record": Operation(
        _l("Record a substitution letter"), Place.START, "office_change"
    ),
    "regu.talent.record": Operation(_l("Record data of talent"), Place.START, "talent_record"),
    "regu.tasks.reassign": Operation(_l("Look again at who has open tasks")),
    "regu.voices.close": Operation(_l("Close the behaviour feedback")),
    "regu.voices.give": Operation(_l("Give behaviour feedback"), Place.FORM, "give_input"),
    "regu.voices.invite": Operation(_l("Invite people to give behaviour feedback")),
}
