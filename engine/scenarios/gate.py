"""`ScenarioPlayer`: what a deployment asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.rehearsal.stage import Props
from engine.scenarios.editing import without
from engine.scenarios.promising import promises_of
from engine.scenarios.reading import read_scenarios
from engine.scenarios.running import run
from engine.scenarios.sandbox import scene_of
from engine.scenarios.source import ScenarioUnreadable
from engine.scenarios.writing import lines_of, seeds_of, text_of, value_of, written
from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.ports.scenarios import Limits, Rehearsed, Story, Walked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.scenarios.model import Scenario
    from engine.usecases.errors import Finding
    from engine.usecases.ports.process import Json, Resource
    from engine.usecases.ports.process_store import ProcessStore
    from engine.usecases.ports.runner import ProcessHost
    from engine.usecases.ports.sandbox import Look, Scene, Seed
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

    def read(self, resource: Resource) -> tuple[Sequence[Story], Sequence[Finding]]:
        """The scenarios of a file, not played; or none, with every fault by line."""
        file, findings = read_scenarios(resource)
        told = () if file is None else file.scenarios
        return [_story(resource.name, one) for one in told], findings

    def without(self, resource: Resource, name: str) -> Resource:
        """The file without a scenario, all else as written; `NotFound`, `Conflict`."""
        return without(resource, name)

    def stories_of(self, resource: Resource) -> Sequence[Story]:
        """The scenarios of a file, not played; none when it cannot be read."""
        return self.read(resource)[0]

    def play(
        self,
        behind: ProcessStore,
        drawings: Sequence[Resource],
        scenarios: Sequence[Resource],
        limits: Limits | None = None,
    ) -> Rehearsed:
        """How each goes, and what was walked; `DrawingRefused` for drawings with errors."""
        told = limits or Limits()
        props = Props(host=self.host, forms=self.forms, behind=behind, over=told.over)
        report = run(props, (*drawings, *scenarios), told.only)
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
            Walked(
                kind=one.kind,
                name=one.name,
                parts=one.parts,
                missed=one.missed,
                detail=one.detail,
            )
            for one in report.covered
        ]
        return Rehearsed(stories=stories, walked=walked)

    def scene(
        self,
        behind: ProcessStore,
        drawings: Sequence[Resource],
        run: Mapping[str, Json],
        look: Look,
    ) -> Scene:
        """Play a run from its start; `DrawingRefused`, `InputRefused`."""
        props = Props(host=self.host, forms=self.forms, behind=behind, over=look.over)
        return scene_of(props, drawings, run, look.opened)

    def seeds(self, file: Resource) -> Sequence[Seed]:
        """The scenarios of a file as runs; none when it cannot be read."""
        return seeds_of(file)

    def written(self, file: Resource, run: Mapping[str, Json], name: str) -> bytes:
        """The file with the run appended; `InputRefused`, `Conflict`."""
        return written(file, run, name)

    def value_of(self, text: str) -> Json:
        """A value as somebody types it; `InputRefused`."""
        try:
            return value_of(text)
        except ScenarioUnreadable as wrong:
            fault = FieldFault(field="", code="value_unreadable", message=str(wrong))
            raise InputRefused(fault) from wrong

    def text_of(self, value: Json) -> str:
        """A value as `value_of` reads it."""
        return lines_of(value) if isinstance(value, dict) and value else text_of(value)

    def faults(
        self, behind: ProcessStore, drawings: Sequence[Resource], scenarios: Sequence[Resource]
    ) -> Sequence[Finding]:
        """What is wrong when these drawings are played; `behind` holds what they call."""
        props = Props(host=self.host, forms=self.forms, behind=behind)
        return run(props, (*drawings, *scenarios)).faults()


def _story(file: str, one: Scenario) -> Story:
    return Story(
        resource=file,
        name=one.name,
        line=one.line,
        steps=len(one.steps),
        promises=promises_of(one),
    )
