"""FEEL questions of role changes: posts, units and squads to choose from, and what was frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.domain.cycles import Cycle
from engine.domain.snapshots import SegmentSnapshot
from engine.domain.squads import Membership
from engine.domain.units import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.snapshots import SegmentRating
    from engine.usecases.organisation import Standing

SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "posts": ("agency",),
    "agency units": ("agency",),
    "agency squads": ("agency",),
    "agency officials": ("agency",),
    "segment": ("snapshot",),
    "elapsed segments": ("person", "cycle"),
}


class Answers:
    """One method per function; choices are pairs of value and label."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow

    def posts(self, agency: str) -> list[dict[str, str]]:
        """Posts of an agency with their unit."""
        units = {unit.id: unit.name for unit in self._uow.agency.units(agency)}
        found = [
            {"value": post.id, "label": f"{units[post.unit_id]}: {post.title}"}
            for post in self._uow.agency.posts(agency)
        ]
        return sorted(found, key=lambda one: (one["label"], one["value"]))

    def agency_units(self, agency: str) -> list[dict[str, str]]:
        """Units of an agency by code."""
        return [{"value": u.id, "label": u.name} for u in self._uow.agency.units(agency)]

    def agency_squads(self, agency: str) -> list[dict[str, str]]:
        """Squads that an agency hosts or lends people to, by code."""
        found = self._uow.contributions.squads(agency)
        return [{"value": s.id, "label": f"{s.code} {s.name}"} for s in found]

    def agency_officials(self, agency: str) -> list[dict[str, str]]:
        """Heads of an agency's units today, with their unit."""
        found = []
        for unit in self._uow.agency.units(agency):
            head = self._standing.head(unit.id)
            person = self._standing.person(head.person_id) if head else None
            if person is not None:
                found.append({"value": person.id, "label": f"{person.name} ({unit.name})"})
        return found

    def segment(self, snapshot: str) -> dict[str, Any] | None:
        """What was frozen of a segment, in words and figures for a form."""
        found = self._uow.segments.get(SegmentSnapshot, snapshot)
        if found is None:
            return None
        return self._row(found, self._uow.segments.interims([found.id]).get(found.id))

    def elapsed_segments(self, person: str, cycle: str) -> list[dict[str, Any]]:
        """Closed segments of a person in a cycle with their interim ratings, oldest first."""
        if self._uow.performance.get(Cycle, cycle) is None:
            return []
        rows = self._uow.segments.snapshots(person, cycle)
        said = self._uow.segments.interims([row.id for row in rows])
        return [self._row(row, said.get(row.id)) for row in rows]

    def _row(self, row: SegmentSnapshot, said: SegmentRating | None) -> dict[str, Any]:
        return {
            "snapshot_id": row.id,
            "days": f"{row.starts_on:%d-%m-%Y} s.d. {row.ends_on:%d-%m-%Y}",
            "place": self._place(row),
            "attainment": "" if row.attainment is None else f"{row.attainment:f}",
            "documented": f"{row.documented_items}/{row.items}",
            "evidence": f"{row.verified_evidence}/{row.evidence}",
            "predikat": said.predikat.value.replace("_", " ") if said else "",
            "note": said.note if said else "",
        }

    def _place(self, row: SegmentSnapshot) -> str:
        member = self._uow.contributions.get(Membership, row.source_id)
        if member is not None:
            return self._standing.squad(member.squad_id).name
        unit = self._uow.agency.get(Unit, row.unit_id) if row.unit_id else None
        return unit.name if unit else ""
