"""Answers of peers, subordinates and partners about a person's conduct (360 degrees).

An answer is added to counters at once: no row says who answered what (PP 30/2019 art. 41 knows
opinions of peers and direct subordinates; domain.md 11 +B keeps them anonymous in aggregate).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from engine.domain.errors import TransitionRefused, Violation
from engine.domain.scales import at_scale

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from engine.domain.behaviour import Value
    from engine.domain.ratings import Level


class Source(StrEnum):
    """Where an answer comes from."""

    #: works beside the person: same unit, or a shared squad
    PEER = "peer"
    #: is rated by the person
    SUBORDINATE = "subordinate"
    #: works in a shared squad for another agency
    PARTNER = "partner"


class RoundState(StrEnum):
    """State of a round of answers."""

    #: answers come in, nobody reads anything
    OPEN = "open"
    #: nothing comes in any more, the aggregate may be read
    CLOSED = "closed"


#: an aggregate is shown from so many answers up; subordinates are easier to recognise
SHOWN_FROM: Final[Mapping[Source, int]] = {
    Source.PEER: 3,
    Source.SUBORDINATE: 5,
    Source.PARTNER: 3,
}
#: decimals of a mean
MEAN_SCALE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceRound:
    """One round of answers about one person; closes once."""

    #: UUIDv7 text
    id: str
    #: about whom
    person_id: str
    #: which cycle
    cycle_id: str
    #: state
    state: RoundState = RoundState.OPEN
    #: when it began
    opened_at: datetime
    #: when it closed, and was released
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Somebody asked to answer; says that he did, never what."""

    #: UUIDv7 text
    id: str
    #: the round
    round_id: str
    #: who is asked
    giver_id: str
    #: as what
    source: Source
    #: whether he answered
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceAnswer:
    """One person's answer, on its way into the counters; never stored."""

    #: value -> level, those left open missing
    levels: Mapping[Value, Level]
    #: words of his choice, "" for none
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCount:
    """What a source says about a value: only from enough answers up."""

    #: from where
    source: Source
    #: about which value
    value: Value
    #: how many answered it
    people: int
    #: sum of their levels as 1, 2, 3
    total: int

    @property
    def mean(self) -> Decimal:
        """From 1 (below) to 3 (above expectation)."""
        return at_scale(Fraction(self.total, self.people), MEAN_SCALE)


def pick(candidates: Collection[str], most: int, salt: str) -> tuple[str, ...]:
    """Promise: at most so many of the candidates, chosen by neither the person nor his rater.

    The order of a hash over salt and id: the same for everybody who asks again.
    """
    ordered = sorted(
        set(candidates), key=lambda one: hashlib.sha256(f"{salt}:{one}".encode()).hexdigest()
    )
    return tuple(sorted(ordered[:most]))


def invited(
    person_id: str, circles: Mapping[Source, Collection[str]], most: Mapping[Source, int]
) -> tuple[tuple[str, Source], ...]:
    """Promise: whom to ask, each as one source, never the person himself.

    A circle too small to be shown is not asked at all: its answers could never be released.
    """
    found: list[tuple[str, Source]] = []
    asked = {person_id}
    for source in (Source.SUBORDINATE, Source.PEER, Source.PARTNER):
        circle = set(circles.get(source, ())) - asked
        if len(circle) < SHOWN_FROM[source]:
            continue
        chosen = pick(circle, max(most.get(source, 0), SHOWN_FROM[source]), person_id)
        found += [(one, source) for one in chosen]
        asked |= set(chosen)
    return tuple(found)


def close(row: VoiceRound, at: datetime) -> VoiceRound:
    """Promise: the round closed. Raises TransitionRefused when it was closed before."""
    if row.state is RoundState.CLOSED:
        raise TransitionRefused("voice_round", row.state, "close")
    return replace(row, state=RoundState.CLOSED, closed_at=at)


def check_answer(
    row: VoiceRound, invitation: Invitation | None, answer: VoiceAnswer
) -> tuple[Violation, ...]:
    """Promise: every reason not to take an answer."""
    found: list[Violation] = []
    if invitation is None:
        found.append(_fault("not_invited", "", "was not asked about this person"))
    elif invitation.answered:
        found.append(_fault("answered", invitation.giver_id, "has answered before"))
    if row.state is RoundState.CLOSED:
        found.append(_fault("closed", row.id, "the round is closed"))
    if not answer.levels and not answer.words.strip():
        found.append(_fault("empty", "answers", "says nothing"))
    return tuple(found)


def words_key(round_id: str, giver_id: str, secret: str) -> str:
    """Promise: a key for words that tells neither who wrote them nor in which order they came."""
    return hashlib.sha256(f"{round_id}:{giver_id}:{secret}".encode()).hexdigest()[:36]


def shown(counts: Sequence[VoiceCount]) -> tuple[VoiceCount, ...]:
    """Promise: what may be shown; the store's query holds the same bar."""
    return tuple(row for row in counts if row.people >= SHOWN_FROM[row.source])


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
