"""Papers of credit that a rating corrected later makes doubtful: flagged, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.credit_papers import PaperFlag, PaperKind
from engine.usecases import audit_tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.domain.credit_papers import CreditPaper
    from engine.domain.functional import CreditMonth
    from engine.domain.ratings import Rating
    from engine.usecases.operations.step import Step


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


def rating_changed(step: Step, rating: Rating) -> None:
    """Flag what was issued on another predikat of this cycle: its conversion, and each PAK."""
    papers = step.uow.functional.papers([rating.person_id]).get(rating.person_id, ())
    issued = conversion_of(papers, rating.cycle_id)
    if issued is None or rating.predikat is None:
        return
    if issued.content.get("predikat") != rating.predikat.value:
        raise_flags(step, issued, rating, str(issued.content.get("predikat", "")))


def raise_flags(
    step: Step, issued: CreditPaper, rating: Rating, before: str
) -> Sequence[PaperFlag]:
    """One flag a paper and rating, on the conversion and each live PAK that adds it up."""
    store = step.uow.functional
    papers = [issued, *store.adding_up([issued.id])]
    known = store.flags([row.id for row in papers])
    made = [
        PaperFlag(
            id=step.means.ids.uuid(),
            paper_id=row.id,
            rating_id=rating.id,
            before=before,
            after=rating.predikat.value if rating.predikat else "",
            at=step.now,
        )
        for row in papers
        if not any(flag.rating_id == rating.id for flag in known.get(row.id, ()))
    ]
    store.add(made)
    for flag in made:
        step.note(
            f"person:{issued.person_id}", audit_tags.CREDIT_PAPER_FLAGGED, paper=flag.paper_id
        )
    return made


def said(months: Iterable[CreditMonth]) -> list[tuple[object, ...]]:
    """What months say, to be compared."""
    return [
        (row.year, row.month, row.level, row.coefficient, row.percent, row.predikat)
        for row in months
    ]
