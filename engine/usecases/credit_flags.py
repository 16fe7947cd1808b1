"""Papers of credit that what is recorded later makes doubtful: flagged, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from engine.domain.credit_doubts import Doubt, DoubtReason, doubts
from engine.domain.credit_papers import PaperFlag, PaperKind, line_facts
from engine.domain.cycles import Cycle
from engine.domain.functional import accumulate, in_force, lines_of
from engine.domain.ratings import Predikat, RatingStatus
from engine.usecases import audit_tags
from engine.usecases.credit_months import months_of_cycle
from engine.usecases.credit_sums import sum_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.domain.credit_papers import CreditPaper
    from engine.domain.functional import CreditMonth, FunctionalStanding
    from engine.domain.people import Person
    from engine.domain.ratings import Rating
    from engine.usecases.operations.step import Step

_PREDIKAT: Final = DoubtReason.PREDIKAT


@dataclass(frozen=True, slots=True)
class _Now:
    """What a conversion would bring now, and the rating that came since it was issued."""

    predikat: Predikat
    months: Sequence[CreditMonth]
    rating: Rating | None


def conversion_of(papers: Iterable[CreditPaper], cycle_id: str) -> CreditPaper | None:
    """The live conversion of a cycle."""
    return next(
        (
            row
            for row in papers
            if row.live and row.kind is PaperKind.CONVERSION and row.cycle_id == cycle_id
        ),
        None,
    )


def recheck(step: Step, person_id: str) -> None:
    """Flag each live paper of a person whose figures would differ now, once for each change.

    Called by whatever changes what papers rest on, in its own transaction: a standing by decree,
    a leave, a move or an exit, an interim predikat, a final rating.
    """
    papers = step.uow.functional.papers([person_id]).get(person_id, ())
    live = [row for row in papers if row.live]
    person = step.standing.person(person_id)
    if not live or person is None:
        return
    rows = in_force(step.uow.functional.standings([person_id]).get(person_id, ()))
    now = {
        row.id: _now(step, person, row, rows) for row in live if row.kind is PaperKind.CONVERSION
    }
    ratings = {row.year: now[row.id].rating for row in live if row.id in now}
    known = step.uow.functional.flags([row.id for row in live])
    for row in live:
        content = _content(step, person, row, (rows, now))
        for doubt in doubts(row.content, content):
            _flag(step, row, doubt, (ratings, known.get(row.id, ())))


def said(months: Iterable[CreditMonth]) -> list[tuple[object, ...]]:
    """What months say, to be compared."""
    return [
        (row.year, row.month, row.level, row.coefficient, row.percent, row.predikat)
        for row in months
    ]


def _now(
    step: Step, person: Person, paper: CreditPaper, rows: Sequence[FunctionalStanding]
) -> _Now:
    cycle = step.uow.performance.get(Cycle, paper.cycle_id or "")
    word = Predikat(paper.content["predikat"])
    if cycle is None:
        return _Now(word, step.uow.functional.months_of(paper.id), None)
    rating = step.uow.performance.rating_of(person.id, cycle.id)
    # a rating that is made anew counts when it is final
    if rating and rating.status is RatingStatus.FINAL and rating.predikat:
        word = rating.predikat
    newer = rating if rating and rating.id != paper.rating_id else None
    return _Now(word, months_of_cycle(step, person, cycle, rows, word), newer)


def _content(
    step: Step,
    person: Person,
    paper: CreditPaper,
    held: tuple[Sequence[FunctionalStanding], Mapping[str, _Now]],
) -> Mapping[str, Any]:
    """The figures that a paper would have now."""
    rows, now = held
    if paper.kind is PaperKind.CONVERSION:
        mine = now[paper.id]
        lines = [line_facts(line) for line in lines_of(mine.months)]
        return {"predikat": mine.predikat.value, "lines": lines}
    added = [row for one in _sources(step, paper, now) for row in now[one].months]
    found = accumulate(rows, added, date(paper.year, paper.month, 1))
    if found is None:
        return {}
    facts = sum_facts(step.tables(person.agency_id), found)
    return {name: value for name, value in facts.items() if name in paper.content}


def _sources(step: Step, paper: CreditPaper, conversions: Iterable[str]) -> list[str]:
    """Conversions that a PAK adds up, or the PAK beside an accumulation."""
    when = (paper.year, paper.month)
    return [
        one
        for one in conversions
        if any((pak.year, pak.month) == when for pak in step.uow.functional.adding_up([one]))
    ]


def _flag(
    step: Step,
    paper: CreditPaper,
    doubt: Doubt,
    beside: tuple[Mapping[int, Rating | None], Sequence[PaperFlag]],
) -> None:
    """A flag, unless the newest one of this reason says the same; it names a new rating once."""
    ratings, known = beside
    same = [flag for flag in known if flag.reason is doubt.reason]
    if same and same[-1].after == doubt.after:
        return
    rating = ratings.get(doubt.year or paper.year) if doubt.reason is _PREDIKAT else None
    told = {flag.rating_id for flag in known}
    made = PaperFlag(
        id=step.means.ids.uuid(),
        paper_id=paper.id,
        rating_id=rating.id if rating and rating.id not in told else None,
        reason=doubt.reason,
        before=doubt.before,
        after=doubt.after,
        at=step.now,
    )
    step.uow.functional.add([made])
    tag = audit_tags.CREDIT_PAPER_FLAGGED
    step.note(f"person:{paper.person_id}", tag, paper=paper.id, reason=doubt.reason.value)
