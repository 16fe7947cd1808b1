"""Faults of an input as a page tells them: in the reader's language, tied to the field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from forms.decode import JOIN
from forms.messages import message
from web.context import locale
from web.refusals import REFUSALS
from web.rules import rule_of
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.domain.errors import RuleBroken
    from engine.usecases.errors import FieldFault, InputRefused
    from forms.compiled import CompiledForm
    from web.rules import Rule

#: codes of the use cases and the domain, in the words of the people who read them
WORDS = {
    **REFUSALS,
    "reason_missing": _l("A reason is needed for this decision."),
    "simulated_days": _l("A simulation lasts between 1 and 366 days."),
    "simulated_instances": _l("Between 1 and 300 can be simulated in all: let fewer come."),
    "drawing_size": _l("The drawing is empty or too large."),
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
    "result_named": _l("A risk, feedback or documentation speaks of this result: keep it."),
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
    "worked_missing": _l("Say what worked."),
    "failed_missing": _l("Say what did not work; it helps the next squad most."),
    "advice_missing": _l("Say what the next squad should do."),
    "topic_missing": _l("Name at least one topic."),
    "topics_many": _l("Name at most ten topics."),
    "topic_long": _l("A topic has at most 40 signs; part topics with commas."),
    "written_already": _l("The lesson of this squad is written already; it can be corrected."),
    "unknown_lesson": _l("Choose a lesson of your agency."),
    "unknown_place": _l("Choose a result of your plan, or a squad of yours that still works."),
    "used_already": _l("This lesson is taken up there already."),
    "own_squad": _l("The squad wrote this lesson itself; take it up elsewhere."),
    "one_place": _l("Choose one result or one squad."),
    "used_elsewhere": _l("This file already belongs to another claim."),
    "reason_code_missing": _l("Choose the kind of reason."),
    "range": _l("The day lies too far away."),
    "too_many": _l("Too many files."),
    "unknown_person": _l("No such active person is known."),
    "duplicate": _l("Two files bear one name."),
    "nip_missing": _l("There is no NIP in this line."),
    "nip_twice": _l("This person stands in the list already."),
    "lead_twice": _l("Another ketua stands in the list already."),
    "role_two": _l("The line names two roles."),
    "effort": _l("This is no part of full time."),
    "nobody": _l("The list is empty."),
    "member_sponsor": _l("The sponsor is no member of his own squad."),
    "effort_limits": _l("This part of full time lies outside what the agency allows."),
    "squad_long": _l("A letter covers a year at most."),
    "squad_days": _l("The last day lies before the first."),
    "letter_missing": _l("The assignment letter has a number of its own."),
    "days_over": _l("The outputs take more person-days than were agreed."),
    "points_over": _l("The outputs are worth more points than the squad has."),
    "no_output": _l("A squad needs at least one planned output."),
    "output_due": _l("Choose a day while the squad lasts."),
    "no_lead": _l("Somebody must lead the squad."),
    "two_leads": _l("A squad has one ketua at a time."),
    "code_taken": _l("Another squad has this code."),
    "call_closed": _l("This call takes no volunteers any more."),
    "applied": _l("You volunteered for this call already."),
    "nobody_chosen": _l("Form the squad only when somebody was chosen."),
    "result_unanswered": _l("Say what becomes of this result."),
    "head_refused": _l("A unit head refused this load: lower it or release the member."),
    "not_lower": _l("Choose a smaller part of full time than before."),
    "effort_back_dated": _l("A change holds from tomorrow at the earliest."),
    "back_dated": _l("A change holds from tomorrow at the earliest."),
    "handover_missing": _l("Another lead needs a handover note."),
    "no_member": _l("This person is no member of the squad on that day."),
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
    #: why it is refused
    rule: Rule | None = None


class Sentence(str):
    """A fault's words that remember its code."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, text: str, code: str) -> Self:
        """The words with the code."""
        made = super().__new__(cls, text)
        made.code = code
        return made


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
        path = _shown_at(form, fault.field)
        found.setdefault(path, []).append(Sentence(text_of(form, fault), fault.code))
    return found


def text_of(form: CompiledForm | None, fault: FieldFault) -> str:
    """One sentence in the reader's language; the English one when no other is known."""
    field = form.field_at(fault.field) if form is not None and fault.field else None
    known = message(fault.code, locale(), field) or WORDS.get(fault.code)
    if known is None:
        return fault.message
    row = next((step for step in fault.field.split(".") if step.isdecimal()), None)
    text = str(known)
    return _("Row %(number)s: %(text)s", number=int(row) + 1, text=text) if row else text


def _shown_at(form: CompiledForm | None, path: str) -> str:
    """The field a fault is told at: its own, or the one that a line of its text belongs to."""
    if form is None:
        return ""
    return next((one for one in (path, path.split(".", maxsplit=1)[0]) if form.field_at(one)), "")


def summary(by_path: Mapping[str, Sequence[str]], prefix: str = "f") -> list[Fault]:
    """The error summary, in order, each line with the field it links to."""
    return [
        Fault(f"{prefix}-{path.replace('.', JOIN)}" if path else "", text, _rule(text))
        for path, lines in by_path.items()
        for text in lines
    ]


def rules_behind(faults: Iterable[Fault]) -> list[Rule]:
    """The rules on which refusals rest, each once, in order."""
    return list(dict.fromkeys(one.rule for one in faults if one.rule is not None))


def _rule(text: str) -> Rule | None:
    return rule_of(text.code) if isinstance(text, Sentence) else None
