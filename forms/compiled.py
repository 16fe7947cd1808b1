"""A form compiled to marshmallow: which fields show, and what their values are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, missing

from forms.model import Field, Form, valued
from forms.rows import brought_by
from forms.values import READERS, FormValue

MAX_ROWS: Final = 500
Values = dict[str, Any]


class FormSchema(Schema):
    """Base of compiled forms: unknown fields are refused."""

    class Meta:
        """Marshmallow's settings."""

        unknown = RAISE

    error_messages = {"unknown": "unknown_field", "type": "not_an_object"}  # noqa: RUF012 - theirs
    #: variables of the task under the values of the form
    scope: Mapping[str, Any]
    #: where read-only values come from
    source: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """Fields whose values stand in one mapping, with their schema class."""

    fields: tuple[Field, ...]
    schema: type[FormSchema]
    #: may any field hide: then visibility is worked out before validation
    conditional: bool
    #: parts of the groups with a path and of the rows of lists, by key
    inner: Mapping[str, Part]

    def load(self, data: Any, scope: Mapping[str, Any], source: Mapping[str, Any]) -> Values:
        """Typed values of the fields that show; `ValidationError` with codes by path."""
        if not isinstance(data, Mapping):
            raise ValidationError("not_an_object")
        seen = self.scope_of(data, scope, source)
        hidden = self.hidden(seen)
        fixed = {one.key for one in valued(self.fields) if one.read_only and one.kind != "group"}
        faults = {
            key: ["read_only"]
            for key in fixed - hidden
            if key in data and data[key] not in ("", source.get(key))
        }
        schema = self.schema(exclude=tuple(hidden | fixed))
        schema.scope, schema.source = seen, source
        sent = {key: value for key, value in data.items() if key not in hidden | fixed}
        try:
            values = dict(schema.load(sent))
        except ValidationError as error:
            raise ValidationError({**_by_field(error), **faults}) from error
        if faults:
            raise ValidationError(faults)
        return values

    def scope_of(
        self, data: Mapping[str, Any], scope: Mapping[str, Any], source: Mapping[str, Any]
    ) -> Values:
        """The scope in which conditions are read: what is typed, as far as it is readable."""
        seen = dict(scope)
        schema = self.schema()
        schema.scope, schema.source = scope, source
        for one in valued(self.fields):
            if one.read_only or one.kind == "group":
                seen[one.key] = source.get(one.key, one.default)
            else:
                seen[one.key] = _readable(schema, one.key, data.get(one.key, missing))
        return seen

    def hidden(self, scope: Mapping[str, Any]) -> set[str]:
        """Keys of the fields that do not show in that scope."""
        return set(_hidden(self.fields, scope, covered=False)) if self.conditional else set()


def _hidden(fields: tuple[Field, ...], scope: Mapping[str, Any], *, covered: bool) -> list[str]:
    keys: list[str] = []
    for one in fields:
        hides = covered or (one.hide is not None and one.hide.holds(scope))
        if one.kind == "group" and not one.key:
            keys.extend(_hidden(one.children, scope, covered=hides))
        elif one.key and hides:
            keys.append(one.key)
    return keys


def _readable(schema: FormSchema, key: str, value: Any) -> Any:
    reader = schema.fields[key]
    if isinstance(reader, (RowsValue, GroupValue)):
        return None if value is missing else value
    try:
        return reader.deserialize(value)
    except ValidationError:
        return None


def _by_field(error: ValidationError) -> dict[str, Any]:
    if isinstance(error.messages, dict):
        return error.messages
    return {"_schema": error.messages}


class GroupValue(FormValue):
    """A group with a path: values in a mapping of their own."""

    def __init__(self, field: Field, part: Part) -> None:
        super().__init__(field)
        self.part = part

    def deserialize(self, value: Any, *_: Any, **__: Any) -> Values:
        """The group's values; its own faults keep their paths."""
        source = getattr(self.parent, "source", {}).get(self.field.key)
        return self.part.load(
            {} if value is missing or value is None else value,
            self.scope(),
            source if isinstance(source, Mapping) else {},
        )


