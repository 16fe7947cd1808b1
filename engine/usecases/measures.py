"""First indicators of proposed results, so that people confirm instead of typing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.domain.indicators import Aspect, Direction
from engine.domain.plans import Indicator
from engine.usecases.calendar_words import day_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from engine.domain.goals import ObjectiveIndicator
    from engine.domain.outputs import Output

#: a first indicator of a home result, to be replaced by the employee
HOME_MEASURE: Final = "Tugas selesai"
#: a first indicator of a squad result, to be replaced by its lead
SQUAD_MEASURE: Final = "Keluaran tim diterima"
#: units of a rate: everybody who serves it has the same number, while amounts are divided
_RATES: Final = ("%", "persen", "indeks", "nilai", "skor", "hari", "jam", "menit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """An indicator without a place in a plan yet; fields as in `Indicator`."""

    text: str
    aspect: Aspect = Aspect.KUANTITAS
    direction: Direction = Direction.HIGHER
    target: Decimal | None = None
    unit: str = ""
    target_text: str = ""
    lower: Decimal | None = None
    upper: Decimal | None = None
    weight: int = 1

    def placed(self, indicator_id: str, item_id: str, number: int = 1) -> Indicator:
        """The indicator of a result."""
        return Indicator(
            id=indicator_id,
            item_id=item_id,
            aspect=self.aspect,
            text=self.text,
            target=self.target,
            unit=self.unit,
            direction=self.direction,
            target_text=self.target_text,
            lower=self.lower,
            upper=self.upper,
            number=number,
            weight=self.weight,
        )


def same(indicators: Sequence[Indicator]) -> tuple[Measure, ...]:
    """The indicators of an earlier result as they were, targets to be confirmed."""
    return tuple(
        Measure(
            text=one.text,
            aspect=one.aspect,
            direction=one.direction,
            target=one.target,
            unit=one.unit,
            target_text=one.target_text,
            lower=one.lower,
            upper=one.upper,
            weight=one.weight,
        )
        for one in indicators
    )


def of_leader(indicators: Sequence[Indicator]) -> tuple[Measure, ...]:
    """The leader's first indicator; an amount without its number, for it is divided."""
    first = same(indicators[:1])
    return tuple(_divided(one) for one in first)


def of_objective(measures: Sequence[ObjectiveIndicator]) -> tuple[Measure, ...]:
    """The first indicator of an objective; an amount without its number."""
    return tuple(
        _divided(
            Measure(
                text=one.text,
                aspect=Aspect.KUALITAS if _is_rate(one.unit) else Aspect.KUANTITAS,
                direction=one.direction,
                target=one.target,
                unit=one.unit,
            )
        )
        for one in measures[:1]
        if one.direction is not Direction.RANGE
    )


def of_output(output: Output) -> Measure:
    """What an output of a squad is measured by, with its day."""
    return Measure(
        text=output.indicator or SQUAD_MEASURE,
        target_text=f"{output.target}, selesai {day_words(output.due_on)}",
    )


def of_outputs(outputs: Sequence[Output]) -> Measure:
    """All outputs of a squad together, while nobody's part in them is agreed."""
    named = "; ".join(f"{one.title} ({day_words(one.due_on)})" for one in outputs)
    return Measure(text=SQUAD_MEASURE, target_text=named)


def _is_rate(unit: str) -> bool:
    return unit.strip().lower() in _RATES


def _divided(one: Measure) -> Measure:
    if one.direction in (Direction.RANGE, Direction.QUALITATIVE) or _is_rate(one.unit):
        return one
    if one.aspect is not Aspect.KUANTITAS:
        return one
    return replace(one, target=None)
