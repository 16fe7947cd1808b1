"""Expected conduct and the annex of a plan on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.agreements import Agreement, AgreementKind, ValueExpectation
from engine.domain.behaviour import Value
from engine.persistence.stores.entities import Entities, translated
from engine.persistence.tables import agreements as t
from engine.persistence.tables.performance import plan

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLES: Final = {ValueExpectation: t.value_expectation, Agreement: t.agreement}
_VALUES: Final = tuple(Value)
_KINDS: Final = tuple(AgreementKind)


class SqlAgreementStore:
    """`AgreementStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._rows = Entities(connection, TABLES)
        self._connection = connection

    def replace(
        self,
        plan_id: str,
        expectations: Sequence[ValueExpectation],
        agreements: Sequence[Agreement],
    ) -> None:
        """The content for a plan that is not fixed; `Conflict` for a fixed one."""
        with translated():
            for table in TABLES.values():
                self._connection.execute(table.delete().where(table.c.plan_id == plan_id))
        self._rows.add(expectations)
        self._rows.add(agreements)

    def expectations(self, person_id: str, cycle_id: str) -> Sequence[ValueExpectation]:
        """Of the newest version of a person's plan that has any, in the order of the values."""
        query = _newest(t.value_expectation, person_id, cycle_id)
        found = self._rows.all(ValueExpectation, query)
        return sorted(found, key=lambda row: _VALUES.index(row.value))

    def agreements(self, person_id: str, cycle_id: str) -> Sequence[Agreement]:
        """Of the newest version of a person's plan that has any, by part and number."""
        found = self._rows.all(Agreement, _newest(t.agreement, person_id, cycle_id))
        return sorted(found, key=lambda row: (_KINDS.index(row.kind), row.number))


def _newest(table: sa.Table, person_id: str, cycle_id: str) -> sa.Select[Any]:
    held = sa.exists().where(table.c.plan_id == plan.c.id)
    chosen = (
        sa.select(plan.c.id)
        .where(plan.c.person_id == person_id, plan.c.cycle_id == cycle_id, held)
        .order_by(plan.c.version.desc())
        .limit(1)
    )
    return sa.select(table).where(table.c.plan_id == chosen.scalar_subquery())
