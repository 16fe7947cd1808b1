"""Answers of 360 on SQL: counters go in, aggregates from enough answers come out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.domain.judging import RANK
from engine.domain.people import AppointmentKind
from engine.domain.voices import SHOWN_FROM, Invitation, RoundState, Source, VoiceCount, VoiceRound
from engine.persistence.stores.entities import translated
from engine.persistence.tables import agency as a
from engine.persistence.tables import contributions as c
from engine.persistence.tables import judging as t
from engine.persistence.tables.performance import cycle

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.domain.voices import VoiceAnswer
    from engine.persistence.stores.entities import Entities


class SqlVoices:
    """The part of `JudgingStore` that no one can ask for a single answer."""

    def __init__(self, connection: sa.Connection, rows: Entities, *, is_postgresql: bool) -> None:
        self._connection = connection
        self._rows = rows
        self._insert = postgresql.insert if is_postgresql else sqlite.insert

    def round_of(self, person_id: str, cycle_id: str) -> VoiceRound | None:
        """The round of answers about a person."""
        held = t.voice_round.c
        query = sa.select(t.voice_round).where(
            held.person_id == person_id, held.cycle_id == cycle_id
        )
        return self._rows.first(VoiceRound, query)

    def invitation(self, round_id: str, giver_id: str) -> Invitation | None:
        """Whether somebody was asked."""
        held = t.voice_invitation.c
        query = sa.select(t.voice_invitation).where(
            held.round_id == round_id, held.giver_id == giver_id
        )
        return self._rows.first(Invitation, query)

    def count_answer(self, invitation: Invitation, answer: VoiceAnswer, words_id: str) -> None:
        """Add an answer to the counters; nothing of it stays on its own but words of choice."""
        for value, level in sorted(answer.levels.items()):
            row = {
                "round_id": invitation.round_id,
                "source": invitation.source,
                "value": value,
                "people": 1,
                "total": RANK[level],
            }
            made = self._insert(t.voice_tally).values(row)
            counted = made.on_conflict_do_update(
                index_elements=["round_id", "source", "value"],
                set_={
                    "people": t.voice_tally.c.people + 1,
                    "total": t.voice_tally.c.total + RANK[level],
                },
            )
            with translated():
                self._connection.execute(counted)
        if answer.words.strip():
            words = {
                "id": words_id,
                "round_id": invitation.round_id,
                "source": invitation.source,
                "words": answer.words.strip(),
            }
            with translated():
                self._connection.execute(t.voice_words.insert().values(words))

    def voices(self, round_id: str) -> Sequence[VoiceCount]:
        """Aggregates of a closed round, those from enough answers only."""
        held = t.voice_tally.c
        people, total = sa.func.sum(held.people), sa.func.sum(held.total)
        query = (
            sa.select(held.source, held.value, people.label("people"), total.label("total"))
            .join(t.voice_round, t.voice_round.c.id == held.round_id)
            .where(held.round_id == round_id, t.voice_round.c.state == RoundState.CLOSED)
            .group_by(held.source, held.value)
            .having(people >= _least(held.source))
            .order_by(held.source, held.value)
        )
        return [
            VoiceCount(
                source=row["source"],
                value=row["value"],
                people=int(row["people"]),
                total=int(row["total"]),
            )
            for row in self._connection.execute(query).mappings()
        ]

    def voice_words(self, round_id: str) -> Sequence[tuple[Source, str]]:
        """Words of a closed round, of sources with enough answers only, in no order of time."""
        asked, said = t.voice_invitation.c, t.voice_words.c
        enough = (
            sa.select(asked.source)
            .where(asked.round_id == round_id, asked.answered)
            .group_by(asked.source)
            .having(sa.func.count() >= _least(asked.source))
        )
        query = (
            sa.select(said.source, said.words)
            .join(t.voice_round, t.voice_round.c.id == said.round_id)
            .where(said.round_id == round_id, t.voice_round.c.state == RoundState.CLOSED)
            .where(said.source.in_(enough))
            .order_by(said.source, said.id)
        )
        return [(row.source, row.words) for row in self._connection.execute(query)]

    def circles(self, person_id: str, cycle_id: str, on: date) -> Mapping[Source, Sequence[str]]:
        """Who works around a person: below him, beside him, and for another agency."""
        found: dict[Source, list[str]] = {source: [] for source in Source}
        below = set(self._connection.scalars(_below(person_id, on)))
        found[Source.SUBORDINATE] = sorted(below - {person_id})
        home = self._connection.scalar(
            sa.select(a.person.c.agency_id).where(a.person.c.id == person_id)
        )
        beside = sa.union(_colleagues(person_id, on), _squad_mates(person_id, cycle_id))
        people = sa.select(a.person.c.id, a.person.c.agency_id).where(a.person.c.id.in_(beside))
        for row in self._connection.execute(people.order_by(a.person.c.id)):
            if row.id != person_id and row.id not in below:
                source = Source.PEER if row.agency_id == home else Source.PARTNER
                found[source].append(row.id)
        return found


def _least(source: sa.Column[Any]) -> sa.Case[int]:
    return sa.case(
        *((source == one, least) for one, least in SHOWN_FROM.items()),
        else_=max(SHOWN_FROM.values()),
    )


def _held(on: date) -> tuple[sa.ColumnElement[bool], ...]:
    held = a.appointment.c
    return (
        held.kind == AppointmentKind.DEFINITIVE,
        held.valid_from <= on,
        sa.or_(held.valid_to.is_(None), held.valid_to > on),
    )


def _posts(person_id: str, on: date, *, heads: bool | None = None) -> sa.Select[Any]:
    """Units of a person's posts that day."""
    query = (
        sa.select(a.post.c.unit_id)
        .join(a.appointment, a.appointment.c.post_id == a.post.c.id)
        .where(a.appointment.c.person_id == person_id, *_held(on))
    )
    return query if heads is None else query.where(a.post.c.is_head == heads)


