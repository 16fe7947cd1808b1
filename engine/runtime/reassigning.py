"""Who an open user task belongs to now: its drawing's assignment, asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime import worklist
from engine.runtime.faults import Fault, StateUnreadable
from engine.runtime.specs.tasks import User
from engine.runtime.token import READY
from engine.usecases.ports.process import InstanceStatus, TaskState

if TYPE_CHECKING:
    from engine.runtime.command import Command
    from engine.runtime.expressions import Text
    from engine.usecases.ports.process import InstanceRow, UserTaskRow
    from engine.usecases.ports.runner import Assignment


def assignment(command: Command, task: UserTaskRow, row: InstanceRow) -> Assignment | None:
    """Evaluate the expressions of an open task again; None where they name nobody by expression.

    A literal assignment means the same for ever, and a question that broke leaves the task where
    it is: its holder keeps his work.
    """
    if task.state is not TaskState.CREATED or row.status is not InstanceStatus.ACTIVE:
        return None
    try:
        instance = command.open(row)
        token = instance.tasks.get(task.token)
        if token is None or token._state != READY:  # noqa: SLF001 - as the runner looks at it
            return None
        spec = token.task_spec
        if not isinstance(spec, User) or not _asks(spec):
            return None
        return worklist.assigned(spec, instance.view(token.reading))
    except (Fault, StateUnreadable):
        return None


def _asks(spec: User) -> bool:
    """Whether an expression of the drawing names people."""
    texts: tuple[Text | None, ...] = (spec.assignee, spec.candidate_users)
    return any(text is not None and not text.literal for text in texts)
