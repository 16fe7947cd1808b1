"""A process played by hand: what is on the table runs on paper, and a run becomes a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.usecases.drafting import SaveDraft, save_draft
from engine.usecases.errors import Conflict, FieldFault, InputRefused
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from engine.usecases.ports.sandbox import Look, Opened, Place, Scene
from engine.usecases.ports.scenarios import Limits
from engine.usecases.rights import require
from engine.usecases.scenario_gate import apart
from engine.usecases.tabling import on_table, table_set

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.sandbox import Seed
    from engine.usecases.ports.scenarios import ScenarioPlayer, Told
    from engine.usecases.ports.work import House

RIGHT: Final = "definition:draft"
#: nobody waits longer for a page
_PATIENCE: Final = timedelta(seconds=10)
NAME_MAX: Final = 200
#: elements of a proposed path
_PATH_MAX: Final = 60
#: what may be kept of a run beside single variables and decisions
WHOLE: Final = ("path", "state", "sees", "each")


class RunFails(Conflict):
    """The scenario would not pass; nothing is kept."""

    def __init__(self, faults: Sequence[Told]) -> None:
        super().__init__("run_fails")
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What holds at the end of a run, as a scenario may expect it."""

    path: Sequence[str] = ()
    ended: bool = False
    tasks: Sequence[str] = ()
    jobs: Sequence[str] = ()
    incidents: Sequence[str] = ()
    assigned: Mapping[str, str] = field(default_factory=dict)
    sees: Mapping[str, Sequence[str]] = field(default_factory=dict)
    variables: Mapping[str, Json] = field(default_factory=dict)
    #: decision -> its rules, and its result where a file can say it exactly
    decisions: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRun:
    """Keep a run as a scenario."""

    process_id: str
    #: the run: process, at, start, …, steps
    run: Mapping[str, Json]
    name: str
    #: of `WHOLE`, "variable:NAME" and "decision:ID"
    keep: frozenset[str]


def drawing_on_table(house: House, actor: Actor, process_id: str) -> Resource:
    """The drawing that is played; `AccessRefused`, `NotFound`."""
    require(actor, RIGHT, process_id)
    return on_table(house, actor, Subject(DraftKind.PROCESS, process_id)).resource


def play_on(
    house: House, actor: Actor, run: Mapping[str, Json], opened: Opened | None = None
) -> Scene:
    """What stands after all steps of a run of what is on the table; nothing is kept.

    `AccessRefused`, `NotFound`, `DrawingRefused` for a drawing with errors, `InputRefused` for a
    run that cannot be read.
    """
    process_id = str(run["process"])
    require(actor, RIGHT, process_id)
    drawings, _ = apart(table_set(house, actor, process_id))
    with house.reading() as uow:
        look = Look(opened=opened, over=_impatience(house))
        return _player(house).scene(uow.processes, drawings, run, look)


def seeds(house: House, actor: Actor, process_id: str) -> Sequence[Seed]:
    """The scenarios on the table of a process, as runs may begin from."""
    require(actor, RIGHT, process_id)
    file = on_table(house, actor, Subject(DraftKind.SCENARIOS, process_id))
    return _player(house).seeds(file.resource)


def read_value(house: House, text: str) -> Json:
    """A value as somebody types it; `InputRefused`."""
    return _player(house).value_of(text)


def shown_value(house: House, value: Json) -> str:
    """A value as `read_value` reads it."""
    return _player(house).text_of(value)


def record(house: House, actor: Actor, command: RecordRun) -> None:
    """Keep a run in the draft of the process's scenarios, once it was played and passes.

    `RunFails` with what does not hold; `InputRefused` for its name; `DraftMoved` when the draft
    was saved meanwhile; `Conflict` for a file to which nothing can be added.
    """
    require(actor, RIGHT, command.process_id)
    name = _name(command.name)
    scene = play_on(house, actor, command.run)
    if scene.stopped is not None:
        raise RunFails(scene.stopped.why)
    subject = Subject(DraftKind.SCENARIOS, command.process_id)
    table = on_table(house, actor, subject)
    run = _expecting(_open_named(command.run, scene), scene, command.keep)
    content = _player(house).written(table.resource, run, name)
    file = Resource(name=table.resource_name, content=content)
    _prove(house, actor, command.process_id, file, name)
    save_draft(
        house,
        actor,
        SaveDraft(
            subject=subject,
            content=content,
            base_key=table.base_key,
            expected=table.draft.mark if table.draft else "",
        ),
    )


def proposed(scene: Scene) -> Proposal:
    """Everything that a scenario of this run may expect."""
    return Proposal(
        path=_path(scene),
        ended=scene.ended,
        tasks=[task.row.element_id for task in scene.tasks],
        jobs=[job.element_id for job in scene.jobs],
        incidents=[one.element_id for one in scene.incidents],
        assigned={
            task.row.element_id: task.row.assignee
            for task in reversed(scene.tasks)
            if task.row.assignee is not None
        },
        sees=_sees(scene),
        variables={one.name: one.value for one in scene.variables if not one.inside},
        decisions={one.decision_id: _decision(one.rules, one.result) for one in scene.decisions},
    )


