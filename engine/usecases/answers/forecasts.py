"""FEEL questions about early warnings, as rows of the forms of `early_warning`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.forecasts import DriverKind, Need
from engine.usecases.forecasting import waits_for_help

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.forecasts import EarlyWarning
    from engine.usecases.organisation import Standing

SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "early warnings to see": ("person", "cycle"),
    "early warnings to help": ("person", "cycle"),
}
_WHY: Final = {
    DriverKind.TREND: "arah catatan sejauh ini",
    DriverKind.RETURN: "kembali ke rata-rata catatan",
    DriverKind.SILENCE: "periode tanpa catatan",
    DriverKind.SEASON: "yang biasa terjadi di sisa tahun",
    DriverKind.LIMIT: "batas capaian",
}
_NEEDS: Final = {
    Need.NOTHING: "tidak ada",
    Need.TRAINING: "belajar sesuatu",
    Need.COACHING: "seseorang yang membimbing",
    Need.MEANS: "alat, orang, data, atau biaya",
    Need.TARGET: "membicarakan target",
    Need.RECORD: "catatannya keliru",
}


class Answers:
    """One method per function."""

    def __init__(self, standing: Standing) -> None:
        self._uow = standing.uow

    def early_warnings_to_see(self, person: str, cycle: str) -> list[dict[str, str]]:
        """What the employee has not answered yet."""
        found = self._uow.forecasts.warnings_of(person, cycle)
        return [self._row(one) for one in found if one.need is None and one.offer is None]

    def early_warnings_to_help(self, person: str, cycle: str) -> list[dict[str, str]]:
        """What nobody offered help for yet, with what the employee says he needs."""
        found = self._uow.forecasts.warnings_of(person, cycle)
        return [
            self._row(one)
            | {"need": _NEEDS[one.need] if one.need else "belum dijawab", "words": one.words}
            for one in found
            if waits_for_help(one)
        ]

    def _row(self, one: EarlyWarning) -> dict[str, str]:
        title, text = self._uow.forecasts.named(one.indicator_id)
        figures = (_said(one.expected), _said(one.low), _said(one.high), _said(one.last))
        expected, low, high, last = figures
        return {
            "title": title,
            "indicator": text,
            "forecast": f"{expected} persen, antara {low} dan {high}; terakhir {last}",
            "why": _WHY[one.driver],
        }


def _said(value: object) -> str:
    return f"{value:.1f}".replace(".", ",")
