"""Whoever could answer an open call is told of it, a few people in each transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.formation import Formation
from engine.usecases.notices import Kind, notify
from engine.usecases.operations.formation import CALLS, is_open
from engine.usecases.organisation import Standing
from engine.usecases.ports.workplace import Calls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

    Handler = Callable[[UnitOfWork, Mapping[str, Json]], Mapping[str, Json] | None]

#: people told in one transaction
CHUNK: Final = 500


def handlers(house: House) -> Mapping[str, Handler]:
    """Handlers by kind of job."""
    return {CALLS: lambda uow, args: tell_chunk(house, uow, args)}


def tell_chunk(
    house: House, uow: UnitOfWork, args: Mapping[str, Json]
) -> Mapping[str, Json] | None:
    """Tell the next people; what remains to be done, None at the end or once the call is closed.

    Inside Regu whoever is near the host unit; by letter only who asked for every call.
    """
    now = house.clock.now()
    call = uow.formation.get(Formation, str(args["formation_id"]))
    if call is None or not is_open(call, Standing(uow, now).today(call.agency_id)):
        return None
    found = uow.formation.volunteers(call, after=str(args["after"]), limit=CHUNK)
    until = call.apply_until
    notify(
        *(uow, house.ids, now, [one.person_id for one in found], Kind.CALL_OPENED),
        key=f"call:{call.id}",
        path=f"/tempat?panggilan={call.id}",
        facts={
            "formation_id": call.id,
            "by": call.opened_by,
            "apply_until": until.isoformat() if until else None,
        },
        letters_to=[one.person_id for one in found if one.calls is Calls.ALL],
    )
    return {**args, "after": found[-1].person_id} if len(found) == CHUNK else None
