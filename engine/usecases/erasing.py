"""Erasing who somebody was (UU 27/2022 Art. 8), while ledger, audit and ratings stay proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.privacy import erasable_from, erased_name, pseudonyms
from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.once import repeated
from engine.usecases.organisation import Standing
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.people import Person
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import House, UnitOfWork

#: the right to erase a person
ERASE: Final = "person:erase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What was done, and where the name still stands."""

    person_id: str
    #: what stands in the place of name and NIP
    name: str
    nip: str
    #: rows changed or deleted, by table
    done: Mapping[str, int]
    #: rows in which name, NIP or e-mail still stand, by table
    stays: Mapping[str, int]
    #: table -> why
    reasons: Mapping[str, str]


def erase_person(house: House, actor: Actor, nip: str, *, letter: str, reason: str) -> Erasure:
    """Erase who a NIP belonged to, in one transaction.

    `Conflict`: `person_serves`, `person_holds_tasks`, `person_never_left`, `person_left_lately`
    (facts: `until`), `person_erased`. `InputRefused` without a letter or a reason.
    """
    require(actor, ERASE, nip)
    _check_words(letter=letter, reason=reason)
    person, name, new_nip, done = _erase(house, actor, nip, (letter.strip(), reason.strip()))
    words = [person.nip, person.name, *([person.email] if person.email else [])]
    with house.reading() as uow:
        return Erasure(
            person_id=person.id,
            name=name,
            nip=new_nip,
            done=done,
            stays=uow.subjects.traces(words),
            reasons=uow.subjects.kept(),
        )


@repeated
def _erase(
    house: House, actor: Actor, nip: str, why: tuple[str, str]
) -> tuple[Person, str, str, Mapping[str, int]]:
    with house.writing() as uow:
        person = uow.subjects.by_nip(nip)
        if person is None or actor.agency_id not in (None, person.agency_id):
            raise NotFound("person", nip)
        _check_gone(house, uow, person)
        name = erased_name(person.id)
        new_nip = next(one for one in pseudonyms(person.id) if not uow.subjects.nip_taken(one))
        done = uow.subjects.erase(person, name=name, nip=new_nip)
        note(
            house,
            uow,
            actor,
            stream=f"agency:{person.agency_id}",
            act=audit_tags.PERSON_ERASED,
            facts={"person": person.id, "letter": why[0], "reason": why[1]},
        )
        uow.commit()
    return person, name, new_nip, done


def _check_words(**given: str) -> None:
    faults = [
        FieldFault(field=field, code="required", message=f"say {field}")
        for field, words in given.items()
        if not words.strip()
    ]
    if faults:
        raise InputRefused(*faults)


def _check_gone(house: House, uow: UnitOfWork, person: Person) -> None:
    """`Conflict` while somebody may still ask who he is."""
    if person.name == erased_name(person.id):
        raise Conflict("person_erased", person=person.id)
    today = Standing(uow, house.clock.now()).today(person.agency_id)
    service = uow.subjects.service(person.id, today)
    if service.serves:
        raise Conflict("person_serves", person=person.id)
    if service.open_tasks:
        raise Conflict("person_holds_tasks", tasks=service.open_tasks)
    if service.left_on is None:
        raise Conflict("person_never_left", person=person.id)
    until = erasable_from(service.left_on)
    if today < until:
        raise Conflict("person_left_lately", until=until.isoformat())
