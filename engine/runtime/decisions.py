"""Versions of decisions by validity: which one counts on a day, and what it says."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import date
from typing import TYPE_CHECKING, Final

from engine.dmn import DecisionModel, read_model
from engine.feel import to_json
from engine.runtime.limits import MAX_PROGRAMS
from engine.usecases.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.process import DecisionRow, Json
    from engine.usecases.ports.work import UnitOfWork

#: validity of a table that says nothing: always, unless a dated version holds on that day
ALWAYS: Final = (date.min, None)


def holds(row: DecisionRow, day: date) -> bool:
    """Whether a version is valid on a day; `valid_to` is the first day after."""
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def choose(rows: Sequence[DecisionRow], day: date, agency_id: str | None) -> DecisionRow | None:
    """The version that counts.

    The agency's own before that of all agencies, dated before undated, then the newest.
    """
    valid = [r for r in rows if holds(r, day) and r.agency_id in {None, agency_id}]
    return max(
        valid,
        key=lambda r: (r.agency_id is not None, (r.valid_from, r.valid_to) != ALWAYS, r.version),
        default=None,
    )


class Decisions:
    """Compiled decision models by key of the row, the least recently used forgotten first."""

    def __init__(self, names: frozenset[str], size: int = MAX_PROGRAMS) -> None:
        self._names = names
        self._size = size
        self._kept: OrderedDict[int, DecisionModel] = OrderedDict()
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
    ) -> tuple[DecisionRow, Json]:
        """The version used and its result as JSON; `NotFound`, `DmnError`, `FeelError`."""
        rows = [
            row
            for row in uow.processes.decisions(decision_id)
            if (deployment_key is None or row.deployment_key <= deployment_key)
            and version_tag in {None, row.version_tag}
        ]
        row = choose(rows, as_of, agency_id)
        if row is None:
            raise NotFound("decision", f"{decision_id} valid on {as_of.isoformat()}")
        outcome = self._model(row).evaluate(decision_id, scope)
        return row, to_json(outcome.value)

    def _model(self, row: DecisionRow) -> DecisionModel:
        with self._lock:
            known = self._kept.get(row.key)
            if known is not None:
                self._kept.move_to_end(row.key)
                return known
        model = read_model(row.xml, names=self._names)
        with self._lock:
            self._kept[row.key] = model
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return model
