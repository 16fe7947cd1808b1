"""What the sandbox page shows of a run: steps, tasks and who sees them, values, answers."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from engine.dmn import sentences
from engine.usecases.sandbox import proposed, shown_value
from web.context import house, locale
from web.operation_words import OPERATIONS
from web.readings.administration import group_name
from web.readings.sandbox_acts import GROUP
from web.readings.sandbox_steps import shown, step_lines
from web.trial_words import said
from web.wording import gettext as _
from web.wording import lazy_gettext as _l
from web.wording import ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.usecases.ports.process import IncidentRow, Json, UserTaskRow
    from engine.usecases.ports.sandbox import Asked, Decided, Scene, SceneTask, Seed
    from engine.usecases.ports.scenarios import Told
    from engine.usecases.sandbox import Proposal
    from web.readings.sandbox_steps import StepLine

#: letters of a value in a table; the rest opens
SHORT: Final = 140
#: starters of a drawing: everybody who is a person
_ANYBODY: Final = "person"
_INCIDENTS: Final = {
    "expression": _l("An expression could not be evaluated."),
    "operation": _l("A step of the regulation was refused."),
    "condition": _l("No condition at a gateway holds."),
    "decision": _l("A decision table gave no usable answer."),
    "form": _l("The form does not fit."),
    "limit": _l("A limit was reached."),
    "job": _l("An external job failed."),
    "uncaught-error": _l("An error was thrown that nothing catches."),
    "state": _l("The state does not fit the drawing any more."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Somebody who may be chosen to act."""

    value: str
    label: str
    #: has it in the list, or may start
    may: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """An open task."""

    row: UserTaskRow
    name: str
    #: element and number, as a press names it
    at: str
    #: which of several, 0 where it is the only one
    number: int
    #: whom it belongs to, in words
    whom: str
    #: people of the run in whose list it is
    sees: Sequence[str]
    #: process that was called; "" for the one that is played
    process: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A thing at a step of the drawing."""

    name: str
    thing: Any
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """An operation or question with its answer."""

    thing: Asked
    #: what it is called where somebody draws
    label: str
    at: str
    arguments: str
    #: "given", "error", "fails", "none" or "house"
    answer: str
    value: str
    form: str
    #: answers that scenarios of the process know, ready to be taken
    known: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueLine:
    """A variable."""

    name: str
    text: str
    before: str | None
    changed: bool
    inside: str

    @property
    def short(self) -> bool:
        """Whether the value fits a row of the table."""
        return len(self.text) <= SHORT


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedLine:
    """A decision that was taken."""

    thing: Decided
    at: str
    #: which rules counted
    rules: str
    because: Sequence[str]
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A run as its page shows it."""

    scene: Scene
    process_id: str
    marks: str
    steps: Sequence[StepLine]
    tasks: Sequence[TaskLine]
    alarms: Sequence[Line]
    waits: Sequence[Line]
    jobs: Sequence[Line]
    incidents: Sequence[Line]
    open_questions: Sequence[AskedLine]
    answered: Sequence[AskedLine]
    variables: Sequence[ValueLine]
    decisions: Sequence[DecidedLine]
    proposal: Proposal
    #: values and decisions that a scenario may expect, as they are shown, by what is ticked
    ticks: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: why the run stopped, in words
    stopped: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def sheet_of(
    scene: Scene, process_id: str, names: Mapping[str, str], seeds: Sequence[Seed]
) -> Sheet:
    """The sheet of a scene; `names` are those of the drawing."""
    known = _known_answers(seeds)
    asked = [_asked(one, names, known) for one in scene.asked]
    holds = proposed(scene)
    return Sheet(
        scene=scene,
        process_id=process_id,
        marks=_marks(scene),
        steps=step_lines(scene, names),
        tasks=list(_tasks(scene, process_id)),
        alarms=[Line(name=_at(scene, names, one.place), thing=one) for one in scene.alarms],
        waits=[Line(name=_at(scene, names, one.place), thing=one) for one in scene.waits],
        jobs=list(_jobs(scene, names)),
        incidents=[_incident(scene, names, one) for one in scene.incidents],
        open_questions=[one for one in asked if one.answer == "none"],
        answered=[one for one in asked if one.answer != "none"],
        variables=_values(scene, names),
        decisions=[_decided(scene, names, one) for one in scene.decisions],
        proposal=holds,
        ticks=_ticks(holds),
        stopped=[said_of(one, names) for one in scene.stopped.why] if scene.stopped else (),
        names=names,
    )


def said_of(told: Told, names: Mapping[str, str]) -> str:
    """Why a step could not be done, in the reader's words."""
    if told.code == "not-yours":
        return _("This person does not have it in the list, and so cannot do it.")
    return said(told, names)


def choices_of(task: SceneTask, people: Mapping[str, Sequence[str]]) -> Sequence[Choice]:
    """Who may be asked to do a task: who has it in the list first, then everybody else."""
    row = task.row
    may = {row.assignee: row.assignee} if row.assignee else {}
    if row.assignee is None:
        may = {name: name for kind, name in row.candidates if kind == "user"}
        may |= {
            GROUP + name: _("somebody as %(role)s", role=group_name(name))
            for kind, name in row.candidates
            if kind == "group"
        }
    may |= {name: _person(name, people) for name in task.sees if name not in may}
    others = {name: _person(name, people) for name in people if name not in may}
    return [Choice(value=value, label=label, may=True) for value, label in may.items()] + [
        Choice(value=value, label=label, may=False) for value, label in others.items()
    ]


