"""What indicators came to in a period: numbers against targets, words by the agency's table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.calendar import end_of_day
from engine.domain.errors import Malformed
from engine.domain.indicators import Direction, Target, attainment, capped, result_attainment
from engine.domain.plans import Measurement, Progress, RoleKind
from engine.domain.ratings import Level
from engine.usecases import audit_tags
from engine.usecases.decisions import Tables
from engine.usecases.operations.step import as_decimal, fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from engine.domain.cycles import Period
    from engine.domain.plans import Indicator, Plan, PlanItem
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.process import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What one row of the form says about one indicator."""

    indicator: Indicator
    actual: Decimal | None
    level: Level | None
    words: str
    attainment: Decimal
    judged_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The indicators of a plan and what is known about them."""

    plan: Plan
    period: Period
    tables: Tables
    items: Mapping[str, PlanItem]
    indicators: tuple[Indicator, ...]
    #: newest first: the last line of each indicator
    newest: Mapping[str, Measurement]

    def of(self, item_id: str) -> list[Indicator]:
        """Indicators of a result in order."""
        return [one for one in self.indicators if one.item_id == item_id]


def open_book(step: Step, plan: Plan, period: Period) -> Book:
    """A plan's home results for documenting a period; tables as they stand at its end."""
    store = step.uow.performance
    cycle = step.cycle()
    as_of = end_of_day(period.ends_on, step.standing.zone(cycle.agency_id))
    items = {i.id: i for i in store.items(plan.id) if i.role_kind is RoleKind.HOME}
    return Book(
        plan=plan,
        period=period,
        tables=Tables(step.means, step.uow, as_of, cycle.agency_id),
        items=items,
        indicators=tuple(one for one in store.indicators(plan.id) if one.item_id in items),
        newest={line.indicator_id: line for line in store.measurements(plan.id)},
    )


def record_results(step: Step, plan: Plan, period: Period) -> None:
    """Progress from the form's `results`: a row per indicator, or per result with one measure.

    Rows: item_id, indicator_id, actual or level, actual_text, note. An empty row leaves what is
    known as it is.
    """
    book = open_book(step, plan, period)
    found: dict[str, list[Reached]] = {}
    notes: dict[str, list[str]] = {}
    for n, row in enumerate(step.rows("results")):
        at = f"results.{n}"
        item_id = str(row.get("item_id") or "")
        if item_id not in book.items:
            raise fault(f"{at}.item_id", "unknown_item", "no home result of this plan")
        reached = _read(book, row, at, item_id)
        if reached is None:
            continue
        found.setdefault(item_id, []).append(reached)
        note = str(row.get("note") or "").strip()
        if note and note not in notes.setdefault(item_id, []):
            notes[item_id].append(note)
    for item_id, lines in found.items():
        write_progress(step, book, item_id, lines, "\n".join(notes.get(item_id, [])))


def judge_results(step: Step, plan: Plan, period: Period, judge_id: str) -> None:
    """The rater's word on qualitative indicators, from the form's `judgements`.

    Rows: indicator_id, level. It stands in place of the employee's own word.
    """
    book = open_book(step, plan, period)
    known = {one.id: one for one in book.indicators if one.direction is Direction.QUALITATIVE}
    for n, row in enumerate(step.rows("judgements")):
        at = f"judgements.{n}"
        one = known.get(str(row.get("indicator_id") or ""))
        if one is None:
            raise fault(f"{at}.indicator_id", "unknown_item", "no indicator judged by words")
        if not row.get("level"):
            continue
        level = _level(row, at)
        earlier = book.newest.get(one.id)
        line = Reached(
            indicator=one,
            actual=None,
            level=level,
            words=earlier.actual_text if earlier else "",
            attainment=book.tables.qualitative_attainment(level),
            judged_by=judge_id,
        )
        write_progress(step, book, one.item_id, [line], None)
        step.note(f"plan:{plan.id}", audit_tags.MEASUREMENT_JUDGED, plan=plan.id, indicator=one.id)
        book = open_book(step, plan, period)