def _below(person_id: str, on: date) -> sa.CompoundSelect[Any]:
    """Direct subordinates: people of the unit he heads, heads of the units below, by decree."""
    held, headed = a.appointment.c, _posts(person_id, on, heads=True)
    people = sa.select(held.person_id).join(a.post, a.post.c.id == held.post_id).where(*_held(on))
    derived = people.where(held.rater_id.is_(None))
    children = sa.select(a.unit.c.id).where(a.unit.c.parent_id.in_(headed))
    return sa.union(
        derived.where(a.post.c.unit_id.in_(headed), ~a.post.c.is_head),
        derived.where(a.post.c.unit_id.in_(children), a.post.c.is_head),
        people.where(held.rater_id == person_id),
    )


def _colleagues(person_id: str, on: date) -> sa.Select[Any]:
    """People of his unit; not its head, who rates them."""
    return (
        sa.select(a.appointment.c.person_id)
        .join(a.post, a.post.c.id == a.appointment.c.post_id)
        .where(a.post.c.unit_id.in_(_posts(person_id, on)), ~a.post.c.is_head, *_held(on))
    )


def _squad_mates(person_id: str, cycle_id: str) -> sa.Select[Any]:
    """Members of his squads in the days of the cycle."""
    mine, other = c.membership.alias("mine"), c.membership.alias("other")
    year = sa.select(cycle.c.starts_on, cycle.c.ends_on).where(cycle.c.id == cycle_id).subquery()
    return (
        sa.select(other.c.person_id)
        .select_from(mine)
        .join(other, other.c.squad_id == mine.c.squad_id)
        .join(year, sa.true())
        .where(mine.c.person_id == person_id)
        .where(*(_during(one, year) for one in (mine, other)))
    )


def _during(member: Any, year: Any) -> sa.ColumnElement[bool]:
    ends = sa.or_(member.c.valid_to.is_(None), member.c.valid_to > year.c.starts_on)
    return sa.and_(member.c.valid_from <= year.c.ends_on, ends)
