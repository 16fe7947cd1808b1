"""The one search on SQL: who may see a row is part of the question, each kind one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from engine.domain.nip import digits_of
from engine.persistence.stores.access import reach_of
from engine.persistence.stores.seats import covers, main_seat
from engine.persistence.stores.transaction import Store, Transaction
from engine.persistence.tables.agency import appointment, person, post, unit
from engine.persistence.tables.contributions import membership, output, squad
from engine.persistence.tables.process import process_definition, user_task
from engine.usecases.ports import finding as p

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from engine.persistence.stores.access import Substitutes
    from engine.usecases.actor import Actor

#: words of one question; more of them are not looked at
WORDS_MAX: Final = 6
#: members that are asked for in one go
_MEMBERS_MAX: Final = 2_000
_NIP_DIGITS: Final = 18
#: so few digits begin too many NIPs, and may well be a number in a title
_NIP_BEGINS: Final = 4
_T = user_task.c


def of_person(words: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions on `person`: a NIP that begins so, in whatever grouping, or words of the name."""
    digits = digits_of(words)
    if digits is not None and _NIP_BEGINS <= len(digits) <= _NIP_DIGITS:
        # a range, so that the index answers in any collation
        low, high = (digits.ljust(_NIP_DIGITS, end) for end in ("0", "9"))
        return (person.c.nip.between(low, high),)
    return _all_in(words, person.c.name)


class SqlFindingStore(Store):
    """`FindingStore` on SQL."""

    def __init__(self, transaction: Transaction, substitutes: Substitutes) -> None:
        super().__init__(transaction)
        self._substitutes = substitutes

    def people(self, reader: p.Reader, words: str, limit: int) -> Sequence[p.FoundPerson]:
        """People by name: every word in the name, or a NIP that begins so."""
        if reader.agency_id is None:
            arms = [_near(reader), _maybe_below(reader, person.c.id)]
        else:  # all of his agency; nobody below him is of another
            arms = [person.c.agency_id == reader.agency_id, _near(reader), sa.false()]
        pages = [self._page(of_person(words), arm, limit) for arm in arms]
        page = sa.union_all(
            *(sa.select(one.c.id, _certain(place, arms)) for place, one in enumerate(pages))
        ).subquery()
        found = sa.select(page.c.id, sa.func.max(page.c.near).label("near")).group_by(page.c.id)
        near = found.subquery()
        asked = (
            sa.select(
                *(person.c.id, person.c.nip, person.c.name),
                *(unit.c.name.label("unit"), post.c.title.label("post"), near.c.near),
            )
            .select_from(person)
            .join(near, near.c.id == person.c.id)
            .outerjoin(appointment, appointment.c.id == main_seat(reader.today))
            .outerjoin(post, post.c.id == appointment.c.post_id)
            .outerjoin(unit, unit.c.id == post.c.unit_id)
            .order_by(person.c.name, person.c.id)
        )
        rows = self._tx.execute(asked.limit(limit)).mappings()
        return [p.FoundPerson(**{**row, "near": bool(row["near"])}) for row in rows]

    @staticmethod
    def _page(
        fits: Sequence[sa.ColumnElement[bool]], arm: sa.ColumnElement[bool], limit: int
    ) -> sa.Subquery:
        """One way of being visible, by name, read no further than the page."""
        asked = sa.select(person.c.id).where(arm, *fits)
        return asked.order_by(person.c.name, person.c.id).limit(limit).subquery()

    def squads(self, reader: p.Reader, words: str, limit: int) -> Sequence[p.FoundSquad]:
        """Squads by name: every word in its name, code or letter."""
        near, text = _squad_near(reader), squad.c.name + " " + squad.c.code + " "
        asked = (
            sa.select(
                *(squad.c.id, squad.c.code, squad.c.name, unit.c.name.label("unit")),
                *(squad.c.ends_on, _flag(near)),
            )
            .join(unit, unit.c.id == squad.c.host_unit_id)
            .where(*_all_in(words, text + squad.c.letter_no))
            .where(sa.or_(near, _squad_below(reader)))
            .order_by(squad.c.name, squad.c.id)
        )
        rows = self._tx.execute(asked.limit(limit)).mappings()
        return [p.FoundSquad(**{**row, "near": bool(row["near"])}) for row in rows]

    def outputs(self, reader: p.Reader, words: str, limit: int) -> Sequence[p.FoundOutput]:
        """Outputs, latest due first: every word in the title."""
        near = _squad_near(reader)
        asked = (
            sa.select(
                *(output.c.id, output.c.title, output.c.squad_id, squad.c.name.label("squad")),
                *(output.c.status, output.c.due_on, _flag(near)),
            )
            .join(squad, squad.c.id == output.c.squad_id)
            .where(*_all_in(words, output.c.title))
            .where(sa.or_(near, _squad_below(reader)))
            .order_by(output.c.due_on.desc(), output.c.id)
        )
        rows = self._tx.execute(asked.limit(limit)).mappings()
        return [p.FoundOutput(**{**row, "near": bool(row["near"])}) for row in rows]

    def tasks(self, actor: Actor, words: str, now: datetime, limit: int) -> Sequence[p.FoundTask]:
        """Open tasks that the actor may take, earliest due first."""
        arms = reach_of(self._tx.connection, actor, now, self._substitutes).arms()
        if not arms:
            return []
        reached = sa.union(*arms).subquery()
        name = sa.func.coalesce(process_definition.c.name, "")
        text = _T.name + " " + sa.func.coalesce(_T.subject, "") + " " + name
        asked = (
            sa.select(
                *(_T.key, _T.name, name.label("process"), _T.subject),
                *(person.c.name.label("about"), _T.due_at),
            )
            .select_from(reached)
            .join(user_task, _T.key == reached.c.key)
            .join(process_definition, process_definition.c.key == _T.definition_key)
            .outerjoin(person, person.c.id == _T.about_id)
            .where(*_all_in(words, text + " " + sa.func.coalesce(person.c.name, "")))
            .order_by(_T.sort_at, _T.key)
        )
        return [p.FoundTask(**row) for row in self._tx.execute(asked.limit(limit)).mappings()]

    def members_below(self, reader: p.Reader, squads: Collection[str]) -> Sequence[tuple[str, str]]:
        """(squad, member) where the reader may stand above the member."""
        held = membership.c
        asked = (
            sa.select(held.squad_id, held.person_id)
            .where(held.squad_id.in_(sorted(squads)), _maybe_below(reader, held.person_id))
            .limit(_MEMBERS_MAX)
        )
        return [(row.squad_id, row.person_id) for row in self._tx.execute(asked)]


