"""What people do with a task together, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases.delegating import may_delegate
from engine.usecases.ports.process import TaskState
from engine.usecases.remarks import Place, beside
from engine.usecases.rights import may, same_agency
from web.readings.names import person_names

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import UserTaskRow
    from engine.usecases.ports.remarks import Heard
    from engine.usecases.ports.work import House
    from engine.usecases.remarks import Beside
    from engine.usecases.task_views import TaskView


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Remarks beside a task or process, and whom one may call."""

    remarks: Sequence[Heard]
    #: id of the last one, where more follow
    more: str | None
    #: names by id, the reader left out
    people: Mapping[str, str]
    follows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The panel below a task."""

    talk: Talk
    #: name of who works on it for its owner, and of the owner; "" while nobody does
    delegate: str
    owner: str
    #: the reader owns what somebody else works on, or works on it himself
    takes_back: bool
    hands_back: bool
    may_claim: bool
    may_give_back: bool
    may_delegate: bool
    may_follow_up: bool
    may_schedule: bool
    #: values of the fields, by the agency's clock
    follow_up: str
    due: str


def panel_of(house: House, actor: Actor, view: TaskView, zone: ZoneInfo) -> Panel:
    """The panel of a task that the actor sees; a constant number of statements."""
    task = view.task
    lent = task.owner is not None and task.state is TaskState.CREATED
    names = person_names(house, [task.assignee, task.owner]) if lent else {}
    mine = actor.person_id is not None and task.assignee == actor.person_id
    takes, steers = view.may_complete, _steers(actor, task)
    found = beside(house, actor, Place(task_key=task.key))
    return Panel(
        talk=talk_of(found, actor, follows=found.follows_task),
        delegate=names.get(task.assignee or "", ""),
        owner=names.get(task.owner or "", ""),
        takes_back=lent and task.owner == actor.person_id,
        hands_back=lent and takes,
        may_claim=takes and task.assignee is None and actor.person_id is not None,
        may_give_back=mine and takes and not lent and bool(task.candidates),
        may_delegate=takes and may_delegate(house, actor, task),
        may_follow_up=takes,
        may_schedule=steers,
        follow_up=_local(task.follow_up_at, zone)[:10],
        due=_local(task.due_at, zone),
    )


def talk_of(found: Beside, actor: Actor, *, follows: bool) -> Talk:
    """Remarks as a page shows them."""
    return Talk(
        remarks=found.remarks,
        more=found.remarks[-1].remark.id if found.more else None,
        people={one: name for one, name in found.people.items() if one != actor.person_id},
        follows=follows,
    )


def _steers(actor: Actor, task: UserTaskRow) -> bool:
    return (
        task.state is TaskState.CREATED
        and may(actor, "task:assign")
        and same_agency(actor, task.agency_id)
    )


def _local(at: dt.datetime | None, zone: ZoneInfo) -> str:
    """As a field for date and time holds it."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if at else ""
