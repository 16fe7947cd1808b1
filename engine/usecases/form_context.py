"""What a form sees: the variables at its task, and what its fields begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    variables = house.runner.task_variables(uow, task.key)
    if form is None:
        return variables
    scope = {**house.host.functions(uow, house.clock.now()), **variables}
    begun = house.forms.initial(form.schema, scope)
    known = {name: value for name, value in variables.items() if value is not None}
    return {**variables, **begun, **known}
