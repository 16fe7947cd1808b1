"""The process as a list of steps: read and changed by keyboard, without a canvas or scripts."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.steplist.adding import ADDABLE, NEW_END, NEW_TASK, Adding
from engine.steplist.editing import (
    AddStep,
    EditRefused,
    Join,
    Move,
    Remove,
    Say,
    SayWays,
)
from engine.steplist.writing import Saying, WaySaid
from engine.usecases.drafting import RIGHT, DraftMoved, nameable
from engine.usecases.errors import NotFound
from engine.usecases.rights import require
from engine.usecases.step_editing import EditSteps, edit_steps, step_table, take_back
from web.context import actor, house, key_of
from web.faults import Fault
from web.operation_words import Place
from web.readings.names import person_names
from web.readings.steps import Names, StepList, names_of, operations
from web.step_words import ADDS, HINTS, LABELS, REFUSED
from web.wording import gettext as _

if TYPE_CHECKING:
    from werkzeug import Response

    from engine.steplist.editing import Edit
    from engine.steplist.outline import Outline
    from engine.usecases.ports.drafts import StudioDraft
    from engine.usecases.step_editing import StepsEdited

pages = Blueprint("steps", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """An edit that was not made."""

    faults: tuple[Fault, ...] = ()
    #: somebody saved meanwhile
    moved: bool = False


@pages.get("/studio/<process_id>/langkah")
def show(process_id: str) -> str:
    """All steps in reading order; the one that `ubah` names is open for change."""
    return _page(process_id, open_id=request.args.get("ubah", ""))


@pages.post("/studio/<process_id>/langkah")
def change(process_id: str) -> Response | str | tuple[str, int]:
    """Make one edit and keep it as the draft; refused, what was typed stays on the page."""
    require(actor(), RIGHT, process_id)
    if request.form.get("do") == "undo":
        return _undo(process_id)
    step_id = request.form.get("step", "")
    try:
        done = edit_steps(house(), actor(), _command(process_id))
    except EditRefused as refused:
        trouble = Trouble(faults=(_fault(refused, process_id),))
        return _page(process_id, open_id=step_id, trouble=trouble), 422
    except DraftMoved:
        return _page(process_id, open_id=step_id, trouble=Trouble(moved=True)), 409
    return _done(process_id, done)


def _page(process_id: str, *, open_id: str = "", trouble: Trouble | None = None) -> str:
    shown = step_table(house(), actor(), process_id)
    draft = shown.table.draft
    names = names_of(nameable(house(), actor())) if shown.editable else Names()
    steps = None if shown.outline is None else StepList(outline=shown.outline, names=names)
    opened = shown.outline.steps.get(open_id) if shown.outline and shown.editable else None
    return render_template(
        "pages/steps.html",
        process_id=process_id,
        name=_name(process_id, shown.outline),
        shown=shown,
        steps=steps,
        opened=opened,
        trouble=trouble or Trouble(),
        posted=request.form if trouble and not trouble.moved else {},
        again=list(request.form.items(multi=True)) if trouble and trouble.moved else [],
        undo=request.values.get("undo", ""),
        saved_by=_saved_by(draft),
        words={"labels": LABELS, "hints": HINTS, "adds": ADDS},
        addable=ADDABLE,
        services=operations(Place.SERVICE),
        new_task=NEW_TASK,
        new_end=NEW_END,
    )


def _name(process_id: str, outline: Outline | None) -> str:
    sections = outline.sections if outline else ()
    own = [one for one in sections if one.id == process_id] or list(sections)
    return own[0].name or process_id if own else process_id


def _saved_by(draft: StudioDraft | None) -> str:
    if draft is None:
        return ""
    return person_names(house(), [draft.saved_by]).get(draft.saved_by, draft.saved_by)


def _command(process_id: str) -> EditSteps:
    return EditSteps(
        process_id=process_id,
        edit=_edit(),
        expected=request.form.get("mark", ""),
        base_key=key_of(request.form.get("base", "")),
        undo=request.form.get("undo", ""),
    )


def _edit() -> Edit:
    """The edit that a form of the page asks for."""
    step_id = request.form.get("step", "")
    match request.form.get("do"):
        case "say":
            return Say(step_id=step_id, said=_saying())
        case "ways":
            return SayWays(step_id=step_id, ways=_ways(), default=request.form.get("default", ""))
        case "add":
            return AddStep(step_id=step_id, adding=_adding())
        case "remove":
            return Remove(step_id=step_id)
        case "up" | "down" as way:
            return Move(step_id=step_id, up=way == "up")
        case "join":
            return Join(
                step_id=step_id,
                target_id=request.form.get("target", ""),
                flow_id=request.form.get("flow_id", ""),
                condition=request.form.get("condition", ""),
            )
        case _:
            raise EditRefused("not_here")


def _saying() -> Saying:
    given: dict[str, str | None] = {
        field.name: request.form.get(field.name) for field in fields(Saying)
    }
    if given["about"] is not None:
        given["about"] = given["about"].replace("\r\n", "\n")
    if "groups_other" in request.form:
        given["groups"] = _groups()
    return Saying(**given)


def _groups() -> str:
    """Groups as they were written before, when the same are meant."""
    other = request.form.get("groups_other", "").strip()
    if other.startswith("="):
        return other
    wanted = [*request.form.getlist("group"), *(one.strip() for one in other.split(","))]
    wanted = [one for one in dict.fromkeys(wanted) if one]
    before = request.form.get("groups_now", "")
    same = {one.strip() for one in before.split(",") if one.strip()} == set(wanted)
    return before if same else ",".join(wanted)


def _ways() -> list[WaySaid]:
    rows = zip(
        request.form.getlist("way"),
        request.form.getlist("way_named"),
        request.form.getlist("way_condition"),
        strict=False,
    )
    return [WaySaid(flow_id=way, name=name, condition=text) for way, name, text in rows]


def _adding() -> Adding:
    form = request.form
    return Adding(
        kind=form.get("kind", ""),
        name=form.get("new_name", ""),
        flow_id=form.get("flow_id", ""),
        operation=form.get("new_operation", ""),
        decision=form.get("new_decision", ""),
        condition=form.get("condition", ""),
        way_name=form.get("way_name", ""),
        way_to=form.get("way_to", NEW_TASK),
        way_step=form.get("way_step", ""),
    )


def _fault(refused: EditRefused, process_id: str) -> Fault:
    """One sentence, the step that stands in the way, and the field where it is mended."""
    shown = step_table(house(), actor(), process_id)
    text = str(REFUSED.get(refused.code, refused.code))
    steps = shown.outline.steps if shown.outline else {}
    named = steps.get(refused.named)
    if named is not None and refused.named != request.form.get("step") and shown.outline:
        text = f"{text} {shown.outline.numbers[named.id]}. {named.label}"
    if refused.detail:
        text = f"{text} ({refused.detail})"
    return Fault(_anchor(refused), text)


def _anchor(refused: EditRefused) -> str:
    if request.form.get("do") == "ways" and refused.field == "condition":
        return f"f-way-{refused.named}"
    prefix = {"add": "n-", "join": "j-"}.get(request.form.get("do", ""), "f-")
    known = {"groups": "groups_other"}
    if refused.field:
        return prefix + known.get(refused.field, refused.field)
    return f"langkah-{request.form.get('step', '')}"


def _done(process_id: str, done: StepsEdited) -> Response:
    """Back to the list, at the step that was changed."""
    act, at = request.form.get("do", ""), done.done.step_id
    if done.saved is None:
        flash(_("Nothing changed."), "wait")
    elif act == "remove" and done.done.removed > 1:
        count = done.done.removed
        flash(
            _("Removed, with what it held: %(count)s steps. Kept as a draft.", count=count), "good"
        )
    else:
        flash(_said(act), "good")
    opened = at if act in {"add", "up", "down"} else None
    place = url_for("steps.show", process_id=process_id, ubah=opened, undo=done.undo or None)
    return redirect(f"{place}#langkah-{at}" if at else place, code=303)


def _said(act: str) -> str:
    return {
        "add": _("The step is added and kept as a draft; say the rest here."),
        "remove": _("The step is removed; kept as a draft."),
        "up": _("Moved up; kept as a draft."),
        "down": _("Moved down; kept as a draft."),
        "join": _("The way leads there now; kept as a draft."),
    }.get(act, _("Kept as a draft."))


def _undo(process_id: str) -> Response | tuple[str, int]:
    try:
        take_back(
            house(),
            actor(),
            process_id,
            expected=request.form.get("mark", ""),
            undo=request.form.get("undo", ""),
        )
        flash(_("The last edit is taken back."), "good")
    except DraftMoved:
        flash(_("Somebody else saved meanwhile; nothing was taken back."), "bad")
    except NotFound:
        flash(_("The state before is not kept any more; nothing was taken back."), "wait")
    return redirect(url_for("steps.show", process_id=process_id), code=303)
