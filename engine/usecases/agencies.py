"""Import an agency from a workbook: a dry run that names every flaw, then what is right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import Conflict, FieldFault, InputRefused
from engine.usecases.imports.examine import examine
from engine.usecases.imports.write import write
from engine.usecases.once import recall, remember, repeated
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.actor import Actor
    from engine.usecases.imports.cells import Flaw
    from engine.usecases.imports.rows import Examined
    from engine.usecases.imports.write import Written
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

#: the right to import; granted to who may manage accounts, because an import makes them
IMPORT_ACT: Final = "account:manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAgency:
    """Import what is right in a workbook."""

    content: bytes
    filename: str
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What a dry run says."""

    flaws: tuple[Flaw, ...]
    #: rows that would be imported, by sheet
    counts: Mapping[str, int]
    #: why nothing at all can be imported; "" when something can
    obstacle: str


def examine_workbook(house: House, actor: Actor, content: bytes) -> Examination:
    """Dry run: every flaw by sheet and cell, nothing written.

    `InputRefused` for a file that is no workbook or too large.
    """
    require(actor, IMPORT_ACT)
    with house.reading() as uow:
        found = _examined(uow, content)
        return Examination(
            flaws=tuple(found.flaws), counts=found.counts(), obstacle=_obstacle(uow, found)
        )


@repeated
def import_agency(
    house: House, actor: Actor, command: ImportAgency, password_hash: Callable[[str], str]
) -> Mapping[str, Json]:
    """Import the rows without an error, with an account for each person, in one transaction.

    `password_hash` gives the encoded hash of a NIP's first password. Returns agency_id, cycle_id,
    counts by sheet, accounts and flaws. `Conflict` when the agency is there already.
    """
    require(actor, IMPORT_ACT)
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        found = _examined(uow, command.content)
        obstacle = _obstacle(uow, found)
        if obstacle == "agency_known":
            raise Conflict(obstacle, code=found.agency["code"])
        if obstacle:
            raise InputRefused(
                FieldFault(field="workbook", code=obstacle, message="nothing can be imported")
            )
        done = write(uow, house.ids, found, house.clock.now())
        _accounts(uow, found, done, password_hash)
        answer: dict[str, Json] = {
            "agency_id": done.agency,
            "cycle_id": done.cycle,
            "counts": found.counts(),
            "accounts": len(done.people),
            "flaws": len(found.flaws),
        }
        note(
            house,
            uow,
            actor,
            stream=f"agency:{done.agency}",
            act=audit_tags.WORKBOOK_IMPORTED,
            facts={"agency": done.agency, "file": command.filename},
        )
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def _examined(uow: UnitOfWork, content: bytes) -> Examined:
    return examine(content, lambda nip: uow.agency.person_by_nip(nip) is not None)


def _obstacle(uow: UnitOfWork, found: Examined) -> str:
    if not found.agency:
        return "agency_missing"
    if uow.agency.agency_by_code(found.agency["code"]) is not None:
        return "agency_known"
    return ""


def _accounts(
    uow: UnitOfWork, found: Examined, done: Written, password_hash: Callable[[str], str]
) -> None:
    """Login = NIP; groups from the sheet hold from the first day of the year."""
    since = date(found.agency["year"], 1, 1)
    for nip, row in found.people.items():
        uow.accounts.put(
            AccountRow(
                login=nip,
                person_id=done.people[nip],
                password_hash=password_hash(nip),
                agency_id=done.agency,
                display_name=row["name"],
            )
        )
        for group in row["groups"]:
            uow.accounts.grant(nip, group, since)
