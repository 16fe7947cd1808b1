"""Faults of an input as a page tells them: in the reader's language, tied to the field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from forms.decode import JOIN
from forms.messages import message
from web.context import locale
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.domain.errors import RuleBroken
    from engine.usecases.errors import FieldFault, InputRefused
    from forms.compiled import CompiledForm

#: codes of the use cases and the domain, in the words of the people who read them
WORDS = {
    "reason_missing": _l("A reason is needed for this decision."),
    "decision_missing": _l("A decision is needed."),
    "commitment_missing": _l("State whether the commitment was met."),
    "evidence_missing": _l("At least one piece of evidence is needed."),
    "claimed_share": _l("A claimed share lies between 0% and 100%."),
    "share": _l("The share must lie between 0% and what is still to be allocated."),
    "ground_missing": _l("A ground is needed."),
    "window_closed": _l("The time for it is over."),
    "window_open": _l("The time for disputes is still running."),
    "not_heard": _l("Everybody whose share would change must be heard first."),
    "restated_sum": _l("The shares of all members must add up to 100%."),
    "restated_missing": _l("The share of every member must be stated."),
    "collective_most": _l("Collective work takes more of the output than is allowed."),
    "remainder": _l("The remainder must be given away exactly."),
    "weights_sum": _l("The weights within each role must add up to 100%."),
    "weight": _l("A weight lies above 0% and at most at 100%."),
    "role_empty": _l("Each role needs at least one main result."),
    "title_missing": _l("Each result needs its words."),
    "indicator_missing": _l("Each result needs an indicator."),
    "not_a_link": _l("A link begins with https://."),
    "unknown_word": _l("Choose from the list."),
    "unknown_item": _l("This result is not part of the plan any more; reload the page."),
    "not_rater": _l("This decision belongs to the rater."),
    "own_rating": _l("Nobody rates himself."),
    "at_most": _l("The distribution pattern of the unit allows fewer."),
    "at_least": _l("The distribution pattern of the unit asks for more."),
    "I2": _l("More would be allocated than is left of the output."),
    "I8": _l("The period is sealed; the row must go into an open one."),
    "I9": _l("Nobody decides about his own share."),
    "I10": _l("The work lies outside the membership or its consent."),
    "file_type": _l("This kind of file is not accepted, or the content is not what its name says."),
    "file_too_large": _l("The file is too large: at most 20 MB."),
    "file_empty": _l("The file is empty."),
    "file_bomb": _l("The file unpacks to more than is allowed."),
    "file_name": _l("The file name cannot be used."),
    "unknown_file": _l("Choose the file again: it was not received."),
    "used_elsewhere": _l("This file already belongs to another claim."),
    "reason_code_missing": _l("Choose the kind of reason."),
    "range": _l("The day lies too far away."),
    "too_many": _l("Too many files."),
    "unknown_person": _l("No such active person is known."),
    "duplicate": _l("Two files bear one name."),
    "load": _l("The load would be more than allowed."),
    "note": _l("A follow-up of another kind needs its reason."),
    "decision": _l("A decision gives its reasons."),
    "ground": _l("A dispute needs its ground."),
    "too_many_fields": _l("The form holds more fields than allowed."),
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
