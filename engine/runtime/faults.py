"""Why a step cannot be done: the facts of an incident."""

from __future__ import annotations

from engine.usecases.errors import Conflict


class RuntimeFault(Exception):
    """Root of the errors of this room."""


class Fault(RuntimeFault):
    """A step failed; it is undone and becomes an incident of that `kind` on its token."""

    def __init__(self, kind: str, message: str, cause: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.cause = cause


class DrawingDamaged(Conflict):
    """The stored drawing of a version is not what was deployed: nothing of it is run."""

    def __init__(self, definition_key: int) -> None:
        super().__init__(
            f"drawing {definition_key} is not what was deployed", definition=definition_key
        )


class StateUnreadable(RuntimeFault):
    """A stored state cannot be read; an incident of that instance alone."""

    def __init__(self, instance_key: int, cause: str) -> None:
        super().__init__(f"state of instance {instance_key} cannot be read: {cause}")
        self.instance_key = instance_key
        self.cause = cause
