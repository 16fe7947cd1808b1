"""What follows from results: facts of talent, recognitions, data used, referrals; append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.guards import create, drop
from engine.persistence.tables.recognitions import APPEND_ONLY, FACT_WORDS, RECOGNITION_GUARDS
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import UtcDateTime

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)


def upgrade() -> None:
    _person_fact()
    _recognition()
    _data_use()
    _referral()
    _referral_handing()
    dialect = op.get_bind().dialect.name
    for guard in RECOGNITION_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)


def _person_fact() -> None:
    op.create_table(
        "person_fact",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("word", sa.String(length=24), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_by", _ID, nullable=False),
        sa.Column("on_behalf_of", _ID, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('potential', 'education', 'discipline', 'leadership', 'functional',"
            " 'technical', 'seminar')",
            name=op.f("ck_person_fact_kind_known"),
        ),
        sa.CheckConstraint(FACT_WORDS, name=op.f("ck_person_fact_word_of_kind")),
        sa.CheckConstraint("length(source) > 0", name=op.f("ck_person_fact_shows_its_source")),
        sa.CheckConstraint(
            "on_behalf_of <> person_id", name=op.f("ck_person_fact_not_for_oneself")
        ),
        sa.CheckConstraint("recorded_by <> person_id", name=op.f("ck_person_fact_not_by_oneself")),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="person_fact_behalf"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="person_fact_person"),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name="person_fact_recorder"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_fact")),
    )
    op.create_index("person_fact_by_person", "person_fact", ["person_id", "kind", "at"])


def _recognition() -> None:
    op.create_table(
        "recognition",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("rating_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("cross_points_e4", sa.BigInteger(), nullable=False),
        sa.Column("host_units", sa.Integer(), nullable=False),
        sa.Column("cross_overlays", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("confirmed_by", _ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('award_nomination', 'succession_priority', 'development_priority',"
            " 'talent_attribute')",
            name=op.f("ck_recognition_kind_known"),
        ),
        sa.CheckConstraint(
            "outcome IN ('confirmed', 'set_aside')", name=op.f("ck_recognition_outcome_known")
        ),
        sa.CheckConstraint(
            "outcome <> 'set_aside' OR length(note) > 0",
            name=op.f("ck_recognition_set_aside_with_reason"),
        ),
        sa.CheckConstraint("confirmed_by <> person_id", name=op.f("ck_recognition_not_by_oneself")),
        sa.CheckConstraint(
            "cross_points_e4 >= 0 AND host_units >= 0 AND cross_overlays >= 0",
            name=op.f("ck_recognition_counted"),
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name="recognition_confirmer"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="recognition_cycle"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="recognition_person"),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name="recognition_rating"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
        sa.UniqueConstraint("rating_id", "kind", name="recognition_kind_once"),
    )
    op.create_index("recognition_by_person", "recognition", ["person_id", "cycle_id"])


def _data_use() -> None:
    op.create_table(
        "data_use",
        sa.Column("id", _ID, nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("subject_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("data", sa.String(length=24), nullable=False),
        sa.Column("data_id", sa.Text(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=True),
        sa.Column("data_version", sa.Text(), nullable=False),
        sa.Column("data_hash", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "subject IN ('follow_up', 'recognition')", name=op.f("ck_data_use_subject_known")
        ),
        sa.CheckConstraint(
            "data IN ('ledger_line', 'rating', 'decision_table')",
            name=op.f("ck_data_use_data_known"),
        ),
        sa.CheckConstraint(
            "(data = 'ledger_line') = (transfer_id IS NOT NULL)",
            name=op.f("ck_data_use_ledger_line_held"),
        ),
        sa.CheckConstraint("length(data_hash) = 64", name=op.f("ck_data_use_hashed")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="data_use_person"),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name="data_use_transfer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_use")),
        sa.UniqueConstraint("subject", "subject_id", "data", "data_id", name="data_use_once"),
    )
    op.create_index("data_use_by_row", "data_use", ["data", "data_id"])
    op.create_index("data_use_by_person", "data_use", ["person_id", "subject_id"])


def _referral() -> None:
    op.create_table(
        "referral",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("agency_id", _ID, nullable=False),
        sa.Column("ground", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("referred_by", _ID, nullable=False),
        sa.Column("on_behalf_of", _ID, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "ground IN ('absence', 'misconduct', 'ethics')", name=op.f("ck_referral_ground_known")
        ),
        sa.CheckConstraint(
            "length(text) > 0 AND length(source) > 0", name=op.f("ck_referral_shows_its_facts")
        ),
        sa.CheckConstraint("on_behalf_of <> person_id", name=op.f("ck_referral_not_for_oneself")),
        sa.CheckConstraint("referred_by <> person_id", name=op.f("ck_referral_not_by_oneself")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="referral_agency"),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="referral_behalf"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="referral_person"),
        sa.ForeignKeyConstraint(["referred_by"], ["person.id"], name="referral_referrer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    op.create_index("referral_by_agency", "referral", ["agency_id", "id"])


def _referral_handing() -> None:
    op.create_table(
        "referral_handing",
        sa.Column("id", _ID, nullable=False),
        sa.Column("referral_id", _ID, nullable=False),
        sa.Column("handed_to", sa.Text(), nullable=False),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.Column("handed_by", _ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "length(handed_to) > 0", name=op.f("ck_referral_handing_handed_somewhere")
        ),
        sa.ForeignKeyConstraint(["handed_by"], ["person.id"], name="referral_handing_hand"),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name="referral_handing_referral"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_handing")),
        sa.UniqueConstraint("referral_id", name="referral_handed_once"),
    )


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
    for guard in RECOGNITION_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
