"""What keeps a ballot box of a survey from being stuffed: links used once, marks of a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.persistence.stores.entities import translated
from engine.persistence.tables import surveys as t

if TYPE_CHECKING:
    from datetime import date


class SqlSurveyMarks:
    """The part of `SurveyStore` that counts comers and knows nobody."""

    def __init__(self, connection: sa.Connection, *, is_postgresql: bool) -> None:
        self._connection = connection
        self._insert = postgresql.insert if is_postgresql else sqlite.insert

    def spend(self, pass_id: str) -> bool:
        """Use a single link; False when it was used before, whoever came first."""
        held = t.survey_pass
        used = (
            held.update()
            .where(held.c.id == pass_id, sa.not_(held.c.spent))
            .values(spent=True)
            .returning(held.c.id)
        )
        with translated():
            return self._connection.execute(used).first() is not None

    def salt(self, survey_id: str, day: date, fresh: str) -> str:
        """The salt of a day; `fresh` becomes it when the day has none."""
        made = self._insert(t.survey_salt).values(survey_id=survey_id, day=day, salt=fresh)
        self._connection.execute(made.on_conflict_do_nothing())
        held = t.survey_salt.c
        query = sa.select(held.salt).where(held.survey_id == survey_id, held.day == day)
        return str(self._connection.scalar(query))

    def hit(self, survey_id: str, day: date, mark: str) -> int:
        """Count a mark; how often it came that day."""
        made = self._insert(t.survey_mark).values(survey_id=survey_id, day=day, mark=mark, hits=1)
        counted = made.on_conflict_do_update(
            index_elements=["survey_id", "day", "mark"], set_={"hits": t.survey_mark.c.hits + 1}
        ).returning(t.survey_mark.c.hits)
        return int(self._connection.execute(counted).scalar_one())

    def forget_marks(self, *, before: date | None = None, survey_id: str | None = None) -> None:
        """Delete salts and marks of earlier days, or all of a survey."""
        for table in (t.survey_mark, t.survey_salt):
            gone = table.delete()
            if before is not None:
                gone = gone.where(table.c.day < before)
            if survey_id is not None:
                gone = gone.where(table.c.survey_id == survey_id)
            self._connection.execute(gone)
