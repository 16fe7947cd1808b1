"""Notes what happens in a simulation, and counts it in the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.runtime.walked import nodes_of, walked_by
from engine.simulation.figures import ElementFigures, Figures, RoleWeek, Tally, spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.rehearsal.store import Tables
    from engine.runtime.drawing.model import Node
    from engine.simulation.plan import Plan
    from engine.usecases.ports.process import HistoryRow

_WEEK = timedelta(days=7)


class Record:
    """One simulation's notes."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._zone = ZoneInfo(plan.hours.zone)
        self._started = 0
        self._lasted: list[timedelta] = []
        self._stuck: dict[int, Sequence[str]] = {}
        self._refusals: Counter[str] = Counter()
        self._elements: dict[str, Tally] = {}
        self._busy: defaultdict[tuple[str, datetime], timedelta] = defaultdict(timedelta)
        self._queues: defaultdict[tuple[str, datetime], int] = defaultdict(int)
        self._flows: Counter[str] = Counter()
        self._nodes: dict[tuple[str, int], Mapping[str, Node]] = {}

    def began(self) -> None:
        """An instance began."""
        self._started += 1

    def ended(self, lasted: timedelta) -> None:
        """An instance ended."""
        self._lasted.append(lasted)

    def stuck(self, key: int, elements: Sequence[str]) -> None:
        """An instance stands at incidents."""
        self._stuck[key] = elements

    def refused(self, why: str) -> None:
        """A start or a task was refused: what the plan gives does not fit."""
        self._refusals[why] += 1

    def queue(self, role: str, at: datetime, length: int) -> None:
        """So much waits for a role."""
        week = self._week(at)
        self._queues[role, week] = max(self._queues[role, week], length)

    def withdrawn(self, element_id: str, name: str, role: str | None) -> None:
        """Work was not needed any more."""
        self._tally(element_id, name, role).withdrawn += 1

    def worked(
        self,
        element_id: str,
        name: str,
        role: str | None,
        lengths: tuple[timedelta, timedelta, timedelta],
        done_at: datetime,
    ) -> None:
        """Somebody waited, worked, and was done so long after it was there, and done then."""
        waited, worked, lasted = lengths
        tally = self._tally(element_id, name, role)
        tally.waited.append(waited)
        tally.worked.append(worked)
        tally.lasted.append(lasted)
        if role is not None:
            self._spend(role, done_at, worked)

    def history(self, tables: Tables) -> None:
        """Count the flows that new history tells of, and forget the rows."""
        for row in list(tables.history.values()):
            nodes = self._drawn(tables, row)
            self._flows.update(walked_by(nodes, row.element_id, row.event, row.detail))
        tables.history.clear()

    def figures(self, until: datetime) -> Figures:
        """Everything counted."""
        incidents = Counter(one for elements in self._stuck.values() for one in elements)
        return Figures(
            process_id=self._plan.process_id,
            started=self._started,
            ended=len(self._lasted),
            failed=len(self._stuck),
            incidents=tuple(sorted(incidents.items())),
            refusals=tuple(sorted(self._refusals.items())),
            lasted=spread(self._lasted),
            elements=tuple(
                ElementFigures(
                    element_id=element,
                    name=tally.name,
                    role=tally.role,
                    waited=spread(tally.waited),
                    worked=spread(tally.worked),
                    lasted=spread(tally.lasted),
                    withdrawn=tally.withdrawn,
                )
                for element, tally in sorted(self._elements.items())
            ),
            weeks=tuple(self._weeks(until)),
            flows=tuple(sorted(self._flows.items())),
            until=until,
        )

    def _tally(self, element_id: str, name: str, role: str | None) -> Tally:
        return self._elements.setdefault(element_id, Tally(name, role))

    def _drawn(self, tables: Tables, row: HistoryRow) -> Mapping[str, Node]:
        key = (row.process_id, row.definition_key)
        if key not in self._nodes:
            definition = tables.definitions.take(row.definition_key)
            self._nodes[key] = nodes_of(definition.xml, row.process_id) if definition else {}
        return self._nodes[key]

    def _week(self, at: datetime) -> datetime:
        """Monday, midnight, in the zone."""
        day = at.astimezone(self._zone).date()
        return datetime.combine(day - timedelta(days=day.weekday()), time(), self._zone)

    def _spend(self, role: str, done_at: datetime, worked: timedelta) -> None:
        """Put working time into the weeks in which it was spent, the last first."""
        week = self._week(done_at)
        end = done_at
        while worked > timedelta():
            here = min(worked, self._plan.hours.between(week, end))
            self._busy[role, week] += here
            worked -= here
            end, week = week, self._week(week - timedelta(hours=1))

    def _weeks(self, until: datetime) -> Iterator[RoleWeek]:
        week = self._week(self._plan.begins)
        while week < until:
            nominal = self._plan.hours.between(week, week + _WEEK)
            for role, people in sorted(self._plan.roles.items()):
                yield RoleWeek(
                    role=role,
                    week=week.date().isoformat(),
                    busy=self._busy.get((role, week), timedelta()),
                    available=nominal * people,
                    queue_most=self._queues.get((role, week), 0),
                )
            week = self._week(week + _WEEK + timedelta(hours=12))
