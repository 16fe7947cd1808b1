"""Scenarios at the gate: what is deployed must still pass the stories that came with it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.usecases.errors import DrawingRefused, FieldFault, Finding, InputRefused
from engine.usecases.ports.drafts import DraftKind, Subject
from engine.usecases.ports.process import Resource
from engine.usecases.ports.scenarios import SCENARIO_SUFFIXES, ScenarioRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from engine.usecases.ports.runner import Deployed
    from engine.usecases.ports.scenarios import Rehearsed
    from engine.usecases.ports.work import House, UnitOfWork

#: characters of the reason why failing scenarios are passed over
REASON_MIN: Final = 10
REASON_MAX: Final = 500


def apart(resources: Sequence[Resource]) -> tuple[tuple[Resource, ...], tuple[Resource, ...]]:
    """Drawings, tables and forms; and scenario files."""
    scenarios = tuple(one for one in resources if one.name.endswith(SCENARIO_SUFFIXES))
    return tuple(one for one in resources if one not in scenarios), scenarios


def check_reason(reason: str | None) -> None:
    """`InputRefused` for a reason that says nothing."""
    if reason is not None and not REASON_MIN <= len(reason.strip()) <= REASON_MAX:
        message = f"between {REASON_MIN} and {REASON_MAX} characters"
        raise InputRefused(FieldFault(field="reason", code="length", message=message))


def pass_gate(
    house: House,
    uow: UnitOfWork,
    done: Deployed,
    files: Sequence[Resource],
    *,
    reason: str | None,
) -> Sequence[Finding]:
    """Play what concerns the files of a deployment that is done but not committed, and keep it.

    Gives what failed and was passed over for a reason, as warnings; `DrawingRefused` without one.
    """
    drawings, sent = apart(files)
    if house.scenarios is None:
        return ()
    standing = uow.scenarios.newest()
    kept = _kept(house, uow, done, sent, standing)
    named = {row.resource_name for row in kept}
    left = [row for row in standing if row.resource_name not in named]
    stories = [*kept, *_concerned(house, uow, done, left)]
    if not stories and not sent:
        return ()
    drawn = [*drawings, *_missing(uow, done, {row.process_id for row in stories})]
    told = [Resource(name=row.resource_name, content=row.content) for row in stories]
    unread = [one for one in sent if one.name not in named]
    faults = house.scenarios.faults(uow.processes, drawn, [*told, *unread])
    if unread or (faults and reason is None):
        raise DrawingRefused((*done.warnings, *faults))
    return [replace(fault, severity="warning") for fault in faults]


def played(
    house: House, uow: UnitOfWork, done: Deployed, files: Sequence[Resource]
) -> Rehearsed | None:
    """How all that concerns the files of a deployment goes; nothing is kept.

    None where there is nothing to play. `DrawingRefused` for what cannot be played at all.
    """
    drawings, sent = apart(files)
    if house.scenarios is None:
        return None
    names = {one.name for one in sent}
    left = [row for row in uow.scenarios.newest() if row.resource_name not in names]
    kept = _concerned(house, uow, done, left)
    if not sent and not kept:
        return None
    told = [*sent, *(Resource(name=row.resource_name, content=row.content) for row in kept)]
    tested = {row.process_id for row in kept}
    tested |= {one for one in map(house.scenarios.process_of, sent) if one}
    drawn = [*drawings, *_missing(uow, done, tested)]
    return house.scenarios.play(uow.processes, drawn, told)


def _kept(
    house: House,
    uow: UnitOfWork,
    done: Deployed,
    sent: Sequence[Resource],
    standing: Sequence[ScenarioRow],
) -> list[ScenarioRow]:
    """The files sent that can be read, kept; unchanged ones make no new version."""
    found: list[ScenarioRow] = []
    known = {row.resource_name: row for row in standing}
    for one in sent:
        process_id = house.scenarios.process_of(one) if house.scenarios else None
        if process_id is None:
            continue
        row = ScenarioRow(
            key=house.ids.key(),
            deployment_key=done.key,
            process_id=process_id,
            resource_name=one.name,
            content=one.content,
            sha256=hashlib.sha256(one.content).hexdigest(),
            deployed_at=house.clock.now(),
        )
        old = known.get(one.name)
        if old is None or old.sha256 != row.sha256:
            uow.scenarios.add(row)
        found.append(row)
    return found


def _concerned(
    house: House, uow: UnitOfWork, done: Deployed, standing: Sequence[ScenarioRow]
) -> list[ScenarioRow]:
    """Of files kept earlier those about processes that are deployed anew, or use what is."""
    changed = frozenset(_changed(done))
    if not changed:
        return []
    drawn = {name for name, _, _, _ in done.processes}
    about = {row.process_id for row in standing} - drawn
    drawn |= {one for one in about if _reaches(house, uow, one, changed)}
    return [row for row in standing if row.process_id in drawn]


def _changed(done: Deployed) -> Iterator[Subject]:
    """What has a new version."""
    for kind, rows in (
        (DraftKind.PROCESS, done.processes),
        (DraftKind.DECISION, done.decisions),
        (DraftKind.FORM, done.forms),
    ):
        yield from (Subject(kind, name) for name, _, _, new in rows if new)


def _reaches(house: House, uow: UnitOfWork, process_id: str, changed: frozenset[Subject]) -> bool:
    """Whether a process, or one that it calls however far below, asks for any of these.

    Who computes whom he calls may reach anything.
    """
    seen: set[str] = set()
    ahead = [process_id]
    while ahead:
        name = ahead.pop()
        row = None if name in seen else uow.processes.latest_definition(name)
        seen.add(name)
        if row is None:
            continue
        named, computed = house.runner.uses(row)
        if DraftKind.PROCESS in computed or any(
            one in named or one.kind in computed for one in changed
        ):
            return True
        ahead += [one.id for one in named if one.kind is DraftKind.PROCESS]
    return False


def _missing(uow: UnitOfWork, done: Deployed, tested: Collection[str]) -> Sequence[Resource]:
    """The drawings of processes that are tested and not among the files deployed now."""
    here = {name for name, _, _, _ in done.processes}
    found: dict[str, Resource] = {}
    for process_id in sorted(set(tested) - here):
        row = uow.processes.latest_definition(process_id)
        if row is not None:
            found[row.resource_name] = Resource(name=row.resource_name, content=row.xml)
    return tuple(found.values())
