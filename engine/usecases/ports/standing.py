"""What stands at an element, with the work that waits there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from engine.usecases.ports.batches import InstanceFilter
    from engine.usecases.ports.process import IncidentRow, InstanceRow, UserTaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A process instance, and what is open of it at the element that was asked for."""

    row: InstanceRow
    #: of the instance itself or of a multi-instance in it
    tasks: Sequence[UserTaskRow]
    incidents: Sequence[IncidentRow]

    @property
    def since(self) -> datetime:
        """When the oldest of it was opened; the start of the instance where only events wait."""
        tasks = [one.created_at for one in self.tasks if one.created_at is not None]
        troubles = [one.created_at for one in self.incidents]
        return min((*tasks, *troubles), default=self.row.started_at)


class StandingStore(Protocol):
    """Part of the unit of work."""

    def standing(
        self, wanted: InstanceFilter, *, after: int | None = None, limit: int = 50
    ) -> Sequence[Standing]:
        """Instances of a filter by ascending key; three statements."""
        ...
