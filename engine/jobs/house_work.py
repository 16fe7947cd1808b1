"""An agency's workbook is written, and the books are proved, with nobody waiting in a request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.usecases import audit_tags
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.audit import note
from engine.usecases.errors import NotFound
from engine.usecases.exports import SHEETS, export_agency
from engine.usecases.proof import extent, prove
from engine.usecases.rights import PERF_ADMIN
from engine.usecases.undertakings import end, reached
from engine.usecases.workbooks import KEPT, RESULT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.ports.files import WorkFiles
    from engine.usecases.ports.work import House, UnitOfWork

#: faults that are shown with a proof; the rest is counted
FAULTS_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class AgencyExport:
    """The workbook is written into a file before its end is noted; again: the same file anew."""

    house: House
    files: WorkFiles

    def prepare(self, args: Mapping[str, Any], renew: Callable[[], None]) -> Mapping[str, Any]:
        """Write the workbook, sheet by sheet."""
        work_id, done = str(args["undertaking"]), 0

        def written(_title: str) -> None:
            nonlocal done
            done += 1
            renew()
            reached(self.house, work_id, min(done, SHEETS), SHEETS)

        reached(self.house, work_id, 0, SHEETS)
        keeper = Actor(
            kind=ActorKind.SYSTEM,
            name="system",
            groups=frozenset({PERF_ADMIN}),
            agency_id=str(args["agency_id"]),
        )
        try:
            content = export_agency(self.house, keeper, args["cycle_id"], written)
        except NotFound:
            return {**args, "failed": "cycle_missing"}
        self.files.put(KEPT.format(id=work_id), content)
        return args

    def __call__(self, uow: UnitOfWork, args: Mapping[str, Any]) -> None:
        """Note the end and who took the data out."""
        end(self.house, uow, str(args["undertaking"]), failed=str(args.get("failed", "")))
        note(
            self.house,
            uow,
            _who(args),
            stream=f"agency:{args['agency_id']}",
            act=audit_tags.AGENCY_EXPORTED,
            facts={"undertaking": str(args["undertaking"])},
        )

    def gave_up(self, uow: UnitOfWork, args: Mapping[str, Any], _told: str) -> None:
        """Say that it could not be done."""
        end(self.house, uow, str(args["undertaking"]), failed="gave_up")


@dataclass(frozen=True, slots=True)
class Proof:
    """Every chain and every ledger is read; what breaks is kept with the work."""

    house: House
    files: WorkFiles

    def prepare(self, args: Mapping[str, Any], renew: Callable[[], None]) -> Mapping[str, Any]:
        """Prove the books."""
        work_id = str(args["undertaking"])
        reached(self.house, work_id, 0, 2)
        read = extent(self.house)
        renew()
        reached(self.house, work_id, 1, 2)
        faults = prove(self.house)
        self.files.put(RESULT.format(id=work_id), json.dumps(faults[:FAULTS_SHOWN]).encode())
        facts = {
            "chains": read.chains,
            "entries": read.entries,
            "outputs": read.outputs,
            "rows": read.rows,
            "faults": len(faults),
        }
        return {**args, "facts": facts}

    def __call__(self, uow: UnitOfWork, args: Mapping[str, Any]) -> None:
        """Note what the proof came to."""
        end(self.house, uow, str(args["undertaking"]), facts=args["facts"])

    def gave_up(self, uow: UnitOfWork, args: Mapping[str, Any], _told: str) -> None:
        """Say that it could not be done."""
        end(self.house, uow, str(args["undertaking"]), failed="gave_up")


def _who(args: Mapping[str, Any]) -> Actor:
    return Actor(
        kind=ActorKind(args["actor_kind"]), name=str(args["actor"]), person_id=args["person_id"]
    )
