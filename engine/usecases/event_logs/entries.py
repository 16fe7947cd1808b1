"""What an event log says of one event, names covered unless they may be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from datetime import datetime

    from engine.usecases.ports.mining import LoggedEvent

#: XES lifecycle of our events (IEEE 1849-2023, lifecycle extension)
LIFECYCLE: Final = {
    "activated": "start",
    "completed": "complete",
    "cancelled": "ate_abort",
}
SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a log."""

    id: str
    case_id: str
    root_id: str
    activity: str
    element_id: str
    element_type: str
    lifecycle: str
    at: datetime
    #: who did it; a number in the place of a name unless names may be read
    resource: str
    #: the absent official in whose name it was done
    behalf: str | None
    process_id: str
    version: int
    business_key: str | None
    #: decision and its version, of a decision that was taken
    decision: str | None
    #: its result as JSON, when names may be read
    result: str | None


@dataclass(slots=True)
class Cover:
    """Numbers in the place of names, the same person the same number in one log."""

    #: whether names, business keys and results may be read
    open: bool
    _numbers: dict[str, str] = field(default_factory=dict)
    _decided: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)

    def person(self, name: str) -> str:
        """A name, or its number; the system is nobody."""
        if self.open or name == SYSTEM:
            return name
        return self._numbers.setdefault(name, f"resource-{len(self._numbers) + 1:04d}")

    def decided(self, row: LoggedEvent) -> None:
        """Keep what a decision gave for the end of its element."""
        self._decided[row.instance_key, row.token] = orjson.loads(row.detail or "{}")

    def entry(self, row: LoggedEvent, activity: str) -> Entry:
        """What a log says of a history row, with the decision that was taken there."""
        facts = self._decided.pop((row.instance_key, row.token), {})
        decision = f"{facts['decision']} {facts['version']}" if "decision" in facts else None
        return Entry(
            id=str(row.key),
            case_id=str(row.instance_key),
            root_id=str(row.root_key),
            activity=activity,
            element_id=row.element_id,
            element_type=row.element_type,
            lifecycle=LIFECYCLE[row.event],
            at=row.at,
            resource=self.person(row.actor),
            behalf=None if row.on_behalf_of is None else self.person(row.on_behalf_of),
            process_id=row.process_id,
            version=row.version,
            business_key=row.business_key if self.open else None,
            decision=decision,
            result=orjson.dumps(facts["result"]).decode() if self.open and decision else None,
        )
