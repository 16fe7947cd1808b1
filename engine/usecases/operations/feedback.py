"""Operations of continuous feedback: freely given, asked for, answered; always under a name."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from engine.domain import feedback as rules
from engine.domain.behaviour import Value
from engine.domain.feedback import (
    AskedState,
    FeedbackAsked,
    FeedbackNote,
    FeedbackReply,
    FeedbackRequest,
    Tone,
)
from engine.domain.plans import Plan, PlanItem
from engine.usecases import audit_tags
from engine.usecases.errors import AccessRefused, Conflict, NotFound
from engine.usecases.operations.attaching import (
    Subject,
    attach_files,
    attach_links,
    file_ids,
    links_of,
)
from engine.usecases.operations.step import date_of, fault, refuse, refused
from engine.usecases.operations.telling import tell_feedback
from engine.usecases.voices import stands_for, voice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


def begin_feedback(step: Step) -> Mapping[str, Json]:
    """`regu.feedback.begin` (start form: about_id): whom the giver wants to tell something."""
    about = step.text("about_id")
    if voice(step.standing, step.person, about) is None:
        raise fault("about_id", "stranger", "you do not work with this person")
    step.cycle()
    return {"person_id": about, "giver_id": step.person}


def give_note(step: Step) -> Mapping[str, Json]:
    """`regu.feedback.give`, by the giver -> feedback_id.

    Form: concerns result|value|whole, item_id, behaviour, tone, text, link, evidence_files.
    """
    step.require_person(step.ref("giver_id"))
    note = noted(step, step.ref("person_id"), request_id=None)
    return {"feedback_id": note.id}


def reply(step: Step) -> Mapping[str, Json]:
    """`regu.feedback.reply` (form: reply): the person has read it, and may answer."""
    found = _note_of(step)
    step.require_person(found.person_id)
    words = step.text("reply")
    if words:
        row = FeedbackReply(id=step.means.ids.uuid(), feedback_id=found.id, text=words, at=step.now)
        step.uow.dialogues.add([row])
        _note(step, found.person_id, audit_tags.FEEDBACK_REPLIED, feedback=found.id)
    return {}


def ask_for_feedback(step: Step) -> Mapping[str, Json]:
    """`regu.feedback.request` (start form: givers, item_id, question, due_on).

    Returns person_id, request_id, asked [{asked_id, giver_id}] and due_at.
    """
    me, cycle = step.person, step.cycle()
    due_on = date_of(step.call.form.get("due_on"), "due_on")
    request = FeedbackRequest(
        id=step.means.ids.uuid(),
        person_id=me,
        cycle_id=cycle.id,
        item_id=_item(step, me),
        question=step.text("question"),
        due_on=due_on,
        at=step.now,
    )
    givers = tuple(one for one in step.call.form.get("givers") or () if isinstance(one, str))
    wrong = rules.check_request(request, givers, step.standing.today(cycle.agency_id))
    refuse(wrong, due="due_on", question="question", other="givers")
    for giver in givers:
        if voice(step.standing, giver, me) is None:
            raise fault("givers", "stranger", "you do not work with this person")
    asked = [
        FeedbackAsked(id=step.means.ids.uuid(), request_id=request.id, giver_id=giver)
        for giver in givers
    ]
    step.uow.dialogues.add([request, *asked])
    _note(step, me, audit_tags.FEEDBACK_REQUESTED, request=request.id)
    ends = datetime.combine(
        due_on + timedelta(days=1), time(), ZoneInfo(step.standing.zone(cycle.agency_id))
    )
    return {
        "person_id": me,
        "request_id": request.id,
        "asked": [{"asked_id": one.id, "giver_id": one.giver_id} for one in asked],
        "due_at": ends.isoformat(),
    }


def answer_request(step: Step) -> Mapping[str, Json]:
    """`regu.feedback.answer` (form: answer give|decline, tone, text, link): one who was asked."""
    asked = _asked(step)
    gives = step.text("answer") == "give"
    state = AskedState.ANSWERED if gives else AskedState.DECLINED
    request = step.uow.dialogues.get(FeedbackRequest, asked.request_id)
    if request is None:
        raise NotFound("feedback_request", asked.request_id)
    with refused():
        ended = rules.end_asking(asked, step.person, state, step.now)
    if gives:
        noted(step, request.person_id, request_id=request.id)
    step.uow.dialogues.put(ended)
    return {}


def lapse_asked(step: Step) -> Mapping[str, Json]:
    """`regu.feedback.lapse`: the day went by without an answer."""
    asked = _asked(step)
    if asked.state is AskedState.ASKED:
        ended = rules.end_asking(asked, asked.giver_id, AskedState.LAPSED, step.now)
        step.uow.dialogues.put(ended)
    return {}


def read_answers(step: Step) -> Mapping[str, Json]:
    """`regu.feedback.read`: who asked has read the answers."""
    step.require_person(step.ref("person_id"))
    return {}


def noted(step: Step, person_id: str, *, request_id: str | None) -> FeedbackNote:
    """Keep what the form says about a person, under the giver's name and in his voice."""
    giver = step.person
    speaks = voice(step.standing, giver, person_id)
    if speaks is None:
        raise AccessRefused(step.call.element_id, person_id)
    request = step.uow.dialogues.get(FeedbackRequest, request_id) if request_id else None
    about = step.text("concerns")
    cycle_id = request.cycle_id if request else step.cycle().id
    note = FeedbackNote(
        id=step.means.ids.uuid(),
        person_id=person_id,
        cycle_id=cycle_id,
        giver_id=giver,
        on_behalf_of=stands_for(step.standing, giver, person_id),
        voice=speaks,
        tone=step.word("tone", Tone),
        item_id=request.item_id if request else _item(step, person_id, wanted=about == "result"),
        behaviour=step.word("behaviour", Value) if about == "value" else None,
        request_id=request_id,
        text=step.text("text"),
        link=next(iter(links_of(step.text("link"), "link")), ""),
        at=step.now,
    )
    refuse(rules.check_feedback(note), subject="concerns", other="text")
    step.uow.dialogues.add([note])
    beside = Subject(person_id=person_id, cycle_id=cycle_id, feedback_id=note.id)
    attach_links(step, beside, [note.link] if note.link else [])
    attach_files(step, beside, file_ids(step.call.form.get("evidence_files")), "evidence_files")
    _note(step, person_id, audit_tags.FEEDBACK_NOTED, feedback=note.id)
    tell_feedback(step, [note])
    return note


