"""Readings for administrators and HR: units, people, posts, raters, groups, the log, rules.

Each takes a constant number of statements, whatever the size of the agency.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.domain import organisation
from engine.domain.people import Person
from engine.domain.units import Unit, ancestors
from engine.usecases.agency_health import OVERSEE, agency_of, unrated_of
from engine.usecases.confirmations import remembered_rows
from engine.usecases.errors import NotFound
from engine.usecases.organisation import Standing
from engine.usecases.ports.administration import Lack, PeopleQuery
from engine.usecases.rating_lines import organisation_around
from engine.usecases.rights import require, same_agency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from engine.usecases.actor import Actor
    from engine.usecases.confirmations import RememberedRow
    from engine.usecases.ports.accounts import AccountRow
    from engine.usecases.ports.administration import (
        AppointmentLine,
        AppointmentQuery,
        Grant,
        LogLine,
        LogQuery,
        PersonLine,
        UnitLine,
    )
    from engine.usecases.ports.work import House

#: the right to read the audit log
LOG: Final = "log:read"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitShelf:
    """The units directly below one, with who heads them."""

    #: None: those at the top
    unit: Unit | None
    #: units above it, from the top
    above: Sequence[Unit]
    rows: Sequence[UnitLine]
    #: name of the head by unit id, with whom he stands in for
    heads: Mapping[str, tuple[str, str | None]]


class Basis(StrEnum):
    """Why somebody rates a person."""

    #: named by decree
    DECREE = "decree"
    #: head of the unit, or the nearest above
    UNIT = "unit"
    #: nobody does
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedBy:
    """A person and who rates him today."""

    person: PersonLine
    rater: str | None
    #: whom the rater stands in for
    on_behalf_of: str | None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSheet:
    """A person or account with its groups."""

    login: str
    name: str
    person: Person | None
    account: AccountRow | None
    #: all it holds, held or will hold
    grants: Sequence[Grant]
    #: whether the reader may change it
    own: bool


def today_of(house: House, actor: Actor) -> date:
    """The day on the wall of the actor's agency."""
    with house.reading() as uow:
        return Standing(uow, house.clock.now()).today(actor.agency_id)


def units_below(
    house: House,
    actor: Actor,
    unit_id: str | None,
    *,
    after: tuple[str] | None = None,
    limit: int = 50,
) -> UnitShelf:
    """Units below one (None: at the top); `NotFound` for a unit of another agency."""
    require(actor, OVERSEE)
    agency_id = agency_of(actor)
    with house.reading() as uow:
        today = Standing(uow, house.clock.now()).today(agency_id)
        path = {one.id: one for one in uow.administration.unit_path(unit_id)} if unit_id else {}
        here = path.get(unit_id or "")
        if unit_id and (here is None or here.agency_id != agency_id):
            raise NotFound("unit", unit_id)
        rows = uow.administration.units_below(
            agency_id, unit_id or None, today, after=after, limit=limit
        )
        facts = uow.administration.heads([row.id for row in rows])
        org = organisation.Organisation(
            units={},
            posts={post.id: post for post in facts.posts},
            appointments=tuple(facts.appointments),
        )
        found = {row.id: organisation.unit_head(org, row.id, today) for row in rows}
        officials = [one for one in found.values() if one]
        named = {one.person_id for one in officials} | {one.on_behalf_of for one in officials}
        names = uow.agency.names(sorted(name for name in named if name))
        heads = {
            unit: (names.get(one.person_id, ""), names.get(one.on_behalf_of or ""))
            for unit, one in found.items()
            if one
        }
    above = [path[one] for one in reversed(ancestors(here.id, path))] if here else []
    return UnitShelf(unit=here, above=above, rows=rows, heads=heads)