def write_progress(
    step: Step, book: Book, item_id: str, lines: Sequence[Reached], note: str | None
) -> None:
    """The progress of a result in the period with its lines; other lines of the period stay.

    A note of None leaves the words that are there.
    """
    store = step.uow.performance
    old = store.progress_on(item_id, book.period.id)
    progress_id = old.id if old else step.means.ids.uuid()
    fresh = {line.indicator.id: _line(step, progress_id, line) for line in lines}
    kept = [
        line
        for line in book.newest.values()
        if line.progress_id == progress_id and line.indicator_id not in fresh
    ]
    known = {**book.newest, **fresh}
    measured = [
        (one.weight, known[one.id].attainment if one.id in known else None)
        for one in book.of(item_id)
    ]
    numbers = (line.actual for line in (*fresh.values(), *kept) if line.actual is not None)
    row = Progress(
        id=progress_id,
        item_id=item_id,
        period_id=book.period.id,
        actual=next(numbers, None),
        attainment=result_attainment(measured),
        note=old.note if note is None and old else note or "",
        evidence_id=old.evidence_id if old else None,
        recorded_by=old.recorded_by if note is None and old else step.person,
        at=step.now,
    )
    if old is None:
        store.add([row])
    else:
        store.put(row)
    store.replace_measurements(row, [*kept, *fresh.values()])


def words_of(one: Indicator) -> str:
    """The target of an indicator in words."""
    if one.direction is Direction.RANGE:
        return f"{one.lower:f}-{one.upper:f} {one.unit}".strip()
    number = "" if one.target is None else f"{one.target:f} {one.unit}".strip()
    return one.target_text or number


def _read(book: Book, row: Mapping[str, Json], at: str, item_id: str) -> Reached | None:
    one = _meant(book, row, at, item_id)
    words = str(row.get("actual_text") or "").strip()
    if one.direction is Direction.QUALITATIVE:
        if not row.get("level"):
            return None
        level = _level(row, at)
        reached = book.tables.qualitative_attainment(level)
        return Reached(indicator=one, actual=None, level=level, words=words, attainment=reached)
    actual = as_decimal(row.get("actual"), f"{at}.actual")
    if actual is None:
        return None
    reached = _attainment(book, one, actual, f"{at}.actual")
    return Reached(indicator=one, actual=actual, level=None, words=words, attainment=reached)


def _meant(book: Book, row: Mapping[str, Json], at: str, item_id: str) -> Indicator:
    """The indicator of a row; without one the first of the result that has a number."""
    own = book.of(item_id)
    named = row.get("indicator_id")
    if named:
        found = next((one for one in own if one.id == named), None)
        if found is None:
            raise fault(f"{at}.indicator_id", "unknown_item", "no indicator of this result")
        return found
    numbers = [one for one in own if one.direction is not Direction.QUALITATIVE]
    return next((one for one in numbers if one.target is not None), (numbers or own)[0])


def _level(row: Mapping[str, Json], at: str) -> Level:
    value = row.get("level")
    if value not in set(Level):
        raise fault(f"{at}.level", "unknown_word", f"one of {', '.join(Level)}")
    return Level(value)


def _attainment(book: Book, one: Indicator, actual: Decimal, field: str) -> Decimal:
    """Percent of the target; without a target in numbers the percent itself is what was typed."""
    rules = book.tables.attainment_rules(one.aspect)
    lower = one.lower if one.direction is Direction.RANGE else one.target
    if lower is None:
        return capped(actual, rules.cap)
    target = Target(
        direction=one.direction,
        value=lower,
        upper=one.upper,
        cap=rules.cap,
        zero_at_percent=rules.zero_at_percent,
    )
    try:
        return attainment(target, actual)
    except Malformed as error:
        raise fault(field, "malformed", error.reason) from error


def _line(step: Step, progress_id: str, reached: Reached) -> Measurement:
    return Measurement(
        id=step.means.ids.uuid(),
        progress_id=progress_id,
        indicator_id=reached.indicator.id,
        actual=reached.actual,
        actual_text=reached.words,
        level=reached.level,
        judged_by=reached.judged_by,
        attainment=reached.attainment,
    )
