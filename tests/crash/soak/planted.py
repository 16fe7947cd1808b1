"""Bugs that a soak must see; their windows are wide, so that a short storm hits them."""

from __future__ import annotations

import threading
import time

from engine.persistence.jobs import leases
from engine.persistence.jobs.attending import Attendant
from engine.persistence.jobs.queue import SqlJobs
from engine.persistence.stores.idempotency import SqlIdempotencyStore
from engine.persistence.stores.process import SqlProcessStore
from engine.persistence.unit_of_work import SqlUnitOfWork

WINDOW_S = 0.03
#: a job takes about as long; who is killed while he works is killed in here every other time
JOB_WINDOW_S = 0.3


def forgetful():
    """No idempotency: an answer that was lost on its way is followed by a second effect."""
    commit = SqlUnitOfWork.commit

    def slow(self):
        commit(self)
        if "idempotency" in vars(self):
            time.sleep(WINDOW_S)

    SqlUnitOfWork.commit = slow
    SqlIdempotencyStore.recall = lambda *_: None
    SqlIdempotencyStore.remember = lambda *_: None


def effect_early():
    """A job whose effect is committed before its end, and whose handler knows no effect again.

    It forgets once for each job that is begun again, no oftener: an effect that is always new
    would start itself for ever, killed or not.
    """
    forgets, known = threading.local(), SqlProcessStore.mark_delivered

    def chunk(self, lease):
        forgets.once = lease.attempts > 1
        with self._units.writing() as uow:
            self._handlers[lease.kind](uow, lease.args)
            uow.commit()
        time.sleep(JOB_WINDOW_S)
        with self._units.writing() as uow:
            leases.end(uow.connection, lease)
            uow.commit()

    def delivered(self, *message):
        if known(self, *message):
            return True
        forgotten, forgets.once = getattr(forgets, "once", False), False
        return forgotten

    Attendant._chunk = chunk
    SqlProcessStore.mark_delivered = delivered


def job_late():
    """A job that is enqueued after the commit of what causes it."""
    commit = SqlUnitOfWork.commit

    def late(self):
        kept = self.jobs._waiting
        self.jobs._waiting = []
        commit(self)
        if kept:
            time.sleep(WINDOW_S)
            with self._units.writing() as uow:
                uow.jobs._waiting = kept
                SqlJobs.write(uow.jobs)
                commit(uow)

    SqlUnitOfWork.commit = late


BUGS = {bug.__name__: bug for bug in (forgetful, effect_early, job_late)}
