"""Forecasts of the indicators of a person, and what others may read once he saw it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.domain.forecasts import (
    LEAST_IN_A_CLUSTER,
    Forecast,
    History,
    Lack,
    Need,
    lack_of,
    open_to_others,
    see,
)
from engine.usecases.books import cycle_of
from engine.usecases.decisions import Tables
from engine.usecases.errors import AccessRefused, NotFound
from engine.usecases.means import Means, means_of
from engine.usecases.organisation import Standing
from engine.usecases.ports.forecasts import WarningScope
from engine.usecases.rights import may
from engine.usecases.workloads import visible_units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.cycles import Cycle, Period
    from engine.domain.forecasts import EarlyWarning, ForecastRules
    from engine.domain.units import Unit
    from engine.usecases.actor import Actor
    from engine.usecases.ports.forecasting import Model
    from engine.usecases.ports.forecasts import Cluster, Track, WarningRow
    from engine.usecases.ports.work import House, UnitOfWork

#: the staff office looks after the whole agency; auditors look at what was decided, not at this
READING: Final = "forecast:read"
#: rows of one page, and one more to know whether others follow
_PAGE: Final = 51


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """An indicator with its forecast, or why there is none."""

    track: Track
    forecast: Forecast | None
    lack: Lack | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnForecasts:
    """What one sees of oneself."""

    cycle: Cycle
    rules: ForecastRules
    rows: Sequence[Outlook]
    #: pairs of records that the agency's model learned from
    pairs: int
    #: newest first
    warnings: Sequence[EarlyWarning]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitWarnings:
    """Early warnings that are open to who leads the unit, and what people ask for."""

    cycle: Cycle
    #: units the asker may see
    units: Mapping[str, Unit]
    rows: Sequence[WarningRow]
    #: groups of three people or more
    clusters: Sequence[Cluster]


def outlook_of(track: Track, periods: Sequence[Period], today: date, heard: Heard) -> Outlook:
    """Promise: the forecast of an indicator, or why there is none."""
    ended = sum(1 for one in periods if one.ends_on < today and one.number > track.last_number)
    history: History = replace(track.history, missed=ended)
    lack = lack_of(history, heard.model.pairs, heard.rules)
    if lack is not None:
        return Outlook(track=track, forecast=None, lack=lack)
    said = heard.model.forecast(history, heard.rules.interval_percent)
    return Outlook(track=track, forecast=said, lack=None)


@dataclass(frozen=True, slots=True)
class Heard:
    """What was learned from an agency, and its settings."""

    model: Model
    rules: ForecastRules


def learned(means: Means, uow: UnitOfWork, tables: Tables, cycle: Cycle) -> Heard:
    """Promise: the model of the agency today. `NotFound` where no forecaster is wired."""
    if means.forecaster is None:
        raise NotFound("forecaster", "none")
    rules = tables.forecast_rules(cycle.year)
    return Heard(means.forecaster.learn(uow.forecasts.histories(cycle.agency_id)), rules)


def own_forecasts(house: House, actor: Actor, cycle_id: str | None = None) -> OwnForecasts:
    """Forecasts of one's own indicators; looking at them counts as having seen one's warnings.

    `NotFound` for who is no person of an agency.
    """
    person_id, agency_id = actor.person_id, actor.agency_id
    if person_id is None or agency_id is None:
        raise NotFound("person", actor.name)
    now = house.clock.now()
    with house.reading() as uow:
        cycle = cycle_of(uow, agency_id, cycle_id)
        means = means_of(house)
        heard = learned(means, uow, Tables(means, uow, now, agency_id), cycle)
        today = Standing(uow, now).today(agency_id)
        periods = uow.performance.periods(cycle.id)
        tracks = uow.forecasts.tracks(cycle.id, person_id=person_id)
        warnings = uow.forecasts.warnings_of(person_id, cycle.id)
    if any(one.seen_at is None for one in warnings):
        with house.writing() as uow:
            for one in uow.forecasts.warnings_of(person_id, cycle.id):
                if one.seen_at is None:
                    uow.forecasts.put(see(one, now))
            uow.commit()
    return OwnForecasts(
        cycle=cycle,
        rules=heard.rules,
        rows=[outlook_of(track, periods, today, heard) for track in tracks],
        pairs=heard.model.pairs,
        warnings=[see(one, now) for one in warnings],
    )


def unit_warnings(
    house: House,
    actor: Actor,
    cycle_id: str | None = None,
    *,
    after: tuple[str, str] | None = None,
    limit: int = _PAGE,
) -> UnitWarnings:
    """Early warnings open to others: heads for their units, the staff office for the agency.

    Nobody reads his own here, and never one that its employee did not see within his days.
    `AccessRefused` for everybody else.
    """
    if actor.agency_id is None:
        raise AccessRefused(READING, actor.name)
    now = house.clock.now()
    with house.reading() as uow:
        today = Standing(uow, now).today(actor.agency_id)
        units = visible_units(uow, actor, actor.agency_id, today, reading=READING)
        cycle = cycle_of(uow, actor.agency_id, cycle_id)
        scope = WarningScope(
            cycle_id=cycle.id,
            on=today,
            now=now,
            unit_ids=None if may(actor, READING) else [unit.id for unit in units],
            but=actor.person_id,
        )
        rows = uow.forecasts.opened(scope, after=after, limit=limit)
        clusters = uow.forecasts.clusters(scope)
    return UnitWarnings(
        cycle=cycle,
        units={unit.id: unit for unit in units},
        rows=[row for row in rows if open_to_others(row.warning, now)],
        clusters=[one for one in clusters if one.people >= LEAST_IN_A_CLUSTER],
    )


def waits_for_help(warning: EarlyWarning) -> bool:
    """Promise: whether somebody may still offer something."""
    return warning.offer is None and warning.need is not Need.NOTHING
