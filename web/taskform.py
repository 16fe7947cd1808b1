"""A form with what was typed into it: of a task, or of the start of a process."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Self, cast

from flask import render_template, request

from engine.usecases.task_views import TaskView, task_view
from engine.usecases.tasks import CompleteTask
from forms import rows
from forms.compiled import rows_of
from forms.decode import decode
from forms.view import FieldView, FormState, first_values, view
from web.context import house, locale
from web.faults import Fault, summary, texts
from web.language import agency_zone
from web.readings.names import person_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    from engine.usecases.actor import Actor
    from engine.usecases.errors import Conflict, FieldFault
    from engine.usecases.ports.process import FormRow
    from engine.usecases.ports.work import House
    from forms.adapter import FormAdapter
    from forms.compiled import CompiledForm
    from forms.model import Field

    Rows = list[dict[str, Any]]
    Change = Callable[[Field, Rows, Rows], Rows]


#: kinds of fields that a link may fill in
_PLAIN: Final = frozenset({"select", "radio", "textfield", "textarea", "number"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledForm:
    """A compiled form (None: there is none) with what it sees and what stands in it."""

    form: CompiledForm | None
    #: what the form sees, and what its fields begin with
    variables: Mapping[str, Any]
    #: nested texts as typed or drafted; None: what the fields begin with
    values: Mapping[str, Any] | None = None
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: begins every element id, where a page holds several forms
    id_prefix: str = "f"

    def typed(self, posted: MultiDict[str, str]) -> Self:
        """The same form with what a browser posted."""
        if self.form is None:
            return replace(self, values={})
        pairs = posted.items(multi=True)
        return replace(self, values=decode(self.form.form, pairs, agency_zone()))

    def begun_with(self, asked: Mapping[str, str]) -> Self:
        """The same form with plain fields that a link fills in; other names are passed over."""
        if self.form is None:
            return self
        plain = {
            one.key for one in self.form.form.valued() if one.kind in _PLAIN and not one.read_only
        }
        given = {name: text for name, text in asked.items() if name in plain and text}
        first = first_values(self.form.part.fields, self.variables)
        return replace(self, values={**first, **given}) if given else self

    def pressed(self, posted: Mapping[str, str]) -> Self | None:
        """The same form as a press inside it asks, None when it was sent."""
        presses = {"_add_row": self.with_row, "_balance": self.balanced, "_tick": self.ticked}
        for name, change in presses.items():
            if name in posted:
                return change(posted[name])
        return None

    def with_row(self, key: str) -> Self:
        """The same form with one more empty row in a list that may grow."""
        rows = (self.values or {}).get(key)
        if not isinstance(rows, list):
            return self
        return replace(self, values={**(self.values or {}), key: [*rows, {}]})

    def balanced(self, key: str) -> Self:
        """The same form with the weights of a list's rows adding up to a hundred."""
        return self._rewritten(key, lambda one, typed, _source: rows.balanced(one, typed))

    def ticked(self, wanted: str) -> Self:
        """The same form with all rows of one kind taken and weighed; `wanted`: "list:kind"."""
        key, _, kind = wanted.partition(":")
        taken = self._rewritten(
            key, lambda one, typed, source: rows.ticked(one, typed, source, kind)
        )
        return taken.balanced(key)

    def _rewritten(self, key: str, change: Change) -> Self:
        one = self.form.field_at(key) if self.form is not None else None
        typed = (self.values or {}).get(key)
        if one is None or not isinstance(typed, list) or not (one.whole or one.tick):
            return self
        changed = change(one, typed, rows_of(one, self.variables))
        return replace(self, values={**(self.values or {}), key: changed})

    def refused(self, faults: Sequence[FieldFault]) -> Self:
        """The same form with its faults in the reader's language."""
        return replace(self, faults=texts(self.form, faults))

    def fields(self) -> tuple[FieldView, ...]:
        """The fields, ready for a template."""
        if self.form is None:
            return ()
        state = FormState(
            typed=self.values,
            context=self.variables,
            faults=self.faults,
            locale=locale(),
            id_prefix=self.id_prefix,
            name_of=lambda person_id: person_names(house(), [person_id]).get(person_id, person_id),
            zone=agency_zone(),
        )
        return view(self.form, state)

    def hiding(self) -> dict[str, bool]:
        """Whether each field hides with what is typed now, by its name; rows counted from 0."""
        return dict(_hiding(self.fields()))

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskForm(FilledForm):
    """The form of a task."""

    view: TaskView


def open_form(house: House, actor: Actor, key: int, *, id_prefix: str = "f") -> TaskForm:
    """A task as the actor left it; `NotFound` for tasks of others."""
    found = task_view(house, actor, key)
    return TaskForm(
        view=found,
        form=compiled(house, found.form),
        variables=found.variables,
        values=found.draft or None,
        id_prefix=id_prefix,
    )


def compiled(house: House, row: FormRow | None) -> CompiledForm | None:
    """A form's version, ready to be shown."""
    forms = cast("FormAdapter", house.forms)
    return forms.compiled(row.schema) if row is not None else None


def _hiding(fields: Iterable[FieldView]) -> Iterator[tuple[str, bool]]:
    for one in fields:
        yield one.name, one.hidden
        yield from _hiding(one.children)
        for row in one.rows:
            yield from _hiding(row)


def completion(key: int, values: dict[str, Any]) -> CompleteTask:
    """The command that a posted form of a task asks for."""
    version = request.form.get("_version", "")
    return CompleteTask(
        task_key=key,
        variables=values,
        version=int(version) if version.isascii() and version.isdecimal() else None,
        idempotency_key=request.form.get("idempotency_key") or None,
    )


def stale_page(form: TaskForm, error: Conflict) -> str:
    """What was typed, beside what somebody else did meanwhile."""
    return render_template(
        "pages/stale.html",
        form=form,
        task=form.view.task,
        fields=form.fields(),
        facts=error.facts,
    )
