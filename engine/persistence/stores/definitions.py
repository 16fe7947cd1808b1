"""Deployed processes, decisions and forms, by version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine.persistence.stores.rows import RowMapper
from engine.persistence.stores.transaction import Store
from engine.persistence.tables.process import (
    decision_definition,
    form_definition,
    process_definition,
)
from engine.usecases.errors import StaleWrite
from engine.usecases.ports.process import DecisionRow, DefinitionRow, FormRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.persistence.stores.transaction import Transaction

DEFINITION = RowMapper(
    DefinitionRow,
    process_definition,
    read={"pilot_units": lambda units: None if units is None else tuple(units)},
    write={"pilot_units": lambda units: None if units is None else list(units)},
)
DECISION = RowMapper(DecisionRow, decision_definition)
FORM = RowMapper(FormRow, form_definition)

_PROCESS = process_definition.c
_INSERT_DEFINITION = process_definition.insert()
_INSERT_DECISION = decision_definition.insert()
_INSERT_FORM = form_definition.insert()
_DEFINITIONS: sa.Select[Any] = sa.select(*DEFINITION.columns)
_BY_KEY = _DEFINITIONS.where(_PROCESS.key == sa.bindparam("key"))
_VERSIONS = _DEFINITIONS.where(_PROCESS.process_id == sa.bindparam("process_id")).order_by(
    _PROCESS.version.desc()
)
_FORM_BY_KEY = sa.select(*FORM.columns).where(form_definition.c.key == sa.bindparam("key"))
_FORM_VERSIONS = (
    sa.select(*FORM.columns)
    .where(form_definition.c.form_id == sa.bindparam("form_id"))
    .order_by(form_definition.c.version.desc())
)


class DefinitionStore(Store):
    """The part of the process store that keeps what was deployed; rows never change."""

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(transaction)
        #: what a unit that only reads was told already
        self._decisions: dict[str, Sequence[DecisionRow]] = {}

    def add_definition(self, row: DefinitionRow) -> None:
        """Keep a new version; `StaleWrite` when another deployment took its number."""
        self._keep_version(_INSERT_DEFINITION, DEFINITION.values(row))

    def definition(self, key: int) -> DefinitionRow | None:
        """A version by key."""
        return DEFINITION.one_of(self._tx.execute(_BY_KEY, {"key": key}))

    def latest_definition(self, process_id: str) -> DefinitionRow | None:
        """The newest version."""
        return DEFINITION.one_of(self._tx.execute(_VERSIONS.limit(1), {"process_id": process_id}))

    def standing_definition(self, process_id: str) -> DefinitionRow | None:
        """The newest version."""
        return self.latest_definition(process_id)

    def deployment_definition(self, process_id: str, deployment_key: int) -> DefinitionRow | None:
        """The version that came with that deployment (binding "deployment")."""
        wanted = _VERSIONS.where(_PROCESS.deployment_key == deployment_key).limit(1)
        return DEFINITION.one_of(self._tx.execute(wanted, {"process_id": process_id}))

    def definitions(self) -> Sequence[DefinitionRow]:
        """The newest version of every process, by process id."""
        newest = (
            sa.select(_PROCESS.process_id, sa.func.max(_PROCESS.version).label("version"))
            .group_by(_PROCESS.process_id)
            .subquery()
        )
        wanted = _DEFINITIONS.join(
            newest,
            (newest.c.process_id == _PROCESS.process_id) & (newest.c.version == _PROCESS.version),
        )
        return DEFINITION.all_of(self._tx.execute(wanted.order_by(_PROCESS.process_id)))

    def definition_versions(self, process_id: str) -> Sequence[DefinitionRow]:
        """All versions of one process, newest first."""
        return DEFINITION.all_of(self._tx.execute(_VERSIONS, {"process_id": process_id}))

    def add_decision(self, row: DecisionRow) -> None:
        """Keep a new version of a decision."""
        self._keep_version(_INSERT_DECISION, DECISION.values(row))

    def decisions(self, decision_id: str) -> Sequence[DecisionRow]:
        """All versions of one decision, newest first; read once in a unit that only reads."""
        known = self._decisions.get(decision_id)
        if known is not None:
            return known
        wanted = (
            sa.select(*DECISION.columns)
            .where(decision_definition.c.decision_id == decision_id)
            .order_by(decision_definition.c.version.desc())
        )
        found = DECISION.all_of(self._tx.execute(wanted))
        if not self._tx.writes:
            self._decisions[decision_id] = found
        return found

    def decision(self, key: int) -> DecisionRow | None:
        """One version of a decision."""
        wanted = sa.select(*DECISION.columns).where(decision_definition.c.key == key)
        return DECISION.one_of(self._tx.execute(wanted))

    def decision_ids(self) -> Sequence[str]:
        """Ids of all deployed decisions."""
        name = decision_definition.c.decision_id
        return list(self._tx.execute(sa.select(name).distinct().order_by(name)).scalars())

    def add_form(self, row: FormRow) -> None:
        """Keep a new version of a form."""
        self._keep_version(_INSERT_FORM, FORM.values(row))

    def form(self, key: int) -> FormRow | None:
        """A form version by key."""
        return FORM.one_of(self._tx.execute(_FORM_BY_KEY, {"key": key}))

    def latest_form(self, form_id: str) -> FormRow | None:
        """The newest version of a form."""
        return FORM.one_of(self._tx.execute(_FORM_VERSIONS.limit(1), {"form_id": form_id}))

    def form_versions(self, form_id: str) -> Sequence[FormRow]:
        """All versions of one form, newest first."""
        return FORM.all_of(self._tx.execute(_FORM_VERSIONS, {"form_id": form_id}))

    def deployed_form(
        self, form_id: str, deployment_key: int, version_tag: str | None = None
    ) -> FormRow | None:
        """The newest version (with that tag) that stood when that deployment was done."""
        wanted = _FORM_VERSIONS.where(form_definition.c.deployment_key <= deployment_key).limit(1)
        if version_tag is not None:
            wanted = wanted.where(form_definition.c.version_tag == version_tag)
        return FORM.one_of(self._tx.execute(wanted, {"form_id": form_id}))

    def _keep_version(self, insert: sa.Insert, values: dict[str, Any]) -> None:
        try:
            self._tx.execute(insert, values)
        except IntegrityError as taken:
            raise StaleWrite("another deployment was faster", key=values["key"]) from taken
