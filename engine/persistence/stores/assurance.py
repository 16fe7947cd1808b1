"""What looks after those who judge, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.protection import RecordedLowering
from engine.persistence.stores.entities import Entities
from engine.persistence.stores.grievances import SqlGrievances
from engine.persistence.tables import assurance as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

TABLES: Final = {RecordedLowering: t.lowering_act}


class SqlAssuranceStore(SqlGrievances):
    """`AssuranceStore` on a connection; grievances and guarded acts stand in `grievances`."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self._rows = Entities(connection, TABLES)

    def add(self, rows: Sequence[RecordedLowering]) -> None:
        """Insert rows; `Conflict` names a broken constraint."""
        self._rows.add(rows)
