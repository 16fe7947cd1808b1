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

    def faults(
        self, behind: ProcessStore, drawings: Sequence[Resource], scenarios: Sequence[Resource]
    ) -> Sequence[Finding]:
        """What is wrong when these drawings are played; `behind` holds what they call."""
        ...