class RowsValue(FormValue):
    """A dynamic list: rows, each with the values of its fields, read-only ones from the task."""

    def __init__(self, field: Field, part: Part) -> None:
        super().__init__(field)
        self.part = part

    def deserialize(self, value: Any, *_: Any, **__: Any) -> list[Values]:
        """The rows, in order."""
        source = rows_of(self.field, getattr(self.parent, "source", {}))
        rows = self._unsaid(source) if value is missing or value is None else value
        if not isinstance(rows, list):
            raise ValidationError("not_rows")
        if len(rows) > MAX_ROWS:
            raise ValidationError("too_many_rows")
        if not self.field.grows and len(rows) != len(source):
            raise ValidationError("row_count")
        return self._each(rows, source)

    def _unsaid(self, source: list[Values]) -> list[Values]:
        """A list of which nobody spoke: what it only shows stays; else it has no rows."""
        shown = not self.field.grows and all(one.read_only for one in valued(self.field.children))
        return [{} for _ in source] if shown else []

    def _each(self, rows: list[Any], source: list[Values]) -> list[Values]:
        read: list[Values] = []
        faults: dict[int, Any] = {}
        for number, row in enumerate(rows):
            known = brought_by(self.field, source, row if isinstance(row, Mapping) else {}, number)
            brought = dict(known)
            try:
                typed = self.part.load(row, self.scope(), brought)
            except ValidationError as error:
                faults[number] = error.messages
                continue
            read.append(self._with_fixed(typed, brought))
        if faults:
            raise ValidationError(faults)
        return read

    def _with_fixed(self, typed: Values, brought: Values) -> Values:
        fixed = {
            one.key: brought.get(one.key, one.default)
            for one in valued(self.field.children)
            if one.read_only and one.carries_value
        }
        return {**fixed, **typed}


def rows_of(field: Field, source: Mapping[str, Any]) -> list[Values]:
    """Rows of a list that the task brings; without any, as many empty ones as the form says."""
    rows = source.get(field.key)
    if isinstance(rows, list) and all(isinstance(row, Mapping) for row in rows):
        return [dict(row) for row in rows]
    return [{} for _ in range(field.rows_at_first)]


def compile_part(fields: tuple[Field, ...]) -> Part:
    """The schema class of fields that stand in one mapping."""
    inner = {one.key: compile_part(one.children) for one in valued(fields) if one.children}
    readers = {one.key: _reader(one, inner) for one in valued(fields)}
    schema = type("CompiledForm", (FormSchema,), dict(readers))
    return Part(fields, schema, _any_condition(fields), inner)


def _reader(field: Field, inner: Mapping[str, Part]) -> FormValue:
    if field.kind == "group":
        return GroupValue(field, inner.get(field.key) or compile_part(()))
    if field.kind == "dynamiclist":
        return RowsValue(field, inner.get(field.key) or compile_part(()))
    return READERS[field.kind](field)


def _any_condition(fields: tuple[Field, ...]) -> bool:
    return any(
        one.hide is not None
        or (one.kind == "group" and not one.key and _any_condition(one.children))
        for one in fields
    )


def _part_hides(part: Part) -> bool:
    return part.conditional or any(_part_hides(inner) for inner in part.inner.values())


@dataclass(frozen=True, slots=True)
class CompiledForm:
    """A form ready to be shown and to check what comes back."""

    form: Form
    part: Part

    @property
    def conditional(self) -> bool:
        """Whether any field may hide."""
        return _part_hides(self.part)

    def load(self, data: Any, context: Mapping[str, Any]) -> Values:
        """Typed values; `ValidationError` whose messages are codes by path."""
        return self.part.load(data, context, context)

    def field_at(self, path: str) -> Field | None:
        """The field at a path such as "results.0.actual"."""
        fields, found = self.form.fields, None
        for step in path.split("."):
            if step.isdecimal():
                continue
            found = next((one for one in valued(fields) if one.key == step), None)
            if found is None:
                return None
            fields = found.children
        return found


def compile_form(form: Form) -> CompiledForm:
    """Compile once; the result is shared and never changed."""
    return CompiledForm(form, compile_part(form.fields))
