"""Who stands in for whom: what a letter covers, how far it may be handed on, and what it lacks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain.errors import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from engine.domain.people import Substitution


class Scope(StrEnum):
    """Which acts a substitution covers."""

    #: everything the absent person would do
    ALL = "all"
    #: plans, feedback, ratings and objections of his people
    RATE = "rate"
    #: outputs, shares, co-signatures and disputes of his squads
    ATTEST = "attest"
    #: consent to lending his people
    CONSENT = "consent"


#: processes whose tasks an act happens in; a scope that is no word here is a process id
PROCESSES: Final[Mapping[Scope, frozenset[str]]] = {
    Scope.RATE: frozenset(
        {
            "calibration",
            "clarification",
            "coaching",
            "evaluation",
            "follow_up",
            "monitoring",
            "objection",
            "periodic_evaluation",
            "plan_revision",
            "planning",
            "result_linking",
            "risk_registration",
            "risk_review",
            "role_change",
            "unit_period",
        }
    ),
    Scope.ATTEST: frozenset(
        {"contribution", "credit_correction", "overlay_credit", "squad_change", "squad_shares"}
    ),
    Scope.CONSENT: frozenset({"squad_formation", "squad_membership"}),
}
#: B for A, and C for B for A; no further
LONGEST_CHAIN: Final = 2


def processes_of(scope: str) -> frozenset[str] | None:
    """Promise: the processes a scope covers; None: all of them."""
    if scope == Scope.ALL:
        return None
    if scope in set(Scope):
        return PROCESSES[Scope(scope)]
    return frozenset({scope})


def covers_process(scope: str, process_id: str) -> bool:
    """Promise: whether a task of that process is inside a scope."""
    inside = processes_of(scope)
    return inside is None or process_id in inside


def covers_act(scope: str, act: str | None) -> bool:
    """Promise: whether an act is inside a scope; None asks for any act at all."""
    return act is None or scope in (Scope.ALL, act)


def narrower(one: str, other: str) -> str | None:
    """Promise: what two letters in a row cover together; None when that is nothing."""
    if other in (one, Scope.ALL):
        return one
    return other if one == Scope.ALL else None


def stand_ins(
    rows: Sequence[Substitution], person_id: str, day: date, act: str | None = None
) -> tuple[str, ...]:
    """Promise: who may act for an absent person that day; never the person himself.

    His substitute, then whoever stands in for that one when he is away too; nobody further.
    """
    found: list[str] = []
    absent = person_id
    for _ in range(LONGEST_CHAIN):
        row = _newest(rows, absent, day, act)
        if row is None or row.substitute_id in (person_id, *found):
            break
        found.append(row.substitute_id)
        absent = row.substitute_id
    return tuple(found)


def check_substitution(row: Substitution, others: Iterable[Substitution]) -> tuple[Violation, ...]:
    """Promise: every fault of a new substitution beside those that stand.

    No letter, no days, oneself, an unknown scope, a circle, a chain longer than C for B for A. Of
    two letters for one absent person the newer one counts.
    """
    found: list[Violation] = []
    if not row.letter_no.strip():
        found.append(_fault("letter_missing", row, "a substitution needs its letter"))
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        found.append(_fault("ends_before", row, "ends before it starts"))
    if row.absent_id == row.substitute_id:
        found.append(_fault("same_person", row, "another person is needed"))
    if row.scope not in set(Scope):
        found.append(_fault("scope_unknown", row, f"one of {', '.join(Scope)}"))
    beside = [other for other in others if other.id != row.id and overlap(row, other)]
    down = _reach(row, beside, forward=True)
    up = _reach(row, beside, forward=False)
    if row.absent_id in {person for person, _ in down}:
        found.append(_fault("substitution_circle", row, "they would stand in for each other"))
    elif _depth(down) + _depth(up) + 1 > LONGEST_CHAIN:
        found.append(_fault("substitution_chain", row, "handed on once, not twice"))
    return tuple(found)


def overlap(one: Substitution, other: Substitution) -> bool:
    """Promise: whether two substitutions share a day."""
    return (other.valid_to is None or one.valid_from < other.valid_to) and (
        one.valid_to is None or other.valid_from < one.valid_to
    )


def _newest(
    rows: Sequence[Substitution], absent: str, day: date, act: str | None
) -> Substitution | None:
    held = [s for s in rows if s.absent_id == absent and s.covers(day) and covers_act(s.scope, act)]
    return max(held, key=lambda s: (s.valid_from, s.id), default=None)


def _reach(
    row: Substitution, others: Sequence[Substitution], *, forward: bool
) -> list[tuple[str, int]]:
    """People along the chain from a row with their distance, two steps at most."""
    found: list[tuple[str, int]] = []
    ends = [row.substitute_id if forward else row.absent_id]
    for step in range(1, LONGEST_CHAIN + 1):
        following = [
            other.substitute_id if forward else other.absent_id
            for other in others
            if (other.absent_id if forward else other.substitute_id) in ends
        ]
        found += [(person, step) for person in following]
        ends = following
    return found


def _depth(reached: Sequence[tuple[str, int]]) -> int:
    return max((step for _, step in reached), default=0)


def _fault(code: str, row: Substitution, message: str) -> Violation:
    return Violation(code=code, subject=row.absent_id, message=message)
