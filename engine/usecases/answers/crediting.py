"""Questions about credit that drawings and forms ask: read-only FEEL functions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.domain import corrections
from engine.domain.calendar import WorkingCalendar, add_working_days
from engine.domain.contribution_types import offered
from engine.domain.corrections import Correction, SnapshotFlag
from engine.domain.cycles import Cycle, Period, PeriodStatus
from engine.domain.ledger import COLLECTIVE, LineClass, live
from engine.domain.outputs import OutputStatus
from engine.domain.overlays import OverlayCredit
from engine.domain.squads import Membership
from engine.feel.temporal import FeelDate, FeelDateTime
from engine.usecases import escalation
from engine.usecases.claim_draft import claim_draft
from engine.usecases.correction_cases import correction_case
from engine.usecases.operations.closing import blockers_of
from engine.usecases.operations.corrections import ASKERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.domain.organisation import Official
    from engine.domain.outputs import Output
    from engine.domain.squads import Squad
    from engine.usecases.organisation import Standing

#: name -> parameters
SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "acceptor": ("output",),
    "consent office": ("output", "membership"),
    "allocator": ("output",),
    "output accepted": ("output",),
    "collective percent": ("output",),
    "contribution types": ("output",),
    "claim begins": ("output", "person"),
    "working days for": ("date", "n", "people"),
    "proposable outputs": ("person", "cycle"),
    "overlay facts": ("overlay",),
    "overlay evidence": ("person", "cycle"),
    "sponsored squads": ("person",),
    "open periods": ("cycle",),
    "period blockers": ("period",),
    "correctable lines": ("person", "cycle"),
    "correction facts": ("correction",),
    "correction decider": ("correction",),
    "other lines": ("correction",),
    "flag facts": ("flag",),
    "move facts": ("output", "person"),
    "dispute facts": ("output",),
}
#: working days and leave that are looked up beyond the days asked for
_AHEAD: Final = 120


class CreditAnswers:
    """One method per function; people are answered by their ids."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow

    def acceptor(self, output: str) -> str | None:
        """Who takes an output, past whoever was silent."""
        return _name(escalation.acceptor(self._standing, self._standing.output(output)))

    def consent_office(self, output: str, membership: str) -> str | None:
        """Who decides on lending a person while an output waits, past whoever was silent."""
        row = self._uow.contributions.get(Membership, membership)
        return _name(escalation.consent_decider(self._standing, row, output)) if row else None

    def allocator(self, output: str) -> str | None:
        """Who shares out what nobody holds, past whoever was silent."""
        return _name(escalation.allocator(self._standing, self._standing.output(output)))

    def output_accepted(self, output: str) -> bool:
        """Whether an output was taken."""
        taken = (OutputStatus.ACCEPTED, OutputStatus.SEALED)
        return self._standing.output(output).status in taken

    def collective_percent(self, output: str) -> Decimal:
        """What of an output is kerja kolektif unit."""
        return _percent(self._uow.contributions.balances(output).get(COLLECTIVE, 0))

    def contribution_types(self, output: str) -> list[dict[str, str]]:
        """Kinds of contribution that the host agency offers."""
        squad = self._standing.squad(self._standing.output(output).squad_id)
        kinds = offered(self._uow.credits.types(squad.host_agency_id))
        return [{"value": kind.code, "label": kind.label} for kind in kinds]

    def claim_begins(self, output: str, person: str) -> dict[str, Any] | None:
        """What a claim's form begins with: the earlier claim, else what was planned."""
        found = claim_draft(self._uow, self._standing.output(output), person)
        if found is None:
            return None
        return {
            "mode": "own" if found.again else "plan",
            "percent": _percent(found.claimed_bp),
            "kind": found.contribution_type,
            "degree": found.degree.value,
            "note": found.note,
            "link": found.link,
        }

    def working_days_for(self, day: Any, n: Decimal, people: Any) -> Any:
        """The n-th working day on which none of the people is on leave: the latest of all.

        A date and time keeps its time (crediting.md 0.6: leave pauses a clock).
        """
        names = [people] if isinstance(people, str) else list(people or ())
        start = day.date if isinstance(day, FeelDateTime) else day
        if not isinstance(start, FeelDate):
            return None
        first = date(start.year, start.month, start.day)
        last = max((self._ends(first, int(n), name) for name in names), default=None)
        if last is None:
            last = self._standing.add_working_days(first, int(n))
        found = FeelDate(last.year, last.month, last.day)
        return FeelDateTime(found, day.time) if isinstance(day, FeelDateTime) else found

    def _ends(self, first: date, count: int, person_id: str) -> date:
        known = self._standing.person(person_id)
        until = first + timedelta(days=count * 3 + _AHEAD)
        agency_id = known.agency_id if known else None
        days = self._uow.agency.holidays(agency_id, first, until)
        away = [
            *self._uow.credits.leave(person_id, first, until),
            *self._uow.segments.pauses_of(person_id, first, until),
        ]
        return add_working_days(first, count, WorkingCalendar(holidays=days), away)

    def proposable_outputs(self, person: str, cycle: str) -> list[dict[str, str]]:
        """Outputs of the squads that a person leads or sponsors, as choices."""
        return [
            {"value": output.id, "label": f"{squad.name}: {output.title}"}
            for squad in self._squads(person, leads=True)
            for output in self._uow.contributions.outputs(cycle, squad.id)
        ]

    def overlay_facts(self, overlay: str) -> dict[str, Any] | None:
        """What the person is asked to accept."""
        found = self._uow.credits.get(OverlayCredit, overlay)
        if found is None:
            return None
        return {
            "role": found.role.value,
            "note": found.note,
            "link": found.evidence_link,
            "by": found.proposed_by,
        }

    def overlay_evidence(self, person: str, cycle: str) -> list[dict[str, str]]:
        """What a person helped with beside his shares: evidence for Kolaboratif."""
        return [
            {
                "title": self._standing.output(row.output_id).title,
                "role": row.role.value,
                "note": row.note,
            }
            for row in self._uow.credits.accepted_overlays(person, cycle)
        ]

    def sponsored_squads(self, person: str) -> list[dict[str, str]]:
        """Squads whose sponsor a person is, as choices."""
        return [{"value": s.id, "label": s.name} for s in self._squads(person, leads=False)]

    def open_periods(self, cycle: str) -> list[dict[str, str]]:
        """Periods of a cycle that are not sealed, as choices."""
        return [
            {"value": row.id, "label": row.name}
            for row in self._uow.performance.periods(cycle)
            if row.status is not PeriodStatus.SEALED
        ]

    def period_blockers(self, period: str) -> list[dict[str, str]]:
        """What still moves in a period, in words."""
        found = self._uow.performance.get(Period, period)
        if found is None:
            return []
        return [
            {"what": self._what(row.code, row.subject), "state": _STATES.get(row.message, "")}
            for row in blockers_of(self._uow, found)
        ]

    def _what(self, code: str, subject: str) -> str:
        if code == "output_open":
            return self._standing.output(subject).title
        found = self._uow.credits.get(Correction, subject)
        return f"Koreksi: {self._standing.output(found.output_id).title}" if found else "Koreksi"

    def correctable_lines(self, person: str, cycle: str) -> list[dict[str, str]]:
        """Lines of sealed outputs that a person may ask to correct, as choices."""
        found: list[dict[str, str]] = []
        for output in self._correctable(person, cycle):
            rows = [
                row
                for row in live(self._uow.contributions.ledger(output.id))
                if row.person_id is not None and row.line_class is LineClass.PRIMARY
            ]
            names = self._uow.agency.names([row.person_id or "" for row in rows])
            found += [
                {
                    "value": str(row.id),
                    "label": f"{output.title}: {names.get(row.person_id or '', '')} "
                    f"{_words(row.amount_bp)} %",
                }
                for row in rows
            ]
        return found

    def _correctable(self, person: str, cycle: str) -> Iterable[Output]:
        sponsored = {squad.id for squad in self._squads(person, leads=False)}
        every = self._asks_for_agency(person, cycle)
        for output in self._uow.contributions.outputs(cycle):
            if output.status is OutputStatus.SEALED and (every or output.squad_id in sponsored):
                yield output

    def _asks_for_agency(self, person: str, cycle: str) -> bool:
        known, held = self._standing.person(person), self._uow.performance.get(Cycle, cycle)
        account = self._uow.accounts.account_of(person)
        if known is None or held is None or account is None or known.agency_id != held.agency_id:
            return False
        today = self._standing.today(known.agency_id)
        return bool(self._uow.accounts.groups(account.login, today) & ASKERS)

    def correction_facts(self, correction: str) -> dict[str, Any] | None:
        """What is asked: whose line, from how much to how much, why, and where it is seen."""
        found = self._uow.credits.get(Correction, correction)
        if found is None:
            return None
        return {
            "person_id": found.person_id,
            "old_percent": _percent(found.old_bp),
            "new_percent": _percent(found.new_bp),
            "freed_percent": _percent(found.freed_bp),
            "reason": found.reason,
            "link": found.evidence_link,
        }

    def correction_decider(self, correction: str) -> str | None:
        """The first in the sponsor's line who neither asked, acted nor is a party."""
        found = self._uow.credits.get(Correction, correction)
        if found is None:
            return None
        output = self._standing.output(found.output_id)
        return _name(corrections.decider(correction_case(self._standing, output, found)))

    def other_lines(self, correction: str) -> list[dict[str, Any]]:
        """Members who may get what a correction freed, each with nothing added yet."""
        found = self._uow.credits.get(Correction, correction)
        if found is None:
            return []
        return [
            {"person_id": line.person_id, "share_percent": Decimal("0.00")}
            for line in self._uow.contributions.share_lines(found.output_id)
            if line.person_id != found.person_id
        ]

    def flag_facts(self, flag: str) -> dict[str, str] | None:
        """Level words and predikat before and after a correction."""
        found = self._uow.credits.get(SnapshotFlag, flag)
        if found is None:
            return None
        return {"before": found.before, "after": found.after, "person_id": found.person_id}

    def move_facts(self, output: str, person: str) -> dict[str, Any] | None:
        """What an attester wants a line to be, why, and what the member answered."""
        store = self._uow.contributions
        claim = store.claim_of(output, person)
        made = [
            row
            for row in store.attestations(output)
            if claim and row.claim_id == claim.id and row.share_bp is not None
        ]
        if not made:
            return None
        last = made[-1]
        return {
            "percent": _percent(last.share_bp or 0),
            "reason": last.reason,
            "commitment": last.commitment_evidence,
            "by": last.attester_id,
            "answer": _answer_words(last.member_answer),
        }

    def dispute_facts(self, output: str) -> dict[str, Any] | None:
        """What the newest dispute of an output is about, and what the parties said."""
        found = self._uow.contributions.disputes(output)
        if not found:
            return None
        last = max(found, key=lambda row: (row.raised_at, row.id))
        said = self._uow.contributions.hearings(last.id)
        names = self._uow.agency.names([row.person_id for row in said])
        words = [f"{names.get(row.person_id, '')}: {row.statement}" for row in said]
        return {"ground": last.ground, "by": last.raised_by, "statements": "\n".join(words)}

    def _squads(self, person: str, *, leads: bool) -> Sequence[Squad]:
        known = self._standing.person(person)
        found = []
        for squad in self._uow.contributions.squads(known.agency_id) if known else ():
            lead = self._standing.lead(squad) if leads else None
            if squad.sponsor_id == person or (lead is not None and lead.person_id == person):
                found.append(squad)
        return found


_ANSWERS: Final = {"": "Tidak menjawab", "agree": "Setuju", "disagree": "Tidak setuju"}
_STATES: Final = {"delivered": "diserahkan", "accepted": "belum tersegel"}


def _name(official: Official | None) -> str | None:
    return None if official is None else official.person_id


def _percent(bp: int) -> Decimal:
    return (Decimal(bp) / 100).quantize(Decimal("0.01"))


def _answer_words(said: str | None) -> str:
    """A member's answer in the words of its form."""
    word, _, note = (said or "").partition(": ")
    shown = _ANSWERS.get(word, word)
    return f"{shown}: {note}" if note else shown


def _words(bp: int) -> str:
    return f"{_percent(bp):f}".replace(".", ",")
