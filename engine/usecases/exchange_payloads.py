"""What SIASN is told of each person: a period needs the coefficient of his level and predikat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain.exchange import (
    COEFFICIENT_FIELD,
    ExchangeKind,
    annual_payload,
    period_told,
    periodic_payload,
)
from engine.domain.functional import standing_on
from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from engine.domain.exchange import Exchange, Payload, RatedFacts
    from engine.domain.ratings import Predikat
    from engine.usecases.decisions import Tables
    from engine.usecases.ports.work import UnitOfWork

#: decision that the agency fills in once: level and predikat -> koefisienId of SIASN
COEFFICIENTS: Final = "siasn_coefficient"
#: the table's word for a post that is not functional
NO_LEVEL: Final = "none"


class Payloads:
    """Payloads of some people, inside an open unit of work."""

    def __init__(self, uow: UnitOfWork, tables: Tables, people: Collection[str]) -> None:
        self._tables = tables
        self._standings = uow.functional.standings(people)
        self._known: dict[tuple[str, Predikat], str] = {}

    def of(self, facts: RatedFacts, period_ref: str) -> Payload:
        """The fields of an evaluation; koefisienId is "" where the agency's table has no entry."""
        if facts.period_id is None:
            return annual_payload(facts)
        found = self._coefficient(facts.person_id, facts.ends_on, facts.predikat)
        return periodic_payload(facts, coefficient_id=found, period_ref=period_ref)

    def looked_up(self, row: Exchange) -> Exchange:
        """A row of a period with the coefficient that the table has now; another as it is."""
        if row.kind is not ExchangeKind.PERIODIC:
            return row
        ends_on, predikat = period_told(row.payload)
        found = self._coefficient(row.person_id, ends_on, predikat)
        return replace(row, payload={**row.payload, COEFFICIENT_FIELD: found})

    def _coefficient(self, person_id: str, ends_on: date, predikat: Predikat) -> str:
        """By the level that holds on the last day of the period."""
        held = standing_on(self._standings.get(person_id, ()), ends_on)
        level = held.level.value if held and held.level else NO_LEVEL
        if (level, predikat) not in self._known:
            self._known[level, predikat] = self._decided(level, predikat)
        return self._known[level, predikat]

    def _decided(self, level: str, predikat: Predikat) -> str:
        """A table that was never published has no entries."""
        try:
            found = self._tables.decide(COEFFICIENTS, level=level, predikat=predikat.value)
        except NotFound:
            return ""
        value = found.get("coefficient_id") if isinstance(found, Mapping) else found
        return str(value).strip() if value is not None else ""
