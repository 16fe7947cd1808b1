"""What can be sent to SIASN, as a form offers it: FEEL function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.organisation import Standing

#: name -> parameters
SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {"exchange scopes": ("agency",)}
#: before the id of a cycle or of a period
YEAR: Final = "year:"
PERIOD: Final = "period:"


class Answers:
    """One method per function."""

    def __init__(self, standing: Standing) -> None:
        self._uow = standing.uow

    def exchange_scopes(self, agency: str) -> list[dict[str, str]]:
        """Years of an agency and their periods, the newest first."""
        found: list[dict[str, str]] = []
        for cycle in self._uow.performance.cycles(agency):
            found.append({"value": YEAR + cycle.id, "label": f"{cycle.name}: SKP tahunan"})
            found += [
                {"value": PERIOD + period.id, "label": f"{cycle.name}: {period.name}"}
                for period in self._uow.performance.periods(cycle.id)
            ]
        return found
