"""Who has no right to the studio finds none: 404, word for word as for a name that is not there."""

from __future__ import annotations

import html
import re

import pytest

from app.route_access import ROUTES
from app.route_access_studio import STUDIO_ROUTES
from tests.access.asking import FORM, JSON, path_of, things
from tests.access.test_matrix import furnished

MAP = {
    "GET /proses/<process_id>/peta",
    "GET /proses/<process_id>/peta/gambar",
    "GET /proses/<process_id>/riwayat",
    "GET /api/history/<process_id>",
    "GET /api/history/<process_id>/elements",
}
STUDIO = sorted(MAP | set(STUDIO_ROUTES))
LOOKS = [route for route in STUDIO if route.startswith("GET ")]
TOOLS = [route for route in LOOKS if ROUTES[route].act == "definition:draft"]
READ = [route for route in LOOKS if route not in TOOLS]
CHANGES = [route for route in STUDIO if not route.startswith("GET ")]
#: to pages of the studio, and of processes
LINK = re.compile(r'href="(/(?:studio|formulir|keputusan|tinjauan|proses)[^"]*)"')
NAMED = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def drawn(shared_city):
    return furnished(shared_city)


def asked(city, who, route, path):
    """The answer to somebody who asks for a path by a route."""
    method = route.split(" ", 1)[0]
    if path.startswith("/api/"):
        body = {} if method == "GET" else {"json": JSON[route]}
        return city.api(who).ask(method, path, **body)
    visitor = city.page(who)
    if method == "GET":
        return visitor.get(path)
    if method == "PUT":
        return visitor.put(path, "<drawing/>")
    return visitor.post(path, **FORM.get(route, {"surprise": "1"}))


def words(answer, path):
    """What an answer says, without its own reference and the address that was asked for."""
    said = answer.text
    for name in path.split("/")[2:]:
        said = said.replace(name, "NAME")
    return re.sub(r"(urn:regu:request:|>)[0-9a-f]{16}", r"\1", said)


@pytest.mark.parametrize("who", ["sari", "andi"])
def test_without_a_right_what_is_there_answers_like_what_is_not(drawn, who):
    different = []
    for route in STUDIO:
        there = path_of(drawn, route, next(iter(things(route))), who)
        nowhere = NAMED.sub("tiada", route.split(" ", 1)[1])
        answers = [(asked(drawn, who, route, path), path) for path in (there, nowhere)]
        told = {(answer.status_code, words(answer, path)) for answer, path in answers}
        if {status for status, _words in told} != {404} or len(told) > 1:
            different.append((route, sorted(status for status, _words in told)))
    assert different == []


def test_without_a_right_a_page_is_the_one_of_an_address_that_nothing_serves(drawn):
    plain = drawn.page("sari").get("/tiada/tiada")
    wrong = []
    for route in (one for one in STUDIO if "/api/" not in one):
        path = path_of(drawn, route, next(iter(things(route))), "sari")
        answer = asked(drawn, "sari", route, path)
        if _main(answer) != _main(plain):
            wrong.append(route)
    assert wrong == []
    assert "404" in _main(plain)


def _main(answer):
    """What stands in the middle of a page: its head names the address that was asked for."""
    return re.sub(r">[0-9a-f]{16}<", "><", answer.text.partition("<main")[2])


def test_without_a_right_the_api_answers_as_who_may_read_is_told_of_an_unknown_name(drawn):
    for route in (one for one in STUDIO if one.startswith("GET /api/") and "<" in one):
        path = NAMED.sub("tiada", route.split(" ", 1)[1])
        stranger, reader = (asked(drawn, who, route, path) for who in ("sari", "taufik"))
        assert (stranger.status_code, words(stranger, path)) == (404, words(reader, path)), route


def test_without_a_right_a_faulty_request_tells_nothing_either(drawn):
    for path in ("/api/releases", "/api/releases/tiada/decision"):
        assert drawn.api("sari").post(path, {"no": "such field"}).status_code == 404
    assert drawn.api("sari").get("/api/releases?state=none").status_code == 404
    assert drawn.api("sari").ask("HEAD", "/api/releases").status_code == 404
    assert drawn.page("sari").http.open("/studio/evaluation", method="OPTIONS").status_code == 404


def test_who_may_only_read_gets_the_pages_and_may_change_nothing(drawn):
    read = {}
    for route in READ:
        path = path_of(drawn, route, "BLDN", "taufik")
        read[route] = asked(drawn, "taufik", route, path).status_code
    assert set(read.values()) == {200}, read
    before = drawn.stored()
    changed = {}
    for route in CHANGES:
        path = path_of(drawn, route, "BLDN", "taufik")
        changed[route] = asked(drawn, "taufik", route, path).status_code
    assert set(changed.values()) == {403}, changed
    assert drawn.stored() == before


def test_tools_of_who_draws_are_not_there_for_who_only_reads(drawn):
    assert len(TOOLS) > 10
    for route in TOOLS:
        path = path_of(drawn, route, "BLDN", "taufik")
        assert asked(drawn, "taufik", route, path).status_code == 404, route


def test_who_is_not_signed_in_is_sent_to_the_door_as_before(drawn):
    answer = drawn.page(None).get("/studio/evaluation")
    assert (answer.status_code, answer.location[:6]) == (303, "/masuk")
    assert drawn.page(None).get("/api/releases").status_code == 401


def test_the_description_of_the_api_knows_the_answer(drawn):
    described = drawn.api("admin").get("/api/openapi.json").json["paths"]
    for route in (one for one in STUDIO if "/api/" in one):
        method, rule = route.split(" ", 1)
        path = re.sub(r"<(\w+)>", r"{\1}", rule)
        assert "404" in described[path][method.lower()]["responses"], route


def test_who_was_told_that_there_is_no_studio_stands_in_the_log(drawn, caplog):
    with caplog.at_level("WARNING", logger="regu.refused"):
        drawn.page("sari").get("/studio/evaluation")
        drawn.page("taufik").get("/studio/tiada")
    told = [
        (one.status, one.route, one.who) for one in caplog.records if one.name == "regu.refused"
    ]
    assert told == [(404, "/studio/<process_id>", drawn.ids["sari"])]


def test_no_page_of_the_studio_leads_who_only_reads_to_what_is_not_there(drawn):
    found = set()
    for route in (one for one in READ if "/api/" not in one):
        page = drawn.page("taufik").get(path_of(drawn, route, "BLDN", "taufik"))
        if page.mimetype == "text/html":
            found |= set(LINK.findall(page.text))
    assert len(found) > 5
    answers = {one: drawn.page("taufik").get(html.unescape(one)).status_code for one in found}
    assert {one: status for one, status in answers.items() if status in {403, 404}} == {}
