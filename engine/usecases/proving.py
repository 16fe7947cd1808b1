"""The proof of the books as work that an auditor or administrator begins and reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import NotFound
from engine.usecases.once import repeated
from engine.usecases.rights import require
from engine.usecases.undertakings import Begin, Work, begin
from engine.usecases.workbooks import RESULT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.files import WorkFiles
    from engine.usecases.ports.work import House
    from engine.usecases.ports.workplace import Undertaking

#: the right to prove the books
PROVE: Final = "proof:read"


@repeated
def begin_proof(house: House, actor: Actor) -> Undertaking:
    """Prove every chain and every ledger in the background."""
    require(actor, PROVE)
    with house.writing() as uow:
        work = Begin(kind=Work.PROOF, title="", total=2, path="/kelola/audit")
        row = begin(uow, actor, work, ids=house.ids, now=house.clock.now())
        uow.jobs.enqueue(Work.PROOF, row.id, {"undertaking": row.id})
        note(
            house,
            uow,
            actor,
            stream="account" if actor.agency_id is None else f"agency:{actor.agency_id}",
            act=audit_tags.BOOKS_PROVED,
            facts={"undertaking": row.id},
        )
        uow.commit()
    return row


def last_proof(
    house: House, files: WorkFiles, actor: Actor
) -> tuple[Undertaking, Sequence[str]] | None:
    """The newest proof that the agency began, with its faults; None before the first."""
    require(actor, PROVE)
    with house.reading() as uow:
        found = uow.workplace.undertakings(actor.agency_id, kinds={Work.PROOF}, limit=1)
    if not found:
        return None
    try:
        return found[0], json.loads(files.get(RESULT.format(id=found[0].id)))
    except NotFound:
        return found[0], ()
