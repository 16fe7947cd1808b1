"""Start one process for many, chunk by chunk: each chunk and its checkpoint are one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.domain.cycles import Cycle
from engine.domain.outputs import OutputStatus
from engine.usecases import audit_tags
from engine.usecases.actor import system
from engine.usecases.audit import note
from engine.usecases.operations.cycle import MASS_START

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.usecases.ports.process import Json
    from engine.usecases.ports.work import House, UnitOfWork

    Handler = Callable[[UnitOfWork, Mapping[str, Json]], Mapping[str, Json] | None]

#: instances started in one transaction
CHUNK: Final = 200

#: over what a process is started, and the variable that names it
_NAMES: Final = {
    "people": "person_id",
    "outputs": "output_id",
    "units": "unit_id",
    "agency": "agency_id",
}


def handlers(house: House) -> Mapping[str, Handler]:
    """Handlers by kind of job."""
    return {MASS_START: lambda uow, args: start_chunk(house, uow, args)}


def start_chunk(
    house: House, uow: UnitOfWork, args: Mapping[str, Json]
) -> Mapping[str, Json] | None:
    """Start the next chunk; what remains to be done, None at the end.

    The subject's id is the checkpoint. Whoever was started once for this cycle (and period) is
    passed over, also by another job of the same kind.
    """
    subjects = _subjects(uow, args)
    todo = subjects[:CHUNK]
    # the instances belong to the agency of the cycle, or nobody of it would see their tasks
    actor = replace(system(args.get("on_behalf_of")), agency_id=str(args["agency_id"]))
    started = 0
    for subject in todo:
        business_key = ":".join(
            [subject, str(args["cycle_id"]), *sorted(str(v) for v in args["extra"].values())]
        )
        if _started(house, uow, str(args["process_id"]), business_key):
            continue
        variables = {
            "agency_id": args["agency_id"],
            "cycle_id": args["cycle_id"],
            _NAMES[args["over"]]: subject,
            **args["extra"],
        }
        house.runner.start(
            uow, str(args["process_id"]), variables, actor, business_key=business_key
        )
        started += 1
    note(
        house,
        uow,
        actor,
        stream=f"agency:{args['agency_id']}",
        act=audit_tags.MASS_STARTED,
        facts={"process": args["process_id"], "cycle": args["cycle_id"], "started": started},
    )
    if len(subjects) <= CHUNK:
        return None
    return {**args, "after": todo[-1]}


def _subjects(uow: UnitOfWork, args: Mapping[str, Json]) -> Sequence[str]:
    """Ids not yet looked at, in order; one more than a chunk is enough to know of a rest."""
    cycle = uow.performance.get(Cycle, str(args["cycle_id"]))
    if cycle is None:
        return ()
    after = str(args["after"])
    return [found for found in _everything(uow, cycle, args) if found > after][: CHUNK + 1]


def _everything(uow: UnitOfWork, cycle: Cycle, args: Mapping[str, Json]) -> Sequence[str]:
    """Ids of all it is started for, in order; outputs of one squad where the job names it."""
    over = args["over"]
    if over == "outputs":
        outputs = uow.contributions.outputs(cycle.id, args.get("squad_id"))
        return sorted(output.id for output in outputs if output.status is OutputStatus.PLANNED)
    if over == "units":
        return sorted(unit.id for unit in uow.agency.units(cycle.agency_id))
    if over == "agency":
        return (cycle.agency_id,)
    gone = set(uow.segments.departed(cycle.id))
    working = uow.agency.working(cycle.agency_id, cycle.starts_on, cycle.ends_on)
    return [person for person in working if person not in gone]


def _started(house: House, uow: UnitOfWork, process_id: str, business_key: str) -> bool:
    """Whether it was started before; if not, it is now: the mark leaves with the transaction."""
    principal = f"{MASS_START}:{process_id}"
    if uow.idempotency.recall(principal, business_key, "") is not None:
        return True
    uow.idempotency.remember(principal, business_key, "", {}, house.clock.real_now())
    return False
