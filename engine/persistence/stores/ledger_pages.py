"""Rows of the ledger with their words, page by page, and what they come to; one statement each."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.ledger import Transfer, TransferCode
from engine.persistence.stores.cycles import same_year
from engine.persistence.stores.roll_ups import ALLOCATES, POINTS, worked_in
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import crediting as k
from engine.persistence.tables import performance as p
from engine.usecases.ports.claim_views import LedgerEntry, LedgerSum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.claim_views import LedgerQuestion

_T: Final = c.transfer.c
_KEPT: Final = tuple(field.name for field in fields(Transfer))
_WORDS: Final = tuple(field.name for field in fields(LedgerEntry) if field.name != "transfer")


class SqlLedgerPages:
    """The part of `ClaimViews` about the ledger."""

    _connection: sa.Connection

    def entries(
        self, question: LedgerQuestion, *, before: int | None = None, limit: int | None = None
    ) -> Sequence[LedgerEntry]:
        """Rows of the ledger, newest first; `before` is the number of the last row seen."""
        page = sa.select(c.transfer).where(*_asked(question)).order_by(_T.id.desc())
        if before is not None:
            page = page.where(_T.id < before)
        if limit is not None:
            page = page.limit(limit)
        rows = self._connection.execute(_worded(page.subquery("row")))
        return [_entry(row) for row in rows]

    def ledger_sums(self, question: LedgerQuestion) -> Sequence[LedgerSum]:
        """What the same rows come to by squad, PRIMARY ones only, by the squad's code."""
        query = (
            sa.select(
                _T.squad_id,
                c.squad.c.name.label("squad"),
                sa.func.sum(POINTS).label("points"),
                sa.func.count().label("rows"),
            )
            .join(c.squad, c.squad.c.id == _T.squad_id)
            .where(*_asked(question), ALLOCATES)
            .group_by(_T.squad_id, c.squad.c.name, c.squad.c.code)
            .order_by(c.squad.c.code, _T.squad_id)
        )
        return [
            LedgerSum(
                squad_id=row.squad_id, squad=row.squad, points_e4=int(row.points), rows=row.rows
            )
            for row in self._connection.execute(query)
        ]


def _asked(question: LedgerQuestion) -> list[sa.ColumnElement[bool]]:
    own = question.cycle_id
    if question.person_id:
        which = [_T.person_id == question.person_id]
    elif question.side == "home":
        which = [_T.home_unit_id == question.unit_id, _T.person_id.is_not(None)]
    else:
        which = [_T.host_unit_id == question.unit_id]
    # a guest's work lies in the cycle of the agency that hosts his squad
    anywhere = question.person_id or question.side == "home"
    cycles = p.period.c.cycle_id.in_(same_year(own)) if anywhere else p.period.c.cycle_id == own
    which += [_T.code != TransferCode.OPEN, worked_in(cycles)]
    if question.period_id:
        which.append(_T.work_period_id == question.period_id)
    if question.output_id:
        which.append(_T.output_id == question.output_id)
    return which


def _worded(row: sa.Subquery) -> sa.Select[Any]:
    at = row.c
    person, actor = a.person.alias("person"), a.person.alias("actor")
    home, host = a.unit.alias("home"), a.unit.alias("host")
    work, posted = p.period.alias("work"), p.period.alias("posted")
    back = c.transfer.alias("back")
    taken = sa.select(back.c.id).where(back.c.reverses_id == at.id).scalar_subquery()
    return (
        sa.select(
            *(at[name] for name in _KEPT),
            c.output.c.title.label("output"),
            at.value_points,
            c.squad.c.name.label("squad"),
            sa.func.coalesce(person.c.name, "").label("person"),
            sa.func.coalesce(actor.c.name, at.actor_id).label("actor"),
            home.c.name.label("home_unit"),
            host.c.name.label("host_unit"),
            work.c.name.label("work_period"),
            posted.c.name.label("posting_period"),
            k.period_seal.c.at.label("sealed_at"),
            taken.label("taken_back_by"),
        )
        .select_from(row)
        .join(c.output, c.output.c.id == at.output_id)
        .join(c.squad, c.squad.c.id == at.squad_id)
        .join(home, home.c.id == at.home_unit_id)
        .join(host, host.c.id == at.host_unit_id)
        .join(work, work.c.id == at.work_period_id)
        .join(posted, posted.c.id == at.posting_period_id)
        .outerjoin(person, person.c.id == at.person_id)
        .outerjoin(actor, actor.c.id == at.actor_id)
        .outerjoin(k.period_seal, k.period_seal.c.period_id == at.posting_period_id)
        .order_by(at.id.desc())
    )


def _entry(row: Any) -> LedgerEntry:
    values = row._mapping  # noqa: SLF001 - the row's own way to its columns
    return LedgerEntry(
        transfer=Transfer(**{name: values[name] for name in _KEPT}),
        **{name: values[name] for name in _WORDS},
    )
