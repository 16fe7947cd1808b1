"""Handler of batch operations: a chunk of instances per transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.usecases import batch_chunks
from engine.usecases.batches import BATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork


def handlers(house: House) -> Mapping[str, Batches]:
    """Handlers by kind of job."""
    return {BATCH: Batches(house)}


@dataclass(frozen=True, slots=True)
class Batches:
    """The handler; who waits for its end sees how far it has come."""

    house: House

    def prepare(self, args: Mapping[str, Json], _renew: Callable[[], None]) -> Mapping[str, Json]:
        """Nothing is worked out beforehand."""
        return args

    def __call__(self, uow: UnitOfWork, args: Mapping[str, Json]) -> Mapping[str, Json] | None:
        """One chunk."""
        return batch_chunks.do_next(self.house, uow, args)

    def gave_up(self, uow: UnitOfWork, args: Mapping[str, Json], _told: str) -> None:
        """Say that it could not be done."""
        batch_chunks.gave_up(self.house, uow, args)
