"""Scenarios of a process as its owner works with them: listed, played, mended, taken out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.usecases.drafting import RIGHT, SaveDraft, save_draft
from engine.usecases.errors import NotFound
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from engine.usecases.ports.scenarios import Limits, Rehearsed, TrialRow
from engine.usecases.rights import require
from engine.usecases.scenario_gate import apart
from engine.usecases.tabling import on_table, table_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.errors import Finding
    from engine.usecases.ports.drafts import StudioDraft
    from engine.usecases.ports.scenarios import Story
    from engine.usecases.ports.work import House, UnitOfWork

#: how long somebody waits for all scenarios of a process
PATIENCE: Final = timedelta(seconds=20)


class Against(StrEnum):
    """What scenarios are played with."""

    #: the drawing, tables and forms that are drafted, else those that are published
    TABLE = "table"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialFile:
    """A file of scenarios: published, or the draft that takes its place."""

    name: str
    content: bytes
    stories: Sequence[Story]
    #: faults of the file itself, by line
    findings: Sequence[Finding]
    #: whether this is the file that drafts are of
    editable: bool = False
    draft: StudioDraft | None = None
    #: published version it is, or was written from
    base_key: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trials:
    """Everything that there is to try of a process."""

    process_id: str
    #: the editable one first
    files: Sequence[TrialFile]
    last: TrialRow | None
    #: whether `last` is of what is there now
    fresh: bool

    @property
    def stories(self) -> Sequence[Story]:
        """The scenarios of all files."""
        return [one for file in self.files for one in file.stories]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRun:
    """How scenarios went."""

    against: Against
    drawing: Resource
    rehearsed: Rehearsed
    #: (file, name) when one alone was played
    only: tuple[str, str] | None


def trials(house: House, actor: Actor, process_id: str) -> Trials:
    """The scenarios of a process, not played; `AccessRefused`."""
    require(actor, RIGHT, process_id)
    table = on_table(house, actor, Subject(DraftKind.SCENARIOS, process_id))
    files = [_file(house, table.resource, table.draft, table.base_key)] if table.content else []
    with house.reading() as uow:
        kept = uow.scenarios.newest((process_id,))
        last = uow.scenarios.trial(process_id)
        fresh = last is not None and last.mark == _mark(uow, process_id)
    files += [
        _file(house, Resource(name=row.resource_name, content=row.content))
        for row in kept
        if row.resource_name != table.resource_name
    ]
    return Trials(process_id=process_id, files=files, last=last, fresh=fresh)


def run_trials(
    house: House,
    actor: Actor,
    process_id: str,
    against: Against = Against.TABLE,
    only: tuple[str, str] | None = None,
) -> TrialRun:
    """Play the scenarios, or the one of a file and name, and keep how they went.

    What is played is read only; how it went is written afterwards. What takes longer than PATIENCE
    fails with that word. `NotFound` for a scenario or a published drawing that is not there,
    `DrawingRefused` for a drawing with errors, `AccessRefused`.
    """
    told = trials(house, actor, process_id)
    if only is not None and only not in {(one.resource, one.name) for one in told.stories}:
        raise NotFound("scenario", only[1])
    with house.reading() as uow:
        mark = _mark(uow, process_id)
    drawings = drawings_of(house, actor, process_id, against)
    found = _played(house, drawings, told, only)
    row = _row(house, actor, told, found, against)
    _keep(house, replace(row, mark=mark), whole=only is None)
    return TrialRun(against=against, drawing=drawings[0], rehearsed=found, only=only)


def drawings_of(
    house: House, actor: Actor, process_id: str, against: Against
) -> tuple[Resource, ...]:
    """The drawing first, then drafts of what it names; `NotFound`, `AccessRefused`."""
    require(actor, RIGHT, process_id)
    if against is Against.TABLE:
        return apart(table_set(house, actor, process_id))[0]
    with house.reading() as uow:
        row = uow.processes.latest_definition(process_id)
    if row is None:
        raise NotFound("process", process_id)
    return (Resource(name=row.resource_name, content=row.xml),)


def check_scenarios(
    house: House, actor: Actor, process_id: str, content: bytes
) -> tuple[Sequence[Story], Sequence[Finding]]:
    """What a text would hold, and what is wrong with it by line; `AccessRefused`."""
    require(actor, RIGHT, process_id)
    resource = on_table(house, actor, Subject(DraftKind.SCENARIOS, process_id)).resource
    file = _file(house, replace(resource, content=content))
    return file.stories, file.findings


def drop_scenario(
    house: House, actor: Actor, process_id: str, name: str, expected: str
) -> StudioDraft:
    """Take one scenario out of the file on the table; the draft that comes of it.

    `expected` is the mark of the draft that was looked at, "" for none. `NotFound`, `DraftMoved`,
    `Conflict` for the last one of a file, `AccessRefused`.
    """
    subject = Subject(DraftKind.SCENARIOS, process_id)
    require(actor, RIGHT, process_id)
    table = on_table(house, actor, subject)
    if house.scenarios is None or not table.content:
        raise NotFound("scenario", name)
    left = house.scenarios.without(table.resource, name)
    return save_draft(
        house,
        actor,
        SaveDraft(
            subject=subject, content=left.content, base_key=table.base_key, expected=expected
        ),
    )


def _file(
    house: House, resource: Resource, draft: StudioDraft | None = None, base_key: int | None = None
) -> TrialFile:
    player = house.scenarios
    stories, findings = ((), ()) if player is None else player.read(resource)
    return TrialFile(
        name=resource.name,
        content=resource.content,
        stories=stories,
        findings=findings,
        editable=draft is not None or base_key is not None,
        draft=draft,
        base_key=base_key,
    )


def _played(
    house: House,
    drawings: Sequence[Resource],
    told: Trials,
    only: tuple[str, str] | None,
) -> Rehearsed:
    files = [Resource(name=file.name, content=file.content) for file in told.files]
    if house.scenarios is None or not told.stories:
        return Rehearsed(stories=(), walked=())
    until = house.clock.real_now() + PATIENCE
    limits = Limits(only=only, over=lambda: house.clock.real_now() >= until)
    with house.reading() as uow:
        return house.scenarios.play(uow.processes, drawings, files, limits)


def _row(house: House, actor: Actor, told: Trials, found: Rehearsed, against: Against) -> TrialRow:
    flows = [one for one in found.walked if one.name == told.process_id and one.kind == "process"]
    rules = [one for one in found.walked if one.kind == "decision"]
    return TrialRow(
        process_id=told.process_id,
        at=house.clock.now(),
        by=actor.name,
        against=against.value,
        mark="",
        passed=len(found.stories) - len(found.failed),
        failed=len(found.failed) + sum(1 for file in told.files if file.findings),
        flows=sum(one.parts for one in flows),
        flows_walked=sum(one.walked for one in flows),
        rules=sum(one.parts for one in rules),
        rules_walked=sum(one.walked for one in rules),
        stories={
            story_key(one.resource, one.name): one.line if one.faults else 0
            for one in found.stories
        },
    )


def story_key(file: str, name: str) -> str:
    """Under which a scenario stands in `TrialRow.stories`."""
    return f"{file}: {name}"


def _keep(house: House, row: TrialRow, *, whole: bool) -> None:
    """Write how all went, or how one went beside the others of the same state."""
    with house.writing() as uow:
        before = uow.scenarios.trial(row.process_id)
        if not whole:
            same = before is not None and (before.mark, before.against) == (row.mark, row.against)
            if before is None or not same:
                return
            stories = {**before.stories, **row.stories}
            failed = sum(1 for line in stories.values() if line)
            row = replace(before, stories=stories, failed=failed, passed=len(stories) - failed)
        uow.scenarios.put_trial(row)
        uow.commit()


def _mark(uow: UnitOfWork, process_id: str) -> str:
    """What tells this state of drawing and scenarios from every other one."""
    version = uow.processes.latest_definition(process_id)
    drafts = (
        uow.drafts.current(Subject(kind, process_id))
        for kind in (DraftKind.PROCESS, DraftKind.SCENARIOS)
    )
    files = sorted(row.key for row in uow.scenarios.newest((process_id,)))
    parts = (version.key if version else 0, *(one.mark if one else "" for one in drafts), *files)
    return " ".join(map(str, parts))
