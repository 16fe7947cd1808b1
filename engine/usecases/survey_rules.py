"""The agency's bounds of surveys, and the band of an index, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from engine.domain.ballots import SurveyRules
from engine.usecases.decisions import Tables
from engine.usecases.errors import Conflict
from engine.usecases.means import means_of

if TYPE_CHECKING:
    from decimal import Decimal

    from engine.usecases.ports.work import House, UnitOfWork


def tables_of(house: House, uow: UnitOfWork, agency_id: str) -> Tables:
    """The decisions of an agency today."""
    means = means_of(house)
    return Tables(means, uow, house.clock.now(), agency_id)


def survey_rules(house: House, uow: UnitOfWork, agency_id: str) -> SurveyRules:
    """The decision `survey_rules`."""
    return rules_of(tables_of(house, uow, agency_id))


def rules_of(tables: Tables) -> SurveyRules:
    """The same from open tables; `Conflict` when the decision says nothing."""
    found = tables.decide("survey_rules")
    if not isinstance(found, Mapping):
        raise Conflict("decision_empty", decision="survey_rules")
    values = {}
    for field in fields(SurveyRules):
        value = found.get(field.name)
        if value is None:
            raise Conflict("decision_empty", output=field.name)
        values[field.name] = int(value)
    return SurveyRules(**values)


def grade_of(tables: Tables, ikm: Decimal | None) -> tuple[str, str]:
    """Letter and word of an index, by the decision `ikm_band`; both "" without one."""
    found = tables.decide("ikm_band", ikm=ikm) if ikm is not None else None
    if not isinstance(found, Mapping):
        return "", ""
    return str(found.get("grade") or ""), str(found.get("word") or "")
