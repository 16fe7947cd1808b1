"""Early warnings of the forecast: figures that stay, and what people said to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.persistence.tables.forecasts import FORECAST_GUARDS
from engine.persistence.tables.guards import create, drop
from engine.persistence.types import UtcDateTime

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_ID = sa.String(length=36)
_FIGURES = ("last", "expected", "low", "high")
_WORDS = {
    "aspect": "'kuantitas', 'kualitas', 'waktu', 'biaya'",
    "driver": "'trend', 'return', 'silence', 'season', 'limit'",
    "need": "'nothing', 'training', 'coaching', 'means', 'target', 'record'",
    "competency": "'integritas', 'kerja_sama', 'komunikasi', 'orientasi_hasil',"
    " 'pelayanan_publik', 'pengembangan_diri', 'mengelola_perubahan',"
    " 'pengambilan_keputusan', 'perekat_bangsa', 'teknis'",
    "offer": "'coaching', 'talk', 'training', 'means', 'nothing'",
}
_NEEDED = ("aspect", "driver")
_TO = {
    "agency_id": "agency",
    "person_id": "person",
    "cycle_id": "cycle",
    "indicator_id": "indicator",
    "period_id": "period",
    "offered_by": "person",
}
_CHECKS = {
    "interval": "0 <= low AND low <= expected AND expected <= high AND high <= 12000",
    "seen_before_said": "need IS NULL OR seen_at IS NOT NULL",
    "competency_to_train": "competency IS NULL OR need = 'training'",
    "offered_by_somebody": "(offer IS NULL) = (offered_by IS NULL)",
    "not_offered_to_oneself": "offered_by <> person_id",
}


def upgrade() -> None:
    checks = _CHECKS | {f"{name}_known": f"{name} IN ({known})" for name, known in _WORDS.items()}
    op.create_table(
        "early_warning",
        sa.Column("id", _ID, nullable=False),
        *(sa.Column(name, _ID, nullable=name == "offered_by") for name in _TO),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _FIGURES),
        *(sa.Column(n, sa.String(length=24), nullable=n not in _NEEDED) for n in _WORDS),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("offer_words", sa.Text(), nullable=False),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_early_warning_{name}"))
            for name, rule in checks.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{table}.id"], name=f"early_warning_{name.removesuffix('_id')}"
            )
            for name, table in _TO.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_early_warning")),
        sa.UniqueConstraint("indicator_id", "period_id", name="early_warning_once"),
    )
    op.create_index("early_warning_by_cycle", "early_warning", ["cycle_id", "person_id"])
    dialect = op.get_bind().dialect.name
    for guard in FORECAST_GUARDS:
        for statement in create(guard, dialect):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for guard in FORECAST_GUARDS:
        for statement in drop(guard, dialect):
            op.execute(statement)
    op.drop_table("early_warning")
