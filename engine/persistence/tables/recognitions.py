"""What follows from results: facts of talent, recognitions, data used, referrals; append-only."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from engine.domain.recognition import DataKind, Outcome, RecognitionKind, UseSubject
from engine.domain.referrals import ReferralGround
from engine.domain.talent import FactKind
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime

#: kind of fact -> its words (talent.WORDS), as the database holds them
FACT_WORDS: Final = (
    "(kind = 'potential' AND word IN ('tinggi', 'menengah', 'rendah'))"
    " OR (kind = 'education' AND word IN ('s3', 's2', 's1_d4', 'd3', 'd2_slta', 'below'))"
    " OR (kind = 'discipline' AND word IN ('none', 'light', 'medium', 'heavy'))"
    " OR (kind IN ('leadership', 'functional', 'technical', 'seminar')"
    " AND word IN ('done', 'not_done'))"
)


def _of(table: str, column: str, name: str, *, nullable: bool = False) -> sa.Column[str]:
    return id_column(column, sa.ForeignKey(f"{table}.id", name=name), nullable=nullable)


person_fact = sa.Table(
    "person_fact",
    metadata,
    id_column(primary_key=True),
    _of("person", "person_id", "person_fact_person"),
    word("kind", FactKind),
    sa.Column("word", sa.String(24), nullable=False),
    sa.Column("on_day", sa.Date, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    _of("person", "recorded_by", "person_fact_recorder"),
    _of("person", "on_behalf_of", "person_fact_behalf", nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint(FACT_WORDS, name="word_of_kind"),
    sa.CheckConstraint("length(source) > 0", name="shows_its_source"),
    sa.CheckConstraint("recorded_by <> person_id", name="not_by_oneself"),
    sa.CheckConstraint("on_behalf_of <> person_id", name="not_for_oneself"),
    sa.Index("person_fact_by_person", "person_id", "kind", "at"),
)

recognition = sa.Table(
    "recognition",
    metadata,
    id_column(primary_key=True),
    _of("person", "person_id", "recognition_person"),
    _of("cycle", "cycle_id", "recognition_cycle"),
    _of("rating", "rating_id", "recognition_rating"),
    word("kind", RecognitionKind),
    sa.Column("cross_points_e4", sa.BigInteger, nullable=False),
    sa.Column("host_units", sa.Integer, nullable=False),
    sa.Column("cross_overlays", sa.Integer, nullable=False),
    word("outcome", Outcome),
    sa.Column("note", sa.Text, nullable=False),
    _of("person", "confirmed_by", "recognition_confirmer"),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("rating_id", "kind", name="recognition_kind_once"),
    sa.CheckConstraint("confirmed_by <> person_id", name="not_by_oneself"),
    sa.CheckConstraint(
        "cross_points_e4 >= 0 AND host_units >= 0 AND cross_overlays >= 0", name="counted"
    ),
    sa.CheckConstraint("outcome <> 'set_aside' OR length(note) > 0", name="set_aside_with_reason"),
    sa.Index("recognition_by_person", "person_id", "cycle_id"),
)

data_use = sa.Table(
    "data_use",
    metadata,
    id_column(primary_key=True),
    word("subject", UseSubject),
    id_column("subject_id", nullable=False),
    _of("person", "person_id", "data_use_person"),
    word("data", DataKind),
    sa.Column("data_id", sa.Text, nullable=False),
    sa.Column(
        "transfer_id",
        sa.Integer,
        sa.ForeignKey("transfer.id", name="data_use_transfer"),
        nullable=True,
    ),
    sa.Column("data_version", sa.Text, nullable=False),
    sa.Column("data_hash", sa.String(64), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("subject", "subject_id", "data", "data_id", name="data_use_once"),
    sa.CheckConstraint("length(data_hash) = 64", name="hashed"),
    sa.CheckConstraint(
        "(data = 'ledger_line') = (transfer_id IS NOT NULL)", name="ledger_line_held"
    ),
    sa.Index("data_use_by_person", "person_id", "subject_id"),
    sa.Index("data_use_by_row", "data", "data_id"),
)

referral = sa.Table(
    "referral",
    metadata,
    id_column(primary_key=True),
    _of("person", "person_id", "referral_person"),
    _of("agency", "agency_id", "referral_agency"),
    word("ground", ReferralGround),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    _of("person", "referred_by", "referral_referrer"),
    _of("person", "on_behalf_of", "referral_behalf", nullable=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("length(text) > 0 AND length(source) > 0", name="shows_its_facts"),
    sa.CheckConstraint("referred_by <> person_id", name="not_by_oneself"),
    sa.CheckConstraint("on_behalf_of <> person_id", name="not_for_oneself"),
    sa.Index("referral_by_agency", "agency_id", "id"),
)

referral_handing = sa.Table(
    "referral_handing",
    metadata,
    id_column(primary_key=True),
    _of("referral", "referral_id", "referral_handing_referral"),
    sa.Column("handed_to", sa.Text, nullable=False),
    sa.Column("letter_no", sa.Text, nullable=False),
    _of("person", "handed_by", "referral_handing_hand"),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("referral_id", name="referral_handed_once"),
    sa.CheckConstraint("length(handed_to) > 0", name="handed_somewhere"),
)

#: guards that came with the revision of these tables
RECOGNITION_GUARDS: Final = (
    # a recognition stands beside a final rating of the same person and cycle
    Guard(
        "recognition_of_final_rating",
        "recognition",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM rating r WHERE r.id = NEW.rating_id
        AND r.person_id = NEW.person_id AND r.cycle_id = NEW.cycle_id
        AND r.status = 'final')""",
    ),
    # what a decision says it used is a row of that person with that very hash
    Guard(
        "data_use_true_to_ledger",
        "data_use",
        "INSERT",
        """NEW.transfer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM transfer t
        WHERE t.id = NEW.transfer_id AND t.hash = NEW.data_hash
        AND t.person_id = NEW.person_id)""",
    ),
    Guard(
        "person_fact_inside",
        "person_fact",
        "INSERT",
        """(SELECT p.agency_id FROM person p WHERE p.id = NEW.person_id)
        <> (SELECT p.agency_id FROM person p WHERE p.id = NEW.recorded_by)""",
    ),
    Guard(
        "referral_inside",
        "referral",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM person p WHERE p.id = NEW.person_id
        AND p.agency_id = NEW.agency_id)""",
    ),
    Guard(
        "referral_not_handed_by_its_subject",
        "referral_handing",
        "INSERT",
        """EXISTS (SELECT 1 FROM referral r WHERE r.id = NEW.referral_id
        AND r.person_id = NEW.handed_by)""",
    ),
)

#: tables that are only added to
APPEND_ONLY: Final = ("person_fact", "recognition", "data_use", "referral", "referral_handing")
