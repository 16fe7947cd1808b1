"""`Jobs` on DBOS Transact: our row stays the record of a job, DBOS carries it.

The row says what is to do, when it is due in business time, and under which fence; it is leased
as by the table's worker. What is leased runs as a DBOS workflow of this worker's slot, several at
once on PostgreSQL. A worker that comes back under its slot goes on with what it left, at once and
not after the lease; who stays away for good is adopted, or outlived by the lease.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Final

from engine.persistence.jobs import carrier as carriers
from engine.persistence.jobs.attending import Attendant, JobHandler, JobRules
from engine.persistence.jobs.carrier import WORKFLOW, Carrier, Held

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from engine.persistence.jobs.leases import Lease
    from engine.persistence.unit_of_work import UnitsOfWork

log = logging.getLogger("regu.jobs")

#: rows of one transaction of the sweep
CHUNK: Final = 500
_OPEN: Final = ["PENDING", "ENQUEUED"]
_LOOK_S: Final = 0.2
#: how long an adopter waits for something to move; DBOS looks every second
_PATIENCE_S: Final = 20.0


class Worker:
    """Runs due jobs of the kinds it has handlers for, as the table's worker does."""

    def __init__(
        self,
        units: UnitsOfWork,
        handlers: Mapping[str, JobHandler],
        *,
        slot: str = "",
        at_once: int = 1,
        rules: JobRules | None = None,
        retry_on: tuple[type[Exception], ...] = (Exception,),
    ) -> None:
        """`slot`: "" takes the first free one of this machine; `at_once`: jobs at one time."""
        self._database = units.database
        self._clock = units.clock
        self._attendant = Attendant(units, handlers, rules=rules, retry_on=retry_on)
        self._slot = slot
        # one writer at a time: more threads would only wait at the gate
        self._at_once = 1 if units.database.is_sqlite else at_once

    def begin(self) -> None:
        """Launch DBOS: what this slot left when it was killed goes on; `SlotTaken`."""
        self._hold()

    def run_once(self, limit: int = 20, stop: threading.Event | None = None) -> int:
        """Lease up to `limit` due jobs and run them; how many were taken.

        A stop is noticed between chunks; jobs not begun are given back.
        """
        if carriers.launched(self._database) is None and not self._attendant.anything():
            return 0  # nothing to launch for
        carrier = self._hold()
        with carrier.at_work():
            taken = self._attendant.lease(limit)
            if taken:
                with self._attendant.keeping(taken):
                    self._carry(carrier, taken, stop)
        return len(taken)

    def run_until_idle(self) -> int:
        """Run until no job is due and free; how many were run."""
        done = 0
        while taken := self.run_once():
            done += taken
        return done

    def run(self, stop: threading.Event) -> None:
        """Run due jobs until the event is set; a database that is gone ends it with its error."""
        self.begin()
        while not stop.is_set():
            if self.run_once(stop=stop) == 0:
                stop.wait(self._attendant.look_every_s)

    def adopt(self, stop: threading.Event) -> int:
        """Finish what this worker's slot left for good; how many jobs it held.

        `SlotTaken` while somebody works under it. What DBOS cannot begin, such as a row that was
        tampered with, is left to the lease.
        """
        carrier = self._hold()
        held = _open_runs(executor_id=carrier.slot.name)
        left, patience = held, _PATIENCE_S
        while left and patience > 0 and not stop.wait(_LOOK_S):
            now = _open_runs(workflow_ids=held)
            moves = carrier.is_busy or len(now) < len(left)
            left, patience = now, _PATIENCE_S if moves else patience - _LOOK_S
        if left and not stop.is_set():
            log.warning("DBOS does not begin %s; their jobs are free after their leases", left)
        return len(held) - len(left)

    def sweep(self, keep: timedelta, stop: threading.Event) -> int:
        """Delete records of runs older than that, until stopped; how many.

        Also those of slots that never came back: their jobs are long done by somebody else.
        """
        if carriers.launched(self._database) is None:
            return 0
        from dbos import DBOS  # noqa: PLC0415 - it is launched

        before = (self._clock.real_now() - keep).isoformat()
        deleted = 0
        while not stop.is_set():
            old = DBOS.list_workflows(
                end_time=before, limit=CHUNK, load_input=False, load_output=False
            )
            if old:
                DBOS.delete_workflows([workflow.workflow_id for workflow in old])
            deleted += len(old)
            if len(old) < CHUNK:
                break
        return deleted

    def _hold(self) -> Carrier:
        return carriers.hold(
            self._database, self._attendant, slot=self._slot, at_once=self._at_once
        )

    def _carry(
        self, carrier: Carrier, taken: Sequence[Lease], stop: threading.Event | None
    ) -> None:
        if self._at_once > 1 and len(taken) > 1:
            self._carry_together(carrier, taken, stop)
            return
        for lease in taken:
            carrier.carry(Held(self._attendant, lease, stop))

    def _carry_together(
        self, carrier: Carrier, taken: Sequence[Lease], stop: threading.Event | None
    ) -> None:
        """Some at once, in the order in which they are due; the first error leaves at the end."""
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="regu-job") as threads:
            runs = [
                threads.submit(
                    copy_context().run, carrier.carry, Held(self._attendant, lease, stop)
                )
                for lease in taken
            ]
        for run in runs:
            run.result()


def _open_runs(**wanted: Any) -> list[str]:
    """Names of the runs that have not ended."""
    from dbos import DBOS  # noqa: PLC0415 - it is launched

    found = DBOS.list_workflows(
        name=WORKFLOW, status=_OPEN, load_input=False, load_output=False, **wanted
    )
    return [run.workflow_id for run in found]
