"""The year: the clock moves a week at a time, and people do what lies before them."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from app.demo import answers, replies
from app.demo.client import Refused
from app.demo.episodes import Episodes

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

    from app.demo.cast import Cast
    from app.demo.client import Client

#: the morning on which the cycle opens
BEGINS: Final = datetime(2026, 1, 2, 1, tzinfo=UTC)
#: by then the last follow-up of 2026 is done
ENDS: Final = datetime(2027, 5, 31, tzinfo=UTC)
STEP: Final = timedelta(days=7)
#: what is answered where nothing has to be thought about, and where something has
PLAIN: Final = {**answers.PLAIN, **replies.PLAIN}
TOLD: Final = {**answers.TOLD, **replies.TOLD}

#: late enough that some work was done without the consent, which must not erase it
CONSENTS_ON: Final = date(2026, 4, 10)

#: of a hundred tasks so many are left lying until somebody is reminded
LATE_PERCENT: Final = 4
#: tasks that nobody leaves lying, so that the story holds
PROMPT: Final = frozenset(
    {
        "set_org_rating",
        "close_cycle",
        "review_missing",
        "confirm_follow_up",
        *replies.PLAIN,
        *replies.TOLD,
    }
)
#: tasks that stand open for a case that does not come: the letter's last day ends them
LEFT: Final = frozenset({"end_early"})


class Year:
    """Plays everybody's part over HTTP and counts what happened."""

    def __init__(
        self,
        cast: Cast,
        *,
        consents: Sequence[tuple[str, str]],
        objectors: Container[str],
        settle: Callable[[], object],
        say: Callable[[str], None],
    ) -> None:
        """`settle` lets the worker finish what is due.

        `consents` are memberships that wait for a home superior, with that superior; one of
        `objectors` objects to his rating.
        """
        self._people = cast.clients
        self._admin = cast.admin
        self._groups = cast.roster.groups
        self._nips = cast.roster.nips
        self._consents = list(consents)
        self._objectors = objectors
        self._settle = settle
        self._say = say
        self.done: Counter[str] = Counter()
        #: acts about oneself that the engine kept for somebody else
        self.barred: Counter[str] = Counter()
        #: anything else that was refused; a good year has none
        self.refused: Counter[str] = Counter()
        #: by task and person: "element NIP n", his n-th task of that element
        self._times: dict[tuple[str, str], str] = {}
        self._asked: Counter[str] = Counter()
        self.episodes = Episodes(cast, self.refused, say)
        #: (who, task, version) that was refused this week: it is not asked again until the next
        self._turned_away: set[tuple[str, str, int]] = set()
        self._objected = False
        self._disputed = False
        #: (person, output) of claims made, oldest first: one of them is disputed later
        self._claimed: list[tuple[str, str]] = []

    def play(self, until: date | None = None) -> None:
        """From the opening of the cycle until it is closed and the last task is done.

        With `until` it ends in the week of that day, and what is due then is left to be done.
        """
        for now in _weeks():
            self._admin.put("/v2/clock", {"timestamp": int(now.timestamp() * 1000)})
            self._settle()
            if until is not None and now.date() >= until:
                return
            self._consent(now)
            self._dispute()
            if self.episodes.play(now):
                self._settle()
            self._turned_away.clear()
            before = sum(self.done.values())
            while self._everybody(now):
                self._settle()
            done = sum(self.done.values()) - before
            if done:
                self._say(f"  {now:%d.%m.%Y}  {done:4} tugas selesai")
            closed = self.done["close_cycle"] and self.episodes.over
            if closed and not self._awaited():
                return

    def _consent(self, now: datetime) -> None:
        """Home superiors who were asked by the import answer in April."""
        while now.date() >= CONSENTS_ON and self._consents:
            membership, superior = self._consents.pop()
            path = f"/api/memberships/{membership}/consent"
            self._people[superior].post(path, {"consent": "given"}, key=f"demo-{membership}")
            self.done["give_consent"] += 1

    def _dispute(self) -> None:
        """One member contests a line once it stands; until then the engine refuses."""
        for person, output in [] if self._disputed else self._claimed[-3:]:
            body = {"ground": "Bagian analisis saya belum dihitung penuh."}
            body["evidenceLink"] = "https://bukti.example/sengketa"
            try:
                self._people[person].post(f"/api/outputs/{output}/disputes", body, key="demo-d")
            except Refused:
                continue
            self._disputed = True
            self.done["raise_dispute"] += 1
            self._settle()
            return

    def _everybody(self, now: datetime) -> int:
        """One round: whoever has something to do does it; how many tasks ended."""
        return sum(self._act(who, now) for who in self._awaited())

    def _awaited(self) -> list[str]:
        """People with an open task of their own; for those of groups, their members."""
        found: list[str] = []
        query: dict[str, Any] = {"filter": {"state": "CREATED"}, "page": {"limit": 100}}
        while True:
            page = self._admin.post("/v2/user-tasks/search", query)
            for task in page["items"]:
                found.extend(self._holders(task))
            if len(page["items"]) < query["page"]["limit"]:
                return list(dict.fromkeys(who for who in found if who in self._people))
            query["page"]["after"] = page["page"]["endCursor"]

    def _holders(self, task: Mapping[str, Any]) -> list[str]:
        if task["assignee"]:
            return [task["assignee"]]
        return [who for group in task["candidateGroups"] for who in self._groups.get(group, ())]

    def _act(self, who: str, now: datetime) -> int:
        client, ended = self._people[who], 0
        for card in client.tasks():
            attempt = (who, card["taskKey"], card["version"])
            if attempt in self._turned_away or self._waits(card, client.login, now):
                continue
            try:
                self._complete(client, card, now)
            except Refused as refused:
                count = self.barred if refused.status == HTTPStatus.FORBIDDEN else self.refused
                count[f"{card['elementId']}: {refused}"] += 1
                self._turned_away.add(attempt)
                continue
            self.done[card["elementId"]] += 1
            ended += 1
        return ended

    def _waits(self, card: Mapping[str, Any], who: str, now: datetime) -> bool:
        """Outputs are delivered when they are due; some tasks lie until somebody is reminded."""
        if card["elementId"] in LEFT:
            return True
        if card["elementId"] in PROMPT or card["dueAt"] is None:
            return False
        due = datetime.fromisoformat(card["dueAt"])
        if answers.chance("late", self._time(card, who)) < LATE_PERCENT:
            return now < due + timedelta(days=2)
        return card["elementId"] == "deliver_output" and now < due - STEP

    def _time(self, card: Mapping[str, Any], who: str) -> str:
        """What tells a task from others in every year alike: ids differ from year to year."""
        if (card["taskKey"], who) not in self._times:
            words = f"{card['elementId']} {who}"
            self._asked[words] += 1
            self._times[card["taskKey"], who] = f"{words} {self._asked[words]}"
        return self._times[card["taskKey"], who]

    def _complete(self, client: Client, card: Mapping[str, Any], now: datetime) -> None:
        task = client.get(f"/api/tasks/{card['taskKey']}")
        task |= {"today": now.date().isoformat(), "nips": self._nips, "by": client.login}
        task["time"] = self._time(card, client.login)
        answer = self._answer(task)
        path = f"/api/tasks/{card['taskKey']}/complete"
        client.post(path, {"variables": answer}, key=f"demo-{card['taskKey']}-{card['version']}")
        if card["elementId"] in ("claim", "claim_early"):
            member = task["variables"]["member"]["person_id"]
            self._claimed.append((member, task["variables"]["output_id"]))

    def _answer(self, task: dict[str, Any]) -> dict[str, Any]:
        element = task["elementId"]
        if element == "receive_result":
            return self._receive(task)
        told = TOLD.get(element)
        return dict(PLAIN[element]) if told is None else told(task)

    def _receive(self, task: Mapping[str, Any]) -> dict[str, Any]:
        """One person of the agency objects; everybody else accepts."""
        variables = task["variables"]
        may = variables["person_id"] in self._objectors and variables.get("predikat") == "baik"
        if may and not self._objected:
            self._objected = True
            return {"answer": "object", "ground": "Capaian tim kuartal keempat belum dihitung."}
        return {"answer": "accept"}


def _weeks() -> Iterator[datetime]:
    now = BEGINS
    while now <= ENDS:
        yield now
        now += STEP
