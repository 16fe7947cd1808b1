"""A process begins: its id and name are its own from the first line on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from engine.usecases.drafting import RIGHT
from engine.usecases.errors import FieldFault, InputRefused
from engine.usecases.ports.drafts import DraftKind, StudioDraft, Subject
from engine.usecases.rights import require

if TYPE_CHECKING:
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House, UnitOfWork

NAME_MAX: Final = 120
ID_MAX: Final = 60
_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_APART: Final = re.compile(r"[^a-z0-9]+")


def proposed_id(name: str) -> str:
    """The id that a name suggests, such as "cuti_besar" for "Cuti besar"; "" for no letter."""
    words = _APART.sub("_", name.casefold()).strip("_")
    return words.lstrip("0123456789_")[:ID_MAX].rstrip("_")


def begin_process(
    house: House, actor: Actor, *, process_id: str, name: str, drawing: bytes
) -> StudioDraft:
    """Put the first drawing of a process that is not there yet on its table.

    `InputRefused` with "name" (name_length) or "process_id" (process_id_form, process_id_taken).
    """
    require(actor, RIGHT, process_id)
    faults = list(_faults(process_id, name))
    if faults:
        raise InputRefused(*faults)
    subject = Subject(DraftKind.PROCESS, process_id)
    with house.writing() as uow:
        if _taken(uow, subject):
            raise InputRefused(
                FieldFault(field="process_id", code="process_id_taken", message="It is in use.")
            )
        begun = StudioDraft(
            id=house.ids.uuid(),
            kind=subject.kind,
            subject_id=subject.id,
            revision=1,
            base_key=None,
            content=drawing,
            saved_by=actor.name,
            saved_at=house.clock.now(),
        )
        uow.drafts.add(begun)
        uow.commit()
        return begun


def _faults(process_id: str, name: str) -> list[FieldFault]:
    faults = []
    if not 0 < len(name) <= NAME_MAX:
        message = f"A name has 1 to {NAME_MAX} characters."
        faults.append(FieldFault(field="name", code="name_length", message=message))
    formed = len(process_id) <= ID_MAX and _ID.fullmatch(process_id)
    if not formed:
        message = f"An id is a letter and up to {ID_MAX - 1} letters, digits and underscores."
        faults.append(FieldFault(field="process_id", code="process_id_form", message=message))
    return faults


def _taken(uow: UnitOfWork, subject: Subject) -> bool:
    return (
        bool(uow.processes.definition_versions(subject.id))
        or uow.drafts.current(subject) is not None
        or bool(uow.drafts.beside(subject))
    )
