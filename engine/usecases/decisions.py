"""What agencies decide by table, as values for the domain's rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain.protection import GUARDED_ACTS_LEAST
from engine.domain.ratings import Level, OrgLevel
from engine.domain.shares import BandRules, ShareRules
from engine.domain.squads import SquadRole, SquadRules
from engine.usecases.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime

    from engine.usecases.means import Means
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import UnitOfWork

#: no attainment counts above this (crediting.md 2.6)
ATTAINMENT_CAP: Final = Decimal(120)
#: bylaws under PermenPANRB 7/2022: a squad lasts a year at most; consent clock of crediting.md 0.5
SQUAD_RULES: Final = SquadRules(longest_months=12, consent_working_days=5)
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

    def guarded_acts(self) -> int:
        """How many lowering acts after a grievance need two signatures (crediting.md 0.10)."""
        return max(GUARDED_ACTS_LEAST, int(_single(self.decide("protection"), "guarded_acts")))

    def load_flag(self, load_bp: int) -> str:
        """How a load stands: the word of `workload_flag`."""
        return str(_single(self.decide("workload_flag", load_bp=load_bp), "flag"))

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
