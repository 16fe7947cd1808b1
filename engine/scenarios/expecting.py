"""What a scenario expects beside what is there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

from engine.rehearsal.house import may_take
from engine.usecases.ports.process import InstanceStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.rehearsal.stage import Stage
    from engine.scenarios.model import Expect, Rule
    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import (
        HistoryRow,
        IncidentRow,
        Json,
        UserTaskRow,
        WorkerJobRow,
    )


class Observed:
    """An instance tree on the stage."""

    def __init__(self, stage: Stage, root_key: int) -> None:
        self._stage = stage
        self._root = root_key

    @property
    def tasks(self) -> Sequence[UserTaskRow]:
        """Open user tasks, oldest first."""
        return [task for task in self._stage.open_tasks() if task.root_key == self._root]

    @property
    def jobs(self) -> Sequence[WorkerJobRow]:
        """Open jobs of external workers, oldest first."""
        return [job for job in self._stage.open_jobs() if job.root_key == self._root]

    @property
    def incidents(self) -> Sequence[IncidentRow]:
        """Open incidents."""
        found = self._stage.tables.incidents.values()
        return [row for row in found if row.root_key == self._root and row.resolved_at is None]

    @property
    def history(self) -> Sequence[HistoryRow]:
        """What happened, oldest first."""
        return [r for r in self._stage.tables.history.values() if r.root_key == self._root]

    @property
    def ended(self) -> bool:
        """Whether the instance is no longer active."""
        return self._stage.instance(self._root).status is not InstanceStatus.ACTIVE

    @property
    def variables(self) -> Mapping[str, Json]:
        """Variables of the root scope."""
        return self._stage.variables(self._root)


def faults_of(expected: Expect, seen: Observed, actors: Mapping[str, Actor]) -> tuple[str, ...]:
    """Everything that is not as expected, as sentences."""
    return tuple(_faults(expected, seen, actors))


def _faults(expected: Expect, seen: Observed, actors: Mapping[str, Actor]) -> Iterator[str]:
    for what, wanted, rows in (
        ("open tasks", expected.tasks, seen.tasks),
        ("open jobs", expected.jobs, seen.jobs),
        ("incidents", expected.incidents, seen.incidents),
    ):
        yield from _same_elements(what, wanted, [row.element_id for row in rows])
    yield from _path(expected, seen.history)
    if expected.variables:
        yield from _variables(expected.variables, seen.variables)
    for person, wanted in expected.sees.items():
        listed = [t.element_id for t in seen.tasks if may_take(actors[person], t)]
        yield from _same_elements(f"tasks in the list of {person}", wanted, listed)
    yield from _assigned(expected.assigned, seen.tasks)
    for decision, rule in expected.decisions.items():
        yield from _decision(decision, rule, seen.history)
    if expected.ended is not None and expected.ended != seen.ended:
        yield ("the instance has not ended" if expected.ended else "the instance has ended")
        if expected.ended:
            yield from (f"incident at '{i.element_id}': {i.message}" for i in seen.incidents)


def _same_elements(what: str, wanted: Sequence[str] | None, found: Sequence[str]) -> Iterator[str]:
    if wanted is not None and Counter(wanted) != Counter(found):
        yield f"{what}: expected {_list(wanted)}, found {_list(found)}"


def _path(expected: Expect, history: Sequence[HistoryRow]) -> Iterator[str]:
    done = iter([row.element_id for row in history if row.event == "completed"])
    for element in expected.path or ():
        if element not in done:  # moves the iterator behind the element
            yield f"path: '{element}' was not completed, or not in this order"
            break
    entered = {row.element_id for row in history if row.event in {"activated", "completed"}}
    for element in expected.never:
        if element in entered:
            yield f"'{element}' was entered"


def _variables(wanted: Mapping[str, Json], found: Mapping[str, Json]) -> Iterator[str]:
    for name, value in wanted.items():
        if name not in found and value is not None:
            yield f"variable '{name}' is not set"
        elif found.get(name) != value or isinstance(found.get(name), bool) != isinstance(
            value, bool
        ):
            yield f"variable '{name}': expected {_text(value)}, found {_text(found.get(name))}"


def _assigned(wanted: Mapping[str, str | None], tasks: Sequence[UserTaskRow]) -> Iterator[str]:
    for element, person in wanted.items():
        found = [task.assignee for task in tasks if task.element_id == element]
        if person not in found:
            who = _list([str(one) for one in found]) if found else "no open task"
            yield f"'{element}': expected to be assigned to {person}, found {who}"


def _decision(decision: str, rule: Rule, history: Sequence[HistoryRow]) -> Iterator[str]:
    told = [_facts(row) for row in history if row.event == "decision"]
    last = next((facts for facts in reversed(told) if facts.get("decision") == decision), None)
    if last is None:
        yield f"decision '{decision}' was not evaluated"
        return
    tables = last.get("tables", ())
    numbers = tuple(hit["number"] for table in tables for hit in table["rules"])
    if rule.rules is not None and rule.rules != numbers:
        yield f"decision '{decision}': expected rules {_list(rule.rules)}, found {_list(numbers)}"
    if rule.result is not None and _text(rule.result[0]) != _text(last.get("result")):
        found = _text(last.get("result"))
        yield f"decision '{decision}': expected {_text(rule.result[0])}, found {found}"


def _facts(row: HistoryRow) -> Mapping[str, Any]:
    found: Mapping[str, Any] = orjson.loads(row.detail or "{}")
    return found


def _text(value: Json) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS).decode()


def _list(names: Sequence[object]) -> str:
    return ", ".join(map(str, names)) or "none"
