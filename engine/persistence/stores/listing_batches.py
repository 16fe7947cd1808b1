"""Lists of acts over many instances and of what became of each."""

from __future__ import annotations

import sqlalchemy as sa

from engine.persistence.stores.listing_source import Source
from engine.persistence.tables.batches import batch_item, batch_operation

_B, _I = batch_operation.c, batch_item.c


def _state() -> sa.ColumnElement[str]:
    """What ended with some failures is told apart from what ended without."""
    state = sa.cast(_B.state, sa.Text)
    partly = sa.and_(_B.state == "completed", _B.failed > 0)
    return sa.case((partly, sa.literal("partly")), else_=state)


def _batches() -> Source:
    plain = ("key", "actor", "total", "done", "failed", "started_at", "ended_at")
    return Source(
        rows=batch_operation,
        key=_B.key,
        agency=_B.agency_id,
        columns={
            **{name: _B[name] for name in plain},
            "kind": sa.cast(_B.kind, sa.Text),
            "state": _state(),
        },
    )


def _items() -> Source:
    return Source(
        rows=batch_item.join(batch_operation, _B.key == _I.batch_key),
        key=_I.instance_key,
        agency=_B.agency_id,
        columns={
            "key": _I.instance_key,
            "batch_key": _I.batch_key,
            "kind": sa.cast(_B.kind, sa.Text),
            "state": sa.cast(_I.state, sa.Text),
            "message": _I.message,
            "at": _I.at,
        },
    )


BATCH_OPERATIONS = _batches()
BATCH_ITEMS = _items()
