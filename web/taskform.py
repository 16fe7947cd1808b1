"""The form of a task with what was typed into it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from engine.usecases.task_views import TaskView, task_view
from forms.decode import decode
from forms.view import FieldView, FormState, view
from web.context import house, locale
from web.faults import Fault, summary, texts
from web.language import agency_zone
from web.readings.names import person_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    from engine.usecases.actor import Actor
    from engine.usecases.errors import FieldFault
    from engine.usecases.ports.work import House
    from forms.adapter import FormAdapter
    from forms.compiled import CompiledForm
    from forms.model import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskForm:
    """A task, its compiled form (None: it has none), and what stands in it."""

    view: TaskView
    form: CompiledForm | None
    #: nested texts as typed or drafted; None: the task's own values
    values: Mapping[str, Any] | None = None
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: begins every element id, where a page holds several forms
    id_prefix: str = "f"

    def typed(self, posted: MultiDict[str, str]) -> TaskForm:
        """The same form with what a browser posted."""
        if self.form is None:
            return replace(self, values={})
        pairs = posted.items(multi=True)
        return replace(self, values=decode(self.form.form, pairs, agency_zone()))

    def with_row(self, key: str) -> TaskForm:
        """The same form with one more empty row in a list that may grow."""
        rows = (self.values or {}).get(key)
        if not isinstance(rows, list):
            return self
        return replace(self, values={**(self.values or {}), key: [*rows, {}]})

    def refused(self, faults: Sequence[FieldFault]) -> TaskForm:
        """The same form with its faults in the reader's language."""
        return replace(self, faults=texts(self.form, faults))

    def fields(self) -> tuple[FieldView, ...]:
        """The fields, ready for a template."""
        if self.form is None:
            return ()
        state = FormState(
            typed=self.values,
            context=self.view.variables,
            faults=self.faults,
            locale=locale(),
            id_prefix=self.id_prefix,
            name_of=lambda person_id: person_names(house(), [person_id]).get(person_id, person_id),
            zone=agency_zone(),
        )
        return view(self.form, state)

    def summary(self) -> list[Fault]:
        """The error summary."""
        return summary(self.faults, self.id_prefix)

    def draft_values(self) -> dict[str, Any]:
        """What is kept as a draft: the known fields only."""
        if self.form is None or self.values is None:
            return {}
        known = {one.key for one in self.form.form.valued()}
        return {key: value for key, value in self.values.items() if key in known}

    @property
    def idempotency_key(self) -> str:
        """A new key for a form that is shown for the first time."""
        return house().ids.uuid()

    @property
    def conditional(self) -> bool:
        """Whether fields come and go with what is typed."""
        return self.form is not None and self.form.conditional

    @property
    def has_files(self) -> bool:
        """Whether the browser must send files."""
        return bool(self.file_fields())

    def file_fields(self) -> list[Field]:
        """The fields that hold files."""
        fields = self.form.form.valued() if self.form is not None else ()
        return [one for one in fields if one.kind == "filepicker"]


def open_form(house: House, actor: Actor, key: int, *, id_prefix: str = "f") -> TaskForm:
    """A task as the actor left it; `NotFound` for tasks of others."""
    found = task_view(house, actor, key)
    forms = cast("FormAdapter", house.forms)
    form = forms.compiled(found.form.schema) if found.form is not None else None
    return TaskForm(view=found, form=form, values=found.draft or None, id_prefix=id_prefix)
