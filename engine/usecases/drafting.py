"""Drafts of the studio: saved as one draws, never over somebody else's work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.ports.drafts import StudioDraft, Subject
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.drafts import Nameable
    from engine.usecases.ports.work import House, UnitOfWork

RIGHT: Final = "definition:draft"
#: bytes of one drawing
DRAFT_BYTES_MAX: Final = 4 * 1024 * 1024
#: drafts beside the table, of one subject
ASIDE_MAX: Final = 20
SUBJECT_ID_MAX: Final = 200


class DraftMoved(Conflict):
    """Another drawing is on the table than the one that was changed."""

    def __init__(self, standing: StudioDraft | None) -> None:
        super().__init__("draft_moved")
        #: what is on the table; None: it was published or discarded
        self.standing = standing


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """A drawing, a table, a form or scenarios as they stand on a page."""

    subject: Subject
    content: bytes
    #: version it was drawn from; None: from nothing
    base_key: int | None = None
    #: mark of the draft that was opened or saved last; "" when there was none
    expected: str = ""
    #: what is on the table is put aside and not written over
    keeps_standing: bool = False
    #: mark of the same drawing as it was put aside before; it goes
    replaces: str = ""


def drafts(
    house: House, actor: Actor, subject: Subject
) -> tuple[StudioDraft | None, Sequence[StudioDraft]]:
    """What is on the table, and what was put aside."""
    require(actor, RIGHT, subject.id)
    with house.reading() as uow:
        return uow.drafts.current(subject), uow.drafts.beside(subject)


def draft(house: House, actor: Actor, subject: Subject, draft_id: str) -> StudioDraft:
    """One draft of a subject; `NotFound`."""
    require(actor, RIGHT, subject.id)
    with house.reading() as uow:
        return _of(uow, subject, draft_id)


def nameable(house: House, actor: Actor) -> Sequence[Nameable]:
    """Forms, decisions and processes that a drawing may name, drafts of them too."""
    require(actor, RIGHT)
    with house.reading() as uow:
        found = {(one.kind, one.id): one for one in uow.drafts.nameable()}
        for one in uow.drafts.drafted():
            known = found.get((one.kind, one.id))
            found[one.kind, one.id] = replace(one, name=known.name) if known else one
    return [found[key] for key in sorted(found)]


def save_draft(house: House, actor: Actor, command: SaveDraft) -> StudioDraft:
    """Put a drawing on the table.

    `DraftMoved` when another is there than was expected; `InputRefused` for what is too large.
    """
    require(actor, RIGHT, command.subject.id)
    _check(command)
    with house.writing() as uow:
        standing = uow.drafts.current(command.subject)
        if (standing.mark if standing else "") != command.expected:
            raise DraftMoved(standing)
        if standing is not None and command.keeps_standing:
            _room_beside(uow, command.subject)
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


def put_aside(house: House, actor: Actor, command: SaveDraft) -> StudioDraft:
    """Keep a drawing beside the table, whatever is on it."""
    require(actor, RIGHT, command.subject.id)
    _check(command)
    with house.writing() as uow:
        _room_beside(uow, command.subject)
        saved = replace(_saved(house, actor, command, None), aside=True)
        uow.drafts.add(saved)
        _drop_replaced(uow, command)
        uow.commit()
        return saved


def discard_draft(house: House, actor: Actor, subject: Subject, mark: str) -> None:
    """Forget a draft in this state; `NotFound`, `DraftMoved` when it was saved since."""
    require(actor, RIGHT, subject.id)
    with house.writing() as uow:
        held = _of(uow, subject, mark.partition(".")[0])
        if held.mark != mark:
            raise DraftMoved(held)
        uow.drafts.drop(held.id)
        uow.commit()


def _of(uow: UnitOfWork, subject: Subject, draft_id: str) -> StudioDraft:
    held = uow.drafts.draft(draft_id)
    if held is None or held.subject != subject:
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
    if not 0 < len(command.subject.id) <= SUBJECT_ID_MAX:
        faults.append(FieldFault(field="subject_id", code="too_long", message="Too long."))
    if faults:
        raise InputRefused(*faults)


def _drop_replaced(uow: UnitOfWork, command: SaveDraft) -> None:
    """Forget the same drawing beside the table, in the state that the page put there."""
    held = uow.drafts.draft(command.replaces.partition(".")[0]) if command.replaces else None
    same = held is not None and held.subject == command.subject
    if held is not None and same and held.aside and held.mark == command.replaces:
        uow.drafts.drop(held.id)


def _room_beside(uow: UnitOfWork, subject: Subject) -> None:
    if len(uow.drafts.beside(subject)) >= ASIDE_MAX:
        raise Conflict("drafts_too_many", most=ASIDE_MAX)


def _saved(
    house: House, actor: Actor, command: SaveDraft, standing: StudioDraft | None
) -> StudioDraft:
    return StudioDraft(
        id=standing.id if standing else house.ids.uuid(),
        kind=command.subject.kind,
        subject_id=command.subject.id,
        revision=standing.revision + 1 if standing else 1,
        base_key=command.base_key,
        content=command.content,
        saved_by=actor.name,
        saved_at=house.clock.now(),
    )
