"""Long work that somebody waits for: begun once, done in the background, read by its agency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.usecases.errors import NotFound
from engine.usecases.notices import Kind, notify
from engine.usecases.ports.workplace import Pace, Undertaking
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.time import Ids
    from engine.usecases.ports.work import House, UnitOfWork

#: how many of the newest works are looked through for those alike
_ALIKE_MAX: Final = 200
#: the right to see an agency's long work
FOLLOW: Final = "work:follow"


class Work(StrEnum):
    """What people wait for; also the kind of its background job."""

    #: dry run of a workbook
    IMPORT_CHECK = "import_check"
    #: import of the rows without an error
    IMPORT = "import"
    #: an agency's year as a workbook
    AGENCY_EXPORT = "agency_export"
    #: the proof of the books
    PROOF = "proof"
    #: one process for everybody
    MASS_START = "mass_start"
    #: a period is sealed
    SEALING = "sealing"
    #: one act over many tasks
    TASKS = "tasks"
    #: one act over many instances
    BATCH = "batch_operation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Work to begin."""

    kind: Work
    #: what it works on, as its starter reads it
    title: str
    #: steps in all, as far as known
    total: int = 0
    #: page that shows what comes out; "{id}" is its id
    path: str = ""
    facts: Mapping[str, Json] | None = None
    #: whose it is, when not the actor's
    agency_id: str | None = None


def begin(uow: UnitOfWork, actor: Actor, work: Begin, *, ids: Ids, now: datetime) -> Undertaking:
    """Keep new work in the transaction that enqueues its job."""
    new_id = ids.uuid()
    row = Undertaking(
        id=new_id,
        agency_id=work.agency_id or actor.agency_id,
        kind=work.kind.value,
        title=work.title,
        person_id=actor.human,
        done=0,
        total=work.total,
        state=Pace.WAITING,
        at=now,
        path=work.path.replace("{id}", new_id),
        facts={"by": actor.human or actor.name, **(work.facts or {})},
    )
    uow.workplace.add_undertaking(row)
    return row


def reach(uow: UnitOfWork, work_id: str, done: int, total: int | None = None) -> None:
    """Note how far work has come; what has ended stays as it is."""
    row = uow.workplace.undertaking(work_id)
    if row is None or row.ended_at is not None:
        return
    whole = max(row.total if total is None else total, done)
    uow.workplace.put_undertaking(replace(row, done=done, total=whole, state=Pace.RUNNING))


def reached(house: House, work_id: str, done: int, total: int | None = None) -> None:
    """The same in a transaction of its own, so that it is seen before the work is done."""
    with house.writing() as uow:
        reach(uow, work_id, done, total)
        uow.commit()


def end(
    house: House,
    uow: UnitOfWork,
    work_id: str,
    *,
    failed: str = "",
    facts: Mapping[str, Json] | None = None,
    path: str | None = None,
) -> None:
    """Note the end: done, or failed with a word from the refusals; a second end changes nothing.

    Who started it is told when it failed, and when a period that he left is sealed.
    """
    row = uow.workplace.undertaking(work_id)
    if row is None or row.ended_at is not None:
        return
    ended = replace(
        row,
        state=Pace.FAILED if failed else Pace.DONE,
        done=row.done if failed else row.total,
        ended_at=house.clock.now(),
        words=failed,
        path=row.path if path is None else path,
        facts={**row.facts, **(facts or {})},
    )
    uow.workplace.put_undertaking(ended)
    _tell(house, uow, ended)


def end_alike(house: House, uow: UnitOfWork, row: Undertaking, *, failed: str = "") -> None:
    """End what was asked for while this very work waited or ran: there is nothing left to do.

    Alike is what has the same kind and the same fact "key".
    """
    if "key" not in row.facts:
        return
    for other in uow.workplace.undertakings(row.agency_id, kinds={row.kind}, limit=_ALIKE_MAX):
        if other.id != row.id and other.facts.get("key") == row.facts["key"]:
            facts: dict[str, Json] = {"started": 0, "under_way": True}
            end(house, uow, other.id, failed=failed, facts=facts)


def _tell(house: House, uow: UnitOfWork, row: Undertaking) -> None:
    sealed = row.state is Pace.DONE and row.kind == Work.SEALING
    if row.person_id is None or not (sealed or row.state is Pace.FAILED):
        return
    notify(
        *(uow, house.ids, house.clock.now(), [row.person_id]),
        Kind.PERIOD_SEALED if sealed else Kind.WORK_FAILED,
        key=f"work:{row.id}",
        path=f"/kemajuan/{row.id}",
        facts={"undertaking_id": row.id, "work": row.kind},
    )


def undertakings(
    house: House,
    actor: Actor,
    *,
    kinds: Collection[str] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Sequence[Undertaking]:
    """Long work of the actor's agency, newest first, keyset paged by id."""
    require(actor, FOLLOW)
    with house.reading() as uow:
        return uow.workplace.undertakings(actor.agency_id, kinds=kinds, after=after, limit=limit)


def undertaking(
    house: House, actor: Actor, work_id: str, *, act: str = FOLLOW, kinds: Collection[str] = ()
) -> Undertaking:
    """One of the actor's agency; `AccessRefused` without the act, `NotFound` for another's."""
    require(actor, act, work_id)
    with house.reading() as uow:
        row = uow.workplace.undertaking(work_id)
    if row is None or not same_agency(actor, row.agency_id) or (kinds and row.kind not in kinds):
        raise NotFound("undertaking", work_id)
    return row
