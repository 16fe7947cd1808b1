"""`regu instances`: acts over the instances of a process, done here and now, each with a reason."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.operator import OPERATOR
from app.wiring import wire
from engine.usecases import batches, definition_acts
from engine.usecases.errors import Conflict, InputRefused, NotFound
from engine.usecases.ports.batches import BatchKind, BatchState, InstanceFilter
from engine.usecases.process_views import definitions

if TYPE_CHECKING:
    import argparse

    from app.settings import Settings
    from app.wiring import Wired
    from engine.usecases.actor import Actor
    from engine.usecases.ports.batches import BatchRow

_GOING: Final = frozenset({BatchState.CREATED, BatchState.ACTIVE})
#: between two looks at what another worker does
_PAUSE_S: Final = 0.2


def run(settings: Settings, given: argparse.Namespace) -> int:
    """Begin the act, work until it is done, and tell; 1 when some were left as they were."""
    wired = wire(settings)
    try:
        actor = replace(OPERATOR, agency_id=wired.agency_id(given.agency))
        key = _begin(wired, actor, given)
        row = _worked_off(wired, actor, key)
        print(f"{row.done} of {row.total} done, {row.failed} left as they were")
        for code, element, message, count in batches.batch_failures(wired.house, actor, key):
            print(f"  {count} x {code} {element}: {message}")
    except (Conflict, InputRefused, NotFound) as refused:
        print(refused, file=sys.stderr)
        return 1
    finally:
        wired.close()
    return 1 if row.failed or row.done < row.total else 0


def _worked_off(wired: Wired, actor: Actor, key: int) -> BatchRow:
    """The operation when it has ended or is held; a server's worker may have it in hand."""
    worker = wired.worker()
    while True:
        worker.drain()
        row = batches.batch(wired.house, actor, key)
        if row.state not in _GOING:
            return row
        time.sleep(_PAUSE_S)


def _begin(wired: Wired, actor: Actor, given: argparse.Namespace) -> int:
    wanted = InstanceFilter(agency_id=actor.agency_id, process_id=given.process)
    kind, plan = BatchKind(given.act), None
    if kind is BatchKind.MIGRATE:
        rows = definitions(wired.house, actor, process_id=given.process, latest=False)
        keys = {row.version: row.key for row in rows}
        target = given.target or max(keys, default=0)
        source = given.source or max((v for v in keys if v < target), default=0)
        if source not in keys or target not in keys:
            raise NotFound("two versions of", given.process)
        found = definition_acts.propose_plan(wired.house, actor, keys[source], keys[target])
        plan = found.plan
        kind = BatchKind.MIGRATION_CHECK if given.dry_run else kind
    command = batches.BeginBatch(kind=kind, wanted=wanted, reason=given.reason, plan=plan)
    return int(batches.begin_batch(wired.house, actor, command)["batchKey"])
