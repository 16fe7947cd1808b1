"""Groups and who may do what with processes; refused by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.usecases.errors import AccessRefused

if TYPE_CHECKING:
    from engine.usecases.actor import Actor
    from engine.usecases.ports.work import UnitOfWork

#: runs the installation
ADMIN: Final = "admin"
#: draws and deploys processes, looks after their instances
PROCESS_OWNER: Final = "process_owner"
#: pengelola kinerja, runs the performance cycle
PERF_ADMIN: Final = "perf_admin"
#: human resources
HR: Final = "hr"
#: reads everything of the agency, changes nothing
AUDITOR: Final = "auditor"

#: every group that an account may be granted
GROUPS: Final = frozenset({ADMIN, PROCESS_OWNER, PERF_ADMIN, HR, AUDITOR})

#: who may do an act whatever the instance is; the act is the audit tag or a reading name
ACTS: Final[dict[str, frozenset[str]]] = {
    "definition:deploy": frozenset({ADMIN}),
    "definition:draft": frozenset({PROCESS_OWNER, ADMIN}),
    "definition:review": frozenset({PROCESS_OWNER, ADMIN}),
    "definition:read": frozenset({PROCESS_OWNER, ADMIN, PERF_ADMIN, AUDITOR}),
    "decision:evaluate": frozenset({PROCESS_OWNER, ADMIN, PERF_ADMIN}),
    "instance:start": frozenset({PROCESS_OWNER, ADMIN, PERF_ADMIN}),
    "instance:read": frozenset({PROCESS_OWNER, ADMIN, PERF_ADMIN, AUDITOR}),
    "instance:steer": frozenset({PROCESS_OWNER, ADMIN}),
    "incident:retry": frozenset({PROCESS_OWNER, ADMIN}),
    "batch:run": frozenset({PROCESS_OWNER, ADMIN}),
    "batch:read": frozenset({PROCESS_OWNER, ADMIN, AUDITOR}),
    "definition:hold": frozenset({PROCESS_OWNER, ADMIN}),
    "definition:pilot": frozenset({PROCESS_OWNER, ADMIN}),
    "task:assign": frozenset({PERF_ADMIN, ADMIN}),
    "filter:share": frozenset({PERF_ADMIN, HR, PROCESS_OWNER, ADMIN}),
    "task:remind": frozenset({PERF_ADMIN, HR}),
    "task:read": frozenset({PROCESS_OWNER, ADMIN, PERF_ADMIN, AUDITOR}),
    "message:publish": frozenset({PROCESS_OWNER, ADMIN}),
    "job:work": frozenset({ADMIN}),
    "job:change": frozenset({PROCESS_OWNER, ADMIN}),
    "proof:read": frozenset({ADMIN, AUDITOR}),
    "clock:move": frozenset({ADMIN}),
    "account:manage": frozenset({ADMIN}),
    "cycle:open": frozenset({PERF_ADMIN}),
    "agency:export": frozenset({PERF_ADMIN, HR}),
    "squad:form": frozenset({PERF_ADMIN, HR}),
    "report:read": frozenset({PERF_ADMIN, HR, AUDITOR}),
    "exchange:read": frozenset({PERF_ADMIN, HR, AUDITOR}),
    "exchange:retry": frozenset({PERF_ADMIN, HR}),
    "exchange:withdraw": frozenset({PERF_ADMIN}),
    "forecast:read": frozenset({PERF_ADMIN, HR}),
    "audit:read": frozenset({AUDITOR}),
    "referral:read": frozenset({HR, AUDITOR}),
    "agency:oversee": frozenset({ADMIN, PERF_ADMIN, HR, AUDITOR}),
    "work:follow": frozenset({ADMIN, PERF_ADMIN, HR, AUDITOR, PROCESS_OWNER}),
    "calendar:keep": frozenset({ADMIN, PERF_ADMIN, HR}),
    "job_task:keep": frozenset({PERF_ADMIN, HR}),
    "history:export": frozenset({PROCESS_OWNER, ADMIN, PERF_ADMIN, AUDITOR}),
    "history:identify": frozenset({AUDITOR}),
    "survey:keep": frozenset({PERF_ADMIN}),
    "log:read": frozenset({ADMIN, AUDITOR}),
    "person:export": frozenset({ADMIN}),
    "person:erase": frozenset({ADMIN}),
}


def may(actor: Actor, act: str) -> bool:
    """Whether one of the actor's groups allows the act; an unknown act is refused."""
    return bool(actor.groups & ACTS.get(act, frozenset()))


def require(actor: Actor, act: str, subject: object = "") -> None:
    """`AccessRefused` unless one of the actor's groups allows the act."""
    if not may(actor, act):
        raise AccessRefused(act, str(subject))


def may_work(actor: Actor, job_type: str) -> bool:
    """Whether the actor may do external jobs of a type: by group, or as a service account."""
    return may(actor, "job:work") or bool(actor.job_types & {job_type, "*"})


def require_work(actor: Actor, job_type: str) -> None:
    """`AccessRefused` unless the actor may do jobs of that type."""
    if not may_work(actor, job_type):
        raise AccessRefused("job:work", job_type)


def same_agency(actor: Actor, agency_id: str | None) -> bool:
    """Whether the row belongs to the actor's agency (rows of none are read by those of none)."""
    return actor.agency_id == agency_id


def may_see_instance(uow: UnitOfWork, actor: Actor, key: int) -> bool:
    """Whether the actor may look at an instance: by group in his agency, or he started it."""
    row = uow.processes.instance(key)
    if row is None:
        return False
    root = row if row.root_key == row.key else uow.processes.instance(row.root_key)
    if root is None:
        return False
    if actor.name in (row.started_by, root.started_by):
        return True
    return may(actor, "instance:read") and same_agency(actor, root.agency_id)
