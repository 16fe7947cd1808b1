"""One output on its way through a simulated year, and the consents around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from engine.domain.squads import Consent, Membership
from engine.usecases import escalation
from engine.usecases.operations.consents import home_line

if TYPE_CHECKING:
    from bench.year import Year
    from engine.domain.outputs import Output, ShareLine
    from engine.domain.squads import Squad
    from engine.usecases.actor import Actor

#: most of an output that may become kerja kolektif unit, basis points
COLLECTIVE_MOST: Final = 1000
#: where all evidence lies
LINK: Final = "https://example.go.id/bukti"


@dataclass(slots=True)
class Case:
    """One output on its way."""

    year: Year
    output_id: str
    squad: Squad
    #: what each member will be given, basis points
    targets: dict[str, int] = field(default_factory=dict)

    @property
    def ref(self) -> dict[str, Any]:
        """The reference of the process."""
        return {"output_id": self.output_id}

    def of(self, person_id: str) -> dict[str, Any]:
        """The same with the member it is about."""
        return {"output_id": self.output_id, "member": {"person_id": person_id}}

    @property
    def output(self) -> Output:
        """As it stands."""
        return self.year.standing().output(self.output_id)

    def lead(self) -> str:
        """The ketua of today."""
        found = self.year.standing().lead(self.squad)
        assert found is not None, f"{self.squad.id} has no lead on {self.year.day}"
        return found.person_id

    def lines(self) -> list[ShareLine]:
        """Expected shares above 0."""
        rows = self.year.uow.contributions.share_lines(self.output_id)
        return [row for row in rows if row.expected_bp > 0]

    def member(self, line: ShareLine) -> Membership:
        """The membership of a line."""
        found = self.year.uow.contributions.get(Membership, line.membership_id)
        assert found is not None
        return found

    def admin(self) -> Actor:
        """Who records what was decided outside the agency."""
        return self.year.officer(self.squad.host_agency_id, "manager", "perf_admin")


def may_hold(case: Case, line: ShareLine) -> bool:
    """Whether the home of a line's member has consented."""
    return case.member(line).consent is Consent.GIVEN


def decide_above(
    year: Year, row: Membership, admin: Actor, *, output_id: str | None = None
) -> None:
    """The nearest above home and host decides about a consent, or the agencies' officers do."""
    found = escalation.consent_decider(year.standing(), row, output_id)
    actor = year.person(found.person_id) if found else admin
    decision = year.random.choices(("given", "refused"), (65, 35))[0]
    refs = {"membership_id": row.id}
    if output_id:
        refs["output_id"] = output_id
    form = {"decision": decision, "reason": "beban unit"}
    year.do("regu.membership.decide_consent", actor, form, **refs)
    year.counts[f"consents {decision} from above"] += 1
    if decision == "refused":
        year.do("regu.membership.release", year.engine(), membership_id=row.id)


def answer_home(year: Year, row: Membership, decision: str) -> None:
    """The home superior gives or refuses his consent."""
    line = home_line(year.standing(), row)
    form = {"decision": decision, "reason": "beban unit", "reason_code": "workload"}
    refs = {"membership_id": row.id}
    year.do("regu.membership.consent", year.person(line[0].person_id), form, **refs)
    year.counts[f"consents {decision} by home"] += 1
