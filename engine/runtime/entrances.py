"""How people start a process themselves: the none start event with its form and operation."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.runtime import asking, outside, starts, worklist
from engine.runtime.faults import Fault
from engine.usecases import piloting
from engine.usecases.errors import NotFound
from engine.usecases.ports.runner import Entrance, OperationCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.runtime.command import Command
    from engine.runtime.house import Engine
    from engine.runtime.program import Program
    from engine.usecases.ports.process import DefinitionRow, Json
    from engine.usecases.ports.work import UnitOfWork


def entrances(engine: Engine, uow: UnitOfWork, units: piloting.Units) -> Iterator[Entrance]:
    """The newest version for these units of every process that names who may start it."""
    for newest in uow.processes.definitions():
        row: DefinitionRow | None = newest
        if newest.pilot_units is not None:
            row = piloting.newest(uow, newest.process_id, units)
        if row is None or row.suspended_at is not None:
            continue
        found = _entrance(uow, engine.programs.get(row))
        if found is not None:
            yield found


def enter(
    command: Command, entrance: Entrance, scope: Mapping[str, Json], form: Mapping[str, Json]
) -> int:
    """Run the start event's operation as the human, then begin; its refusal starts nothing."""
    row = command.uow.processes.definition(entrance.definition_key)
    if row is None:
        raise NotFound("process", entrance.process_id)
    program = command.engine.programs.get(row)
    try:
        variables = {**scope, **_submitted(command, program, scope, form)}
        outside.check(variables)
        made = starts.begin(command, program, variables)
    except Fault as fault:
        raise outside.refused(fault) from fault
    command.run()
    return made.row.key


def _submitted(
    command: Command, program: Program, scope: Mapping[str, Json], form: Mapping[str, Json]
) -> Mapping[str, Json]:
    start = program.process.none_start
    if start is None or start.submit is None:
        return form
    operation = asking.operation_for(command, start.submit)
    call = OperationCall(
        uow=command.uow,
        actor=command.actor,
        now=command.now,
        instance_key=0,
        element_id=start.id,
        variables=MappingProxyType(dict(scope)),
        form=MappingProxyType(dict(form)),
    )
    return operation(call) or {}


def _entrance(uow: UnitOfWork, program: Program) -> Entrance | None:
    start, row = program.process.none_start, program.definition
    if start is None or not start.starters:
        return None
    try:
        form = worklist.form_of(uow, row.deployment_key, start.form)
    except Fault:
        return None
    return Entrance(
        process_id=row.process_id,
        definition_key=row.key,
        version=row.version,
        name=row.name,
        about=program.process.about,
        starters=start.starters,
        form_key=form.key if form is not None else None,
    )
