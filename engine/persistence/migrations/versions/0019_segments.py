"""Role segments: recorded changes, snapshots, interim ratings, chains of substitutes; B for A."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.guards import create, drop
from engine.persistence.tables.segments import APPEND_ONLY, SEGMENT_GUARDS
from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import ScaledDecimal, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)
_LEVELS = ("di_atas", "sesuai", "di_bawah")
_KINDS = (
    "mutasi",
    "cuti",
    "kembali",
    "plt",
    "plh",
    "penugasan",
    "keluar_tim",
    "berhenti",
    "penilai",
)
_LEAVES = (
    "tahunan",
    "besar",
    "sakit",
    "melahirkan",
    "alasan_penting",
    "luar_tanggungan",
    "tugas_belajar",
    "pemberhentian_sementara",
    "pejabat_negara",
    "persiapan_pensiun",
)
_PREDIKATS = ("sangat_baik", "baik", "butuh_perbaikan", "kurang", "sangat_kurang")


def upgrade() -> None:
    _role_change()
    _segment_snapshot()
    _segment_rating()
    dialect = op.get_bind().dialect.name
    for table in APPEND_ONLY:
        for statement in append_only(table, dialect):
            op.execute(statement)
    for guard in SEGMENT_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)
    op.add_column("history", sa.Column("on_behalf_of", sa.Text(), nullable=True))


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.drop_column("history", "on_behalf_of")
    for guard in SEGMENT_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    for table in APPEND_ONLY:
        for statement in not_append_only(table, dialect):
            op.execute(statement)
    for table in ("segment_rating", "segment_snapshot", "role_change"):
        op.drop_table(table)


def _word(name: str, words: tuple[str, ...], *, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(
        *words, name=f"{name}_known", native_enum=False, create_constraint=True, length=24
    )
    return sa.Column(name, kind, nullable=nullable)


def _role_change() -> None:
    op.create_table(
        "role_change",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        _word("kind", _KINDS),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        _word("leave_kind", _LEAVES, nullable=True),
        sa.Column("letter_no", sa.Text(), nullable=False),
        sa.Column("closed_id", _ID, nullable=True),
        sa.Column("opened_id", _ID, nullable=True),
        sa.Column("membership_id", _ID, nullable=True),
        sa.Column("rater_id", _ID, nullable=True),
        sa.Column("recorded_by", _ID, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_role_change_lasts")),
        sa.CheckConstraint("letter_no <> ''", name=op.f("ck_role_change_letter")),
        sa.CheckConstraint(
            "(kind = 'cuti') = (leave_kind IS NOT NULL)", name=op.f("ck_role_change_leave_kind")
        ),
        sa.CheckConstraint("recorded_by <> person_id", name=op.f("ck_role_change_not_by_oneself")),
        sa.CheckConstraint("rater_id <> person_id", name=op.f("ck_role_change_not_own_rater")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="role_change_person"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="role_change_cycle"),
        sa.ForeignKeyConstraint(["closed_id"], ["appointment.id"], name="role_change_closed"),
        sa.ForeignKeyConstraint(["opened_id"], ["appointment.id"], name="role_change_opened"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="role_change_membership"
        ),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name="role_change_rater"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_change")),
    )
    op.create_index("role_change_by_person", "role_change", ["person_id", "starts_on"])
    op.create_index("role_change_by_cycle", "role_change", ["cycle_id", "kind"])
    op.create_index("role_change_by_rater", "role_change", ["rater_id"])


def _segment_snapshot() -> None:
    op.create_table(
        "segment_snapshot",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("change_id", _ID, nullable=False),
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("unit_id", _ID, nullable=True),
        sa.Column("rater_id", _ID, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("plan_id", _ID, nullable=True),
        sa.Column("attainment", ScaledDecimal(2), nullable=True),
        sa.Column("documented_items", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Integer(), nullable=False),
        sa.Column("verified_evidence", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_segment_snapshot_lasts")),
        sa.CheckConstraint("rater_id <> person_id", name=op.f("ck_segment_snapshot_not_own_rater")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_segment_snapshot_digested")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="segment_snapshot_person"),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="segment_snapshot_cycle"),
        sa.ForeignKeyConstraint(["change_id"], ["role_change.id"], name="segment_snapshot_change"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="segment_snapshot_unit"),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name="segment_snapshot_rater"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="segment_snapshot_plan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment_snapshot")),
        sa.UniqueConstraint("change_id", name="segment_snapshot_once"),
    )
    op.create_index(
        "segment_snapshot_by_person", "segment_snapshot", ["person_id", "cycle_id", "ends_on"]
    )
    op.create_index("segment_snapshot_by_rater", "segment_snapshot", ["rater_id"])


def _segment_rating() -> None:
    op.create_table(
        "segment_rating",
        sa.Column("id", _ID, nullable=False),
        sa.Column("snapshot_id", _ID, nullable=False),
        sa.Column("rater_id", _ID, nullable=False),
        sa.Column("on_behalf_of", _ID, nullable=True),
        _word("result_level", _LEVELS),
        _word("behaviour_level", _LEVELS),
        _word("predikat", _PREDIKATS),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["segment_snapshot.id"], name="segment_rating_snapshot"
        ),
        sa.ForeignKeyConstraint(["rater_id"], ["person.id"], name="segment_rating_rater"),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["person.id"], name="segment_rating_behalf"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment_rating")),
        sa.UniqueConstraint("snapshot_id", name="segment_rating_once"),
    )
