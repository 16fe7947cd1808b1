"""What the pages say of a process: what happens next, who does it, and by when.

A page gives its template `next_step=of_task(…)` or `next_step=of_course(…)` and includes
parts/next_step.html; the part shows nothing for None.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.usecases.outlook import course_of, outlook, task_outlook
from engine.usecases.ports.outlook import StepKind
from engine.usecases.rights import AUDITOR, HR, PERF_ADMIN
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.outlook import Ahead, Foresight, Outlook, Silence, Standing
    from engine.usecases.ports.process import UserTaskRow
    from engine.usecases.ports.work import House

#: the lane of what nobody does by hand
_ENGINE_LANE: Final = "Regu"
_GROUP_WORDS: Final = {
    PERF_ADMIN: _l("performance administration"),
    HR: _l("human resources"),
    AUDITOR: _l("internal auditor"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way as a page tells it."""

    name: str
    #: "Pejabat penilai: Budi Santoso"; empty: nobody has to do anything
    who: str
    #: the reader himself does it
    mine: bool
    due_at: datetime | None
    #: the due day counts from the beginning of the step
    counted: bool
    branch: str
    ends: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What a clock does when the step is not done."""

    at: datetime
    name: str
    then: Sequence[Step]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A step at which the process stands, and the way on from it."""

    here: Step
    #: how many people have it in hand, where it is told to several
    count: int
    following: Sequence[Step]
    later: Sequence[Step]
    late: Late | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A process with where it stands; no variables."""

    instance_key: int
    process: str
    places: Sequence[Place]
    #: for the viewer: element id -> how many stand there
    marks: str


def of_task(house: House, actor: Actor, task: UserTaskRow) -> NextStep | None:
    """From an open task that the actor may take or read; None for any other."""
    found = task_outlook(house, actor, task)
    return _told(house, actor, found) if found is not None else None


def of_instance(house: House, actor: Actor, key: int) -> NextStep:
    """From where a process stands; `NotFound` for whom it is no concern."""
    return _told(house, actor, outlook(house, actor, key))


def of_course(house: House, actor: Actor, process_id: str, business_key: str) -> NextStep | None:
    """From where the live process of that name and matter stands, such as "evaluation".

    The key is "person:cycle" for what runs once a year for a person, the id of the output for a
    contribution. None where none lives or it is no concern of the actor.
    """
    key = course_of(house, actor, process_id, business_key)
    return of_instance(house, actor, key) if key is not None else None


def _told(house: House, actor: Actor, seen: Outlook) -> NextStep:
    names = _names(house, seen)
    marks = {one.foresight.element_id: max(1, len(one.tasks)) for one in seen.standing}
    return NextStep(
        instance_key=seen.instance_key,
        process=seen.definition.name,
        places=[_place(actor, one, names) for one in seen.standing],
        marks=json.dumps({"tokens": marks, "incidents": []}),
    )


def _names(house: House, seen: Outlook) -> Mapping[str, str]:
    found = {person for one in seen.standing for person in _people(one)}
    with house.reading() as uow:
        return uow.agency.names(sorted(found))


def _people(one: Standing) -> Iterator[str]:
    silence = one.foresight.silence
    steps = [*one.foresight.following, *one.foresight.later, *(silence.then if silence else ())]
    yield from (step.person_id for step in steps if step.person_id is not None)
    if not one.foresight.each:
        yield from (task.assignee for task in one.tasks if task.assignee is not None)


def _place(actor: Actor, one: Standing, names: Mapping[str, str]) -> Place:
    seen = one.foresight
    return Place(
        here=_here(actor, one, names),
        count=len(one.tasks),
        following=[_step(actor, step, names) for step in seen.following],
        later=[_step(actor, _dated(step), names) for step in seen.later],
        late=_late(actor, seen.silence, names),
    )


def _dated(step: Ahead) -> Ahead:
    """Without a day that counts from a beginning nobody knows yet."""
    return replace(step, due_at=None) if step.counted else step


def _here(actor: Actor, one: Standing, names: Mapping[str, str]) -> Step:
    seen = one.foresight
    mine = any(task.assignee == actor.person_id is not None for task in one.tasks)
    holder = next((task.assignee for task in one.tasks), None)
    person = None if seen.each else holder
    return Step(
        name=seen.name or _kind_words(seen),
        who=_who(actor, seen.lane, actor.person_id if mine else person, names),
        mine=mine,
        due_at=next((task.due_at for task in one.tasks if task.due_at), seen.until),
        counted=False,
        branch="",
        ends=False,
    )


def _kind_words(seen: Foresight) -> str:
    return _("a day is awaited") if seen.kind is StepKind.WAIT else _("a step")


def _step(actor: Actor, step: Ahead, names: Mapping[str, str]) -> Step:
    groups = ", ".join(str(_GROUP_WORDS.get(name, name)) for name in step.groups)
    return Step(
        name=step.name or _("The process ends"),
        who=_who(actor, groups or step.lane, step.person_id, names) or _several(step),
        mine=step.person_id is not None and step.person_id == actor.person_id,
        due_at=step.due_at,
        counted=step.counted,
        branch=step.branch,
        ends=step.kind is StepKind.END,
    )


def _several(step: Ahead) -> str:
    return _("each person concerned") if step.each and step.kind is StepKind.TASK else ""


def _who(actor: Actor, lane: str, person: str | None, names: Mapping[str, str]) -> str:
    office = "" if lane == _ENGINE_LANE else lane
    if person is not None and person == actor.person_id:
        return _("you")
    name = names.get(person or "", "")
    return ": ".join(word for word in (office, name) if word)


def _late(actor: Actor, silence: Silence | None, names: Mapping[str, str]) -> Late | None:
    if silence is None:
        return None
    then = [_step(actor, step, names) for step in silence.then]
    return Late(at=silence.at, name=silence.name, then=then)
