"""A process played by hand on paper: what stands after each step, and what may come next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.errors import FieldFault
    from engine.usecases.ports.process import (
        FormRow,
        HistoryRow,
        IncidentRow,
        Json,
        Resource,
        UserTaskRow,
        WorkerJobRow,
    )
    from engine.usecases.ports.process_store import ProcessStore
    from engine.usecases.ports.scenarios import Told

#: (process id, element id)
Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The form that somebody is about to fill in: of a task, or of the start."""

    #: None: the start event
    element_id: str | None = None
    #: which of several open tasks of the element, from 1
    number: int = 1
    #: id of the person who starts
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is wanted beside the run itself."""

    opened: Opened | None = None
    #: asked again and again: whether nobody waits any longer; the run then stops
    over: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm:
    """That form (None: nothing is asked), and what it sees."""

    form: FormRow | None
    variables: Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """A start event, and how a run begins there."""

    element_id: str
    name: str
    #: "form" (a person), "none" (variables), "message", "signal" or "timer"
    kind: str
    #: of the message or signal
    message: str = ""
    due_at: datetime | None = None
    #: groups that may start by the form, and `person` for everybody
    starters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneTask:
    """An open task and who has it in the list."""

    row: UserTaskRow
    #: which of several of its element, from 1
    number: int
    #: people of the run in whose list it is
    sees: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A message or signal that something waits for, or that begins an instance."""

    #: "message" or "signal"
    kind: str
    name: str
    key: str
    place: Place
    #: it begins an instance
    begins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A timer that is set."""

    at: datetime
    place: Place
    begins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An operation that was reached or a question that was asked, in order."""

    #: "operation" or "function"
    kind: str
    name: str
    #: elements at which it was reached; of a question ""
    element_id: str = ""
    #: arguments of the question
    arguments: tuple[Json, ...] = ()
    #: which time it was reached, from 1
    turn: int = 1
    #: what the form brought to the operation
    form: Mapping[str, Json] = field(default_factory=dict)
    #: "given", "error" (code), "fails" (words), "none": nobody answered; "house": it knows itself
    answer: str = "none"
    value: Json = None
    #: it was reached by the last step
    fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision that was taken."""

    decision_id: str
    place: Place
    #: numbers of the rules that counted
    rules: tuple[int, ...]
    result: Json
    #: tables with what came in and the rules that counted
    tables: Sequence[Mapping[str, Json]]
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneVariable:
    """A variable of the instance."""

    name: str
    value: Json
    #: before the last step; absent: it was not set
    before: tuple[Json, ...]
    #: element inside which alone it stands; "": everywhere
    inside: str = ""

    @property
    def changed(self) -> bool:
        """Whether the last step set or changed it."""
        return self.before != (self.value,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A process that was called."""

    process_id: str
    name: str
    #: "active", "completed", "cancelled" or "suspended"
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The step that could not be done; those behind it were not tried."""

    #: number of the step from 0; -1: the start
    step: int
    why: tuple[Told, ...]
    #: of the form, when that was refused
    faults: tuple[FieldFault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything that stands after the steps of a run."""

    at: datetime
    #: the run as it was read: people, answers and steps
    told: Mapping[str, Json]
    #: an instance was started
    begun: bool = False
    ended: bool = False
    #: element -> tokens, of the process and the bodies of its multi-instances
    tokens: Mapping[str, int] = field(default_factory=dict)
    #: elements that completed, and flows walked
    passed: frozenset[str] = frozenset()
    walked: frozenset[str] = frozenset()
    tasks: tuple[SceneTask, ...] = ()
    jobs: tuple[WorkerJobRow, ...] = ()
    waits: tuple[Wait, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    incidents: tuple[IncidentRow, ...] = ()
    asked: tuple[Asked, ...] = ()
    variables: tuple[SceneVariable, ...] = ()
    decisions: tuple[Decided, ...] = ()
    called: tuple[Called, ...] = ()
    #: of the instance and all below, oldest first
    history: Sequence[HistoryRow] = ()
    #: how many of these rows stood before the last step
    history_before: int = 0
    #: (element, assignee) of the open tasks after the start and after each step
    trail: tuple[tuple[tuple[str, str | None], ...], ...] = ()
    beginnings: tuple[Beginning, ...] = ()
    names: Mapping[Place, str] = field(default_factory=dict)
    stopped: Stopped | None = None
    opened: OpenForm | None = None

    def name(self, place: Place) -> str:
        """An element as drawn; its id when it has no name."""
        return self.names.get(place) or place[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A scenario that is kept, as a run may begin from."""

    name: str
    told: Mapping[str, Json]


class SandboxPlayer(Protocol):
    """Plays a run by hand; part of `ScenarioPlayer`."""

    def scene(
        self,
        behind: ProcessStore,
        drawings: Sequence[Resource],
        run: Mapping[str, Json],
        look: Look,
    ) -> Scene:
        """Play a run from its start: {process, at, start, …, steps} as a scenario is written.

        `DrawingRefused` for drawings with errors; `InputRefused` for a run that cannot be read.
        """
        ...

    def seeds(self, file: Resource) -> Sequence[Seed]:
        """The scenarios of a file as runs; none when it cannot be read."""
        ...

    def written(self, file: Resource, run: Mapping[str, Json], name: str) -> bytes:
        """The file with the run appended as a scenario; everything else stays as it is.

        `InputRefused` for a name that is taken; `Conflict` for a file to which nothing can be
        added.
        """
        ...

    def value_of(self, text: str) -> Json:
        """A value as somebody types it, in one or more lines; `InputRefused`."""
        ...

    def text_of(self, value: Json) -> str:
        """A value as `value_of` reads it; values by name one a line."""
        ...
