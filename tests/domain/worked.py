"""Facts of the worked examples and the agency's default rules, for the tests of this folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from engine.domain.attestation import AttestRules
from engine.domain.index import IndexBands
from engine.domain.posting import Holder, Posting
from engine.domain.ratings import OrgLevel, PatternRule, Predikat
from engine.domain.shares import BandRules, ShareRules
from engine.domain.squads import Consent, Membership, Squad, SquadRole

D = Decimal
NOW = datetime(2026, 6, 1, 3, 0, tzinfo=UTC)
CAP = D(120)
SHARES = ShareRules(coefficients={SquadRole.KETUA: 2, SquadRole.ANGGOTA: 1}, lead_cap_bp=6000)
BAND = BandRules(points_bp=1000, share_part_bp=2000)
ATTEST = AttestRules(band=BAND, escalate_at_return=3, attest_working_days=7)
BANDS = IndexBands(above=D(105), as_expected=D(90), block_below=D(60))
COLLECTIVE_MOST = 1000

_P = Predikat


def _rule(*predikats, **ends):
    return PatternRule(predikats=frozenset(predikats), **ends)


PATTERNS = {
    OrgLevel.ISTIMEWA: (_rule(_P.SANGAT_BAIK, at_most_bp=7000),),
    OrgLevel.BAIK: (
        _rule(_P.BAIK, at_most_bp=7000),
        _rule(_P.BUTUH_PERBAIKAN, _P.KURANG, at_least=1),
    ),
    OrgLevel.BUTUH_PERBAIKAN: (
        _rule(_P.BUTUH_PERBAIKAN, at_least_bp=6000),
        _rule(_P.SANGAT_BAIK, at_most_bp=1000),
    ),
    OrgLevel.KURANG: (
        _rule(_P.KURANG, at_least_bp=6000),
        _rule(_P.BUTUH_PERBAIKAN, at_least_bp=1000),
        _rule(_P.SANGAT_BAIK, at_most_bp=1000),
    ),
    OrgLevel.SANGAT_KURANG: (
        _rule(_P.SANGAT_KURANG, at_least_bp=6000),
        _rule(_P.KURANG, _P.BUTUH_PERBAIKAN, at_least_bp=1000),
        _rule(_P.SANGAT_BAIK, at_most_bp=0),
    ),
}


def squad(key="A", **facts):
    base = Squad(
        id=key,
        host_agency_id="agency",
        host_unit_id="Pusdatin",
        code=key,
        name=f"Squad {key}",
        letter_no="ST-1/2026",
        sponsor_id="sponsor",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        budget_points=100,
    )
    return replace(base, **facts)


def member(key, effort_bp, role=SquadRole.ANGGOTA, **facts):
    base = Membership(
        id=key,
        squad_id="A",
        person_id=key,
        home_agency_id="agency",
        home_unit_id="Pusdatin",
        role=role,
        effort_bp=effort_bp,
        valid_from=date(2026, 1, 1),
        consent=Consent.GIVEN,
    )
    return replace(base, **facts)


def posting(output="A1", actor="ketua", **facts):
    base = Posting(
        output_id=output,
        squad_id="A",
        host_agency_id="agency",
        host_unit_id="Pusdatin",
        work_period_id="Q1",
        posting_period_id="Q1",
        actor_id=actor,
        reason="as agreed",
        at=NOW,
        recorded_at=NOW,
    )
    return replace(base, **facts)


def holder(person, unit="Pusdatin", agency="agency", role="anggota"):
    return Holder(person_id=person, role=role, home_agency_id=agency, home_unit_id=unit)
