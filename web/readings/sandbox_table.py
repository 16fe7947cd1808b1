"""The table of the sandbox: a run, what stands after it, and what a press makes of both."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from flask import flash, request

from engine.usecases import sandbox as play
from engine.usecases.drafting import DraftMoved
from engine.usecases.errors import Conflict, FieldFault, InputRefused
from engine.usecases.ports.sandbox import Opened, Scene
from web.context import actor, house
from web.drawings import element_names
from web.faults import faults_of
from web.readings import sandbox_acts as acts
from web.readings.sandbox import said_of
from web.readings.sandbox_files import with_paper_files
from web.taskform import FilledForm, compiled
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.sandbox import Seed

#: Monday, 5 January 2026, 08.00 in Jakarta: when a scenario begins that does not say
FIRST_DAY: Final = "2026-01-05T08:00:00+07:00"
#: what is open when a start form is
START: Final = "start:"
#: digits of the number of a task
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the page is about to show."""

    process_id: str
    xml: bytes
    seeds: Sequence[Seed]
    run: acts.Run
    scene: Scene | None = None
    #: form that is open: "element:number" or "start:person"; "" for none
    opened: str = ""
    form: FilledForm | None = None
    #: sentences about what was just refused, by field
    faults: Mapping[str, str] = field(default_factory=dict)
    #: what does not hold of a scenario that was to be kept
    unkept: Sequence[str] = ()
    #: name of the scenario that was just kept
    kept: str = ""
    #: what was posted, and is shown again
    typed: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    @property
    def names(self) -> Mapping[str, str]:
        """Elements as drawn."""
        return element_names(self.xml)

    @property
    def title(self) -> str:
        """The process as drawn."""
        return self.names.get(self.process_id) or self.process_id

    @property
    def begun(self) -> bool:
        """Whether the run has a start or a step."""
        return self.run.get("start") is not None or bool(self.run["steps"])

    @property
    def starting(self) -> bool:
        """Whether the start form is open."""
        return self.opened.startswith(START)


def table_of(process_id: str) -> Table:
    """Nothing was done yet; `AccessRefused`, `NotFound`."""
    found = play.drawing_on_table(house(), actor(), process_id)
    kept = play.seeds(house(), actor(), process_id)
    run: acts.Run = {"process": process_id, "at": FIRST_DAY, "steps": []}
    if kept:
        shared = {key: kept[0].told[key] for key in ("at", "holidays") if kept[0].told.get(key)}
        run = {**run, **shared}
    return Table(process_id=process_id, xml=found.content, seeds=kept, run=run)


def played(table: Table) -> Table:
    """The table with what stands after its run."""
    return replace(table, scene=_scene(table.run, table.opened))


def form_of(scene: Scene) -> FilledForm | None:
    """The form that was opened."""
    if scene.opened is None:
        return None
    return FilledForm(form=compiled(house(), scene.opened.form), variables=scene.opened.variables)


def pressed(table: Table, press: str) -> Table:
    """What a press makes of the table; `InputRefused` for what was typed wrongly."""
    act, _colon, rest = press.partition(":")
    if act in _ON_TABLE:
        return _ON_TABLE[act](table, rest)
    if act in acts.PLAIN:
        after = _tried(table, acts.PLAIN[act](table.run, table.typed))
        opened = table.typed.get("_opened", "") if act == "answer" else ""
        return played(replace(after, opened=opened)) if opened else after
    return played(replace(table, typed={}))


def _open(table: Table, at: str) -> Table:
    return played(replace(table, opened=at))


def _back(table: Table, _rest: str) -> Table:
    return played(replace(table, run=acts.back(table.run), typed={}))


def _cut(table: Table, rest: str) -> Table:
    steps = int(rest) if rest.isdecimal() and len(rest) <= _DIGITS else 0
    return played(replace(table, run=acts.cut(table.run, steps), typed={}))


def _retry(table: Table, element: str) -> Table:
    return _tried(table, acts.stepped(table.run, {"retry": element}))


def _cancel(table: Table, _rest: str) -> Table:
    return _tried(table, acts.stepped(table.run, {"cancel": True}))


def _move(table: Table, length: str) -> Table:
    """Time passes: to the next timer, to a day, or by a length."""
    scene = _scene(table.run)
    if length != "next":
        return _tried(table, acts.moved(table.run, length, table.typed, scene.at))
    if not scene.alarms:
        return replace(table, scene=scene)
    at = max(scene.alarms[0].at, scene.at)
    return _tried(table, acts.stepped(table.run, {"until": at.isoformat()}))


def _person(table: Table, _rest: str) -> Table:
    run = acts.acting(table.run, acts.person_of(table.typed))
    return played(replace(table, run=run, typed={}))


