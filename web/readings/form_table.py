"""What the server finds in a form that is being written, tied to its fields."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forms.model import every
from web.context import locale
from web.readings.form_preview import looked
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.usecases.ports.process import FormRow
    from engine.usecases.ports.work import House
    from forms.compiled import CompiledForm
    from forms.model import Field
    from forms.schema_faults import FormFault


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding, in the reader's words."""

    #: "error": it cannot be published; "warning": look at it; "note": it may stay
    severity: str
    text: str
    #: component that it is about; "" for the form
    element_id: str = ""
    #: what the author knows the component by
    name: str = ""


def findings(
    house: House, form_id: str, schema: bytes, published: FormRow | None
) -> Sequence[Found]:
    """Faults first, then what changed beside the published version, then what is only said."""
    seen = looked(house, schema)
    if seen.form is None:
        return [_fault(one) for one in seen.faults]
    before = looked(house, published.schema).form if published is not None else None
    return [
        *_identity(seen.form, form_id),
        *_gone(seen.form, before),
        *_shown_plain(seen.form),
        *_side_by_side(json.loads(schema)),
        *_untranslated(seen.form),
    ]


def _fault(one: FormFault) -> Found:
    place = "" if one.place == "form" else one.place
    return Found(
        severity="error", text=_sentence(one.said(locale())), element_id=one.element_id, name=place
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _identity(form: CompiledForm, form_id: str) -> Iterator[Found]:
    if form.form.id != form_id:
        text = _("Its id is “%(id)s”: it would be published as another form.", id=form.form.id)
        yield Found(severity="error", text=text)


def _gone(form: CompiledForm, before: CompiledForm | None) -> Iterator[Found]:
    """Names that processes may still ask for."""
    if before is None:
        return
    kept = {one.key for one in every(form.form.fields)}
    for one in every(before.form.fields):
        if one.key and one.key not in kept:
            yield Found(
                severity="warning",
                name=one.label.text(locale()) or one.key,
                text=_(
                    "The version in force gives “%(key)s”; steps after it may need it.", key=one.key
                ),
            )


def _shown_plain(form: CompiledForm) -> Iterator[Found]:
    for one in every(form.form.fields):
        if any(text.startswith("=") for text in (one.label.id, one.description.id)):
            yield _about(one, "warning", _("Only texts may be expressions; this is shown as is."))


def _side_by_side(component: dict[str, Any]) -> Iterator[Found]:
    rows: dict[str, int] = {}
    inner = [one for one in component.get("components") or () if isinstance(one, dict)]
    for one in inner:
        row = str((one.get("layout") or {}).get("row") or "")
        rows[row] = rows.get(row, 0) + 1
        if row and rows[row] == 2:  # noqa: PLR2004 - the second one stands beside the first
            yield Found(
                severity="note",
                element_id=str(one.get("id") or ""),
                name=str(one.get("label") or one.get("key") or one.get("id") or ""),
                text=_("Regu shows one field below the other, never side by side."),
            )
    for one in inner:
        yield from _side_by_side(one)


def _untranslated(form: CompiledForm) -> Iterator[Found]:
    for one in every(form.form.fields):
        texts = [one.label, one.description, *(option.label for option in one.options)]
        if one.content_expression is None:
            texts.append(one.content)
        if any(text.id and not text.en for text in texts):
            yield _about(one, "note", _("Not all of it is in English; readers see Indonesian."))


def _about(one: Field, severity: str, text: str) -> Found:
    name = one.label.text(locale()) or one.key or one.id
    return Found(severity=severity, text=text, element_id=one.id, name=name)
