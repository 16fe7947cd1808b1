"""FEEL questions about lessons: a squad's outputs, where a lesson may go, what it says now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.squads import Squad
from engine.usecases.ports.lessons import LessonScope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.organisation import Standing
    from engine.usecases.ports.lessons import LessonRow

#: lessons offered in one choice
CHOICES_MAX: Final = 200

#: name -> parameters
SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "squad outputs": ("squad",),
    "lesson choices": ("agency",),
    "own lessons": ("person", "agency"),
    "lesson places": ("person", "cycle"),
}


class Answers:
    """One method per function."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow

    def squad_outputs(self, squad: str) -> list[dict[str, str]]:
        """Outputs of a squad in every cycle as choices."""
        held = self._uow.contributions.get(Squad, squad)
        if held is None:
            return []
        return [
            {"value": row.id, "label": row.title}
            for cycle in self._uow.performance.cycles(held.host_agency_id)
            for row in self._uow.contributions.outputs(cycle.id, squad)
        ]

    def lesson_choices(self, agency: str) -> list[dict[str, str]]:
        """The newest lessons of an agency as choices."""
        return [_choice(row) for row in self._newest(agency)]

    def own_lessons(self, person: str, agency: str) -> list[dict[str, str]]:
        """Lessons that a person wrote last as choices."""
        return [_choice(row) for row in self._newest(agency) if row.lesson.written_by == person]

    def lesson_places(self, person: str, cycle: str) -> list[dict[str, str]]:
        """Results of a person's plan and squads of today as choices."""
        plan = self._uow.performance.plan_of(person, cycle)
        items = self._uow.performance.items(plan.id) if plan else ()
        known = self._standing.person(person)
        today = self._standing.today(known.agency_id if known else None)
        squads = {
            squad.id: squad.name
            for _, squad in self._uow.contributions.memberships_of(person, today, today)
        }
        hosted = self._uow.contributions.squads(known.agency_id) if known else ()
        squads |= {s.id: s.name for s in hosted if s.sponsor_id == person and s.ends_on >= today}
        return [
            *({"value": f"item:{item.id}", "label": item.title} for item in items),
            *({"value": f"squad:{one}", "label": name} for one, name in squads.items()),
        ]

    def _newest(self, agency: str) -> list[LessonRow]:
        return list(self._uow.lessons.page(LessonScope(agency_id=agency), limit=CHOICES_MAX))


def _choice(row: LessonRow) -> dict[str, str]:
    return {
        "value": row.lesson.root_id,
        "label": f"{row.squad} ({row.lesson.year}): {row.lesson.advice[:80]}",
    }
