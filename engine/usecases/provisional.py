"""Whether an evaluation leans on rules from memory that nobody confirmed: it prints DRAF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.ratings import OrgLevel, Rating
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork


def leans_on_memory(
    house: House, uow: UnitOfWork, agency_id: str, rating: Rating, org_level: OrgLevel | None
) -> bool:
    """Whether predikat or distribution pattern of a rating would use a row that still rests.

    The tables are asked as of the day of the rating, with what HR confirmed until now: a paper
    stops being a draft when its row is confirmed. Where a confirmed row gives another predikat
    than the rating has, the rating was made without it, and the paper stays a draft.
    """
    found = False
    if rating.result_level is not None and rating.behaviour_level is not None:
        levels = {
            "result_level": rating.result_level.value,
            "behaviour_level": rating.behaviour_level.value,
        }
        expected = rating.predikat.value if rating.predikat else None
        found = _leans(house, uow, ("predikat", agency_id), rating, levels, expected)
    if org_level is not None:
        scope = {"org_rating": org_level.value}
        found = found or _leans(house, uow, ("distribution", agency_id), rating, scope, None)
    return found


def _leans(
    house: House,
    uow: UnitOfWork,
    asked: tuple[str, str],
    rating: Rating,
    scope: Mapping[str, Json],
    expected: str | None,
) -> bool:
    decision_id, agency_id = asked
    try:
        said = house.runner.consult(uow, decision_id, scope, as_of=rating.at, agency_id=agency_id)
    except NotFound:
        return False  # no table, so nothing of it was used
    value = said.value.get(decision_id) if isinstance(said.value, dict) else said.value
    departs = bool(said.confirmed) and expected is not None and value != expected
    return bool(said.unconfirmed) or departs
