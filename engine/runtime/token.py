"""A token: SpiffWorkflow's task object with our id, our scope and no clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.runtime.specs.base import Element
    from engine.usecases.ports.process import Json

#: arrived at an element, or ready to leave it: a step is to be done
PENDING = TaskState.FUTURE
#: a catch event, an event-based gateway, or a join that waits for its partners
WAITING = TaskState.WAITING
#: an open user task
READY = TaskState.READY
#: a sub-process, a call, a multi-instance, or work for an external worker
STARTED = TaskState.STARTED


class Token(Task):
    """One live token; what is kept with it stands in `internal_data` under a few short keys.

    `go`: it has what it needs to leave (1); `res`: results to write when leaving; `arms`: timers
    by event id ([due, firings left, rule]); `subs`: it has subscriptions; `job`: a worker's job;
    `task`: key of its work-list row; `by`: who completed it; `kids`: it has rows of its own
    below; `mi`: multi-instance counters; `inc`: an incident holds it; `kept`: event,
    name and key of a message that could not be taken. `watch`: it stands on an event sub-process
    and waits for its event; `conds`: conditions by event (0 false, 1 true, 2 broken); `sigs`:
    name and subscription of signals by event; `seen`: parts of parallel multiple events that
    happened, `got`: what they brought; `undo`: what a compensation still has to undo ([scope,
    records, opened by it] from the outside in), `left`: it goes on meanwhile; `kidrec`: what
    children of a multi-instance did that can be undone; `late`: a signal let others go first. A
    timer, condition or signal of one part of a multiple event has the key `event|part`.
    """

    workflow: Instance
    task_spec: Element
    internal_data: dict[str, Any]
    id: int
    scope: int
    flow: str | None
    local: int | None

    def __init__(self, workflow: Instance, spec: Element, number: int, state: int) -> None:
        super().__init__(workflow, spec, workflow.task_tree, state, number)
        self.scope = 0
        self.flow = None
        self.local = None

    def _set_state(self, value: int) -> None:
        """Set the state only: the library would read the wall clock and build log records."""
        if value == STARTED and "go" in self.internal_data:
            return  # its work is done within the step; a step of its own lets it leave
        self._state = value

    def cancel(self) -> None:
        """Interrupt it, so that a failed step can take that back."""
        self.workflow.touch(self)
        super().cancel()

    @property
    def reading(self) -> int:
        """The scope in which its expressions read: its own one, if it has one."""
        return self.scope if self.local is None else self.local

    @property
    def results(self) -> dict[str, Json]:
        """What it brings when it leaves."""
        found = self.internal_data.get("res")
        return found if found is not None else {}
