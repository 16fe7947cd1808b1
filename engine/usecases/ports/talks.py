"""The year's conversation as one timeline, and cases that follow a rating: big questions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.domain.coaching import Coaching, CoachingSession
from engine.domain.dialogue import AgendaItem, CheckIn, Commitment, PrivateNote
from engine.domain.documentation import Documentation
from engine.domain.feedback import FeedbackNote
from engine.domain.incidents import Incident
from engine.domain.risks import RiskReview

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from engine.domain.objections import Objection
    from engine.domain.plans import PlanItem
    from engine.usecases.ports.teams import Errand

#: what a moment of the timeline is about; read many at once by id
TalkRead = TypeVar(
    "TalkRead",
    Documentation,
    FeedbackNote,
    CheckIn,
    Commitment,
    Incident,
    Coaching,
    PrivateNote,
    RiskReview,
)


class MomentKind(StrEnum):
    """What a moment of the timeline is."""

    #: something was written about a result
    DOCUMENTATION = "documentation"
    #: something stands in the way
    BLOCKER = "blocker"
    #: words of somebody about the person
    FEEDBACK = "feedback"
    #: a conversation of the two
    CHECK_IN = "check_in"
    #: what one promised the other
    COMMITMENT = "commitment"
    #: conduct that somebody saw
    INCIDENT = "incident"
    #: guidance or counselling
    COACHING = "coaching"
    #: the reader's own private note
    NOTE = "note"
    #: a risk of a result looked at
    RISK = "risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One entry of a timeline: when, what, and the row that says more."""

    at: datetime
    kind: MomentKind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentQuery:
    """Whose moments, as whom, which and how many."""

    person_id: str
    cycle_id: str
    #: who reads: his own notes and promises, and what he may see of the rest
    reader_id: str
    kinds: frozenset[MomentKind]
    #: whether check-ins and their promises are the reader's to see
    talks: bool
    #: whether guidance at work is
    guides: bool
    since: datetime | None = None
    until: datetime | None = None
    #: (at, id) of the last moment seen
    after: tuple[datetime, str] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionCard:
    """An objection with whose it is and where it waits."""

    objection: Objection
    person_id: str
    person_name: str
    unit_id: str | None
    rater_id: str | None
    on_behalf_of: str | None
    #: the open task of the case, if any: who has it, what it is, by when
    task_key: int | None
    task_element: str | None
    assignee: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionQuery:
    """Which objections of a cycle, newest first."""

    cycle_id: str
    #: people of these units
    unit_ids: Collection[str]
    #: and those whom these rated or who acts for them
    raters: Collection[str]
    #: every unit of the agency
    everybody: bool = False
    after: tuple[datetime, str] | None = None
    limit: int = 50


class TalkStore(Protocol):
    """Part of the unit of work; every answer takes one statement."""

    def moments(self, query: MomentQuery) -> Sequence[Moment]:
        """Moments of a person's year, newest first, keyset paged by (at, id)."""
        ...

    def rows(self, kind: type[TalkRead], ids: Collection[str]) -> Mapping[str, TalkRead]:
        """Rows of one kind by id."""
        ...

    def items(self, ids: Collection[str]) -> Mapping[str, PlanItem]:
        """Planned results by id."""
        ...

    def agendas(self, check_in_ids: Collection[str]) -> Sequence[AgendaItem]:
        """Topics of several check-ins, by check-in and number."""
        ...

    def sessions(self, coaching_ids: Collection[str]) -> Sequence[CoachingSession]:
        """Sessions of several coachings, by coaching and number."""
        ...

    def blockers(self, person_id: str, cycle_id: str, limit: int = 5) -> Sequence[Documentation]:
        """The last documentations that say what stood in the way, newest first."""
        ...

    def objections(self, query: ObjectionQuery) -> Sequence[ObjectionCard]:
        """Objections with their open task, newest first, keyset paged by (raised_at, id)."""
        ...

    def objections_by_state(self, cycle_id: str) -> Mapping[str, int]:
        """How many objections of a cycle are in each state; nobody's name."""
        ...

    def own_errand(self, person_id: str, element_ids: Collection[str]) -> Errand | None:
        """The person's own open task at one of these steps, earliest due first."""
        ...

    def about(self, root_keys: Collection[int]) -> Mapping[int, str]:
        """Whom processes are about, by root key: the person their business key begins with."""
        ...
