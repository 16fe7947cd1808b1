"""A draft of feedback put where it is sent from: the open task, or a new note's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.access import Resource
from engine.usecases.books import readable
from engine.usecases.errors import NotFound
from engine.usecases.form_context import form_context
from engine.usecases.organisation import Standing
from engine.usecases.starting import StartByForm, start_by_form
from engine.usecases.tasks import save_draft
from engine.usecases.teams import stands_in_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json, UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork

#: the drawing by which anybody gives feedback, and the step at which he writes it
NOTE: Final = "feedback_note"
WRITE: Final = "write_feedback"
#: the rater's step at the end of a period
GIVE: Final = "give_feedback"
#: lists of the rater's form, which a draft holds too
_ROWS: Final = ("results", "judgements", "behaviours")
#: open notes that are looked through
_OPEN_NOTES: Final = 50


def put_draft(
    house: House, actor: Actor, person_id: str, text: str, *, idempotency_key: str | None = None
) -> int:
    """Key of the actor's task in whose form the text now stands as a draft; nothing is sent.

    The feedback of a period that waits is used, else a note that was begun, else a new one.
    `NotFound` for who may not read the person's brief; `InputRefused` when no note can begin.
    """
    with house.reading() as uow:
        standing = Standing(uow, house.clock.now())
        readable(standing, actor, person_id, Resource.BRIEF, None)
        key = _waiting(house, uow, standing, actor, person_id)
    if key is None:
        command = StartByForm(
            process_id=NOTE, values={"about_id": person_id}, idempotency_key=idempotency_key
        )
        began = int(start_by_form(house, actor, command)["instanceKey"])
        with house.reading() as uow:
            key = next(row.key for row in _notes(house, uow, actor) if row.root_key == began)
    save_draft(house, actor, key, _draft(house, actor, key, text))
    return key


def _waiting(
    house: House, uow: UnitOfWork, standing: Standing, actor: Actor, person_id: str
) -> int | None:
    reader = actor.person_id or actor.name
    readers = [reader, *stands_in_for(standing, reader, standing.today(actor.agency_id))]
    for one in uow.teams.errands(readers, [person_id]):
        if one.element_id == GIVE:
            return one.key
    for row in _notes(house, uow, actor):
        if house.runner.task_variables(uow, row.key).get("person_id") == person_id:
            return row.key
    return None


def _notes(house: House, uow: UnitOfWork, actor: Actor) -> list[UserTaskRow]:
    now = house.clock.now()
    found = uow.work_list.mine(actor, now=now, process_id=NOTE, element_id=WRITE, limit=_OPEN_NOTES)
    return list(found)


def _draft(house: House, actor: Actor, key: int, text: str) -> dict[str, Json]:
    """The draft as it stands, or the rows that the form begins with, with the text in its field."""
    with house.reading() as uow:
        task = uow.processes.task(key)
        if task is None or actor.person_id is None:
            raise NotFound("task", key)
        kept = uow.work_list.draft(key, actor.person_id)
        form = uow.processes.form(task.form_key) if task.form_key else None
        begins = form_context(house, uow, task, form)
    if task.element_id == GIVE:
        rows = {name: _as_typed(begins[name]) for name in _ROWS if name in begins}
        return {**(rows if kept is None else kept), "feedback": text}
    about: dict[str, Json] = {"concerns": "whole", "tone": "observation"}
    return {**(about if kept is None else kept), "text": text}


def _as_typed(value: Json) -> Json:
    """A value as a browser would post it: texts in rows."""
    if isinstance(value, list):
        return [_as_typed(one) for one in value]
    if isinstance(value, dict):
        rows: Mapping[str, Json] = value
        return {name: _as_typed(one) for name, one in rows.items()}
    return "" if value is None else str(value)
