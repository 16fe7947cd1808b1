"""Large seals, with nobody waiting in a request: a period at once, a cycle period by period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from engine.domain.cycles import Cycle, Period, PeriodStatus
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import InputRefused
from engine.usecases.means import means_of
from engine.usecases.operations.closing import seal_now, unsealed
from engine.usecases.operations.cycle import shut
from engine.usecases.operations.step import Step
from engine.usecases.ports.runner import OperationCall
from engine.usecases.rights import PERF_ADMIN
from engine.usecases.undertakings import end, reach, reached

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.ports.work import House, UnitOfWork

#: message that tells the drawing of a cycle how its sealing ended: variable `closed`
CYCLE_SEALING_ENDED: Final = "cycle_sealing_ended"


@dataclass(frozen=True, slots=True)
class Sealing:
    """Each period's seal is one transaction with its progress, the last one with the end.

    No period is sealed twice: whoever follows a killed worker goes on behind the last seal.
    """

    house: House

    def prepare(self, args: Mapping[str, Any], _renew: Callable[[], None]) -> Mapping[str, Any]:
        """Say that it is under way; a cycle says so with each period."""
        if "cycle_id" not in args:
            reached(self.house, str(args["undertaking"]), 0, 1)
        return args

    def __call__(self, uow: UnitOfWork, args: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Seal the period, or the cycle's next one, in the name of who asked for it."""
        seal = self._next_of_cycle if "cycle_id" in args else self._period
        try:
            return seal(uow, args)
        except InputRefused as refusal:
            self._ended(uow, args, failed=refusal.faults[0].code)
            return None

    def gave_up(self, uow: UnitOfWork, args: Mapping[str, Any], _told: str) -> None:
        """Say that it could not be done."""
        self._ended(uow, args, failed="gave_up")

    def _period(self, uow: UnitOfWork, args: Mapping[str, Any]) -> None:
        period = uow.performance.get(Period, str(args["period_id"]))
        if period is not None and period.status is not PeriodStatus.SEALED:
            step = self._step(uow, args)
            seal_now(step, period, str(args["minutes"]), carry=bool(args["carry"]))
        self._ended(uow, args, failed="" if period else "period_missing")

    def _next_of_cycle(self, uow: UnitOfWork, args: Mapping[str, Any]) -> Mapping[str, Any] | None:
        cycle = uow.performance.get(Cycle, str(args["cycle_id"]))
        if cycle is None:
            self._ended(uow, args, failed="unknown_cycle")
            return None
        step, left = self._step(uow, args), unsealed(uow, cycle)
        if left:
            seal_now(step, left[0], str(args["minutes"]), carry=True)
        total = len(uow.performance.periods(cycle.id))
        reach(uow, str(args["undertaking"]), total - len(left[1:]), total)
        if left[1:]:
            return args
        shut(step, cycle)
        self._ended(uow, args)
        return None

    def _ended(self, uow: UnitOfWork, args: Mapping[str, Any], *, failed: str = "") -> None:
        """Tell who waits, once: the page of long work and, for a cycle, its process."""
        row = uow.workplace.undertaking(str(args["undertaking"]))
        if row is None or row.ended_at is not None:
            return
        end(self.house, uow, row.id, failed=failed)
        if "cycle_id" in args:
            step = self._step(uow, args)
            key = str(args["cycle_id"])
            step.means.announce(uow, step.actor, CYCLE_SEALING_ENDED, key, closed=not failed)

    def _step(self, uow: UnitOfWork, args: Mapping[str, Any]) -> Step:
        actor = Actor(
            kind=ActorKind.PERSON if args["person_id"] else ActorKind.CLIENT,
            name=str(args["actor"]),
            person_id=args["person_id"],
            groups=frozenset({PERF_ADMIN}),
            agency_id=args["agency_id"],
        )
        call = OperationCall(
            uow=uow,
            actor=actor,
            now=self.house.clock.now(),
            instance_key=0,
            element_id="close_cycle" if "cycle_id" in args else "seal_period",
            variables={},
            form={},
        )
        return Step(means_of(self.house), call)
