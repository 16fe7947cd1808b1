"""Squads in the making: candidates, letters, signatures, consents, changes; and their guards."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.formation import CandidateState, FormationStatus, Way
from engine.domain.joining import (
    ChangeKind,
    ChangeStatus,
    ConsentAnswer,
    ConsentStage,
    HeadAnswer,
    RefusalReason,
    ShareAnswer,
)
from engine.domain.squads import Acceptance, SquadRole
from engine.domain.workload import ResultChange
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime


def _to(name: str, target: str, key: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey(f"{target}.id", name=key), nullable=nullable)


def _day(column: str) -> str:
    """A date as the whole number 20260131, on both databases."""
    return f"CAST(REPLACE(CAST({column} AS TEXT), '-', '') AS INTEGER)"


#: the same day a year later has the number 10,000 higher
_AT_MOST_A_YEAR = f"{_day('ends_on')} < {_day('starts_on')} + 10000"

formation = sa.Table(
    "formation",
    metadata,
    id_column(primary_key=True),
    _to("agency_id", "agency", "formation_agency"),
    _to("host_unit_id", "unit", "formation_unit"),
    word("way", Way),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("letter_no", sa.Text, nullable=False),
    _to("sponsor_id", "person", "formation_sponsor"),
    sa.Column("opened_by", sa.Text, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("person_days", sa.Integer, nullable=False),
    sa.Column("places", sa.Integer, nullable=True),
    sa.Column("competence", sa.Text, nullable=False),
    sa.Column("apply_until", sa.Date, nullable=True),
    word("status", FormationStatus),
    _to("squad_id", "squad", "formation_squad", nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("squad_id", name="formation_squad_once"),
    sa.CheckConstraint("ends_on > starts_on", name="lasts"),
    sa.CheckConstraint(_AT_MOST_A_YEAR, name="at_most_a_year"),
    sa.CheckConstraint("person_days > 0", name="person_days"),
    sa.CheckConstraint("(way = 'volunteers') = (apply_until IS NOT NULL)", name="call"),
    sa.CheckConstraint("way = 'letter' OR COALESCE(places, 0) > 0", name="places"),
    sa.CheckConstraint(
        "(status = 'formed') = (squad_id IS NOT NULL) "
        "AND (status <> 'formed' OR length(letter_no) > 0)",
        name="formed_by_letter",
    ),
    sa.Index("formation_open_calls", "agency_id", "status", "apply_until"),
)

candidate = sa.Table(
    "candidate",
    metadata,
    id_column(primary_key=True),
    _to("formation_id", "formation", "candidate_formation"),
    _to("person_id", "person", "candidate_person"),
    word("role", SquadRole),
    sa.Column("effort_bp", sa.Integer, nullable=False),
    sa.Column("motive", sa.Text, nullable=False),
    word("state", CandidateState),
    sa.Column("reason", sa.Text, nullable=False),
    _to("decided_by", "person", "candidate_decider", nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("formation_id", "person_id", name="candidate_once"),
    sa.CheckConstraint("effort_bp BETWEEN 1 AND 10000", name="effort"),
    sa.CheckConstraint("state <> 'passed' OR length(reason) > 0", name="passed_with_reason"),
    sa.CheckConstraint("decided_by <> person_id", name="not_by_himself"),
)

squad_letter = sa.Table(
    "squad_letter",
    metadata,
    id_column(primary_key=True),
    _to("squad_id", "squad", "squad_letter_squad"),
    sa.Column("letter_no", sa.Text, nullable=False),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("squad_id", "letter_no", name="squad_letter_once"),
    sa.CheckConstraint("length(letter_no) > 0", name="numbered"),
    sa.CheckConstraint("ends_on >= starts_on", name="lasts"),
    sa.CheckConstraint(_AT_MOST_A_YEAR, name="at_most_a_year"),
)

membership_signature = sa.Table(
    "membership_signature",
    metadata,
    id_column(primary_key=True),
    _to("membership_id", "membership", "signature_membership"),
    sa.Column("round", sa.Integer, nullable=False),
    word("answer", Acceptance),
    sa.Column("home_effort_bp", sa.Integer, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("membership_id", "round", name="signature_round_once"),
    sa.CheckConstraint("answer <> 'pending'", name="answered"),
    sa.CheckConstraint("home_effort_bp BETWEEN 0 AND 10000", name="home_effort"),
)

home_result = sa.Table(
    "home_result",
    metadata,
    _to("signature_id", "membership_signature", "home_result_signature"),
    # no key to plan_item: the results of a draft are replaced, what was signed stays
    id_column("plan_item_id", nullable=False),
    word("change", ResultChange),
    sa.Column("reason", sa.Text, nullable=False),
    sa.PrimaryKeyConstraint("signature_id", "plan_item_id"),
    sa.CheckConstraint("change <> 'kept' OR length(reason) > 0", name="kept_with_reason"),
)

consent_decision = sa.Table(
    "consent_decision",
    metadata,
    id_column(primary_key=True),
    _to("membership_id", "membership", "consent_membership"),
    word("stage", ConsentStage),
    word("answer", ConsentAnswer),
    _to("holder_id", "person", "consent_holder", nullable=True),
    _to("decided_by", "person", "consent_decider", nullable=True),
    word("reason_code", RefusalReason, nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("membership_id", "stage", name="consent_once_per_stage"),
    sa.CheckConstraint("(answer = 'silent') = (decided_by IS NULL)", name="silent_by_nobody"),
    sa.CheckConstraint("(answer = 'refused') = (reason_code IS NOT NULL)", name="refusal_coded"),
    sa.CheckConstraint("stage = 'home' OR answer <> 'silent'", name="common_speaks"),
    sa.Index("consent_by_holder", "holder_id", "answer"),
)

head_signature = sa.Table(
    "head_signature",
    metadata,
    id_column(primary_key=True),
    _to("membership_id", "membership", "head_signature_membership"),
    _to("head_id", "person", "head_signature_head"),
    sa.Column("effort_bp", sa.Integer, nullable=False),
    sa.Column("load_bp", sa.Integer, nullable=False),
    word("answer", HeadAnswer),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("membership_id", "head_id", "effort_bp", name="head_signs_once"),
    sa.CheckConstraint("answer <> 'refuse' OR length(reason) > 0", name="refused_with_reason"),
)

share_reply = sa.Table(
    "share_reply",
    metadata,
    id_column(primary_key=True),
    _to("share_plan_id", "share_plan", "share_reply_plan"),
    _to("person_id", "person", "share_reply_person"),
    word("answer", ShareAnswer),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("share_plan_id", "person_id", name="share_reply_once"),
    sa.CheckConstraint("answer <> 'differ' OR length(note) > 0", name="differs_with_note"),
)

squad_change = sa.Table(
    "squad_change",
    metadata,
    id_column(primary_key=True),
    _to("squad_id", "squad", "squad_change_squad"),
    word("kind", ChangeKind),
    _to("person_id", "person", "squad_change_person"),
    word("role", SquadRole, nullable=True),
    sa.Column("effort_bp", sa.Integer, nullable=True),
    sa.Column("decided_on", sa.Date, nullable=False),
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("handover", sa.Text, nullable=False),
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("second_by", sa.Text, nullable=True),
    word("status", ChangeStatus),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("effective_on > decided_on", name="forward_dated"),
    sa.CheckConstraint("effort_bp BETWEEN 1 AND 10000", name="effort"),
    sa.CheckConstraint("length(reason) > 0", name="with_reason"),
    sa.CheckConstraint("kind <> 'lead' OR length(handover) > 0", name="handed_over"),
    sa.CheckConstraint("proposed_by <> person_id", name="not_for_himself"),
    sa.CheckConstraint(
        "second_by <> proposed_by AND second_by <> person_id", name="two_signatures"
    ),
    sa.Index("squad_change_by_squad", "squad_id", "effective_on"),
)

#: in the order of their keys
TABLES = (
    formation,
    candidate,
    squad_letter,
    membership_signature,
    home_result,
    consent_decision,
    head_signature,
    share_reply,
    squad_change,
)

#: words once said stay as they were
APPEND_ONLY = (
    "squad_letter",
    "membership_signature",
    "home_result",
    "consent_decision",
    "head_signature",
    "share_reply",
)

FORMATION_GUARDS = (
    Guard(
        "squad_at_most_a_year",
        "squad",
        "INSERT",
        f"{_day('NEW.ends_on')} >= {_day('NEW.starts_on')} + 10000",
    ),
    # a longer squad needs a letter that covers it
    Guard(
        "squad_extended_by_letter",
        "squad",
        "UPDATE",
        """NEW.ends_on > OLD.ends_on AND NOT EXISTS (SELECT 1 FROM squad_letter l
        WHERE l.squad_id = NEW.id AND l.letter_no = NEW.letter_no
        AND l.ends_on >= NEW.ends_on AND l.starts_on <= NEW.ends_on)""",
    ),
    # an effort that the member accepted changes by another membership from another day on
    Guard(
        "membership_effort_kept",
        "membership",
        "UPDATE",
        """OLD.acceptance = 'accepted' AND (NEW.effort_bp <> OLD.effort_bp
        OR NEW.role <> OLD.role OR NEW.valid_from <> OLD.valid_from)""",
    ),
    # whoever wants the person in his squad does not lend him to himself
    Guard(
        "consent_not_by_sponsor",
        "consent_decision",
        "INSERT",
        """NEW.decided_by IS NOT NULL AND EXISTS (SELECT 1 FROM membership m
        JOIN squad s ON s.id = m.squad_id WHERE m.id = NEW.membership_id
        AND (m.person_id = NEW.decided_by
        OR (NEW.stage = 'home' AND s.sponsor_id = NEW.decided_by)))""",
    ),
    Guard(
        "load_not_signed_by_oneself",
        "head_signature",
        "INSERT",
        """EXISTS (SELECT 1 FROM membership m WHERE m.id = NEW.membership_id
        AND m.person_id = NEW.head_id)""",
    ),
    # only whoever has a line in a version speaks about it
    Guard(
        "share_reply_of_member",
        "share_reply",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM share_line l WHERE l.share_plan_id = NEW.share_plan_id
        AND l.person_id = NEW.person_id)""",
    ),
)
