"""`python -m tests.crash.soak.mass --people 20000`: one start for everybody, killed in the middle.

A web process and two workers; over HTTP the start is asked for and its progress is read while it
runs. When half of all are started, whoever works is killed with SIGKILL (both workers, one after
the other), and begun again. In the end each person has exactly one instance with one open task.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path

import requests

from app.wiring import wire
from bench.place import fresh_url
from engine.domain.cycles import Cycle
from engine.domain.people import Appointment, AppointmentKind, Person
from engine.domain.units import JobClass, Post, Unit
from engine.usecases.ports.process import Resource
from engine.usecases.proof import prove
from tests.crash.soak.place import AGENCY, LOGIN, PASSWORD, Place, free_port, settle
from tests.crash.soak.reckoning import Rows
from tests.crash.soak.storm import Storm, aside, say

DRAWING = Path(__file__).with_name("opener.bpmn")
CYCLE, CHUNK = "cycle-2026", 2_000
_BAR = re.compile(r'<progress [^>]*max="(\d+)" value="(\d+)"')
_SECONDS = 120


def people(place, count):
    """An agency in which so many hold a post, and a cycle."""
    settle(place, (Resource(name=DRAWING.name, content=DRAWING.read_bytes()),))
    wired = wire(place.settings())
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    names = [f"01990000-0000-7000-8000-{number:012}" for number in range(count)]
    with wired.house.writing() as uow:
        uow.agency.add([Unit(id="unit", agency_id=AGENCY, code="u", name="Unit", parent_id=None)])
        cycle = Cycle(
            id=CYCLE, agency_id=AGENCY, year=2026, name="2026", starts_on=first, ends_on=last
        )
        uow.performance.add([cycle])
        uow.commit()
    for begin in range(0, count, CHUNK):
        with wired.house.writing() as uow:
            for number, name in enumerate(names[begin : begin + CHUNK], begin):
                uow.agency.add(_holder(number, name))
            uow.commit()
    wired.close()


def _holder(number, name):
    return [
        Person(id=name, agency_id=AGENCY, nip=f"2{number:017}", name=f"Orang {number}"),
        Post(id=f"post {number}", unit_id="unit", title="Analis", job_class=JobClass.JF),
        Appointment(
            id=f"seat {number}",
            person_id=name,
            post_id=f"post {number}",
            kind=AppointmentKind.DEFINITIVE,
            valid_from=date(2025, 1, 1),
        ),
    ]


class Watch(Storm):
    """A web process and two workers, no producer; the kills come at half time."""

    def go(self, count):
        for role in ("web", "worker 1", "worker 2"):
            self._begin(role)
        try:
            session = self._signed_in()
            began = time.monotonic()
            self._ask()
            seen = self._until_done(session, count)
            return time.monotonic() - began, seen
        finally:
            for role in list(self._alive):
                self._kill(role)

    def _until_done(self, session, count):
        """What the page of long work told on the way."""
        seen, victims = [], ["web", "worker 1", "worker 2"]
        while not seen or seen[-1] < count:
            done = self._progress(session, count)
            if done is not None and done not in seen[-1:]:
                seen.append(done)
                say(f"  {done:,} of {count:,}")
            if seen and seen[-1] >= count // 2 and victims:
                role = victims.pop()
                self._kill(role)
                self.kills[role] += 1
                say(f"  killed {role} at {seen[-1]:,}")
                self._begin(role)
            self._mourn()
            time.sleep(0.3)
        return seen

    def _signed_in(self):
        """As a person in a browser, for the page of long work."""
        session, end = requests.Session(), time.monotonic() + _SECONDS
        while time.monotonic() < end:
            with suppress(requests.RequestException):
                page = session.get(self.place.base + "/masuk", timeout=_SECONDS).text
                token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
                words = {"login": LOGIN, "password": PASSWORD, "csrf_token": token}
                answer = session.post(
                    self.place.base + "/masuk", data=words, timeout=_SECONDS, allow_redirects=False
                )
                if answer.status_code == 303:
                    return session
            time.sleep(0.1)
        raise RuntimeError("nobody lets us in")

    def _ask(self):
        body = {"processDefinitionId": "opener", "variables": {"cycle_id": CYCLE}}
        answer = requests.post(
            self.place.base + "/v2/process-instances",
            json=body,
            auth=(LOGIN, PASSWORD),
            headers={"Idempotency-Key": "everybody"},
            timeout=_SECONDS,
        )
        answer.raise_for_status()

    def _progress(self, session, count):
        """How many the page of long work says are done; None while it says nothing."""
        with suppress(requests.RequestException):
            page = session.get(self.place.base + "/kemajuan", timeout=_SECONDS).text
            bar = _BAR.search(page)
            if bar is not None:
                return int(bar[2])
            if "data-work=" in page and "data-again=" not in page:
                return count
        return None


def reckon(place, count):
    """Faults of what is left; empty when each person was started exactly once."""
    wired, faults = wire(place.settings()), []
    try:
        with wired.database.reading.connect() as connection:
            rows = Rows(connection)
            begun = rows.keys("greet")
            assigned = Counter(
                who for (who,) in rows.of("user_task", "assignee", element_id="hello")
            )
            faults += [f"started {n} times: {key}" for key, n in begun.items() if n != 1]
            faults += [f"{n} tasks: {who}" for who, n in assigned.items() if n != 1]
            if len(begun) != count or len(assigned) != count:
                faults.append(f"{len(begun)} started, {len(assigned)} have a task, not {count}")
            faults += rows.of("background_job", "kind", "key", "state", "error")
            faults += [row for row in rows.of("undertaking", "id", "state") if row[1] != "done"]
        faults += prove(wired.house)
    finally:
        wired.close()
    return faults


def main(words=None):
    parser = argparse.ArgumentParser(prog="python -m tests.crash.soak.mass", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--jobs", choices=("table", "dbos"), default="table")
    parser.add_argument("--people", type=int, default=20_000)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="regu-mass-") as name, ExitStack() as stack:
        folder = Path(name)
        url = fresh_url(folder, stack, postgres=asked.database == "postgresql")
        place = Place(
            url=url, folder=folder / "house", port=free_port(), jobs=asked.jobs, jolts=0.0
        )
        aside(people, place, asked.people)
        watch = Watch(place, seed=1)
        took, seen = watch.go(asked.people)
        faults = reckon(place, asked.people)
        say(
            f"{asked.database}, jobs {asked.jobs}: {asked.people:,} started in {took:.0f} s, "
            f"{asked.people / took:,.0f}/s, {watch.kills.total()} kills, "
            f"progress read {len(seen)} times on the way"
        )
        say("each exactly once" if not faults else f"{len(faults)} faults: {faults[:5]}")
        return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