def _all_in(words: str, text: sa.ColumnElement[str]) -> tuple[sa.ColumnElement[bool], ...]:
    """Every word of the question stands somewhere in the text, whatever its case."""
    return tuple(
        sa.func.lower(text).contains(word.lower(), autoescape=True)
        for word in words.split()[:WORDS_MAX]
    )


def _certain(place: int, arms: Sequence[object]) -> sa.ColumnElement[int]:
    """The last way is the one in doubt."""
    return sa.literal_column("0" if place == len(arms) - 1 else "1").label("near")


def _flag(near: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.case((near, sa.true()), else_=sa.false()).label("near")


def _near(reader: p.Reader) -> sa.ColumnElement[bool]:
    """Oneself, and people of squads led, shared or sponsored."""
    mine, theirs = membership.alias("mine"), membership.alias("theirs")
    peers = (
        sa.select(theirs.c.person_id)
        .join(squad, squad.c.id == theirs.c.squad_id)
        .where(theirs.c.valid_from <= reader.last, squad.c.ends_on >= reader.first)
        .where(sa.or_(theirs.c.valid_to.is_(None), theirs.c.valid_to > reader.first))
    )
    shared = peers.join(mine, mine.c.squad_id == theirs.c.squad_id).where(
        mine.c.person_id == reader.person_id
    )
    sponsored = peers.where(squad.c.sponsor_id == reader.person_id)
    ways = [
        person.c.id == reader.person_id,
        person.c.id.in_(shared),
        person.c.id.in_(sponsored),
    ]
    return sa.or_(*ways)


def _maybe_below(reader: p.Reader, who: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whom a decree gives him to rate, and everybody of the units that he heads or that lie below.

    Some of them are rated past him by decree: the rating line decides afterwards.
    """
    top, seat = post.alias("top"), appointment.alias("top_seat")
    headed = (
        sa.select(top.c.unit_id.label("id"))
        .join(seat, seat.c.post_id == top.c.id)
        .where(top.c.is_head, seat.c.person_id == reader.person_id, *covers(seat, reader.today))
        .cte("headed", recursive=True)
    )
    below = unit.alias("below")
    headed = headed.union(sa.select(below.c.id).join(headed, below.c.parent_id == headed.c.id))
    held, place = appointment.alias("held"), post.alias("place")
    resides = sa.exists().where(
        held.c.person_id == who,
        *covers(held, reader.today),
        place.c.id == held.c.post_id,
        place.c.unit_id.in_(sa.select(headed.c.id)),
    )
    rated = appointment.alias("rated")
    named = sa.exists().where(
        rated.c.person_id == who,
        rated.c.rater_id == reader.person_id,
        *covers(rated, reader.today),
    )
    return sa.or_(resides, named)


def _squad_near(reader: p.Reader) -> sa.ColumnElement[bool]:
    own = sa.select(membership.c.squad_id).where(membership.c.person_id == reader.person_id)
    ways = [squad.c.id.in_(own), squad.c.sponsor_id == reader.person_id]
    if reader.agency_id is not None:
        ways.append(squad.c.host_agency_id == reader.agency_id)
    return sa.or_(*ways)


def _squad_below(reader: p.Reader) -> sa.ColumnElement[bool]:
    if reader.agency_id is not None:
        return sa.false()
    member = membership.alias("member")
    return sa.exists().where(
        member.c.squad_id == squad.c.id, _maybe_below(reader, member.c.person_id)
    )
