"""Nobody reaches what is not his by its id. Row 7; ASVS 8.2.1 to 8.4.1.

The whole matrix (every role at every route, with things of his own, of those under him, of
another unit and of another agency) is tests/access/test_matrix.py, with one's own matters in
test_own_matters.py and PostgreSQL's row security in tests/persistence. Here: that ids tell
nothing, and that what is not his is not there at all.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import date

import pytest

from app.route_access import ROUTES, Rule
from engine.usecases.accounts import withdraw_group
from tests.access.city import OPERATOR


def test_ids_of_people_and_records_cannot_be_guessed(city):
    """UUIDv7: 74 random bits each, and never the same twice."""
    ids = {city.house.ids.uuid() for _ in range(2_000)}
    assert len(ids) == 2_000
    assert {uuid.UUID(one).version for one in ids} == {7}
    assert len({one[-12:] for one in ids}) == 2_000, "no counter at the end"


def test_what_is_another_agencys_is_not_there(city):
    """404 and not 403: the answer does not tell that it exists."""
    for who, whose in (("nurul", "vina"), ("gita", "vina"), ("xenia", "sari")):
        for path in ("/api/people/{}/plan", "/api/people/{}/ledger", "/skp/{}", "/buku/{}"):
            door = city.api(who) if path.startswith("/api") else city.page(who)
            there = door.get(path.format(city.ids[whose]))
            nowhere = door.get(path.format(city.house.ids.uuid()))
            assert there.status_code == nowhere.status_code == 404, (who, path)


def test_a_refusal_shows_nothing_of_what_is_hidden(city):
    """The same kind of answer for what is hidden and for what is not there; no name, no number."""
    hidden, nothing = city.ids["vina"], city.house.ids.uuid()
    api = city.api("sari")
    one, other = (api.get(f"/api/people/{key}/plan") for key in (hidden, nothing))
    assert one.status_code == other.status_code == 404
    assert one.json["type"] == other.json["type"]
    assert one.json.keys() == other.json.keys()
    assert "Vina" not in one.text
    assert city.logins["vina"] not in one.text


def said(answer, key):
    """Status and words of an answer, without its own reference and the id that was asked for."""
    words = answer.json["detail"] if answer.is_json else answer.text.partition("<main")[2]
    return answer.status_code, re.sub(r">[0-9a-f]{16}<", "><", words.replace(key, "KEY"))


@pytest.mark.parametrize("query", ["", "?cycle=1999", "?cycle=2026"])
def test_no_answer_about_a_person_tells_that_he_exists(city, query):
    """Word for word: who asks for ids learns from no route which of them are of people."""
    nothing = city.house.ids.uuid()
    routes = [
        route.partition(" ")[2].replace("<person_id>", "{}")
        for route, right in ROUTES.items()
        if route.startswith("GET ") and "<person_id>" in route and route.count("<") == 1
    ]
    assert len(routes) > 25
    different, closed = [], 0
    for who, whose in (("sari", "vina"), ("sari", "gita")):
        hidden = city.ids[whose]
        for path in routes:
            door = city.api(who) if path.startswith("/api") else city.page(who)
            if door.get(path.format(hidden)).status_code == 200:
                continue
            closed += 1
            there, nowhere = (door.get(path.format(key) + query) for key in (hidden, nothing))
            if said(there, hidden) != said(nowhere, nothing):
                different.append((whose, path, said(there, hidden), said(nowhere, nothing)))
    assert closed > len(routes)
    assert different == []


def test_every_route_has_a_rule_and_public_ones_are_few():
    public = {route for route, right in ROUTES.items() if right.rule is Rule.PUBLIC}
    assert len(public) * 10 < len(ROUTES)
    unsafe = {route for route in public if not route.startswith("GET ")}
    known = ("/masuk", "/bahasa", "/survei/", "/pengaduan", "/oauth/token", "/sertifikat")
    assert not [route for route in unsafe if not route.partition(" ")[2].startswith(known)]


def test_a_person_who_left_the_group_is_asked_anew_at_once(city):
    """ASVS 8.3.2: what decides is read when it decides."""
    city.grant("doni", "auditor")
    assert city.page("doni").get("/kelola/audit").status_code == 200
    owner = replace(OPERATOR, agency_id=city.ids["agency BLDN"])
    withdraw_group(city.house, owner, city.logins["doni"], "auditor", date(2026, 1, 2))
    assert city.page("doni").get("/kelola/audit").status_code in {403, 404}
