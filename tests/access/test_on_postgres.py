"""The same answers from PostgreSQL: one route of each rule, and one's own matters."""

from __future__ import annotations

import pytest

from app.route_access import ROUTES, Rule
from engine.usecases import reach
from tests.access import acts
from tests.access.asking import ask, mark, things
from tests.access.city import build
from tests.access.expecting import GONE, ROLES, expected
from tests.access.test_matrix import furnished
from tests.access.ways import GROUPS, REFUSED, doors, takings

#: rules that ask nothing of the database but the actor's groups
PLAIN = {Rule.PUBLIC, Rule.SIGNED_IN, Rule.GROUP, Rule.PERSON, Rule.UPLOADER}
#: one route for each rule and resource: the doors are the same on both databases
ONE_OF_EACH = {
    route: ROUTES[route]
    for route in {
        (right.rule, right.resource): route
        for route, right in ROUTES.items()
        if right.rule not in PLAIN
    }.values()
}


@pytest.fixture
def postgres_city(plain_database, tmp_path):
    """The house works as a role that row-level security binds; the test itself as the system."""
    with reach.everywhere():
        made = build(tmp_path, plain_database.url)
        yield made
        made.close()


def test_each_role_gets_what_the_tables_say(postgres_city):
    city = furnished(postgres_city)
    for route, right in ONE_OF_EACH.items():
        for thing in things(route):
            for name, one in ROLES.items():
                named = one.who if thing == "own" else thing
                wanted = expected(right, one, named)
                if thing == "own" and not one.person:
                    wanted = GONE
                assert mark(route, ask(city, route, thing, one.who)) == wanted, (route, name, thing)


def test_no_door_opens_one_s_own_matter(postgres_city):
    task = acts.evaluated(postgres_city)
    postgres_city.grant("sari", *GROUPS)
    for taking, take in takings(postgres_city, "sari", task):
        take()
        found = doors(postgres_city, "sari", task, acts.RATE)
        assert set(found.values()) <= REFUSED, (taking, found)
    with postgres_city.house.reading() as uow:
        rating = uow.performance.rating_of(
            postgres_city.ids["sari"], postgres_city.ids["cycle BLDN"]
        )
    assert rating.behaviour_level is None
