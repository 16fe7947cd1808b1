"""What an exchange with SIASN and e-Kinerja reads of evaluations, people and their notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from engine.domain.dialogue import CheckInState
from engine.domain.exchange import RatedFacts
from engine.domain.people import AppointmentKind
from engine.domain.plans import PlanStatus
from engine.domain.ratings import RatingStatus
from engine.persistence.stores.dialogue import SqlDialogueStore
from engine.persistence.stores.homes import holds
from engine.persistence.stores.rows import RowMapper
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import dialogue as d
from engine.persistence.tables import exchange as t
from engine.persistence.tables import feedback as f
from engine.persistence.tables import judging as j
from engine.persistence.tables import performance as p
from engine.usecases.ports.daily_notes import NoteScope
from engine.usecases.ports.exchange import DailyRow, PersonHere, ResultRow, SiasnReading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_READINGS: Final = RowMapper(SiasnReading, t.siasn_person)
_HELD: Final = (CheckInState.RECORDED, CheckInState.CONFIRMED, CheckInState.UNCONFIRMED)


class ExchangeReadings:
    """The reading half of `ExchangeStore`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def rated(
        self,
        agency_id: str,
        cycle_id: str,
        period_id: str | None,
        *,
        after: str = "",
        limit: int | None = None,
    ) -> Sequence[RatedFacts]:
        """Final evaluations of a cycle or period, by person id; one statement."""
        table, over = (p.rating, p.cycle) if period_id is None else (j.period_rating, p.period)
        rater, post = a.person.alias("rater"), a.post.alias("rater_post")
        unit, held = a.unit.alias("rater_unit"), a.appointment.alias("rater_held")
        wanted = (
            sa.select(
                *(table.c[name] for name in ("id", "person_id", "result_level", "predikat")),
                table.c.behaviour_level,
                *(a.person.c.nip, a.person.c.name, p.cycle.c.year),
                *(over.c.starts_on, over.c.ends_on),
                rater.c.nip.label("rater_nip"),
                rater.c.name.label("rater_name"),
                rater.c.rank.label("rater_rank"),
                post.c.title.label("rater_post"),
                unit.c.name.label("rater_unit"),
            )
            .select_from(table)
            .join(a.person, a.person.c.id == table.c.person_id)
            .join(p.cycle, p.cycle.c.id == table.c.cycle_id)
            .outerjoin(rater, rater.c.id == table.c.rater_id)
            .where(table.c.cycle_id == cycle_id, a.person.c.agency_id == agency_id)
            .where(table.c.person_id > after)
            .order_by(table.c.person_id)
            .limit(limit)
        )
        if period_id is None:
            wanted = wanted.where(_newest_final())
        else:
            wanted = wanted.join(p.period, p.period.c.id == table.c.period_id)
            wanted = wanted.where(table.c.period_id == period_id)
        wanted = (
            wanted.outerjoin(held, held.c.id == _post_of(rater.c.id, over.c.ends_on))
            .outerjoin(post, post.c.id == held.c.post_id)
            .outerjoin(unit, unit.c.id == post.c.unit_id)
        )
        rows = self._connection.execute(wanted).mappings()
        return [_facts(row, period_id) for row in rows]

    def people(
        self, agency_id: str, on: date, *, after: tuple[str, str] | None = None, limit: int
    ) -> Sequence[PersonHere]:
        """People of an agency with what SIASN said of them, by name."""
        held = a.appointment.alias("held")
        wanted = (
            sa.select(
                a.person.c.id,
                *(a.person.c.nip, a.person.c.name, a.person.c.rank),
                *(a.post.c.title, a.unit.c.name),
                *_READINGS.columns,
            )
            .select_from(a.person)
            .outerjoin(held, held.c.id == _post_of(a.person.c.id, sa.literal(on, sa.Date)))
            .outerjoin(a.post, a.post.c.id == held.c.post_id)
            .outerjoin(a.unit, a.unit.c.id == a.post.c.unit_id)
            .outerjoin(t.siasn_person, t.siasn_person.c.person_id == a.person.c.id)
            .where(a.person.c.agency_id == agency_id)
            .order_by(a.person.c.name, a.person.c.id)
            .limit(limit)
        )
        if after is not None:
            wanted = wanted.where(sa.tuple_(a.person.c.name, a.person.c.id) > sa.tuple_(*after))
        return [
            PersonHere(
                person_id=row[0],
                nip=row[1],
                name=row[2],
                rank=row[3],
                post=row[4] or "",
                unit=row[5] or "",
                reading=_READINGS.of(row[6:]) if row[6] else None,
            )
            for row in self._connection.execute(wanted)
        ]

    def daily(self, person_id: str, cycle_id: str) -> Sequence[DailyRow]:
        """Notes of days, what was documented and talked about, oldest first."""
        wrote = f.documentation.c
        wanted = (
            sa.select(f.documentation, p.plan_item.c.title)
            .join(p.plan_item, p.plan_item.c.id == wrote.item_id)
            .join(p.plan, p.plan.c.id == p.plan_item.c.plan_id)
            .where(p.plan.c.person_id == person_id, p.plan.c.cycle_id == cycle_id)
            .order_by(wrote.id)
        )
        proofs = self._proofs(person_id, cycle_id)
        rows = [
            DailyRow(
                entry=f"documentation:{row['id']}",
                on=None,
                at=row["at"],
                timed=True,
                text=row["note"],
                result=row["title"],
                evidence=proofs.get((row["item_id"], row["period_id"]), ()),
            )
            for row in self._connection.execute(wanted).mappings()
        ]
        rows += self._talks(person_id, cycle_id)
        rows += self._notes(person_id, cycle_id)
        return sorted(rows, key=lambda row: (row.on or row.at.date(), row.at, row.entry))

    def _notes(self, person_id: str, cycle_id: str) -> list[DailyRow]:
        """Notes of days: the day is that of the work, whenever it was written."""
        scope = NoteScope(person_id=person_id, cycle_id=cycle_id)
        found = SqlDialogueStore(self._connection).daily_notes(scope)
        return [
            DailyRow(
                # the same entry after a correction, so that what changed shows
                entry=f"daily_note:{row.note.root_id}",
                on=row.note.on_day,
                at=row.note.at,
                timed=False,
                text=row.note.text,
                result=row.result,
                evidence=(row.note.link,) if row.note.link else (),
                hours=row.note.hours,
            )
            for row in found
        ]

    def _talks(self, person_id: str, cycle_id: str) -> list[DailyRow]:
        talk = d.check_in.c
        wanted = sa.select(d.check_in).where(
            talk.person_id == person_id, talk.cycle_id == cycle_id, talk.state.in_(_HELD)
        )
        return [
            DailyRow(
                entry=f"check_in:{row['id']}",
                on=row["held_on"],
                at=row["meets_at"],
                timed=True,
                text=row["agreed_text"],
                result="",
                evidence=(),
            )
            for row in self._connection.execute(wanted).mappings()
        ]

    def results(self, person_id: str, cycle_id: str) -> Sequence[ResultRow]:
        """The results of the plan in force."""
        item = p.plan_item.c
        wanted = (
            sa.select(item.id, item.number, item.title)
            .join(p.plan, p.plan.c.id == item.plan_id)
            .where(p.plan.c.person_id == person_id, p.plan.c.cycle_id == cycle_id)
            .where(p.plan.c.status == PlanStatus.FIXED)
            .order_by(item.number)
        )
        rows = self._connection.execute(wanted).all()
        ids = [row.id for row in rows]
        targets, reached = self._targets(ids), self._reached(ids)
        proofs: dict[str, list[str]] = {}
        for (item_id, _period), names in self._proofs(person_id, cycle_id).items():
            proofs.setdefault(item_id, []).extend(names)
        return [
            ResultRow(
                item_id=row.id,
                number=row.number,
                title=row.title,
                target=targets.get(row.id, ""),
                actual=reached.get(row.id, ""),
                evidence=proofs.get(row.id, ()),
            )
            for row in rows
        ]

    def _targets(self, item_ids: Sequence[str]) -> Mapping[str, str]:
        one = p.indicator.c
        wanted = sa.select(p.indicator).where(one.item_id.in_(item_ids)).order_by(one.number)
        found: dict[str, list[str]] = {}
        for row in self._connection.execute(wanted).mappings():
            number = "" if row["target"] is None else format(row["target"], "f")
            goal = row["target_text"] or f"{number} {row['unit']}".strip()
            found.setdefault(row["item_id"], []).append(f"{row['text']}: {goal}")
        return {item_id: "; ".join(words) for item_id, words in found.items()}

    def _reached(self, item_ids: Sequence[str]) -> Mapping[str, str]:
        """The newest words and number of each result."""
        one = f.documentation.c
        wanted = (
            sa.select(one.item_id, one.actual, one.note)
            .where(one.item_id.in_(item_ids))
            .order_by(one.id)
        )
        found: dict[str, str] = {}
        for row in self._connection.execute(wanted):
            number = "" if row.actual is None else format(row.actual, "f")
            found[row.item_id] = ": ".join(part for part in (number, row.note) if part)
        return found

    def _proofs(self, person_id: str, cycle_id: str) -> Mapping[tuple[str, str], list[str]]:
        beside = f.attachment.c
        wanted = (
            sa.select(beside.item_id, beside.period_id, c.evidence.c.filename, c.evidence.c.link)
            .join(c.evidence, c.evidence.c.id == beside.evidence_id)
            .where(beside.person_id == person_id, beside.cycle_id == cycle_id)
            .where(beside.item_id.is_not(None))
            .order_by(beside.id)
        )
        found: dict[tuple[str, str], list[str]] = {}
        for row in self._connection.execute(wanted):
            found.setdefault((row.item_id, row.period_id), []).append(row.link or row.filename)
        return found


