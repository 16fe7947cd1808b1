"""Tables that lead to a person and have no policy by agency, each with the reason (decision 0023).

All of them are read by the key of a row that has a policy, or is found by one; a policy of their
own would guard the same door twice. Words that were said about somebody stand in
`row_rules.WORDS`.
"""

from __future__ import annotations

from typing import Final

_OWN: Final = "what somebody keeps for himself, asked by his own id alone"
_FRAME: Final = "part of the directory or of an agency's frame: who holds which office, no words"
_PLAN: Final = "content of a plan, read by keys of `plan` or `plan_item`, which have policies"
_SHARE: Final = "part of an output or squad, read by keys of `output`, `claim` or `squad`"
_RATING: Final = "part of a rating, read by keys of `rating`, which is its home's alone"
_CREDIT: Final = "figures of a paper, read by keys of `credit_paper` or `certificate`"
_MARK: Final = "a mark with ids and times, no words: who did or must do something, and when"
_SURVEY: Final = "answers without a name, read by keys of `survey`, which is its agency's alone"
_SPANS: Final = "asked about people of several agencies at once (loads, standing), figures and ids"
_OFFICE: Final = "an act in office that a guard of the database counts over all agencies"


def _each(why: str, *tables: str) -> dict[str, str]:
    return dict.fromkeys(tables, why)


#: table -> why it has no policy
OPEN: Final[dict[str, str]] = {
    **_each(_OWN, "copied_field", "notice", "preference", "snooze", "visit", "watch"),
    **_each(_FRAME, "appointment", "substitution", "person_fact", "functional_standing"),
    "plan_item": "read with its plan, which has one; a second made a roll-up 13 times slower",
    **_each(
        _PLAN,
        *("agreement", "documentation", "feedback", "feedback_asked", "feedback_request"),
        *("indicator", "matrix_cell", "measurement", "plan_revision", "progress", "result_link"),
        *("risk", "risk_review", "target_reopening", "value_expectation", "home_result"),
    ),
    **_each(
        _SHARE,
        *("consent_decision", "head_signature", "membership_signature", "share_line"),
        *("share_plan", "share_reply", "squad_change", "squad_letter", "lesson_output"),
        *("lesson_topic", "lesson_use", "peer_answer", "peer_review", "peer_seat"),
        *("point_budget", "overlay_credit", "credit_correction", "correction_hearing"),
    ),
    **_each(
        _RATING,
        *("behaviour_mark", "calibration", "calibration_move", "calibration_participant"),
        *("calibration_unit", "deviation", "follow_up", "recognition", "recommendation"),
        *("role_judgement", "segment_rating", "segment_snapshot", "signature"),
    ),
    **_each(_CREDIT, "certificate_row", "credit_month", "pak_source", "paper_flag"),
    **_each(
        _MARK,
        *("attachment", "data_reading", "data_use", "evidence_check", "evidence_replacement"),
        *("silence", "snapshot_flag", "voice_invitation", "voice_round", "voice_tally"),
    ),
    **_each(
        _SURVEY,
        *("survey_answer", "survey_mark", "survey_pass", "survey_question", "survey_ruling"),
        *("survey_salt", "survey_score"),
    ),
    **_each(_SPANS, "role_change", "org_rating", "period_org_rating", "period_seal"),
    **_each(_OFFICE, "lowering_act", "override_act", "audit_item", "audit_finding"),
    "remark": "words on a task, a release or evidence, read by the key of what they stand on",
    "exchange_attempt": "what SIASN answered, read by keys of `exchange`, its agency's alone",
    "candidate": "read by keys of `formation`, its agency's alone, and by the candidate himself",
    "referral_handing": "read by keys of `referral`, its agency's alone",
}
