"""What a release would do, found out without doing it: for who proposes and for who reviews."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.domain.releases import Running
from engine.usecases import release_reach, scenario_gate
from engine.usecases.as_if import as_if
from engine.usecases.definition_acts import TRY_MAX, Tried
from engine.usecases.errors import DrawingRefused, Finding
from engine.usecases.ports.batches import InstanceFilter
from engine.usecases.ports.drafts import DraftKind
from engine.usecases.ports.process import Resource
from engine.usecases.ports.releases import Standing
from engine.usecases.release_files import file_outlook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import DefinitionRow, Json, UserTaskRow
    from engine.usecases.ports.runner import Deployed
    from engine.usecases.ports.scenarios import Rehearsed
    from engine.usecases.ports.versions import (
        Difference,
        MigrationPlan,
        Obstacle,
        Proposed,
    )
    from engine.usecases.ports.work import House, UnitOfWork
    from engine.usecases.release_contents import Candidate
    from engine.usecases.release_files import FileChanges
    from engine.usecases.release_reach import Reached

#: open tasks that a page names
TASKS_SHOWN: Final = 20
#: and a file
TASKS_MAX: Final = 10_000
NOBODY: Final = Standing(tasks=0, people=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What becomes of what runs, and who takes the new version."""

    running: Running = Running.STAY
    #: old element id -> new one; None: as the engine proposes it
    elements: Mapping[str, str] | None = None
    anew: frozenset[str] = frozenset()
    ask_people: bool = False
    #: units that alone take the new version; None: all do
    units: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What would happen."""

    #: errors refuse the release
    findings: Sequence[Finding]
    #: None: it cannot be deployed
    done: Deployed | None = None
    #: version in force and the one to be, of the process whose drawing is in it
    source: DefinitionRow | None = None
    target: DefinitionRow | None = None
    difference: Difference | None = None
    files: Sequence[FileChanges] = ()
    #: None: there are no scenarios, or they were not played
    rehearsed: Rehearsed | None = None
    #: processes that use a form or a decision of it which is another now
    reached: Sequence[Reached] = ()
    #: open tasks that it touches, counted, and the first of them: at elements that change, and
    #: everywhere in a process whose undertakings will ask a changed decision
    standing: Standing = NOBODY
    tasks: Sequence[UserTaskRow] = ()
    #: undertakings that run on the version in force; of no drawing: that ask a changed decision
    instances: int = 0
    proposed: Proposed | None = None
    plan: MigrationPlan | None = None
    #: what is wrong with the plan whatever runs
    obstacles: Sequence[Obstacle] = ()
    #: how the plan went in a dry run
    tried: Tried | None = None

    @property
    def refused(self) -> bool:
        """Whether it cannot be published at all."""
        return self.done is None

    @property
    def nothing_new(self) -> bool:
        """Whether every file is as it is in force."""
        return self.done is not None and not self.changed

    @property
    def changed(self) -> bool:
        """Whether at least one file is another than the one in force."""
        done = self.done
        versions = (*done.processes, *done.decisions, *done.forms) if done else ()
        return any(row[3] for row in versions) or any(
            one.subject.kind is DraftKind.SCENARIOS and one.differs for one in self.files
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """How far to look."""

    #: play the scenarios
    play: bool = True
    tasks: int = TASKS_SHOWN


def look_ahead(
    house: House,
    uow: UnitOfWork,
    actor: Actor,
    files: Sequence[Candidate],
    choice: Choice,
    ask: Ask | None = None,
) -> Outlook:
    """Findings, changes, whom it touches, and the dry run; writes nothing."""
    ahead, ask = as_if(uow), ask or Ask()
    resources = resources_of(files)
    try:
        done = house.runner.deploy(ahead, scenario_gate.apart(resources)[0], actor)
        found = Outlook(findings=done.warnings, done=done, files=file_outlook(house, uow, files))
        found = _drawing(house, ahead, files, found)
        if ask.play:
            found = replace(found, rehearsed=scenario_gate.played(house, ahead, done, resources))
    except DrawingRefused as refused:
        return Outlook(findings=refused.findings, files=file_outlook(house, uow, files))
    found = release_reach.touched(ahead, actor, found, ask.tasks)
    if found.difference is None or found.source is None:
        return found
    return _moving(house, ahead, actor, found, choice)


def resources_of(files: Sequence[Candidate]) -> tuple[Resource, ...]:
    """As a deployment takes them."""
    return tuple(Resource(name=one.resource_name, content=one.content) for one in files)


def failing(found: Outlook) -> Sequence[str]:
    """Names of scenarios that do not go as written."""
    return [one.name for one in found.rehearsed.failed] if found.rehearsed else []


def facts_of(found: Outlook) -> Mapping[str, Json]:
    """What a release keeps of the moment at which it was proposed."""
    tried = found.tried
    return {
        "findings": [[one.severity, one.code, one.message] for one in found.findings],
        "scenarios": len(found.rehearsed.stories) if found.rehearsed else 0,
        "failing": list(failing(found)),
        "changes": len(found.difference.changes) if found.difference else 0,
        "tasks": found.standing.tasks,
        "people": found.standing.people,
        "instances": found.instances,
        "tried": None if tried is None else len(tried.instances),
        "moving": None if tried is None else tried.moving,
    }


def _drawing(
    house: House, ahead: UnitOfWork, files: Sequence[Candidate], found: Outlook
) -> Outlook:
    """The version in force and the one to be, side by side."""
    drawn = next((one for one in files if one.subject.kind is DraftKind.PROCESS), None)
    if drawn is None or found.done is None:
        return found
    key = next((row[2] for row in found.done.processes if row[0] == drawn.subject.id), None)
    if key is None:
        text = f"The drawing must hold the process '{drawn.subject.id}'."
        wrong = Finding(
            severity="error",
            code="release-other-process",
            message=text,
            resource=drawn.resource_name,
            element_id=drawn.subject.id,
        )
        raise DrawingRefused((*found.findings, wrong))
    source = None if drawn.base_key is None else ahead.processes.definition(drawn.base_key)
    target = ahead.processes.definition(key)
    if source is None or target is None:
        return replace(found, target=target)
    difference = house.runner.difference(ahead, source.key, target.key)
    return replace(found, source=source, target=target, difference=difference)


def _moving(
    house: House, ahead: UnitOfWork, actor: Actor, found: Outlook, choice: Choice
) -> Outlook:
    """The plan of a move and how it goes with what runs now."""
    if found.source is None or found.target is None or found.source.key == found.target.key:
        return found
    proposed = house.runner.propose(ahead, found.source.key, found.target.key)
    plan = replace(
        proposed.plan,
        elements=proposed.plan.elements if choice.elements is None else choice.elements,
        anew=choice.anew,
        ask_people=choice.ask_people,
    )
    found = replace(found, proposed=proposed, plan=plan)
    if choice.running is Running.STAY:
        return found
    obstacles = house.runner.check_plan(ahead, plan)
    if obstacles:
        return replace(found, obstacles=tuple(obstacles))
    meant = InstanceFilter(agency_id=actor.agency_id, definition_key=plan.source_key)
    keys = ahead.batches.instances(meant, limit=TRY_MAX + 1)
    went = {key: house.runner.check_migration(ahead, key, plan) for key in keys[:TRY_MAX]}
    after = keys[TRY_MAX - 1] if len(keys) > TRY_MAX else None
    return replace(found, tried=Tried(instances=went, after=after))
