"""What keeps a survey from being stuffed: odd answers are marked, floods refused, people decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.domain.surveys import Flag

#: no page is read and answered in less; the page asks to look again, nobody solves a puzzle
SECONDS_LEAST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRules:
    """The agency's bounds: the decision `survey_rules`."""

    #: answers below which an index carries a warning, when nobody knows how many were served
    least_answers: int
    #: seconds on the page below which an answer is marked
    haste_seconds: int
    #: from which answer of one place on a day the following are marked
    same_place_from: int
    #: answers of one place on a day, and of all places on a day, at most
    place_per_day: int
    survey_per_day: int
    #: complaints of one place on a day at most
    complaints_per_day: int


def flags(*, trap: bool, seconds: int, from_place: int, rules: SurveyRules) -> tuple[Flag, ...]:
    """Promise: what is odd about an answer; `from_place` counts it and those before it."""
    found = [
        (trap, Flag.TRAP),
        (seconds < rules.haste_seconds, Flag.HASTE),
        (from_place >= rules.same_place_from, Flag.SAME_PLACE),
    ]
    return tuple(flag for is_so, flag in found if is_so)
