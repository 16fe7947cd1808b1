"""What a form sees: the variables at its task, and what its fields begin with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.feel.values import HostFunction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.process import FormRow, Json, UserTaskRow
    from engine.usecases.ports.work import House, UnitOfWork


def form_context(
    house: House, uow: UnitOfWork, task: UserTaskRow, form: FormRow | None
) -> Mapping[str, Json]:
    """Variables visible at a task; where they lack a value, the form's own beginning of it.

    The page shows what this gives and the completion checks against it, read-only values too.
    """
    return begun(house, uow, house.runner.task_variables(uow, task.key), form)


def begun(
    house: House, uow: UnitOfWork, variables: Mapping[str, Json], form: FormRow | None
) -> Mapping[str, Json]:
    """Variables, and where they lack a value what the form begins with."""
    if form is None:
        return variables
    functions = house.host.functions(uow, house.clock.now())
    scope = {**{name: _asked_once(found) for name, found in functions.items()}, **variables}
    first = house.forms.initial(form.schema, scope)
    known = {name: value for name, value in variables.items() if value is not None}
    return {**variables, **first, **known}


def _asked_once(function: object) -> object:
    """The same function, each question answered once: nothing is written while a form begins.

    Several fields begin with parts of one answer, such as those of a claim.
    """
    if not isinstance(function, HostFunction):
        return function
    answers: dict[tuple[Any, ...], Any] = {}

    def ask(*arguments: Any) -> Any:
        if not all(isinstance(argument, str) for argument in arguments):
            return function.call(*arguments)
        if arguments not in answers:
            answers[arguments] = function.call(*arguments)
        return answers[arguments]

    return replace(function, call=ask)
