"""A change of a process before it is published: the same year with the old drawing and the new."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from engine.domain.calendar import WorkingCalendar
from engine.rehearsal.stage import OutOfTime, Props
from engine.simulation.assuming import (
    DAYS_MAX,
    INSTANCES_MAX,
    History,
    history_of,
    plan_of,
    usual,
)
from engine.simulation.casting import cast_of
from engine.simulation.hours import WorkingHours
from engine.simulation.learning import FRACTIONS
from engine.simulation.running import simulate
from engine.simulation.shape import Fork, Shape, shape_of
from engine.usecases.drafting import RIGHT
from engine.usecases.errors import FieldFault, InputRefused, NotFound
from engine.usecases.mining import learn
from engine.usecases.ports.mining import Window
from engine.usecases.ports.process import Resource
from engine.usecases.rights import may, require
from engine.usecases.scenario_gate import apart
from engine.usecases.tabling import table_set

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.simulation.assuming import Assumptions
    from engine.simulation.casting import Cast
    from engine.simulation.figures import Figures
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House

#: how long somebody waits for one side
PATIENCE: Final = timedelta(seconds=25)
ZONE: Final = "Asia/Jakarta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A drawing with what it names."""

    resources: tuple[Resource, ...]
    shape: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What is compared, and what is known of it."""

    process_id: str
    #: the published version; None: never published
    before: Side | None
    #: what is on the table; None: nothing is drafted, there is only one drawing
    after: Side | None
    #: steps and forks of both, those of the later one first
    shape: Shape
    history: History
    cast: Cast

    @property
    def changed(self) -> bool:
        """Whether there are two drawings."""
        return self.before is not None and self.after is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Figures of one or both sides; the same chance for both."""

    before: Figures | None
    after: Figures | None
    #: time was up before a side was done
    out_of_time: bool = False


def study(house: House, actor: Actor, process_id: str) -> Study:
    """The two drawings, history and the values of the scenarios; `AccessRefused`, `NotFound`."""
    require(actor, RIGHT, process_id)
    files = table_set(house, actor, process_id)
    drawn, drafted_stories = apart(files)
    with house.reading() as uow:
        row = uow.processes.latest_definition(process_id)
        kept = uow.scenarios.newest((process_id,))
    stories = [Resource(name=one.resource_name, content=one.content) for one in kept]
    before = None if row is None else _side((_of(row.resource_name, row.xml),), process_id)
    changed = before is None or len(drawn) > 1 or drawn[0].content != before.resources[0].content
    after = _side(drawn, process_id) if changed else None
    return Study(
        process_id=process_id,
        before=before,
        after=after,
        shape=_together(after, before),
        history=_history(house, actor, process_id) if before else History(),
        cast=cast_of([*drafted_stories, *stories], process_id),
    )


def first_guess(found: Study, begins: date) -> Assumptions:
    """Assumptions to begin with."""
    return usual(found.shape, found.history, begins)


def compare(house: House, actor: Actor, found: Study, told: Assumptions) -> Comparison:
    """Simulate both sides with the same chance; nothing is kept.

    `InputRefused` for more than the limits of `assuming`, `DrawingRefused`, `AccessRefused`.
    """
    require(actor, RIGHT, found.process_id)
    _check(told)
    try:
        before = _figures(house, actor, found, told, found.before)
        after = _figures(house, actor, found, told, found.after)
    except OutOfTime:
        return Comparison(before=None, after=None, out_of_time=True)
    return Comparison(before=before, after=after)


def _figures(
    house: House, actor: Actor, found: Study, told: Assumptions, side: Side | None
) -> Figures | None:
    if side is None:
        return None
    until = house.clock.real_now() + PATIENCE
    with house.reading() as uow:
        last = told.begins + timedelta(days=told.days * 2)
        holidays = uow.agency.holidays(actor.agency_id, told.begins, last)
        plan = plan_of(
            told,
            side.shape,
            found.history,
            found.cast,
            process_id=found.process_id,
            hours=WorkingHours(zone=ZONE, calendar=WorkingCalendar(holidays=holidays)),
        )
        props = Props(
            host=house.host,
            forms=house.forms,
            behind=uow.processes,
            zone=ZONE,
            over=lambda: house.clock.real_now() >= until,
        )
        return simulate(props, side.resources, plan)


def _check(told: Assumptions) -> None:
    faults = []
    if not 0 < told.days <= DAYS_MAX:
        faults.append(_refused("days", "simulated_days", f"between 1 and {DAYS_MAX} days"))
    if not 0 < told.expected <= INSTANCES_MAX:
        message = f"between 1 and {INSTANCES_MAX} instances"
        faults.append(_refused("per_month", "simulated_instances", message))
    if faults:
        raise InputRefused(*faults)


def _refused(name: str, code: str, message: str) -> FieldFault:
    return FieldFault(field=name, code=code, message=message)


def _side(resources: Sequence[Resource], process_id: str) -> Side:
    return Side(resources=tuple(resources), shape=shape_of(resources[0].content, process_id))


def _of(name: str, xml: bytes) -> Resource:
    return Resource(name=name, content=xml)


def _together(after: Side | None, before: Side | None) -> Shape:
    """Steps and forks of both drawings; of a fork in both all ways."""
    sides = [side.shape for side in (after, before) if side is not None]
    if not sides:
        raise NotFound("process", "")
    steps = {one.id: one for shape in reversed(sides) for one in shape.steps}
    order = dict.fromkeys(one.id for shape in sides for one in shape.steps)
    forks: dict[str, Fork] = {}
    for shape in sides:
        for one in shape.forks:
            known = forks.setdefault(one.id, one)
            forks[one.id] = replace(known, ways={**one.ways, **known.ways})
    return Shape(
        name=sides[0].name, steps=tuple(steps[name] for name in order), forks=tuple(forks.values())
    )


def _history(house: House, actor: Actor, process_id: str) -> History:
    """What happened, as far as the actor may know of it."""
    if not may(actor, "instance:read"):
        return History()
    window = Window(process_id=process_id, agency_id=actor.agency_id)
    return history_of(learn(house, actor, window, FRACTIONS))
