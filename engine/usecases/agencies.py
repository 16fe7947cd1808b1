"""Import an agency from a workbook: a dry run that names every flaw, then what is right."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    from collections.abc import Callable, Mapping, Sequence

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
        found = examined(uow, content)
        return Examination(
            flaws=tuple(found.flaws), counts=found.counts(), obstacle=obstacle_of(uow, found)
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
        found = examined(uow, command.content)
        obstacle = obstacle_of(uow, found)
        if obstacle == "agency_known":
            raise Conflict(obstacle, code=found.agency["code"])
        if obstacle:
            raise InputRefused(
                FieldFault(field="workbook", code=obstacle, message="nothing can be imported")
            )
        done = bring(house, uow, actor, found, command.filename)
        rows = [replace(row, password_hash=password_hash(row.login)) for row in accounts_of(found)]
        give_accounts(uow, found.agency["year"], rows, groups_of(found))
        answer: dict[str, Json] = {
            "agency_id": done.agency,
            "cycle_id": done.cycle,
            "counts": found.counts(),
            "accounts": len(done.people),
            "flaws": len(found.flaws),
        }
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def examined(uow: UnitOfWork, content: bytes) -> Examined:
    """The rows that stand and every flaw; `InputRefused` for what is no workbook."""
    return examine(content, lambda nip: uow.agency.person_by_nip(nip) is not None)


def obstacle_of(uow: UnitOfWork, found: Examined) -> str:
    """Why nothing at all can be imported, "" when something can."""
    if not found.agency:
        return "agency_missing"
    if uow.agency.agency_by_code(found.agency["code"]) is not None:
        return "agency_known"
    return ""


def bring(house: House, uow: UnitOfWork, actor: Actor, found: Examined, filename: str) -> Written:
    """Write everything that stands but the accounts, and note it."""
    done = write(uow, house.ids, found, house.clock.now())
    note(
        house,
        uow,
        actor,
        stream=f"agency:{done.agency}",
        act=audit_tags.WORKBOOK_IMPORTED,
        facts={
            "agency": done.agency,
            "file": filename,
            "errors": found.errors,
            "warnings": len(found.flaws) - found.errors,
        },
    )
    return done


def accounts_of(found: Examined) -> Sequence[AccountRow]:
    """An account per person that stands: login = NIP; no password yet, no person or agency."""
    return [
        AccountRow(
            login=nip, person_id=None, password_hash="", agency_id=None, display_name=row["name"]
        )
        for nip, row in found.people.items()
    ]


def groups_of(found: Examined) -> Mapping[str, Sequence[str]]:
    """Groups by NIP."""
    return {nip: tuple(row["groups"]) for nip, row in found.people.items() if row["groups"]}


def give_accounts(
    uow: UnitOfWork, year: int, rows: Sequence[AccountRow], groups: Mapping[str, Sequence[str]]
) -> None:
    """Accounts for people who are there, by NIP; groups hold from the first day of the year."""
    people = uow.agency.people_by_nip([row.login for row in rows])
    since = date(year, 1, 1)
    for row in rows:
        person = people[row.login]
        uow.accounts.put(replace(row, person_id=person.id, agency_id=person.agency_id))
        for group in groups.get(row.login, ()):
            uow.accounts.grant(row.login, group, since)
