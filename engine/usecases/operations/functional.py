"""Operations of functional credit: record a level, convert a rating of a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from engine.domain.certificates import code_of
from engine.domain.credit_papers import (
    CreditPaper,
    PaperKind,
    content_hash,
    line_facts,
)
from engine.domain.functional import (
    Employment,
    FunctionalLevel,
    FunctionalStanding,
    check_standing,
    in_force,
    lines_of,
    standing_on,
)
from engine.domain.ratings import RatingStatus
from engine.domain.units import Agency, Unit
from engine.usecases import audit_tags
from engine.usecases.credit_flags import conversion_of, recheck, said
from engine.usecases.credit_months import months_of_cycle
from engine.usecases.credit_tables import print_decimals, renewal_note
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.operations.role_changes import by_nip, day_of, require_recorder
from engine.usecases.operations.step import fault, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from engine.domain.cycles import Cycle
    from engine.domain.functional import CreditMonth
    from engine.domain.people import Person
    from engine.domain.ratings import Rating
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json

#: word of the form for a post that is not functional
_NO_LEVEL: Final = "none"


def record_standing(step: Step) -> Mapping[str, Json]:
    """`regu.credit.functional.standing`: HR records employment and functional level by decree.

    Form: nip, employment, level, grade, valid_from, brought, contract_until, letter_no. Nobody
    records his own. Papers that would say otherwise now are flagged. Returns person_id.
    """
    person = about_of_form(step)
    level = step.text("level")
    until = step.text("contract_until")
    made = FunctionalStanding(
        id=step.means.ids.uuid(),
        person_id=person.id,
        employment=step.word("employment", Employment),
        level=step.word("level", FunctionalLevel) if level and level != _NO_LEVEL else None,
        grade=step.text("grade"),
        valid_from=day_of(step, "valid_from", needed=True),
        brought=step.decimal("brought"),
        contract_until=day_of(step, "contract_until", needed=True) if until else None,
        letter_no=step.text("letter_no"),
        recorded_by=step.person,
        at=step.now,
    )
    rows = step.uow.functional.standings([person.id]).get(person.id, ())
    before = standing_on((row for row in rows if row.valid_from < made.valid_from), made.valid_from)
    faults = check_standing(made, before)
    refuse(faults, **{row.code: row.subject for row in faults})
    step.uow.functional.add([made])
    step.note(f"person:{person.id}", audit_tags.FUNCTIONAL_RECORDED, standing=made.id)
    recheck(step, person.id)
    return {"person_id": person.id}


def convert(step: Step) -> Mapping[str, Json]:
    """`regu.credit.functional.convert`: the final predikat of a year becomes credit by month.

    Variables person_id and cycle_id, or form nip and year (HR). It converts once: the same months
    again change nothing; another predikat flags what was issued, which HR cancels before it
    converts anew. Returns credit_state (converted, unchanged, flagged, no_level, pppk, not_final),
    paper_id, and for a contract its renewal_note.
    """
    person, cycle = _whose(step)
    step.require_not_own(person.id)
    rating = step.uow.performance.rating_of(person.id, cycle.id)
    if rating is None or rating.status is not RatingStatus.FINAL or rating.predikat is None:
        return _told("not_final")
    rows = in_force(step.uow.functional.standings([person.id]).get(person.id, ()))
    if (held := standing_on(rows, cycle.ends_on)) and held.employment is Employment.PPPK:
        note = renewal_note(step.tables(person.agency_id), rating.predikat)
        return _told("pppk", note=note)
    months = months_of_cycle(step, person, cycle, rows, rating.predikat)
    papers = step.uow.functional.papers([person.id]).get(person.id, ())
    issued = conversion_of(papers, cycle.id)
    if issued is not None:
        before = step.uow.functional.months_of(issued.id)
        if said(before) == said(months):
            return _told("unchanged", issued.id)
        recheck(step, person.id)
        return _told("flagged", issued.id)
    if not months:
        return _told("no_level")
    return _told("converted", _convert(step, person, rating, (cycle, months)).id)


def about_of_form(step: Step) -> Person:
    """Whom the form names, for who keeps functional credit and is not that person."""
    require_recorder(step)
    person = by_nip(step, "nip")
    if person.id == step.person:
        raise AccessRefused("credit:record", "own matter")
    return person


def _whose(step: Step) -> tuple[Person, Cycle]:
    """Of the process, or of HR's form."""
    if step.maybe("person_id") is None:
        person = about_of_form(step)
        cycle = step.uow.performance.cycle_of(person.agency_id, whole_number(step, "year"))
        if cycle is None:
            raise fault("year", "no_cycle", "there is no cycle of this year")
        return person, cycle
    known = step.standing.person(step.ref("person_id"))
    if known is None:
        raise NotFound("person", step.ref("person_id"))
    return known, step.cycle()


