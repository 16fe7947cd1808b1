"""What lies ahead of a step of a process: rows that pages show, without variables."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.usecases.ports.process import DefinitionRow, UserTaskRow


class StepKind(StrEnum):
    """What happens at a step."""

    #: people act
    TASK = "task"
    #: another process runs
    PROCESS = "process"
    #: a day, a message or a signal is awaited
    WAIT = "wait"
    #: the process ends
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A step that may follow, as the drawing tells it."""

    element_id: str
    #: as drawn; empty when unnamed
    name: str
    kind: StepKind
    #: words of the drawing's lane, such as "Pejabat penilai"; empty without one
    lane: str
    #: once for each of several people
    each: bool = False
    #: whom the organisation names for it now; None: told to nobody, or nobody
    person_id: str | None = None
    #: groups of which anybody may do it
    groups: tuple[str, ...] = ()
    due_at: datetime | None = None
    #: `due_at` counts from the day on which the step begins; it is told as if that were now
    counted: bool = False
    #: words of the branch that leads there, such as "Diterima? kembali"; empty: always
    branch: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What happens when a step is not done in time."""

    name: str
    at: datetime
    then: Sequence[Ahead]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """From one step on."""

    element_id: str
    name: str
    lane: str
    kind: StepKind
    each: bool
    #: what a wait waits for, when that is a moment
    until: datetime | None
    #: what follows at once, all branches
    following: Sequence[Ahead]
    #: what comes after that on the normal way, nearest first
    later: Sequence[Ahead]
    silence: Silence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A step at which a process stands, with the open tasks of it."""

    instance_key: int
    foresight: Foresight
    tasks: Sequence[UserTaskRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Where a process stands and what comes next."""

    #: of the process whose drawing is shown
    instance_key: int
    root_key: int
    definition: DefinitionRow
    #: empty when it ended
    standing: Sequence[Standing]
