"""`ScenarioPlayer`: what a deployment asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.rehearsal.stage import Props
from engine.scenarios.reading import read_scenarios
from engine.scenarios.running import run
from engine.usecases.ports.scenarios import Rehearsed, Story, Walked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.errors import Finding
    from engine.usecases.ports.process import Resource
    from engine.usecases.ports.process_store import ProcessStore
    from engine.usecases.ports.runner import ProcessHost
    from engine.usecases.ports.work import Forms


@dataclass(frozen=True, slots=True)
class Player:
    """Plays scenario files with the house's operations and questions by name."""

    host: ProcessHost
    forms: Forms

    def process_of(self, resource: Resource) -> str | None:
        """The process that a file is about; None when it cannot be read."""
        file, _ = read_scenarios(resource)
        return None if file is None else file.process_id

    def stories_of(self, resource: Resource) -> Sequence[Story]:
        """The scenarios of a file, not played; none when it cannot be read."""
        file, _ = read_scenarios(resource)
        told = () if file is None else file.scenarios
        return [Story(resource=resource.name, name=one.name, line=one.line) for one in told]

    def play(
        self, behind: ProcessStore, drawings: Sequence[Resource], scenarios: Sequence[Resource]
    ) -> Rehearsed:
        """How each goes, and what was walked; `DrawingRefused` for drawings with errors."""
        props = Props(host=self.host, forms=self.forms, behind=behind)
        report = run(props, (*drawings, *scenarios))
        stories = [
            Story(
                resource=resource,
                name=one.name,
                line=one.line,
                faults=one.faults,
                unanswered=one.unanswered,
            )
            for resource, one in report.played
        ]
        walked = [
            Walked(kind=one.kind, name=one.name, parts=one.parts, missed=one.missed)
            for one in report.covered
        ]
        return Rehearsed(stories=stories, walked=walked)

    def faults(
        self, behind: ProcessStore, drawings: Sequence[Resource], scenarios: Sequence[Resource]
    ) -> Sequence[Finding]:
        """What is wrong when these drawings are played; `behind` holds what they call."""
        props = Props(host=self.host, forms=self.forms, behind=behind)
        return run(props, (*drawings, *scenarios)).faults()
