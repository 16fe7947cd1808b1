"""Questions about check-ins, promises, feedback, incidents, documentation and coaching.

A form's beginnings are seen by who may take the task, so nothing here tells a private note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from engine.domain import access
from engine.domain.access import Act, Resource
from engine.domain.behaviour import value_name
from engine.domain.coaching import Coaching, CoachingSession, Competency, competency_name
from engine.domain.cycles import Cycle, Period
from engine.domain.daily_notes import told
from engine.domain.dialogue import CheckIn, Commitment
from engine.domain.documentation import Way
from engine.domain.feedback import FeedbackNote, FeedbackRequest
from engine.domain.incidents import Incident, IncidentKind
from engine.domain.indicators import Direction
from engine.domain.plans import Plan, RoleKind
from engine.domain.squads import Membership
from engine.usecases.daily_documentation import notes_of_period
from engine.usecases.letters import moment
from engine.usecases.operations.measuring import words_of
from engine.usecases.relations import around
from engine.usecases.voices import partners, people_around

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from engine.domain.daily_notes import DailyNote
    from engine.domain.documentation import Documentation
    from engine.domain.plans import PlanItem
    from engine.usecases.organisation import Standing

#: name -> parameters
SIGNATURES: Final[Mapping[str, tuple[str, ...]]] = {
    "people around": ("person",),
    "conversation partners": ("person",),
    "coaching subjects": ("person",),
    "result choices": ("person", "cycle", "asker"),
    "agreed moment": ("check_in",),
    "proposed moment": ("check_in",),
    "agenda of": ("check_in",),
    "agreed words": ("check_in",),
    "remark on": ("check_in",),
    "promises of": ("check_in", "owner"),
    "promise words": ("commitment",),
    "feedback words": ("feedback",),
    "request words": ("request",),
    "request answers": ("request",),
    "incident words": ("incident",),
    "coaching reason": ("coaching",),
    "session words": ("session",),
    "competency rows": ("session",),
    "documentation rows": ("plan", "period"),
    "squad documentation rows": ("plan", "period"),
    "documented rows": ("plan", "period", "squad"),
    "judgement rows": ("plan",),
}
_WAYS: Final = {
    Way.AS_PLANNED: "sesuai rencana",
    Way.MEASURED: "terukur",
    Way.NOTED: "dicatat",
}
_KINDS: Final = {IncidentKind.POSITIVE: "Contoh baik", IncidentKind.NEGATIVE: "Perlu diperbaiki"}


class Answers:
    """One method per function; choices are `{value, label}` of people and results."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._uow = standing.uow
        self._store = standing.uow.dialogues

    def people_around(self, person: str) -> list[dict[str, str]]:
        """People about whom, or to whom, a person may speak."""
        return self._named(people_around(self._standing, person))

    def conversation_partners(self, person: str) -> list[dict[str, str]]:
        """Whom a person meets in check-ins."""
        return self._named(partners(self._standing, person))

    def coaching_subjects(self, person: str) -> list[dict[str, str]]:
        """For whom a person may ask for coaching: himself, and those he rates."""
        rated = [one for one in partners(self._standing, person) if self._rates(person, one)]
        return self._named([person, *rated])

    def result_choices(self, person: str, cycle: str, asker: str) -> list[dict[str, str]]:
        """Results of a person that the asker may speak about: what he may read, or shares."""
        plan = self._uow.performance.plan_of(person, cycle)
        known = self._uow.performance.get(Cycle, cycle)
        if plan is None or known is None:
            return []
        held = access.relations(
            around(self._uow, self._standing, person, known), asker, None, frozenset()
        )
        items: Iterable[PlanItem] = self._uow.performance.items(plan.id)
        if not access.allowed(held, Resource.PLAN, Act.READ):
            days = (known.starts_on, known.ends_on)
            squads = {s.id for _, s in self._uow.contributions.memberships_of(asker, *days)}
            memberships = self._uow.contributions.memberships_of(person, *days)
            shared = {member.id for member, squad in memberships if squad.id in squads}
            items = [item for item in items if item.membership_id in shared]
        return [{"value": item.id, "label": item.title} for item in items]

    def agreed_moment(self, check_in: str) -> str:
        """When they meet, in words."""
        found = self._store.get(CheckIn, check_in)
        return self._moment(found, found.meets_at if found else None)

    def proposed_moment(self, check_in: str) -> str:
        """Another moment that the invited one proposed, in words."""
        found = self._store.get(CheckIn, check_in)
        return self._moment(found, found.proposed_at if found else None)

    def agenda_of(self, check_in: str) -> str:
        """Topics, one a line."""
        return "\n".join(f"{row.number}. {row.topic}" for row in self._store.agenda(check_in))

    def agreed_words(self, check_in: str) -> str:
        """What the leader wrote down, with the promises made."""
        found = self._store.get(CheckIn, check_in)
        made = self._store.promises_in(check_in)
        lines = [f"- {self._name(one.owner_id)}: {one.text} ({one.due_on})" for one in made]
        return "\n".join([found.agreed_text if found else "", *lines]).strip()

    def remark_on(self, check_in: str) -> str:
        """What the employee wants put right."""
        found = self._store.get(CheckIn, check_in)
        return found.remark if found else ""

    def promises_of(self, check_in: str, owner: str) -> list[dict[str, Any]]:
        """Open promises between the two that one of them ("leader" or "person") made."""
        found = self._store.get(CheckIn, check_in)
        if found is None:
            return []
        owner_id = found.leader_id if owner == "leader" else found.person_id
        rows = self._store.open_between(found.leader_id, found.person_id)
        return [
            {
                "commitment_id": one.id,
                "text": one.text,
                "due_text": one.due_on.isoformat(),
                "state": "open",
            }
            for one in rows
            if one.owner_id == owner_id
        ]

    def promise_words(self, commitment: str) -> str:
        """A promise in words."""
        found = self._store.get(Commitment, commitment)
        return f"{found.text} ({found.due_on})" if found else ""

    def feedback_words(self, feedback: str) -> str:
        """A feedback under its giver's name."""
        found = self._store.get(FeedbackNote, feedback)
        return f"{self._name(found.giver_id)}: {found.text}" if found else ""

    def request_words(self, request: str) -> str:
        """What somebody asks."""
        found = self._store.get(FeedbackRequest, request)
        return f"{self._name(found.person_id)}: {found.question}" if found else ""

    def request_answers(self, request: str) -> str:
        """The answers under their givers' names."""
        rows = self._store.feedback_for(request)
        return "\n\n".join(f"{self._name(one.giver_id)}: {one.text}" for one in rows)

    def incident_words(self, incident: str) -> str:
        """What somebody saw, about which value, under his name."""
        found = self._store.get(Incident, incident)
        if found is None:
            return ""
        head = f"{_KINDS[found.kind]} - {value_name(found.value)} - {found.happened_on}"
        return f"{head}\n{self._name(found.recorded_by)}: {found.text}"

    def coaching_reason(self, coaching: str) -> str:
        """Why guidance at work was asked for; of counselling nothing is told here."""
        found = self._store.get(Coaching, coaching)
        return found.reason if found and found.kind.value == "bimbingan" else ""

    def session_words(self, session: str) -> str:
        """What the two hold on to of guidance at work; of counselling nothing is told here."""
        found = self._store.get(CoachingSession, session)
        line = self._store.get(Coaching, found.coaching_id) if found else None
        return found.summary if found and line and line.kind.value == "bimbingan" else ""

    def competency_rows(self, session: str) -> list[dict[str, str]]:
        """Rows of form B.1.9."""
        del session
        return [{"competency": one.value, "name": competency_name(one)} for one in Competency]

    def documentation_rows(self, plan: str, period: str) -> list[dict[str, Any]]:
        """Indicators of home results as rows to document, with what is known so far."""
        known = self._store.documented(plan, period)
        before = self._before(plan, period)
        titles = {i.id: i.title for i in self._items(plan, RoleKind.HOME)}
        days = notes_of_period(self._uow, plan, period)
        return [
            {
                "item_id": one.item_id,
                "indicator_id": one.id,
                "title": f"{titles[one.item_id]} - {one.text}" if one.text else titles[one.item_id],
                "target_text": words_of(one),
                "so_far": before.get(one.item_id, ""),
                "as_planned": one.item_id in known and known[one.item_id].way is Way.AS_PLANNED,
                "actual": known[one.item_id].actual if one.item_id in known else None,
                **self._said(one.item_id, period, known.get(one.item_id), days),
            }
            for one in self._uow.performance.indicators(plan)
            if one.item_id in titles
        ]

    def squad_documentation_rows(self, plan: str, period: str) -> list[dict[str, Any]]:
        """Squad results as rows to document; their numbers come from the squad's outputs."""
        known = self._store.documented(plan, period)
        days = notes_of_period(self._uow, plan, period)
        return [
            {
                "item_id": item.id,
                "title": item.title,
                "as_planned": item.id in known and known[item.id].way is Way.AS_PLANNED,
                **self._said(item.id, period, known.get(item.id), days),
            }
            for item in self._items(plan, RoleKind.SQUAD)
        ]

    def documented_rows(self, plan: str, period: str, squad: str) -> list[dict[str, Any]]:
        """Results of one role as rows to speak about: of the home post ("") or of one squad."""
        role = RoleKind.SQUAD if squad else RoleKind.HOME
        known = self._store.documented(plan, period)
        rows = []
        for item in self._items(plan, role):
            if squad and not self._in_squad(item, squad):
                continue
            one = known.get(item.id)
            proofs = len(self._store.attached(item.id, period))
            said = f"{_WAYS[one.way]}, {proofs} bukti" if one else "belum didokumentasikan"
            rows.append({"item_id": item.id, "title": item.title, "documented": said})
        return rows

    def judgement_rows(self, plan: str) -> list[dict[str, Any]]:
        """Indicators of home results that words measure, with the newest word on each."""
        titles = {i.id: i.title for i in self._items(plan, RoleKind.HOME)}
        newest = {row.indicator_id: row for row in self._uow.performance.measurements(plan)}
        return [
            {
                "indicator_id": one.id,
                "title": f"{titles[one.item_id]} - {one.text}",
                "actual_text": newest[one.id].actual_text if one.id in newest else "",
                "level": newest[one.id].level if one.id in newest else None,
            }
            for one in self._uow.performance.indicators(plan)
            if one.item_id in titles and one.direction is Direction.QUALITATIVE
        ]

    def _moment(self, found: CheckIn | None, at: datetime | None) -> str:
        person = self._standing.person(found.person_id) if found else None
        zone = self._standing.zone(person.agency_id if person else None)
        return moment(at, zone) if at else ""

    def _before(self, plan_id: str, period_id: str) -> Mapping[str, str]:
        """How far each result came in the periods before, in words."""
        period = self._uow.performance.get(Period, period_id)
        if period is None:
            return {}
        counts = self._store.periods_documented(plan_id)
        newest = {row.item_id: row for row in self._uow.performance.progress(plan_id)}
        return {
            item_id: f"{count} periode tercatat, capaian terakhir {newest[item_id].attainment}"
            for item_id, count in counts.items()
            if item_id in newest
        }

    def _said(
        self,
        item_id: str,
        period_id: str,
        known: Documentation | None,
        days: dict[str, list[DailyNote]],
    ) -> dict[str, str]:
        """Words and links of a row: as documented, else as the notes of its days say.

        The notes begin one row: of a result with several indicators they stand once.
        """
        links = self._links(item_id, period_id)
        if known is not None:
            return {"note": known.note, "links": links}
        notes = days.pop(item_id, [])
        proofs = dict.fromkeys([*links.split(), *(one.link for one in notes if one.link)])
        return {"note": told(notes), "links": "\n".join(proofs)}

    def _links(self, item_id: str, period_id: str) -> str:
        near = self._store.attached(item_id, period_id)
        return "\n".join(one.link for one in near if one.link)

    def _items(self, plan_id: str, role: RoleKind) -> Sequence[PlanItem]:
        plan = self._uow.performance.get(Plan, plan_id)
        items = self._uow.performance.items(plan.id) if plan else []
        return [item for item in items if item.role_kind is role]

    def _in_squad(self, item: PlanItem, squad_id: str) -> bool:
        member = self._uow.contributions.get(Membership, item.membership_id or "")
        return member is not None and member.squad_id == squad_id

    def _rates(self, leader_id: str, person_id: str) -> bool:
        rater = self._standing.rater(person_id)
        return rater is not None and rater.person_id == leader_id

    def _name(self, person_id: str) -> str:
        return self._uow.agency.names([person_id]).get(person_id, "")

    def _named(self, people: Sequence[str]) -> list[dict[str, str]]:
        names = self._uow.agency.names(list(people))
        found = [{"value": one, "label": names[one]} for one in people if one in names]
        return sorted(found, key=lambda one: one["label"])
