"""Who is told of a release: those who may look it over, and who proposed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.calendar import local_day
from engine.usecases.notices import Kind, notify
from engine.usecases.organisation import Standing
from engine.usecases.rights import ACTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from engine.usecases.actor import Actor
    from engine.usecases.ports.accounts import AccountRow
    from engine.usecases.ports.releases import Release
    from engine.usecases.ports.work import House, UnitOfWork


def reviewers(
    house: House, uow: UnitOfWork, agency_id: str | None, barred: Collection[str]
) -> list[AccountRow]:
    """Accounts of an agency that may decide about a release, but those of these names."""
    now = house.clock.now()
    today = local_day(now, Standing(uow, now).zone(agency_id))
    logins = {
        login
        for group in sorted(ACTS["definition:review"])
        for login in uow.accounts.members(group, today, agency_id)
    }
    found = [uow.accounts.account(login) for login in sorted(logins)]
    return [
        one
        for one in found
        if one is not None and one.active and not {one.login, one.person_id} & set(barred)
    ]


def tell_reviewers(house: House, uow: UnitOfWork, row: Release) -> None:
    """A release waits for somebody to look it over."""
    _tell(house, uow, row, _others(house, uow, row), Kind.RELEASE_WAITING, by=row.proposed_by)


def tell_urgent(house: House, uow: UnitOfWork, row: Release) -> None:
    """An earlier version came back and nobody looked it over: the others are told."""
    _tell(house, uow, row, _others(house, uow, row), Kind.RELEASE_URGENT, by=row.proposed_by)


def tell_proposer(house: House, uow: UnitOfWork, row: Release, by: Actor) -> None:
    """What became of what he proposed."""
    account = uow.accounts.account(row.proposed_by)
    person = account.person_id if account else row.proposed_by
    people = uow.agency.names([person]) if person else ()
    _tell(house, uow, row, people, Kind.RELEASE_DECIDED, by=by.name)


def _others(house: House, uow: UnitOfWork, row: Release) -> list[str]:
    """Persons who may decide about it."""
    barred = {row.proposed_by, *uow.releases.authors(row.id)}
    found = reviewers(house, uow, row.agency_id, barred)
    return [one.person_id for one in found if one.person_id is not None]


def _tell(
    house: House, uow: UnitOfWork, row: Release, people: Iterable[str], kind: Kind, *, by: str
) -> None:
    facts = {"by": by, "title": row.subject_id, "state": row.state.value}
    notify(
        *(uow, house.ids, house.clock.now(), people, kind),
        key=f"release:{row.id}:{kind.value}",
        path=f"/tinjauan/{row.id}",
        facts=facts,
    )