def starters_of(groups: frozenset[str], people: Mapping[str, Sequence[str]]) -> Sequence[Choice]:
    """Who may be asked to start by the form."""
    roles = [
        Choice(value=GROUP + name, label=_("somebody as %(role)s", role=group_name(name)), may=True)
        for name in sorted(groups - {_ANYBODY})
    ]
    known = [
        Choice(
            value=name,
            label=_person(name, people),
            may=_ANYBODY in groups or bool(groups & set(held or ())),
        )
        for name, held in people.items()
    ]
    found = [*roles, *sorted(known, key=lambda one: not one.may)]
    return found or [Choice(value="pegawai", label=_("an employee"), may=True)]


def rules_words(rules: Sequence[int]) -> str:
    """Like “rules 2, 5”; "" where none counted."""
    if not rules:
        return ""
    words = ngettext("rule", "rules", len(rules))
    return f"{words} {', '.join(map(str, rules))}"


def _person(name: str, people: Mapping[str, Sequence[str]]) -> str:
    groups = ", ".join(group_name(group) for group in people.get(name) or ())
    return f"{name} ({groups})" if groups else name


def _at(scene: Scene, names: Mapping[str, str], place: tuple[str, str]) -> str:
    return scene.names.get(place) or names.get(place[1]) or place[1]


def _marks(scene: Scene) -> str:
    """What the diagram shows on its elements, as JSON for the viewer."""
    return json.dumps(
        {
            "tokens": dict(scene.tokens),
            "incidents": sorted({one.element_id for one in scene.incidents}),
            "passed": sorted(scene.walked | scene.passed),
        }
    )


def _ticks(holds: Proposal) -> Mapping[str, tuple[str, str]]:
    told = {
        f"decision:{name}": (name, rules_words(said["rules"]))
        for name, said in holds.decisions.items()
    }
    return told | {
        f"variable:{name}": (name, shown(value)) for name, value in holds.variables.items()
    }


def _tasks(scene: Scene, process_id: str) -> Iterator[TaskLine]:
    count = Counter(task.row.element_id for task in scene.tasks)
    for task in scene.tasks:
        row = task.row
        yield TaskLine(
            row=row,
            name=row.name or row.element_id,
            at=f"{row.element_id}:{task.number}",
            number=task.number if count[row.element_id] > 1 else 0,
            whom=_whom(row),
            sees=task.sees,
            process="" if row.process_id == process_id else row.process_id,
        )


def _whom(row: UserTaskRow) -> str:
    if row.assignee is not None:
        return _("assigned to %(person)s", person=row.assignee)
    groups = [group_name(name) for kind, name in row.candidates if kind == "group"]
    users = [name for kind, name in row.candidates if kind == "user"]
    told = []
    if groups:
        told.append(_("whoever is %(roles)s", roles=_(" or ").join(groups)))
    if users:
        told.append(_("whoever of %(people)s takes it", people=", ".join(users)))
    return "; ".join(told) or _("nobody: the drawing names nobody for it")


def _jobs(scene: Scene, names: Mapping[str, str]) -> Iterator[Line]:
    counted: Counter[str] = Counter()
    for job in scene.jobs:
        counted[job.element_id] += 1
        yield Line(
            name=_at(scene, names, (job.process_id, job.element_id)),
            thing=job,
            words=f"{job.element_id}:{counted[job.element_id]}",
        )


def _incident(scene: Scene, names: Mapping[str, str], row: IncidentRow) -> Line:
    return Line(
        name=_at(scene, names, (row.process_id, row.element_id)),
        thing=row,
        words=str(_INCIDENTS.get(row.kind, row.kind)),
    )


def _asked(
    one: Asked, names: Mapping[str, str], known: Mapping[tuple[str, str], Sequence[str]]
) -> AskedLine:
    operation = OPERATIONS.get(one.name) if one.kind == "operation" else None
    value = one.value if one.answer in {"given", "house"} else str(one.value or "")
    return AskedLine(
        thing=one,
        label=str(operation.words) if operation else one.name,
        at=names.get(one.element_id) or one.element_id,
        arguments=shown_value(house(), list(one.arguments)) if one.kind == "function" else "",
        answer=one.answer,
        value=_typed(value) if one.answer in {"given", "house"} else str(value),
        form=_typed(dict(one.form)) if one.form else "",
        known=known.get((one.kind, one.name), ()),
    )


def _typed(value: Json) -> str:
    return "" if value is None else shown_value(house(), value)


def _known_answers(seeds: Sequence[Seed]) -> Mapping[tuple[str, str], Sequence[str]]:
    """What the scenarios of the process answer, each once, by kind and name."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for seed in seeds:
        for kind, by_name in (seed.told.get("answers") or {}).items():
            for name, held in by_name.items():
                told = found.setdefault((kind.removesuffix("s"), name), {})
                several = held if isinstance(held, list) else [held]
                for one in several:
                    given = one.get("gives") if isinstance(one, dict) else one
                    if given is not None:
                        told[shown_value(house(), given)] = None
    return {key: list(told) for key, told in found.items()}


def _values(scene: Scene, names: Mapping[str, str]) -> Sequence[ValueLine]:
    fresh = bool(scene.told["steps"])
    return [
        ValueLine(
            name=one.name,
            text=shown(one.value),
            before=shown(one.before[0]) if one.before else None,
            changed=fresh and one.changed,
            inside=names.get(one.inside, one.inside),
        )
        for one in scene.variables
    ]


def _decided(scene: Scene, names: Mapping[str, str], one: Decided) -> DecidedLine:
    return DecidedLine(
        thing=one,
        at=_at(scene, names, one.place),
        rules=rules_words(one.rules),
        because=sentences(one.tables, locale()),
        result=shown(one.result),
    )
