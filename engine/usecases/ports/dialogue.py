"""Check-ins, promises, private notes, feedback, incidents, documentation, coaching: the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from engine.domain.coaching import Coaching, CoachingSession, CompetencyScore, SessionAnswer
from engine.domain.daily_notes import DailyNote
from engine.domain.dialogue import AgendaItem, CheckIn, Commitment, PrivateNote
from engine.domain.documentation import Attachment, Documentation
from engine.domain.feedback import FeedbackAsked, FeedbackNote, FeedbackReply, FeedbackRequest
from engine.domain.incidents import Incident

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.claims import Evidence
    from engine.domain.dialogue import Cadence
    from engine.domain.protection import Grievance
    from engine.usecases.ports.daily_notes import NoteRow, NoteScope

#: what this store keeps
DialogueEntity = (
    CheckIn
    | AgendaItem
    | Commitment
    | PrivateNote
    | FeedbackNote
    | FeedbackReply
    | FeedbackRequest
    | FeedbackAsked
    | Incident
    | Documentation
    | DailyNote
    | Attachment
    | Coaching
    | CoachingSession
    | SessionAnswer
    | CompetencyScore
)
#: those of them that are read by id
DialogueRead = TypeVar(
    "DialogueRead",
    CheckIn,
    Commitment,
    FeedbackNote,
    FeedbackRequest,
    FeedbackAsked,
    Incident,
    Coaching,
    CoachingSession,
)
#: those of them that change
DialogueKept = CheckIn | Commitment | FeedbackAsked | Incident | Coaching


class DialogueStore(Protocol):
    """What leaders and people say to each other; part of the unit of work."""

    def add(self, rows: Sequence[DialogueEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        ...

    def put(self, row: DialogueKept) -> None:
        """Write all fields of a row that exists; `Conflict` where it must not change."""
        ...

    def get(self, kind: type[DialogueRead], row_id: str) -> DialogueRead | None:
        """A row by id."""
        ...

    # ---- check-ins

    def cadence(self, leader_id: str, cycle_id: str, on: date | None = None) -> Sequence[Cadence]:
        """How a leader kept up the conversation, by person: one statement.

        It holds everybody with whom a check-in of the cycle took place, and those who by their
        definitive post have this leader as rater on that day (the cycle's last one).
        """
        ...

    def reports_of(self, leaders: Sequence[str], on: date) -> Sequence[str]:
        """Ids of people whose definitive post puts one of these next above them, in id order."""
        ...

    def check_ins(self, person_id: str, cycle_id: str) -> Sequence[CheckIn]:
        """Check-ins about a person, oldest first."""
        ...

    def agenda(self, check_in_id: str) -> Sequence[AgendaItem]:
        """Topics of a check-in in order."""
        ...

    def open_between(self, one_id: str, other_id: str) -> Sequence[Commitment]:
        """Open promises of check-ins between two people, earliest due first."""
        ...

    def promises_in(self, check_in_id: str) -> Sequence[Commitment]:
        """Promises made in a check-in."""
        ...

    def promises_of(self, person_id: str, cycle_id: str) -> Sequence[Commitment]:
        """Promises in which a person has a part, earliest due first; confidential ones too."""
        ...

    def notes_of(self, author_id: str) -> Sequence[PrivateNote]:
        """Private notes of their author, newest first."""
        ...

    # ---- feedback

    def feedback_about(self, person_id: str, cycle_id: str) -> Sequence[FeedbackNote]:
        """Feedback about a person, oldest first."""
        ...

    def feedback_by(self, giver_id: str, cycle_id: str) -> Sequence[FeedbackNote]:
        """Feedback that a person gave, oldest first."""
        ...

    def feedback_for(self, request_id: str) -> Sequence[FeedbackNote]:
        """Answers to a request, oldest first."""
        ...

    def replies(self, feedback_ids: Sequence[str]) -> Mapping[str, FeedbackReply]:
        """What was replied, by the feedback's id."""
        ...

    def asked(self, request_id: str) -> Sequence[FeedbackAsked]:
        """Whom a request asked."""
        ...

    def upward(self, person_id: str, about: Sequence[str]) -> Sequence[Grievance]:
        """Critical feedback and negative incidents of a person about people above him."""
        ...

    # ---- conduct

    def incidents_about(self, person_id: str, cycle_id: str) -> Sequence[Incident]:
        """Incidents about a person, oldest first."""
        ...

    def incidents_by(self, recorder_id: str, cycle_id: str) -> Sequence[Incident]:
        """Incidents that a person recorded, oldest first."""
        ...

    # ---- documentation

    def documented(self, plan_id: str, period_id: str) -> Mapping[str, Documentation]:
        """The newest documentation of each result of a plan in a period, by result."""
        ...

    def periods_documented(self, plan_id: str) -> Mapping[str, int]:
        """In how many periods each result of a plan was documented, by result."""
        ...

    def attached(self, item_id: str, period_id: str) -> Sequence[Evidence]:
        """Evidence beside a result in a period, oldest first."""
        ...

    def attachments_of(self, evidence_id: str) -> Sequence[Attachment]:
        """Beside what a piece of evidence lies."""
        ...

    def daily_note(self, note_id: str) -> NoteRow | None:
        """A note of a day that stands, by the id of its newest writing."""
        ...

    def daily_notes(
        self, scope: NoteScope, *, after: tuple[date, str] | None = None, limit: int | None = None
    ) -> Sequence[NoteRow]:
        """Notes of days that stand, newest day first, keyset paged by (day, id)."""
        ...

    # ---- coaching

    def coachings_of(self, person_id: str, cycle_id: str) -> Sequence[Coaching]:
        """Coaching of a person, oldest first."""
        ...

    def sessions(self, coaching_id: str) -> Sequence[CoachingSession]:
        """Sessions in order."""
        ...

    def answers(self, session_id: str) -> Sequence[SessionAnswer]:
        """Form B.1.8 of a session, by statement."""
        ...

    def scores(self, session_id: str) -> Sequence[CompetencyScore]:
        """Form B.1.9 of a session, by competency."""
        ...
