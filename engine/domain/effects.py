"""What a share given to one member leaves for the others, before anybody decides."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.domain.errors import Malformed
from engine.domain.scales import WHOLE_BP, split_whole

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What one member of an output has, or may still get."""

    person_id: str
    #: e of the newest share plan
    expected_bp: int
    #: what was decided, a share that waits for consent too; None while nothing is
    held_bp: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEffect:
    """One member's part before and after."""

    person_id: str
    #: what he holds, or may get when all goes as planned
    before_bp: int
    #: what he holds, or may get then
    after_bp: int
    #: whether it was decided: no later line changes it
    settled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The whole output if one line got a share; the parts are 10,000 together."""

    lines: tuple[LineEffect, ...]
    collective_bp: int
    #: what nobody is expected to take
    pool_bp: int
    #: what the others would lack of their expected shares
    lacking_bp: int
    #: what the share asks beyond what is left
    beyond_bp: int

    @property
    def total_bp(self) -> int:
        """All of it; 10,000."""
        return sum(line.after_bp for line in self.lines) + self.collective_bp + self.pool_bp


def effect(
    lines: Sequence[Expectation], *, person_id: str, share_bp: int, collective_bp: int = 0
) -> Effect:
    """Promise: who would have what if the person's line got that share (I1 holds throughout).

    Decided lines stay. Whoever waits gets his expected share while it is there; where it is not,
    what is left goes in the proportion that was expected. Raises Malformed for who is no member.
    """
    if all(line.person_id != person_id for line in lines):
        raise Malformed("person", person_id, "has no line in this output")
    others = [line for line in lines if line.person_id != person_id]
    room = WHOLE_BP - collective_bp - sum(line.held_bp or 0 for line in others)
    given = min(max(share_bp, 0), max(room, 0))
    rest = max(room, 0) - given
    waiting = {line.person_id: line.expected_bp for line in others if line.held_bp is None}
    wanted = sum(waiting.values())
    parts = waiting if wanted <= rest else _shared_out(waiting, rest)
    return Effect(
        lines=tuple(_line(line, person_id, given, parts) for line in lines),
        collective_bp=collective_bp,
        pool_bp=rest - sum(parts.values()),
        lacking_bp=max(wanted - rest, 0),
        beyond_bp=max(share_bp - max(room, 0), 0),
    )


def _shared_out(waiting: dict[str, int], rest: int) -> dict[str, int]:
    return split_whole({who: Fraction(bp) for who, bp in waiting.items()}, rest)


def _line(line: Expectation, person_id: str, given: int, parts: dict[str, int]) -> LineEffect:
    if line.person_id == person_id:
        after, settled = given, False
    elif line.held_bp is None:
        after, settled = parts[line.person_id], False
    else:
        after, settled = line.held_bp, True
    before = line.expected_bp if line.held_bp is None else line.held_bp
    return LineEffect(person_id=line.person_id, before_bp=before, after_bp=after, settled=settled)