def _newest_final() -> sa.ColumnElement[bool]:
    """The newest version of a rating, and final: nothing is open about it."""
    later = p.rating.alias("later")
    newer = sa.exists().where(
        later.c.person_id == p.rating.c.person_id,
        later.c.cycle_id == p.rating.c.cycle_id,
        later.c.version > p.rating.c.version,
    )
    return sa.and_(
        p.rating.c.status == RatingStatus.FINAL,
        p.rating.c.result_level.is_not(None),
        p.rating.c.behaviour_level.is_not(None),
        p.rating.c.predikat.is_not(None),
        ~newer,
    )


def _post_of(person_id: Any, on: Any) -> sa.ScalarSelect[Any]:
    """One definitive appointment of somebody on a day."""
    return (
        sa.select(sa.func.min(a.appointment.c.id))
        .where(
            a.appointment.c.person_id == person_id,
            a.appointment.c.kind == AppointmentKind.DEFINITIVE,
            holds(on),
        )
        .correlate_except(a.appointment)
        .scalar_subquery()
    )


def _facts(row: Mapping[Any, Any], period_id: str | None) -> RatedFacts:
    return RatedFacts(
        person_id=row["person_id"],
        nip=row["nip"],
        name=row["name"],
        rating_id=row["id"],
        result=row["result_level"],
        behaviour=row["behaviour_level"],
        predikat=row["predikat"],
        year=row["year"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        period_id=period_id,
        rater_nip=row["rater_nip"] or "",
        rater_name=row["rater_name"] or "",
        rater_post=row["rater_post"] or "",
        rater_rank=row["rater_rank"] or "",
        rater_unit=row["rater_unit"] or "",
    )
