"""A run played by hand: all its steps from the start, and what stands then."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from engine.rehearsal.house import may_take
from engine.rehearsal.stage import NeverRests, OutOfTime, Props, Stage
from engine.scenarios.beginning import beginnings
from engine.scenarios.expecting import Observed
from engine.scenarios.model import Complete, Enter
from engine.scenarios.noting import NotedAnswers
from engine.scenarios.playing import Play, StepFails
from engine.scenarios.reading import read_run
from engine.scenarios.seen import Seen
from engine.scenarios.source import ScenarioUnreadable
from engine.usecases import starting
from engine.usecases.errors import FieldFault, InputRefused, NotFound, UseCaseError
from engine.usecases.form_context import form_context
from engine.usecases.ports.sandbox import OpenForm, Scene, SceneTask, Stopped
from engine.usecases.ports.scenarios import Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.scenarios.model import Scenario
    from engine.usecases.ports.process import Json, Resource
    from engine.usecases.ports.sandbox import Opened

#: what the engine says of a step that nobody may do
_NOT_YOURS: Final = "this person does not have it in the list"


def scene_of(
    props: Props,
    drawings: Sequence[Resource],
    run: Mapping[str, Json],
    opened: Opened | None = None,
) -> Scene:
    """Play a run from its start; `DrawingRefused`, `InputRefused` for one that is not readable."""
    try:
        scenario = read_run(run)
    except ScenarioUnreadable as wrong:
        fault = FieldFault(field="run", code="run_unreadable", message=str(wrong))
        raise InputRefused(fault) from wrong
    stage = Stage(props, scenario.at)
    stage.deploy(drawings)
    return _Sandbox(stage, scenario, run).scene(opened)


class _Sandbox:
    def __init__(self, stage: Stage, scenario: Scenario, run: Mapping[str, Json]) -> None:
        self._answers = NotedAnswers(
            operations=scenario.operations,
            functions=scenario.functions,
            holidays=scenario.holidays,
        )
        stage.set_back(self._answers, scenario.at)
        self._stage, self._scenario, self._run = stage, scenario, run
        self._play = Play(stage, scenario)
        self._stopped: Stopped | None = None
        self._before = Seen(stage, None)
        self._trail: list[tuple[tuple[str, str | None], ...]] = []

    def scene(self, opened: Opened | None) -> Scene:
        """Do all steps, look, and open a form."""
        self._do_all()
        root = self._play.root()
        seen = Seen(self._stage, root)
        found = Scene(
            at=self._stage.clock.now(),
            told=self._run,
            beginnings=tuple(beginnings(self._stage, self._scenario.process_id)),
            stopped=self._stopped,
            begun=root is not None,
            waits=tuple(seen.waits(self._scenario.process_id)),
            alarms=tuple(seen.alarms(self._scenario.process_id)),
        )
        if root is not None:
            found = self._filled(found, seen, root)
        form = self._open(opened) if opened is not None else None
        last = len(self._scenario.steps) - 1
        return replace(found, opened=form, asked=self._answers.told(last))

    def _do_all(self) -> None:
        steps = self._scenario.steps
        if self._tried(-1):
            for number, placed in enumerate(steps):
                if number == len(steps) - 1:
                    self._before = Seen(self._stage, self._play.root())
                if not self._tried(number, placed.step):
                    self._before = Seen(self._stage, self._play.root())
                    return

    def _tried(self, number: int, step: object = None) -> bool:
        self._answers.step = number
        try:
            with _told_apart(by_form=isinstance(step, (Complete, Enter))):
                why = self._play.begin() if step is None else self._play.do(step)  # type: ignore[func-returns-value, arg-type]
        except _Stops as stops:
            self._stopped = Stopped(step=number, why=stops.why, faults=stops.faults)
            return False
        if why:
            self._stopped = Stopped(step=number, why=tuple(why))
        root = self._play.root()
        tasks = Observed(self._stage, root).tasks if root is not None else ()
        self._trail.append(tuple((task.element_id, task.assignee) for task in tasks))
        return not why

    def _filled(self, scene: Scene, seen: Seen, root: int) -> Scene:
        observed = Observed(self._stage, root)
        before = self._before
        return replace(
            scene,
            ended=observed.ended,
            tokens=seen.tokens(),
            passed=seen.passed(),
            walked=seen.walked(),
            tasks=tuple(self._tasks(observed)),
            jobs=tuple(observed.jobs),
            incidents=tuple(observed.incidents),
            variables=tuple(seen.variables(before)),
            decisions=tuple(seen.decisions(before)),
            called=tuple(seen.called()),
            history=tuple(observed.history),
            history_before=len(before.history),
            trail=tuple(self._trail),
            names=seen.names(),
        )

    def _tasks(self, observed: Observed) -> Iterator[SceneTask]:
        counted: dict[str, int] = {}
        people = {name: self._play.actor(name) for name in self._scenario.people}
        for row in observed.tasks:
            counted[row.element_id] = counted.get(row.element_id, 0) + 1
            yield SceneTask(
                row=row,
                number=counted[row.element_id],
                sees=tuple(name for name, actor in people.items() if may_take(actor, row)),
            )

    def _open(self, opened: Opened) -> OpenForm | None:
        """The form that is asked for; None when it cannot be opened now."""
        self._answers.step = len(self._scenario.steps)
        if opened.element_id is None:
            return self._start_form(opened.person)
        root = self._play.root()
        tasks = Observed(self._stage, root).tasks if root is not None else ()
        rows = [task for task in tasks if task.element_id == opened.element_id]
        if len(rows) < opened.number or opened.number < 1:
            return None
        row, house = rows[opened.number - 1], self._stage.house
        with house.reading() as uow:
            form = uow.processes.form(row.form_key) if row.form_key else None
            return OpenForm(form=form, variables=form_context(house, uow, row, form))

    def _start_form(self, person: str) -> OpenForm | None:
        try:
            view = starting.start_view(
                self._stage.house, self._play.actor(person), self._scenario.process_id
            )
        except NotFound:
            return None
        return OpenForm(form=view.form, variables=view.variables)


class _Stops(Exception):
    def __init__(self, *why: Told, faults: Sequence[FieldFault] = ()) -> None:
        super().__init__(*why)
        self.why = why
        self.faults = tuple(faults)


@contextmanager
def _told_apart(*, by_form: bool) -> Iterator[None]:
    """What keeps a step from being done, as sentences."""
    try:
        yield
    except StepFails as fails:
        raise _Stops(fails.why) from fails
    except OutOfTime as over:
        raise _Stops(Told("out-of-time", str(over))) from over
    except NeverRests as never:
        raise _Stops(Told("never-rests", str(never))) from never
    except InputRefused as refused:
        why = [
            Told(
                "field",
                f"{one.field}: {one.message}",
                field=one.field,
                why=one.code,
                message=one.message,
            )
            for one in refused.faults
        ]
        raise _Stops(*why, faults=refused.faults) from refused
    except NotFound as absent:
        code = "not-yours" if by_form else "refused"
        raise _Stops(Told(code, _NOT_YOURS if by_form else str(absent))) from absent
    except UseCaseError as refused:
        told = Told("refused", f"refused: {refused}", why=str(refused))
        raise _Stops(told) from refused
