"""What internal audit reads of a cycle (crediting.md 0.11), and the bounds of its reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from engine.domain.cycles import Cycle
from engine.usecases.decisions import AuditLimits, Tables
from engine.usecases.errors import NotFound
from engine.usecases.means import means_of
from engine.usecases.organisation import Standing
from engine.usecases.rights import require

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.domain.sampling import AuditSample, Finding, SampleItem
    from engine.usecases.actor import Actor
    from engine.usecases.ports.audit_reports import (
        AuditReports,
        ConsentFigures,
        DeviationFigures,
        LateClaim,
        MutualPair,
        SplitOutputs,
        SponsorFigures,
        Unshown,
    )
    from engine.usecases.ports.work import House, UnitOfWork

Found = TypeVar("Found")
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorView:
    """A sponsor's figures beside those of all sponsors."""

    figures: SponsorFigures
    #: mean T of his outputs, and of all
    mean: Decimal
    all_mean: Decimal
    #: share of T above 100, percent; his and all
    above_percent: Decimal
    all_above_percent: Decimal
    #: lies above the margin that the agency's table calls lenient
    lenient: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleView:
    """A sample with its pieces and what was found of them, by piece."""

    sample: AuditSample
    items: Sequence[SampleItem]
    findings: Mapping[str, Finding]


def cycle_for_audit(uow: UnitOfWork, actor: Actor, cycle_id: str, act: str = "audit:read") -> Cycle:
    """A cycle of the actor's agency; `AccessRefused` without the right, `NotFound` for others'."""
    require(actor, act, cycle_id)
    found = uow.performance.get(Cycle, cycle_id)
    if found is None or found.agency_id != actor.agency_id:
        raise NotFound("cycle", cycle_id)
    return found


def last_days(standing: Standing, cycle: Cycle, days: int) -> list[tuple[str, datetime]]:
    """For each period the moment (UTC) at which its last `days` days begin where the agency is."""
    zone = ZoneInfo(standing.zone(cycle.agency_id))
    return [
        (
            period.id,
            datetime.combine(period.ends_on - timedelta(days=days - 1), time(), zone).astimezone(
                UTC
            ),
        )
        for period in standing.uow.performance.periods(cycle.id)
    ]


def mutual_pairs(house: House, actor: Actor, cycle_id: str) -> Sequence[MutualPair]:
    """Pairs who signed each other's lines."""
    return _ask(house, actor, cycle_id, lambda reports, _: reports.mutual_pairs(cycle_id))


def unshown(house: House, actor: Actor, cycle_id: str) -> Sequence[Unshown]:
    """Attainments above 100 without verified evidence."""
    return _ask(house, actor, cycle_id, lambda reports, _: reports.unshown(cycle_id))


def consents(house: House, actor: Actor, cycle_id: str) -> Sequence[ConsentFigures]:
    """Refusals and silences per unit head (crediting.md 0.5)."""
    return _ask(house, actor, cycle_id, lambda reports, _: reports.consents(cycle_id))


def deviations(house: House, actor: Actor, cycle_id: str) -> Sequence[DeviationFigures]:
    """Deviations per rater (crediting.md 0.12)."""
    return _ask(house, actor, cycle_id, lambda reports, _: reports.deviations(cycle_id))


def split_outputs(house: House, actor: Actor, cycle_id: str) -> Sequence[SplitOutputs]:
    """Outputs of one squad and period split just under the limit of `audit_limits`."""

    def ask(reports: AuditReports, limits: AuditLimits) -> Sequence[SplitOutputs]:
        near = limits.near_percent
        found = reports.split_outputs(
            cycle_id, limit_points=limits.output_points, near_percent=near
        )
        return [row for row in found if row.points > limits.output_points]

    return _ask(house, actor, cycle_id, ask)


def sponsors(house: House, actor: Actor, cycle_id: str) -> Sequence[SponsorView]:
    """Sponsors beside all sponsors: mean T and how often it lies above 100."""
    return _ask(
        house,
        actor,
        cycle_id,
        lambda reports, limits: [_view(row, limits) for row in reports.sponsors(cycle_id)],
    )


def late_claims(
    house: House,
    actor: Actor,
    cycle_id: str,
    *,
    after: str | None = None,
    limit: int | None = None,
) -> Sequence[LateClaim]:
    """Claims handed in on the last days of their period, or after it, latest first.

    A page: behind the claim of this id, at most `limit`.
    """
    with house.reading() as uow:
        cycle = cycle_for_audit(uow, actor, cycle_id)
        standing = Standing(uow, house.clock.now())
        days = _limits(house, uow, cycle).last_days
        first = last_days(standing, cycle, days)
        return uow.assurance.reports.late_claims(cycle.id, first, after=after, limit=limit)


def samples(house: House, actor: Actor, cycle_id: str) -> Sequence[SampleView]:
    """Samples drawn from a cycle with what was found, newest first."""
    with house.reading() as uow:
        cycle = cycle_for_audit(uow, actor, cycle_id)
        store = uow.assurance
        return [
            SampleView(
                sample=sample,
                items=store.items(sample.id),
                findings={found.item_id: found for found in store.findings(sample.id)},
            )
            for sample in store.samples(cycle.id)
        ]


def _ask(
    house: House,
    actor: Actor,
    cycle_id: str,
    question: Callable[[AuditReports, AuditLimits], Found],
) -> Found:
    with house.reading() as uow:
        cycle = cycle_for_audit(uow, actor, cycle_id)
        return question(uow.assurance.reports, _limits(house, uow, cycle))


def _limits(house: House, uow: UnitOfWork, cycle: Cycle) -> AuditLimits:
    means = means_of(house)
    return Tables(means, uow, house.clock.now(), cycle.agency_id).audit_limits()


def _view(row: SponsorFigures, limits: AuditLimits) -> SponsorView:
    mean = _ratio(row.attainment_e2, row.outputs * 100)
    all_mean = _ratio(row.all_attainment_e2, row.all_outputs * 100)
    return SponsorView(
        figures=row,
        mean=mean,
        all_mean=all_mean,
        above_percent=_ratio(row.above_100 * 100, row.outputs),
        all_above_percent=_ratio(row.all_above_100 * 100, row.all_outputs),
        lenient=row.outputs >= limits.lenient_least and mean - all_mean >= limits.lenient_margin,
    )


def _ratio(whole: int, parts: int) -> Decimal:
    return (Decimal(whole) / Decimal(parts)).quantize(_HUNDREDTH)
