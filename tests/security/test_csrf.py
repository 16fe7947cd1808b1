"""No other site makes somebody act. Row 5; ASVS 3.5.1 to 3.5.3.

That no unsafe route rides on a session without its token, route by route, is in
tests/access/test_matrix.py; here stands what a remembered password and a safe method could do.
"""

from __future__ import annotations

import re

import pytest

from app.route_access import ROUTES

SAFE = {"GET"}
STRANGERS = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-site, same-origin"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
)


def routes(app):
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield method, re.sub(r"<[^>]+>", "1", rule.rule)


def test_no_route_does_anything_for_another_site_even_with_a_password(city):
    """A browser adds a password that it remembers: every unsafe route of the map refuses."""
    city.api("admin").get("/api/me")  # signing in writes; the attacks write nothing
    before, seen = city.stored(), 0
    for method, path in routes(city.app):
        if method in SAFE:
            continue
        for headers in STRANGERS:
            asked = {**city.api("admin").headers, **headers}
            answer = city.app.test_client(use_cookies=False).open(
                path, method=method, headers=asked, json={}
            )
            assert answer.status_code == 403, (method, path, headers)
            seen += 1
    assert seen > 7 * 100
    assert city.stored() == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://whoever.example"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
    ],
)
def test_our_own_pages_and_programs_are_served(city, headers):
    body = {"json": {"filter": {}}, "headers": {**city.api("sari").headers, **headers}}
    client = city.app.test_client(use_cookies=False)
    assert client.post("/v2/user-tasks/search", **body).status_code == 200


def test_another_site_may_lead_here_by_a_link(city):
    """Looking is no act: a letter's link opens."""
    page = city.page("sari")
    answer = page.http.get("/tugas", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200


def test_looking_changes_nothing(city):
    """Every GET of the map, by somebody who may much."""
    page, api = city.page("nurul"), city.api("nurul")
    page.get("/tugas")
    before = city.stored()
    for method, path in routes(city.app):
        if method in SAFE:
            door = api if path.startswith(("/api/", "/v2/")) else page
            assert door.get(path).status_code < 500, path
    assert city.stored() == before


def test_no_route_takes_a_method_that_it_does_not_name(city):
    methods = {route.partition(" ")[0] for route in ROUTES}
    assert methods <= {"GET", "POST", "PUT", "PATCH", "DELETE"}
    for method in ("TRACE", "CONNECT", "PROPFIND"):
        answer = city.page("sari").http.open("/tugas", method=method)
        assert answer.status_code in {403, 405}, method
    assert city.page("sari").http.open("/keluar", method="GET").status_code == 405
