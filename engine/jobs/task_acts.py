"""One act over many tasks, with nobody waiting in a request: a transaction for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.usecases import bulk_tasks
from engine.usecases.undertakings import end

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True)
class TaskActs:
    """Each task is done before the end is noted; again: what is done answers as it did."""

    house: House

    def prepare(self, args: Mapping[str, Any], renew: Callable[[], None]) -> Mapping[str, Any]:
        """Do them one by one."""
        return bulk_tasks.go_on(self.house, args, renew)

    def __call__(self, uow: UnitOfWork, args: Mapping[str, Any]) -> None:
        """Note what they came to."""
        bulk_tasks.finished(self.house, uow, args)

    def gave_up(self, uow: UnitOfWork, args: Mapping[str, Any], _told: str) -> None:
        """Say that it could not be done."""
        end(self.house, uow, str(args["undertaking"]), failed="gave_up")
