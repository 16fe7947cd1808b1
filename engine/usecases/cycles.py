"""Open a cycle, and the report that reconciles its credit from home and from host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.domain.cycles import Cycle, CycleStatus
from engine.usecases import audit_tags
from engine.usecases.audit import note
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.once import recall, remember, repeated
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.contributions import Flow, PoolRest, RollUp
    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

#: the drawing that ties the year together
ANNUAL_CYCLE: Final = "annual_cycle"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCycle:
    """Begin a cycle that an import or an administrator prepared."""

    cycle_id: str
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Both views of one ledger; points are scaled by 10,000."""

    home: Sequence[RollUp]
    host: Sequence[RollUp]
    flows: Sequence[Flow]
    pools: Sequence[PoolRest]
    #: allocated seen from home, and from host: equal to the last unit
    home_e4: int
    host_e4: int
    #: credit that left its home unit, and that came into a host unit: equal
    out_e4: int
    in_e4: int
    #: V of all accepted outputs: allocated plus pool
    value_e4: int

    @property
    def balanced(self) -> bool:
        """Whether I5 holds (crediting.md 2.4)."""
        pool = sum(row.pool_e4 for row in self.pools)
        return (
            self.home_e4 == self.host_e4
            and self.out_e4 == self.in_e4
            and self.host_e4 + pool == self.value_e4
        )


@repeated
def open_cycle(house: House, actor: Actor, command: OpenCycle) -> Mapping[str, Json]:
    """Start the annual cycle's process; returns instanceKey. `Conflict` when it runs already."""
    require(actor, "cycle:open", command.cycle_id)
    with house.writing() as uow:
        earlier = recall(uow, actor, command.idempotency_key, command)
        if earlier is not None:
            return earlier
        cycle = _cycle(uow, actor, command.cycle_id)
        if cycle.status is not CycleStatus.DRAFT:
            raise Conflict("cycle_open", cycle=cycle.id, status=cycle.status.value)
        key = house.runner.start(
            uow,
            ANNUAL_CYCLE,
            {"cycle_id": cycle.id, "agency_id": cycle.agency_id},
            actor,
            business_key=f"cycle:{cycle.id}",
        )
        note(
            house,
            uow,
            actor,
            stream=f"agency:{cycle.agency_id}",
            act=audit_tags.CYCLE_OPENED,
            facts={"cycle": cycle.id, "instance": str(key)},
        )
        answer = {"instanceKey": str(key)}
        remember(uow, house, actor, command.idempotency_key, command, answer)
        uow.commit()
        return answer


def reconcile(house: House, actor: Actor, cycle_id: str) -> Reconciliation:
    """Home and host views of a cycle's ledger, for pengelola kinerja, HR and auditors."""
    require(actor, "report:read", cycle_id)
    with house.reading() as uow:
        return reconciliation(uow, _cycle(uow, actor, cycle_id).id)


def reconciliation(uow: UnitOfWork, cycle_id: str) -> Reconciliation:
    """The same inside an open unit of work."""
    store = uow.contributions
    home, host, flows = store.home_view(cycle_id), store.host_view(cycle_id), store.flows(cycle_id)
    pools = store.pools(cycle_id)
    return Reconciliation(
        home=home,
        host=host,
        flows=flows,
        pools=pools,
        home_e4=sum(row.points_e4 for row in home),
        host_e4=sum(row.points_e4 for row in host),
        out_e4=sum(row.points_e4 - row.own_e4 for row in home),
        in_e4=sum(row.points_e4 - row.own_e4 for row in host),
        value_e4=sum(row.value_e4 for row in pools),
    )


def _cycle(uow: UnitOfWork, actor: Actor, cycle_id: str) -> Cycle:
    found = uow.performance.get(Cycle, cycle_id)
    if found is None or not same_agency(actor, found.agency_id):
        raise NotFound("cycle", cycle_id)
    return found
