"""Rating lines of a few people, from the units above them alone: quick in an agency of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.domain.organisation import Organisation, superiors

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from engine.usecases.ports.work import UnitOfWork

#: how often a decree may lead out of the units that were looked up
_JUMPS: Final = 5


def organisation_around(uow: UnitOfWork, people: Collection[str], today: date) -> Organisation:
    """What decides who rates these people, and who rates their raters, all the way up.

    Three statements, and three more for each time that a decree names somebody of another branch.
    """
    asked = set(people)
    org = _loaded(uow, asked)
    for _ in range(_JUMPS):
        beyond = _unknown(org, people, today) - asked
        if not beyond:
            break
        asked |= beyond
        org = _loaded(uow, asked)
    return org


def _loaded(uow: UnitOfWork, people: Collection[str]) -> Organisation:
    facts = uow.administration.around(people)
    return Organisation(
        units={unit.id: unit for unit in facts.units},
        posts={post.id: post for post in facts.posts},
        appointments=tuple(facts.appointments),
    )


def _unknown(org: Organisation, people: Collection[str], today: date) -> set[str]:
    """Officials of the lines whose own units were not looked up."""
    found: set[str] = set()
    for person in people:
        for official in superiors(org, person, today):
            name = official.on_behalf_of or official.person_id
            posts = [org.posts.get(row.post_id) for row in org.by_person.get(name, ())]
            if not posts or any(post is None or post.unit_id not in org.units for post in posts):
                found.add(name)
    return found
