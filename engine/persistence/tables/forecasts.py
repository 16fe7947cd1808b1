"""Early warnings: figures that never change, and what people said to them."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from engine.domain.coaching import Competency
from engine.domain.forecasts import DriverKind, Need, Offer
from engine.domain.indicators import Aspect
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import ScaledDecimal, UtcDateTime


def _to(name: str, *, nullable: bool = False) -> sa.Column[str]:
    target = "person" if name == "offered_by" else name.removesuffix("_id")
    key = sa.ForeignKey(f"{target}.id", name=f"early_warning_{name.removesuffix('_id')}")
    return id_column(name, key, nullable=nullable)


early_warning = sa.Table(
    "early_warning",
    metadata,
    id_column(primary_key=True),
    _to("agency_id"),
    _to("person_id"),
    _to("cycle_id"),
    _to("indicator_id"),
    _to("period_id"),
    word("aspect", Aspect),
    sa.Column("last", ScaledDecimal(2), nullable=False),
    sa.Column("expected", ScaledDecimal(2), nullable=False),
    sa.Column("low", ScaledDecimal(2), nullable=False),
    sa.Column("high", ScaledDecimal(2), nullable=False),
    word("driver", DriverKind),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("opens_at", UtcDateTime, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=True),
    word("need", Need, nullable=True),
    word("competency", Competency, nullable=True),
    sa.Column("words", sa.Text, nullable=False),
    _to("offered_by", nullable=True),
    word("offer", Offer, nullable=True),
    sa.Column("offer_words", sa.Text, nullable=False),
    sa.UniqueConstraint("indicator_id", "period_id", name="early_warning_once"),
    sa.CheckConstraint(
        "0 <= low AND low <= expected AND expected <= high AND high <= 12000", name="interval"
    ),
    sa.CheckConstraint("need IS NULL OR seen_at IS NOT NULL", name="seen_before_said"),
    sa.CheckConstraint("competency IS NULL OR need = 'training'", name="competency_to_train"),
    sa.CheckConstraint("(offer IS NULL) = (offered_by IS NULL)", name="offered_by_somebody"),
    sa.CheckConstraint("offered_by <> person_id", name="not_offered_to_oneself"),
    sa.Index("early_warning_by_cycle", "cycle_id", "person_id"),
)

FORECAST_GUARDS: Final = (
    # what was forecast stays as it was told; only what people say to it is added
    Guard(
        "early_warning_figures_kept",
        "early_warning",
        "UPDATE",
        """NEW.indicator_id <> OLD.indicator_id OR NEW.person_id <> OLD.person_id
        OR NEW.last <> OLD.last OR NEW.expected <> OLD.expected OR NEW.low <> OLD.low
        OR NEW.high <> OLD.high OR NEW.at <> OLD.at OR NEW.opens_at > OLD.opens_at
        OR (OLD.seen_at IS NOT NULL AND (NEW.seen_at IS NULL OR NEW.seen_at <> OLD.seen_at))""",
    ),
    Guard("early_warning_not_deleted", "early_warning", "DELETE", "1 = 1"),
)
