"""Tables around a command: idempotency, audit, jobs, outbox, beats, clock, node numbers."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.tables.metadata import key_column, metadata
from engine.persistence.types import JsonText, UtcDateTime

_WAITING = sa.text("state = 'waiting'")

#: the row is claimed when a command begins and filled with its answer when it ends
idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("principal", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("body_hash", sa.Text, nullable=False),
    sa.Column("answer", JsonText),
    sa.Column("at", UtcDateTime),
    sqlite_with_rowid=False,
)

#: append-only by trigger; `hash` covers every column and the hash of the entry before
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("on_behalf_of", sa.Text),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("prev_hash", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.CheckConstraint("seq > 0", name="seq"),
    #: the reader of the log goes back in time over all streams
    sa.Index("ix_audit_at", "at", "stream", "seq"),
    sqlite_with_rowid=False,
)

#: last entry of every stream that is not an instance's (those keep it in their own row)
audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("stream", sa.Text, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

background_job = sa.Table(
    "background_job",
    metadata,
    key_column("id"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("args", JsonText, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    #: business time from which it may run
    sa.Column("due_at", UtcDateTime, nullable=False),
    #: real time from which a worker may take it: end of a lease or of a back-off
    sa.Column("available_at", UtcDateTime, nullable=False),
    #: fencing token: grows with each lease; an effect commits only under the newest
    sa.Column("fence", sa.Integer, nullable=False),
    #: leases since the last progress
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", sa.Text),
    #: it was enqueued again while it ran: run once more, with these
    sa.Column("again", sa.Boolean, nullable=False),
    sa.Column("again_args", JsonText),
    sa.Column("again_due_at", UtcDateTime),
    sa.Column("enqueued_at", UtcDateTime, nullable=False),
    #: number of the request that caused it, for the log; None: a timer or the house itself
    sa.Column("reference", sa.Text),
    sa.CheckConstraint("state IN ('waiting', 'dead')", name="state"),
    sa.Index(
        "uq_background_job_waiting",
        "kind",
        "key",
        unique=True,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    sa.Index(
        "ix_background_job_due", "due_at", "id", sqlite_where=_WAITING, postgresql_where=_WAITING
    ),
)

outbox = sa.Table(
    "outbox",
    metadata,
    key_column("id"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("payload", JsonText, nullable=False),
    sa.Column("put_at", UtcDateTime, nullable=False),
    #: when it left, or was found to need no leaving; None while it waits
    sa.Column("sent_at", UtcDateTime),
    #: how it ended: an `Outcome` of the port
    sa.Column("outcome", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
    #: real time from which a sender may take it: end of a claim or of a back-off
    sa.Column("free_at", UtcDateTime),
    #: what the last attempt met
    sa.Column("error", sa.Text),
    #: the one person it is for; None: a group
    sa.Column("recipient_id", sa.Text),
    #: business time before which it must not leave: a digest's moment, the end of quiet hours
    sa.Column("due_at", UtcDateTime),
    sa.Index(
        "ix_outbox_recipient",
        "recipient_id",
        "id",
        sqlite_where=sa.text("sent_at IS NULL AND recipient_id IS NOT NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND recipient_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_outbox_waiting",
        "kind",
        "id",
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    ),
)

#: one row for each running process: that it lives, writes, and has a worker
process_beat = sa.Table(
    "process_beat",
    metadata,
    key_column("id"),
    #: the command that runs: serve or worker
    sa.Column("role", sa.Text, nullable=False),
    #: machine and number of the process, for whoever looks after it
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("process", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    #: whether its worker's thread runs
    sa.Column("works", sa.Boolean, nullable=False),
    #: real times
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
)

#: one row: the moment business time stands at in a rehearsal
clock = sa.Table(
    "clock",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("pinned_at", UtcDateTime),
    sa.CheckConstraint("id = 1", name="single"),
)

#: one row: the node number that the next process takes for its keys
node_counter = sa.Table(
    "node_counter",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("next_node", sa.BigInteger, nullable=False),
    sa.CheckConstraint("id = 1", name="single"),
)
