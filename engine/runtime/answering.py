"""The part of the runner that answers clients about drawings and scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime import codec, looking
from engine.runtime.command import Command
from engine.usecases.actor import system

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.runtime.house import Engine
    from engine.usecases.ports.looking import Uses
    from engine.usecases.ports.process import DefinitionRow, FormRow, InstanceRow, Json
    from engine.usecases.ports.work import UnitOfWork


class Answering:
    """`ProcessLooking` on compiled definitions."""

    _engine: Engine

    def element_names(
        self, uow: UnitOfWork, definitions: Iterable[int]
    ) -> Mapping[tuple[int, str], str]:
        """(definition key, element id) -> name as drawn, of elements that have one."""
        return looking.element_names(self._engine, uow, definitions)

    def submit_of(self, uow: UnitOfWork, definition_key: int, element_id: str) -> str | None:
        """The operation that a user task's form goes to; None where it has none."""
        return looking.submit_of(self._engine, uow, definition_key, element_id)

    def start_form(self, uow: UnitOfWork, definition_key: int) -> FormRow | None:
        """The form of a version's none start event; None: it asks nothing."""
        return looking.start_form(self._engine, uow, definition_key)

    def scopes(
        self, uow: UnitOfWork, rows: Sequence[InstanceRow]
    ) -> Sequence[tuple[int, int | None, str, Json]]:
        """(instance key, token, name, value) of every variable; token None: the root scope."""
        return looking.scopes(Command(self._engine, uow, system()), rows)

    def single_flows(self, uow: UnitOfWork, definition_key: int) -> Mapping[str, Sequence[str]]:
        """Element id -> its one outgoing flow, of elements that have just one."""
        return looking.single_flows(self._engine, uow, definition_key)

    def uses(self, row: DefinitionRow) -> Uses:
        """What a version asks for, as compiled; nothing when it cannot run anyway."""
        return looking.uses(self._engine, row)

    @staticmethod
    def state_fault(state: bytes) -> str:
        """What is wrong with a stored state; "" when it can be read."""
        return codec.fault_of(state)
