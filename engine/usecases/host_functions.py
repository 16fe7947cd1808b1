"""Questions about the organisation that drawings and forms ask: read-only FEEL functions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from engine.domain import disputes, objections
from engine.domain.calendar import local_day
from engine.domain.cycles import Cycle
from engine.domain.errors import DomainError
from engine.domain.ledger import POOL, person_account
from engine.domain.outputs import OutputStatus
from engine.domain.scales import split_whole
from engine.domain.squads import Consent, Membership
from engine.feel.temporal import FeelDate, FeelDateTime
from engine.feel.values import HostFunction
from engine.usecases import escalation
from engine.usecases.answers import (
    agreements,
    assurance,
    confirmations,
    crediting,
    dialogue,
    exchange,
    forecasts,
    formation,
    goals,
    judging,
    lessons,
    planning,
    recognitions,
    segments,
    surveys,
)
from engine.usecases.earmarks import earmarked, earmarks
from engine.usecases.errors import UseCaseError
from engine.usecases.organisation import DEFAULT_ZONE, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from engine.domain.organisation import Official
    from engine.domain.outputs import ShareLine
    from engine.usecases.ports.work import UnitOfWork

#: name -> parameters
SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "rater": ("person",),
    "rater superior": ("person",),
    "unit head": ("unit",),
    "home unit": ("person",),
    "squad lead": ("squad",),
    "squad leads": ("person",),
    "sponsor": ("squad",),
    "squad members": ("squad",),
    "attester": ("output", "person"),
    "escalated attester": ("output", "person"),
    "cosigner": ("output", "person"),
    "consent decider": ("membership",),
    "objection decider": ("person", "cycle"),
    "dispute decider": ("output",),
    "people": ("cycle",),
    "units": ("cycle",),
    "outputs": ("cycle",),
    "add working days": ("date", "n"),
    "days until": ("date",),
    "expected percent": ("output", "person"),
    "pool percent": ("output",),
    "share lines": ("output",),
    "empty lines": ("output",),
}
#: proposed at most for kerja kolektif unit; the decision `share_coefficients` holds the cap
COLLECTIVE_PROPOSED_BP: Final = 1_000


def host_functions(uow: UnitOfWork, now: datetime) -> Mapping[str, HostFunction]:
    """The functions bound to an open unit of work; an unknown id or nobody found gives null."""
    standing = Standing(uow, now)
    found: dict[str, HostFunction] = {}
    for signatures, room in _rooms():
        answers = room(standing)
        found |= {
            name: HostFunction(name, parameters, _safe(getattr(answers, name.replace(" ", "_"))))
            for name, parameters in signatures.items()
        }
    return found


def _rooms() -> tuple[tuple[Mapping[str, tuple[str, ...]], Callable[[Standing], object]], ...]:
    """Signatures and answers of every room; a room of its own keeps both in its module."""
    return (
        (SIGNATURES, Answers),
        (agreements.SIGNATURES, agreements.Answers),
        (segments.SIGNATURES, segments.Answers),
        (dialogue.SIGNATURES, dialogue.Answers),
        (forecasts.SIGNATURES, forecasts.Answers),
        (assurance.SIGNATURES, assurance.Answers),
        (goals.SIGNATURES, goals.Answers),
        (planning.SIGNATURES, planning.Answers),
        (judging.SIGNATURES, judging.Answers),
        (lessons.SIGNATURES, lessons.Answers),
        (formation.SIGNATURES, formation.Answers),
        (crediting.SIGNATURES, crediting.CreditAnswers),
        (confirmations.SIGNATURES, confirmations.Answers),
        (recognitions.SIGNATURES, recognitions.Answers),
        (exchange.SIGNATURES, exchange.Answers),
        (surveys.SIGNATURES, surveys.Answers),
    )


def _safe(answer: Callable[..., Any]) -> Callable[..., Any]:
    def ask(*arguments: Any) -> Any:
        if any(argument is None for argument in arguments):
            return None
        try:
            return answer(*arguments)
        except (UseCaseError, DomainError):
            return None

    return ask


class Answers:
    """One method per function; people are answered by their ids."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow

    def rater(self, person: str) -> str | None:
        """Pejabat penilai of a person today."""
        return _name(self._standing.rater(person))

    def rater_superior(self, person: str) -> str | None:
        """The rater's superior."""
        return _name(next(iter(self._standing.superiors(person)[1:]), None))

    def unit_head(self, unit: str) -> str | None:
        """Who heads a unit today."""
        return _name(self._standing.head(unit))

    def home_unit(self, person: str) -> str | None:
        """Unit of a person's main post."""
        return self._standing.home_unit(person)

    def squad_lead(self, squad: str) -> str | None:
        """Ketua of a squad today."""
        lead = self._standing.lead(self._standing.squad(squad))
        return lead.person_id if lead else None

    def squad_leads(self, person: str) -> list[str]:
        """Leads of a person's squads today, himself left out."""
        known = self._standing.person(person)
        today = self._standing.today(known.agency_id if known else None)
        found: list[str] = []
        for _, squad in self._uow.contributions.memberships_of(person, today, today):
            lead = self._standing.lead(squad)
            if lead is not None and lead.person_id not in (person, *found):
                found.append(lead.person_id)
        return found

    def sponsor(self, squad: str) -> str:
        """Pemberi tugas of a squad."""
        return self._standing.squad(squad).sponsor_id

    def squad_members(self, squad: str) -> list[str]:
        """People in a squad today, the ketua first."""
        return [row.person_id for row in self._standing.members(self._standing.squad(squad))]

    def attester(self, output: str, person: str) -> str | None:
        """Who attests a member's line: the ketua, the sponsor for the ketua; never himself."""
        return _name(self._standing.attester(self._standing.output(output), person))

    def escalated_attester(self, output: str, person: str) -> str | None:
        """Who attests past a silent lead, or at the third return."""
        found = self._standing.output(output)
        return _name(escalation.past_attester(self._standing, found, person))

    def cosigner(self, output: str, person: str) -> str | None:
        """Who gives the second signature."""
        claim = self._uow.contributions.claim_of(output, person)
        if claim is None:
            return None
        return _name(escalation.cosigner(self._standing, self._standing.output(output), claim))

    def consent_decider(self, membership: str) -> str | None:
        """Who decides on lending a person when his home was silent or refused."""
        row = self._uow.contributions.get(Membership, membership)
        return _name(self._standing.consent_decider(row)) if row else None

    def objection_decider(self, person: str, cycle: str) -> str | None:
        """The rater's superior, or the next above who neither rated nor attested."""
        rating = self._uow.performance.rating_of(person, cycle)
        if rating is None:
            return None
        return _name(objections.objection_decider(self._standing.objection_case(rating)))

    def dispute_decider(self, output: str) -> str | None:
        """The first above an output who neither acted on it nor is a party."""
        case = self._standing.dispute_case(self._standing.output(output))
        return _name(disputes.dispute_decider(case))

    def people(self, cycle: str) -> list[str]:
        """People with a post in the cycle."""
        found = self._uow.performance.get(Cycle, cycle)
        if found is None:
            return []
        return list(self._uow.agency.working(found.agency_id, found.starts_on, found.ends_on))

    def units(self, cycle: str) -> list[str]:
        """Units of the cycle's agency."""
        found = self._uow.performance.get(Cycle, cycle)
        return [unit.id for unit in self._uow.agency.units(found.agency_id)] if found else []

    def outputs(self, cycle: str) -> list[str]:
        """Outputs of a cycle that are not sealed."""
        return [
            output.id
            for output in self._uow.contributions.outputs(cycle)
            if output.status is not OutputStatus.SEALED
        ]

    def add_working_days(self, day: Any, n: Decimal) -> Any:
        """The n-th working day after a date; a date and time keeps its time."""
        if isinstance(day, FeelDateTime):
            return FeelDateTime(self._moved(day.date, int(n)), day.time)
        if isinstance(day, FeelDate):
            return self._moved(day, int(n))
        return None

    def days_until(self, day: Any) -> int | None:
        """Calendar days from today; negative when it is past."""
        found = day.date if isinstance(day, FeelDateTime) else day
        if not isinstance(found, FeelDate):
            return None
        today = local_day(self._standing.now, DEFAULT_ZONE)
        return date(found.year, found.month, found.day).toordinal() - today.toordinal()

    def expected_percent(self, output: str, person: str) -> Decimal | None:
        """A member's expected share."""
        lines = self._uow.contributions.share_lines(output)
        return next((_percent(s.expected_bp) for s in lines if s.person_id == person), None)

    def pool_percent(self, output: str) -> Decimal:
        """Proposal for a remainder: what of the pool may become kerja kolektif unit."""
        return _percent(min(self._pool_bp(output), COLLECTIVE_PROPOSED_BP))

    def share_lines(self, output: str) -> list[dict[str, Any]]:
        """Every member with the share the ledger holds, or that waits for his home's consent."""
        held = self._uow.contributions.balances(output)
        waiting = earmarks(self._uow, output)
        return [
            {
                "person_id": line.person_id,
                "share_percent": _percent(
                    held.get(person_account(line.person_id), 0) or waiting.get(line.person_id, 0)
                ),
            }
            for line in self._uow.contributions.share_lines(output)
        ]

    def empty_lines(self, output: str) -> list[dict[str, Any]]:
        """Every member with a proposed addition: what the collective part leaves of the pool.

        It is proposed for those whose work was attested, in the proportion that was expected;
        for nobody whose home has not consented.
        """
        lines = self._uow.contributions.share_lines(output)
        held = self._uow.contributions.balances(output)
        rest = max(self._pool_bp(output) - COLLECTIVE_PROPOSED_BP, 0)
        worked = [line for line in lines if held.get(person_account(line.person_id), 0)]
        lent = [line for line in lines if self._consented(line)]
        weights = {line.person_id: Fraction(line.expected_bp) for line in worked or lent}
        parts = split_whole(weights, rest) if rest and weights else {}
        return [
            {"person_id": line.person_id, "share_percent": _percent(parts.get(line.person_id, 0))}
            for line in lines
        ]

    def _pool_bp(self, output: str) -> int:
        waiting = earmarked(self._uow, output)
        return max(self._uow.contributions.balances(output).get(POOL, 0) - waiting, 0)

    def _consented(self, line: ShareLine) -> bool:
        member = self._uow.contributions.get(Membership, line.membership_id)
        return member is not None and member.consent is Consent.GIVEN

    def _moved(self, day: FeelDate, count: int) -> FeelDate:
        moved = self._standing.add_working_days(date(day.year, day.month, day.day), count)
        return FeelDate(moved.year, moved.month, moved.day)


def _name(official: Official | None) -> str | None:
    return None if official is None else official.person_id


def _percent(bp: int) -> Decimal:
    return (Decimal(bp) / 100).quantize(Decimal("0.01"))


#: every function with the names of its parameters
ALL_SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    name: parameters for signatures, _ in _rooms() for name, parameters in signatures.items()
}
FUNCTION_NAMES: Final = frozenset(ALL_SIGNATURES)
