"""A release as a page shows it: both drawings with marks, changes in words, whom it touches."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from engine.usecases.ports.drafts import DraftKind
from engine.usecases.ports.versions import Change, Detail, Difference
from web.drawings import element_labels, who_does
from web.readings import moves
from web.readings.file_words import changed_part
from web.readings.names import person_names
from web.readings.tried import tried_table
from web.tables import Column, Kind, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import UserTaskRow
    from engine.usecases.ports.work import House
    from engine.usecases.release_files import FileChanges
    from engine.usecases.release_outlook import Outlook
    from engine.usecases.release_reach import Reached
    from web.readings.moves import Changed, Pair

#: beginnings of properties that say who does something, and with which form
_PEOPLE: Final = ("user_task.assignee", "user_task.candidate", "lane", "group")
_FORMS: Final = ("user_task.form", "form")
_DI: Final = "{http://www.omg.org/spec/BPMN/20100524/DI}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One drawing and the marks on it."""

    xml: str
    #: JSON: mark -> ids
    marks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two versions of a process."""

    old: Side | None
    new: Side
    #: all changes, in words
    changes: Sequence[Changed]
    #: of these, who does what, and with which form
    people: Sequence[Changed]
    forms: Sequence[Changed]
    #: elements that only moved on the paper
    moved: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Changes of a form or of the tables of a file, in words."""

    kind: str
    id: str
    new: bool
    changes: Sequence[Changed]
    named_by: Sequence[str]
    #: another text than the one in force
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Everything that a page shows of what a release would do."""

    outlook: Outlook
    compared: Compared | None
    files: Sequence[Files]
    #: open tasks, by name and due date
    touched: Table
    #: processes that use a form or a decision of it
    reached: Table
    #: which step becomes which; those that need an answer, and the others
    asked: Sequence[Pair]
    sure: Sequence[Pair]
    #: why instances cannot move, with how many
    why: Sequence[tuple[str, int]]
    #: the dry run, instance by instance
    tried: Table
    obstacles: Sequence[str]
    #: names of elements, for what scenarios say of them
    labels: Mapping[str, str]

    @property
    def by_decision(self) -> bool:
        """Whether what runs asks a decision that changes."""
        return any(one.changes_running for one in self.outlook.reached)

    @property
    def by_form(self) -> bool:
        """Whether a form changes that processes use."""
        return any(one.subject.kind is DraftKind.FORM for one in self.outlook.reached)


def shown(house: House, actor: Actor, found: Outlook) -> Shown:
    """All of it; for a drawing that cannot be deployed what is known without."""
    rows: Sequence[Pair] = ()
    why: Sequence[tuple[str, int]] = ()
    obstacles: Sequence[str] = ()
    if found.source is not None and found.target is not None and found.proposed and found.plan:
        rows = moves.pairs(found.proposed, found.plan, found.source.xml, found.target.xml)
        obstacles = moves.obstacles(found.obstacles, found.source.xml)
        if found.tried is not None:
            why = moves.summed(found.tried.instances, found.source.xml)
    return Shown(
        outlook=found,
        compared=_compared(found),
        files=[_file(one) for one in found.files],
        touched=touched(house, found.tasks),
        reached=_reached(found.reached),
        asked=[row for row in rows if not row.sure],
        sure=[row for row in rows if row.sure],
        why=why,
        tried=tried_table(house, actor, found),
        obstacles=obstacles,
        labels=element_labels(found.target.xml) if found.target is not None else {},
    )


def compared(difference: Difference, old: bytes, new: bytes) -> Compared:
    """Two versions of a process, drawings and words."""
    how: dict[str, list[str]] = {"added": [], "removed": [], "changed": []}
    for one in difference.changes:
        if one.what != "process":
            how[one.how].append(one.id)
    told = {name for ids in how.values() for name in ids}
    moved = [name for name in _moved(old, new) if name not in told]
    before = {"removed": how["removed"], "changed": how["changed"], "moved": moved}
    after = {"added": how["added"], "changed": how["changed"], "moved": moved}
    labels = element_labels(new)
    return Compared(
        old=Side(xml=old.decode(errors="replace"), marks=json.dumps(before)),
        new=Side(xml=new.decode(errors="replace"), marks=json.dumps(after)),
        changes=moves.changed(difference, old, new),
        people=moves.changed(_only(difference, _PEOPLE), old, new),
        forms=moves.changed(_only(difference, _FORMS), old, new),
        moved=[labels.get(name, name) for name in moved],
    )


def tables(house: House, actor: Actor, found: Outlook) -> tuple[Table, ...]:
    """What is handed out as files too, with all rows that the outlook holds."""
    return touched(house, found.tasks), tried_table(house, actor, found, None)


def touched(house: House, tasks: Sequence[UserTaskRow]) -> Table:
    """Open tasks at steps that change: whose they are, and due when."""
    names = person_names(house, (task.assignee for task in tasks))
    return Table(
        name="yang-terkena",
        title=_("Open tasks that this touches"),
        columns=(
            Column(_("Whose")),
            Column(_("Task")),
            Column(_("About")),
            Column(_("Due"), Kind.MOMENT),
        ),
        rows=[(_whose(task, names), task.name, task.subject or "", task.due_at) for task in tasks],
    )


def _reached(rows: Sequence[Reached]) -> Table:
    """Processes by name: what of theirs becomes another, and what becomes of what runs."""
    return Table(
        name="proses-terkena",
        title=_("Processes that use what changes"),
        columns=(
            Column(_("Process")),
            Column(_("Uses")),
            Column(_("Running undertakings"), Kind.NUMBER),
            Column(_("What runs now")),
        ),
        rows=[(one.name, one.subject.id, one.instances, _fate(one)) for one in rows],
    )


def _fate(one: Reached) -> str:
    if one.keeps:
        return _("keeps the version of its deployment")
    if one.changes_running:
        return _("takes the new one when it asks next")
    return _("takes the new one with tasks that open later")


def _whose(task: UserTaskRow, names: Mapping[str, str]) -> str:
    if task.assignee:
        return names.get(task.assignee, task.assignee)
    groups = ", ".join(name for _kind, name in task.candidates)
    return _("whoever takes it: %(groups)s", groups=groups) if groups else _("nobody yet")


def _compared(found: Outlook) -> Compared | None:
    if found.target is None:
        return None
    if found.source is None or found.difference is None:
        new = Side(xml=found.target.xml.decode(errors="replace"), marks="{}")
        people = _first_people(found.target.xml)
        return Compared(old=None, new=new, changes=(), people=people, forms=(), moved=())
    return compared(found.difference, found.source.xml, found.target.xml)


def _first_people(xml: bytes) -> Sequence[Changed]:
    """Who does each step of a first version: there is nothing yet to compare it with."""
    steps = tuple(
        Change(
            what="element",
            id=task,
            name=task,
            type="userTask",
            how="added",
            details=tuple(
                Detail(field=field, before=None, after=text) for field, text in held.items()
            ),
        )
        for task, held in who_does(xml).items()
    )
    nothing = Difference(source_key=0, target_key=0, changes=steps, same=())
    return moves.changed(nothing, xml, xml)


def _only(difference: Difference, beginnings: tuple[str, ...]) -> Difference:
    """The changes of properties with these beginnings."""
    kept = []
    for one in difference.changes:
        held = (detail for detail in one.holds if not _unsaid(detail))
        details = (*one.details, *held)
        mine = tuple(detail for detail in details if detail.field.startswith(beginnings))
        if mine:
            kept.append(replace(one, details=mine))
    return replace(difference, changes=tuple(kept))


def _unsaid(detail: Detail) -> bool:
    """What goes without saying: the group of a lane that is said, and the newest form."""
    newest = detail.field.endswith(".binding") and detail.after == "latest"
    return newest or detail.field == "group"


def _moved(old: bytes, new: bytes) -> list[str]:
    before, after = _places(old), _places(new)
    return [name for name, place in after.items() if name in before and before[name] != place]


def _places(xml: bytes) -> dict[str, tuple[str, ...]]:
    """Where each shape lies on the paper."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    found = {}
    for shape in etree.fromstring(xml, parser).iter(f"{_DI}BPMNShape"):
        bounds = next((one for one in shape if str(one.tag).endswith("}Bounds")), None)
        if bounds is not None:
            place = tuple(_number(bounds.get(side)) for side in ("x", "y", "width", "height"))
            found[str(shape.get("bpmnElement"))] = place
    return found


def _number(text: str | None) -> str:
    """The same number however it is written: 100 and 100.0."""
    whole, _point, rest = (text or "").partition(".")
    return whole if not rest.strip("0") else f"{whole}.{rest.rstrip('0')}"


def _file(one: FileChanges) -> Files:
    return Files(
        kind=one.subject.kind.value,
        id=one.subject.id,
        new=one.new,
        changes=[changed_part(part) for part in one.changes],
        named_by=one.named_by,
        differs=one.differs,
    )
