"""A scenario played: step by step, until something is not as it should be."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.rehearsal.answers import Answers
from engine.rehearsal.house import whoever
from engine.rehearsal.stage import NeverRests, OutOfTime, Stage
from engine.scenarios.expecting import Observed, faults_of
from engine.scenarios.model import (
    Advance,
    Cancel,
    Complete,
    Enter,
    Expect,
    Retry,
    Scenario,
    Send,
    SetVariables,
    Work,
)
from engine.usecases.actor import Actor, ActorKind
from engine.usecases.errors import InputRefused, UseCaseError
from engine.usecases.ports.scenarios import Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.scenarios.model import Step
    from engine.usecases.errors import FieldFault
    from engine.usecases.ports.process import HistoryRow, UserTaskRow, WorkerJobRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """How a scenario went."""

    name: str
    #: line of the scenario, or of the step at which it ended
    line: int
    #: what was not as it should be; empty when it passed
    faults: tuple[Told, ...]
    #: operations and questions that were reached and had no answer
    unanswered: tuple[str, ...]
    history: Sequence[HistoryRow]

    @property
    def passed(self) -> bool:
        """Nothing was wrong."""
        return not self.faults


class StepFails(Exception):
    """A step cannot be done."""

    def __init__(self, why: Told) -> None:
        super().__init__(why)
        self.why = why


def play(stage: Stage, scenario: Scenario) -> Played:
    """Play one scenario from the moment after the deployment; the stage is left as it ended."""
    answers = Answers(
        operations=scenario.operations,
        functions=scenario.functions,
        holidays=scenario.holidays,
    )
    stage.set_back(answers, scenario.at)
    line, faults = Play(stage, scenario).whole()
    return Played(
        name=scenario.name,
        line=line,
        faults=tuple(faults),
        unanswered=tuple(sorted(answers.missing)),
        history=tuple(stage.tables.history.values()),
    )


class Play:
    """A scenario on its way; steps are done one by one."""

    def __init__(self, stage: Stage, scenario: Scenario) -> None:
        self._stage = stage
        self._scenario = scenario
        self._key: int | None = None

    def whole(self) -> tuple[int, Sequence[Told]]:
        """The line at which it ended, and what was wrong there."""
        told = self._scenario
        line = told.line
        try:
            self.begin()
            for placed in told.steps:
                line = placed.line
                faults = self.do(placed.step)
                if faults:
                    return line, faults
        except StepFails as fails:
            return line, [fails.why]
        except UseCaseError as wrong:
            return line, _faults(wrong)
        return told.line, ()

    def begin(self) -> None:
        """Start the instance, unless a step begins it."""
        told = self._scenario
        if told.start is not None:
            self._key = self._stage.start(told.process_id, told.start, told.business_key)

    def do(self, step: Step) -> Sequence[Told]:
        """Do one step; what an expectation found wrong."""
        match step:
            case Expect():
                actors = {person: self.actor(person) for person in step.sees}
                return faults_of(step, self._observed(), actors)
            case Enter():
                with _refusal(step.refused):
                    self._key = self._stage.enter(
                        self._scenario.process_id, self.actor(step.by), step.form
                    )
            case Complete():
                self._complete(step)
            case Work():
                self._work(step)
            case Send(signal=True):
                self._stage.signal(step.name, step.variables)
            case Send():
                self._stage.publish(step.name, step.correlation_key, step.variables)
            case Advance():
                self._advance(step)
            case SetVariables():
                self._stage.set_variables(self._instance(), step.variables)
            case Retry():
                self._retry(step)
            case Cancel():
                self._stage.cancel(self._instance())
        return ()

    def _complete(self, step: Complete) -> None:
        waiting = [t for t in self._tasks() if t.element_id == step.element_id]
        if len(waiting) < step.number:
            raise StepFails(_absent("task", step.element_id, self._tasks()))
        task = waiting[step.number - 1]
        with _refusal(step.refused):
            self._stage.complete(task, self._person(step.by, task), step.form)

    def _work(self, step: Work) -> None:
        waiting = [j for j in self._jobs() if j.element_id == step.element_id]
        if len(waiting) < step.number:
            raise StepFails(_absent("job", step.element_id, self._jobs()))
        job = waiting[step.number - 1]
        if step.failure is not None:
            self._stage.fail(job, step.failure)
        elif step.error is not None:
            self._stage.throw(job, step.error, step.variables)
        else:
            self._stage.finish(job, step.variables)

    def _advance(self, step: Advance) -> None:
        by = step.by
        until = step.to if by is None else self._stage.clock.now() + by
        if until is None or until < self._stage.clock.now():
            raise StepFails(Told("time-back", "time does not go back"))
        self._stage.advance_to(until)

    def _retry(self, step: Retry) -> None:
        for incident in self._observed().incidents:
            if incident.element_id == step.element_id:
                self._stage.retry(incident.instance_key, incident.token)
                return
        sentence = f"no open incident at '{step.element_id}'"
        raise StepFails(Told("no-incident", sentence, element=step.element_id))

    def root(self) -> int | None:
        """The instance of the scenario: started by it, or the first that an event started."""
        if self._key is None:
            roots = (
                row.key
                for row in self._stage.tables.instances.values()
                if row.parent_key is None and row.process_id == self._scenario.process_id
            )
            self._key = min(roots, default=None)
        return self._key

    def _instance(self) -> int:
        key = self.root()
        if key is None:
            sentence = f"no instance of '{self._scenario.process_id}' was started"
            raise StepFails(Told("not-started", sentence))
        return key

    def _observed(self) -> Observed:
        return Observed(self._stage, self._instance())

    def _tasks(self) -> Sequence[UserTaskRow]:
        return self._observed().tasks

    def _jobs(self) -> Sequence[WorkerJobRow]:
        return self._observed().jobs

    def actor(self, person: str) -> Actor:
        """A person of the scenario with the groups held."""
        groups = self._scenario.people.get(person, frozenset())
        return Actor(kind=ActorKind.PERSON, name=person, person_id=person, groups=groups)

    def _person(self, person: str | None, task: UserTaskRow) -> Actor:
        """Who ends a task: the one named, else whoever the drawing found."""
        return whoever(task) if person is None else self.actor(person)


@contextmanager
def _refusal(wanted: Sequence[str] | None) -> Iterator[None]:
    """What happens inside is refused for these fields; None: it is not refused."""
    if wanted is None:
        yield
        return
    try:
        yield
    except InputRefused as refused:
        found = sorted({fault.field for fault in refused.faults})
        if found != sorted(wanted):
            sentence = f"refused for {found}, expected {sorted(wanted)}"
            why = Told("refused-other", sentence, fields=tuple(sorted(wanted)), found=tuple(found))
            raise StepFails(why) from refused
    else:
        raise StepFails(Told("taken", "it was taken, and should have been refused"))


def _faults(wrong: UseCaseError) -> Sequence[Told]:
    """What went wrong at a step, as sentences."""
    match wrong:
        case OutOfTime():
            return [Told("out-of-time", str(wrong))]
        case NeverRests():
            return [Told("never-rests", str(wrong))]
        case InputRefused():
            return [_fault(fault) for fault in wrong.faults]
    return [Told("refused", f"refused: {wrong}", why=str(wrong))]


def _fault(fault: FieldFault) -> Told:
    facts = {"field": fault.field, "why": fault.code, "message": fault.message}
    return Told("field", f"{fault.field}: {fault.message}", **facts)


def _absent(what: str, element: str, rows: Sequence[UserTaskRow] | Sequence[WorkerJobRow]) -> Told:
    standing = tuple(row.element_id for row in rows)
    sentence = f"no open {what} '{element}'; open: {', '.join(standing) or 'none'}"
    return Told(f"no-{what}", sentence, element=element, found=standing)
