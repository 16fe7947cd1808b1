"""Questions about surveys and complaints that drawings and forms ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.domain.surveys import ELEMENT_TEXTS, least_sample
from engine.usecases.operations.surveys import ITEM, UNIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.organisation import Standing

#: name -> parameters
SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "survey subjects": ("agency", "cycle"),
    "survey elements": ("agency",),
    "survey words": ("survey",),
    "complaint words": ("complaint",),
}


class Answers:
    """One method per function."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow

    def survey_subjects(self, agency: str, cycle: str) -> list[dict[str, str]]:
        """Units, and planned results of their heads, to choose from."""
        today = self._standing.today(agency)
        found = [
            {"label": f"{row.unit}: {row.title}", "value": ITEM + row.item_id}
            for row in self._uow.surveys.subjects(agency, cycle, today)
        ]
        units = [
            {"label": unit.name, "value": UNIT + unit.id} for unit in self._uow.agency.units(agency)
        ]
        return [*found, *units]

    def survey_elements(self, agency: str) -> list[dict[str, Any]]:
        """The nine elements as rows of the form."""
        del agency
        return [
            {"element": element.value, "text": text, "text_en": english, "weight_percent": None}
            for element, (_name, text, english) in ELEMENT_TEXTS.items()
        ]

    def survey_words(self, survey: str) -> str | None:
        """How many answered, how many should have, how many look odd."""
        found = self._uow.surveys.survey(survey)
        if found is None:
            return None
        counts = self._uow.surveys.counts([survey]).get(survey)
        taken, aside, odd = (counts.counted, counts.aside, counts.odd) if counts else (0, 0, 0)
        least = max(found.least_answers, least_sample(found.population or 0))
        return (
            f"{found.title}. Jawaban yang dihitung: {taken} dari paling sedikit {least}; "
            f"disisihkan: {aside}; perlu dilihat: {odd}."
        )

    def complaint_words(self, complaint: str) -> str | None:
        """What somebody complains about, as he wrote it."""
        found = self._uow.surveys.complaint(complaint)
        return found.text if found else None
