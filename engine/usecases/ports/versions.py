"""Two versions of a process side by side, and the plan that moves instances between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.usecases.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One property that differs; None: it is not there."""

    #: dotted name in our model, such as "user_task.assignee" or "event.timer.expression"
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One element or flow that differs between two versions."""

    #: "added", "removed" or "changed"
    how: str
    #: "element", "flow" or "process"
    what: str
    id: str
    name: str
    #: BPMN type of an element ("userTask"), "sequenceFlow", or "process"
    type: str
    details: tuple[Detail, ...] = ()
    #: element that a flow leaves; "" for what is no flow
    leaves: str = ""
    #: who does, and with which form, an element that was added or removed; a flow: its condition
    holds: tuple[Detail, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed from one version to another, in document order."""

    source_key: int
    target_key: int
    changes: tuple[Change, ...]
    #: element ids that are the same in both
    same: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationPlan:
    """Which element of the target version takes the tokens of which element of the source."""

    #: definition keys
    source_key: int
    target_key: int
    #: source element id -> target element id; tokens on others cannot move
    elements: Mapping[str, str]
    #: source ids of events whose timers and subscriptions begin anew by the target's drawing;
    #: all others keep their due time, message name and key
    anew: frozenset[str] = frozenset()
    #: ask the target's drawing whose the open tasks are; False: who has a task keeps it
    ask_people: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A plan as the engine would make it, and how sure it is of each pair."""

    plan: MigrationPlan
    #: source element id -> "id" (same id and kind) or "name" (same kind and name, elsewhere unique)
    because: Mapping[str, str]
    #: source elements on which tokens may stand and that nothing in the target answers to
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a plan or an instance cannot move."""

    #: stable: "unknown-element", "kind", "scope", "boundary", "twice", "multi-instance",
    #: "unmapped", "flow", "event", "form", "state", "ended", "version", "moved", "own-matter"
    code: str
    #: source element id, "" for the whole
    element_id: str
    #: English sentence
    message: str
    #: the execution root it stands in; None: a fault of the plan
    instance_key: int | None = None


class MigrationRefused(Conflict):
    """An instance (or a plan) cannot move; it was left as it was."""

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        super().__init__(
            "; ".join(o.message for o in obstacles),
            obstacles=[[o.code, o.element_id, o.message] for o in obstacles],
        )
        self.obstacles = obstacles


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What moving one instance did."""

    #: tokens that moved, those of multi-instance children included
    tokens: int
    #: what was there before, for the undo; None: it went on at once and cannot go back
    before: bytes | None
    #: source ids of events that wait no more, because the target does not draw them
    dropped: tuple[str, ...] = field(default=())
