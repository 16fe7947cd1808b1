"""Releases of the studio: what is published together, chosen by one person, looked at by another.

A release is proposed with its reasons and choices, and ends once: published or returned by a
second person, withdrawn by who proposed it, or outdated because something else was published.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import NotEntitled, RuleBroken, TransitionRefused, Violation

if TYPE_CHECKING:
    from collections.abc import Collection

#: characters of what a reviewer or a proposer writes
WORDS_MIN: Final = 10
WORDS_MAX: Final = 1_000


class ReleaseState(StrEnum):
    """Life of a release."""

    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    #: a reviewer gave it back and said why
    RETURNED = "returned"
    #: who proposed it took it back
    WITHDRAWN = "withdrawn"
    #: something of it was published otherwise meanwhile
    OUTDATED = "outdated"


class Running(StrEnum):
    """What becomes of undertakings that run on the version before."""

    STAY = "stay"
    MIGRATE = "migrate"


def check_words(words: str, field: str = "reason") -> str:
    """The words, tidied; `RuleBroken` for too few or too many."""
    tidy = " ".join(words.split())
    if not WORDS_MIN <= len(tidy) <= WORDS_MAX:
        text = f"between {WORDS_MIN} and {WORDS_MAX} characters"
        raise RuleBroken(Violation(code="release_words", subject=field, message=text))
    return tidy


def check_choice(running: Running, *, pilot: bool, follows: bool) -> None:
    """`RuleBroken` for choices that contradict each other or the first version.

    `pilot`: only some units take the version; `follows`: another version is in force.
    """
    found = []
    if pilot and running is Running.MIGRATE:
        found.append(_fault("release_pilot_moves", "running", "a pilot moves nobody else's work"))
    if not follows and running is Running.MIGRATE:
        found.append(_fault("release_nothing_runs", "running", "no version is in force yet"))
    if not follows and pilot:
        found.append(_fault("release_pilot_first", "units", "all others need another version"))
    if found:
        raise RuleBroken(*found)


def check_reviewer(names: Collection[str], proposer: str, authors: Collection[str]) -> None:
    """Two people: who proposed a release or saved a draft of it does not decide about it.

    `names`: every name under which the reviewer acts. `NotEntitled`.
    """
    for name in sorted(names):
        if name == proposer:
            raise NotEntitled("definition:review", name, "release_own")
        if name in authors:
            raise NotEntitled("definition:review", name, "release_drawn")


def check_open(state: ReleaseState, act: str) -> None:
    """`TransitionRefused` once it ended."""
    if state is not ReleaseState.IN_REVIEW:
        raise TransitionRefused("release", state.value, act)


def _fault(code: str, subject: str, message: str) -> Violation:
    return Violation(code=code, subject=subject, message=message)
