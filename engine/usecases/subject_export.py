"""All that is kept about one person as one document (UU 27/2022: access, a copy to take along)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import NotFound
from engine.usecases.once import repeated
from engine.usecases.rights import require

if TYPE_CHECKING:
    from engine.domain.people import Person
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

#: the right to hand out another's data
EXPORT: Final = "person:export"
FORMAT: Final = "regu-subject-export-1"

Document = dict[str, "Json"]


@repeated
def export_own(house: House, actor: Actor) -> Document:
    """One's own; `NotFound` for an account without a person. Noted in the audit."""
    with house.writing() as uow:
        person = uow.teams.people([actor.person_id]) if actor.person_id else ()
        if not person:
            raise NotFound("person", actor.name)
        return _handed_out(house, uow, actor, person[0])


@repeated
def export_of(house: House, actor: Actor, nip: str) -> Document:
    """Somebody's, for who may look after the installation. Noted in the audit."""
    require(actor, EXPORT, nip)
    with house.writing() as uow:
        person = uow.subjects.by_nip(nip)
        if person is None or actor.agency_id not in (None, person.agency_id):
            raise NotFound("person", nip)
        return _handed_out(house, uow, actor, person)


def _handed_out(house: House, uow: UnitOfWork, actor: Actor, person: Person) -> Document:
    found = document(house, uow, person)
    note(
        house,
        uow,
        actor,
        stream=f"agency:{person.agency_id}",
        act=audit_tags.PERSON_EXPORTED,
        facts={"person": person.id},
    )
    uow.commit()
    return found


def document(house: House, uow: UnitOfWork, person: Person) -> Document:
    """Promise: by table, with what is left out and why; ids of others stay ids."""
    tables: dict[str, Json] = {
        name: list(rows) for name, rows in uow.subjects.rows(person.id).items()
    }
    return {
        "format": FORMAT,
        "at": house.clock.now().isoformat(),
        "person": {"id": person.id, "nip": person.nip, "name": person.name},
        "tables": tables,
        "leftOut": dict(uow.subjects.left_out()),
    }
