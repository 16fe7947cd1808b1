"""Dialog kinerja: check-ins, what was promised in them, private notes, and a leader's cadence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled, TransitionRefused, Violation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

#: topics of one check-in at most
AGENDA_MAX: Final = 20


class CheckInState(StrEnum):
    """How far a check-in came."""

    #: one of the two asked for it; the other has not answered
    INVITED = "invited"
    #: the moment stands
    AGREED = "agreed"
    #: the leader wrote down what was agreed
    RECORDED = "recorded"
    #: the employee says that it was so
    CONFIRMED = "confirmed"
    #: the employee let the time go by: nobody's word stands for his
    UNCONFIRMED = "unconfirmed"
    #: they did not meet
    NOT_HELD = "not_held"
    #: taken back before it took place
    CALLED_OFF = "called_off"


class CommitmentState(StrEnum):
    """What became of a promise."""

    #: to be done
    OPEN = "open"
    #: done
    KEPT = "kept"
    #: both let it go
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """A conversation of a leader and one of his people (dialog kinerja)."""

    #: UUIDv7 text
    id: str
    #: who leads
    leader_id: str
    #: whose performance it is about
    person_id: str
    #: in which cycle
    cycle_id: str
    #: which of the two asked for it
    asked_by: str
    #: when they mean to meet
    meets_at: datetime
    #: another moment that the invited one proposed
    proposed_at: datetime | None = None
    #: how far
    state: CheckInState = CheckInState.INVITED
    #: the day on which they met
    held_on: date | None = None
    #: what was agreed, in words
    agreed_text: str = ""
    #: what the employee says to that
    remark: str = ""
    #: who wrote it down: the leader or who stood in for him
    recorded_by: str | None = None
    #: when the leader's word was given
    recorded_at: datetime | None = None
    #: when the employee's was
    confirmed_at: datetime | None = None
    #: when it was asked for
    at: datetime

    @property
    def invited_id(self) -> str:
        """The other of the two."""
        return self.person_id if self.asked_by == self.leader_id else self.leader_id


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """A topic that one of the two wants to speak about."""

    #: UUIDv7 text
    id: str
    #: the conversation
    check_in_id: str
    #: 1-based
    number: int
    #: in words
    topic: str
    #: whose topic
    raised_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """What somebody promised the other in a check-in or in coaching (komitmen tindak lanjut)."""

    #: UUIDv7 text
    id: str
    #: the check-in in which it was made
    check_in_id: str | None = None
    #: or the coaching
    coaching_id: str | None = None
    #: the cycle it counts in
    cycle_id: str
    #: who does it
    owner_id: str
    #: whom he promised it
    counterpart_id: str
    #: what, in words
    text: str
    #: by when
    due_on: date
    #: by when it was first promised
    first_due_on: date
    #: what became of it
    state: CommitmentState = CommitmentState.OPEN
    #: how many later check-ins it was carried into
    carried: int = 0
    #: a promise of counselling: nobody reads it but the two
    confidential: bool = False
    #: the day on which it was done or dropped
    closed_on: date | None = None
    #: when it was made
    at: datetime

    @property
    def kept_in_time(self) -> bool:
        """Whether it was done by the day first promised."""
        done = self.state is CommitmentState.KEPT and self.closed_on is not None
        return done and self.closed_on is not None and self.closed_on <= self.first_due_on


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNote:
    """Words that nobody but their author reads."""

    #: UUIDv7 text
    id: str
    #: who wrote it, and reads it
    author_id: str
    #: whom it is about
    about_id: str
    #: written at this check-in
    check_in_id: str | None = None
    #: or in this coaching
    coaching_id: str | None = None
    #: the words
    text: str
    #: when
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How a leader kept up the conversation with one of his people in a cycle."""

    #: with whom
    person_id: str
    #: check-ins that both confirmed
    confirmed: int
    #: check-ins that only the leader wrote down
    unconfirmed: int
    #: the last of them
    last_on: date | None
    #: what the leader promised
    promised: int
    #: done by the day first promised
    kept: int
    #: done later
    kept_late: int
    #: what the employee promised
    their_promises: int
    #: done by the employee, in time or later
    their_kept: int
    #: feedback that the leader gave him
    feedback: int


_NEXT: Final = {
    CheckInState.INVITED: frozenset({CheckInState.AGREED, CheckInState.CALLED_OFF}),
    CheckInState.AGREED: frozenset({CheckInState.RECORDED, CheckInState.NOT_HELD}),
    CheckInState.RECORDED: frozenset(
        {CheckInState.RECORDED, CheckInState.CONFIRMED, CheckInState.UNCONFIRMED}
    ),
}


