"""What the tables of functional credit say, as values for the domain's rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from engine.domain.functional import LevelRule
from engine.usecases.errors import Conflict

if TYPE_CHECKING:
    from engine.domain.functional import FunctionalLevel
    from engine.domain.ratings import Predikat
    from engine.usecases.decisions import Tables
    from engine.usecases.ports.process import Json


def level_rule(tables: Tables, level: FunctionalLevel) -> LevelRule:
    """Coefficient, thresholds and grades of a level: `functional_level`."""
    row = tables.decide("functional_level", level=level.value)
    if not isinstance(row, Mapping):
        raise Conflict("decision_empty", decision="functional_level")
    grades = row.get("grades")
    above = row.get("level_points")
    return LevelRule(
        level=level,
        coefficient=_decimal(row, "coefficient"),
        rank_points=_decimal(row, "rank_points"),
        level_points=None if above is None else _decimal(row, "level_points"),
        grades=tuple(str(one) for one in grades) if isinstance(grades, Sequence) else (),
    )


def percent_of(tables: Tables, predikat: Predikat) -> int:
    """Percentage of a predikat: `credit_percent`."""
    return int(_one(tables.decide("credit_percent", predikat=predikat.value), "percent"))


def print_decimals(tables: Tables, year: int) -> int:
    """Decimals of points on paper: `credit_print`; nothing is rounded before."""
    return int(_one(tables.decide("credit_print", year=year), "decimals"))


def renewal_note(tables: Tables, predikat: Predikat) -> str:
    """Word on the renewal of a PPPK contract: `contract_renewal`; advice, never a decision."""
    return str(_one(tables.decide("contract_renewal", predikat=predikat.value), "note"))


def _one(found: Json, name: str) -> Json:
    value = found.get(name) if isinstance(found, Mapping) else found
    if value is None:
        raise Conflict("decision_empty", output=name)
    return value


def _decimal(row: Mapping[str, Json], name: str) -> Decimal:
    return Decimal(_one(row, name))
