"""What agencies decide by table about evaluation: dates, patterns, sizes, conduct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.ratings import Level, OrgLevel, PatternRule, Predikat
from engine.domain.voices import Source
from engine.usecases.errors import Conflict

if TYPE_CHECKING:
    from engine.usecases.decisions import Tables
    from engine.usecases.ports.process import Json

#: output of the decision `distribution` -> the predikats it bounds
_MOST: Final[Mapping[str, Predikat]] = {
    "sangat_baik_max": Predikat.SANGAT_BAIK,
    "baik_max": Predikat.BAIK,
}
_LEAST: Final[Mapping[str, tuple[Predikat, ...]]] = {
    "butuh_perbaikan_min": (Predikat.BUTUH_PERBAIKAN,),
    "kurang_min": (Predikat.KURANG,),
    "sangat_kurang_min": (Predikat.SANGAT_KURANG,),
    "below_baik_min": (Predikat.BUTUH_PERBAIKAN, Predikat.KURANG),
}
_COUNTED: Final = "below_baik_min_count"
_WHOLE_PERCENT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationDates:
    """Clocks of evaluation, in working days."""

    #: answers of 360 come in
    input_days: int
    #: days after the last day of the cycle by which ratings are final
    deadline_days: int
    #: whom to ask at most
    most: Mapping[Source, int]


def dates(tables: Tables, month: int) -> EvaluationDates:
    """The decision `evaluation_dates` for a month."""
    row = _row(tables.decide("evaluation_dates", month=month), "evaluation_dates")
    return EvaluationDates(
        input_days=int(row["input_days"]),
        deadline_days=int(row["deadline_days"]),
        most={
            Source.PEER: int(row["peers_most"]),
            Source.SUBORDINATE: int(row["subordinates_most"]),
            Source.PARTNER: int(row["partners_most"]),
        },
    )


def smallest_unit(tables: Tables) -> int:
    """A unit with fewer people is counted with the unit above it."""
    found = tables.decide("pooling")
    return int(_row(found, "pooling")["smallest"] if isinstance(found, Mapping) else found or 0)


def pattern(tables: Tables, level: OrgLevel) -> tuple[PatternRule, ...]:
    """The distribution pattern of a unit's level (SE 3/2023)."""
    row = _row(tables.decide("distribution", org_rating=level.value), "distribution")
    rules = [
        PatternRule(predikats=frozenset({predikat}), at_most_bp=_bp(row[name]))
        for name, predikat in _MOST.items()
        if int(row[name]) < _WHOLE_PERCENT
    ]
    rules += [
        PatternRule(predikats=frozenset(predikats), at_least_bp=_bp(row[name]))
        for name, predikats in _LEAST.items()
        if int(row[name]) > 0
    ]
    if int(row[_COUNTED]) > 0:
        below = frozenset({Predikat.BUTUH_PERBAIKAN, Predikat.KURANG})
        rules.append(PatternRule(predikats=below, at_least=int(row[_COUNTED])))
    return tuple(rules)


def behaviour_level(tables: Tables, above: int, below: int) -> Level:
    """What the marks of the 21 statements propose for conduct as a whole; advice."""
    found = tables.decide("behaviour_level", above=above, below=below)
    return Level(
        str(_row(found, "behaviour_level")["level"] if isinstance(found, Mapping) else found)
    )


def predikat(tables: Tables, result: Level, behaviour: Level) -> Predikat:
    """The table of nine cells."""
    found = tables.decide("predikat", result_level=result.value, behaviour_level=behaviour.value)
    value = found.get("predikat") if isinstance(found, Mapping) else found
    if value not in set(Predikat):
        raise Conflict("decision_empty", decision="predikat")
    return Predikat(str(value))


def _bp(percent: Json) -> int:
    return int(percent) * 100


def _row(found: Json, decision: str) -> Mapping[str, Json]:
    if not isinstance(found, Mapping):
        raise Conflict("decision_empty", decision=decision)
    return found
