"""Functional levels, credit by month and papers of credit on SQL."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.credit_papers import CreditPaper, PaperFlag, PaperSource
from engine.domain.functional import CreditMonth, FunctionalStanding
from engine.persistence.stores.entities import Entities, translated
from engine.persistence.stores.homes import home_once
from engine.persistence.tables import agency as a
from engine.persistence.tables import functional as t
from engine.usecases.errors import Conflict
from engine.usecases.ports.functional import Official

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

    from engine.usecases.ports.functional import FunctionalEntity

TABLES: Final = {
    FunctionalStanding: t.functional_standing,
    CreditPaper: t.credit_paper,
    CreditMonth: t.credit_month,
    PaperSource: t.pak_source,
    PaperFlag: t.paper_flag,
}
_PAPER, _MONTH = t.credit_paper.c, t.credit_month.c


class SqlFunctionalStore:
    """`FunctionalStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = Entities(connection, TABLES)

    def add(self, rows: Sequence[FunctionalEntity]) -> None:
        """Insert rows."""
        self._rows.add(rows)

    def cancel(self, paper_id: str, by: str, reason: str, at: datetime) -> None:
        """End a paper, then its months."""
        ended = {"cancelled_at": at, "cancelled_by": by, "cancel_reason": reason}
        with translated():
            done = self._connection.execute(
                t.credit_paper.update()
                .where(_PAPER.id == paper_id)
                .values(ended)
                .returning(_PAPER.id)
            ).first()
            if done is not None:
                self._connection.execute(
                    t.credit_month.update()
                    .where(_MONTH.paper_id == paper_id)
                    .values(cancelled_at=at)
                )
        if done is None:
            raise Conflict("row_missing", kind="credit_paper", id=paper_id)

    def standings(self, people: Collection[str]) -> Mapping[str, Sequence[FunctionalStanding]]:
        """What decrees say, by person."""
        held = t.functional_standing.c
        query = (
            sa.select(t.functional_standing)
            .where(held.person_id.in_(sorted(people)))
            .order_by(held.valid_from, held.at, held.id)
        )
        return _by_person(self._rows.all(FunctionalStanding, query))

    def months(self, people: Collection[str]) -> Mapping[str, Sequence[CreditMonth]]:
        """Live months, by person."""
        query = (
            sa.select(t.credit_month)
            .where(_MONTH.person_id.in_(sorted(people)), _MONTH.cancelled_at.is_(None))
            .order_by(_MONTH.year, _MONTH.month)
        )
        return _by_person(self._rows.all(CreditMonth, query))

    def months_of(self, paper_id: str) -> Sequence[CreditMonth]:
        """Months of a conversion."""
        query = (
            sa.select(t.credit_month)
            .where(_MONTH.paper_id == paper_id)
            .order_by(_MONTH.year, _MONTH.month)
        )
        return self._rows.all(CreditMonth, query)

    def papers(self, people: Collection[str]) -> Mapping[str, Sequence[CreditPaper]]:
        """Papers, by person."""
        query = (
            sa.select(t.credit_paper)
            .where(_PAPER.person_id.in_(sorted(people)))
            .order_by(_PAPER.issued_at.desc(), _PAPER.id.desc())
        )
        return _by_person(self._rows.all(CreditPaper, query))

    def paper(self, paper_id: str) -> CreditPaper | None:
        """A paper by id."""
        return self._rows.get(CreditPaper, paper_id)

    def paper_coded(self, code: str) -> CreditPaper | None:
        """A paper by its code."""
        return self._rows.first(CreditPaper, sa.select(t.credit_paper).where(_PAPER.code == code))

    def cited(self, conversion_id: str) -> bool:
        """Whether a live PAK adds it up."""
        return bool(self.adding_up([conversion_id]))

    def adding_up(self, conversion_ids: Collection[str]) -> Sequence[CreditPaper]:
        """Live PAK that add up one of these."""
        chosen = sa.select(t.pak_source.c.pak_id).where(
            t.pak_source.c.conversion_id.in_(sorted(conversion_ids))
        )
        query = (
            sa.select(t.credit_paper)
            .where(_PAPER.id.in_(chosen), _PAPER.cancelled_at.is_(None))
            .order_by(_PAPER.issued_at, _PAPER.id)
        )
        return self._rows.all(CreditPaper, query)

    def flags(self, paper_ids: Collection[str]) -> Mapping[str, Sequence[PaperFlag]]:
        """Flags by paper."""
        held = t.paper_flag.c
        query = (
            sa.select(t.paper_flag)
            .where(held.paper_id.in_(sorted(paper_ids)))
            .order_by(held.at, held.id)
        )
        found: dict[str, list[PaperFlag]] = defaultdict(list)
        for row in self._rows.all(PaperFlag, query):
            found[row.paper_id].append(row)
        return dict(found)

    def officials(
        self,
        agency_id: str,
        on: date,
        *,
        unit_ids: Collection[str] | None = None,
        after: tuple[str, str] | None = None,
        limit: int = 50,
    ) -> Sequence[Official]:
        """People with a recorded level or contract."""
        home = home_once(on).subquery("home")
        person = a.person.c
        recorded = sa.exists().where(t.functional_standing.c.person_id == person.id)
        query = (
            sa.select(person.id.label("person_id"), person.name, person.nip, home.c.unit_id)
            .join(home, home.c.person_id == person.id)
            .where(person.agency_id == agency_id, recorded)
            .order_by(person.name, person.id)
            .limit(limit)
        )
        if unit_ids is not None:
            query = query.where(home.c.unit_id.in_(sorted(unit_ids)))
        if after is not None:
            query = query.where(sa.tuple_(person.name, person.id) > sa.tuple_(*after))
        return [Official(**row) for row in self._connection.execute(query).mappings()]


def _by_person(rows: Sequence[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return dict(found)
