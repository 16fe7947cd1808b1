"""What agencies decide by table, as values for the domain's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain.forecasts import ForecastRules
from engine.domain.indicators import AttainmentRules
from engine.domain.planning_dates import PlanningDays
from engine.domain.protection import GUARDED_ACTS_LEAST
from engine.domain.ratings import Level, OrgLevel
from engine.domain.risks import RiskLevel
from engine.domain.scales import WHOLE_BP
from engine.domain.shares import BandRules, ShareRules
from engine.domain.squads import SquadLimits, SquadRole
from engine.domain.workload import LoadRules
from engine.usecases.errors import Conflict

if TYPE_CHECKING:
    from datetime import date, datetime

    from engine.domain.indicators import Aspect
    from engine.usecases.means import Means
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import UnitOfWork

#: the store holds no attainment above this, whatever a table says (crediting.md 2.6)
ATTAINMENT_CAP: Final = Decimal(120)
#: the third return goes to the sponsor (crediting.md 2.5)
ESCALATE_AT_RETURN: Final = 3
#: a head's result level is his unit's (SE MenPANRB 3/2023); the lower three words are one
HEAD_LEVELS: Final[Mapping[OrgLevel, Level]] = {
    OrgLevel.ISTIMEWA: Level.DI_ATAS,
    OrgLevel.BAIK: Level.SESUAI,
    OrgLevel.BUTUH_PERBAIKAN: Level.DI_BAWAH,
    OrgLevel.KURANG: Level.DI_BAWAH,
    OrgLevel.SANGAT_KURANG: Level.DI_BAWAH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLimits:
    """Bounds of the reports for internal audit (crediting.md 0.11)."""

    #: an output worth more needs a closer look
    output_points: int
    #: percent below it that still counts as just under it
    near_percent: int
    #: last days of a period that count as late
    last_days: int
    #: outputs a sponsor must have taken before his mean says something
    lenient_least: int
    #: points above the mean of all sponsors that count as lenient
    lenient_margin: int


class Tables:
    """The agency's decisions on a day, inside an open unit of work."""

    def __init__(
        self, means: Means, uow: UnitOfWork, as_of: datetime, agency_id: str | None
    ) -> None:
        self._means = means
        self._uow = uow
        self._as_of = as_of
        self._agency_id = agency_id

    def decide(self, decision_id: str, **scope: Json) -> Json:
        """The raw result of a decision."""
        return self._means.decide(
            self._uow, decision_id, scope, as_of=self._as_of, agency_id=self._agency_id
        )

    def share_rules(self) -> ShareRules:
        """Coefficients and cap of expected shares."""
        rows = {role: self._shares(role) for role in SquadRole}
        return ShareRules(
            coefficients={role: _whole(row, "coefficient") for role, row in rows.items()},
            lead_cap_bp=_whole(rows[SquadRole.KETUA], "lead_cap_bp"),
        )

    def band_rules(self) -> BandRules:
        """How far one signature may move a line."""
        row = self._shares(SquadRole.ANGGOTA)
        return BandRules(
            points_bp=_whole(row, "band_bp"), share_part_bp=_whole(row, "band_percent") * 100
        )

    def collective_most_bp(self) -> int:
        """The most that may become kerja kolektif unit."""
        return _whole(self._shares(SquadRole.ANGGOTA), "collective_cap_bp")

    def role_level(self, attainment: Decimal) -> Level:
        """Level word of one role."""
        return Level(_single(self.decide("level_band", attainment=attainment), "level"))

    def index_level(self, ihk: Decimal, lowest: Decimal) -> Level:
        """Level that the bands propose for an index."""
        found = self.decide("index_band", ihk=ihk, lowest_attainment=lowest)
        return Level(_single(found, "level"))

    def risk_level(self, likelihood: int, impact: int) -> RiskLevel:
        """Weight of a risk by likelihood and impact, 1 to 5 each."""
        found = self.decide("risk_level", likelihood=likelihood, impact=impact)
        return RiskLevel(_single(found, "level"))

    def guarded_acts(self) -> int:
        """How many lowering acts after a grievance need two signatures (crediting.md 0.10)."""
        return max(GUARDED_ACTS_LEAST, int(_single(self.decide("protection"), "guarded_acts")))

    def attainment_rules(self, aspect: Aspect) -> AttainmentRules:
        """How far an indicator of an aspect counts; never above what the store holds."""
        found = self.decide("attainment_rules", aspect=aspect.value)
        return AttainmentRules(
            cap=min(Decimal(_single(found, "cap_percent")), ATTAINMENT_CAP),
            zero_at_percent=Decimal(_single(found, "zero_at_percent")),
        )

    def qualitative_attainment(self, level: Level) -> Decimal:
        """Attainment that a word of a qualitative indicator stands for."""
        found = self.decide("qualitative_attainment", level=level.value)
        return Decimal(_single(found, "attainment"))

    def planning_days(self, days_in: int) -> PlanningDays:
        """Days to draft, to the fallback and to the fixed plan, for who begins that late."""
        found = self.decide("planning_dates", days_in=days_in)
        row = found if isinstance(found, Mapping) else {}
        return PlanningDays(
            from_cycle=_single(row, "counted_from") == "cycle",
            draft=_whole(row, "draft_days"),
            fallback=_whole(row, "fallback_days"),
            fixed=_whole(row, "fixed_days"),
        )

    def goals_wait_days(self, year: int) -> int:
        """Days for which planning waits for the organisation's objectives: `cycle_dates`."""
        return int(_single(self.decide("cycle_dates", year=year), "goals_wait_days"))

    def in_election(self, on: date) -> bool:
        """Whether an election period of the agency's calendar runs on a day."""
        return _single(self.decide("election_periods", on=on.isoformat()), "in_election") is True

    def audit_limits(self) -> AuditLimits:
        """What the reports of internal audit look for."""
        row = self.decide("audit_limits")
        if not isinstance(row, Mapping):
            raise Conflict("decision_empty", decision="audit_limits")
        return AuditLimits(**{field.name: _whole(row, field.name) for field in fields(AuditLimits)})

    def dialogue_cadence(self, level: str) -> tuple[int, int]:
        """Days between two check-ins at most, and check-ins in a cycle at least."""
        found = self.decide("dialogue_cadence", level=level)
        if not isinstance(found, Mapping):
            raise Conflict("decision_empty", decision="dialogue_cadence")
        return _whole(found, "every_days"), _whole(found, "least_per_cycle")

    def load_flag(self, load_bp: int) -> str:
        """How a load stands: the word of `workload_flag`."""
        return str(_single(self.decide("workload_flag", load_bp=load_bp), "flag"))

    def load_approvals(self, load_bp: int) -> int:
        """How many unit heads sign a month with this load: the home's first, then the host's."""
        found = self.decide("workload_flag", load_bp=load_bp)
        return _whole(found if isinstance(found, Mapping) else {}, "approvals")

    def load_rules(self, year: int) -> LoadRules:
        """Effective hours of a full-time year; above full time counts as overload."""
        hours = int(_single(self.decide("workload_hours", year=year), "effective_hours"))
        return LoadRules(
            overload_above_bp=WHOLE_BP, approval_above_bp=WHOLE_BP, effective_hours=hours
        )

    def ej_class(self, fte: Decimal) -> str:
        """Class of a job's use (efektivitas jabatan) by the word of the agency's table."""
        return str(_single(self.decide("ej_class", fte=fte), "ej"))

    def squad_limits(self) -> SquadLimits:
        """Length, clocks, efforts and points of squads."""
        found = self.decide("squad_limits", scope="squad")
        row = found if isinstance(found, Mapping) else {}
        return SquadLimits(
            longest_months=_whole(row, "longest_months"),
            consent_working_days=_whole(row, "consent_days"),
            sign_working_days=_whole(row, "sign_days"),
            remind_days=_whole(row, "remind_days"),
            least_effort_bp=_whole(row, "least_effort_bp"),
            most_effort_bp=_whole(row, "most_effort_bp"),
            points_per_day=Decimal(_single(row, "points_per_day")),
        )

    def forecast_rules(self, year: int) -> ForecastRules:
        """What a forecast needs, promises, and from where on it warns."""
        found = self.decide("forecast_rules", year=year)
        row = found if isinstance(found, Mapping) else {}
        return ForecastRules(
            min_points=max(1, _whole(row, "min_points")),
            min_pairs=_whole(row, "min_pairs"),
            interval_percent=min(99, max(1, _whole(row, "interval_percent"))),
            warn_below=Decimal(_single(row, "warn_below")),
            first_days=max(1, _whole(row, "first_days")),
        )

    def _shares(self, role: SquadRole) -> Mapping[str, Json]:
        found = self.decide("share_coefficients", role=role.value)
        if not isinstance(found, Mapping):
            raise Conflict("decision_empty", decision="share_coefficients", role=role.value)
        return found


def _whole(row: Mapping[str, Json], name: str) -> int:
    value = row.get(name)
    if value is None:
        raise Conflict("decision_empty", output=name)
    return int(value)


def _single(found: Json, name: str) -> Json:
    value = found.get(name) if isinstance(found, Mapping) else found
    if value is None:
        raise Conflict("decision_empty", output=name)
    return value
