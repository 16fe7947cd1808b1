"""What agencies said about rows of decision tables from memory, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from engine.domain.confirmations import RuleConfirmation
from engine.persistence.stores.entities import Entities
from engine.persistence.tables.confirmations import rule_confirmation

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

TABLES: Final = {RuleConfirmation: rule_confirmation}
_ROW: Final = ("agency_id", "decision_id", "rule_id", "rule_hash")


class SqlConfirmationStore:
    """`ConfirmationStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._rows = Entities(connection, TABLES)

    def add(self, row: RuleConfirmation) -> None:
        """Keep a word; `Conflict` names a broken constraint."""
        self._rows.add([row])

    def newest(self, agency_id: str, key: tuple[str, str, str]) -> RuleConfirmation | None:
        """The newest word on a row, named by decision, rule and hash."""
        held = rule_confirmation.c
        wanted = zip(_ROW, (agency_id, *key), strict=True)
        query = (
            sa.select(rule_confirmation)
            .where(*(held[name] == value for name, value in wanted))
            .order_by(held.number.desc())
        )
        return self._rows.first(RuleConfirmation, query)

    def standing(
        self, agency_id: str, decision_ids: Collection[str] | None = None
    ) -> Sequence[RuleConfirmation]:
        """What an agency confirmed and did not withdraw (of some decisions), oldest first."""
        held, newer = rule_confirmation.c, rule_confirmation.alias("newer")
        followed = sa.exists().where(
            *(newer.c[name] == held[name] for name in _ROW), newer.c.number > held.number
        )
        query = (
            sa.select(rule_confirmation)
            .where(held.agency_id == agency_id, sa.not_(held.withdrawn), ~followed)
            .order_by(held.at, held.id)
        )
        if decision_ids is not None:
            query = query.where(held.decision_id.in_(sorted(decision_ids)))
        return self._rows.all(RuleConfirmation, query)
