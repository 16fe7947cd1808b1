"""A form as a page shows it: names, texts, choices and faults in one language, no markup."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from forms.compiled import CompiledForm, Part, rows_of
from forms.decode import JOIN, ROW_MARK
from forms.markdown import render
from forms.nip import grouped
from forms.numbers import NumberTextRefused, typed_text
from forms.options import asked_as, choices
from forms.rows import brought_by, total
from forms.values import TEXTAREA_LENGTH, TEXTFIELD_LENGTH

if TYPE_CHECKING:
    from forms.model import Field

_HUNDRED: Final = 100

#: fault sentences by path
FaultTexts = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field, ready for a template."""

    kind: str
    shape: str
    #: "results-0-actual"
    name: str
    #: element id, such as "f-results-0-actual"
    id: str
    label: str
    description: str
    content: Markup
    suffix: str
    #: what stands in the input
    value: str
    #: values chosen, for choices; "true" for a ticked box
    chosen: frozenset[str]
    options: tuple[tuple[str, str], ...]
    required: bool
    read_only: bool
    hidden: bool
    multiple: bool
    accept: str
    max_length: int
    #: stored files that stand in the field
    files: tuple[Mapping[str, Any], ...]
    faults: tuple[str, ...]
    grows: bool
    children: tuple[FieldView, ...] = ()
    rows: tuple[tuple[FieldView, ...], ...] = ()
    #: an empty row to copy where rows may be added; its number reads "ROW"
    blank_row: tuple[FieldView, ...] = ()
    #: what the taken rows add up to, where they shall add up to a hundred; "?" while unreadable
    total: str = ""
    #: the same adds up
    is_whole: bool = True
    #: name of the number that shall add up, as in "results-0-weight_percent"
    whole: str = ""
    #: kinds of rows to be ticked together: value, label, how many
    picks: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormState:
    """What a rendering needs beside the form."""

    #: what was typed or drafted, nested; None: the task's own values
    typed: Mapping[str, Any] | None
    #: variables of the task
    context: Mapping[str, Any]
    faults: FaultTexts = field(default_factory=dict)
    #: begins every element id, where a page holds several forms
    id_prefix: str = "f"
    #: the name of a person for an id
    name_of: Callable[[str], str] = str
    locale: str = "id"
    zone: dt.tzinfo = dt.UTC


def view(form: CompiledForm, state: FormState) -> tuple[FieldView, ...]:
    """The fields of a form as they stand now, hidden ones marked."""
    return _Painter(state).part(form.part, state.typed, state.context, state.context, "")


