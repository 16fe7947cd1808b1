"""A form that nobody filed yet, as the people who will fill it in will see it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from flask import render_template
from werkzeug.datastructures import MultiDict

from engine.usecases.errors import InputRefused
from forms.compiled import rows_of
from forms.components import CARRIED
from forms.decode import JOIN
from forms.model import valued
from forms.reader import FormFaults
from forms.sample import sample
from forms.view import row_mark
from web.taskform import FilledForm
from web.wording import reading_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.usecases.ports.work import House
    from forms.adapter import FormAdapter
    from forms.compiled import CompiledForm
    from forms.model import Field
    from forms.schema_faults import FormFault

LANGUAGES: Final = ("id", "en")
#: our own script tags; where a form is only looked at nothing runs
_SCRIPT: Final = re.compile(r"<script\b[^>]*></script>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How a form is looked at."""

    schema: bytes
    language: str = "id"
    #: JSON of variables that take the place of the invented ones
    brought: str = ""
    #: what stands in the fields, as a browser posts it; None: what they begin with
    typed: Sequence[tuple[str, str]] | None = None
    #: whether it was sent: then the server's own answer is shown
    sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    form: FilledForm
    #: what would come out, as JSON; "" unless it was sent and is right
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A compiled form, or why there is none."""

    form: CompiledForm | None
    faults: Sequence[FormFault] = field(default_factory=tuple)


def looked(house: House, schema: bytes) -> Looked:
    """The form of a schema with every fault."""
    try:
        return Looked(form=cast("FormAdapter", house.forms).compiled(schema))
    except FormFaults as error:
        return Looked(form=None, faults=tuple(error.faults))


def invented(house: House, schema: bytes) -> str:
    """Variables that a task may bring, as JSON to be changed; "" while the form has faults."""
    form = looked(house, schema).form
    if form is None:
        return ""
    plain = {name: value for name, value in sample(form.form).items() if not name.startswith("=")}
    return json.dumps(plain, ensure_ascii=False, indent=2, default=_plain)


def preview(house: House, asked: Shown) -> str:
    """A whole page that shows it and can do nothing; in the language asked for."""
    with reading_in(asked.language):
        found = looked(house, asked.schema)
        brought, readable = _variables(asked.brought)
        if found.form is None:
            return render_template("pages/form_preview.html", form=None, readable=readable)
        answer = _answered(house, found.form, asked, {**sample(found.form.form), **brought})
        page = render_template(
            "pages/form_preview.html",
            form=answer.form,
            fields=answer.form.fields(),
            faults=answer.form.summary(),
            result=answer.result,
            readable=readable,
        )
    return _SCRIPT.sub("", page)


def _answered(
    house: House, form: CompiledForm, asked: Shown, variables: Mapping[str, Any]
) -> _Answer:
    blank = FilledForm(form=form, variables=variables)
    if asked.typed is None and not asked.sent:
        return _Answer(form=blank)
    pairs = asked.typed
    if pairs is None:
        pairs = list(_unfilled(form.form.fields, variables, ""))
    filled = blank.typed(MultiDict(pairs))
    pressed = filled.pressed(dict(pairs))
    if pressed is not None or not asked.sent:
        return _Answer(form=pressed or filled)
    try:
        values = house.forms.validate(asked.schema, filled.values or {}, variables)
    except InputRefused as error:
        return _Answer(form=filled.refused(error.faults))
    text = json.dumps(values, ensure_ascii=False, indent=2, default=_plain)
    return _Answer(form=filled, result=text)


def _unfilled(
    fields: Sequence[Field], source: Mapping[str, Any], prefix: str
) -> Iterator[tuple[str, str]]:
    """What a browser posts of a form in which nobody typed or ticked: its rows, what they carry."""
    for one in valued(tuple(fields)):
        if one.kind == "group":
            inner = source.get(one.key)
            below = inner if isinstance(inner, dict) else {}
            yield from _unfilled(one.children, below, f"{prefix}{one.key}{JOIN}")
        elif one.kind == "dynamiclist":
            for number, row in enumerate(rows_of(one, source)):
                yield row_mark(prefix + one.key, number), "1"
                name = JOIN.join((prefix + one.key, str(number), ""))
                for child in valued(one.children):
                    if child.shape in CARRIED and not child.read_only:
                        yield name + child.key, str(row.get(child.key, ""))


def _variables(text: str) -> tuple[dict[str, Any], bool]:
    """What was brought, and whether it could be read."""
    if not text.strip():
        return {}, True
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}, False
    return (found, True) if isinstance(found, dict) else ({}, False)


def _plain(value: object) -> object:
    """Numbers as JSON has them."""
    text = str(value)
    return int(text) if text.lstrip("-").isdecimal() else float(text)
