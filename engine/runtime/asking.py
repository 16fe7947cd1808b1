"""What a step asks of the house: operations, decisions, and questions about the organisation."""

from __future__ import annotations

from datetime import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import orjson

from engine.dmn import DmnError
from engine.feel import FeelError, HostFunction, to_json
from engine.runtime import publishing
from engine.runtime.drawing.model import Binding
from engine.runtime.faults import Fault
from engine.runtime.scopes import Overlay
from engine.runtime.timing import read_moment
from engine.usecases.errors import StaleWrite, UseCaseError
from engine.usecases.ports.runner import BpmnErrorThrown, OperationCall

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.runtime.command import Command
    from engine.runtime.specs.tasks import BusinessRule
    from engine.runtime.token import Token
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import Json

_DETAIL_MAX: Final = 2_000
#: a decision's note with its reasons, in characters; a longer one keeps the result alone
_REASONS_MAX: Final = 12_000
#: how a question breaks that was asked with what it does not understand
_BROKEN: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def operation_for(
    command: Command, name: str
) -> Callable[[OperationCall], Mapping[str, Json] | None]:
    """The registered operation, or the runtime's own; `Fault` when there is none."""
    if name == publishing.PUBLISH:
        return lambda call: publishing.publish(command, call)
    operation = command.engine.host.operation(name)
    if operation is None:
        raise Fault("operation", f"operation '{name}' is not registered")
    return operation


def operate(command: Command, token: Token, name: str) -> Mapping[str, Json]:
    """Run an operation for a token; its own effects are undone alone when it fails.

    `StaleWrite` is nobody's failure: it leaves, and the whole command is tried again.
    """
    instance = token.workflow
    call = call_for(command, token, command.acting(instance.row), {})
    operation = operation_for(command, name)
    try:
        with command.uow.savepoint():
            return operation(call) or {}
    except (BpmnErrorThrown, Fault, StaleWrite):
        raise
    except UseCaseError as refused:
        raise Fault("operation", str(refused), type(refused).__name__) from refused
    except Exception as problem:
        raise Fault("operation", f"{name}: {problem}", type(problem).__name__) from problem


def call_for(
    command: Command, token: Token, actor: Actor, form: Mapping[str, Json]
) -> OperationCall:
    """What an operation gets at a token."""
    instance = token.workflow
    return OperationCall(
        uow=command.uow,
        actor=actor,
        now=command.now,
        instance_key=instance.row.key,
        element_id=token.task_spec.node.id,
        variables=MappingProxyType(dict(instance.view(token.reading))),
        form=MappingProxyType(dict(form)),
    )


def decide(command: Command, token: Token, spec: BusinessRule) -> Json:
    """Evaluate the decision of a task as of its date (default: now); kept in history."""
    instance = token.workflow
    view = instance.view(token.reading)
    zone = command.zone(instance.row)
    as_of = command.now
    if spec.as_of is not None:
        as_of = read_moment(spec.as_of.needed(view, "the as-of date"), zone, "as-of", at=time.min)
    decision_id = str(spec.called.id.needed(view, "the decision"))
    bound = spec.called
    try:
        found = command.engine.decisions.evaluate(
            command.uow,
            decision_id,
            overlaid({"$now": command.now.astimezone(zone)}, view),
            as_of=as_of.astimezone(zone).date(),
            agency_id=instance.row.agency_id,
            deployment_key=(
                None
                if bound.binding is Binding.LATEST
                else instance.program.definition.deployment_key
            ),
            version_tag=bound.version_tag if bound.binding is Binding.VERSION_TAG else None,
        )
    except (DmnError, FeelError, UseCaseError) as problem:
        raise Fault("decision", str(problem), type(problem).__name__) from problem
    facts = {
        "decision": decision_id,
        "version": found.row.version,
        "key": str(found.row.key),
        "result": found.value,
    }
    if found.unconfirmed:
        facts["unconfirmed"] = list(found.unconfirmed)
    instance.note(token, "decision", _with_reasons(facts, found.because(None)))
    return found.value


def _with_reasons(facts: Mapping[str, Json], because: Mapping[str, Json]) -> str:
    """The note of a decision with its tables and warnings, as far as they find room."""
    whole = {**facts, "tables": because["tables"], "warnings": because["warnings"]}
    text = orjson.dumps(whole, default=str).decode()
    return text if len(text) <= _REASONS_MAX else _text(facts)


def overlaid(first: Mapping[str, Any], then: Mapping[str, Any]) -> Mapping[str, Any]:
    """A view with a few more names."""
    return Overlay(first, then)


def recorded(command: Command, function: object) -> object:
    """A host function whose answers are written into history at the token that asks."""
    if not isinstance(function, HostFunction):
        return function

    def call(*arguments: Any) -> Any:
        try:
            answer = function.call(*arguments)
        except _BROKEN as problem:
            text = f"{function.name}: {problem}"
            raise Fault("expression", text, type(problem).__name__) from problem
        if command.current is not None:
            instance, token = command.current
            asked = [to_json(a) for a in arguments]
            facts = {"function": function.name, "arguments": asked, "answer": to_json(answer)}
            instance.note(token, "lookup", _text(facts))
        return answer

    return HostFunction(function.name, function.parameters, call)


def _text(facts: Mapping[str, Json]) -> str:
    return orjson.dumps(facts, default=str).decode()[:_DETAIL_MAX]


def _is_defined(value: Any) -> bool:
    return value is not None


def _get_or_else(value: Any, default: Any) -> Any:
    return default if value is None else value


def _assert(value: Any, condition: Any) -> Any:
    if condition is not True:
        raise FeelError("an assertion does not hold")
    return value


def _get_or_null(value: Any) -> Any:
    return value


#: Camunda's additions to FEEL, the same in every drawing
EXTRAS: Final[dict[str, HostFunction]] = {
    "is defined": HostFunction("is defined", ("value",), _is_defined),
    "get or else": HostFunction("get or else", ("value", "default"), _get_or_else),
    "assert": HostFunction("assert", ("value", "condition"), _assert),
    "get or null": HostFunction("get or null", ("value",), _get_or_null),
}
