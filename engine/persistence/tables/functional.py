"""Functional levels of people, credit by month, papers of credit; what is issued stays."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from engine.domain.credit_doubts import DoubtReason
from engine.domain.credit_papers import PaperKind
from engine.domain.functional import Employment, FunctionalLevel
from engine.domain.ratings import Predikat
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import JsonText, ScaledDecimal, UtcDateTime

#: decimals of coefficients and of points that were brought
SCALE: Final = 4
_LIVE: Final = sa.text("cancelled_at IS NULL")


def _of(table: str, name: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", name=name)


#: append-only: a mistake is mended by a newer row of the same day
functional_standing = sa.Table(
    "functional_standing",
    metadata,
    id_column(primary_key=True),
    id_column("person_id", _of("person", "functional_standing_person"), nullable=False),
    word("employment", Employment),
    word("level", FunctionalLevel, nullable=True),
    sa.Column("grade", sa.String(8), nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("brought", ScaledDecimal(SCALE), nullable=True),
    sa.Column("contract_until", sa.Date, nullable=True),
    sa.Column("letter_no", sa.Text, nullable=False),
    sa.Column("recorded_by", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("recorded_by <> person_id", name="not_by_oneself"),
    sa.CheckConstraint("brought >= 0", name="brought"),
    sa.CheckConstraint("(employment = 'pppk') = (contract_until IS NOT NULL)", name="contract"),
    sa.CheckConstraint("contract_until >= valid_from", name="lasts"),
    sa.CheckConstraint(
        "brought IS NULL OR (employment = 'pns' AND level IS NOT NULL)", name="credit_kept"
    ),
    sa.Index("functional_standing_by_person", "person_id", "valid_from", "at"),
)

credit_paper = sa.Table(
    "credit_paper",
    metadata,
    id_column(primary_key=True),
    word("kind", PaperKind),
    sa.Column("code", sa.String(12), nullable=False),
    id_column("person_id", _of("person", "credit_paper_person"), nullable=False),
    id_column("agency_id", _of("agency", "credit_paper_agency"), nullable=False),
    id_column("cycle_id", _of("cycle", "credit_paper_cycle"), nullable=True),
    id_column("rating_id", _of("rating", "credit_paper_rating"), nullable=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("month", sa.Integer, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("content", JsonText, nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("issued_by", sa.Text, nullable=False),
    sa.Column("issued_at", UtcDateTime, nullable=False),
    sa.Column("cancelled_at", UtcDateTime, nullable=True),
    sa.Column("cancelled_by", sa.Text, nullable=True),
    sa.Column("cancel_reason", sa.Text, nullable=False),
    sa.Column(
        "proposed_by",
        sa.Text,
        sa.CheckConstraint("proposed_by <> issued_by", name="two_hands"),
        nullable=True,
    ),
    sa.UniqueConstraint("code", name="credit_paper_code_once"),
    sa.CheckConstraint("month BETWEEN 1 AND 12", name="month"),
    sa.CheckConstraint("length(content_hash) = 64", name="hashed"),
    sa.CheckConstraint("issued_by <> person_id", name="not_by_oneself"),
    sa.CheckConstraint("cancelled_by <> person_id", name="not_cancelled_by_oneself"),
    sa.CheckConstraint(
        "(kind = 'conversion') = (rating_id IS NOT NULL AND cycle_id IS NOT NULL)",
        name="converts_a_rating",
    ),
    sa.CheckConstraint("kind <> 'pak' OR length(number) > 0", name="numbered"),
    sa.CheckConstraint(
        "(cancelled_at IS NULL) = (cancelled_by IS NULL)"
        " AND (cancelled_at IS NULL) = (length(cancel_reason) = 0)",
        name="cancelled_with_reason",
    ),
    sa.Index(
        "credit_paper_once",
        "kind",
        "person_id",
        "year",
        "month",
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    ),
    sa.Index("credit_paper_by_person", "person_id", "issued_at"),
    sa.Index("credit_paper_by_rating", "rating_id"),
)

credit_month = sa.Table(
    "credit_month",
    metadata,
    id_column(primary_key=True),
    id_column("paper_id", _of("credit_paper", "credit_month_paper"), nullable=False),
    id_column("person_id", _of("person", "credit_month_person"), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("month", sa.Integer, nullable=False),
    word("level", FunctionalLevel),
    sa.Column("coefficient", ScaledDecimal(SCALE), nullable=False),
    sa.Column("percent", sa.Integer, nullable=False),
    word("predikat", Predikat),
    sa.Column("cancelled_at", UtcDateTime, nullable=True),
    sa.CheckConstraint("month BETWEEN 1 AND 12", name="month"),
    sa.CheckConstraint("coefficient > 0 AND percent BETWEEN 0 AND 1000", name="counts"),
    sa.Index(
        "credit_month_once",
        "person_id",
        "year",
        "month",
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    ),
    sa.Index("credit_month_by_paper", "paper_id"),
)

#: append-only: conversions that a PAK adds up
pak_source = sa.Table(
    "pak_source",
    metadata,
    id_column("pak_id", _of("credit_paper", "pak_source_pak"), primary_key=True),
    id_column("conversion_id", _of("credit_paper", "pak_source_conversion"), primary_key=True),
    sa.Index("pak_source_by_conversion", "conversion_id"),
)

#: append-only: what changed after a paper was issued
paper_flag = sa.Table(
    "paper_flag",
    metadata,
    id_column(primary_key=True),
    id_column("paper_id", _of("credit_paper", "paper_flag_paper"), nullable=False),
    id_column("rating_id", _of("rating", "paper_flag_rating"), nullable=True),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    word("reason", DoubtReason),
    sa.UniqueConstraint("paper_id", "rating_id", name="paper_flag_once"),
    sa.CheckConstraint("rating_id IS NULL OR reason = 'predikat'", name="rating_of_predikat"),
)

#: tables whose rows nobody changes
APPEND_ONLY: Final = ("functional_standing", "pak_source", "paper_flag")

_SAME_PAPER: Final = " OR ".join(
    f"NEW.{name} <> OLD.{name}"
    for name in (
        *("id", "kind", "code", "person_id", "agency_id", "year", "month", "number", "content"),
        *("content_hash", "issued_by", "issued_at"),
    )
)
_SAME_MONTH: Final = " OR ".join(
    f"NEW.{name} <> OLD.{name}"
    for name in (
        *("id", "paper_id", "person_id", "year", "month"),
        *("level", "coefficient", "percent", "predikat"),
    )
)

#: guards that came with this room's revision
FUNCTIONAL_GUARDS: Final = (
    # a paper is cancelled once, and nothing else of it ever changes
    Guard(
        "credit_paper_kept",
        "credit_paper",
        "UPDATE",
        f"""OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL OR {_SAME_PAPER}
        OR COALESCE(NEW.rating_id, '') <> COALESCE(OLD.rating_id, '')
        OR COALESCE(NEW.cycle_id, '') <> COALESCE(OLD.cycle_id, '')""",
    ),
    Guard("credit_paper_stays", "credit_paper", "DELETE", "1 = 1"),
    Guard("credit_paper_born_live", "credit_paper", "INSERT", "NEW.cancelled_at IS NOT NULL"),
    # a conversion goes after the PAK that adds it up
    Guard(
        "credit_paper_cited",
        "credit_paper",
        "UPDATE",
        """EXISTS (SELECT 1 FROM pak_source s JOIN credit_paper p ON p.id = s.pak_id
        WHERE s.conversion_id = NEW.id AND p.cancelled_at IS NULL)""",
    ),
    # a month ends with its conversion
    Guard(
        "credit_month_kept",
        "credit_month",
        "UPDATE",
        f"""OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL OR {_SAME_MONTH}
        OR NOT EXISTS (SELECT 1 FROM credit_paper p WHERE p.id = NEW.paper_id
        AND p.cancelled_at IS NOT NULL)""",  # noqa: S608 - constants of this file
    ),
    Guard("credit_month_stays", "credit_month", "DELETE", "1 = 1"),
    # months are those of a live conversion of the same person
    Guard(
        "credit_month_own",
        "credit_month",
        "INSERT",
        """NEW.cancelled_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM credit_paper p
        WHERE p.id = NEW.paper_id AND p.person_id = NEW.person_id AND p.kind = 'conversion'
        AND p.cancelled_at IS NULL)""",
    ),
    # a PAK adds up live conversions of its own person
    Guard(
        "pak_source_own",
        "pak_source",
        "INSERT",
        """NOT EXISTS (SELECT 1 FROM credit_paper p
        JOIN credit_paper k ON k.person_id = p.person_id
        WHERE p.id = NEW.pak_id AND p.kind = 'pak' AND k.id = NEW.conversion_id
        AND k.kind = 'conversion' AND k.cancelled_at IS NULL)""",
    ),
)

#: guards that came when a PAK got two hands; papers from before have none
HAND_GUARDS: Final = (
    Guard(
        "credit_paper_proposed",
        "credit_paper",
        "INSERT",
        "(NEW.kind = 'pak') <> (NEW.proposed_by IS NOT NULL)",
    ),
    Guard(
        "credit_paper_hands_kept",
        "credit_paper",
        "UPDATE",
        "COALESCE(NEW.proposed_by, '') <> COALESCE(OLD.proposed_by, '')",
    ),
)

#: guards that came with the reasons of a flag: the newest one of a reason is not said again
DOUBT_GUARDS: Final = (
    Guard(
        "paper_flag_news",
        "paper_flag",
        "INSERT",
        """EXISTS (SELECT 1 FROM paper_flag f WHERE f.paper_id = NEW.paper_id
        AND f.reason = NEW.reason AND f.after = NEW.after AND NOT EXISTS (SELECT 1
        FROM paper_flag g WHERE g.paper_id = f.paper_id AND g.reason = f.reason
        AND (g.at > f.at OR (g.at = f.at AND g.id > f.id))))""",
    ),
)

_ITS_PAK: Final = """EXISTS (SELECT 1 FROM credit_paper p WHERE p.kind = 'pak'
        AND p.person_id = NEW.person_id AND p.year = NEW.year AND p.month = NEW.month
        AND p.cancelled_at IS NULL)"""

#: guards that came with the accumulation: it begins and ends with its PAK
ACCUMULATION_GUARDS: Final = (
    Guard(
        "credit_paper_beside_pak",
        "credit_paper",
        "INSERT",
        f"NEW.kind = 'accumulation' AND NOT {_ITS_PAK}",
    ),
    Guard(
        "credit_paper_ends_with_pak",
        "credit_paper",
        "UPDATE",
        f"NEW.kind = 'accumulation' AND {_ITS_PAK}",
    ),
)
