"""Two signatures after a grievance: asked before a lowering act, recorded with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.protection import (
    GUARDED_ACTS_LEAST,
    LoweringAct,
    LoweringKind,
    RecordedLowering,
    needs_second_signature,
)
from engine.usecases.errors import Conflict
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.decisions import Tables
    from engine.usecases.ports.assurance import GuardedAct
    from engine.usecases.ports.time import Ids
    from engine.usecases.ports.work import House, UnitOfWork


def needs_second(
    uow: UnitOfWork,
    tables: Tables,
    *,
    actor_id: str,
    person_id: str,
    at: datetime,
    on_behalf_of: str | None = None,
) -> bool:
    """Whether an act of the actor that lowers something of the person needs a second signature.

    It does when it is among the next acts (two, or more by the decision `protection`) after the
    person disputed, objected, refused or gave critical feedback about the actor, or about whom
    he stands in for (crediting.md 0.10).
    """
    act = LoweringAct(actor_id=actor_id, on_behalf_of=on_behalf_of, person_id=person_id, at=at)
    return _guarded(uow, act, tables.guarded_acts())


def record_lowering(  # noqa: PLR0913 - who, about whom, what, when and who signed, each by name
    uow: UnitOfWork,
    ids: Ids,
    *,
    actor_id: str,
    person_id: str,
    kind: LoweringKind | str,
    subject_id: str,
    at: datetime,
    second_id: str | None = None,
    on_behalf_of: str | None = None,
) -> None:
    """Record a lowering act where it takes effect, with its second signer when it has one.

    `Conflict("second_signature_missing")` for one of the two acts after a grievance that nobody
    signed as the second; `Conflict` names the constraint when a signer is the actor or the person.
    """
    act = LoweringAct(actor_id=actor_id, on_behalf_of=on_behalf_of, person_id=person_id, at=at)
    guarded = _guarded(uow, act, GUARDED_ACTS_LEAST)
    if guarded and second_id is None:
        raise Conflict("second_signature_missing", kind=str(kind), subject=subject_id)
    row = RecordedLowering(
        id=ids.uuid(),
        actor_id=actor_id,
        on_behalf_of=on_behalf_of,
        person_id=person_id,
        kind=LoweringKind(kind),
        subject_id=subject_id,
        guarded=guarded,
        second_id=second_id,
        at=at,
    )
    uow.assurance.add([row])


def guarded_acts(house: House, actor: Actor) -> Sequence[GuardedAct]:
    """The list for internal audit: guarded acts about people of the actor's agency, newest first.

    `AccessRefused` for everybody but an auditor.
    """
    require(actor, "audit:read")
    if actor.agency_id is None:
        return []
    with house.reading() as uow:
        return uow.assurance.guarded_acts(actor.agency_id)


def _guarded(uow: UnitOfWork, act: LoweringAct, guarded_acts: int) -> bool:
    names = sorted(act.names)
    spoken = uow.assurance.grievances(act.person_id, names)
    if not spoken:
        return False
    earlier = [row.act for row in uow.assurance.lowering_acts(act.person_id, names)]
    return needs_second_signature(act, spoken, earlier, guarded_acts)
