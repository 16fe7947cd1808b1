"""Who stands where today: rating lines, heads, substitutes, and who attests, co-signs, decides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain import attestation, disputes, objections, organisation
from engine.domain.calendar import WorkingCalendar, add_working_days, local_day
from engine.domain.claims import AttestDecision, Claim
from engine.domain.errors import NobodyFound
from engine.domain.impartial import Act
from engine.domain.ledger import TransferCode
from engine.domain.organisation import Official, Organisation
from engine.domain.outputs import Output
from engine.domain.people import Person
from engine.domain.squads import Squad, SquadRole, common_superior
from engine.domain.substitutions import Scope, stand_ins
from engine.domain.units import Agency, Unit
from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from engine.domain.ratings import Rating
    from engine.domain.squads import Membership
    from engine.usecases.ports.work import UnitOfWork

#: rows by which a remainder is shared out
_SHARED_OUT: Final = frozenset({TransferCode.COLLECTIVE, TransferCode.RELEASE})
#: zone of whoever belongs to no agency
DEFAULT_ZONE: Final = "Asia/Jakarta"
#: working days ahead that are looked up in one go
_CALENDAR_DAYS: Final = 800


class Standing:
    """Questions about the organisation on the day of `now`; remembers what it looked up."""

    def __init__(self, uow: UnitOfWork, now: datetime) -> None:
        self.uow = uow
        self.now = now
        self._people: dict[str, Person | None] = {}
        self._zones: dict[str, str] = {}
        self._frames: dict[str, tuple[frozenset[str], Organisation]] = {}

    def today(self, agency_id: str | None = None) -> date:
        """The day on the wall of an agency."""
        return local_day(self.now, self.zone(agency_id))

    def zone(self, agency_id: str | None) -> str:
        """Zone of an agency's seat."""
        if agency_id is None:
            return DEFAULT_ZONE
        if agency_id not in self._zones:
            agency = self.uow.agency.get(Agency, agency_id)
            self._zones[agency_id] = agency.timezone if agency else DEFAULT_ZONE
        return self._zones[agency_id]

    def person(self, person_id: str) -> Person | None:
        """A person by id."""
        if person_id not in self._people:
            self._people[person_id] = self.uow.agency.get(Person, person_id)
        return self._people[person_id]

    def unit(self, unit_id: str) -> Unit | None:
        """A unit by id."""
        known = (org.units.get(unit_id) for _, org in self._frames.values())
        return next((one for one in known if one is not None), None) or self.uow.agency.get(
            Unit, unit_id
        )

    def gather(self, people: Iterable[Person]) -> None:
        """Look up what stands around these people in one go, before asking about each."""
        found = {person.id: person for person in people}
        self._people |= found
        for agency_id in {person.agency_id for person in found.values()}:
            self._frame(agency_id, [p.id for p in found.values() if p.agency_id == agency_id])

    def rater(self, person_id: str) -> Official | None:
        """Pejabat penilai of a person today; None at the top or without a post."""
        org, day = self._organisation(person_id)
        found = organisation.rater(org, person_id, day)
        if found is None:
            return None
        return organisation.acting(org, found, day, {person_id}, Scope.RATE)

    def superiors(self, person_id: str) -> tuple[Official, ...]:
        """Rater, rater's rater and so on."""
        org, day = self._organisation(person_id)
        return organisation.superiors(org, person_id, day)

    def head(self, unit_id: str) -> Official | None:
        """Who heads a unit today."""
        unit = self.uow.agency.get(Unit, unit_id)
        if unit is None:
            return None
        org = self._frame(unit.agency_id, ())
        return organisation.unit_head(org, unit_id, self.today(unit.agency_id))

    def home_unit(self, person_id: str, day: date | None = None) -> str | None:
        """Unit of a person's main post on a day (today)."""
        org, today = self._organisation(person_id)
        return organisation.home_unit(org, person_id, day or today)

    def substitute(self, person_id: str, act: str = Scope.ALL) -> str | None:
        """Who stands in for a person today in an act (a word of `Scope`)."""
        org, day = self._organisation(person_id)
        found = organisation.substitute(org, person_id, day, act)
        return None if found is None else found.person_id

    def stand_ins(self, person_id: str, act: str | None = None) -> tuple[str, ...]:
        """Everybody who may act for a person today: his substitute, and that one's when away.

        Letters of any scope count where no act is named: the work list gave out the task.
        """
        org, day = self._organisation(person_id)
        return stand_ins(org.substitutions, person_id, day, act)

    def below(self, of_id: str, people: Iterable[str]) -> frozenset[str]:
        """Those of the people in whose rating line `of_id` stands."""
        found: set[str] = set()
        for person in people:
            org, day = self._organisation(person)
            if organisation.is_subordinate(org, person, of_id, day):
                found.add(person)
        return frozenset(found)

    def squad(self, squad_id: str) -> Squad:
        """A squad, or `NotFound`."""
        found = self.uow.contributions.get(Squad, squad_id)
        if found is None:
            raise NotFound("squad", squad_id)
        return found

    def output(self, output_id: str) -> Output:
        """An output, or `NotFound`."""
        found = self.uow.contributions.get(Output, output_id)
        if found is None:
            raise NotFound("output", output_id)
        return found

    def members(self, squad: Squad) -> Sequence[Membership]:
        """Members of a squad today, or on its first or last day when that lies outside."""
        day = min(max(self.today(squad.host_agency_id), squad.starts_on), squad.ends_on)
        return self.uow.contributions.members(squad.id, day)

    def lead(self, squad: Squad) -> Membership | None:
        """The ketua of a squad today."""
        return next((m for m in self.members(squad) if m.role is SquadRole.KETUA), None)

    def line(self, output: Output, claimant_id: str) -> attestation.Line:
        """Who stands around one member's line."""
        squad = self.squad(output.squad_id)
        lead = self.lead(squad)
        above = self.superiors(squad.sponsor_id)
        asked = [squad.sponsor_id, *(o.person_id for o in above)]
        if lead is not None:
            asked.append(lead.person_id)
        return attestation.Line(
            output_id=output.id,
            claimant_id=claimant_id,
            lead=Official(person_id=lead.person_id) if lead else None,
            sponsor=Official(person_id=squad.sponsor_id),
            above_sponsor=above,
            subordinates_of_claimant=self.below(claimant_id, set(asked) - {claimant_id}),
            substitutes=self._substitutes(asked, Scope.ATTEST),
        )

    def attester(
        self, output: Output, claimant_id: str, *, past_lead: bool = False
    ) -> Official | None:
        """Who attests a member's line today; past whom that is, the next above him.

        Where nobody stands above, it stays with him.
        """
        line = self.line(output, claimant_id)
        try:
            first = attestation.attester(line)
        except NobodyFound:
            return None
        if not past_lead:
            return first
        try:
            return attestation.attester(_above(line, first), past_lead=True)
        except NobodyFound:
            return first

    def cosigner(self, output: Output, claim: Claim) -> Official | None:
        """Who co-signs the newest attestation of a claim; the sponsor before there is one."""
        made = [
            a
            for a in self.uow.contributions.attestations(output.id)
            if a.claim_id == claim.id and a.decision is not AttestDecision.RETURN
        ]
        line = self.line(output, claim.person_id)
        act = (
            Act(actor_id=made[-1].attester_id, on_behalf_of=made[-1].on_behalf_of)
            if made
            else Act(actor_id=claim.person_id)
        )
        try:
            return attestation.cosigner(line, act)
        except NobodyFound:
            return None

    def consent_decider(self, row: Membership) -> Official | None:
        """The nearest person above both the home and the host unit; None across agencies."""
        squad = self.squad(row.squad_id)
        host = self.head(squad.host_unit_id)
        if host is None:
            return None
        above_host = (host, *self.superiors(host.on_behalf_of or host.person_id))
        home = {official.person_id: official for official in self.superiors(row.person_id)}
        found = common_superior(list(home), [official.person_id for official in above_host])
        return None if found is None else home[found]

    def dispute_case(self, output: Output) -> disputes.DisputeCase:
        """Who stands around the disputes of an output."""
        squad = self.squad(output.squad_id)
        lead = self.lead(squad)
        store = self.uow.contributions
        parties = {line.person_id for line in store.share_lines(output.id)}
        parties |= {d.raised_by for d in store.disputes(output.id)}
        acts = [
            Act(actor_id=a.attester_id, on_behalf_of=a.on_behalf_of)
            for a in store.attestations(output.id)
        ]
        acts += [
            Act(actor_id=a.cosigner_id) for a in store.attestations(output.id) if a.cosigner_id
        ]
        # who shared out the remainder does not judge what became of it
        acts += [
            Act(actor_id=row.actor_id) for row in store.ledger(output.id) if row.code in _SHARED_OUT
        ]
        above = self.superiors(squad.sponsor_id)
        asked = {squad.sponsor_id, *(o.person_id for o in above)}
        below = frozenset(
            person for party in parties for person in self.below(party, asked - {party})
        )
        return disputes.DisputeCase(
            output_id=output.id,
            parties=frozenset(parties),
            lead_id=lead.person_id if lead else None,
            acts=tuple(acts),
            sponsor=Official(person_id=squad.sponsor_id),
            above_sponsor=above,
            subordinates_of_parties=below,
            substitutes=self._substitutes(asked, Scope.ATTEST),
        )

    def objection_case(self, rating: Rating) -> objections.ObjectionCase:
        """Who stands around an objection to a rating."""
        acts = [
            Act(actor_id=name)
            for name in self.uow.contributions.attesters_of(rating.person_id, rating.cycle_id)
        ]
        if rating.rater_id is not None:
            acts.append(Act(actor_id=rating.rater_id, on_behalf_of=rating.on_behalf_of))
        acts += self.uow.judging.acts_on(rating.person_id, rating.cycle_id)
        above = self.superiors(rating.person_id)[1:]
        asked = {o.person_id for o in above}
        return objections.ObjectionCase(
            rating_id=rating.id,
            employee_id=rating.person_id,
            acts=tuple(acts),
            above_rater=above,
            subordinates=self.below(rating.person_id, asked - {rating.person_id}),
            substitutes=self._substitutes(asked, Scope.RATE),
        )

    def add_working_days(self, day: date, count: int, agency_id: str | None = None) -> date:
        """The `count`-th working day after a day in an agency's calendar."""
        span = max(abs(count) * 3, 30)
        ends = (day.toordinal() - span, day.toordinal() + min(span, _CALENDAR_DAYS) + 30)
        first, last = (type(day).fromordinal(max(n, 1)) for n in ends)
        days = self.uow.agency.holidays(agency_id, first, last)
        return add_working_days(day, count, WorkingCalendar(holidays=days))

    def _substitutes(self, people: Iterable[str], act: str) -> dict[str, str]:
        found = {person: self.substitute(person, act) for person in people}
        return {person: by for person, by in found.items() if by is not None}

    def _organisation(self, person_id: str) -> tuple[Organisation, date]:
        person = self.person(person_id)
        if person is None:
            raise NotFound("person", person_id)
        return self._frame(person.agency_id, (person_id,)), self.today(person.agency_id)

    def _frame(self, agency_id: str, people: Iterable[str]) -> Organisation:
        loaded, org = self._frames.get(agency_id, (frozenset[str](), None))
        wanted = loaded | frozenset(people)
        if org is not None and (wanted == loaded or _known(org, wanted - loaded)):
            return org
        facts = self.uow.agency.frame(agency_id, sorted(wanted))
        org = Organisation(
            units={unit.id: unit for unit in facts.units},
            posts={post.id: post for post in facts.posts},
            appointments=tuple(facts.appointments),
            substitutions=tuple(facts.substitutions),
        )
        self._frames[agency_id] = (wanted, org)
        return org


def _above(line: attestation.Line, official: Official) -> attestation.Line:
    """The same line for whoever stands above an official; above the ketua stands the sponsor."""
    chain = (line.sponsor, *line.above_sponsor)
    offices = [holder.person_id for holder in chain]
    here = official.on_behalf_of or official.person_id
    if here not in offices:
        return line
    first, *rest = chain[offices.index(here) + 1 :] or chain[offices.index(here) :]
    return replace(line, sponsor=first, above_sponsor=tuple(rest))


def _known(org: Organisation, people: Iterable[str]) -> bool:
    return all(person in org.by_person for person in people)


def rated_by(rating: Rating, official: Official) -> Rating:
    """The rating with both names of whoever rates."""
    return replace(rating, rater_id=official.person_id, on_behalf_of=official.on_behalf_of)
