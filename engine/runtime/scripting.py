"""SpiffWorkflow's script-engine door: FEEL on our scopes, never Python on task data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.runtime.expressions import Text
    from engine.runtime.token import Token
    from engine.usecases.ports.process import Json


class ScriptEngine(PythonScriptEngine):
    """Evaluates compiled texts; whatever else the library might ask for raises.

    The stock engine runs `eval` and `exec` and is what a workflow gets when none is given.
    """

    def __init__(self) -> None:
        # the bare environment refuses every call: no path leads to eval
        super().__init__(BasePythonScriptEngineEnvironment())

    def evaluate(self, task: Token, expression: Text, external_context: Any = None) -> Json:
        """The value of a text at a token."""
        del external_context
        return expression.value(task.workflow.view(task.reading))

    def execute(self, task: Token, script: Text, external_context: Any = None) -> bool:
        """Run a script task: its value becomes the token's result."""
        value = self.evaluate(task, script, external_context)
        task.internal_data["res"] = {task.task_spec.result_variable: value}
        return True

    def call_service(self, task: Token, **kwargs: Any) -> Mapping[str, Json]:
        """Run an operation of ours in a savepoint."""
        return task.workflow.command.operate(task, str(kwargs["operation_name"]))


ENGINE: Final = ScriptEngine()
