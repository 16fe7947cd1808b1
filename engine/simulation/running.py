"""Discrete events on the real runtime: arrivals, people at work, timers, in order of time."""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

from engine.rehearsal.answers import Answers
from engine.rehearsal.house import whoever
from engine.rehearsal.stage import Stage
from engine.simulation.chance import Lot, Lots, drawn_values
from engine.simulation.odds import CHANCE, chance_function, with_odds
from engine.simulation.recording import Record
from engine.simulation.shifting import shifted, shifted_answers
from engine.usecases.errors import InputRefused, UseCaseError
from engine.usecases.ports.process import InstanceStatus, TaskState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.rehearsal.stage import Props
    from engine.rehearsal.store import Tables
    from engine.simulation.figures import Figures
    from engine.simulation.plan import Plan, Work
    from engine.usecases.ports.process import Resource

#: events of one simulation; more is a drawing that never rests, or a plan too large
EVENTS_MAX: Final = 5_000_000
#: instances that arrive when the plan does not say
INSTANCES_MAX: Final = 100_000


class TooMuch(ValueError):
    """A simulation of more than EVENTS_MAX events."""


@dataclass(slots=True)
class _Play:
    """One instance, on tables of its own: nothing is looked for among thousands."""

    tables: Tables
    key: int
    began_at: datetime
    #: what this instance is answered
    answers: Answers
    #: days by which what the plan says is later for this instance
    later: timedelta
    lot: Lot
    #: keys of tasks, jobs and subscriptions that were planned already
    known: set[int] = field(default_factory=set)
    timer_at: datetime | None = None
    #: its end was noted; a timer that was planned before may still come round
    over: bool = False


@dataclass(slots=True)
class _Item:
    """A piece of work that waits for somebody."""

    play: _Play
    key: int
    element_id: str
    name: str
    work: Work
    since: datetime


def simulate(props: Props, resources: Sequence[Resource], plan: Plan) -> Figures:
    """Play a plan; the same seed gives the same figures.

    Raises `DrawingRefused`, `NoSuchGateway`, `NeverWorked`, `TooMuch`, and `OutOfTime` when the
    props say so.
    """
    lots = Lots(plan.seed)
    beside = {**props.beside, CHANCE: chance_function(lots)}
    stage = Stage(replace(props, beside=beside), plan.begins)
    stage.deploy(with_odds(resources, plan.process_id, plan.ways))
    return _Run(stage, plan, lots).whole()


