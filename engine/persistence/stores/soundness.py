"""What is kept with a hash or a checksum of its own, on SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.persistence.stores.transaction import Store
from engine.persistence.tables import process as t
from engine.persistence.tables.scenarios import scenario_file

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROWS_AT_ONCE: Final = 100


class SqlSoundness(Store):
    """`SoundnessStore` on SQL."""

    def contents(self) -> Iterator[tuple[str, bytes, str]]:
        """Drawings, tables, forms and scenarios: (name, content, SHA-256 in hex)."""
        drawing, table, form = (
            made.c for made in (t.process_definition, t.decision_definition, t.form_definition)
        )
        told = scenario_file.c
        for kind, named, version, content, sha in (
            ("drawing", drawing.process_id, drawing.version, drawing.xml, drawing.sha256),
            ("table", table.decision_id, table.version, table.xml, table.sha256),
            ("form", form.form_id, form.version, form.schema, form.sha256),
            ("scenario", told.resource_name, told.key, told.content, told.sha256),
        ):
            wanted = sa.select(
                named.label("named"),
                version.label("version"),
                content.label("content"),
                sha.label("sha"),
            )
            for row in self._rows(wanted):
                yield f"{kind} {row.named} version {row.version}", bytes(row.content), row.sha

    def live_states(self) -> Iterator[tuple[int, bytes]]:
        """States of instances that have not ended: (key, state)."""
        one = t.process_instance.c
        for row in self._rows(sa.select(one.key, one.state).where(one.ended_at.is_(None))):
            yield row.key, bytes(row.state)

    def _rows(self, wanted: sa.Select[Any]) -> sa.CursorResult[Any]:
        options = {"yield_per": _ROWS_AT_ONCE}
        return self._tx.connection.execute(wanted, execution_options=options)
