"""Recorded changes of roles, snapshots of closed segments, interim ratings; all append-only."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from engine.domain.ratings import Level, Predikat
from engine.domain.segments import ChangeKind, LeaveKind
from engine.persistence.tables.columns import id_column, word
from engine.persistence.tables.guards import Guard
from engine.persistence.tables.metadata import metadata
from engine.persistence.types import ScaledDecimal, UtcDateTime


def _of(table: str, name: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", name=name)


role_change = sa.Table(
    "role_change",
    metadata,
    id_column(primary_key=True),
    id_column("person_id", _of("person", "role_change_person"), nullable=False),
    id_column("cycle_id", _of("cycle", "role_change_cycle"), nullable=False),
    word("kind", ChangeKind),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=True),
    word("leave_kind", LeaveKind, nullable=True),
    sa.Column("letter_no", sa.Text, nullable=False),
    id_column("closed_id", _of("appointment", "role_change_closed"), nullable=True),
    id_column("opened_id", _of("appointment", "role_change_opened"), nullable=True),
    id_column("membership_id", _of("membership", "role_change_membership"), nullable=True),
    id_column("rater_id", _of("person", "role_change_rater"), nullable=True),
    id_column("recorded_by", nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.CheckConstraint("ends_on >= starts_on", name="lasts"),
    sa.CheckConstraint("letter_no <> ''", name="letter"),
    sa.CheckConstraint("(kind = 'cuti') = (leave_kind IS NOT NULL)", name="leave_kind"),
    sa.CheckConstraint("recorded_by <> person_id", name="not_by_oneself"),
    sa.CheckConstraint("rater_id <> person_id", name="not_own_rater"),
    sa.Index("role_change_by_person", "person_id", "starts_on"),
    sa.Index("role_change_by_cycle", "cycle_id", "kind"),
    sa.Index("role_change_by_rater", "rater_id"),
)

segment_snapshot = sa.Table(
    "segment_snapshot",
    metadata,
    id_column(primary_key=True),
    id_column("person_id", _of("person", "segment_snapshot_person"), nullable=False),
    id_column("cycle_id", _of("cycle", "segment_snapshot_cycle"), nullable=False),
    id_column("change_id", _of("role_change", "segment_snapshot_change"), nullable=False),
    id_column("source_id", nullable=False),
    id_column("unit_id", _of("unit", "segment_snapshot_unit"), nullable=True),
    id_column("rater_id", _of("person", "segment_snapshot_rater"), nullable=True),
    sa.Column("starts_on", sa.Date, nullable=False),
    sa.Column("ends_on", sa.Date, nullable=False),
    id_column("plan_id", _of("plan", "segment_snapshot_plan"), nullable=True),
    sa.Column("attainment", ScaledDecimal(2), nullable=True),
    sa.Column("documented_items", sa.Integer, nullable=False),
    sa.Column("items", sa.Integer, nullable=False),
    sa.Column("evidence", sa.Integer, nullable=False),
    sa.Column("verified_evidence", sa.Integer, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.UniqueConstraint("change_id", name="segment_snapshot_once"),
    sa.CheckConstraint("ends_on >= starts_on", name="lasts"),
    sa.CheckConstraint("rater_id <> person_id", name="not_own_rater"),
    sa.CheckConstraint("length(digest) = 64", name="digested"),
    sa.Index("segment_snapshot_by_person", "person_id", "cycle_id", "ends_on"),
    sa.Index("segment_snapshot_by_rater", "rater_id"),
)

segment_rating = sa.Table(
    "segment_rating",
    metadata,
    id_column(primary_key=True),
    id_column("snapshot_id", _of("segment_snapshot", "segment_rating_snapshot"), nullable=False),
    id_column("rater_id", _of("person", "segment_rating_rater"), nullable=False),
    id_column("on_behalf_of", _of("person", "segment_rating_behalf"), nullable=True),
    word("result_level", Level),
    word("behaviour_level", Level),
    word("predikat", Predikat),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("snapshot_id", name="segment_rating_once"),
)

#: two substitutions that share a day; {a} and {b} are their rows
_SHARE = """({a}.valid_to IS NULL OR {b}.valid_from < {a}.valid_to)
        AND ({b}.valid_to IS NULL OR {a}.valid_from < {b}.valid_to)"""
_DOWN = "s.absent_id = NEW.substitute_id AND " + _SHARE.format(a="s", b="NEW")
_UP = "u.substitute_id = NEW.absent_id AND " + _SHARE.format(a="u", b="NEW")

#: guards that came with revision 0019
SEGMENT_GUARDS: Final = (
    # nobody rates his own elapsed part, by his own name or another's
    Guard(
        "segment_rating_not_own",
        "segment_rating",
        "INSERT",
        """EXISTS (SELECT 1 FROM segment_snapshot p WHERE p.id = NEW.snapshot_id
        AND (p.person_id = NEW.rater_id OR p.person_id = NEW.on_behalf_of))""",
    ),
    # a letter covers one of the known acts, or all
    Guard(
        "substitution_scope",
        "substitution",
        "INSERT",
        "NEW.scope NOT IN ('all', 'rate', 'attest', 'consent')",
    ),
    # two people never stand in for each other
    Guard(
        "substitution_circle",
        "substitution",
        "INSERT",
        "EXISTS (SELECT 1 FROM substitution s "  # noqa: S608 - constants of this file
        f"WHERE s.substitute_id = NEW.absent_id AND {_DOWN})",
    ),
    # C for B for A, and no further
    Guard(
        "substitution_chain",
        "substitution",
        "INSERT",
        f"""EXISTS (SELECT 1 FROM substitution s JOIN substitution u ON {_UP} WHERE {_DOWN})
        OR EXISTS (SELECT 1 FROM substitution s JOIN substitution t
        ON t.absent_id = s.substitute_id AND {_SHARE.format(a="t", b="NEW")}
        AND {_SHARE.format(a="t", b="s")} WHERE {_DOWN})
        OR EXISTS (SELECT 1 FROM substitution u JOIN substitution t
        ON t.substitute_id = u.absent_id AND {_SHARE.format(a="t", b="NEW")}
        AND {_SHARE.format(a="t", b="u")} WHERE {_UP})""",  # noqa: S608 - constants of this file
    ),
    # home segments do not overlap: one definitive post at a time
    Guard(
        "appointment_one_home",
        "appointment",
        "INSERT",
        f"""NEW.kind = 'definitive' AND EXISTS (SELECT 1 FROM appointment a
        WHERE a.person_id = NEW.person_id AND a.kind = 'definitive' AND a.id <> NEW.id
        AND {_SHARE.format(a="a", b="NEW")})""",  # noqa: S608 - constants of this file
    ),
)

#: tables whose rows nobody changes
APPEND_ONLY: Final = ("role_change", "segment_snapshot", "segment_rating")
