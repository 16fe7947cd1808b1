"""Scenarios of a process as a page shows them: promises, results, what was walked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.runtime.drawing.reader import read_drawing
from engine.runtime.drawing.source import parse
from engine.runtime.walked import nodes_of
from engine.usecases.trials import story_key
from web.tables import Column, Kind, Table
from web.trial_words import said
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.process import Resource
    from engine.usecases.ports.scenarios import Story, Walked, WalkedPart
    from engine.usecases.trials import TrialFile, TrialRun, Trials


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One scenario."""

    file: str
    name: str
    line: int
    steps: int
    #: sentences
    promises: Sequence[str]
    #: whether it passed; None: it was not played in this state
    passed: bool | None
    #: line at which it ended, 0 when it passed
    failed_line: int
    #: sentences and the engine's own in English
    faults: Sequence[tuple[str, str]]
    unanswered: Sequence[str]
    editable: bool
    #: how it went just now
    now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One decision table."""

    name: str
    walked: int
    parts: int
    #: (number, conditions, scenarios)
    rules: Sequence[tuple[str, str, int]]


def names_of(drawing: Resource, process_id: str) -> Mapping[str, str]:
    """Element -> name as drawn; those without one are not there."""
    nodes = nodes_of(drawing.content, process_id)
    return {node.id: node.name for node in nodes.values() if node.name}


def title_of(drawing: Resource, process_id: str) -> str:
    """The name of the process as drawn, else its id."""
    root, _findings = parse(drawing.content)
    if root is None:
        return process_id
    found = read_drawing(root, "").drawing.processes
    return next((one.name for one in found if one.id == process_id and one.name), process_id)


def lines(trials: Trials, run: TrialRun | None, names: Mapping[str, str]) -> Sequence[Line]:
    """All scenarios in the order of their files."""
    played = {(one.resource, one.name): one for one in run.rehearsed.stories} if run else {}
    last = trials.last.stories if trials.last and trials.fresh else {}
    return [
        _line(file, story, played.get((file.name, story.name)), last, names)
        for file in trials.files
        for story in file.stories
    ]


def _line(
    file: TrialFile,
    story: Story,
    played: Story | None,
    last: Mapping[str, int],
    names: Mapping[str, str],
) -> Line:
    failed = last.get(story_key(file.name, story.name))
    if played is not None:
        failed = played.line if played.faults else 0
    return Line(
        file=file.name,
        name=story.name,
        line=story.line,
        steps=story.steps,
        promises=[said(one, names) for one in story.promises],
        passed=None if failed is None else failed == 0,
        failed_line=failed or 0,
        faults=[(said(one, names), str(one)) for one in (played.faults if played else ())],
        unanswered=played.unanswered if played else (),
        editable=file.editable,
        now=played is not None,
    )


def drawing_walked(run: TrialRun, process_id: str) -> Walked | None:
    """What was walked of the process itself."""
    found = (one for one in run.rehearsed.walked if one.kind == "process")
    return next((one for one in found if one.name == process_id), None)


def called_walked(run: TrialRun, process_id: str) -> Sequence[Walked]:
    """What was walked of processes that it calls."""
    return [one for one in run.rehearsed.walked if one.kind == "process" and one.name != process_id]


def marks(walked: Walked | None) -> str:
    """What the drawing shows on flows and elements, as JSON for the viewer."""
    found = {part.id: part.scenarios for part in walked.detail} if walked else {}
    return json.dumps({"tokens": {}, "incidents": [], "walked": found})


def flows_table(walked: Walked, names: Mapping[str, str], *, missed: bool = False) -> Table:
    """Every flow, those that nobody walked first; or only these."""
    flows = [part for part in walked.detail if part.kind == "flow"]
    flows = [part for part in flows if not (missed and part.scenarios)]
    flows.sort(key=lambda part: part.scenarios > 0)
    return Table(
        name=f"{walked.name}-alur",
        title=_("Flows and how many scenarios walk them"),
        columns=(
            Column(_("From")),
            Column(_("To")),
            Column(_("Words on the flow")),
            Column(_("Walked")),
            Column(_("Scenarios"), Kind.NUMBER),
        ),
        rows=[
            (
                names.get(part.source, part.source),
                names.get(part.target, part.target),
                part.name,
                _("yes") if part.scenarios else _("not yet"),
                part.scenarios,
            )
            for part in flows
        ],
    )


def elements_missed(walked: Walked) -> Sequence[WalkedPart]:
    """Elements at which no scenario ever stood."""
    return [part for part in walked.detail if part.kind == "element" and not part.scenarios]


def tables_walked(run: TrialRun) -> Sequence[Rules]:
    """Decision tables with their rules."""
    return [
        Rules(
            name=one.name,
            walked=one.walked,
            parts=one.parts,
            rules=[(part.id, part.name, part.scenarios) for part in one.detail],
        )
        for one in run.rehearsed.walked
        if one.kind == "decision"
    ]
