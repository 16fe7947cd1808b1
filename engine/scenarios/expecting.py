"""What a scenario expects beside what is there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

from engine.rehearsal.house import may_take
from engine.usecases.ports.process import InstanceStatus
from engine.usecases.ports.scenarios import Told

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


def faults_of(expected: Expect, seen: Observed, actors: Mapping[str, Actor]) -> tuple[Told, ...]:
    """Everything that is not as expected, as sentences."""
    return tuple(_faults(expected, seen, actors))


def _faults(expected: Expect, seen: Observed, actors: Mapping[str, Actor]) -> Iterator[Told]:
    for code, what, wanted, rows in (
        ("tasks", "open tasks", expected.tasks, seen.tasks),
        ("jobs", "open jobs", expected.jobs, seen.jobs),
        ("incidents", "incidents", expected.incidents, seen.incidents),
    ):
        yield from _same_elements(code, what, wanted, [row.element_id for row in rows])
    yield from _path(expected, seen.history)
    if expected.variables:
        yield from _variables(expected.variables, seen.variables)
    for person, wanted in expected.sees.items():
        listed = [t.element_id for t in seen.tasks if may_take(actors[person], t)]
        what = f"tasks in the list of {person}"
        yield from _same_elements("sees", what, wanted, listed, person=person)
    yield from _assigned(expected.assigned, seen.tasks)
    for decision, rule in expected.decisions.items():
        yield from _decision(decision, rule, seen.history)
    if expected.ended is not None and expected.ended != seen.ended:
        if not expected.ended:
            yield Told("ended", "the instance has ended")
            return
        yield Told("not-ended", "the instance has not ended")
        for one in seen.incidents:
            yield _incident(one)


def _incident(one: IncidentRow) -> Told:
    sentence = f"incident at '{one.element_id}': {one.message}"
    return Told("incident", sentence, element=one.element_id, message=one.message)


def _same_elements(
    code: str,
    what: str,
    wanted: Sequence[str] | None,
    found: Sequence[str],
    **facts: str,
) -> Iterator[Told]:
    if wanted is not None and Counter(wanted) != Counter(found):
        sentence = f"{what}: expected {_list(wanted)}, found {_list(found)}"
        yield Told(code, sentence, elements=tuple(wanted), found=tuple(found), **facts)


def _path(expected: Expect, history: Sequence[HistoryRow]) -> Iterator[Told]:
    done = iter([row.element_id for row in history if row.event == "completed"])
    for element in expected.path or ():
        if element not in done:  # moves the iterator behind the element
            sentence = f"path: '{element}' was not completed, or not in this order"
            yield Told("path", sentence, element=element)
            break
    entered = {row.element_id for row in history if row.event in {"activated", "completed"}}
    for element in expected.never:
        if element in entered:
            yield Told("never", f"'{element}' was entered", element=element)


def _variables(wanted: Mapping[str, Json], found: Mapping[str, Json]) -> Iterator[Told]:
    for name, value in wanted.items():
        if name not in found and value is not None:
            yield Told("variable-unset", f"variable '{name}' is not set", name=name)
        elif found.get(name) != value or isinstance(found.get(name), bool) != isinstance(
            value, bool
        ):
            facts = {"wanted": _text(value), "found": _text(found.get(name))}
            sentence = f"variable '{name}': expected {facts['wanted']}, found {facts['found']}"
            yield Told("variable", sentence, name=name, **facts)


def _assigned(wanted: Mapping[str, str | None], tasks: Sequence[UserTaskRow]) -> Iterator[Told]:
    for element, person in wanted.items():
        found = [task.assignee for task in tasks if task.element_id == element]
        if person not in found:
            who = _list([str(one) for one in found]) if found else "no open task"
            sentence = f"'{element}': expected to be assigned to {person}, found {who}"
            code = "assigned" if found else "assigned-nobody"
            yield Told(code, sentence, element=element, person=str(person), found=who)


def _decision(decision: str, rule: Rule, history: Sequence[HistoryRow]) -> Iterator[Told]:
    told = [_facts(row) for row in history if row.event == "decision"]
    last = next((facts for facts in reversed(told) if facts.get("decision") == decision), None)
    if last is None:
        sentence = f"decision '{decision}' was not evaluated"
        yield Told("decision-unasked", sentence, decision=decision)
        return
    tables = last.get("tables", ())
    numbers = tuple(hit["number"] for table in tables for hit in table["rules"])
    if rule.rules is not None and rule.rules != numbers:
        facts = {"wanted": _list(rule.rules), "found": _list(numbers)}
        sentence = (
            f"decision '{decision}': expected rules {facts['wanted']}, found {facts['found']}"
        )
        yield Told("decision-rules", sentence, decision=decision, **facts)
    if rule.result is not None and _text(rule.result[0]) != _text(last.get("result")):
        facts = {"wanted": _text(rule.result[0]), "found": _text(last.get("result"))}
        sentence = f"decision '{decision}': expected {facts['wanted']}, found {facts['found']}"
        yield Told("decision-result", sentence, decision=decision, **facts)


def _facts(row: HistoryRow) -> Mapping[str, Any]:
    found: Mapping[str, Any] = orjson.loads(row.detail or "{}")
    return found


def _text(value: Json) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS).decode()


def _list(names: Sequence[object]) -> str:
    return ", ".join(map(str, names)) or "none"