def _item(step: Step, person_id: str, *, wanted: bool = True) -> str | None:
    """The result that the form names, one of the person's own."""
    item_id = step.text("item_id")
    if not item_id or not wanted:
        return None
    item = step.uow.performance.get(PlanItem, item_id)
    plan = step.uow.performance.get(Plan, item.plan_id) if item else None
    if plan is None or plan.person_id != person_id:
        raise fault("item_id", "unknown_item", "no result of this person")
    return item_id


def _asked(step: Step) -> FeedbackAsked:
    found = step.uow.dialogues.get(FeedbackAsked, step.ref("asked_id"))
    if found is None:
        raise NotFound("feedback_asked", step.ref("asked_id"))
    return found


def _note_of(step: Step) -> FeedbackNote:
    found = step.uow.dialogues.get(FeedbackNote, step.ref("feedback_id"))
    if found is None:
        raise Conflict("row_missing", kind="feedback_note", id=step.ref("feedback_id"))
    return found


def _note(step: Step, person_id: str, act: str, **facts: Json) -> None:
    step.note(f"dialogue:{person_id}", act, **facts)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.feedback.begin": begin_feedback,
    "regu.feedback.give": give_note,
    "regu.feedback.reply": reply,
    "regu.feedback.request": ask_for_feedback,
    "regu.feedback.answer": answer_request,
    "regu.feedback.lapse": lapse_asked,
    "regu.feedback.read": read_answers,
}
