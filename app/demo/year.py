"""The year: the clock moves a week at a time, and people do what lies before them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from app.demo import answers
from app.demo.client import Client, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: the morning on which the cycle opens
BEGINS: Final = datetime(2026, 1, 2, 1, tzinfo=UTC)
#: by then the last follow-up of 2026 is done
ENDS: Final = datetime(2027, 5, 31, tzinfo=UTC)
STEP: Final = timedelta(days=7)

#: of a hundred tasks so many are left lying until somebody is reminded
LATE_PERCENT: Final = 4
#: tasks that nobody leaves lying, so that the story holds
PROMPT: Final = frozenset({"set_org_rating", "close_cycle", "review_missing", "confirm_follow_up"})


class Year:
    """Plays everybody's part over HTTP and counts what happened."""

    def __init__(
        self,
        people: Mapping[str, Client],
        admin: Client,
        *,
        settle: Callable[[], object],
        say: Callable[[str], None],
    ) -> None:
        """`people` by person id; `settle` lets the worker finish what is due."""
        self._people = people
        self._admin = admin
        self._settle = settle
        self._say = say
        self.done: Counter[str] = Counter()
        self.refused: list[str] = []
        self._objected = False
        self._disputed = False

    def play(self) -> None:
        """From the opening of the cycle to its closing."""
        for now in _weeks():
            self._admin.put("/v2/clock", {"timestamp": int(now.timestamp() * 1000)})
            self._settle()
            before = sum(self.done.values())
            while self._everybody(now):
                self._settle()
            done = sum(self.done.values()) - before
            if done:
                self._say(f"  {now:%d.%m.%Y}  {done:4} tugas selesai")
            if self.done["close_cycle"]:
                return

    def _everybody(self, now: datetime) -> int:
        """One round: whoever has something to do does it; how many tasks ended."""
        return sum(self._act(who, now) for who in self._awaited())

    def _awaited(self) -> list[str]:
        """People with an open task of their own, and the managers of the cycle."""
        found: list[str] = []
        query: dict[str, Any] = {"filter": {"state": "CREATED"}, "page": {"limit": 100}}
        while True:
            page = self._admin.post("/v2/user-tasks/search", query)
            for task in page["items"]:
                found.append(task["assignee"] or "perf_admin")
            if len(page["items"]) < query["page"]["limit"]:
                return list(dict.fromkeys(who for who in found if who in self._people))
            query["page"]["after"] = page["page"]["endCursor"]

    def _act(self, who: str, now: datetime) -> int:
        client, ended = self._people[who], 0
        for card in client.tasks():
            if self._waits(card, now):
                continue
            try:
                self._complete(client, card)
            except Refused as refused:
                self.refused.append(f"{card['elementId']}: {refused} {refused.problem}")
                continue
            self.done[card["elementId"]] += 1
            ended += 1
        return ended

    def _waits(self, card: Mapping[str, Any], now: datetime) -> bool:
        """Some tasks lie for a while past their due time, so that reminders have a reason."""
        if card["elementId"] in PROMPT or card["dueAt"] is None:
            return False
        if answers.chance("late", card["taskKey"]) >= LATE_PERCENT:
            return False
        return now < datetime.fromisoformat(card["dueAt"]) + timedelta(days=2)

    def _complete(self, client: Client, card: Mapping[str, Any]) -> None:
        task = client.get(f"/api/tasks/{card['taskKey']}")
        answer = self._answer(task)
        path = f"/api/tasks/{card['taskKey']}/complete"
        client.post(path, {"variables": answer}, key=f"demo-{card['taskKey']}-{card['version']}")

    def _answer(self, task: dict[str, Any]) -> dict[str, Any]:
        element = task["elementId"]
        if element == "receive_result":
            return self._receive(task)
        told = answers.TOLD.get(element)
        return dict(answers.PLAIN[element]) if told is None else told(task)

    def _receive(self, task: Mapping[str, Any]) -> dict[str, Any]:
        """One person of the agency objects; everybody else accepts."""
        if not self._objected and task["variables"].get("predikat") == "baik":
            self._objected = True
            return {"answer": "object", "ground": "Capaian tim kuartal keempat belum dihitung."}
        return {"answer": "accept"}


def _weeks() -> Iterator[datetime]:
    now = BEGINS
    while now <= ENDS:
        yield now
        now += STEP
