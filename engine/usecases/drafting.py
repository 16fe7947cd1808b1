"""Drafts of drawings: saved as one draws, never over somebody else's work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.ports.drafts import ProcessDraft
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.drafts import Nameable
    from engine.usecases.ports.work import House, UnitOfWork

RIGHT: Final = "definition:deploy"
#: bytes of one drawing
DRAFT_BYTES_MAX: Final = 4 * 1024 * 1024
#: drawings beside the table, of one process
ASIDE_MAX: Final = 20
PROCESS_ID_MAX: Final = 200


class DraftMoved(Conflict):
    """Another drawing is on the table than the one that was changed."""

    def __init__(self, standing: ProcessDraft | None) -> None:
        super().__init__("draft_moved")
        #: what is on the table; None: it was published or discarded
        self.standing = standing


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """A drawing as it stands on a page."""

    process_id: str
    content: bytes
    #: definition it was drawn from; None: from nothing
    base_key: int | None = None
    #: mark of the draft that was opened or saved last; "" when there was none
    expected: str = ""
    #: what is on the table is put aside and not written over
    keeps_standing: bool = False
    #: mark of the same drawing as it was put aside before; it goes
    replaces: str = ""


def drafts(
    house: House, actor: Actor, process_id: str
) -> tuple[ProcessDraft | None, Sequence[ProcessDraft]]:
    """What is on the table, and what was put aside."""
    require(actor, RIGHT, process_id)
    with house.reading() as uow:
        return uow.drafts.current(process_id), uow.drafts.beside(process_id)


def draft(house: House, actor: Actor, process_id: str, draft_id: str) -> ProcessDraft:
    """One draft of a process; `NotFound`."""
    require(actor, RIGHT, process_id)
    with house.reading() as uow:
        return _of(uow, process_id, draft_id)


def nameable(house: House, actor: Actor) -> Sequence[Nameable]:
    """Forms, decisions and processes that a drawing may name."""
    require(actor, RIGHT)
    with house.reading() as uow:
        return uow.drafts.nameable()


def save_draft(house: House, actor: Actor, command: SaveDraft) -> ProcessDraft:
    """Put a drawing on the table.

    `DraftMoved` when another is there than was expected; `InputRefused` for what is too large.
    """
    require(actor, RIGHT, command.process_id)
    _check(command)
    with house.writing() as uow:
        standing = uow.drafts.current(command.process_id)
        if (standing.mark if standing else "") != command.expected:
            raise DraftMoved(standing)
        if standing is not None and command.keeps_standing:
            _room_beside(uow, command.process_id)
            uow.drafts.put(replace(standing, aside=True))
            standing = None
        saved = _saved(house, actor, command, standing)
        if standing is None:
            uow.drafts.add(saved)
        else:
            uow.drafts.put(saved)
        _drop_replaced(uow, command)
        uow.commit()
        return saved


def put_aside(house: House, actor: Actor, command: SaveDraft) -> ProcessDraft:
    """Keep a drawing beside the table, whatever is on it."""
    require(actor, RIGHT, command.process_id)
    _check(command)
    with house.writing() as uow:
        _room_beside(uow, command.process_id)
        saved = replace(_saved(house, actor, command, None), aside=True)
        uow.drafts.add(saved)
        _drop_replaced(uow, command)
        uow.commit()
        return saved


def discard_draft(house: House, actor: Actor, process_id: str, mark: str) -> None:
    """Forget a draft in this state; `NotFound`, `DraftMoved` when it was saved since."""
    require(actor, RIGHT, process_id)
    with house.writing() as uow:
        held = _of(uow, process_id, mark.partition(".")[0])
        if held.mark != mark:
            raise DraftMoved(held)
        uow.drafts.drop(held.id)
        uow.commit()


def draft_published(house: House, actor: Actor, process_id: str, mark: str) -> None:
    """Clear the table of what was just published; a later state stays there."""
    require(actor, RIGHT, process_id)
    with house.writing() as uow:
        standing = uow.drafts.current(process_id)
        if standing is not None and standing.mark == mark:
            uow.drafts.drop(standing.id)
            uow.commit()


def _of(uow: UnitOfWork, process_id: str, draft_id: str) -> ProcessDraft:
    held = uow.drafts.draft(draft_id)
    if held is None or held.process_id != process_id:
        raise NotFound("draft", draft_id)
    return held


def _check(command: SaveDraft) -> None:
    faults = []
    if not command.content.strip() or len(command.content) > DRAFT_BYTES_MAX:
        faults.append(
            FieldFault(
                field="xml",
                code="drawing_size",
                message=f"A drawing has 1 to {DRAFT_BYTES_MAX} bytes.",
            )
        )
    if not 0 < len(command.process_id) <= PROCESS_ID_MAX:
        faults.append(FieldFault(field="process_id", code="too_long", message="Too long."))
    if faults:
        raise InputRefused(*faults)


def _drop_replaced(uow: UnitOfWork, command: SaveDraft) -> None:
    """Forget the same drawing beside the table, in the state that the page put there."""
    held = uow.drafts.draft(command.replaces.partition(".")[0]) if command.replaces else None
    same = held is not None and held.process_id == command.process_id
    if held is not None and same and held.aside and held.mark == command.replaces:
        uow.drafts.drop(held.id)


def _room_beside(uow: UnitOfWork, process_id: str) -> None:
    if len(uow.drafts.beside(process_id)) >= ASIDE_MAX:
        raise Conflict("drafts_too_many", most=ASIDE_MAX)


def _saved(
    house: House, actor: Actor, command: SaveDraft, standing: ProcessDraft | None
) -> ProcessDraft:
    return ProcessDraft(
        id=standing.id if standing else house.ids.uuid(),
        process_id=command.process_id,
        revision=standing.revision + 1 if standing else 1,
        base_key=command.base_key,
        content=command.content,
        saved_by=actor.name,
        saved_at=house.clock.now(),
    )
