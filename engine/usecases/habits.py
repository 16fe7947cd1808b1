"""How a person likes to work: notices he has read, when letters leave, filters he keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import FieldFault, InputRefused, NotFound
from engine.usecases.ports.workplace import Preference, SavedFilter
from engine.usecases.rights import GROUPS, require

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House
    from engine.usecases.ports.workplace import Calls, Digest, Notice

#: letters of a filter's name, and of its question
NAME_MAX: Final = 60
_QUERY_MAX: Final = 500
#: filters of a screen
FILTERS_MAX: Final = 12
#: the right to share a filter, and the word for everybody in one's agency
SHARE: Final = "filter:share"
AGENCY: Final = "agency"
_MINUTES_OF_DAY: Final = 24 * 60


def notices(
    house: House, actor: Actor, *, after: tuple[datetime, str] | None = None, limit: int = 50
) -> tuple[Sequence[Notice], Mapping[str, str]]:
    """One's own notices, newest first, keyset paged, and titles of what they name by id.

    `NotFound` without a person.
    """
    with house.reading() as uow:
        found = uow.workplace.notices(_person(actor), after=after, limit=limit)
        ids = {one for row in found for one in row.facts.values() if isinstance(one, str)}
        return found, uow.inbox.titles(ids)


def read_notices(house: House, actor: Actor, ids: Collection[str] | None) -> None:
    """One has read these notices, or all (None); those of others are left alone."""
    person_id = _person(actor)
    with house.writing() as uow:
        uow.workplace.mark_read(person_id, ids, house.clock.now())
        uow.commit()


def preference(house: House, actor: Actor) -> Preference:
    """What one chose, else the default."""
    with house.reading() as uow:
        return uow.workplace.preference(_person(actor))


def prefer(
    house: House,
    actor: Actor,
    digest: Digest,
    quiet: tuple[int, int],
    calls: Calls | None = None,
) -> None:
    """Choose when letters leave; `quiet` in minutes of the day, equal for no quiet hours.

    `calls`: of which open calls to be told, None for those that were chosen before.
    """
    for field, minute in zip(("quiet_from", "quiet_to"), quiet, strict=True):
        if not 0 <= minute < _MINUTES_OF_DAY:
            raise InputRefused(FieldFault(field=field, code="out_of_range", message="a time"))
    person_id = _person(actor)
    with house.writing() as uow:
        row = Preference(
            person_id=person_id,
            digest=digest,
            quiet_from_min=quiet[0],
            quiet_to_min=quiet[1],
            calls=calls or uow.workplace.preference(person_id).calls,
        )
        uow.workplace.prefer(row)
        uow.commit()


def keep_filter(house: House, actor: Actor, screen: str, name: str, query: str) -> None:
    """Keep a question of a screen under a name; one of that name is replaced.

    `InputRefused` for a name that is empty or too long, and for one filter too many.
    """
    person_id, named = _person(actor), name.strip()
    if not named or len(named) > NAME_MAX:
        raise InputRefused(FieldFault(field="name", code="required", message="a short name"))
    if len(query) > _QUERY_MAX:
        raise InputRefused(FieldFault(field="name", code="too_long", message="a shorter filter"))
    with house.writing() as uow:
        known = uow.workplace.filters(person_id, screen)
        if len(known) >= FILTERS_MAX and named not in {one.name for one in known}:
            raise InputRefused(FieldFault(field="name", code="too_many", message="drop one first"))
        uow.workplace.keep_filter(
            SavedFilter(
                id=house.ids.uuid(),
                person_id=person_id,
                screen=screen,
                name=named,
                query=query,
                **_shared_as_before(known, named),
            )
        )
        uow.commit()


def _shared_as_before(known: Sequence[SavedFilter], name: str) -> dict[str, Json]:
    """A filter that is kept anew under its name stays shared with whom it was."""
    one = next((one for one in known if one.name == name), None)
    return {"shared_with": one.shared_with, "agency_id": one.agency_id} if one else {}


def share_filter(house: House, actor: Actor, filter_id: str, shared_with: str) -> None:
    """Let a group or the whole agency ("agency") use a filter of one's own; "" ends it.

    It holds a question, never an answer: everybody who uses it sees what is his own. By the
    groups of `filter:share`; `NotFound` for another's filter, `InputRefused` for no such group.
    """
    person_id = _person(actor)
    require(actor, SHARE)
    if shared_with not in {"", AGENCY, *GROUPS}:
        raise InputRefused(FieldFault(field="shared", code="unknown_word", message="a group"))
    if actor.agency_id is None:
        raise NotFound("agency", actor.name)
    with house.writing() as uow:
        agency_id = actor.agency_id if shared_with else None
        if not uow.workplace.share_filter(person_id, filter_id, shared_with, agency_id):
            raise NotFound("filter", filter_id)
        note(
            house,
            uow,
            actor,
            stream=f"agency:{actor.agency_id}",
            act=audit_tags.FILTER_SHARED,
            facts={"filter": filter_id, "with": shared_with},
        )
        uow.commit()


def drop_filter(house: House, actor: Actor, filter_id: str) -> None:
    """Forget a filter of one's own; nothing happens for another's."""
    person_id = _person(actor)
    with house.writing() as uow:
        uow.workplace.drop_filter(person_id, filter_id)
        uow.commit()


def _person(actor: Actor) -> str:
    if actor.person_id is None:
        raise NotFound("person", actor.name)
    return actor.person_id
