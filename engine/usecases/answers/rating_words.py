"""Facts of a rating in words for its screens: arithmetic, evidence, load, risks, result."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from engine.domain.ratings import Level
from engine.domain.risks import RiskLevel, RiskStatus
from engine.domain.scales import WHOLE_BP
from engine.domain.voices import Source
from engine.usecases import rating_sheets
from engine.usecases.evidence import unverified_results
from engine.usecases.lending import lending_of
from engine.usecases.load import monthly_load
from engine.usecases.unit_patterns import PREDIKAT_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.cycles import Cycle
    from engine.domain.judging import Recommendation
    from engine.domain.ratings import Rating
    from engine.usecases.organisation import Standing
    from engine.usecases.ports.work import UnitOfWork

LEVEL_NAMES: Final[Mapping[str, str]] = {
    Level.DI_ATAS: "di atas ekspektasi",
    Level.SESUAI: "sesuai ekspektasi",
    Level.DI_BAWAH: "di bawah ekspektasi",
}
SOURCE_NAMES: Final[Mapping[Source, str]] = {
    Source.PEER: "Rekan kerja",
    Source.SUBORDINATE: "Bawahan langsung",
    Source.PARTNER: "Mitra instansi lain",
}
_RISK_NAMES: Final[Mapping[RiskLevel, str]] = {
    RiskLevel.LOW: "rendah",
    RiskLevel.MODERATE: "sedang",
    RiskLevel.HIGH: "tinggi",
    RiskLevel.EXTREME: "sangat tinggi",
}
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Mei",
    "Jun",
    "Jul",
    "Agu",
    "Sep",
    "Okt",
    "Nov",
    "Des",
)
_REASONS: Final[Mapping[str, str]] = {
    "proposal": "Berbeda dari usulan indeks",
    "recommendation": "Berbeda dari rekomendasi ketua tim",
    "behaviour": "Berbeda dari usulan perilaku",
    "evidence": "Bukti belum diverifikasi",
    "load": "Beban di atas 100 %",
    "calibration": "Kalibrasi",
    "distribution": "Pola distribusi",
}


def percent(bp: int) -> str:
    """Basis points as people read them: "13,5"."""
    value = f"{Decimal(bp) / 100:f}"
    return (value.rstrip("0").rstrip(".") if "." in value else value).replace(".", ",")


def arithmetic(rating: Rating) -> str:
    """The index line by line; advice, and it says so."""
    lines = [
        f"{line.name}: bobot {percent(line.weight_bp)} % dari {line.attainment:f} = {line.points:f}"
        f" ({LEVEL_NAMES[line.level]}{', sementara' if line.provisional else ''})"
        for line in rating.index_lines
    ]
    lines.append(f"Indeks (IHK) {rating.ihk:f}; usulan: {LEVEL_NAMES[rating.proposed_level]}")
    lines.append("Indeks bersifat saran; keputusan ada pada pejabat penilai.")
    return "\n".join(lines)


def words_of(row: Recommendation | None) -> str:
    """A lead's word for a role."""
    if row is None:
        return "—"
    if row.level is None:
        return "Tidak memberi rekomendasi"
    return f"{LEVEL_NAMES[row.level]}: {row.words}"


def evidence_words(uow: UnitOfWork, person_id: str, cycle_id: str) -> str:
    """How many results stand without verified evidence, and which."""
    missing = set(unverified_results(uow, person_id, cycle_id))
    plan = uow.performance.plan_of(person_id, cycle_id)
    items = uow.performance.items(plan.id) if plan else ()
    if not missing:
        return f"Semua {len(items)} hasil kerja mempunyai bukti terverifikasi."
    lines = [f"{len(missing)} dari {len(items)} hasil kerja tanpa bukti terverifikasi:"]
    return "\n".join([*lines, *(f"{i.number}. {i.title}" for i in items if i.id in missing)])


def load_words(standing: Standing, person_id: str, cycle: Cycle) -> str:
    """Load of each month; months above full time are marked."""
    load = monthly_load(standing, person_id, cycle)
    parts = [
        f"{_MONTHS[month - 1]} {percent(bp)} %{' !' if bp > WHOLE_BP else ''}"
        for month, bp in sorted(load.items())
    ]
    return "Beban: " + " · ".join(parts)


def risk_words(uow: UnitOfWork, person_id: str, cycle_id: str) -> str:
    """Risks on the person's results, those that came true first named so."""
    plan = uow.performance.plan_of(person_id, cycle_id)
    items = [item.id for item in uow.performance.items(plan.id)] if plan else []
    risks = uow.goals.risks_on(items) if items else ()
    if not risks:
        return "Tidak ada risiko tercatat pada hasil kerja."
    return "\n".join(
        f"{risk.title} ({_RISK_NAMES[risk.level]}"
        f"{', terjadi' if risk.status is RiskStatus.REALISED else ''}); {risk.mitigation}"
        for risk in risks
    )


def result_words(uow: UnitOfWork, rating: Rating) -> str:
    """Levels, predikat, and every reason the rater or the calibration gave."""
    sheet = rating_sheets.sheet(uow, rating)
    names = {line.role: line.name for line in rating.index_lines}
    lines = [
        f"Hasil kerja: {LEVEL_NAMES.get(rating.result_level or '', '—')}",
        f"Perilaku kerja: {LEVEL_NAMES.get(rating.behaviour_level or '', '—')}",
        f"Predikat: {PREDIKAT_NAMES.get(rating.predikat or '', '—')}",
    ]
    for row in sheet.deviations:
        about = f" ({names[row.role]})" if row.role in names else ""
        lines.append(f"{_REASONS[row.kind]}{about}: {row.reason}")
    return "\n".join(lines)


def collaboration_words(standing: Standing, person_id: str, cycle: Cycle) -> list[str]:
    """Evidence of Kolaboratif: help beside one's shares, and whom a unit's head lends (0.12)."""
    found = [
        f"{row.role.value.capitalize()} pada {standing.output(row.output_id).title}: {row.note}"
        for row in standing.uow.credits.accepted_overlays(person_id, cycle.id)
    ]
    unit_id = standing.home_unit(person_id)
    head = standing.head(unit_id) if unit_id else None
    if unit_id is None or head is None or person_id not in (head.person_id, head.on_behalf_of):
        return found
    lent = lending_of(standing, unit_id, cycle)
    if lent.people:
        found.append(
            f"Meminjamkan {lent.people} pegawai ke {lent.hosts} unit lain, rata-rata "
            f"{percent(lent.lent_bp)} % dari {percent(lent.capacity_bp)} % kapasitas unit"
        )
    return found
