"""Scenario files kept with the drawings they test, and who plays them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol, Self

from engine.usecases.ports.sandbox import SandboxPlayer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.errors import Finding
    from engine.usecases.ports.process import Resource
    from engine.usecases.ports.process_store import ProcessStore

#: endings of scenario files
SCENARIO_SUFFIXES: Final = (".scenarios.yaml", ".scenarios.yml")


class Told(str):
    """An English sentence that knows which it is: a page says the same in the reader's words."""

    __slots__ = ("code", "facts")

    code: str
    facts: Mapping[str, object]

    def __new__(cls, code: str, sentence: str, **facts: object) -> Self:
        """`code` is stable; `facts` are what differs: ids as text or tuples, values as JSON."""
        self = super().__new__(cls, sentence)
        self.code = code
        self.facts = facts
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRow:
    """One version of one scenario file."""

    key: int
    deployment_key: int
    process_id: str
    resource_name: str
    content: bytes
    sha256: str
    deployed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A scenario of a file, and how it went when it was played."""

    #: name of the file
    resource: str
    name: str
    #: line of the scenario, or of the step at which it ended
    line: int
    #: what was not as it should be; empty when it passed
    faults: Sequence[Told] = ()
    #: operations and questions that were reached and had no answer
    unanswered: Sequence[str] = ()
    #: how many steps it has
    steps: int = 0
    #: what it expects, the same thing once
    promises: Sequence[Told] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkedPart:
    """A flow, an element or a rule of a table, and how many scenarios went there."""

    #: "flow", "element" or "rule"
    kind: str
    #: id, of a rule its number
    id: str
    #: as drawn; of a rule its conditions
    name: str
    #: ids of the elements that a flow joins
    source: str = ""
    target: str = ""
    scenarios: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """How much of a drawing or a table scenarios walked."""

    #: "process" or "decision"
    kind: str
    #: id of the process or the table
    name: str
    #: sequence flows, or rules
    parts: int
    #: ids of flows, or numbers of rules, that none walked
    missed: Sequence[str]
    #: flows and elements of a drawing, rules of a table, as they stand there
    detail: Sequence[WalkedPart] = field(default=(), compare=False)

    @property
    def walked(self) -> int:
        """How many parts were walked."""
        return self.parts - len(self.missed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """How the scenarios of a process went."""

    stories: Sequence[Story]
    walked: Sequence[Walked]

    @property
    def failed(self) -> Sequence[Story]:
        """Those that did not pass."""
        return [one for one in self.stories if one.faults]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """How the scenarios of a process went when they were played last."""

    process_id: str
    at: datetime
    #: account that played them
    by: str
    #: "table" or "published": what they were played with
    against: str
    #: tells the drawing and the scenarios that were played from later ones
    mark: str
    passed: int
    failed: int
    flows: int
    flows_walked: int
    rules: int
    rules_walked: int
    #: "file: name" of a scenario -> the line at which it failed; 0: it passed
    stories: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is played, and how long."""

    #: (file, scenario); None: all
    only: tuple[str, str] | None = None
    #: asked again and again: whether there is no time left; what is under way then fails
    over: Callable[[], bool] | None = None


class ScenarioStore(Protocol):
    """Append-only; the newest file of a name counts. Part of the unit of work."""

    def add(self, row: ScenarioRow) -> None:
        """Keep a file."""
        ...

    def newest(self, process_ids: Collection[str] | None = None) -> Sequence[ScenarioRow]:
        """The newest version of each file (about these processes), by process id and name."""
        ...

    def trial(self, process_id: str) -> TrialRow | None:
        """How the scenarios of a process went last."""
        ...

    def trials(self) -> Sequence[TrialRow]:
        """The same of all processes, by id."""
        ...

    def put_trial(self, row: TrialRow) -> None:
        """Keep how they went in the place of what was kept before."""
        ...


class ScenarioPlayer(SandboxPlayer, Protocol):
    """Plays scenario files against drawings, in memory."""

    def process_of(self, resource: Resource) -> str | None:
        """The process that a file is about; None when it cannot be read."""
        ...

    def stories_of(self, resource: Resource) -> Sequence[Story]:
        """The scenarios of a file, not played; none when it cannot be read."""
        ...

    def read(self, resource: Resource) -> tuple[Sequence[Story], Sequence[Finding]]:
        """The scenarios of a file, not played; or none, with every fault by line."""
        ...

    def without(self, resource: Resource, name: str) -> Resource:
        """The file without a scenario, all else as written; `NotFound`, `Conflict`."""
        ...

    def play(
        self,
        behind: ProcessStore,
        drawings: Sequence[Resource],
        scenarios: Sequence[Resource],
        limits: Limits | None = None,
    ) -> Rehearsed:
        """How each goes, and what was walked; `DrawingRefused` for drawings with errors."""
        ...

    def faults(
        self, behind: ProcessStore, drawings: Sequence[Resource], scenarios: Sequence[Resource]
    ) -> Sequence[Finding]:
        """What is wrong when these drawings are played; `behind` holds what they call."""
        ...
