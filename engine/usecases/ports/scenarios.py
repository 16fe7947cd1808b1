"""Scenario files kept with the drawings they test, and who plays them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from engine.usecases.errors import Finding
    from engine.usecases.ports.process import Resource
    from engine.usecases.ports.process_store import ProcessStore

#: endings of scenario files
SCENARIO_SUFFIXES: Final = (".scenarios.yaml", ".scenarios.yml")


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
    faults: Sequence[str] = ()
    #: operations and questions that were reached and had no answer
    unanswered: Sequence[str] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """How the scenarios of a process went."""

    stories: Sequence[Story]
    walked: Sequence[Walked]

    @property
    def failed(self) -> Sequence[Story]:
        """Those that did not pass."""
        return [one for one in self.stories if one.faults]


class ScenarioStore(Protocol):
    """Append-only; the newest file of a name counts. Part of the unit of work."""

    def add(self, row: ScenarioRow) -> None:
        """Keep a file."""
        ...

    def newest(self, process_ids: Collection[str] | None = None) -> Sequence[ScenarioRow]:
        """The newest version of each file (about these processes), by process id and name."""
        ...


class ScenarioPlayer(Protocol):
    """Plays scenario files against drawings, in memory."""

    def process_of(self, resource: Resource) -> str | None:
        """The process that a file is about; None when it cannot be read."""
        ...

    def stories_of(self, resource: Resource) -> Sequence[Story]:
        """The scenarios of a file, not played; none when it cannot be read."""
        ...

    def play(
        self, behind: ProcessStore, drawings: Sequence[Resource], scenarios: Sequence[Resource]
    ) -> Rehearsed:
        """How each goes, and what was walked; `DrawingRefused` for drawings with errors."""
        ...

    def faults(
        self, behind: ProcessStore, drawings: Sequence[Resource], scenarios: Sequence[Resource]
    ) -> Sequence[Finding]:
        """What is wrong when these drawings are played; `behind` holds what they call."""
        ...
