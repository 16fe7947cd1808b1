"""User, script, service, business rule, send and receive tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from SpiffWorkflow.bpmn.specs import defaults as stock

from engine.runtime import worklist
from engine.runtime.drawing.model import UserTask as UserTaskPlan
from engine.runtime.expressions import read_optional
from engine.runtime.specs.base import Bound, Element
from engine.runtime.token import READY, STARTED, WAITING

if TYPE_CHECKING:
    from engine.runtime.drawing.model import Node
    from engine.runtime.specs.base import ProcessSpec
    from engine.runtime.token import Token

#: a task type with this prefix names an operation of ours, any other a job for a worker
OPERATION_PREFIX: Final = "regu."
_DEFAULT_RETRIES: Final = 3


class User(Element, stock.UserTask):
    """A human completes it."""

    def __init__(self, wf_spec: ProcessSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        plan = node.user_task or UserTaskPlan(declared=False)
        names = wf_spec.names
        self.assignee = read_optional(plan.assignee, names)
        self.candidate_groups = read_optional(plan.candidate_groups, names)
        self.candidate_users = read_optional(plan.candidate_users, names)
        self.due_date = read_optional(plan.due_date, names)
        self.follow_up_date = read_optional(plan.follow_up_date, names)
        self.priority = read_optional(plan.priority, names)
        self.subject = read_optional(node.subject, names)
        self.submit = node.submit
        self.form = plan.form

    def enter(self, token: Token) -> int | None:
        """Put it on the work list."""
        worklist.open_task(token, self)
        return READY


class Script(Element, stock.ScriptTask):
    """FEEL whose value becomes a variable; stock hands the script to the script engine."""

    def __init__(self, wf_spec: ProcessSpec, node: Node) -> None:
        if node.script is None:
            raise ValueError(node.id)
        super().__init__(wf_spec, node, script=None)
        self.script = self.read(node.script.expression)
        self.result_variable = node.script.result_variable

    def _run_hook(self, token: Token) -> bool:
        return bool(stock.ScriptTask._run_hook(self, token))  # noqa: SLF001 - the stock way


class Service(Element):
    """An operation of ours, run inside a savepoint, or a job for an external worker.

    Service and send tasks, message throws and message ends, and job-like business rule tasks.
    """

    def __init__(self, wf_spec: ProcessSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        if node.task is None:
            raise ValueError(node.id)
        self.type = self.read(node.task.type)
        self.retries = read_optional(node.task.retries, wf_spec.names)

    def enter(self, token: Token) -> int | None:
        """Offer the job to workers, unless it is one of our operations."""
        view = token.workflow.view(token.reading)
        kind = str(self.type.needed(view, "the task type"))
        if kind.startswith(OPERATION_PREFIX):
            return None
        retries = _DEFAULT_RETRIES
        if self.retries is not None:
            retries = int(str(self.retries.needed(view, "retries")))
        worklist.open_job(token, kind, retries)
        return STARTED

    def _run_hook(self, token: Token) -> bool | None:
        instance = token.workflow
        view = instance.view(token.reading)
        kind = str(self.type.needed(view, "the task type"))
        results = instance.script_engine.call_service(token, operation_name=kind)
        # leaving is a step of its own: an output that fails must not run the operation again
        instance.finish(token, results)
        return None


class BusinessRule(Element):
    """Evaluates a decision as of a date; its result becomes a variable."""

    def __init__(self, wf_spec: ProcessSpec, node: Node) -> None:
        super().__init__(wf_spec, node)
        if node.decision is None:
            raise ValueError(node.id)
        plan = node.decision
        self.called = Bound(self.read(plan.decision_id), plan.binding, plan.version_tag)
        self.result_variable = plan.result_variable
        self.as_of = read_optional(node.properties.get("regu:asOf"), wf_spec.names)

    def _run_hook(self, token: Token) -> bool | None:
        value = token.workflow.command.decide_for(token, self)
        token.workflow.finish(token, {self.result_variable: value})
        return None


class Catch(Element):
    """Waits for its message, signal or timer (catch events and receive tasks)."""

    def enter(self, token: Token) -> int | None:
        """Arm itself."""
        token.workflow.arm(token, self.name)
        return WAITING


TASKS: Final = {
    "userTask": User,
    "scriptTask": Script,
    "serviceTask": Service,
    "sendTask": Service,
    "receiveTask": Catch,
}
