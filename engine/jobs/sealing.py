"""A large period is sealed with nobody waiting in a request; at once, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.domain.cycles import Period, PeriodStatus
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import InputRefused
from engine.usecases.means import means_of
from engine.usecases.operations.closing import seal_now
from engine.usecases.operations.step import Step
from engine.usecases.ports.runner import OperationCall
from engine.usecases.rights import PERF_ADMIN
from engine.usecases.undertakings import end, reached

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.usecases.ports.work import House, UnitOfWork


@dataclass(frozen=True, slots=True)
class Sealing:
    """The seal and the end of the work are one transaction: no period is sealed twice."""

    house: House

    def prepare(self, args: Mapping[str, Any], _renew: Callable[[], None]) -> Mapping[str, Any]:
        """Say that it is under way."""
        reached(self.house, str(args["undertaking"]), 0, 1)
        return args

    def __call__(self, uow: UnitOfWork, args: Mapping[str, Any]) -> None:
        """Seal the period in the name of who asked for it."""
        work_id, house = str(args["undertaking"]), self.house
        period = uow.performance.get(Period, str(args["period_id"]))
        if period is None or period.status is PeriodStatus.SEALED:
            end(house, uow, work_id, failed="" if period else "period_missing")
            return
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
            now=house.clock.now(),
            instance_key=0,
            element_id="seal_period",
            variables={},
            form={},
        )
        means = means_of(house)
        try:
            seal_now(Step(means, call), period, str(args["minutes"]), carry=bool(args["carry"]))
        except InputRefused as refusal:
            end(house, uow, work_id, failed=refusal.faults[0].code)
            return
        end(house, uow, work_id)

    def gave_up(self, uow: UnitOfWork, args: Mapping[str, Any], _told: str) -> None:
        """Say that it could not be done."""
        end(self.house, uow, str(args["undertaking"]), failed="gave_up")
