"""A unit of work in which files are deployed that are not: for looking ahead, never for writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.process import (
        DecisionRow,
        DefinitionRow,
        FormRow,
        SubscriptionRow,
    )
    from engine.usecases.ports.process_store import ProcessStore
    from engine.usecases.ports.work import UnitOfWork


def as_if(uow: UnitOfWork) -> UnitOfWork:
    """The same unit of work, but versions that are added to it are kept in memory alone."""
    return cast("UnitOfWork", _AsIf(uow))


class _AsIf:
    """All stores are those of the real one but the one of processes."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.processes = _Versions(uow.processes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._uow, name)


class _Versions:
    """New versions first, then those of the store behind, which answers everything else."""

    def __init__(self, behind: ProcessStore) -> None:
        self._behind = behind
        self._processes: list[DefinitionRow] = []
        self._decisions: list[DecisionRow] = []
        self._forms: list[FormRow] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)

    def add_definition(self, row: DefinitionRow) -> None:
        """Keep a new version in memory."""
        self._processes.insert(0, row)

    def definition(self, key: int) -> DefinitionRow | None:
        """A version by key."""
        new = next((row for row in self._processes if row.key == key), None)
        return new or self._behind.definition(key)

    def latest_definition(self, process_id: str) -> DefinitionRow | None:
        """The newest version."""
        new = next((row for row in self._processes if row.process_id == process_id), None)
        return new or self._behind.latest_definition(process_id)

    def standing_definition(self, process_id: str) -> DefinitionRow | None:
        """The newest version."""
        return self.latest_definition(process_id)

    def deployment_definition(self, process_id: str, deployment_key: int) -> DefinitionRow | None:
        """The version that came with that deployment."""
        for row in self._processes:
            if (row.process_id, row.deployment_key) == (process_id, deployment_key):
                return row
        return self._behind.deployment_definition(process_id, deployment_key)

    def definitions(self) -> Sequence[DefinitionRow]:
        """The newest version of every process, by process id."""
        rows = {row.process_id: row for row in (*self._behind.definitions(), *self._processes)}
        return [rows[name] for name in sorted(rows)]

    def definition_versions(self, process_id: str) -> Sequence[DefinitionRow]:
        """All versions of one process, newest first."""
        new = [row for row in self._processes if row.process_id == process_id]
        return [*new, *self._behind.definition_versions(process_id)]

    def replace_start_subscriptions(self, process_id: str, rows: Sequence[SubscriptionRow]) -> None:
        """Nothing starts by what is not deployed."""

    def add_decision(self, row: DecisionRow) -> None:
        """Keep a new version of a decision in memory."""
        self._decisions.insert(0, row)

    def decisions(self, decision_id: str) -> Sequence[DecisionRow]:
        """All versions of one decision, newest first."""
        new = [row for row in self._decisions if row.decision_id == decision_id]
        return [*new, *self._behind.decisions(decision_id)]

    def decision(self, key: int) -> DecisionRow | None:
        """One version of a decision."""
        new = next((row for row in self._decisions if row.key == key), None)
        return new or self._behind.decision(key)

    def decision_ids(self) -> Sequence[str]:
        """Ids of all decisions."""
        return sorted({*self._behind.decision_ids(), *(row.decision_id for row in self._decisions)})

    def add_form(self, row: FormRow) -> None:
        """Keep a new version of a form in memory."""
        self._forms.insert(0, row)

    def form(self, key: int) -> FormRow | None:
        """A form version by key."""
        new = next((row for row in self._forms if row.key == key), None)
        return new or self._behind.form(key)

    def latest_form(self, form_id: str) -> FormRow | None:
        """The newest version of a form."""
        new = next((row for row in self._forms if row.form_id == form_id), None)
        return new or self._behind.latest_form(form_id)

    def form_versions(self, form_id: str) -> Sequence[FormRow]:
        """All versions of one form, newest first."""
        new = [row for row in self._forms if row.form_id == form_id]
        return [*new, *self._behind.form_versions(form_id)]

    def deployed_form(
        self, form_id: str, deployment_key: int, version_tag: str | None = None
    ) -> FormRow | None:
        """The newest version (with that tag) that stood when that deployment was done."""
        for row in self._forms:
            tagged = version_tag is None or row.version_tag == version_tag
            if row.form_id == form_id and row.deployment_key <= deployment_key and tagged:
                return row
        return self._behind.deployed_form(form_id, deployment_key, version_tag)
