"""Several indicators per result, measured one by one; dated revisions of plans.

The upper end of a range stood in the words of its target ("..upper"); it has a column now.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.columns import DecimalText
from engine.persistence.tables.guards import GUARDS, create, drop
from engine.persistence.tables.planning_guards import PLANNING_GUARDS
from engine.persistence.types import ScaledDecimal, UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)
_STATES = ("draft", "submitted", "clarified", "fixed", "superseded")
_DIRECTIONS = ("higher", "lower", "range")
_FIXED = sa.text("status = 'fixed'")
_OPEN = sa.text("state IN ('writing', 'asked', 'refused', 'agreed')")


def upgrade() -> None:
    _plan()
    _plan_item()
    _indicator()
    _measurement()
    _plan_revision()
    dialect = op.get_bind().dialect.name
    for guard in PLANNING_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in PLANNING_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    op.drop_table("plan_revision")
    op.drop_table("measurement")
    _indicator_as_before()
    with op.batch_alter_table("plan_item") as table:
        table.drop_constraint(op.f("ck_plan_item_not_its_own_origin"), type_="check")
        table.drop_constraint("plan_item_origin", type_="foreignkey")
        table.drop_column("origin_item_id")
    _plan_as_before()


def _word(name: str, *words: str) -> sa.Enum:
    return sa.Enum(
        *words, name=f"{name}_known", native_enum=False, create_constraint=True, length=24
    )


def _known(table: str, column: str, words: tuple[str, ...]) -> tuple[str, str]:
    """Name and text of the check that knows the words of a column."""
    listed = ", ".join(f"'{word}'" for word in words)
    return op.f(f"ck_{table}_{column}_known"), f"{column} IN ({listed})"


def _plan() -> None:
    with op.batch_alter_table("plan") as table:
        table.add_column(
            sa.Column(
                "approach", sa.String(length=24), nullable=False, server_default="kuantitatif"
            )
        )
        table.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        table.drop_constraint(op.f("ck_plan_status_known"), type_="check")
        table.create_check_constraint(*_known("plan", "status", (*_STATES, "dropped")))
        table.create_check_constraint(*_known("plan", "approach", ("kuantitatif", "kualitatif")))
        table.create_check_constraint(
            op.f("ck_plan_dated"), "valid_from IS NULL OR status IN ('fixed', 'superseded')"
        )
    _plan_guard_again()
    op.execute(
        """UPDATE plan SET status = 'superseded' WHERE status = 'fixed' AND EXISTS (SELECT 1
        FROM plan n WHERE n.person_id = plan.person_id AND n.cycle_id = plan.cycle_id
        AND n.status = 'fixed' AND n.version > plan.version)"""
    )
    op.execute(
        """UPDATE plan SET valid_from = (SELECT c.starts_on FROM cycle c
        WHERE c.id = plan.cycle_id) WHERE status = 'superseded'"""
    )
    op.create_index(
        "plan_fixed_once",
        "plan",
        ["person_id", "cycle_id"],
        unique=True,
        sqlite_where=_FIXED,
        postgresql_where=_FIXED,
    )


def _plan_as_before() -> None:
    op.drop_index("plan_fixed_once", "plan")
    op.execute("UPDATE plan SET status = 'superseded' WHERE status = 'dropped'")
    with op.batch_alter_table("plan") as table:
        for check in ("dated", "approach_known", "status_known"):
            table.drop_constraint(op.f(f"ck_plan_{check}"), type_="check")
        table.create_check_constraint(*_known("plan", "status", _STATES))
        table.drop_column("valid_from")
        table.drop_column("approach")
    _plan_guard_again()


def _plan_guard_again() -> None:
    """SQLite made the table anew, without the trigger it had."""
    if op.get_bind().dialect.name == "sqlite":
        for guard in GUARDS:
            if guard.table == "plan":
                for statement in create(guard, "sqlite"):
                    op.execute(statement)


def _plan_item() -> None:
    with op.batch_alter_table("plan_item") as table:
        table.add_column(sa.Column("origin_item_id", _ID, nullable=True))
        table.create_foreign_key("plan_item_origin", "plan_item", ["origin_item_id"], ["id"])
        table.create_check_constraint(
            op.f("ck_plan_item_not_its_own_origin"), "origin_item_id <> id"
        )


def _indicator() -> None:
    with op.batch_alter_table("indicator") as table:
        table.add_column(sa.Column("lower", DecimalText(), nullable=True))
        table.add_column(sa.Column("upper", DecimalText(), nullable=True))
        table.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("weight", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("origin_indicator_id", _ID, nullable=True))
    op.execute(
        """UPDATE indicator SET lower = target, target = NULL, target_text = '',
        upper = CASE WHEN target_text LIKE '..%' THEN substr(target_text, 3) ELSE target END
        WHERE direction = 'range' AND target IS NOT NULL"""
    )
    op.execute(
        "UPDATE indicator SET direction = 'higher' WHERE direction = 'range' AND lower IS NULL"
    )
    words = (*_DIRECTIONS, "qualitative")
    with op.batch_alter_table("indicator") as table:
        table.create_foreign_key("indicator_origin", "indicator", ["origin_indicator_id"], ["id"])
        table.drop_constraint(op.f("ck_indicator_direction_known"), type_="check")
        table.create_check_constraint(*_known("indicator", "direction", words))
        table.create_check_constraint(op.f("ck_indicator_weight"), "weight >= 1 AND number >= 1")
        table.create_check_constraint(
            op.f("ck_indicator_range_ends"),
            "(direction = 'range') = (lower IS NOT NULL) AND (lower IS NULL) = (upper IS NULL)",
        )
        table.create_check_constraint(
            op.f("ck_indicator_target_is_a_number"),
            "target IS NULL OR direction IN ('higher', 'lower')",
        )
        table.create_check_constraint(
            op.f("ck_indicator_not_its_own_origin"), "origin_indicator_id <> id"
        )


def _indicator_as_before() -> None:
    checks = ("direction_known", "weight", "range_ends", "target_is_a_number")
    with op.batch_alter_table("indicator") as table:
        for check in (*checks, "not_its_own_origin"):
            table.drop_constraint(op.f(f"ck_indicator_{check}"), type_="check")
    op.execute(
        """UPDATE indicator SET target = lower, target_text = '..' || upper
        WHERE direction = 'range'"""
    )
    op.execute("UPDATE indicator SET direction = 'higher' WHERE direction = 'qualitative'")
    with op.batch_alter_table("indicator") as table:
        table.create_check_constraint(*_known("indicator", "direction", _DIRECTIONS))
        table.drop_constraint("indicator_origin", type_="foreignkey")
        for column in ("origin_indicator_id", "weight", "number", "upper", "lower"):
            table.drop_column(column)


def _measurement() -> None:
    op.create_table(
        "measurement",
        sa.Column("id", _ID, nullable=False),
        sa.Column("progress_id", _ID, nullable=False),
        sa.Column("indicator_id", _ID, nullable=False),
        sa.Column("actual", DecimalText(), nullable=True),
        sa.Column("actual_text", sa.Text(), nullable=False),
        sa.Column("level", _word("level", "di_atas", "sesuai", "di_bawah"), nullable=True),
        sa.Column("judged_by", _ID, nullable=True),
        sa.Column("attainment", ScaledDecimal(2), nullable=False),
        sa.CheckConstraint(
            "attainment BETWEEN 0 AND 12000", name=op.f("ck_measurement_attainment")
        ),
        sa.CheckConstraint(
            "(actual IS NULL) <> (level IS NULL)", name=op.f("ck_measurement_number_or_word")
        ),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name="measurement_indicator"),
        sa.ForeignKeyConstraint(["judged_by"], ["person.id"], name="measurement_judge"),
        sa.ForeignKeyConstraint(["progress_id"], ["progress.id"], name="measurement_progress"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
        sa.UniqueConstraint("progress_id", "indicator_id", name="measurement_once"),
    )
    op.create_index("measurement_by_indicator", "measurement", ["indicator_id"], unique=False)


def _plan_revision() -> None:
    op.create_table(
        "plan_revision",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("cycle_id", _ID, nullable=False),
        sa.Column("base_plan_id", _ID, nullable=False),
        sa.Column("plan_id", _ID, nullable=False),
        sa.Column("side", _word("side", "employee", "rater"), nullable=False),
        sa.Column("proposed_by", _ID, nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column(
            "state",
            _word("state", "writing", "asked", "refused", "agreed", "applied", "dropped"),
            nullable=False,
        ),
        sa.Column("employee_signed_at", UtcDateTime(), nullable=True),
        sa.Column("rater_signed_by", _ID, nullable=True),
        sa.Column("on_behalf_of", _ID, nullable=True),
        sa.Column("rater_signed_at", UtcDateTime(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("mediator_id", _ID, nullable=True),
        sa.Column("mediation", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        *_revision_rules(),
    )
    op.create_index(
        "revision_open_once",
        "plan_revision",
        ["person_id", "cycle_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _revision_rules() -> tuple[sa.Constraint, ...]:
    checks = {
        "of_another_version": "plan_id <> base_plan_id",
        "reasoned": "summary <> '' AND reason <> ''",
        "not_rated_by_oneself": "rater_signed_by <> person_id",
        "not_mediated_by_oneself": "mediator_id <> person_id",
        "not_mediated_by_rater": "mediator_id <> rater_signed_by",
        "agreed": "(state IN ('agreed', 'applied')) = (agreed_on IS NOT NULL)",
        "both_signed": "agreed_on IS NULL OR mediator_id IS NOT NULL"
        " OR (employee_signed_at IS NOT NULL AND rater_signed_by IS NOT NULL)",
        "forward_dated": "valid_from >= agreed_on",
    }
    people = {
        "person_id": "revision_person",
        "proposed_by": "revision_proposer",
        "rater_signed_by": "revision_rater",
        "on_behalf_of": "revision_behalf",
        "mediator_id": "revision_mediator",
    }
    return (
        *(
            sa.CheckConstraint(text, name=op.f(f"ck_plan_revision_{name}"))
            for name, text in checks.items()
        ),
        *(
            sa.ForeignKeyConstraint([column], ["person.id"], name=name)
            for column, name in people.items()
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycle.id"], name="revision_cycle"),
        sa.ForeignKeyConstraint(["base_plan_id"], ["plan.id"], name="revision_base"),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name="revision_plan"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_revision")),
        sa.UniqueConstraint("plan_id", name="revision_plan_once"),
    )