class _Run:
    def __init__(self, stage: Stage, plan: Plan, lots: Lots) -> None:
        self._stage = stage
        self._plan = plan
        self._lots = lots
        self._ordinal = count()
        self._events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._free = dict(plan.roles)
        self._waiting: dict[str, deque[_Item]] = defaultdict(deque)
        self._record = Record(plan)
        self._begun = stage.tables
        self._answers = Answers(
            operations=plan.operations,
            functions=plan.functions,
            holidays=plan.hours.calendar.holidays,
        )

    def whole(self) -> Figures:
        """Until nothing is left to happen."""
        self._arrivals()
        now = self._plan.begins
        for _ in range(EVENTS_MAX):
            if not self._events:
                return self._record.figures(now)
            self._stage.go_on()
            now, _, event = heapq.heappop(self._events)
            self._stage.clock.at = now
            event(now)
        raise TooMuch(f"more than {EVENTS_MAX} events")

    def _at(self, moment: datetime, event: Callable[[datetime], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._ordinal), event))

    def _arrivals(self) -> None:
        plan = self._plan
        at, last = plan.begins, plan.begins + plan.arrivals_for
        arrivals = self._lots.arrivals()
        for _ in range(plan.instances_max):
            if at >= last:
                return
            self._at(at, self._arrive)
            at += plan.between.drawn(arrivals)

    # ---- instances

    def _arrive(self, now: datetime) -> None:
        tables = self._begun.another()
        later = self._later(now)
        answers = self._answers if self._plan.as_of is None else self._answers_of(later)
        self._stage.put_on(tables, answers)
        lot = self._lots.another()
        values = shifted(drawn_values(self._plan.variables, lot.of("begin")), later)
        try:
            key = self._stage.start(self._plan.process_id, values)
        except UseCaseError as refused:
            self._record.refused(str(refused))
            return
        play = _Play(tables, key, now, answers, later, lot)
        self._record.began()
        self._look(play, now)

    def _later(self, now: datetime) -> timedelta:
        """Whole days since the plan's values were written."""
        written = self._plan.as_of
        return timedelta() if written is None else timedelta(days=(now - written).days)

    def _answers_of(self, later: timedelta) -> Answers:
        """Answers of one instance, days as much later as it begins."""
        return Answers(
            operations=shifted_answers(self._plan.operations, later),
            functions=shifted_answers(self._plan.functions, later),
            holidays=self._plan.hours.calendar.holidays,
        )

    def _turn_to(self, play: _Play) -> None:
        """What the stage does next is of this instance."""
        self._stage.put_on(play.tables, play.answers)
        self._lots.now = play.lot

    def _look(self, play: _Play, now: datetime) -> None:
        """After each step of an instance: plan what is new, and notice its end."""
        tables = play.tables
        for task in self._stage.open_tasks():
            if task.key not in play.known:
                play.known.add(task.key)
                self._offer(
                    _Item(
                        play, task.key, task.element_id, task.name, self._work(task.element_id), now
                    ),
                    now,
                )
        for job in self._stage.open_jobs():
            if job.key not in play.known:
                play.known.add(job.key)
                work = self._work(job.element_id)
                self._offer(_Item(play, job.key, job.element_id, job.element_id, work, now), now)
        self._plan_events(play, now)
        self._plan_timer(play)
        self._record.history(tables)
        if tables.instances[play.key].status is not InstanceStatus.ACTIVE:
            if not play.over:
                play.over = True
                self._record.ended(now - play.began_at)
        elif stuck := [row for row in tables.incidents.values() if row.resolved_at is None]:
            self._record.stuck(play.key, [row.element_id for row in stuck])
        tables.undo.forget()

    def _work(self, element_id: str) -> Work:
        return self._plan.work.get(element_id, self._plan.otherwise)

    def _plan_events(self, play: _Play, now: datetime) -> None:
        """Messages and signals that the plan lets happen."""
        for row in play.tables.subscriptions.values():
            if row.key in play.known or row.instance_key is None:
                continue
            play.known.add(row.key)
            work = self._plan.work.get(row.element_id)
            comes = play.lot.of(f"comes:{row.element_id}")
            if work is not None and comes.random() < work.chance:
                self._at(
                    now + work.takes.drawn(comes),
                    lambda at, key=row.key: self._happen(play, key, at),  # type: ignore[misc]
                )

    def _happen(self, play: _Play, key: int, now: datetime) -> None:
        row = play.tables.subscriptions.take(key)
        if row is not None:
            self._turn_to(play)
            drawn = play.lot.of(f"gives:{row.element_id}")
            values = drawn_values(self._work(row.element_id).gives, drawn)
            self._stage.receive(row, shifted(values, play.later))
            self._look(play, now)

    def _plan_timer(self, play: _Play) -> None:
        due = self._stage.next_due()
        if due is not None and due != play.timer_at:
            play.timer_at = due
            self._at(due, lambda at: self._ring(play, at))

    def _ring(self, play: _Play, now: datetime) -> None:
        if play.timer_at != now:
            return
        play.timer_at = None
        self._turn_to(play)
        self._stage.advance_to(now)
        self._look(play, now)

    # ---- people

    def _offer(self, item: _Item, now: datetime) -> None:
        after = item.work.after
        if after is None:
            self._take_up(item, now)
        else:
            self._at(
                now + after.drawn(item.play.lot.of(f"after:{item.element_id}")),
                lambda at: self._take_up(item, at),
            )

    def _take_up(self, item: _Item, now: datetime) -> None:
        role = item.work.role
        if not self._still_open(item):
            self._record.withdrawn(item.element_id, item.name, role)
        elif role is None:
            self._begin(item, now)
        else:
            self._waiting[role].append(item)
            self._hand_out(role, now)

    def _hand_out(self, role: str, now: datetime) -> None:
        """Give waiting work to those who are free, first come first served."""
        queue = self._waiting[role]
        self._record.queue(role, now, len(queue))
        while queue and self._free.get(role, 0):
            item = queue.popleft()
            if not self._still_open(item):
                self._record.withdrawn(item.element_id, item.name, role)
                continue
            self._free[role] -= 1
            self._begin(item, now)

    def _begin(self, item: _Item, now: datetime) -> None:
        takes = item.work.takes.drawn(item.play.lot.of(f"takes:{item.element_id}"))
        done = self._plan.hours.done_at(now, takes) if item.work.role else now + takes
        begun = self._plan.hours.done_at(now, timedelta()) if item.work.role else now
        waited = begun - item.since
        self._at(done, lambda at: self._finish(item, waited, takes, at))

    def _finish(self, item: _Item, waited: timedelta, takes: timedelta, now: datetime) -> None:
        role, play = item.work.role, item.play
        lengths = (waited, takes, now - item.since)
        self._record.worked(item.element_id, item.name, role, lengths, now)
        if self._still_open(item):
            self._turn_to(play)
            self._complete(item)
            self._look(play, now)
        else:
            self._record.withdrawn(item.element_id, item.name, role)
        if role is not None:
            self._free[role] += 1
            self._hand_out(role, now)

    def _still_open(self, item: _Item) -> bool:
        tables = item.play.tables
        if item.key in tables.worker_jobs:
            return True
        task = tables.tasks.get(item.key)
        return task is not None and task.state is TaskState.CREATED

    def _complete(self, item: _Item) -> None:
        drawn = item.play.lot.of(f"gives:{item.element_id}")
        values = shifted(drawn_values(item.work.gives, drawn), item.play.later)
        job = item.play.tables.worker_jobs.take(item.key)
        try:
            if job is not None:
                self._stage.finish(job, values)
            else:
                task = item.play.tables.tasks[item.key]
                self._stage.complete(task, whoever(task), values)
        except InputRefused as refused:
            faults = ", ".join(f"{f.field}: {f.message}" for f in refused.faults)
            self._record.refused(f"'{item.element_id}': {faults}")
        except UseCaseError as refused:
            self._record.refused(f"'{item.element_id}': {refused}")
