"""Closed loops: each client is somebody of a squad, looks at what waits, does it, looks again."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from http.client import HTTPException
from random import Random
from typing import TYPE_CHECKING, Any, Final

from bench.load.door import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bench.load.door import Answer
    from bench.load.town import Team, Town, Visitor

#: kinds of requests that are told
INBOX, LIST, START = "inbox", "list of tasks", "start"
COMPLETION, ATTESTATION = "completion", "attestation"
#: started outputs that nobody delivered yet, for each squad
STOCK: Final = 5
_LINK: Final = "https://bukti.example/klaim"
#: what people answer; nearest to the end first, so that work gets done
ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "attest": {"decision": "attest", "commitment": "met"},
    "attest_for_lead": {"decision": "attest", "commitment": "met"},
    "claim": {"mode": "plan", "evidence_link": _LINK},
    "claim_early": {"mode": "plan", "evidence_link": _LINK},
    "accept_output": {"decision": "accept", "attainment": 100},
    "deliver_output": {"note": "Lengkap"},
}
_ORDER: Final = {element: place for place, element in enumerate(ANSWERS)}
_OK, _TAKEN = 200, 409


@dataclass(slots=True)
class Record:
    """What one client saw; joined when all are done."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    #: task -> element, of acts that were answered with success
    done: dict[int, str] = field(default_factory=dict)
    #: acts answered with success for a task that this client had done before
    again: list[int] = field(default_factory=list)
    #: outputs whose start was answered with success
    started: list[str] = field(default_factory=list)
    #: acts that somebody else did first: a refusal, as it must be
    lost_races: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, answer: Answer, *, good: Iterable[int] = (_OK,)) -> bool:
        """Keep the time; whether the answer is one that must come."""
        self.seconds[kind].append(answer.seconds)
        if answer.status in good:
            return True
        self.errors[f"{kind}: {answer.status} {answer.body[:160]!r}"] += 1
        return False


@dataclass(slots=True)
class Shared:
    """What the clients of a run share."""

    town: Town
    #: outputs to start, by squad
    ahead: dict[str, deque[str]]
    #: seconds a person thinks between two acts
    pause: float = 0.0
    numbers: itertools.count[int] = field(default_factory=itertools.count)
    end: threading.Event = field(default_factory=threading.Event)


def crowd(town: Town, *, pause: float = 0.0) -> Shared:
    """All outputs lie ahead."""
    return Shared(town, {team.squad_id: deque(team.outputs) for team in town.teams}, pause)


class Client:
    """One connection; its people are those of one squad. Two clients may share a squad: a race."""

    def __init__(self, shared: Shared, team: Team, port: int, number: int) -> None:
        self._shared = shared
        self._team = team
        self._line = Line(port)
        self._random = Random(number)  # noqa: S311 - a load, repeatable by its number
        self.record = Record()

    def run(self, act: Callable[[Client], object]) -> None:
        """Act until the run ends; a broken connection or answer is an error."""
        while not self._shared.end.is_set():
            try:
                act(self)
            except (OSError, HTTPException, KeyError, ValueError) as fault:
                self.record.errors[f"connection: {type(fault).__name__} {fault}"] += 1
                self._line.close()
            if self._shared.pause:
                self._shared.end.wait(self._shared.pause * self._random.uniform(0.5, 1.5))
        self._line.close()

    def look(self, who: Visitor | None = None) -> None:
        """Somebody opens the page of what waits for him."""
        who = who or self._random.choice(self._team.people)
        self.record.note(INBOX, self._line.get("/tugas", who))

    def work(self) -> None:
        """Somebody looks, and does one of the things that wait; a lead without work gets some."""
        who = self._random.choice(self._team.people)
        self.look(who)
        answer = self._line.get("/api/tasks?limit=50", who)
        if not self.record.note(LIST, answer):
            return
        cards = [card for card in answer.json()["items"] if card["elementId"] in ANSWERS]
        if who is self._team.lead:
            self._stock_up(sum(card["elementId"] == "deliver_output" for card in cards))
        if cards:
            first = min(_ORDER[card["elementId"]] for card in cards)
            near = [card for card in cards if _ORDER[card["elementId"]] == first]
            chosen = self._random.choice(near)
            self.complete(int(chosen["taskKey"]), chosen["elementId"], who)

    def complete(self, task_key: int, element: str, who: Visitor) -> None:
        """One act; whoever comes second is refused."""
        kind = ATTESTATION if element.startswith("attest") else COMPLETION
        body = {"variables": ANSWERS[element]}
        path = f"/api/tasks/{task_key}/complete"
        answer = self._line.post(path, who, body, f"load-{next(self._shared.numbers)}")
        if not self.record.note(kind, answer, good=(_OK, _TAKEN)):
            return
        if answer.status != _OK:
            self.record.lost_races += 1
        elif task_key in self.record.done:
            self.record.again.append(task_key)
        else:
            self.record.done[task_key] = element

    def _stock_up(self, waiting: int) -> None:
        ahead = self._shared.ahead[self._team.squad_id]
        for _ in range(min(STOCK - waiting, len(ahead))):
            try:
                self.start(ahead.popleft())
            except IndexError:  # the other client of the squad took the last one
                return

    def start(self, output_id: str) -> None:
        """The process of one output begins."""
        variables = {"output_id": output_id, "cycle_id": "cycle"}
        body = {"processId": "contribution", "variables": variables, "businessKey": output_id}
        answer = self._line.post("/api/instances", self._shared.town.admin, body, output_id)
        if self.record.note(START, answer, good=(_OK, 201)):
            self.record.started.append(output_id)


def clients(shared: Shared, port: int, count: int) -> list[Client]:
    """So many clients, spread over the squads."""
    teams = shared.town.teams
    return [Client(shared, teams[n % len(teams)], port, n) for n in range(count)]


def run(
    all_: Sequence[Client],
    shared: Shared,
    act: Callable[[Client], object],
    seconds: float,
    watch: Callable[[], object] = lambda: None,
) -> float:
    """All clients at once for so long; seconds on the wall. `watch` is called each second."""
    shared.end.clear()
    threads = [threading.Thread(target=client.run, args=(act,)) for client in all_]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    while time.perf_counter() - begun < seconds and any(t.is_alive() for t in threads):
        shared.end.wait(min(1.0, seconds))
        watch()
    shared.end.set()
    for thread in threads:
        thread.join()
    return time.perf_counter() - begun


def joined(all_: Iterable[Client]) -> Record:
    """What all of them saw; a task done by two is among `again`."""
    total = Record()
    for client in all_:
        record = client.record
        for kind, seconds in record.seconds.items():
            total.seconds[kind] += seconds
        total.again += [*record.again, *(record.done.keys() & total.done.keys())]
        total.done |= record.done
        total.started += record.started
        total.lost_races += record.lost_races
        total.errors += record.errors
    return total
