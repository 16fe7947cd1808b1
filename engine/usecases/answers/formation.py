"""Questions of squad formation: calls, candidates, load, home results, consents, shares."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.domain.cycles import Cycle
from engine.domain.formation import Candidate, CandidateState, Formation
from engine.domain.joining import ShareAnswer, SquadChange
from engine.domain.scales import WHOLE_BP
from engine.domain.squads import Consent, Membership
from engine.usecases.load import load_with, monthly_load
from engine.usecases.operations.consents import home_line
from engine.usecases.operations.memberships import head_refused, heaviest, home_items
from engine.usecases.operations.share_plans import open_outputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.domain.squads import Squad
    from engine.usecases.organisation import Standing

#: name -> parameters
SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "agency units": ("agency",),
    "open calls": ("agency",),
    "steered squads": ("person", "agency"),
    "formation code": ("formation",),
    "formation letter": ("formation",),
    "formation members": ("formation",),
    "volunteers": ("formation",),
    "volunteer taken": ("candidate",),
    "volunteer reason": ("candidate",),
    "load now": ("person", "cycle"),
    "membership load": ("membership",),
    "membership percent": ("membership",),
    "heaviest percent": ("membership",),
    "home percent": ("membership",),
    "home results": ("membership",),
    "consent giver": ("membership",),
    "consent open": ("membership",),
    "consent refused": ("membership",),
    "head refused": ("membership",),
    "share rows": ("squad",),
    "my shares": ("squad", "person"),
    "share objections": ("squad",),
    "change person": ("change",),
    "change summary": ("change",),
}

_KINDS: Final = {
    "effort": "Curahan waktu berubah",
    "exit": "Keluar dari tim",
    "join": "Masuk ke tim",
    "lead": "Menjadi ketua tim",
}


class Answers:
    """One method per function; people are answered by their ids."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow

    def agency_units(self, agency: str) -> list[dict[str, str]]:
        """Units of an agency as choices."""
        return [
            {"value": unit.id, "label": f"{unit.name} ({unit.code})"}
            for unit in self._uow.agency.units(agency)
        ]

    def open_calls(self, agency: str) -> list[dict[str, str]]:
        """Calls that take volunteers today as choices."""
        today = self._standing.today(agency)
        return [
            {
                "value": row.id,
                "label": f"{row.name}: {row.competence}, {row.starts_on} s.d. {row.ends_on} "
                f"({row.places}), sampai {row.apply_until}",
            }
            for row in self._uow.formation.open_calls(agency, today)
        ]

    def steered_squads(self, person: str, agency: str) -> list[dict[str, str]]:
        """Squads that a person leads or sponsors, else all that the agency hosts, as choices."""
        today = self._standing.today(agency)
        hosted = [
            squad
            for squad in self._uow.contributions.squads(agency)
            if squad.host_agency_id == agency and squad.ends_on >= today
        ]
        mine = [squad for squad in hosted if person in self._steering(squad)]
        return [
            {"value": squad.id, "label": f"{squad.name} ({squad.code})"} for squad in mine or hosted
        ]

    def formation_code(self, formation: str) -> str | None:
        """The proposed code."""
        row = self._formation(formation)
        return row.code if row else None

    def formation_letter(self, formation: str) -> str | None:
        """The letter's number as far as it is known."""
        row = self._formation(formation)
        return row.letter_no if row else None

    def formation_members(self, formation: str) -> list[dict[str, Any]]:
        """Whoever was named or chosen."""
        return [
            {
                "candidate_id": one.id,
                "person_id": one.person_id,
                "role": one.role.value,
                "effort_percent": _percent(one.effort_bp),
            }
            for one in sorted(
                self._uow.formation.candidates(formation), key=lambda one: one.role.value != "ketua"
            )
            if one.state is not CandidateState.PASSED
        ]

    def volunteers(self, formation: str) -> list[dict[str, Any]]:
        """Whoever applied and waits for an answer, with what it would do to his load."""
        row = self._formation(formation)
        return [
            {
                "candidate_id": one.id,
                "person_id": one.person_id,
                "motive": one.motive,
                "load_percent": self._with(row, one) if row else None,
                "role": one.role.value,
                "effort_percent": _percent(one.effort_bp),
            }
            for one in self._uow.formation.candidates(formation)
            if one.state is CandidateState.PROPOSED
        ]

    def volunteer_taken(self, candidate: str) -> bool:
        """Whether a volunteer was chosen."""
        found = self._uow.formation.get(Candidate, candidate)
        return found is not None and found.state is CandidateState.CHOSEN

    def volunteer_reason(self, candidate: str) -> str | None:
        """Why he was chosen or not."""
        found = self._uow.formation.get(Candidate, candidate)
        return found.reason if found else None

    def load_now(self, person: str, cycle: str) -> Decimal | None:
        """A person's heaviest month as it stands, in per cent."""
        found = self._uow.performance.get(Cycle, cycle)
        if found is None:
            return None
        return _percent(max(monthly_load(self._standing, person, found).values()))

    def membership_load(self, membership: str) -> list[dict[str, Any]]:
        """Load of each month of a membership, home unchanged, in per cent."""
        row = self._membership(membership)
        cycle = self._cycle(row)
        if row is None or cycle is None:
            return []
        return [
            {"month": f"{month:02d}/{cycle.year}", "load_percent": _percent(bp)}
            for month, bp in load_with(self._standing, row, cycle).items()
        ]

    def membership_percent(self, membership: str) -> Decimal | None:
        """The part of full time a membership takes."""
        row = self._membership(membership)
        return _percent(row.effort_bp) if row else None

    def heaviest_percent(self, membership: str) -> Decimal | None:
        """The heaviest month of a membership."""
        row = self._membership(membership)
        return _percent(heaviest(self._standing, row)) if row else None

    def home_percent(self, membership: str) -> Decimal | None:
        """What the squads would leave for home in the heaviest month."""
        row = self._membership(membership)
        cycle = self._cycle(row)
        if row is None or cycle is None:
            return None
        squads = max(load_with(self._standing, row, cycle, 0).values(), default=0)
        return _percent(max(WHOLE_BP - squads, 0))

    def home_results(self, membership: str) -> list[dict[str, Any]]:
        """Home results that the member answers for."""
        row = self._membership(membership)
        items = home_items(self._standing, row) if row else ()
        return [{"item_id": item.id, "title": item.title} for item in items]

    def consent_giver(self, membership: str) -> str | None:
        """Who lends the member: his superior, unless he himself wants him in the squad."""
        row = self._membership(membership)
        line = home_line(self._standing, row) if row else ()
        return line[0].person_id if line else None

    def consent_open(self, membership: str) -> bool:
        """Whether the home has still to answer."""
        row = self._membership(membership)
        return row is not None and row.consent is Consent.PENDING

    def consent_refused(self, membership: str) -> bool:
        """Whether the last word was no."""
        row = self._membership(membership)
        return row is not None and row.consent is Consent.REFUSED

    def head_refused(self, membership: str) -> bool:
        """Whether a unit head refused the load."""
        row = self._membership(membership)
        return row is not None and head_refused(self._uow, row)

    def share_rows(self, squad: str) -> list[dict[str, Any]]:
        """Lines of all outputs of a squad that are not accepted yet."""
        found = self._standing.squad(squad)
        return [
            {
                "output_id": output.id,
                "title": output.title,
                "person_id": line.person_id,
                "share_percent": _percent(line.expected_bp),
            }
            for output in open_outputs(self._uow, found)
            for line in self._uow.contributions.share_lines(output.id)
        ]

    def my_shares(self, squad: str, person: str) -> list[dict[str, Any]]:
        """A member's own lines among them."""
        return [
            {"title": row["title"], "share_percent": row["share_percent"]}
            for row in self.share_rows(squad)
            if row["person_id"] == person
        ]

    def share_objections(self, squad: str) -> list[dict[str, Any]]:
        """Members who think that the newest shares should be different, with their words."""
        found: dict[str, str] = {}
        for output in open_outputs(self._uow, self._standing.squad(squad)):
            plan = self._uow.contributions.share_plan(output.id)
            for reply in self._uow.formation.share_replies(plan.id) if plan else ():
                if reply.answer is ShareAnswer.DIFFER:
                    found[reply.person_id] = reply.note
        return [{"person_id": person, "note": note} for person, note in found.items()]

    def change_person(self, change: str) -> str | None:
        """Whom a change is about."""
        found = self._uow.formation.get(SquadChange, change)
        return found.person_id if found else None

    def change_summary(self, change: str) -> str | None:
        """What changes, in words."""
        found = self._uow.formation.get(SquadChange, change)
        if found is None:
            return None
        effort = f", {_percent(found.effort_bp)} %" if found.effort_bp else ""
        return f"{_KINDS[found.kind.value]}{effort}, mulai {found.effective_on}: {found.reason}"

    def _steering(self, squad: Squad) -> set[str]:
        lead = self._standing.lead(squad)
        return {squad.sponsor_id} | ({lead.person_id} if lead else set())

    def _formation(self, formation: str) -> Formation | None:
        return self._uow.formation.get(Formation, formation)

    def _membership(self, membership: str) -> Membership | None:
        return self._uow.contributions.get(Membership, membership)

    def _cycle(self, row: Membership | None) -> Cycle | None:
        if row is None:
            return None
        return self._uow.performance.cycle_of(row.home_agency_id, row.valid_from.year)

    def _with(self, row: Formation, one: Candidate) -> Decimal | None:
        person = self._standing.person(one.person_id)
        cycle = (
            self._uow.performance.cycle_of(person.agency_id, row.starts_on.year) if person else None
        )
        if cycle is None:
            return None
        now = max(monthly_load(self._standing, one.person_id, cycle).values())
        return _percent(now + one.effort_bp)


def _percent(bp: int) -> Decimal:
    return (Decimal(bp) / 100).quantize(Decimal("0.01"))
