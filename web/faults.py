"""Faults of an input as a page tells them: in the reader's language, tied to the field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from forms.decode import JOIN
from forms.messages import message
from web.context import locale

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.domain.errors import RuleBroken
    from engine.usecases.errors import FieldFault, InputRefused
    from forms.compiled import CompiledForm

#: codes of the use cases and the domain, in the words of the people who read them
WORDS = {
    "band_exceeded": _l(
        "The share moves further from the expected one than the band allows; the sponsor must"
        " co-sign and the member must answer first."
    ),
    "reason_required": _l("A reason is needed for this decision."),
    "reason_missing": _l("A reason is needed for this decision."),
    "evidence_missing": _l("At least one piece of evidence is needed."),
    "evidence_required": _l("At least one piece of evidence is needed."),
    "weights": _l("The weights within each role must add up to 100%."),
    "weight_sum": _l("The weights within each role must add up to 100%."),
    "own_line": _l("Nobody decides about his own share."),
    "not_entitled": _l("This decision belongs to somebody else."),
    "file_type": _l("This kind of file is not accepted, or the content is not what its name says."),
    "file_too_large": _l("The file is too large: at most 20 MB."),
    "file_empty": _l("The file is empty."),
    "file_bomb": _l("The file unpacks to more than is allowed."),
    "file_name": _l("The file name cannot be used."),
    "too_many_fields": _l("The form holds more fields than allowed."),
    "idempotency_key": _l("Reload the page and try again."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the error summary; `anchor` is the element it links to, "" for none."""

    anchor: str
    text: str


def faults_of(error: InputRefused | RuleBroken) -> Sequence[FieldFault]:
    """The faults of either kind of refusal, as fields and codes."""
    from engine.usecases.errors import FieldFault, InputRefused  # noqa: PLC0415 - one name, two uses

    if isinstance(error, InputRefused):
        return error.faults
    return [
        FieldFault(field=one.subject, code=one.code, message=one.message)
        for one in error.violations
    ]


def texts(form: CompiledForm | None, faults: Iterable[FieldFault]) -> Mapping[str, Sequence[str]]:
    """Sentences by field path, in the reader's language."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        path = fault.field if form is not None and form.field_at(fault.field) else ""
        found.setdefault(path, []).append(text_of(form, fault))
    return found


def text_of(form: CompiledForm | None, fault: FieldFault) -> str:
    """One sentence in the reader's language; the English one when no other is known."""
    field = form.field_at(fault.field) if form is not None and fault.field else None
    own = message(fault.code, locale(), field)
    if own is not None:
        row = next((step for step in fault.field.split(".") if step.isdecimal()), None)
        return _("Row %(number)s: %(text)s", number=int(row) + 1, text=own) if row else own
    known = WORDS.get(fault.code)
    return str(known) if known is not None else fault.message


def summary(by_path: Mapping[str, Sequence[str]], prefix: str = "f") -> list[Fault]:
    """The error summary, in order, each line with the field it links to."""
    return [
        Fault(f"{prefix}-{path.replace('.', JOIN)}" if path else "", text)
        for path, lines in by_path.items()
        for text in lines
    ]
