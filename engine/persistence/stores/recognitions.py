"""Facts of talent, recognitions, data used, referrals and the allowance feed on SQL."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.ratings import RatingStatus
from engine.domain.recognition import DataUse, Recognition
from engine.domain.referrals import Referral, ReferralHanding
from engine.domain.talent import PersonFact
from engine.persistence.stores.entities import Entities
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import judging as j
from engine.persistence.tables import performance as p
from engine.persistence.tables import recognitions as t
from engine.persistence.tables.crediting import snapshot_flag
from engine.usecases.ports.recognitions import AllowanceRow, Referred, UsedData

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.usecases.ports.recognitions import RecognitionEntity

TABLES: Final = {
    PersonFact: t.person_fact,
    Recognition: t.recognition,
    DataUse: t.data_use,
    Referral: t.referral,
    ReferralHanding: t.referral_handing,
}
_USE: Final = t.data_use.c


class SqlRecognitionStore:
    """`RecognitionStore` on a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows = Entities(connection, TABLES)

    def add(self, rows: Sequence[RecognitionEntity]) -> None:
        """Insert rows, parents before children; `Conflict` names a broken constraint."""
        self._rows.add(rows)

    def facts(self, person_id: str) -> Sequence[PersonFact]:
        """Everything recorded of a person, oldest first."""
        held = t.person_fact.c
        query = sa.select(t.person_fact).where(held.person_id == person_id)
        return self._rows.all(PersonFact, query.order_by(held.at, held.id))

    def fact(self, fact_id: str) -> PersonFact | None:
        """One by id."""
        return self._rows.get(PersonFact, fact_id)

    def recognitions(self, person_id: str) -> Sequence[Recognition]:
        """A person's recognitions of all cycles, newest first."""
        held = t.recognition.c
        query = sa.select(t.recognition).where(held.person_id == person_id)
        return self._rows.all(Recognition, query.order_by(held.at.desc(), held.kind))

    def uses(self, person_id: str) -> Sequence[UsedData]:
        """What decisions about a person used, in order, with what became of it since."""
        back = c.transfer.alias("back")
        gone = sa.exists().where(back.c.reverses_id == _USE.transfer_id)
        newer, then = p.rating.alias("newer"), p.rating.alias("was")
        later = sa.exists().where(
            then.c.id == _USE.data_id,
            newer.c.person_id == then.c.person_id,
            newer.c.cycle_id == then.c.cycle_id,
            newer.c.version > then.c.version,
        )
        changed = sa.case(
            (_USE.transfer_id.is_not(None), gone),
            (_USE.data == "rating", later),
            else_=sa.false(),
        )
        points = c.transfer.c.amount_bp * c.transfer.c.value_points
        query = (
            sa.select(
                *_USE,
                changed.label("changed"),
                c.output.c.title.label("output"),
                c.transfer.c.output_id,
                c.squad.c.name.label("squad"),
                a.unit.c.name.label("host"),
                sa.case((c.transfer.c.line_class == "PRIMARY", points), else_=0).label("points"),
            )
            .select_from(t.data_use)
            .outerjoin(c.transfer, c.transfer.c.id == _USE.transfer_id)
            .outerjoin(c.output, c.output.c.id == c.transfer.c.output_id)
            .outerjoin(c.squad, c.squad.c.id == c.transfer.c.squad_id)
            .outerjoin(a.unit, a.unit.c.id == c.transfer.c.host_unit_id)
            .where(_USE.person_id == person_id)
            .order_by(_USE.subject_id, _USE.data.desc(), _USE.transfer_id, _USE.id)
        )
        return [_used(row) for row in self._connection.execute(query).mappings()]

    def referral(self, referral_id: str) -> Referral | None:
        """One by id."""
        return self._rows.get(Referral, referral_id)

    def referrals(
        self,
        agency_id: str,
        *,
        reader_id: str | None = None,
        after: str | None = None,
        limit: int | None = 50,
    ) -> Sequence[Referred]:
        """Referrals of an agency that are not of the reader, newest first, paged by id."""
        held, hand = t.referral.c, t.referral_handing
        about, by = a.person.alias("about"), a.person.alias("by")
        query = (
            sa.select(
                *held,
                about.c.name.label("about"),
                about.c.nip,
                by.c.name.label("by"),
                hand.c.handed_to,
                hand.c.letter_no,
                hand.c.at.label("handed_at"),
            )
            .select_from(t.referral)
            .join(about, about.c.id == held.person_id)
            .join(by, by.c.id == held.referred_by)
            .outerjoin(hand, hand.c.referral_id == held.id)
            .where(held.agency_id == agency_id)
            .order_by(held.id.desc())
        )
        if reader_id is not None:
            query = query.where(held.person_id != reader_id)
        if after is not None:
            query = query.where(held.id < after)
        if limit is not None:
            query = query.limit(limit)
        return [_referred(row) for row in self._connection.execute(query).mappings()]

    def allowance(
        self, cycle_id: str, *, after: str | None = None, limit: int | None = 50
    ) -> Sequence[AllowanceRow]:
        """Predikat per person and period, final ratings as the year's; paged by NIP and period."""
        year = sa.select(
            p.rating.c.person_id,
            sa.literal(0).label("number"),
            sa.literal("").label("period"),
            p.rating.c.predikat,
            p.rating.c.id.label("source_id"),
            p.rating.c.at,
        ).where(p.rating.c.cycle_id == cycle_id, p.rating.c.status == RatingStatus.FINAL)
        parts = (
            sa.select(
                j.period_rating.c.person_id,
                p.period.c.number,
                p.period.c.name.label("period"),
                j.period_rating.c.predikat,
                j.period_rating.c.id.label("source_id"),
                j.period_rating.c.at,
            )
            .join(p.period, p.period.c.id == j.period_rating.c.period_id)
            .where(j.period_rating.c.cycle_id == cycle_id)
        )
        rows = sa.union_all(year, parts).subquery()
        mark = a.person.c.nip + sa.literal("/") + sa.cast(rows.c.number, sa.Text)
        query = (
            sa.select(
                mark.label("mark"),
                a.person.c.id.label("person_id"),
                a.person.c.nip,
                a.person.c.name,
                rows.c.number,
                rows.c.period,
                rows.c.predikat,
                rows.c.source_id,
                rows.c.at,
            )
            .join(rows, rows.c.person_id == a.person.c.id)
            .order_by(mark)
        )
        if after is not None:
            query = query.where(mark > after)
        if limit is not None:
            query = query.limit(limit)
        found = [AllowanceRow(**row) for row in self._connection.execute(query).mappings()]
        return self._flagged(found, cycle_id)

    def _flagged(self, rows: list[AllowanceRow], cycle_id: str) -> Sequence[AllowanceRow]:
        """Marks what a later correction of the ledger made doubtful."""
        held = snapshot_flag.c
        query = sa.select(held.person_id).where(
            held.cycle_id == cycle_id, held.cleared_at.is_(None)
        )
        doubtful = {row.person_id for row in self._connection.execute(query)}
        return [replace(row, flagged=row.person_id in doubtful) for row in rows]


def _used(row: sa.RowMapping) -> UsedData:
    values: dict[str, Any] = dict(row)
    extra = {name: values.pop(name) for name in ("changed", "output", "output_id", "squad", "host")}
    points = values.pop("points")
    return UsedData(
        use=DataUse(**values),
        changed=bool(extra.pop("changed")),
        points_e4=int(points or 0),
        **{name: value or "" for name, value in extra.items()},
    )


def _referred(row: sa.RowMapping) -> Referred:
    values: dict[str, Any] = dict(row)
    beside = ("about", "nip", "by", "handed_to", "letter_no", "handed_at")
    extra = {name: values.pop(name) for name in beside}
    return Referred(
        referral=Referral(**values),
        about=extra["about"],
        nip=extra["nip"],
        by=extra["by"],
        handed_to=extra["handed_to"] or "",
        letter_no=extra["letter_no"] or "",
        handed_at=extra["handed_at"],
    )
