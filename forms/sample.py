"""Invented values with which a form is looked at before any task brings real ones."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from forms.components import CARRIED
from forms.model import LOCALES, every
from forms.options import asked_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forms.model import Field, Form

#: choices that stand for a list which a task brings
CHOICES: Final = tuple(
    {"value": f"contoh_{number}", "label": f"Contoh {number}", "label.en": f"Example {number}"}
    for number in (1, 2, 3)
)
#: what a text that is worked out from the task says meanwhile
TOLD: Final = {
    "id": "(Di sini tampil teks yang disusun dari data tugas.)",
    "en": "(A text worked out from the task's data stands here.)",
}
_MOMENTS: Final = {"date": "2026-06-19", "time": "09:00", "datetime": "2026-06-19T09:00:00+07:00"}
_SHAPED: Final = {
    "nip": "199001012015042001",
    "person": "Sari Wulandari",
    "reference": "contoh",
    "hidden": "contoh",
}
_ROWS: Final = 2


def sample(form: Form) -> dict[str, Any]:
    """Variables that a task of this form may bring: read-only values, rows, choices, texts."""
    values = _values(form.fields)
    for one in every(form.fields):
        if one.options_key:
            values.setdefault(one.options_key, [dict(choice) for choice in CHOICES])
        if one.options_expression is not None:
            values[asked_as(one.options_expression)] = [dict(choice) for choice in CHOICES]
    return {**values, **_texts(form, values)}


def _texts(form: Form, values: Mapping[str, Any]) -> dict[str, str]:
    """Texts that are worked out: as far as the invented values carry, else a sentence instead."""
    found = {}
    for one in every(form.fields):
        if one.content_expression is not None:
            for language in LOCALES:
                told = one.content_expression.value({**values, "language": language})
                name = asked_as(one.content_expression, language)
                found[name] = told if isinstance(told, str) and told else TOLD[language]
    return found


def _values(fields: tuple[Field, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields:
        if one.kind == "group":
            inner = _values(one.children)
            found.update({one.key: inner} if one.key else inner)
        elif one.kind == "dynamiclist":
            found[one.key] = _rows(one)
        elif one.key and one.read_only:
            found[one.key] = _value(one, 1)
    return found


def _rows(field: Field) -> list[dict[str, Any]]:
    """As many as show how rows look; each unlike the others, where rows are told apart."""
    kept = [one for one in every(field.children) if one.key and one.read_only]
    carried = [one for one in every(field.children) if one.key and one.shape in CARRIED]
    count = 1 if field.grows and not kept else _ROWS
    brought = {one.key: one for one in (*kept, *carried)}
    return [
        {key: _value(one, number) for key, one in brought.items()} for number in range(1, count + 1)
    ]


def _value(one: Field, number: int) -> Any:
    if one.default is not None:
        return one.default
    if one.kind == "number":
        return _number(one, number)
    if one.shape in CARRIED:
        return f"{_SHAPED[one.shape]}_{number}"
    if one.has_options:
        return _choice(one)
    plain: dict[str, Any] = {
        "checkbox": True,
        "filepicker": [],
        "datetime": _MOMENTS.get(one.shape, ""),
    }
    written = _SHAPED.get(one.shape) or f"Contoh {number}: {one.label.id.lower()}"
    return plain.get(one.kind, written)


def _choice(one: Field) -> Any:
    first = one.options[0].value if one.options else CHOICES[0]["value"]
    return [first] if one.kind == "checklist" else first


def _number(one: Field, number: int) -> Any:
    least, most = one.limits.least, one.limits.most
    if most is not None:
        return (most + (least or Decimal(0))) / 2
    return (least or Decimal(0)) + 10 * number
