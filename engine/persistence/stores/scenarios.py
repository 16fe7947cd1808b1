"""Scenario files, newest of a name first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.persistence.stores.rows import RowMapper
from engine.persistence.stores.transaction import Store
from engine.persistence.tables.scenarios import scenario_file, trial_result
from engine.usecases.ports.scenarios import ScenarioRow, TrialRow

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_FILE = RowMapper(ScenarioRow, scenario_file)
_F = scenario_file.c
_TRIAL = RowMapper(TrialRow, trial_result)
_R = trial_result.c


class SqlScenarioStore(Store):
    """`ScenarioStore` on SQL; rows of files never change."""

    def add(self, row: ScenarioRow) -> None:
        """Keep a file."""
        self._tx.execute(scenario_file.insert(), _FILE.values(row))

    def newest(self, process_ids: Collection[str] | None = None) -> Sequence[ScenarioRow]:
        """The newest version of each file (about these processes), by process id and name."""
        newest = sa.select(sa.func.max(_F.key)).group_by(_F.resource_name)
        wanted = sa.select(*_FILE.columns).where(_F.key.in_(newest))
        if process_ids is not None:
            wanted = wanted.where(_F.process_id.in_(sorted(process_ids)))
        return _FILE.all_of(self._tx.execute(wanted.order_by(_F.process_id, _F.resource_name)))

    def trial(self, process_id: str) -> TrialRow | None:
        """How the scenarios of a process went last."""
        wanted = sa.select(*_TRIAL.columns).where(_R.process_id == process_id)
        return next(iter(_TRIAL.all_of(self._tx.execute(wanted))), None)

    def trials(self) -> Sequence[TrialRow]:
        """The same of all processes, by id."""
        wanted = sa.select(*_TRIAL.columns).order_by(_R.process_id)
        return _TRIAL.all_of(self._tx.execute(wanted))

    def put_trial(self, row: TrialRow) -> None:
        """Keep how they went in the place of what was kept before."""
        self._tx.execute(trial_result.delete().where(_R.process_id == row.process_id))
        self._tx.execute(trial_result.insert(), _TRIAL.values(row))
