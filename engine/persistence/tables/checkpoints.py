"""The log over all audit streams: its leaves, roots of its full blocks, signed checkpoints.

Nothing of it is written by a command: the sequencer finds entries without a leaf by the index
that the reader of the log has anyway (`ix_audit_at`), so a completion pays neither a statement
nor a byte for it.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from engine.persistence.tables.metadata import key_column, metadata
from engine.persistence.types import UtcDateTime

#: which entry stands where in the log; `hash` is the entry's own
audit_leaf = sa.Table(
    "audit_leaf",
    metadata,
    key_column("log_index"),
    sa.Column("stream", sa.Text, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("stream", "seq", name="audit_leaf_entry_once"),
    sa.CheckConstraint("log_index >= 0", name="from_zero"),
    sa.CheckConstraint("length(hash) = 32", name="hashed"),
)

#: roots of full aligned blocks of leaves, so that a proof reads one block and not the whole log
audit_block = sa.Table(
    "audit_block",
    metadata,
    key_column("number"),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("length(root) = 32", name="hashed"),
)

audit_checkpoint = sa.Table(
    "audit_checkpoint",
    metadata,
    #: how many leaves it covers
    key_column("size"),
    sa.Column("root", sa.LargeBinary, nullable=False),
    #: roots of the perfect subtrees, largest first: where the next batch goes on
    sa.Column("nodes", sa.LargeBinary, nullable=False),
    #: real time
    sa.Column("at", UtcDateTime, nullable=False),
    #: latest business time of an entry that it covers: where the search goes on
    sa.Column("reached_at", UtcDateTime, nullable=False),
    #: signed note (C2SP): origin, size, root, signature
    sa.Column("note", sa.Text, nullable=False),
    sa.CheckConstraint("size > 0", name="not_empty"),
    sa.CheckConstraint("length(root) = 32", name="hashed"),
    sa.CheckConstraint("length(note) > 0", name="signed"),
)

#: in the order in which they are made
APPEND_ONLY: Final = ("audit_leaf", "audit_block", "audit_checkpoint")
