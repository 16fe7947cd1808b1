"""A workbook is checked, then imported: rows in one transaction, accounts a few at a time.

What takes long (reading the workbook, hashing first passwords) stands outside the transactions.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from engine.usecases.actor import Actor, ActorKind
from engine.usecases.agencies import (
    accounts_of,
    bring,
    examined,
    give_accounts,
    groups_of,
    obstacle_of,
)
from engine.usecases.errors import Conflict, InputRefused, NotFound
from engine.usecases.ports.accounts import AccountRow
from engine.usecases.undertakings import end, reach, reached
from engine.usecases.workbooks import ACCOUNTS, KEPT, RESULT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.imports.rows import Examined
    from engine.usecases.ports.files import WorkFiles
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

#: accounts of one transaction: their passwords are hashed one by one
CHUNK: Final = 50
#: a check is read, and then kept
_CHECK_STEPS: Final = 2


@dataclass(frozen=True, slots=True)
class ImportCheck:
    """The dry run: nothing of the workbook is written but what is wrong with it."""

    house: House
    files: WorkFiles

    def prepare(self, args: Mapping[str, Any], renew: Callable[[], None]) -> Mapping[str, Any]:
        """Read the workbook and keep every flaw beside it."""
        work_id = str(args["undertaking"])
        reached(self.house, work_id, 0, _CHECK_STEPS)
        try:
            content = self.files.get(KEPT.format(id=work_id))
            with self.house.reading() as uow:
                found = examined(uow, content)
                obstacle = obstacle_of(uow, found)
        except (InputRefused, NotFound) as refusal:
            return {**args, "failed": _code(refusal)}
        renew()
        told = {
            "flaws": [asdict(flaw) for flaw in found.flaws],
            "counts": found.counts(),
            "obstacle": obstacle,
        }
        self.files.put(RESULT.format(id=work_id), json.dumps(told).encode())
        return {**args, "facts": _facts(found, obstacle)}

    def __call__(self, uow: UnitOfWork, args: Mapping[str, Any]) -> None:
        """The check has come to its end."""
        end(
            self.house,
            uow,
            str(args["undertaking"]),
            failed=str(args.get("failed", "")),
            facts=args.get("facts"),
        )

    def gave_up(self, uow: UnitOfWork, args: Mapping[str, Any], _told: str) -> None:
        """Say that it could not be done."""
        end(self.house, uow, str(args["undertaking"]), failed="gave_up")


@dataclass(frozen=True, slots=True)
class Import:
    """The import itself: first all rows that stand, then accounts chunk by chunk."""

    house: House
    files: WorkFiles
    password_hash: Callable[[str], str]

    def prepare(self, args: Mapping[str, Any], renew: Callable[[], None]) -> Mapping[str, Any]:
        """Read the workbook, or hash the passwords of the next accounts."""
        work_id = str(args["undertaking"])
        if "agency" in args:
            return {**args, "rows": self._hashed(args, renew)}
        reached(self.house, work_id, 0)
        try:
            content = self.files.get(KEPT.format(id=args["check"]))
            with self.house.reading() as uow:
                found = examined(uow, content)
        except (InputRefused, NotFound) as refusal:
            return {**args, "failed": _code(refusal)}
        renew()
        return {**args, "found": found}

    def __call__(self, uow: UnitOfWork, args: Mapping[str, Any]) -> Mapping[str, Json] | None:
        """One chunk: the rows, or some accounts."""
        work_id = str(args["undertaking"])
        if "failed" in args:
            end(self.house, uow, work_id, failed=str(args["failed"]))
            return None
        return self._accounts(uow, args) if "agency" in args else self._rows(uow, args)

    def gave_up(self, uow: UnitOfWork, args: Mapping[str, Any], _told: str) -> None:
        """Say that it could not be done."""
        end(self.house, uow, str(args["undertaking"]), failed="gave_up")

    def _rows(self, uow: UnitOfWork, args: Mapping[str, Any]) -> Mapping[str, Json] | None:
        work_id, found = str(args["undertaking"]), cast("Examined", args["found"])
        obstacle = obstacle_of(uow, found)
        if obstacle:
            end(self.house, uow, work_id, failed=obstacle)
            return None
        actor = replace(
            Actor(kind=ActorKind(args["actor_kind"]), name=str(args["actor"])),
            person_id=args["person_id"],
        )
        done = bring(self.house, uow, actor, found, str(args["filename"]))
        groups = groups_of(found)
        listed = [
            [row.login, row.display_name, groups.get(row.login, ())] for row in accounts_of(found)
        ]
        self.files.put(ACCOUNTS.format(id=work_id), json.dumps(listed).encode())
        reach(uow, work_id, 1, 1 + len(listed))
        return {
            **{key: value for key, value in args.items() if key != "found"},
            "agency": done.agency,
            "year": found.agency["year"],
            "after": 0,
            "facts": {**_facts(found, ""), "agency": done.agency, "cycle": done.cycle},
        }

    def _accounts(self, uow: UnitOfWork, args: Mapping[str, Any]) -> Mapping[str, Json] | None:
        work_id, rows = str(args["undertaking"]), args["rows"]
        groups = {login: held for login, _, held, _ in rows}
        give_accounts(uow, int(args["year"]), [_account(row) for row in rows], groups)
        after = int(args["after"]) + len(rows)
        if len(rows) < CHUNK:
            end(self.house, uow, work_id, facts=args["facts"])
            return None
        reach(uow, work_id, 1 + after)
        return {**{key: value for key, value in args.items() if key != "rows"}, "after": after}

    def _hashed(self, args: Mapping[str, Any], renew: Callable[[], None]) -> list[list[Any]]:
        """[login, name, groups, hash] of the accounts after those that were made."""
        listed = json.loads(self.files.get(ACCOUNTS.format(id=args["undertaking"])))
        after = int(args["after"])
        rows = [[*row, self.password_hash(row[0])] for row in listed[after : after + CHUNK]]
        renew()
        return rows


def _account(row: list[Any]) -> AccountRow:
    login, name, _, coded = row
    return AccountRow(
        login=login, person_id=None, password_hash=coded, agency_id=None, display_name=name
    )


def _facts(found: Examined, obstacle: str) -> Mapping[str, Json]:
    return {
        "errors": found.errors,
        "warnings": len(found.flaws) - found.errors,
        "people": len(found.people),
        "code": str(found.agency.get("code", "")),
        "obstacle": obstacle,
    }


def _code(refusal: InputRefused | NotFound | Conflict) -> str:
    return refusal.faults[0].code if isinstance(refusal, InputRefused) else "file_gone"
