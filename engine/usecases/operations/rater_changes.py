"""Who rates somebody else after a change of offices: worked out before and after it, then told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain import organisation
from engine.domain.segments import ChangeKind
from engine.domain.units import Post
from engine.usecases.operations.telling import tell_raters
from engine.usecases.rating_lines import organisation_around

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from engine.domain.segments import RoleChange
    from engine.usecases.operations.step import Step
    from engine.usecases.ports.work import UnitOfWork

#: changes that put somebody into an office or take him out of one
_OFFICES: Final = frozenset(
    {
        ChangeKind.MUTASI,
        ChangeKind.PENUGASAN,
        ChangeKind.PLT,
        ChangeKind.PLH,
        ChangeKind.BERHENTI,
        ChangeKind.PENILAI,
    }
)


class RaterWatch:
    """Made before the rows of a change are written, asked after that."""

    def __init__(self, step: Step, change: RoleChange, post_id: str = "") -> None:
        """`post_id`: the post that the change names, "" for none."""
        self._step, self._change = step, change
        agency_id = step.actor.agency_id
        self._day = max(change.starts_on, step.standing.today(agency_id))
        self._before: Mapping[str, str] = {}
        if change.kind in _OFFICES:
            people = {change.person_id, *self._below(post_id)}
            self._before = _raters(step.uow, people, self._day)

    def tell(self) -> None:
        """Tell whoever has another rater on the change's day, and those raters."""
        after = _raters(self._step.uow, self._before, self._day)
        moved = {
            person_id: rater_id
            for person_id, rater_id in after.items()
            if rater_id and rater_id != self._before[person_id]
        }
        tell_raters(self._step, self._change, moved)

    def _below(self, post_id: str) -> Collection[str]:
        """Whom the offices that change hands may rate."""
        store, change = self._step.uow.agency, self._change
        seats = store.seats(change.person_id, self._day)
        units = {seat.unit_id for seat in seats if seat.is_head}
        post = store.get(Post, post_id) if post_id else None
        if post is not None and post.is_head:
            units.add(post.unit_id)
        return self._step.uow.administration.rated_from(units, self._day) if units else ()


def _raters(uow: UnitOfWork, people: Collection[str], day: date) -> Mapping[str, str]:
    """Who rates each of the people on a day, "" for nobody."""
    if not people:
        return {}
    org = organisation_around(uow, people, day)
    found = {person_id: organisation.rater(org, person_id, day) for person_id in people}
    return {person_id: one.person_id if one else "" for person_id, one in found.items()}
