"""What clients ask of drawings and of instances that are not rows: names, forms, scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.ports.drafts import DraftKind, Subject
    from engine.usecases.ports.process import DefinitionRow, FormRow, InstanceRow, Json
    from engine.usecases.ports.work import UnitOfWork


class Uses(NamedTuple):
    """What the steps of a drawing ask for, in whatever version."""

    #: processes called, decisions asked and forms shown, by id
    named: frozenset[Subject]
    #: kinds of which at least one is computed while it runs: it may be any
    computed: frozenset[DraftKind]


class ProcessLooking(Protocol):
    """Part of `ProcessRunner`; changes nothing."""

    def element_names(
        self, uow: UnitOfWork, definitions: Iterable[int]
    ) -> Mapping[tuple[int, str], str]:
        """(definition key, element id) -> name as drawn, of elements that have one."""
        ...

    def submit_of(self, uow: UnitOfWork, definition_key: int, element_id: str) -> str | None:
        """The operation that a user task's form goes to; None where it has none."""
        ...

    def start_form(self, uow: UnitOfWork, definition_key: int) -> FormRow | None:
        """The form of a version's none start event; None: it asks nothing."""
        ...

    def scopes(
        self, uow: UnitOfWork, rows: Sequence[InstanceRow]
    ) -> Sequence[tuple[int, int | None, str, Json]]:
        """(instance key, token, name, value) of every variable; token None: the root scope."""
        ...

    def single_flows(self, uow: UnitOfWork, definition_key: int) -> Mapping[str, Sequence[str]]:
        """Element id -> its one outgoing flow, of elements that have just one.

        History names the flows taken only where an element has several.
        """
        ...

    def uses(self, row: DefinitionRow) -> Uses:
        """What a version asks for, as compiled; nothing when it cannot run anyway."""
        ...

    def alarms(self, uow: UnitOfWork, row: InstanceRow) -> Sequence[tuple[datetime, str]]:
        """(when, element id of the event) of every timer that is set in a row, earliest first."""
        ...
