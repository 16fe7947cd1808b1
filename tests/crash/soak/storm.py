"""Begin the processes, kill them at random and begin them again, until the producer is done."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

import psycopg

from tests.crash.soak import producer
from tests.crash.soak.players import ROLES, begin

#: who is killed how often, in proportion
WEIGHTS = {"web": 3, "worker 1": 3, "worker 2": 3, "producer": 2}
#: up to so much is written into the journal between two kills: some ten commands
BYTES_BETWEEN = 8_000
#: a storm in which nothing goes on any more is over
PATIENCE_S = 240


@dataclass
class Storm:
    place: object
    seed: int
    #: seconds between two kills, on average
    every_s: float = 1.5
    kills: Counter = field(default_factory=Counter)
    _alive: dict = field(default_factory=dict)
    _lives: Counter = field(default_factory=Counter)

    def rage(self, completions):
        """Kill until so many completions are acknowledged; then let the jobs come to an end."""
        plan = {"instances": -(-completions // producer.PARTS)}
        producer.plan_path(self.place).write_text(json.dumps(plan))
        chance = random.Random(self.seed)  # noqa: S311 - no secret
        for role in ROLES:
            self._begin(role)
        try:
            self._kill_until_done(chance)
            self._calm()
        finally:
            for role in list(self._alive):
                self._kill(role)

    def _kill_until_done(self, chance):
        while self._wait(chance):
            (role,) = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
            self._kill(role)
            self.kills[role] += 1
            self._begin(role)

    def _wait(self, chance):
        """Until it is time for the next kill, however slow the machine is; False: all is done."""
        begun, written = time.monotonic(), self._written()
        pause = chance.uniform(0.2, 1.8) * self.every_s
        wanted = written + BYTES_BETWEEN * chance.random()
        while time.monotonic() < begun + pause or self._written() < wanted:
            if self._ended("producer"):
                return False
            self._mourn()
            if time.monotonic() > begun + PATIENCE_S:
                raise RuntimeError("nothing goes on")
            time.sleep(0.02)
        return True

    def _written(self):
        journal_file = self.place.journal
        return journal_file.stat().st_size if journal_file.exists() else 0

    def _calm(self):
        """Nobody dies any more: what waits is worked off."""
        left, since = waiting(self.place.url), time.monotonic()
        while left and time.monotonic() < since + PATIENCE_S:
            self._mourn()
            time.sleep(0.2)
            now = waiting(self.place.url)
            if now < left:
                left, since = now, time.monotonic()

    def _mourn(self):
        """Begin again who ended by himself, as a service manager does."""
        for role in [role for role in self._alive if role != "producer" and self._ended(role)]:
            self._begin(role)

    def _begin(self, role):
        self._alive[role] = begin(role, self.place, life=self._lives[role])
        self._lives[role] += 1

    def _ended(self, role):
        """Whether a child ended by itself; of the producer: with its plan done."""
        done, status = os.waitpid(self._alive[role], os.WNOHANG)
        if not done:
            return False
        if role == "producer" and os.waitstatus_to_exitcode(status) != 0:
            raise RuntimeError((self.place.folder / "producer.log").read_text()[-2000:])
        del self._alive[role]
        return True

    def _kill(self, role):
        os.kill(self._alive[role], signal.SIGKILL)
        os.waitpid(self._alive.pop(role), 0)


def waiting(url):
    """Background jobs that wait to be done, whatever runs them; by a connection of its own."""
    return sum(_count(url, question) for question in WAITING)


#: one question for each adapter that may have jobs
WAITING = ["SELECT count(*) FROM background_job WHERE state = 'waiting'"]


def _count(url, question):
    if url.startswith("sqlite"):
        import pysqlite3  # noqa: PLC0415 - only there

        with pysqlite3.connect(url.removeprefix("sqlite:///"), timeout=30) as base:
            found = base.execute(question).fetchone()[0]
        base.close()
        return found
    with psycopg.connect(url) as base:
        return base.execute(question).fetchone()[0]


def aside(act, *args):
    """Do it in a child: this process keeps no connection that its other children would inherit."""
    made = multiprocessing.get_context("fork").Process(target=act, args=args)
    made.start()
    made.join()
    if made.exitcode:
        raise RuntimeError(f"{act.__name__} ended with {made.exitcode}")


def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()
