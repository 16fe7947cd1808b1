"""The form of a simulation: what an address says, laid over the assumptions to begin with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from engine.simulation.assuming import StepAssumption
from web.readings.process_map import length

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.simulation.assuming import Assumptions
    from engine.simulation.shape import Step
    from engine.simulation.studying import Study

_MINUTES_MAX: Final = 60 * 24 * 30
_HOURS_MAX: Final = 24 * 366
_PEOPLE_MAX: Final = 10_000
_WHOLE: Final = 100
_ROLE_MAX: Final = 80
_SEED_MAX: Final = 999_999
_DAYS_TYPED_MAX: Final = 9_999
_COMING_MAX: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StepField:
    """One row of the form."""

    id: str
    name: str
    kind: str
    told: StepAssumption
    #: what history says in words; "" when it says nothing
    history: str
    #: only in the draft, or only in the published drawing; "" in both
    only: str


def assumed(found: Study, guess: Assumptions, asked: Mapping[str, str]) -> Assumptions:
    """The assumptions of an address; what it does not say, or says wrongly, stays as guessed."""
    if "hitung" not in asked:
        return guess
    steps = {one.id: _step(one, guess.steps[one.id], asked) for one in found.shape.steps}
    roles = sorted({one.role for one in steps.values() if one.role})
    people = {
        role: _number(asked.get(f"orang:{role}"), guess.people.get(role, 1), 1, _PEOPLE_MAX)
        for role in roles
    }
    return replace(
        guess,
        begins=_day(asked.get("mulai"), guess.begins),
        days=_number(asked.get("hari"), guess.days, 0, _DAYS_TYPED_MAX),
        per_month=_decimal(asked.get("per_bulan"), guess.per_month, _COMING_MAX) or Decimal(0),
        seed=_number(asked.get("benih"), guess.seed, 1, _SEED_MAX),
        steps=steps,
        people=people,
        ways={
            fork.id: shares
            for fork in found.shape.forks
            if (shares := _shares(fork.id, fork.ways, asked))
        },
    )


def step_fields(found: Study, told: Assumptions) -> Sequence[StepField]:
    """Rows of the form in the order of the drawing."""
    before = {one.id for one in found.before.shape.steps} if found.before else set()
    after = {one.id for one in found.after.shape.steps} if found.after else set()
    return [
        StepField(
            id=one.id,
            name=one.name,
            kind=one.kind,
            told=told.steps[one.id],
            history=_history(found, one),
            only=_only(one.id, before, after) if found.changed else "",
        )
        for one in found.shape.steps
    ]


def _only(step: str, before: set[str], after: set[str]) -> str:
    if step not in before:
        return "after"
    return "before" if step not in after else ""


def _history(found: Study, step: Step) -> str:
    median = found.history.median(step.id)
    return "" if median is None else length(median.total_seconds())


def _step(step: Step, guess: StepAssumption, asked: Mapping[str, str]) -> StepAssumption:
    reply = asked.get(f"jeda:{step.id}", "").strip()
    return StepAssumption(
        role=asked.get(f"peran:{step.id}", guess.role).strip()[:_ROLE_MAX],
        minutes=_number(asked.get(f"menit:{step.id}"), guess.minutes, 0, _MINUTES_MAX),
        reply_hours=_decimal(reply, guess.reply_hours) if reply else None,
        percent=_number(asked.get(f"persen:{step.id}"), guess.percent, 0, _WHOLE),
    )


def _shares(fork: str, ways: Mapping[str, str], asked: Mapping[str, str]) -> Mapping[str, int]:
    told = {way: asked.get(f"jalan:{fork}:{way}", "").strip() for way in ways}
    return {way: _number(text, 0, 0, _WHOLE) for way, text in told.items() if text}


def _number(text: str | None, otherwise: int, least: int, most: int) -> int:
    known = (text or "").strip()
    if not known.isascii() or not known.isdigit() or len(known) > len(str(most)):
        return otherwise
    return min(max(int(known), least), most)


def _decimal(text: str | None, otherwise: Decimal | None, most: int = _HOURS_MAX) -> Decimal | None:
    try:
        found = Decimal((text or "").strip().replace(",", "."))
    except InvalidOperation:
        return otherwise
    return found if found.is_finite() and 0 <= found <= most else otherwise


def _day(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise
