"""Workbooks sent in by a page: checked in the background, then imported in the background."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from engine.usecases.agencies import IMPORT_ACT
from engine.usecases.errors import Conflict, FieldFault, InputRefused, NotFound
from engine.usecases.exports import EXPORT_ACT, SHEETS
from engine.usecases.imports.cells import BYTES_MAX, Flaw, Severity, check_archive
from engine.usecases.once import repeated
from engine.usecases.ports.workplace import Pace
from engine.usecases.rights import require
from engine.usecases.undertakings import Begin, Work, begin, undertaking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.files import WorkFiles
    from engine.usecases.ports.work import House
    from engine.usecases.ports.workplace import Undertaking

#: names of files by the id of their work: what was sent in, …
KEPT: Final = "{id}.xlsx"
#: … what a check found, …
RESULT: Final = "{id}.json"
#: … and whose accounts an import makes
ACCOUNTS: Final = "{id}.accounts"
_NAME_MAX: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What a dry run found."""

    flaws: Sequence[Flaw]
    #: rows that would be imported, by sheet
    counts: Mapping[str, int]
    #: why nothing at all can be imported; "" when something can
    obstacle: str


@repeated
def begin_check(
    house: House, files: WorkFiles, actor: Actor, content: bytes, filename: str
) -> Undertaking:
    """Keep a workbook and check it in the background; `InputRefused` for what is none."""
    require(actor, IMPORT_ACT)
    if not content:
        raise InputRefused(
            FieldFault(field="workbook", code="file_missing", message="choose a workbook")
        )
    if len(content) > BYTES_MAX:
        raise InputRefused(
            FieldFault(field="workbook", code="too_large", message="the workbook is too large")
        )
    check_archive(content)
    with house.writing() as uow:
        row = begin(
            uow,
            actor,
            Begin(
                kind=Work.IMPORT_CHECK,
                title=filename[-_NAME_MAX:],
                total=2,
                path="/kelola/impor/{id}",
            ),
            ids=house.ids,
            now=house.clock.now(),
        )
        files.put(KEPT.format(id=row.id), content)
        uow.jobs.enqueue(Work.IMPORT_CHECK, row.id, {"undertaking": row.id})
        uow.commit()
    return row


@repeated
def begin_import(house: House, actor: Actor, check_id: str) -> Undertaking:
    """Import what a check let stand, in the background; a second time: the first import again.

    `Conflict` while the check runs, failed or found an obstacle.
    """
    check = undertaking(house, actor, check_id, act=IMPORT_ACT, kinds={Work.IMPORT_CHECK})
    with house.writing() as uow:
        check = uow.workplace.undertaking(check_id) or check
        if check.facts.get("import"):
            earlier = uow.workplace.undertaking(str(check.facts["import"]))
            if earlier is not None and earlier.state is not Pace.FAILED:
                return earlier
        if check.state is not Pace.DONE or check.facts.get("obstacle"):
            raise Conflict("check_not_done", state=check.state.value)
        row = begin(
            uow,
            actor,
            Begin(
                kind=Work.IMPORT,
                title=check.title,
                total=1 + int(check.facts.get("people", 0)),
                path="/kelola/impor/{id}",
                facts={"check": check.id},
            ),
            ids=house.ids,
            now=house.clock.now(),
        )
        uow.workplace.put_undertaking(replace(check, facts={**check.facts, "import": row.id}))
        uow.jobs.enqueue(
            Work.IMPORT,
            row.id,
            {
                "undertaking": row.id,
                "check": check.id,
                "filename": check.title,
                "actor": actor.name,
                "actor_kind": actor.kind.value,
                "person_id": actor.person_id,
            },
        )
        uow.commit()
    return row


def check_result(files: WorkFiles, check: Undertaking) -> CheckResult | None:
    """What a check that has ended found; None when it is not kept any more."""
    try:
        told: dict[str, Any] = json.loads(files.get(RESULT.format(id=check.id)))
    except NotFound:
        return None
    flaws = [Flaw(**{**one, "severity": Severity(one["severity"])}) for one in told["flaws"]]
    return CheckResult(flaws=flaws, counts=told["counts"], obstacle=told["obstacle"])


@repeated
def begin_export(house: House, actor: Actor, cycle_id: str | None = None) -> Undertaking:
    """Write the actor's agency as a workbook in the background."""
    require(actor, EXPORT_ACT)
    if actor.agency_id is None:
        raise NotFound("agency", "")
    with house.writing() as uow:
        row = begin(
            uow,
            actor,
            Begin(
                kind=Work.AGENCY_EXPORT,
                title="instansi.xlsx",
                total=SHEETS,
                path="/kelola/ekspor/{id}",
            ),
            ids=house.ids,
            now=house.clock.now(),
        )
        args = {
            "undertaking": row.id,
            "agency_id": actor.agency_id,
            "cycle_id": cycle_id,
            "actor": actor.name,
            "actor_kind": actor.kind.value,
            "person_id": actor.person_id,
        }
        uow.jobs.enqueue(Work.AGENCY_EXPORT, row.id, args)
        uow.commit()
    return row


def exported(house: House, files: WorkFiles, actor: Actor, work_id: str) -> bytes:
    """The workbook of an export that is done; `NotFound` before, and when it is not kept."""
    row = undertaking(house, actor, work_id, act=EXPORT_ACT, kinds={Work.AGENCY_EXPORT})
    if row.state is not Pace.DONE:
        raise NotFound("file", work_id)
    return files.get(KEPT.format(id=row.id))
