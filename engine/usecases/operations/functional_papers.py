"""Operations of PAK: proposed by one person of human resources, established by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from engine.domain.certificates import read_code, shown_code
from engine.domain.credit_papers import (
    CreditPaper,
    PaperKind,
    PaperSource,
    check_cancel,
    check_hands,
)
from engine.domain.functional import MONTHS, accumulate, rounded
from engine.usecases import audit_tags
from engine.usecases.credit_sums import sum_facts
from engine.usecases.credit_tables import print_decimals
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.operations.functional import (
    about_of_form,
    facts_of,
    new_paper,
    whole_number,
)
from engine.usecases.operations.role_changes import require_recorder
from engine.usecases.operations.step import fault, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.functional import Accumulation, CreditMonth
    from engine.domain.people import Person
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


#: what a PAK says and its accumulation does not
_OF_PAK: Final = frozenset(
    {"rank_target", "level_target", "establisher", "establisher_nip", "establisher_post"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sum:
    """What a PAK would add up now."""

    person: Person
    year: int
    month: int
    found: Accumulation
    #: conversions whose months count
    sources: frozenset[str]


def propose(step: Step) -> Mapping[str, Json]:
    """`regu.credit.functional.propose` (form: nip, year, month, number): HR proposes a PAK.

    Refused for all that would refuse it when it is established. Returns person_id, proposer_id,
    pak_year, pak_month, pak_number and pak_credit, the sum as it stands.
    """
    person = about_of_form(step)
    added = _add_up(step, person, whole_number(step, "year"), whole_number(step, "month"))
    decimals = print_decimals(step.tables(person.agency_id), added.year)
    step.note(f"person:{person.id}", audit_tags.CREDIT_PAPER_PROPOSED)
    return {
        "person_id": person.id,
        "proposer_id": step.person,
        "pak_year": added.year,
        "pak_month": added.month,
        "pak_number": step.text("number"),
        "pak_credit": str(rounded(added.found.units, decimals)),
    }


def issue(step: Step) -> Mapping[str, Json]:
    """`regu.credit.functional.issue` (form: decision establish|return, reason): a second person.

    It adds up the live conversions of the present level through that month and stays as it is; the
    accumulation is issued with it, and who establishes is its signer. Returns agreed, and paper_id
    and code of what was issued or return_reason.
    """
    require_recorder(step)
    person = step.standing.person(step.ref("person_id"))
    if person is None or person.agency_id != step.actor.agency_id:
        raise NotFound("person", step.ref("person_id"))
    if step.person == person.id:
        raise AccessRefused("credit:record", "own matter")
    proposer = step.ref("proposer_id")
    refuse(check_hands(proposer, step.person), one_hand="decision")
    if step.text("decision") == "return":
        if not step.text("reason"):
            raise fault("reason", "required", "say why it is returned")
        step.note(f"person:{person.id}", audit_tags.CREDIT_PAPER_RETURNED)
        return {"agreed": False, "return_reason": step.text("reason")}
    if step.text("decision") != "establish":
        raise fault("decision", "unknown_word", "establish or return")
    year, month = _proposed(step, "pak_year"), _proposed(step, "pak_month")
    made = _issue(step, _add_up(step, person, year, month), proposer)
    return {"agreed": True, "paper_id": made.id, "code": shown_code(made.code)}


def cancel(step: Step) -> Mapping[str, Json]:
    """`regu.credit.functional.cancel` (form: code, reason): HR cancels a paper; it stays readable.

    A conversion goes after each PAK that adds it up, an accumulation with its PAK.
    Returns person_id and paper_id.
    """
    require_recorder(step)
    code = read_code(step.text("code"))
    paper = step.uow.functional.paper_coded(code) if code else None
    if paper is None or paper.agency_id != step.actor.agency_id:
        raise fault("code", "unknown_paper", "no paper of this agency has this code")
    if paper.person_id == step.person:
        raise AccessRefused("credit:record", "own matter")
    reason = step.text("reason")
    cited = step.uow.functional.cited(paper.id)
    refuse(check_cancel(paper, reason, cited=cited), cancel_reason="reason", other="code")
    for row in (paper, *_beside(step, paper)):
        step.uow.functional.cancel(row.id, step.person, reason, step.now)
        step.note(f"person:{row.person_id}", audit_tags.CREDIT_PAPER_CANCELLED, paper=row.id)
    return {"person_id": paper.person_id, "paper_id": paper.id}


def _beside(step: Step, paper: CreditPaper) -> list[CreditPaper]:
    """The accumulation that was issued with a PAK; PAK from before have none."""
    if paper.kind is not PaperKind.PAK:
        return []
    when = (PaperKind.ACCUMULATION, paper.year, paper.month)
    held = step.uow.functional.papers([paper.person_id]).get(paper.person_id, ())
    return [row for row in held if row.live and (row.kind, row.year, row.month) == when]


def _add_up(step: Step, person: Person, year: int, month: int) -> _Sum:
    """The months that count; `InputRefused` with the field of what stands in the way."""
    if not 1 <= month <= MONTHS:
        raise fault("month", "at_most", "1 to 12")
    through = date(year, month, 1)
    if through > step.standing.today(person.agency_id):
        raise fault("month", "future", "that month has not begun")
    store = step.uow.functional
    months = store.months([person.id]).get(person.id, ())
    rows = store.standings([person.id]).get(person.id, ())
    found = accumulate(rows, months, through)
    if found is None:
        raise fault("nip", "no_credit_kept", "no functional credit is kept for this person")
    sources = frozenset(_sources(found, months, through))
    if not found.units:
        raise fault("month", "nothing_to_add", "no month is converted yet")
    if store.flags(sorted(sources)):
        raise fault("month", "paper_flagged", "a conversion is flagged: cancel it, convert anew")
    if any(_same(row, year, month) for row in store.papers([person.id]).get(person.id, ())):
        raise fault("month", "paper_twice", "a PAK of this month stands; cancel it first")
    return _Sum(person=person, year=year, month=month, found=found, sources=sources)


def _issue(step: Step, added: _Sum, proposer: str) -> CreditPaper:
    person, when = added.person, (added.year, added.month)
    content = _added_up(step, added.found, added.year) | facts_of(step, person) | _signer(step)
    made = new_paper(
        *(step, person, PaperKind.PAK, when),
        number=step.maybe("pak_number") or "",
        content=content,
        proposed_by=proposer,
    )
    beside = {name: value for name, value in content.items() if name not in _OF_PAK}
    beside |= {"pak_number": made.number, "pak_code": shown_code(made.code)}
    sums = new_paper(step, person, PaperKind.ACCUMULATION, when, content=beside)
    store = step.uow.functional
    store.add([made])
    store.add([PaperSource(pak_id=made.id, conversion_id=one) for one in sorted(added.sources)])
    store.add([sums])
    for row in (made, sums):
        step.note(f"person:{person.id}", audit_tags.CREDIT_PAPER_ISSUED, paper=row.id)
    return made


def _proposed(step: Step, name: str) -> int:
    """A whole number that the proposal left among the variables."""
    return int(step.call.variables[name])


def _added_up(step: Step, found: Accumulation, year: int) -> dict[str, Json]:
    tables = step.tables(step.actor.agency_id)
    return sum_facts(tables, found) | {"decimals": print_decimals(tables, year)}


def _signer(step: Step) -> dict[str, Json]:
    """Who establishes (pejabat penetap), as on this day: he signs the PAK."""
    by = step.standing.person(step.person)
    seats = step.uow.agency.seats(step.person, step.standing.today(step.actor.agency_id))
    seat = next(iter(seats), None)
    return {
        "establisher": by.name if by else "",
        "establisher_nip": by.nip if by else "",
        "establisher_post": seat.post_title if seat else "",
    }


def _sources(found: Accumulation, months: Sequence[CreditMonth], through: date) -> set[str]:
    """Conversions of the months that count."""
    return {
        row.paper_id
        for row in months
        if found.since <= row.first_day <= through and row.level is found.level
    }


def _same(paper: CreditPaper, year: int, month: int) -> bool:
    return paper.live and paper.kind is PaperKind.PAK and (paper.year, paper.month) == (year, month)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.credit.functional.propose": propose,
    "regu.credit.functional.issue": issue,
    "regu.credit.functional.cancel": cancel,
}
