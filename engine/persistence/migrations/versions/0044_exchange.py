"""Evaluations on their way to SIASN, what SIASN holds, and fields that people copied."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.triggers import append_only, not_append_only
from engine.persistence.types import JsonText, UtcDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_YEARLY = sa.text("period_id IS NULL")


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=36), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _to(column: str, target: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def upgrade() -> None:
    _exchange()
    op.create_table(
        "exchange_attempt",
        _id(),
        _id("exchange_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("outcome"),
        _text("answer"),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(outcome) > 0", name=op.f("ck_exchange_attempt_says_how")),
        _to("exchange_id", "exchange", "exchange_attempt_row"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_attempt")),
    )
    op.create_index("exchange_attempt_by_row", "exchange_attempt", ["exchange_id", "id"])
    for statement in append_only("exchange_attempt", op.get_bind().dialect.name):
        op.execute(statement)
    _siasn_person()
    _copied_field()


def _exchange() -> None:
    checks = {
        "kind_known": "kind IN ('skp22', 'periodic')",
        "state_known": ("state IN ('waiting', 'sending', 'sent', 'confirmed', 'refused', 'dead')"),
        "of_a_period": "(kind = 'periodic') = (period_id IS NOT NULL)",
        "confirmed": "(state = 'confirmed') = (confirmed_at IS NOT NULL)",
        "says_why_it_stopped": "state NOT IN ('refused', 'dead') OR length(reason) > 0",
        "held_until": "state <> 'sending' OR free_at IS NOT NULL",
        "attempts": "attempts >= 0",
    }
    op.create_table(
        "exchange",
        _id(),
        _id("agency_id"),
        _id("person_id"),
        _id("cycle_id"),
        _id("period_id", nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        _text("key"),
        _id("batch_id"),
        _id("rating_id"),
        sa.Column("payload", JsonText(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Boolean(), nullable=False),
        sa.Column("free_at", UtcDateTime(), nullable=True),
        _id("approved_by"),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        _text("remote_id"),
        _text("reason"),
        _text("answer"),
        sa.Column("at", UtcDateTime(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_exchange_{name}"))
            for name, rule in checks.items()
        ),
        _to("agency_id", "agency", "exchange_agency"),
        _to("person_id", "person", "exchange_person"),
        _to("cycle_id", "cycle", "exchange_cycle"),
        _to("period_id", "period", "exchange_period"),
        _to("approved_by", "person", "exchange_approver"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
        sa.UniqueConstraint("key", name="exchange_key_once"),
    )
    op.create_index(
        "exchange_year_once",
        "exchange",
        ["person_id", "cycle_id"],
        unique=True,
        sqlite_where=_YEARLY,
        postgresql_where=_YEARLY,
    )
    op.create_index("exchange_period_once", "exchange", ["person_id", "period_id"], unique=True)
    op.create_index("exchange_due", "exchange", ["state", "free_at", "id"])
    op.create_index("exchange_by_batch", "exchange", ["batch_id", "state"])
    op.create_index("exchange_by_agency", "exchange", ["agency_id", "state", "id"])


def _siasn_person() -> None:
    op.create_table(
        "siasn_person",
        _id("person_id"),
        _id("agency_id"),
        _text("siasn_id"),
        *(sa.Column(name, JsonText(), nullable=False) for name in ("about", "annual", "periodic")),
        _text("fault"),
        sa.Column("wanted_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_siasn_person_attempts")),
        _to("person_id", "person", "siasn_person_person"),
        _to("agency_id", "agency", "siasn_person_agency"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_siasn_person")),
    )
    op.create_index("siasn_person_wanted", "siasn_person", ["wanted_at", "person_id"])


def _copied_field() -> None:
    op.create_table(
        "copied_field",
        _id("person_id"),
        _id("cycle_id"),
        sa.Column("entry", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=24), nullable=False),
        _text("text"),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "length(entry) > 0 AND length(field) > 0", name=op.f("ck_copied_field_names_it")
        ),
        _to("person_id", "person", "copied_field_person"),
        _to("cycle_id", "cycle", "copied_field_cycle"),
        sa.PrimaryKeyConstraint("person_id", "entry", "field", name=op.f("pk_copied_field")),
    )
    op.create_index("copied_field_by_cycle", "copied_field", ["person_id", "cycle_id"])


def downgrade() -> None:
    for statement in not_append_only("exchange_attempt", op.get_bind().dialect.name):
        op.execute(statement)
    for table in ("copied_field", "siasn_person", "exchange_attempt", "exchange"):
        op.drop_table(table)
