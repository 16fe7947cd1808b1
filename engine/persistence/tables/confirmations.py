"""Words of agencies on rows of decision tables that were written from memory."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from engine.persistence.tables.columns import id_column
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import UtcDateTime


def _person(name: str, key: str) -> sa.Column[str]:
    return id_column(name, sa.ForeignKey("person.id", name=key), nullable=False)


rule_confirmation = sa.Table(
    "rule_confirmation",
    metadata,
    id_column(primary_key=True),
    id_column(
        "agency_id", sa.ForeignKey("agency.id", name="rule_confirmation_agency"), nullable=False
    ),
    sa.Column("decision_id", sa.Text, nullable=False),
    sa.Column("rule_id", sa.Text, nullable=False),
    sa.Column("rule_hash", sa.String(64), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("page", sa.Text, nullable=False),
    _person("proposed_by", "rule_confirmation_proposer"),
    _person("confirmed_by", "rule_confirmation_confirmer"),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint(
        *("agency_id", "decision_id", "rule_id", "rule_hash", "number"),
        name="rule_confirmation_number_once",
    ),
    sa.CheckConstraint("proposed_by <> confirmed_by", name="four_eyes"),
    sa.CheckConstraint(
        "withdrawn OR (length(document) > 0 AND length(page) > 0)", name="shows_its_page"
    ),
    sa.CheckConstraint("length(rule_hash) = 64", name="hashed"),
    sa.CheckConstraint("number > 0", name="number"),
)

_BEFORE: Final = """SELECT 1 FROM rule_confirmation b WHERE b.agency_id = NEW.agency_id
        AND b.decision_id = NEW.decision_id AND b.rule_id = NEW.rule_id
        AND b.rule_hash = NEW.rule_hash AND b.number = NEW.number - 1"""

#: guards that came with revision 0022
CONFIRMATION_GUARDS: Final = (
    # words follow one another: confirmed, withdrawn, confirmed again
    Guard(
        "rule_confirmation_in_turn",
        "rule_confirmation",
        "INSERT",
        f"""(NEW.number = 1 AND NEW.withdrawn) OR (NEW.number > 1 AND NOT EXISTS (
        {_BEFORE} AND b.withdrawn <> NEW.withdrawn))""",
    ),
    Guard(
        "rule_confirmation_inside",
        "rule_confirmation",
        "INSERT",
        """EXISTS (SELECT 1 FROM person p WHERE p.id IN (NEW.proposed_by, NEW.confirmed_by)
        AND p.agency_id <> NEW.agency_id)""",
    ),
)
APPEND_ONLY: Final = ("rule_confirmation",)
