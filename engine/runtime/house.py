"""What all commands share: the host, the clock, and everything compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.runtime import asking, starts
from engine.runtime.decisions import Decisions
from engine.runtime.program import Program, Programs
from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from engine.runtime.command import Command
    from engine.usecases.ports.process import InstanceRow
    from engine.usecases.ports.runner import ProcessHost
    from engine.usecases.ports.time import Clock, Ids
    from engine.usecases.ports.work import UnitOfWork


class Engine:
    """Made once by the `Runner`; safe to share between threads."""

    def __init__(self, host: ProcessHost, clock: Clock, ids: Ids) -> None:
        self.host = host
        self.clock = clock
        self.ids = ids
        self.function_names = host.function_names
        names = self.function_names | frozenset(asking.EXTRAS)
        #: names that expressions may use beside variables
        self.names = names
        self.programs = Programs(names)
        self.decisions = Decisions(names)
        found: Any = getattr(host, "zone", None)
        #: (unit of work, agency id) -> its zone; None: the host has no opinion
        self.zone: Callable[[UnitOfWork, str | None], tzinfo] | None = found

    def program(self, uow: UnitOfWork, definition_key: int) -> Program:
        """The compiled version of that key; its row is read only the first time.

        `DrawingDamaged` when the row is not what was deployed.
        """
        known = self.programs.known(definition_key)
        if known is not None:
            return known
        row = uow.processes.definition(definition_key)
        if row is None:
            raise NotFound("definition", definition_key)
        return self.programs.get(row)

    def after_end(self, command: Command, row: InstanceRow) -> None:
        """A process instance ended: a message of its key may start the next one."""
        starts.next_by_message(command, row)
