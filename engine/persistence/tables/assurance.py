"""Guarded acts, verification of evidence, samples for audit, peer reviews, overrides."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.evidence import CheckOutcome
from engine.domain.overrides import OverrideKind
from engine.domain.peer_review import Judgement
from engine.domain.protection import LoweringKind
from engine.domain.sampling import Stratum, SubjectKind, Verdict
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime


def _person(name: str, key: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey("person.id", name=key), nullable=nullable)


lowering_act = sa.Table(
    "lowering_act",
    metadata,
    id_column(primary_key=True),
    _person("actor_id", "lowering_act_actor"),
    _person("on_behalf_of", "lowering_act_behalf", nullable=True),
    _person("person_id", "lowering_act_person"),
    word("kind", LoweringKind),
    # a claim, rating, result or membership: what it is depends on the kind
    id_column("subject_id", nullable=False),
    sa.Column("guarded", sa.Boolean, nullable=False),
    _person("second_id", "lowering_act_second", nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("actor_id <> person_id", name="not_own"),
    sa.CheckConstraint("on_behalf_of <> person_id", name="not_for_own"),
    sa.CheckConstraint("second_id <> actor_id", name="second_not_actor"),
    sa.CheckConstraint("second_id <> on_behalf_of", name="second_not_absent"),
    sa.CheckConstraint("second_id <> person_id", name="second_not_person"),
    sa.CheckConstraint("NOT guarded OR second_id IS NOT NULL", name="two_signatures"),
    sa.Index("lowering_act_by_person", "person_id", "actor_id"),
)

evidence_check = sa.Table(
    "evidence_check",
    metadata,
    id_column(primary_key=True),
    id_column(
        "evidence_id", sa.ForeignKey("evidence.id", name="evidence_check_of"), nullable=False
    ),
    _person("owner_id", "evidence_check_owner"),
    _person("verifier_id", "evidence_check_verifier"),
    _person("on_behalf_of", "evidence_check_behalf", nullable=True),
    word("outcome", CheckOutcome),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("evidence_id", name="evidence_checked_once"),
    sa.CheckConstraint("verifier_id <> owner_id", name="not_own"),
    sa.CheckConstraint("on_behalf_of <> owner_id", name="not_for_own"),
    sa.CheckConstraint("outcome <> 'rejected' OR length(reason) > 0", name="reasoned"),
)

evidence_replacement = sa.Table(
    "evidence_replacement",
    metadata,
    id_column("old_id", sa.ForeignKey("evidence.id", name="evidence_replaced"), primary_key=True),
    id_column("new_id", sa.ForeignKey("evidence.id", name="evidence_replacing"), nullable=False),
    _person("owner_id", "evidence_replacement_owner"),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("new_id", name="evidence_replaces_once"),
    sa.CheckConstraint("old_id <> new_id", name="another"),
)

audit_sample = sa.Table(
    "audit_sample",
    metadata,
    id_column(primary_key=True),
    id_column("agency_id", sa.ForeignKey("agency.id", name="audit_sample_agency"), nullable=False),
    id_column("cycle_id", sa.ForeignKey("cycle.id", name="audit_sample_cycle"), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("frame_hash", sa.String(64), nullable=False),
    _person("drawn_by", "audit_sample_drawer"),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("size BETWEEN 1 AND 100", name="size"),
    sa.CheckConstraint("length(seed) > 0", name="seeded"),
    sa.CheckConstraint("length(frame_hash) = 64", name="framed"),
    sa.Index("audit_sample_by_cycle", "cycle_id"),
)

audit_item = sa.Table(
    "audit_item",
    metadata,
    id_column(primary_key=True),
    id_column(
        "sample_id", sa.ForeignKey("audit_sample.id", name="audit_item_sample"), nullable=False
    ),
    sa.Column("number", sa.Integer, nullable=False),
    word("stratum", Stratum),
    word("kind", SubjectKind),
    # a claim or a planned result
    id_column("subject_id", nullable=False),
    _person("person_id", "audit_item_person"),
    sa.UniqueConstraint("sample_id", "number", name="audit_item_number_once"),
    sa.UniqueConstraint("sample_id", "kind", "subject_id", name="audit_item_drawn_once"),
    # a finding names item and person together
    sa.UniqueConstraint("id", "person_id", name="audit_item_whose"),
)

audit_finding = sa.Table(
    "audit_finding",
    metadata,
    id_column("item_id", primary_key=True),
    id_column("person_id", nullable=False),
    _person("auditor_id", "audit_finding_auditor"),
    word("verdict", Verdict),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("correction", sa.Boolean, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.ForeignKeyConstraint(
        ["item_id", "person_id"], ["audit_item.id", "audit_item.person_id"], name="audit_finding_of"
    ),
    sa.CheckConstraint("auditor_id <> person_id", name="not_own"),
    sa.CheckConstraint("verdict = 'in_order' OR length(note) > 0", name="reasoned"),
    sa.CheckConstraint("NOT correction OR verdict <> 'in_order'", name="something_to_correct"),
)

peer_review = sa.Table(
    "peer_review",
    metadata,
    id_column(primary_key=True),
    id_column("output_id", sa.ForeignKey("output.id", name="peer_review_output"), nullable=False),
    _person("asked_by", "peer_review_asker"),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    # a seat names review and output together
    sa.UniqueConstraint("id", "output_id", name="peer_review_what"),
    sa.Index("peer_review_by_output", "output_id"),
)

peer_seat = sa.Table(
    "peer_seat",
    metadata,
    id_column("review_id", primary_key=True),
    id_column("output_id", nullable=False),
    id_column(
        "reviewer_id", sa.ForeignKey("person.id", name="peer_seat_reviewer"), primary_key=True
    ),
    sa.ForeignKeyConstraint(
        ["review_id", "output_id"],
        ["peer_review.id", "peer_review.output_id"],
        name="peer_seat_review",
    ),
)

peer_answer = sa.Table(
    "peer_answer",
    metadata,
    id_column("review_id", primary_key=True),
    id_column("reviewer_id", primary_key=True),
    word("meets_target", Judgement),
    word("sound", Judgement),
    word("usable", Judgement),
    sa.Column("strengths", sa.Text, nullable=False),
    sa.Column("improvements", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.ForeignKeyConstraint(
        ["review_id", "reviewer_id"],
        ["peer_seat.review_id", "peer_seat.reviewer_id"],
        name="peer_answer_seat",
    ),
    sa.CheckConstraint(
        "(meets_target = 'yes' AND sound = 'yes' AND usable = 'yes') OR length(improvements) > 0",
        name="reasoned",
    ),
)

override_act = sa.Table(
    "override_act",
    metadata,
    id_column(primary_key=True),
    word("kind", OverrideKind),
    _person("actor_id", "override_act_actor"),
    _person("on_behalf_of", "override_act_behalf", nullable=True),
    # a rating, unit, claim or membership: what it is depends on the kind
    id_column("subject_id", nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("in_election", sa.Boolean, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("length(reason) > 0", name="reasoned"),
    sa.Index("override_act_by_time", "at"),
)