def _told(state: str, paper_id: str | None = None, note: str | None = None) -> Mapping[str, Json]:
    return {"credit_state": state, "paper_id": paper_id, "renewal_note": note}


def _convert(
    step: Step, person: Person, rating: Rating, what: tuple[Cycle, Sequence[CreditMonth]]
) -> CreditPaper:
    cycle, months = what
    content = facts_of(step, person) | {
        "predikat": rating.predikat.value if rating.predikat else "",
        "lines": [line_facts(line) for line in lines_of(months)],
        "units": str(_sum(months)),
        "decimals": print_decimals(step.tables(person.agency_id), cycle.year),
        "cycle": cycle.name,
    }
    when = cycle.year, months[-1].month
    of = {"cycle_id": rating.cycle_id, "rating_id": rating.id}
    made = new_paper(step, person, PaperKind.CONVERSION, when, content=content, **of)
    step.uow.functional.add([made])
    step.uow.functional.add([replace(row, paper_id=made.id) for row in months])
    step.note(f"person:{person.id}", audit_tags.CREDIT_CONVERTED, paper=made.id)
    return made


def _sum(months: Sequence[CreditMonth]) -> Decimal | int:
    return sum(row.units for row in months)


def new_paper(
    step: Step, person: Person, kind: PaperKind, when: tuple[int, int], **facts: Any
) -> CreditPaper:
    """A paper issued now, signed by its hash; `when`: year and last month, `facts`: the rest."""
    made_id = step.means.ids.uuid()
    made = CreditPaper(
        id=made_id,
        kind=kind,
        code=code_of(made_id),
        person_id=person.id,
        agency_id=person.agency_id,
        year=when[0],
        month=when[1],
        issued_by=step.actor.human or step.actor.name,
        issued_at=step.now,
        **facts,
    )
    return replace(made, content_hash=content_hash(made))


def facts_of(step: Step, person: Person) -> dict[str, Json]:
    """Who and where, as on the day of issue."""
    seat = next(iter(step.uow.agency.seats(person.id, step.standing.today(person.agency_id))), None)
    unit = step.uow.agency.get(Unit, seat.unit_id) if seat else None
    agency = step.uow.agency.get(Agency, person.agency_id)
    rater = step.standing.rater(person.id)
    by = step.standing.person(rater.person_id) if rater else None
    return {
        "name": person.name,
        "nip": person.nip,
        "rank": person.rank,
        "post": seat.post_title if seat else "",
        "unit": unit.name if unit else "",
        "agency": agency.name if agency else "",
        "rater": by.name if by else "",
        "rater_nip": by.nip if by else "",
    }


def whole_number(step: Step, key: str) -> int:
    """A whole number of the form; `InputRefused` for anything else."""
    value = step.decimal(key)
    if value is None and step.text(key).isdecimal():
        return int(step.text(key))
    if value is None or value != value.to_integral_value() or not 0 < value < date.max.year:
        raise fault(key, "not_whole", "a whole number is needed")
    return int(value)


OPERATIONS: Final[Mapping[str, Callable[[Step], Mapping[str, Json]]]] = {
    "regu.credit.functional.standing": record_standing,
    "regu.credit.functional.convert": convert,
}
