"""Versions of decisions by validity: which one counts on a day, and what it says."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.dmn import (
    DecisionModel,
    DmnError,
    MemoryRule,
    explain,
    memory_rules,
    read_inputs,
    read_model,
)
from engine.feel import FeelError, FeelWarning, to_json
from engine.runtime.limits import MAX_PROGRAMS
from engine.usecases.decision_validity import choose
from engine.usecases.errors import Conflict, NotFound
from engine.usecases.ports.runner import Consulted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime, tzinfo

    from engine.runtime.house import Engine
    from engine.usecases.ports.process import DecisionRow, Json
    from engine.usecases.ports.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A model with its rows from memory."""

    model: DecisionModel
    memory: tuple[MemoryRule, ...]


class Decisions:
    """Compiled decision models by key of the row, the least recently used forgotten first."""

    def __init__(self, names: frozenset[str], size: int = MAX_PROGRAMS) -> None:
        self._names = names
        self._size = size
        self._kept: OrderedDict[int, _Compiled] = OrderedDict()
        self._lock = threading.Lock()

    def evaluate(  # noqa: PLR0913 - the facts of one question
        self,
        uow: UnitOfWork,
        decision_id: str,
        scope: Mapping[str, Json],
        *,
        as_of: date,
        agency_id: str | None = None,
        deployment_key: int | None = None,
        version_tag: str | None = None,
    ) -> Consulted:
        """The version used and its result as JSON; `NotFound`, `DmnError`, `FeelError`.

        A row from memory counts only if the agency's HR confirmed it as it stands in this version.
        """
        rows = [
            row
            for row in uow.processes.decisions(decision_id)
            if (deployment_key is None or row.deployment_key <= deployment_key)
            and version_tag in {None, row.version_tag}
        ]
        row = choose(rows, as_of, agency_id)
        if row is None:
            raise NotFound("decision", f"{decision_id} valid on {as_of.isoformat()}")
        return self.evaluate_version(uow, row, scope, agency_id=agency_id)

    def evaluate_version(
        self,
        uow: UnitOfWork,
        row: DecisionRow,
        scope: Mapping[str, Json],
        *,
        agency_id: str | None = None,
    ) -> Consulted:
        """The same of one version, whether it is valid or not."""
        compiled = self._compiled(row)
        confirmed = _confirmed(uow, agency_id, compiled.memory)
        warnings: list[FeelWarning] = []
        outcome = compiled.model.evaluate(
            row.decision_id,
            read_inputs(compiled.model, scope),
            warnings,
            confirmed_rules=confirmed,
        )
        used = {rule_id for table in outcome.matched for rule_id in table.rule_ids}
        return Consulted(
            row=row,
            value=to_json(outcome.value),
            unconfirmed=tuple(hit.rule_id for hit in outcome.unconfirmed),
            confirmed=tuple(sorted(used & confirmed)),
            because=partial(explain, outcome, warnings),
        )

    def _compiled(self, row: DecisionRow) -> _Compiled:
        with self._lock:
            known = self._kept.get(row.key)
            if known is not None:
                self._kept.move_to_end(row.key)
                return known
        model = read_model(row.xml, names=self._names)
        made = _Compiled(model, memory_rules(row.xml, carried=True))
        with self._lock:
            self._kept[row.key] = made
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made


def consult(
    engine: Engine,
    uow: UnitOfWork,
    decision_id: str,
    scope: Mapping[str, Json],
    moment: tuple[datetime, str | None],
) -> Consulted:
    """Evaluate for an agency as of a moment, in its zone; `NotFound`, `Conflict`."""
    as_of, agency_id = moment
    place = _place(engine, uow, agency_id)
    day = (as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)).astimezone(place).date()
    with _answering(decision_id):
        return engine.decisions.evaluate(
            uow, decision_id, _timed(engine, scope, place), as_of=day, agency_id=agency_id
        )


def consult_version(
    engine: Engine,
    uow: UnitOfWork,
    row: DecisionRow,
    scope: Mapping[str, Json],
    agency_id: str | None,
) -> Consulted:
    """Evaluate one version as of now; `Conflict`."""
    values = _timed(engine, scope, _place(engine, uow, agency_id))
    with _answering(row.decision_id):
        return engine.decisions.evaluate_version(uow, row, values, agency_id=agency_id)


def _place(engine: Engine, uow: UnitOfWork, agency_id: str | None) -> tzinfo:
    return engine.zone(uow, agency_id) if engine.zone is not None else ZoneInfo("Asia/Jakarta")


def _timed(engine: Engine, scope: Mapping[str, Json], place: tzinfo) -> dict[str, Any]:
    """With the instant that `now()` gives."""
    return {"$now": engine.clock.now().astimezone(place), **scope}


@contextmanager
def _answering(decision_id: str) -> Iterator[None]:
    """A decision without an answer is a `Conflict` that says why."""
    try:
        yield
    except (DmnError, FeelError) as problem:
        raise Conflict(f"decision {decision_id}: {problem}") from problem


def _confirmed(
    uow: UnitOfWork, agency_id: str | None, memory: tuple[MemoryRule, ...]
) -> frozenset[str]:
    """Ids of the rows from memory that the agency confirmed; asks only where there are any."""
    if agency_id is None or not memory:
        return frozenset()
    said = uow.confirmations.standing(agency_id, {rule.owner_id for rule in memory})
    keys = {(row.decision_id, row.rule_id, row.rule_hash) for row in said}
    return frozenset(rule.rule_id for rule in memory if rule.key in keys)
