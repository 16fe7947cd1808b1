"""One edit of a drawing, from bytes to bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.steplist.adding import Adding, add
from engine.steplist.faults import EditRefused
from engine.steplist.joining import join
from engine.steplist.moving import move
from engine.steplist.paper import Paper
from engine.steplist.removing import remove
from engine.steplist.writing import Saying, WaySaid, say, say_ways

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """New texts of a step."""

    step_id: str
    said: Saying


@dataclass(frozen=True, slots=True, kw_only=True)
class SayWays:
    """New names and conditions of the ways out of a step."""

    step_id: str
    ways: Sequence[WaySaid]
    #: id of the flow that is taken when no condition holds; "" for none
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStep:
    """A new step behind a step."""

    step_id: str
    adding: Adding


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """A step taken out."""

    step_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A step one place up or down."""

    step_id: str
    up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """A step led on to another one."""

    step_id: str
    target_id: str
    flow_id: str = ""
    condition: str = ""


Edit = Say | SayWays | AddStep | Remove | Move | Join


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The drawing after an edit."""

    content: bytes
    #: the step to look at now: the changed one, the new one, or the one before that is gone
    step_id: str
    #: steps that are gone
    removed: int = 0


def edited(content: bytes, edit: Edit, names: frozenset[str]) -> Edited:
    """The drawing with the edit made; the same bytes when nothing changes.

    `names`: functions that FEEL may call. `EditRefused`; the drawing stays as it was then.
    """
    paper = Paper.read(content)
    before = paper.written()
    step_id, removed = _made(paper, edit, names)
    after = paper.written()
    return Edited(content=content if after == before else after, step_id=step_id, removed=removed)


def _made(paper: Paper, edit: Edit, names: frozenset[str]) -> tuple[str, int]:
    match edit:
        case Say(step_id=step_id, said=said):
            say(paper, step_id, said, names)
        case SayWays(step_id=step_id, ways=ways, default=default):
            say_ways(paper, step_id, ways, default, names)
        case AddStep(step_id=step_id, adding=adding):
            return add(paper, step_id, adding, names), 0
        case Remove(step_id=step_id):
            return _before(paper, step_id), remove(paper, step_id)
        case Move(step_id=step_id, up=up):
            move(paper, step_id, up=up)
        case Join(step_id=step_id, target_id=target, flow_id=flow, condition=condition):
            join(paper, step_id, target, names, flow_id=flow, condition=condition)
    return edit.step_id, 0


def _before(paper: Paper, step_id: str) -> str:
    """What leads to a step, or holds it."""
    node = paper.node(step_id)
    into = paper.into(node)
    return into[0].get("sourceRef", "") if into else node.get("attachedToRef", "")


__all__ = [
    "AddStep",
    "Edit",
    "EditRefused",
    "Edited",
    "Join",
    "Move",
    "Remove",
    "Say",
    "SayWays",
    "edited",
]
