"""What every block of a random process has."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Block:
    id: str
    parts: list = field(default_factory=list)
    #: figures that the kind needs: turns of a loop, hours of a timer, items, ways
    n: int = 0
    flag: bool = False