def people(
    house: House,
    actor: Actor,
    *,
    words: str = "",
    lack: Lack | None = None,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> tuple[Sequence[PersonLine], Mapping[str, Sequence[str]]]:
    """People of the agency by name, and the groups of those accounts by login."""
    require(actor, OVERSEE)
    agency_id = agency_of(actor)
    with house.reading() as uow:
        today = Standing(uow, house.clock.now()).today(agency_id)
        query = PeopleQuery(
            agency_id=agency_id,
            today=today,
            words=words,
            lack=lack,
            unrated=unrated_of(uow, agency_id, today) if lack is Lack.RATER else None,
        )
        rows = uow.administration.people(query, after=after, limit=limit)
        groups = uow.administration.groups([row.login for row in rows if row.login], today)
    return rows, groups


def appointments(
    house: House,
    actor: Actor,
    query: AppointmentQuery,
    *,
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> Sequence[AppointmentLine]:
    """Appointments of the agency by name of who holds them."""
    require(actor, OVERSEE)
    if query.agency_id != agency_of(actor):
        raise NotFound("agency", query.agency_id)
    with house.reading() as uow:
        return uow.administration.appointments(query, after=after, limit=limit)


def raters(
    house: House,
    actor: Actor,
    *,
    words: str = "",
    after: tuple[str, str] | None = None,
    limit: int = 50,
) -> Sequence[RatedBy]:
    """Who rates whom today, by name of the person."""
    require(actor, OVERSEE)
    agency_id = agency_of(actor)
    with house.reading() as uow:
        today = Standing(uow, house.clock.now()).today(agency_id)
        query = PeopleQuery(agency_id=agency_id, today=today, words=words)
        rows = uow.administration.people(query, after=after, limit=limit)
        org = organisation_around(uow, [row.id for row in rows], today)
        found = {row.id: organisation.rater(org, row.id, today) for row in rows}
        named = {
            name for one in found.values() if one for name in (one.person_id, one.on_behalf_of)
        }
        names = uow.agency.names(sorted(name for name in named if name))
    lines = []
    for row in rows:
        official, seat = found[row.id], organisation.main_appointment(org, row.id, today)
        decreed = official is not None and seat is not None and seat.rater_id is not None
        lines.append(
            RatedBy(
                person=row,
                rater=names.get(official.person_id) if official else None,
                on_behalf_of=names.get(official.on_behalf_of or "") if official else None,
                basis=Basis.DECREE if decreed else Basis.UNIT if official else Basis.NOBODY,
            )
        )
    return lines


def grants(
    house: House,
    actor: Actor,
    *,
    after: tuple[str, str, str] | None = None,
    limit: int = 50,
) -> Sequence[Grant]:
    """Groups that accounts of the agency hold, held or will hold."""
    require(actor, OVERSEE)
    with house.reading() as uow:
        return uow.administration.grants(actor.agency_id, after=after, limit=limit)


def account_sheet(house: House, actor: Actor, login: str) -> AccountSheet:
    """A person by NIP or an account by its name; `NotFound` outside the agency."""
    require(actor, OVERSEE, login)
    with house.reading() as uow:
        account = uow.accounts.account(login)
        person = (
            uow.agency.get(Person, account.person_id)
            if account and account.person_id
            else uow.agency.person_by_nip(login)
        )
        owner = account or person
        if owner is None or not same_agency(actor, owner.agency_id):
            raise NotFound("account", login)
        held = uow.administration.grants(actor.agency_id, login=login)
    name = person.name if person else account.display_name if account else login
    own = actor.name == login or (person is not None and person.id == actor.person_id)
    return AccountSheet(
        login=login, name=name, person=person, account=account, grants=held, own=own
    )


def log(
    house: House,
    actor: Actor,
    query: LogQuery,
    *,
    after: tuple[object, str, int] | None = None,
    limit: int = 50,
) -> tuple[Sequence[LogLine], Mapping[str, str]]:
    """Entries of the agency's audit log, newest first; names of who acted, and on whose account."""
    require(actor, LOG)
    if query.agency_id is None or not same_agency(actor, query.agency_id):
        raise NotFound("agency", query.agency_id or "")
    with house.reading() as uow:
        rows = uow.administration.log(query, after=after, limit=limit)  # type: ignore[arg-type]
        named = {name for row in rows for name in (row.actor, row.on_behalf_of) if name}
        named |= {row.account for row in rows if row.account is not None}
        return rows, uow.agency.names(sorted(named))


def remembered_rules(house: House, actor: Actor) -> Sequence[RememberedRow]:
    """Rows of decision tables that stand from memory, with the word of the agency on each."""
    require(actor, OVERSEE)
    agency_id = agency_of(actor)
    with house.reading() as uow:
        return remembered_rows(uow, agency_id)
