"""Scenario files read whole: every scenario, or every fault with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from engine.rehearsal.answers import Given
from engine.scenarios.fields import Fields
from engine.scenarios.model import (
    Advance,
    Cancel,
    Complete,
    Enter,
    Expect,
    Placed,
    Retry,
    Rule,
    Scenario,
    ScenarioFile,
    Send,
    SetVariables,
    Step,
    Work,
)
from engine.scenarios.source import ScenarioUnreadable, plain, read_yaml
from engine.usecases.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.usecases.ports.process import Resource

#: scenarios of one file, and steps of one scenario
SCENARIOS_MAX: Final = 500
STEPS_MAX: Final = 500
#: when a scenario does not say at which moment it begins: a Monday morning in January
BEGINS_AT: Final = datetime(2026, 1, 5, 1, tzinfo=UTC)


def read_scenarios(resource: Resource) -> tuple[ScenarioFile | None, Sequence[Finding]]:
    """The scenarios of a file, or None with every fault."""
    findings: list[Finding] = []
    try:
        whole = Fields(read_yaml(resource.content), "A scenario file", 1)
        process_id = whole.text("process")
        shared = _Shared(whole, process_id)
        told = whole.items("scenarios")
        if not told or len(told) > SCENARIOS_MAX:
            raise whole.wrong(f"'scenarios' is a list of 1 to {SCENARIOS_MAX} scenarios.")
        whole.done()
    except ScenarioUnreadable as wrong:
        return None, [_finding(resource, wrong)]
    scenarios = []
    for one in told:
        try:
            scenarios.append(shared.scenario(one))
        except ScenarioUnreadable as wrong:
            findings.append(_finding(resource, wrong))
    findings += _twice(resource, scenarios)
    if findings:
        return None, findings
    return ScenarioFile(
        resource=resource.name, process_id=process_id, scenarios=tuple(scenarios)
    ), ()


def read_run(told: Mapping[str, Any]) -> Scenario:
    """One scenario from JSON values, as a file would hold it, with its `process` and no name.

    Raises ScenarioUnreadable.
    """
    whole = Fields(dict(told), "A run")
    shared = _Shared(Fields({}, "A run"), whole.text("process"))
    rest = {key: value for key, value in told.items() if key != "process"}
    return shared.scenario({**rest, "name": "run"})


def _finding(resource: Resource, wrong: ScenarioUnreadable) -> Finding:
    return Finding(
        severity="error",
        code="scenario",
        message=str(wrong),
        resource=resource.name,
        line=wrong.line,
    )


def _twice(resource: Resource, scenarios: Sequence[Scenario]) -> list[Finding]:
    seen: dict[str, int] = {}
    found = []
    for one in scenarios:
        if seen.setdefault(one.name, one.line) != one.line:
            wrong = ScenarioUnreadable(f"Two scenarios are called '{one.name}'.", one.line)
            found.append(_finding(resource, wrong))
    return found


class _Shared:
    """What stands above the scenarios and holds for each that does not say otherwise."""

    def __init__(self, whole: Fields, process_id: str) -> None:
        self._process_id = process_id
        self._at = whole.moment("at", BEGINS_AT)
        self._people = _people(whole)
        self._holidays = whole.days("holidays")
        self._operations, self._functions = answers_of(whole)

    def scenario(self, value: Any) -> Scenario:
        """One scenario; raises ScenarioUnreadable."""
        told = Fields(value, "A scenario")
        operations, functions = answers_of(told)
        steps = told.items("steps")
        if len(steps) > STEPS_MAX:
            raise told.wrong(f"A scenario has at most {STEPS_MAX} steps.")
        begun = told.has("start")
        found = Scenario(
            name=told.text("name"),
            line=told.line,
            process_id=self._process_id,
            at=told.moment("at", self._at),
            start=told.mapping("start") if begun else None,
            business_key=told.text("business_key", None),
            people={**self._people, **_people(told)},
            operations={**self._operations, **operations},
            functions={**self._functions, **functions},
            holidays=self._holidays | told.days("holidays"),
            steps=tuple(_step(one, told.line) for one in steps),
        )
        told.done()
        return found


def _people(told: Fields) -> dict[str, frozenset[str]]:
    people = told.inside("people")
    return {name: frozenset(people.texts(name) or ()) for name in people.names()}


def answers_of(
    told: Fields,
) -> tuple[dict[str, Sequence[Given]], dict[str, Sequence[Given]]]:
    """What `answers` says of operations, and of questions."""
    answers = told.inside("answers")
    operations, functions = answers.inside("operations"), answers.inside("functions")
    answers.done()
    return (
        {name: _given(operations, name) for name in operations.names()},
        {name: _given(functions, name) for name in functions.names()},
    )


def _given(told: Fields, name: str) -> Sequence[Given]:
    value = told.raw(name)
    several = value if isinstance(value, list) else [value]
    return tuple(_one_answer(one, told.line) for one in several)


def _one_answer(value: Any, line: int) -> Given:
    """`{to, gives, error, fails}`, or a plain value."""
    if not isinstance(value, dict):
        return Given(value=plain(value))
    told = Fields(value, "An answer", line)
    found = Given(
        to=plain(told.items("to")) if told.has("to") else None,
        value=told.value("gives", None),
        error=told.text("error", None),
        failure=told.text("fails", None),
    )
    told.done()
    return found


def _step(value: Any, line: int) -> Placed:
    told = Fields(value, "A step", line)
    for word, read in _STEPS.items():
        if told.has(word):
            step = read(told)
            told.done()
            return Placed(step=step, line=told.line)
    raise told.wrong(f"A step begins with one of: {', '.join(_STEPS)}.")


def _enter(told: Fields) -> Step:
    return Enter(by=told.text("enter"), form=told.mapping("form"), refused=told.texts("refused"))


def _complete(told: Fields) -> Step:
    return Complete(
        element_id=told.text("complete"),
        by=told.text("by", None),
        form=told.mapping("form"),
        number=told.number("number", 1),
        refused=told.texts("refused"),
    )


def _work(told: Fields) -> Step:
    return Work(
        element_id=told.text("work"),
        variables=told.mapping("variables"),
        error=told.text("error", None),
        failure=told.text("fails", None),
        number=told.number("number", 1),
    )


def _message(told: Fields) -> Step:
    key = told.value("key", "")
    return Send(
        name=told.text("message"),
        correlation_key=str(key),
        variables=told.mapping("variables"),
    )


def _signal(told: Fields) -> Step:
    return Send(name=told.text("signal"), variables=told.mapping("variables"), signal=True)


def _advance(told: Fields) -> Step:
    return Advance(by=told.length("advance"))


def _until(told: Fields) -> Step:
    return Advance(to=told.moment("until"))


def _set(told: Fields) -> Step:
    return SetVariables(variables=told.mapping("set"))


def _retry(told: Fields) -> Step:
    return Retry(element_id=told.text("retry"))


def _cancel(told: Fields) -> Step:
    if told.flag("cancel") is not True:
        raise told.wrong("'cancel' is true.")
    return Cancel()


def _expect(outer: Fields) -> Step:
    told = Fields(outer.raw("expect"), "'expect'", outer.line)
    sees = told.inside("sees")
    assigned = told.inside("assigned")
    found = Expect(
        path=told.texts("path"),
        never=told.texts("never") or (),
        variables=told.mapping("variables"),
        decisions=_rules(told.inside("decisions")),
        tasks=told.texts("tasks"),
        jobs=told.texts("jobs"),
        incidents=told.texts("incidents"),
        sees={person: sees.texts(person) or () for person in sees.names()},
        assigned={element: assigned.text(element, None) for element in assigned.names()},
        ended=told.flag("ended"),
    )
    told.done()
    return found


def _rules(told: Fields) -> Mapping[str, Rule]:
    found: dict[str, Rule] = {}
    for name in told.names():
        one = told.inside(name)
        rules = plain(one.items("rules")) if one.has("rules") else None
        result = (one.value("result"),) if one.has("result") else None
        one.done()
        found[name] = Rule(rules=None if rules is None else tuple(rules), result=result)
    return found


_STEPS: Final[Mapping[str, Callable[[Fields], Step]]] = {
    "enter": _enter,
    "complete": _complete,
    "work": _work,
    "message": _message,
    "signal": _signal,
    "advance": _advance,
    "until": _until,
    "set": _set,
    "retry": _retry,
    "cancel": _cancel,
    "expect": _expect,
}
