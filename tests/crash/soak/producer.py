"""Drives the house over HTTP; killed and begun again, it goes on from its journal.

Every command carries an idempotency key. An answer that did not come is asked for again under the
same key; a commit that failed (500) is for half of them given up for ever: of such a command
nothing may be seen. Some commands are sent twice though answered, some are sent that must be
refused.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace

import requests

from tests.crash.soak import journal
from tests.crash.soak.journal import ACKED, ASKED, REFUSED, WRONG, Line
from tests.crash.soak.place import LOGIN, PASSWORD, WHO

THREADS = 8
#: tasks of an instance
PARTS = 5
#: one message of our own for so many instances
MESSAGES_EVERY = 2
GIVEN_UP, TWICE, REFUSABLE = 0.5, 0.03, 0.03
_SECONDS, _PAUSE_S = 30, 0.05


def plan_path(place):
    return place.folder / "plan.json"


def run(place):
    """Work until the plan is done."""
    plan = json.loads(plan_path(place).read_text())
    told = defaultdict(dict)
    for line in journal.read(place.journal).values():
        told[line.of][line.nonce] = line
    waiting = list(range(plan["instances"]))[::-1]
    book, lock = journal.Journal(place.journal), threading.Lock()

    def labour():
        session = requests.Session()
        session.auth = (LOGIN, PASSWORD)
        while True:
            with lock:
                if not waiting:
                    return
                number = waiting.pop()
            Undertaking(place.base, session, book, number, told[number]).bring_to_end()

    threads = [threading.Thread(target=labour) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclass
class Undertaking:
    """One instance from start to end, and perhaps a message."""

    base: str
    session: requests.Session
    book: journal.Journal
    number: int
    lines: dict = field(default_factory=dict)

    def bring_to_end(self):
        start = self._once("start", self._start)
        if self.number % MESSAGES_EVERY == 0:
            self._once("message", self._message)
        for line in [one for one in self.lines.values() if one.kind == "done"]:
            if line.state == ASKED:
                self._ask(line, *self._completion(line))
        while self._count() < PARTS:
            for key in self._open(start.answer["processInstanceKey"]):
                self._complete(key)

    def _count(self):
        ended = (ACKED, WRONG)
        return sum(one.kind == "done" and one.state in ended for one in self.lines.values())

    def _complete(self, key):
        tries = sum(one.task == key for one in self.lines.values())
        line = self._ask(
            made := Line(f"c{key}.{tries}", "done", self.number, task=key), *self._completion(made)
        )
        if line.state == ACKED and random.random() < REFUSABLE:  # noqa: S311 - no secret
            again = Line(f"x{key}", "refusable", self.number, task=key)
            self._ask(again, *self._completion(again))

    def _completion(self, line):
        return f"/api/tasks/{line.task}/complete", {"variables": {"mark": line.nonce}}

    def _start(self, line):
        variables = {"who": WHO, "nonce": line.nonce, "parts": list(range(PARTS))}
        body = {"processDefinitionId": "work", "businessId": line.nonce, "variables": variables}
        return "/v2/process-instances", body

    def _message(self, line):
        body = {"name": "told", "correlationKey": line.nonce, "variables": {"nonce": line.nonce}}
        return "/v2/messages/publication", {**body, "timeToLive": 3_600_000}

    def _once(self, kind, request):
        """Ask until one such command is acknowledged; a new nonce for each that was given up."""
        mine = [one for one in self.lines.values() if one.kind == kind]
        line = mine[-1] if mine else Line(f"{kind}{self.number}.0", kind, self.number)
        while line.state != ACKED:
            if line.state != ASKED:
                if line.state == WRONG:
                    raise RuntimeError(f"{kind} was refused: {line.answer}")
                mine.append(line)
                line = Line(f"{kind}{self.number}.{len(mine)}", kind, self.number)
            line = self._ask(line, *request(line))
        return line

    def _ask(self, line, path, body):
        """Send until it is answered; what came of it is noted."""
        self._note(line)
        while True:
            answer = self._send(line, path, body)
            if answer is None:
                continue
            if answer.ok:
                ended = replace(line, state=ACKED, answer=answer.json() if answer.content else {})
                if line.kind == "refusable":
                    ended = replace(ended, state=WRONG)
                elif random.random() < TWICE:  # noqa: S311 - no secret
                    self._same(ended, self._send(line, path, body))
            elif answer.status_code < 500:
                expected = line.kind == "refusable"
                state = REFUSED if expected else WRONG
                ended = replace(line, state=state, answer={"told": answer.text[:300]})
            elif random.random() < GIVEN_UP and answer.status_code == 500:  # noqa: S311
                ended = replace(line, state=REFUSED)
            else:
                continue
            self._note(ended)
            return ended

    def _same(self, line, answer):
        if answer is not None and answer.ok and answer.json() != line.answer:
            told = {"first": line.answer, "then": answer.json()}
            self._note(Line(f"again {line.nonce}", "twice", self.number, None, WRONG, told))

    def _send(self, line, path, body):
        headers = {"Idempotency-Key": line.nonce}
        try:
            return self.session.post(self.base + path, json=body, headers=headers, timeout=_SECONDS)
        except requests.RequestException:
            time.sleep(_PAUSE_S)
            return None

    def _open(self, instance):
        sought = {"filter": {"processInstanceKey": instance, "state": "CREATED"}}
        try:
            answer = self.session.post(
                self.base + "/v2/user-tasks/search", json=sought, timeout=_SECONDS
            )
            answer.raise_for_status()
        except requests.RequestException:
            time.sleep(_PAUSE_S)
            return []
        return [item["userTaskKey"] for item in answer.json()["items"]]

    def _note(self, line):
        self.lines[line.nonce] = line
        self.book.note(line)
