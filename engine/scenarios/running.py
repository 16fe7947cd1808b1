"""Scenario files run against the drawings they came with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.rehearsal.stage import Props, Stage
from engine.scenarios.coverage import Coverage, Covered
from engine.scenarios.playing import Played, play
from engine.scenarios.reading import BEGINS_AT, read_scenarios
from engine.usecases.errors import Finding
from engine.usecases.ports.scenarios import Told
from engine.usecases.scenario_gate import apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from engine.scenarios.model import Scenario, ScenarioFile
    from engine.usecases.ports.process import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How all scenarios went."""

    files: tuple[ScenarioFile, ...]
    #: faults of the scenario files themselves
    findings: tuple[Finding, ...]
    #: (file, how it went)
    played: tuple[tuple[str, Played], ...]
    covered: tuple[Covered, ...]

    @property
    def passed(self) -> bool:
        """Every file could be read, and every scenario passed."""
        return not self.findings and all(one.passed for _, one in self.played)

    def faults(self) -> tuple[Finding, ...]:
        """Everything that is wrong, as findings of a deployment."""
        return self.findings + tuple(
            Finding(
                severity="error",
                code="scenario-failed",
                message=f"Scenario '{one.name}': {fault}.",
                resource=resource,
                line=one.line,
            )
            for resource, one in self.played
            for fault in one.faults
        )


def run(props: Props, resources: Sequence[Resource], only: tuple[str, str] | None = None) -> Report:
    """Deploy the drawings in memory and play every scenario of the files among them.

    `only` names one by file and name. `DrawingRefused` when the drawings themselves have errors.
    """
    drawings, stories = apart(resources)
    read = [read_scenarios(one) for one in stories]
    files = [file for file, _ in read if file is not None]
    findings = tuple(finding for _, found in read for finding in found)
    if not files:
        return Report(files=(), findings=findings, played=(), covered=())
    stage = Stage(props, BEGINS_AT)
    stage.deploy(drawings)
    coverage = Coverage()
    over = props.over or (lambda: False)
    played = tuple(_played(stage, _chosen(files, only), coverage, over))
    return Report(files=tuple(files), findings=findings, played=played, covered=coverage.told())


def _chosen(
    files: Sequence[ScenarioFile], only: tuple[str, str] | None
) -> Sequence[tuple[str, Scenario]]:
    """Scenarios with their file."""
    told = [(file.resource, one) for file in files for one in file.scenarios]
    return [(file, one) for file, one in told if only is None or only == (file, one.name)]


def _played(
    stage: Stage,
    chosen: Sequence[tuple[str, Scenario]],
    coverage: Coverage,
    over: Callable[[], bool],
) -> Iterable[tuple[str, Played]]:
    for file, scenario in chosen:
        if over():
            yield file, _not_played(scenario)
            continue
        one = play(stage, scenario)
        coverage.add(stage.store, one.history)
        yield file, one


def _not_played(scenario: Scenario) -> Played:
    why = Told("not-played", "not played: there was no time left")
    return Played(name=scenario.name, line=scenario.line, faults=(why,), unanswered=(), history=())
