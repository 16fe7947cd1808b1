"""The processes of a soak: what `regu serve` and `regu worker` do, in children that may die."""

from __future__ import annotations

import ctypes
import logging
import os
import random
import signal
import traceback
from datetime import timedelta
from functools import partial

from app.factory import create_app
from app.serving import Served
from app.wiring import wire
from engine.persistence.jobs.attending import JobRules
from engine.persistence.unit_of_work import SqlUnitOfWork
from tests.crash.soak import producer
from tests.crash.soak.place import hasher
from tests.crash.soak.planted import BUGS

_DIE_WITH_PARENT = 1
#: a killed worker's jobs are free after this; they are tried again soon
RULES = {"lease": timedelta(seconds=6), "pause": timedelta(seconds=0.2)}


class Jolt(RuntimeError):
    """All statements were sent, and the commit did not come."""


def web(place):
    """Pages, API and a worker."""
    wired = wire(place.settings())
    worker = wired.worker()
    app = create_app(place.settings(), wired=wired, hasher=hasher(), wake=worker.wake)
    served = Served(app, host="127.0.0.1", port=place.port, threads=8)
    worker.start()
    served.wait()


def worker(place, slot):
    """A worker alone: the first under a slot with a name, the others under numbered ones."""
    wire(place.settings(slot="first" if slot == 1 else "")).worker().run()


ROLES = {
    "web": web,
    "worker 1": partial(worker, slot=1),
    "worker 2": partial(worker, slot=2),
    "producer": producer.run,
}


def begin(role, place, *, life=0):
    """The process id of a child in that role; its output goes to a file."""
    child = os.fork()
    if child:
        return child
    try:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        _quiet(place, role)
        if role != "producer":
            _prepare(place, f"{role}{life}")
        play, code = ROLES[role], 0
        code = play(place) or 0
    except BaseException:  # noqa: BLE001 - a child must never run the parent's code
        traceback.print_exc()
        code = 1
    os._exit(code)


def _quiet(place, role):
    out = os.open(place.folder / f"{role}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    logging.basicConfig(level=logging.ERROR)


def _prepare(place, seed):
    """Shorter leases, commits that fail now and then, and the planted bug."""
    JobRules.__init__.__kwdefaults__.update(RULES)
    if place.bug:
        BUGS[place.bug]()
    chance, commit = random.Random(seed), SqlUnitOfWork.commit  # noqa: S311 - no secret

    def jolted(self):
        if chance.random() < place.jolts:
            self._tx.write_pending()
            raise Jolt
        commit(self)

    SqlUnitOfWork.commit = jolted
