"""What a process owner does to running instances: the runtime's side, inside an open unit of work.

None of these commits, asks for rights or writes the audit: `engine.usecases.steering` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.versions import (
        Difference,
        Migrated,
        MigrationPlan,
        Obstacle,
        Proposed,
    )
    from engine.usecases.ports.work import UnitOfWork


class Where(StrEnum):
    """On which side of an element a token begins."""

    #: the element is done
    BEFORE = "before"
    #: the element counts as done: the token takes its outgoing flows
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One change of the tokens of an instance: end some, begin one, or both (a move).

    With `ends_token` or `ends_element` tokens end with all that is inside and below them; with
    `begins` a token begins there (one for each that ended, at least one).
    """

    ends_token: int | None = None
    #: all tokens on that element
    ends_element: str | None = None
    begins: str | None = None
    where: Where = Where.BEFORE
    #: token of the sub-process in which it begins, where several of them live; None: the one
    within: int | None = None
    #: variables set before it begins, in the scope in which it begins
    variables: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A token that ends or begins."""

    element_id: str
    name: str
    type: str
    #: None: it will be made
    token: int | None
    #: the execution root: the instance, or one below it
    instance_key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What a change of tokens ends and begins, before the instance goes on by itself."""

    ends: tuple[Touched, ...]
    begins: tuple[Touched, ...]
    #: open tasks of people that are cancelled
    tasks: tuple[int, ...] = ()


class ProcessSteering(Protocol):
    """The part of the runner that changes instances from outside their drawing."""

    def difference(self, uow: UnitOfWork, source_key: int, target_key: int) -> Difference:
        """What changed between two versions, forms and decisions that they bind included."""
        ...

    def propose(self, uow: UnitOfWork, source_key: int, target_key: int) -> Proposed:
        """A plan by id and kind, then by kind and name."""
        ...

    def check_plan(self, uow: UnitOfWork, plan: MigrationPlan) -> Sequence[Obstacle]:
        """Every fault of a plan, whatever the instances are."""
        ...

    def check_migration(
        self, uow: UnitOfWork, instance_key: int, plan: MigrationPlan
    ) -> Sequence[Obstacle]:
        """Why an instance cannot move by a plan without faults; empty: it can. Reads only."""
        ...

    def migrate(
        self, uow: UnitOfWork, instance_key: int, plan: MigrationPlan, actor: Actor
    ) -> Migrated:
        """Move an instance with its multi-instance children; `MigrationRefused` leaves it."""
        ...

    def undo_migration(
        self, uow: UnitOfWork, instance_key: int, before: bytes, actor: Actor
    ) -> None:
        """Bring it back as it was; `MigrationRefused` when it moved on since."""
        ...

    def replan_starts(self, uow: UnitOfWork, process_id: str, actor: Actor) -> None:
        """Starts wait at the newest version that is no pilot; a pilot's units take theirs then."""
        ...

    def suspend(self, uow: UnitOfWork, instance_key: int, actor: Actor) -> None:
        """Hold an instance with all below it: no timer fires, no task or job ends, messages wait.

        `Conflict` for a called instance (suspend what called it) or one that is not active.
        """
        ...

    def resume(self, uow: UnitOfWork, instance_key: int, actor: Actor) -> None:
        """Let it go on; what became due meanwhile happens once, messages kept come in."""
        ...

    def preview(self, uow: UnitOfWork, instance_key: int, shifts: Sequence[Shift]) -> Consequences:
        """What `modify` would end and begin; writes nothing and takes no lock."""
        ...

    def modify(
        self, uow: UnitOfWork, instance_key: int, shifts: Sequence[Shift], actor: Actor
    ) -> Consequences:
        """End and begin tokens, then let the instance go on; `Conflict`, `InputRefused`."""
        ...

    def restart(
        self,
        uow: UnitOfWork,
        instance_key: int,
        shifts: Sequence[Shift],
        actor: Actor,
        *,
        definition_key: int | None = None,
    ) -> int:
        """A new instance with the variables of one that ended, begun at these elements; its key.

        `Conflict` while the old one lives; the version is the old one's unless a key is given.
        """
        ...

    def set_variables_at(
        self,
        uow: UnitOfWork,
        instance_key: int,
        variables: Mapping[str, Json],
        actor: Actor,
        *,
        token: int | None = None,
        local: bool = False,
    ) -> None:
        """Change variables as seen from a token (None: the root scope), or exactly in its scope.

        Also of a suspended instance. `NotFound` without such a token, `InputRefused`.
        """
        ...