class _Painter:
    def __init__(self, state: FormState) -> None:
        self.state = state

    def part(
        self,
        part: Part,
        typed: Mapping[str, Any] | None,
        scope: Mapping[str, Any],
        source: Mapping[str, Any],
        prefix: str,
    ) -> tuple[FieldView, ...]:
        data = first_values(part.fields, source) if typed is None else typed
        seen = part.scope_of(data, scope, source)
        mapping = _Mapping(part, data, seen, source, prefix)
        return tuple(self.field(one, mapping) for one in part.fields)

    def field(self, one: Field, at: _Mapping, *, covered: bool = False) -> FieldView:
        hidden = covered or (one.hide is not None and one.hide.holds(at.scope))
        raw = at.source.get(one.key, one.default) if one.read_only else at.data.get(one.key)
        locale = self.state.locale
        name = at.prefix + one.key if one.key else at.prefix + one.id
        cap = TEXTAREA_LENGTH if one.kind == "textarea" else TEXTFIELD_LENGTH
        return FieldView(
            kind=one.kind,
            shape=one.shape,
            name=name,
            id=f"{self.state.id_prefix}-{name}",
            label=one.label.text(locale),
            description=one.description.text(locale),
            content=self.content(one, at.scope),
            suffix="%" if one.shape == "percent" else one.suffix,
            value=self.value(one, raw),
            chosen=_chosen(one, raw),
            options=tuple((o.value, o.label.text(locale)) for o in choices(one, at.scope))
            if one.has_options
            else (),
            required=one.limits.required,
            read_only=one.read_only,
            hidden=hidden,
            multiple=one.multiple,
            accept=",".join(one.accept),
            max_length=min(one.limits.max_length or cap, cap),
            files=tuple(raw) if one.kind == "filepicker" and isinstance(raw, list) else (),
            faults=tuple(self.state.faults.get(name.replace(JOIN, "."), ())) if one.key else (),
            grows=one.grows,
            children=self.children(one, at, covered=hidden),
            blank_row=self.blank(one, at),
            **self.listed(one, at),
        )

    def content(self, one: Field, scope: Mapping[str, Any]) -> Markup:
        if one.kind != "text":
            return Markup()
        text = one.content.text(self.state.locale)
        if one.content_expression is not None:
            language = self.state.locale
            # asked when the form began: later the house's functions are out of reach
            found = scope.get(asked_as(one.content_expression, language))
            if found is None:
                found = one.content_expression.value({**scope, "language": language})
            text = found if isinstance(found, str) else ""
        return render(text)

    def children(self, one: Field, at: _Mapping, *, covered: bool) -> tuple[FieldView, ...]:
        if one.kind != "group":
            return ()
        inner = at
        if one.key:
            inner = _Mapping(
                at.part.inner[one.key],
                _inside(at.data, one.key),
                at.scope,
                _inside(at.source, one.key),
                at.prefix + one.key + JOIN,
            )
        return tuple(self.field(child, inner, covered=covered) for child in one.children)

    def listed(self, one: Field, at: _Mapping) -> dict[str, Any]:
        """Rows of a list with their names, and what they come to together."""
        if one.kind != "dynamiclist":
            return {}
        source = rows_of(one, at.source)
        typed = at.data.get(one.key)
        given = [row for row in (typed if isinstance(typed, list) else source) if _is_row(row)]
        brought = [brought_by(one, source, row, n) for n, row in enumerate(given)]
        sums = total(one, given) if one.whole else None
        return {
            "rows": tuple(
                self.row(one, at, number, row, brought[number]) for number, row in enumerate(given)
            ),
            "total": ("?" if sums is None else _number(sums, self.state.locale))
            if one.whole
            else "",
            "is_whole": not one.whole or sums == _HUNDRED,
            "whole": one.whole,
            "picks": self.picks(one, brought),
        }

    def picks(
        self, one: Field, brought: Sequence[Mapping[str, Any]]
    ) -> tuple[tuple[str, str, int], ...]:
        kinds = [str(row.get(one.tick_by) or "") for row in brought if row.get(one.tick) is False]
        field = next((child for child in one.children if child.key == one.tick_by), None)
        if not one.tick or field is None:
            return ()
        found = (
            (o.value, o.label.text(self.state.locale), kinds.count(o.value)) for o in field.options
        )
        return tuple(pick for pick in found if pick[2])

    def row(
        self, one: Field, at: _Mapping, number: int | str, row: Mapping[str, Any], brought: Any
    ) -> tuple[FieldView, ...]:
        prefix = f"{at.prefix}{one.key}{JOIN}{number}{JOIN}"
        filled = {**first_values(one.children, {}), **row}
        part = at.part.inner[one.key]
        inner = _Mapping(part, filled, part.scope_of(filled, at.scope, brought), brought, prefix)
        return tuple(self.field(child, inner) for child in one.children)

    def blank(self, one: Field, at: _Mapping) -> tuple[FieldView, ...]:
        return self.row(one, at, "ROW", {}, {}) if one.grows else ()

    def value(self, one: Field, raw: Any) -> str:
        if raw is None or isinstance(raw, (bool, list, Mapping)):
            return ""
        if one.kind == "number" and not isinstance(raw, str):
            return _number(raw, self.state.locale)
        if one.shape == "nip":
            return grouped(str(raw))
        if one.shape == "person" and one.read_only:
            return self.state.name_of(str(raw))
        if one.shape == "datetime" and isinstance(raw, str):
            return _local(raw, self.state.zone)
        return str(raw)


@dataclass(frozen=True, slots=True)
class _Mapping:
    """Where a field stands: what was typed there, what conditions see, what the task brought."""

    part: Part
    data: Mapping[str, Any]
    scope: Mapping[str, Any]
    source: Mapping[str, Any]
    prefix: str


def first_values(fields: tuple[Field, ...], source: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in a form before anybody types: the task's values, else the defaults."""
    values: dict[str, Any] = {}
    for one in fields:
        if one.kind == "group":
            inner = first_values(one.children, _inside(source, one.key) if one.key else source)
            values.update({one.key: inner} if one.key else inner)
        elif one.key:
            brought = source.get(one.key)
            values[one.key] = one.default if brought is None else brought
    return values


def _is_row(row: Any) -> bool:
    return isinstance(row, Mapping)


def row_mark(name: str, number: int | str) -> str:
    """Name of the hidden input that says "this row is here"."""
    return JOIN.join((name, str(number), ROW_MARK))


def _inside(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    inner = data.get(key)
    return inner if isinstance(inner, Mapping) else {}


def _chosen(one: Field, raw: Any) -> frozenset[str]:
    if one.kind == "checkbox":
        return frozenset({"true"} if raw is True else ())
    if isinstance(raw, list):
        return frozenset(value for value in raw if isinstance(value, str))
    return frozenset({raw} if isinstance(raw, str) else ())


def _number(raw: Any, locale: str) -> str:
    try:
        return typed_text(raw, locale)
    except NumberTextRefused:
        return ""


def _local(text: str, zone: dt.tzinfo) -> str:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    try:
        local = moment.astimezone(zone) if moment.tzinfo else moment
    except OverflowError:
        return text
    return local.replace(tzinfo=None).isoformat(timespec="minutes")
