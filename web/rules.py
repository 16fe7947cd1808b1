"""The rule behind each refusal: why it says no, and where that is written.

A rule of the regulation names its article; what no regulation says is named a house rule, so that
nobody takes Regu's word for the law's. Invariants of the ledger are those of docs/constraints.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from forms.messages import MESSAGES
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

#: stands where no regulation says it
HOUSE: Final = _l("House rule of Regu; no regulation says it.")


@dataclass(frozen=True, slots=True)
class Rule:
    """Why an act is refused."""

    #: the rule in one or two sentences (lazy text)
    why: object
    #: article, or `HOUSE` (lazy text or literal)
    source: object
    #: codes of the refusals that rest on it
    codes: tuple[str, ...]


def _rule(why: object, source: object, codes: str) -> Rule:
    return Rule(why, source, tuple(codes.split()))


RULES: Final = (
    _rule(
        _l("A scenario is found again by its name, which says what happens in it."),
        HOUSE,
        "scenario_unnamed scenario_name run_unreadable value_unreadable",
    ),
    _rule(
        _l("What is published is proposed by one person, with reasons and choices, and looked "
           "over by another who drew nothing of it."),
        HOUSE,
        "release_words release_items release_pilot_moves release_nothing_runs "
        "release_pilot_first release_own release_drawn release_of_another release_no_right",
    ),
    _rule(
        _l("Nobody decides, attests, rates or confirms in a matter of his own; nor does his "
           "substitute. The task goes to the next superior."),
        "UU 30/2014 Pasal 42-43; I9",
        "I9 own own_rating own_follow_up one_hand own_fact own_referral own_recognition own_role "
        "own_substitute four_eyes same_person delegate_decision delegate_self "
        "delegate_subject delegate_party "
        "one_person cell_own member_sponsor not_rater cosigner substitute_id",
    ),
    _rule(
        _l("Every output holds 100% at every moment: what one person gets more, another or the "
           "remainder gets less. No share lies below 0%."),
        "I1, I2",
        "I1 I2 share share_empty share_twice shares_sum claimed_share collective_most remainder "
        "restated_sum restated_missing restated_negative restated_twice line negative not_less "
        "line_missing member_twice no_credit unknown_line",
    ),
    _rule(
        _l("A person has one line in an output, and an output belongs to one squad, so that "
           "nothing counts twice."),
        "I4, I5, I7, I13",
        "I4 I5 I7 I13 overlay_twice applied twice duplicate",
    ),
    _rule(
        _l("What is sealed or final stays as it is, so that a rating rests on firm ground; "
           "mistakes are mended by a correction that everybody sees."),
        "I8",
        "I8 period_sealed period_closed period_before closed corrected correction_open "
        "not_sealed nothing_to_correct last_period output_open line_open",
    ),
    _rule(
        _l("Work counts inside a membership to which the home unit consented, in its days."),
        _l("PermenPANRB 7/2022; I10"),
        "I10 not_a_member no_member outside member_days member_empty members consent_open "
        "not_delivered",
    ),
    _rule(
        _l("The outputs of a squad share one point budget: splitting an output mints nothing."),
        "I11",
        "I11 points_over squad_budget",
    ),
    _rule(
        _l("Before a share is changed, everybody whom it touches is heard; disputes have their "
           "days, and silence never decides."),
        _l("House rule of Regu; no regulation says it."),
        "not_heard not_party window_closed window_open dispute_open ground ground_missing "
        "member_answer_missing cosign_missing nobody_second",
    ),
    _rule(
        _l("A plan gives each role at least one main result with a measurable indicator; the "
           "weights inside a role add up to 100%."),
        _l("PermenPANRB 6/2022 (form of the SKP); weights are a house rule, I12"),
        "weights_sum weight role_empty title_missing indicator_missing indicator_weight "
        "indicator_words target_low target_unused range_ends role_kind role_unknown "
        "result_named unknown_item row_added result_unknown result_unanswered",
    ),
    _rule(
        _l("Each result serves a result of the leader or an objective, and never itself; the "
           "tree is built from the outcome downward."),
        "PermenPANRB 6/2022; PermenPANRB 89/2021",
        "link_circle link_direct link_target link_twice cell_column cell_twice code_missing "
        "code_twice level_leaf level_order objective_circle objective_loose parent_unit "
        "parent_unknown no_columns unknown_column unknown_target",
    ),
    _rule(
        _l("A rating gives its reasons wherever it departs from what was proposed, and stays "
           "inside the distribution pattern that the organisation's achievement gives the unit."),
        "PermenPANRB 6/2022 Pasal 24-25; SE MenPANRB 3/2023",
        "at_least at_most override_reason head_level unchanged words_missing not_in_session "
        "outside_chain comment_missing digest_changed",
    ),
    _rule(
        _l("A paper of functional credit stays as it was issued: it is cancelled with a reason "
           "and issued anew. Credit begins at 0 when the level rises; a contract earns none."),
        _l("Peraturan BKN 3/2023 art 12-13 (read as excerpts); snapshots are a house rule"),
        "contract_missing contract_of_pns contract_ends brought_negative brought_unused "
        "brought_missing paper_cancelled cancel_reason paper_cited paper_beside unknown_paper "
        "no_credit_kept nothing_to_add paper_flagged paper_twice",
    ),
    _rule(
        _l("Only the employee himself objects, within 14 days after he received the result; the "
           "superior of the rater decides."),
        "PP 30/2019 Pasal 59; PermenPANRB 6/2022 Pasal 29",
        "not_employee decision",
    ),
    _rule(
        _l("A rating has consequences: reward, development or improvement, confirmed by somebody "
           "else."),
        "PermenPANRB 6/2022 Pasal 5",
        "follow_up_missing follow_up_none improvement_missing note",
    ),
    _rule(
        _l("What the IP ASN and the talent box read is recorded with the document it stands in; "
           "education and penalties by human resources."),
        _l("PermenPANRB 38/2018 and 3/2020, partly from memory; the recording is a house rule"),
        "source_missing not_a_superiors points",
    ),
    _rule(
        _l("Opinions of colleagues are asked in confidence, from those who worked with the person, "
           "once, and closed on a day."),
        "PP 30/2019 Pasal 41",
        "not_invited answered empty off_scale score",
    ),
    _rule(
        _l("Feedback and dialogue are part of the work all year, between people who work with each "
           "other, about a result or a value."),
        "PermenPANRB 6/2022 Pasal 5",
        "question text stranger subject agenda no_dialogue not_yours unknown_promise future "
        "commitment_missing commitment_evidence_missing competence improvements_missing past due "
        "unknown_result too_many nothing note_text note_day note_hours",
    ),
    _rule(
        _l("A member enters a squad by appointment or as a volunteer; a letter with its number and "
           "days makes the squad, and changes hold for the future."),
        "PermenPANRB 7/2022",
        "letter_missing squad_days squad_long no_lead two_leads lead_twice role_two no_output "
        "output_due output_days days_over person_days places apply_until call_closed "
        "nobody_chosen handover_missing back_dated effort_back_dated member_effort effort "
        "effort_limits effort_missing code_taken nobody nip_missing nip_twice person_unknown "
        "unknown_squad",
    ),
    _rule(
        _l("The load over all roles is watched: above full time a unit head signs for it."),
        HOUSE,
        "load head_refused not_lower",
    ),
    _rule(
        _l("A claim shows its evidence, so that whoever attests sees what was done."),
        _l("PermenPANRB 6/2022 (documentation of performance with evidence)"),
        "evidence_missing not_a_link one_evidence unknown_file used_elsewhere file_type "
        "file_too_large file_empty file_bomb file_name file_missing drawing_size",
    ),
    _rule(
        _l("A simulation is worked out while somebody waits for it, so its size has a limit."),
        HOUSE,
        "simulated_days simulated_instances",
    ),
    _rule(
        _l("A process keeps its id for ever: its instances, its versions and the audit name it."),
        HOUSE,
        "name_length process_id_form process_id_taken",
    ),
    _rule(
        _l("A decision about people gives its reason, so that it can be understood and contested."),
        "UU 30/2014 Pasal 55",
        "reason reason_missing reason_code_missing decision_missing note_missing",
    ),
    _rule(
        _l("A post, leave or acting office begins and ends on days that the letter names; an "
           "office is handed on once."),
        HOUSE,
        "before_the_post ends_before last_day no_post not_forward outside_cycle scope_unknown "
        "substitution_chain substitution_circle parent_foreign unit_circle unknown_post "
        "unknown_unit",
    ),
    _rule(
        _l("The periods fill the cycle without gaps, and each act lies in one of them."),
        HOUSE,
        "cycle_days no_periods period_days periods_cover periods_join no_cycle unknown_period",
    ),
    _rule(
        _l("Deadlines count working days: a day off stands once, and a day that has gone by keeps "
           "what was counted with it."),
        HOUSE,
        "day_known day_gone",
    ),
    _rule(
        _l("The need of a job is the volume of each task times its hours, over effective hours: "
           "both are above 0, and a task stands once in a job."),
        _l("Workload analysis (ABK), PermenPANRB 1/2020; from memory, not yet checked."),
        "task_name task_volume task_hours task_known",
    ),
    _rule(
        _l("A code names one thing only."),
        HOUSE,
        "agency_known",
    ),
    _rule(
        _l("Who reviews stands outside the squad; who draws a sample can be asked to draw the same "
           "one again."),
        HOUSE,
        "reviewer_inside reviewer_unit reviewers sample_size seed_missing nothing_to_draw "
        "not_entitled",
    ),
    _rule(
        _l("A rule that was written from memory rests until somebody of HR confirms it with its "
           "document and page."),
        HOUSE,
        "confirmed_already nothing_stands",
    ),
    _rule(
        _l("A risk stands on an objective or a result and has an impact and a likelihood from 1 to "
           "5."),
        HOUSE,
        "impact likelihood no_risks risk_subject unknown_risk unknown_subject",
    ),
    _rule(
        _l("A certificate shows what is sealed, and nothing else."),
        HOUSE,
        "nothing_sealed unknown_output",
    ),
    _rule(
        _l("Somebody else acted between the page and your answer; what you did not see is not "
           "overwritten."),
        HOUSE,
        "changed out_of_turn conflict",
    ),
    _rule(
        _l("A squad ends with what it learnt, so that the next one begins wiser; what was taken up "
           "is linked both ways."),
        HOUSE,
        "advice_missing failed_missing one_place own_squad topic_long topic_missing topics_many "
        "unknown_lesson unknown_place used_already worked_missing written_already",
    ),
    _rule(
        _l("Citizens are heard without being known: each is asked the same, within a window, and "
           "nobody fills the box for others."),
        "PermenPANRB 14/2017",
        "window questions score_missing too_soon unknown_question",
    ),
    _rule(
        _l("The form needs an answer that can be read and kept."),
        HOUSE,
        "malformed missing incomplete unknown unknown_word unknown_person unknown_group length "
        "range code label active not_a_date too_many_fields out_of_range "
        "called_outside not_together access_refused not_found number_of_tasks",
    ),
)  # fmt: skip

#: what forms ask of a field, whatever the process
_FORM: Final = Rule(
    _l("The form asks for it so that the answer can be read, counted and kept."), HOUSE, ()
)
_BY_CODE: Final[Mapping[str, Rule]] = {
    **dict.fromkeys(MESSAGES, _FORM),
    **{code: rule for rule in RULES for code in rule.codes},
}
#: by HTTP status, for refusals without a code
BY_STATUS: Final[Mapping[int, Rule]] = {
    400: Rule(_l("A form carries a mark of its page, so that no other site can send it for you."),
              HOUSE, ()),
    401: Rule(_l("A session ends after a while, so that nobody goes on in your name."), HOUSE, ()),
    403: Rule(_l("What nobody allowed is refused; rights come from offices, squads and groups."),
              HOUSE, ()),
    404: Rule(_l("What one may not see is not told: it looks as if it were not there."),
              HOUSE, ()),
    409: Rule(_l("Somebody else acted between the page and your answer; what you did not see is "
                 "not overwritten."), HOUSE, ()),
    413: Rule(_l("A file has a largest size, so that there is room for everybody's."), HOUSE, ()),
    429: Rule(_l("After many tries the door waits, so that nobody guesses passwords."), HOUSE, ()),
}  # fmt: skip


def rule_of(code: str) -> Rule | None:
    """The rule on which a refusal of that code rests; None for a code nobody wrote down."""
    return _BY_CODE.get(code)