def _begin(table: Table, _rest: str) -> Table:
    run = acts.begun(table.run, table.typed)
    if not table.typed.get("how", "").startswith("form"):
        return _tried(table, run)
    person = acts.person_of(table.typed)
    if person.id is None:
        raise InputRefused(FieldFault(field="_other", code="field_empty", message="who?"))
    return played(replace(table, run=acts.acting(run, person), opened=START + person.id))


def _enter(table: Table, _rest: str) -> Table:
    """The start form was filled in."""
    opened = table.typed.get("_opened", "")
    scene = _scene(table.run, opened)
    form = form_of(scene)
    if form is None:
        words = _("This person may not start it: choose another one.")
        return replace(table, scene=scene, faults={"_other": words}, status=422)
    filled = form.typed(request.form)
    if (changed := filled.pressed(request.form)) is not None:
        return replace(table, scene=scene, opened=opened, form=changed)
    person = acts.Person(opened.removeprefix(START) or None)
    run = acts.entered(table.run, person, _values(filled))
    return _tried(replace(table, opened=opened, form=filled), run)


def _complete(table: Table, at: str) -> Table:
    """The form of a task was filled in."""
    scene = _scene(table.run, at)
    form = form_of(scene)
    if form is None:
        return replace(table, scene=scene)
    filled = form.typed(request.form)
    if (changed := filled.pressed(request.form)) is not None:
        return replace(table, scene=scene, opened=at, form=changed)
    element, _colon, number = at.rpartition(":")
    run = acts.completed(table.run, element, int(number), _values(filled))
    run = acts.by(run, acts.person_of(table.typed))
    return _tried(replace(table, opened=at, form=filled), run)


def _values(filled: FilledForm) -> Mapping[str, Json]:
    """What was typed, without what was left empty."""
    values = with_paper_files(filled, request.files)
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _record(table: Table, _rest: str) -> Table:
    name = " ".join(table.typed.get("name", "").split())
    keep = frozenset(request.form.getlist("keep"))
    command = play.RecordRun(process_id=table.process_id, run=table.run, name=name, keep=keep)
    try:
        play.record(house(), actor(), command)
    except play.RunFails as fails:
        why = [said_of(one, table.names) for one in fails.faults]
        return played(replace(table, unkept=why, status=422))
    except DraftMoved:
        why = [_("Somebody saved the scenarios meanwhile. Try again.")]
        return played(replace(table, unkept=why, status=409))
    except Conflict as refused:
        return played(replace(table, unkept=[_unkept(refused)], status=409))
    told = _("Kept as the scenario “%(name)s”. It was played once and passes.", name=name)
    flash(told, "good")
    seeds = play.seeds(house(), actor(), table.process_id)
    return played(replace(table, kept=name, seeds=seeds, typed={}))


def _unkept(refused: Conflict) -> str:
    known = {
        "scenario_file_faulty": _("The file of scenarios has faults: mend it in the room Tests."),
        "scenario_inline": _(
            "The scenarios of the file stand in brackets; nothing can be added to them here."
        ),
        "scenarios_too_many": _("The file holds as many scenarios as it may."),
    }
    return known.get(str(refused), str(refused))


_ON_TABLE: Final[Mapping[str, Callable[[Table, str], Table]]] = {
    "open": _open,
    "back": _back,
    "cut": _cut,
    "retry": _retry,
    "cancel": _cancel,
    "move": _move,
    "person": _person,
    "begin": _begin,
    "enter": _enter,
    "complete": _complete,
    "record": _record,
}


def _tried(table: Table, run: acts.Run) -> Table:
    """The next run; when its new step cannot be done, the old one, and why."""
    scene = _scene(run)
    stopped, last = scene.stopped, len(run["steps"]) - 1
    added = not table.begun or last >= len(table.run["steps"])
    if stopped is None or not added or stopped.step < last:
        return replace(table, run=run, scene=scene, opened="", form=None, typed={})
    fields = [fault.field for fault in stopped.faults]
    if fields and "_refusal" in table.typed:
        typed = {key: text for key, text in table.typed.items() if key != "_refusal"}
        return _tried(replace(table, typed=typed), acts.refusing(run, fields))
    left = replace(table, scene=_scene(table.run, table.opened), status=422)
    if stopped.faults and table.form is not None:
        return replace(left, form=table.form.refused(faults_of(InputRefused(*stopped.faults))))
    return replace(left, faults={"": " ".join(said_of(one, table.names) for one in stopped.why)})


def _scene(run: acts.Run, opened: str = "") -> Scene:
    return play.play_on(house(), actor(), run, _opening(opened))


def _opening(opened: str) -> Opened | None:
    if opened.startswith(START):
        return Opened(person=opened.removeprefix(START))
    element, _colon, number = opened.rpartition(":")
    if not element or not number.isdecimal() or len(number) > _DIGITS:
        return None
    return Opened(element_id=element, number=int(number))
