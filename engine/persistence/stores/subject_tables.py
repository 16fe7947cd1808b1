"""Which tables tell something about a person, by which columns, and which are not handed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Below:
    """Rows that belong to a row of his."""

    #: column that names the row above
    column: str
    parent: str
    key: str = "id"


#: a column that holds his id, or the way over another table
Way = str | Below

_OFFICE: Final = "acts in office about others; that he did them stands in `audit`"
_PANEL: Final = "deliberation of several officials; its outcome is exported with the rating"
_CIRCLE: Final = "360 feedback: whoever answers is promised that nobody learns it"
_AUDIT: Final = "work of auditors and examiners; they tell its outcome themselves"
_KEY: Final = "a secret that signs somebody in"

#: table -> ways; a table with a key `person_id` to people that is not named goes by it
WAYS: Final[dict[str, tuple[Way, ...]]] = {
    "account": ("person_id",),
    "agenda_item": (Below("check_in_id", "check_in"),),
    "agreement": (Below("plan_id", "plan"),),
    "attestation": (Below("claim_id", "claim"),),
    "audit": ("actor",),
    "behaviour_mark": (Below("rating_id", "rating"),),
    "certificate_row": (Below("certificate_id", "certificate"),),
    "coaching_session": (Below("coaching_id", "coaching"),),
    "commitment": ("owner_id",),
    "competency_score": (Below("session_id", "coaching_session"),),
    "consent_decision": (Below("membership_id", "membership"),),
    "deviation": (Below("rating_id", "rating"),),
    "dispute": ("raised_by",),
    "documentation": (Below("item_id", "plan_item"),),
    "evidence": ("uploaded_by",),
    "evidence_check": ("owner_id",),
    "evidence_replacement": ("owner_id",),
    "exchange_attempt": (Below("exchange_id", "exchange"),),
    "feedback": (Below("plan_id", "plan"),),
    "feedback_asked": (Below("request_id", "feedback_request"), "giver_id"),
    "feedback_reply": (Below("feedback_id", "feedback_note"),),
    "follow_up": (Below("rating_id", "rating"),),
    "head_signature": (Below("membership_id", "membership"),),
    "home_result": (Below("signature_id", "membership_signature"),),
    "indicator": (Below("item_id", "plan_item"),),
    "lesson": ("written_by",),
    "lesson_use": ("used_by",),
    "login_identity": (Below("login", "account", "login"),),
    "measurement": (Below("progress_id", "progress"),),
    "membership_signature": (Below("membership_id", "membership"),),
    "objection": ("raised_by",),
    "person": ("id",),
    "plan_item": (Below("plan_id", "plan"),),
    "private_note": ("author_id",),
    "progress": (Below("item_id", "plan_item"),),
    "remark": ("author_id",),
    "risk": ("owner_id",),
    "role_grant": (Below("login", "account", "login"),),
    "role_judgement": (Below("rating_id", "rating"),),
    "segment_rating": (Below("snapshot_id", "segment_snapshot"),),
    "session": (Below("login", "account", "login"),),
    "session_answer": (Below("session_id", "coaching_session"),),
    "sign_in_failure": (Below("login", "account", "login"),),
    "signature": (Below("rating_id", "rating"),),
    "substitution": ("absent_id", "substitute_id"),
    "task_draft": ("person_id",),
    "user_task": ("assignee", "completed_by"),
    "value_expectation": (Below("plan_id", "plan"),),
}

#: table with a key to people or accounts that is not exported -> reason
LEFT_OUT: Final[dict[str, str]] = {
    "audit_finding": _AUDIT,
    "audit_item": _AUDIT,
    "audit_sample": _OFFICE,
    "calibration": _OFFICE,
    "calibration_move": _PANEL,
    "calibration_participant": _PANEL,
    "complaint": _OFFICE,
    "formation": _OFFICE,
    "lowering_act": "guards the independence of others: it names who acted, not what it is about",
    "org_rating": _OFFICE,
    "output": _OFFICE,
    "override_act": _OFFICE,
    "peer_review": _OFFICE,
    "peer_seat": "whoever reviews an output is promised that his name is not told",
    "period_org_rating": _OFFICE,
    "period_seal": _OFFICE,
    "point_budget": _OFFICE,
    "recovery_code": _KEY,
    "referral": _AUDIT,
    "referral_handing": _AUDIT,
    "result_link": _OFFICE,
    "risk_review": _OFFICE,
    "rule_confirmation": _OFFICE,
    "second_factor": _KEY,
    "service_account": "accounts of programs, never of a person",
    "squad": _OFFICE,
    "survey": _OFFICE,
    "survey_ruling": _OFFICE,
    "voice_invitation": _CIRCLE,
}

#: columns that are never handed out, in whatever table
SECRET_COLUMNS: Final = frozenset({"password_hash", "token_hash", "csrf", "sealed", "code_hash"})

#: what was his alone and goes with him: table -> column that holds his id
DELETED: Final[dict[str, str]] = {
    "task_draft": "person_id",
    "copied_field": "person_id",
    "preference": "person_id",
    "saved_filter": "person_id",
    "snooze": "person_id",
    "notice": "person_id",
    "visit": "person_id",
    "watch": "person_id",
    "siasn_person": "person_id",
    "idempotency": "principal",
    "outbox": "recipient_id",
}
#: and what signs him in, by login; the key of a second factor stands above its codes
DELETED_LOGINS: Final = (
    "recovery_code",
    "second_factor",
    "session",
    "login_identity",
    "sign_in_failure",
)
#: what others were told of him and may forget: table -> column searched for the words
FORGOTTEN: Final[dict[str, str]] = {
    "notice": "facts",
    "idempotency": "answer",
    "outbox": "payload",
}
#: titles that are written anew: table -> columns
RETITLED: Final[dict[str, tuple[str, ...]]] = {
    "user_task": ("subject",),
    "undertaking": ("title", "words"),
}

#: where a name may stand for good -> reason
KEPT: Final[dict[str, str]] = {
    "audit": "chained: earlier versions named accounts by their login",
    "certificate": "issued by law, stays as it was issued",
    "credit_paper": "issued by law, stays as it was issued",
    "exchange": "kept as it was sent to SIASN",
    "exchange_attempt": "kept as SIASN answered",
    "history": "course of a process; it goes with its process when that is no longer kept",
    "incident": "course of a process; it goes with its process when that is no longer kept",
    "process_instance": "course of a process; it goes with its process when that is no longer kept",
    "private_note": "append-only; read by nobody since its author cannot sign in",
    "behaviour_incident": "words that somebody wrote and that stay as they were written",
    "coaching_session": "words that somebody wrote and that stay as they were written",
    "feedback_note": "words that somebody wrote and that stay as they were written",
    "feedback_reply": "words that somebody wrote and that stay as they were written",
    "hearing": "words that somebody wrote and that stay as they were written",
    "daily_note": "words that somebody wrote and that stay as they were written",
    "lesson": "words that somebody wrote and that stay as they were written",
    "objection": "words that somebody wrote and that stay as they were written",
    "rating": "words that somebody wrote and that stay as they were written",
    "remark": "words that somebody wrote and that stay as they were written",
}
