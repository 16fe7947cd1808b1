"""The drawing on the table as a list of steps, and edits of it that go through its draft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.steplist.editing import edited
from engine.steplist.faults import EditRefused
from engine.steplist.outline import outline
from engine.steplist.paper import Paper
from engine.usecases.drafting import (
    RIGHT,
    DraftMoved,
    SaveDraft,
    discard_draft,
    draft,
    save_draft,
)
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.rights import may, require
from engine.usecases.tabling import on_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.steplist.editing import Edit, Edited
    from engine.steplist.outline import Outline
    from engine.usecases.actor import Actor
    from engine.usecases.errors import Finding
    from engine.usecases.ports.drafts import StudioDraft
    from engine.usecases.ports.work import House
    from engine.usecases.tabling import OnTable

#: what is taken back when the first edit made the draft
PUBLISHED: Final = "terbit"
#: functions that the runtime adds to those of the host
_RUNTIME_FUNCTIONS: Final = frozenset({"is defined", "get or else", "get or null", "assert"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTable:
    """What is on the table, read as steps."""

    table: OnTable
    #: None: the drawing cannot be read
    outline: Outline | None
    #: what the checks of a deployment find in it
    findings: Sequence[Finding]
    #: whether the reader may change it
    editable: bool

    @property
    def mark(self) -> str:
        """State of the draft; "" when none is on the table."""
        return self.table.draft.mark if self.table.draft else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditSteps:
    """An edit of the drawing as somebody saw it."""

    process_id: str
    edit: Edit
    #: mark of the draft that was seen, "" when a version was
    expected: str
    #: version that was seen or that the draft came from
    base_key: int | None
    #: mark of the copy that an earlier edit kept for taking back
    undo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsEdited:
    """What an edit did."""

    done: Edited
    #: None: nothing changed
    saved: StudioDraft | None
    #: names the state before, for `take_back`; "" when it is not kept
    undo: str


def step_table(house: House, actor: Actor, process_id: str) -> StepTable:
    """The steps on the table of a process; who may only read sees the published version.

    `NotFound`, `AccessRefused`.
    """
    table = on_table(house, actor, _subject(process_id))
    try:
        steps = outline(Paper.read(table.content))
    except EditRefused:
        steps = None
    with house.reading() as uow:
        findings = house.runner.check((table.resource,), uow)
    return StepTable(table=table, outline=steps, findings=findings, editable=may(actor, RIGHT))


def edit_steps(house: House, actor: Actor, command: EditSteps) -> StepsEdited:
    """Change the drawing that was seen, and keep it as the draft.

    `DraftMoved` when it is another one by now, `EditRefused` when the edit would spoil it;
    nothing is written then. The state before is kept beside the table, to be taken back.
    """
    require(actor, RIGHT, command.process_id)
    table = on_table(house, actor, _subject(command.process_id))
    mark = table.draft.mark if table.draft else ""
    if mark != command.expected or (not mark and table.base_key != command.base_key):
        raise DraftMoved(table.draft)
    names = house.host.function_names | _RUNTIME_FUNCTIONS
    done = edited(table.content, command.edit, names)
    if done.content == table.content:
        return StepsEdited(done=done, saved=None, undo=command.undo)
    saved, kept = _save(house, actor, command, table, done)
    undo = (command.expected or PUBLISHED) if kept else ""
    return StepsEdited(done=done, saved=saved, undo=undo)


def take_back(house: House, actor: Actor, process_id: str, *, expected: str, undo: str) -> None:
    """Put the state before the last edit back on the table.

    `DraftMoved` when somebody saved meanwhile, `NotFound` when that state is kept no more.
    """
    require(actor, RIGHT, process_id)
    subject = _subject(process_id)
    if undo == PUBLISHED:
        discard_draft(house, actor, subject, expected)
        return
    before = draft(house, actor, subject, undo.partition(".")[0])
    if before.mark != undo or not before.aside:
        raise NotFound("draft", undo)
    save_draft(
        house,
        actor,
        SaveDraft(
            subject=subject,
            content=before.content,
            base_key=before.base_key,
            expected=expected,
            replaces=undo,
        ),
    )


def _save(
    house: House, actor: Actor, command: EditSteps, table: OnTable, done: Edited
) -> tuple[StudioDraft, bool]:
    """The new draft, and whether the state before can be taken back."""
    new = SaveDraft(
        subject=_subject(command.process_id),
        content=done.content,
        base_key=table.base_key,
        expected=command.expected,
    )
    replaces = "" if command.undo == PUBLISHED else command.undo
    keeping = replace(new, keeps_standing=table.draft is not None, replaces=replaces)
    try:
        return save_draft(house, actor, keeping), True
    except DraftMoved:
        raise
    except Conflict:  # no room for a copy beside the table
        return save_draft(house, actor, new), False


def _subject(process_id: str) -> Subject:
    return Subject(DraftKind.PROCESS, process_id)