def check_invitation(
    check_in: CheckIn, topics: Sequence[str], now: datetime
) -> tuple[Violation, ...]:
    """Promise: every fault of an invitation: two people, a moment to come, a topic."""
    found: list[Violation] = []
    if check_in.leader_id == check_in.person_id:
        found.append(_fault("one_person", check_in.id, "nobody meets himself"))
    if check_in.asked_by not in (check_in.leader_id, check_in.person_id):
        found.append(_fault("stranger", check_in.id, "one of the two asks for it"))
    if check_in.meets_at <= now:
        found.append(_fault("past", check_in.id, "the moment has passed"))
    if not topics:
        found.append(_fault("agenda", check_in.id, "has nothing to speak of"))
    if len(topics) > AGENDA_MAX:
        found.append(_fault("agenda", check_in.id, f"has more than {AGENDA_MAX} topics"))
    return tuple(found)


def answer(check_in: CheckIn, by: str, other_moment: datetime | None) -> CheckIn:
    """Promise: the moment stands, or another one is proposed to who asked.

    Raises NotEntitled for anybody but the invited one.
    """
    if by != check_in.invited_id:
        raise NotEntitled("answer_check_in", by, "only who was invited answers")
    if other_moment is None:
        return _to(check_in, CheckInState.AGREED)
    if check_in.state is not CheckInState.INVITED:
        raise TransitionRefused("check_in", check_in.state, "propose")
    return replace(check_in, proposed_at=other_moment)


def settle(check_in: CheckIn, *, takes_proposal: bool) -> CheckIn:
    """Promise: the proposed moment stands, or the check-in is called off."""
    if not takes_proposal or check_in.proposed_at is None:
        return _to(check_in, CheckInState.CALLED_OFF)
    return replace(_to(check_in, CheckInState.AGREED), meets_at=check_in.proposed_at)


def stand(check_in: CheckIn) -> CheckIn:
    """Promise: an invitation that nobody answered stands when its moment comes."""
    return (
        _to(check_in, CheckInState.AGREED) if check_in.state is CheckInState.INVITED else check_in
    )


def record(check_in: CheckIn, by: str, words: str, *, held_on: date, at: datetime) -> CheckIn:
    """Promise: what was agreed, in the leader's words; again after the employee's remark."""
    if by == check_in.person_id:
        raise NotEntitled("record_check_in", by, "the leader writes, the employee confirms")
    return replace(
        _to(check_in, CheckInState.RECORDED),
        agreed_text=words.strip(),
        held_on=held_on,
        recorded_by=by,
        recorded_at=at,
    )


def not_held(check_in: CheckIn) -> CheckIn:
    """Promise: they did not meet."""
    return _to(check_in, CheckInState.NOT_HELD)


def confirm(check_in: CheckIn, by: str, *, agrees: bool, remark: str, at: datetime) -> CheckIn:
    """Promise: the employee's word: it was so, or what has to be put right.

    Raises NotEntitled for anybody else.
    """
    if by != check_in.person_id:
        raise NotEntitled("confirm_check_in", by, "only the employee confirms")
    if check_in.state is not CheckInState.RECORDED:
        raise TransitionRefused("check_in", check_in.state, CheckInState.CONFIRMED)
    if not agrees:
        return replace(check_in, remark=remark.strip())
    return replace(_to(check_in, CheckInState.CONFIRMED), remark=remark.strip(), confirmed_at=at)


def leave_unconfirmed(check_in: CheckIn) -> CheckIn:
    """Promise: the employee was silent; silence confirms nothing."""
    return _to(check_in, CheckInState.UNCONFIRMED)


def check_commitment(commitment: Commitment, made_on: date) -> tuple[Violation, ...]:
    """Promise: every fault of a promise: two people, words, a day that is not past."""
    found: list[Violation] = []
    if commitment.owner_id == commitment.counterpart_id:
        found.append(_fault("one_person", commitment.id, "a promise is made to somebody else"))
    if not commitment.text.strip():
        found.append(_fault("text", commitment.id, "does not say what"))
    if commitment.due_on < made_on:
        found.append(_fault("due", commitment.id, "is due in the past"))
    return tuple(found)


def close(commitment: Commitment, state: CommitmentState, on: date) -> Commitment:
    """Promise: the promise kept or dropped that day.

    Raises TransitionRefused when it is closed, or when the state is no end.
    """
    if commitment.state is not CommitmentState.OPEN or state is CommitmentState.OPEN:
        raise TransitionRefused("commitment", commitment.state, state)
    return replace(commitment, state=state, closed_on=on)


def postpone(commitment: Commitment, due_on: date) -> Commitment:
    """Promise: a later day; the first one stays known."""
    if commitment.state is not CommitmentState.OPEN or due_on < commitment.due_on:
        raise TransitionRefused("commitment", commitment.state, "postpone")
    return replace(commitment, due_on=due_on)


def carry(commitment: Commitment) -> Commitment:
    """Promise: an open promise taken along into the next check-in."""
    return replace(commitment, carried=commitment.carried + 1)


def days_without(row: Cadence, starts_on: date, today: date) -> int:
    """Promise: days since the last check-in, or since the cycle began when there was none."""
    return max((today - (row.last_on or starts_on)).days, 0)


def _to(check_in: CheckIn, state: CheckInState) -> CheckIn:
    if state not in _NEXT.get(check_in.state, frozenset()):
        raise TransitionRefused("check_in", check_in.state, state)
    return replace(check_in, state=state)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
