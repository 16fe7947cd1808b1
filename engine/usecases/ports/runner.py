"""The narrow door to the BPMN runtime, and what the runtime asks of its host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.usecases.ports.looking import ProcessLooking
from engine.usecases.ports.steering import ProcessSteering

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.errors import Finding
    from engine.usecases.ports.drafts import Subject
    from engine.usecases.ports.outlook import Foresight
    from engine.usecases.ports.process import (
        DecisionRow,
        InstanceRow,
        InstanceView,
        Json,
        Resource,
        SubscriptionRow,
        UserTaskRow,
    )
    from engine.usecases.ports.work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationCall:
    """What an operation gets when a drawing reaches it."""

    uow: UnitOfWork
    #: the human who submits a form, or the system on behalf of one
    actor: Actor
    #: business time
    now: datetime
    instance_key: int
    element_id: str
    #: variables visible at the element, ioMapping inputs included
    variables: Mapping[str, Json]
    #: what the form brought; empty for a service task
    form: Mapping[str, Json]


#: an operation returns variables to write, or None; it raises `InputRefused`, `Conflict` or a
#: domain error; on a user task's submit that refuses the completion, on a service task it is an
#: incident; it may raise `BpmnErrorThrown` for what the drawing should handle
Operation = "Callable[[OperationCall], Mapping[str, Json] | None]"


class BpmnErrorThrown(Exception):
    """An operation reports a business outcome that the drawing catches by error code."""

    def __init__(
        self, code: str, message: str = "", variables: Mapping[str, Json] | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.variables = dict(variables or {})


class ProcessHost(Protocol):
    """What the runtime may ask of the house it lives in."""

    #: names of host functions, for compiling expressions
    @property
    def function_names(self) -> frozenset[str]:
        """Names of all FEEL functions that the host offers."""
        ...

    def functions(self, uow: UnitOfWork, now: datetime) -> Mapping[str, object]:
        """`engine.feel.HostFunction` values by name, bound to the open unit of work."""
        ...

    def operation(self, name: str) -> Callable[[OperationCall], Mapping[str, Json] | None] | None:
        """The registered operation of that name ("regu.…")."""
        ...

    def check_form(self, name: str, schema: bytes) -> Sequence[Finding]:
        """Findings about a form (through the `Forms` port)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """What a deployment did: new versions, and files that were already there."""

    key: int
    #: (process id, version, definition key, new?)
    processes: tuple[tuple[str, int, int, bool], ...]
    #: (decision id, version, key, new?)
    decisions: tuple[tuple[str, int, int, bool], ...]
    #: (form id, version, key, new?)
    forms: tuple[tuple[str, int, int, bool], ...]
    warnings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """A none start event by which people start a process themselves, with or without a form."""

    process_id: str
    definition_key: int
    version: int
    #: name of the process as drawn
    name: str
    #: what it is for, from its documentation
    about: str
    #: groups that may start, and `person` for everybody who is one
    starters: frozenset[str]
    #: the form's version to fill in; None: nothing is asked
    form_key: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who does a user task: one person, or whoever of its candidates takes it."""

    assignee: str | None
    #: ("group", name) or ("user", person id)
    candidates: tuple[tuple[str, str], ...] = ()
    #: nobody could be found: the fallback group has it
    orphaned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """What a decision gave, and on what it rests."""

    #: the version used
    row: DecisionRow
    value: Json
    #: rows from memory whose conditions were met, and that did not count: nobody confirmed them
    unconfirmed: tuple[str, ...]
    #: rows from memory behind the value, confirmed by the agency
    confirmed: tuple[str, ...]
    #: why: tables with what came in and the rules that counted, and warnings; with sentences when
    #: a language ("id" or "en") is named, `engine.dmn.explain`
    because: Callable[[str | None], Mapping[str, Json]]


class ProcessRunner(ProcessSteering, ProcessLooking, Protocol):
    """Runs BPMN inside an open unit of work; it never commits."""

    def check(
        self, resources: Sequence[Resource], uow: UnitOfWork | None = None
    ) -> tuple[Finding, ...]:
        """All findings about these files, and beside what is deployed when `uow` is given."""
        ...

    def subject_of(self, resource: Resource) -> Subject | None:
        """What a file holds: a process, a decision or a form; None for anything else."""
        ...

    def deploy(self, uow: UnitOfWork, resources: Sequence[Resource], actor: Actor) -> Deployed:
        """Compile and keep the files together or refuse them all (`DrawingRefused`)."""
        ...

    def start(  # noqa: PLR0913 - what a start may name
        self,
        uow: UnitOfWork,
        process_id: str,
        variables: Mapping[str, Json],
        actor: Actor,
        *,
        definition_key: int | None = None,
        business_key: str | None = None,
        start_event: str | None = None,
    ) -> int:
        """Start an instance (of the newest version unless a key is given); its key.

        At its first none start event, or at the start event that is named.
        """
        ...

    def entrances(
        self, uow: UnitOfWork, units: Callable[[], Collection[str]] = tuple
    ) -> Sequence[Entrance]:
        """How people of these units may start processes, by process id; others are left out.

        A pilot is left out but for its units.
        """
        ...

    def enter(
        self,
        uow: UnitOfWork,
        entrance: Entrance,
        scope: Mapping[str, Json],
        form: Mapping[str, Json],
        actor: Actor,
    ) -> int:
        """Start by an entrance with a form that is already valid; the instance's key.

        Runs the start event's submit operation first ("regu:submit", instance key 0): with one,
        what it returns become variables beside the scope; without one, the form's values do.
        Raises `InputRefused`, `Conflict`, `AccessRefused`.
        """
        ...

    def complete_task(
        self, uow: UnitOfWork, task_key: int, variables: Mapping[str, Json], actor: Actor
    ) -> None:
        """End a user task with these variables; the form is already valid.

        Runs the task's submit operation (zeebe property "regu:submit") first, then advances.
        With one, only what it returns becomes variables, or what output mappings take; without
        one, the form's values do.
        Raises `NotFound`, `Conflict`, `InputRefused`.
        """
        ...

    def complete_worker_job(
        self, uow: UnitOfWork, job_key: int, variables: Mapping[str, Json], actor: Actor
    ) -> None:
        """An external worker is done."""
        ...

    def throw_worker_error(
        self,
        uow: UnitOfWork,
        job_key: int,
        code: str,
        message: str,
        variables: Mapping[str, Json],
        actor: Actor,
    ) -> None:
        """An external worker throws a BPMN error."""
        ...

    def fail_worker_job(self, uow: UnitOfWork, job_key: int, message: str, actor: Actor) -> None:
        """No retries left: an incident on the token."""
        ...

    def fire_due(self, uow: UnitOfWork, instance_key: int) -> int:
        """Fire the timers of one instance that are due; how many fired."""
        ...

    def fire_due_start(self, uow: UnitOfWork, row: SubscriptionRow) -> None:
        """Start by a due timer start event and plan its next firing."""
        ...

    def deliver(
        self, uow: UnitOfWork, row: SubscriptionRow, variables: Mapping[str, Json], actor: Actor
    ) -> int:
        """A message or signal reaches one subscription (instance or start event).

        The key of the instance that got it or began.
        """
        ...

    def retry(self, uow: UnitOfWork, instance_key: int, token: int | None, actor: Actor) -> None:
        """Resolve incidents (of one token) by running the failed step again."""
        ...

    def set_variables(
        self, uow: UnitOfWork, instance_key: int, variables: Mapping[str, Json], actor: Actor
    ) -> None:
        """Change variables of the root scope."""
        ...

    def cancel(self, uow: UnitOfWork, instance_key: int, actor: Actor) -> None:
        """Cancel an instance with all below it."""
        ...

    def state_fault(self, state: bytes) -> str:
        """What is wrong with a stored state; "" when it can be read."""
        ...

    def view(self, uow: UnitOfWork, instance_key: int) -> InstanceView:
        """Tokens, incidents and variables for a page."""
        ...

    def outlook(
        self, uow: UnitOfWork, instance_key: int, token: int | None = None
    ) -> Sequence[tuple[int, int, Foresight]]:
        """What lies ahead of a token, or of all that wait in an instance and below it.

        (instance key, token, foresight), oldest token first; empty for what does not wait.
        """
        ...

    def root_variables(
        self, uow: UnitOfWork, rows: Sequence[InstanceRow]
    ) -> Sequence[Mapping[str, Json]]:
        """Variables of the root scopes of instances, from their rows; none of unreadable ones."""
        ...

    def assignment(
        self, uow: UnitOfWork, task: UserTaskRow, instance: InstanceRow
    ) -> Assignment | None:
        """Who an open task would belong to if it were opened now; both rows are locked.

        None where the drawing names nobody by an expression, or the question fails.
        """
        ...

    def task_variables(self, uow: UnitOfWork, task_key: int) -> Mapping[str, Json]:
        """Variables visible at an open user task."""
        ...

    def job_variables(self, uow: UnitOfWork, job_key: int) -> Mapping[str, Json]:
        """Variables visible at an open job of an external worker."""
        ...

    def decide(
        self,
        uow: UnitOfWork,
        decision_id: str,
        scope: Mapping[str, Json],
        *,
        as_of: datetime,
        agency_id: str | None = None,
    ) -> Json:
        """The result of the version of a decision that is valid at a date."""
        ...

    def consult(
        self,
        uow: UnitOfWork,
        decision_id: str,
        scope: Mapping[str, Json],
        *,
        as_of: datetime,
        agency_id: str | None = None,
    ) -> Consulted:
        """The same with the version used and what it rests on."""
        ...

    def consult_version(
        self,
        uow: UnitOfWork,
        row: DecisionRow,
        scope: Mapping[str, Json],
        *,
        agency_id: str | None = None,
    ) -> Consulted:
        """What one version says, valid or not; `Conflict` when it has no answer."""
        ...

    def evaluate(self, text: str, scope: Mapping[str, Json]) -> tuple[Json, Sequence[str]]:
        """A FEEL expression over these values alone, with its warnings; `InputRefused`."""
        ...
