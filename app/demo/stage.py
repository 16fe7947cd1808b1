"""On which the episodes of the year play: who starts what, and what is remembered of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.demo.cast import Cast
    from app.demo.citizen import Citizen, Page
    from app.demo.roster import Office


class Stage:
    """On which the episodes play: who starts what, and what is remembered of it."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self.roster = cast.roster
        self.now = datetime.min.replace(tzinfo=UTC)
        #: (name, code) of certificates that were asked for
        self.certificates: list[tuple[str, str]] = []
        #: what a citizen got who opened a survey's page: he answers it later
        self.page: Page | None = None

    def name(self, person_id: str) -> str:
        """A person's name."""
        return self._cast.names[person_id]

    def nip(self, person_id: str) -> str:
        """A person's NIP."""
        return self.roster.nips[person_id]

    def day(self, ahead: int = 0) -> str:
        """A day so many days ahead, as a form takes it."""
        return (self.now.date() + timedelta(days=ahead)).isoformat()

    def start(self, who: str, process: str, /, **values: Any) -> None:
        """A person starts a process with what its form asks."""
        path, key = f"/api/starts/{process}", f"demo-{process}-{self.now:%m%d%H}-{who}"
        self._cast.clients[who].post(path, {"variables": values}, key=f"{key}-{len(values)}")

    def choices(self, who: str, process: str, asked: str) -> list[dict[str, str]]:
        """What the start's form of a process offers a person in a list."""
        seen = self._cast.clients[who].get(f"/api/starts/{process}")["variables"]
        return list(seen[f"={asked}"])

    def read(self, who: str, path: str) -> Any:
        """What a person reads at a path."""
        return self._cast.clients[who].get(path)

    def citizen(self) -> tuple[Citizen, str]:
        """Somebody of no account, and the public link of the newest survey."""
        return self._cast.citizen, self._cast.public_link()

    def hr(self) -> str:
        """Somebody of human resources."""
        return self.roster.groups["hr"][0]

    def manager(self) -> str:
        """The performance manager of the cycle."""
        return self.roster.groups["perf_admin"][0]

    def office(self, number: int) -> Office:
        """A unit with staff, by its place in the order of codes; round and round."""
        return self.roster.offices[number % len(self.roster.offices)]
