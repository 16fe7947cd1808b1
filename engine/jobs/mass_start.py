"""Start one process for many, chunk by chunk: each chunk and its checkpoint are one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.domain.cycles import Cycle
from engine.domain.outputs import OutputStatus
from engine.usecases import audit_tags
from engine.usecases.actor import system
from engine.usecases.audit import note
from engine.usecases.operations.cycle import MASS_START
from engine.usecases.undertakings import end, end_alike, reach

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
    return {MASS_START: MassStart(house)}


@dataclass(frozen=True, slots=True)
class MassStart:
    """The handler; who waits for its end sees how far it has come."""

    house: House

    def prepare(self, args: Mapping[str, Json], _renew: Callable[[], None]) -> Mapping[str, Json]:
        """Nothing is worked out beforehand."""
        return args

    def __call__(self, uow: UnitOfWork, args: Mapping[str, Json]) -> Mapping[str, Json] | None:
        """One chunk."""
        return start_chunk(self.house, uow, args)

    def gave_up(self, uow: UnitOfWork, args: Mapping[str, Json], _told: str) -> None:
        """Say that it could not be done."""
        _ended(self.house, uow, args, failed="gave_up")


def start_chunk(
    house: House, uow: UnitOfWork, args: Mapping[str, Json]
) -> Mapping[str, Json] | None:
    """Start the next chunk; what remains to be done, None at the end.

    The subject's id is the checkpoint. Whoever was started once for this cycle (and period) is
    passed over, also by another job of the same kind.
    """
    cycle = uow.performance.get(Cycle, str(args["cycle_id"]))
    everything = () if cycle is None else _everything(uow, cycle, args)
    subjects = [found for found in everything if found > str(args["after"])]
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
    rest = {**args, "started": int(args.get("started", 0)) + started}
    _tell(house, uow, rest, (len(everything) - len(subjects) + len(todo), len(everything)))
    if len(subjects) <= CHUNK:
        return None
    return {**rest, "after": todo[-1]}


def _tell(house: House, uow: UnitOfWork, args: Mapping[str, Json], steps: tuple[int, int]) -> None:
    """Write how far it has come, and the end, where somebody waits."""
    if "undertaking" not in args:
        return
    done, total = steps
    reach(uow, str(args["undertaking"]), done, total)
    if done == total:
        _ended(house, uow, args)


def _ended(house: House, uow: UnitOfWork, args: Mapping[str, Json], *, failed: str = "") -> None:
    """It has come to its end, and so has whatever was asked for a second time meanwhile."""
    row = uow.workplace.undertaking(str(args.get("undertaking", "")))
    if row is None:
        return
    end(house, uow, row.id, failed=failed, facts={"started": args.get("started", 0)})
    end_alike(house, uow, row, failed=failed)


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