def _player(house: House) -> ScenarioPlayer:
    if house.scenarios is None:
        raise Conflict("no_scenarios")
    return house.scenarios


def _impatience(house: House) -> Callable[[], bool]:
    until = house.clock.real_now() + _PATIENCE
    return lambda: house.clock.real_now() > until


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 0 < len(name) <= NAME_MAX:
        raise InputRefused(
            FieldFault(field="name", code="scenario_unnamed", message=f"1 to {NAME_MAX} letters")
        )
    return name


def _prove(house: House, actor: Actor, process_id: str, file: Resource, name: str) -> None:
    """Play the new scenario as it stands in its file."""
    drawings, _ = apart(table_set(house, actor, process_id))
    with house.reading() as uow:
        limits = Limits(only=(file.name, name), over=_impatience(house))
        played = _player(house).play(uow.processes, drawings, (file,), limits)
    failed = [fault for story in played.failed for fault in story.faults]
    if failed:
        raise RunFails(failed)


def _open_named(run: Mapping[str, Json], scene: Scene) -> dict[str, Json]:
    """The run with an empty answer for what nobody answered, lest the file's own answer counts."""
    answers = run.get("answers") or {}
    told: dict[str, dict[str, Json]] = {
        kind: dict(answers.get(kind) or {}) for kind in ("operations", "functions")
    }
    for one in scene.asked:
        told[f"{one.kind}s"].setdefault(one.name, [])
    return {**run, "answers": told}


def _expecting(run: dict[str, Json], scene: Scene, keep: frozenset[str]) -> dict[str, Json]:
    """The run with its expectations: after each step when that is wanted, and at its end."""
    found: list[Json] = []
    for number, step in enumerate(run["steps"]):
        if "each" in keep and (number or run.get("start") is not None):
            found.append(_standing(scene.trail[number]))
        found.append(step)
    last = _last(proposed(scene), keep)
    if last:
        found.append({"expect": last})
    return {**run, "steps": found}


def _standing(tasks: Sequence[tuple[str, str | None]]) -> Json:
    assigned = {element: person for element, person in reversed(tasks) if person is not None}
    told: dict[str, Json] = {"tasks": [element for element, _ in tasks]}
    return {"expect": told | ({"assigned": assigned} if assigned else {})}


def _last(holds: Proposal, keep: frozenset[str]) -> dict[str, Json]:
    told: dict[str, Json] = {}
    if "path" in keep and holds.path:
        told["path"] = list(holds.path)
    if "state" in keep:
        told |= {"ended": holds.ended, "tasks": list(holds.tasks)}
        told |= {"jobs": list(holds.jobs)} if holds.jobs else {}
        told |= {"incidents": list(holds.incidents)} if holds.incidents else {}
    if "sees" in keep and holds.sees:
        told["sees"] = {person: list(tasks) for person, tasks in holds.sees.items()}
    if "sees" in keep and holds.assigned:
        told["assigned"] = dict(holds.assigned)
    variables = {k: v for k, v in holds.variables.items() if f"variable:{k}" in keep}
    decisions = {k: dict(v) for k, v in holds.decisions.items() if f"decision:{k}" in keep}
    told |= {"variables": variables} if variables else {}
    return told | ({"decisions": decisions} if decisions else {})


def _path(scene: Scene) -> Sequence[str]:
    """Named steps and events that completed, in order; gateways are told by what follows them."""
    own = str(scene.told["process"])
    found = [
        row.element_id
        for row in scene.history
        if row.event == "completed"
        and row.process_id == own
        and scene.names.get((own, row.element_id))
        and not row.element_type.lower().endswith("gateway")
    ]
    return found[:_PATH_MAX]


def _sees(scene: Scene) -> Mapping[str, Sequence[str]]:
    people = scene.told.get("people") or {}
    return {
        person: [task.row.element_id for task in scene.tasks if person in task.sees]
        for person in people
    }


def _decision(rules: Sequence[int], result: Json) -> Mapping[str, Json]:
    told: dict[str, Json] = {"rules": list(rules)}
    return told if _inexact(result) else told | {"result": result}


def _inexact(value: Any) -> bool:
    """Whether it holds a number that is no whole one: files and history write it otherwise."""
    if isinstance(value, Mapping):
        return any(map(_inexact, value.values()))
    return any(map(_inexact, value)) if isinstance(value, list) else isinstance(value, Decimal)


__all__ = [
    "NAME_MAX",
    "WHOLE",
    "Place",
    "Proposal",
    "RecordRun",
    "RunFails",
    "drawing_on_table",
    "play_on",
    "proposed",
    "read_value",
    "record",
    "seeds",
    "shown_value",
]
