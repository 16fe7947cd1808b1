"""Guarded acts, verification of evidence, samples for audit, peer reviews, overrides."""

from __future__ import annotations

import sqlalchemy as sa

from engine.domain.protection import LoweringKind
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
