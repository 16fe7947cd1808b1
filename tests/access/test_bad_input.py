"""Wrong, stale, repeated, oversized and malformed requests at every door: a clear no, and nothing
is saved; hostile words are shown as words."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from lxml import html

from app.route_access import ROUTES
from engine.domain.outputs import Output
from engine.domain.people import Person
from engine.domain.squads import Squad
from engine.domain.units import Unit
from tests.access import acts
from tests.access.asking import path_of, things
from tests.access.city import CLAIM
from tests.access.test_matrix import furnished
from tests.access.ways import flat

WITH_BODY = [
    route
    for route in ROUTES
    if route.split(" ")[0] in {"POST", "PUT", "PATCH"}
    and "/api/" in route + "/v2/"
    and route.split(" ")[1].startswith(("/api/", "/v2/"))
    and route not in {"POST /api/evidence", "POST /api/imports", "POST /v2/deployments"}
]
MALFORMED = {
    "half": b'{"variables": ',
    "deep": b'{"variables": {"a": ' + b"[" * 100 + b"]" * 100 + b"}}",
    "bottomless": b"[" * 100_000,
    "NaN": b'{"variables": {"a": NaN}}',
    "infinity": b'{"variables": {"a": -Infinity}}',
    "twice": b'{"variables": {"a": 1, "a": 2}}',
    "NUL": b'{"variables": {"a": "\\u0000"}}',
    "half a letter": b'{"variables": {"a": "\\ud800"}}',
    "no UTF-8": b'{"variables": {"a": "\xff"}}',
    "a number without end": b'{"variables": {"a": 1e99999999}}',
    "a list": b"[]",
    "a word": b'"variables"',
    "unknown field": b'{"salary": 3}',
    "too large": b'{"variables": {"a": "' + b"x" * 3_000_000 + b'"}}',
}
#: a body is not read where none is defined
NO_BODY = re.compile(r"/(open|reset|cancellation|resolution|watch|daily-notes/[^/]+/withdrawal)$")
HOSTILE_KEYS = (
    "0",
    "-1",
    "9" * 19,
    "9" * 400,
    "1e3",
    "%00",
    "..%2F..",
    "%F0%9F%92%A9",
    "'--",
    "x" * 3000,
)
TEXTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</textarea><svg onload=alert(1)>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "<a href=javascript:alert(1)>x</a>",
    "\u202e\u2066kebalik\u2028",
)
ALL = " ".join(TEXTS)


@pytest.fixture(scope="module")
def asked(shared_city):
    return furnished(shared_city)


@pytest.mark.parametrize("route", WITH_BODY)
def test_a_malformed_body_is_a_problem_at_every_route_and_saves_nothing(asked, route):
    method = route.split(" ", 1)[0]
    path = path_of(asked, route, things(route)[0], "sari")
    bodies = MALFORMED if not NO_BODY.search(path) else {}
    before = asked.stored()
    for name, body in bodies.items():
        for who in ("admin", "budi"):
            hidden = who == "budi" and ROUTES[route].sight  # not there before its body is read
            answer = asked.api(who).ask(method, path, data=body, content_type="application/json")
            expected = {404} if hidden else {400, 413, 422}
            assert answer.status_code in expected, (name, answer.status_code, answer.text)
            assert answer.content_type == "application/problem+json"
            assert answer.json["status"] == answer.status_code
    assert asked.stored() == before


#: whoever types a code is told what stands behind it, nothing too; who tries many must wait
VERIFYING = {"GET /sertifikat/<code>", "GET /api/certificates/<code>"}


@pytest.mark.parametrize("who", ["admin", "sari"])
def test_a_hostile_address_is_not_there(asked, who):
    """Whatever stands where an id is expected: no crash, no effect."""
    asked.page(who)
    before = asked.stored()
    for route in ROUTES:
        method, rule = route.split(" ", 1)
        if "<" not in rule or method != "GET":
            continue
        for word in HOSTILE_KEYS:
            path = re.sub(r"<[^>]+>", word.replace("\\", "\\\\"), rule)
            door = asked.api(who) if rule.startswith(("/api/", "/v2/")) else asked.page(who)
            known = {200, 429} if route in VERIFYING else set()
            expected = {303, 308, 400, 403, 404, 414} | known
            assert door.get(path).status_code in expected, (route, word)
    assert asked.stored() == before


#: what each address may be asked, by the beginning of its path
QUESTIONS = {
    "/tugas": ("after", "proses", "_next"),
    "/proses": ("after", "proses", "keadaan"),
    "/skp": ("siklus",),
    "/buku": ("siklus",),
    "/studio/": ("versi",),
    "/hasil": ("pegawai",),
    "/masuk": ("next",),
    "/api/people": ("cycle",),
    "/api/units": ("cycle",),
    "/api/tasks": ("after", "limit", "elementId"),
    "/api/in": ("after", "limit", "status"),
}
HOSTILE_ANSWERS = (
    "-1", "9" * 30, "%00", "'", "NaN", "2026-13-45|x", "|", "2026-01-01|5",
    "2026-01-01T00:00:00+00:00|" + "9" * 30, "0001-01-01T00:00:00+14:00|1", "x" * 3000, ALL,
    urlsafe_b64encode(b"1|0001-01-01T00:00:00+14:00").decode(),
)  # fmt: skip


@pytest.mark.parametrize("who", ["admin", "sari"])
def test_hostile_questions_are_answered_or_refused(asked, who):
    for route in ROUTES:
        method, rule = route.split(" ", 1)
        names = next((names for start, names in QUESTIONS.items() if rule.startswith(start)), ())
        if method != "GET":
            continue
        path = path_of(asked, route, things(route)[0], who)
        door = asked.api(who) if rule.startswith("/api/") else asked.page(who)
        for name in names:
            for word in HOSTILE_ANSWERS:
                answer = door.http.get(
                    path, query_string={name: word}, headers=door.headers, buffered=True
                )
                assert answer.status_code < 500, (route, name, word)


def test_a_refused_page_keeps_every_word_that_was_typed_and_saves_nothing(city):
    """Attestation, claim, rating, dispute: what was typed is there, shown as words."""
    attest = city.task(city.ids["work"], "attest")
    rate = acts.evaluated(city)
    claim = city.task(city.ids["work"], "claim", about="budi")
    tried = (
        ("budi", f"/tugas/{attest.key}", {"decision": "adjust", "reason": ALL}),
        ("budi", f"/tugas/{claim.key}", {**CLAIM, "evidence_link": "", "note": ALL}),
        ("tri", f"/tugas/{rate.key}", {"result_level": "x", "reason": ALL}),
        ("citra", f"/hasil/{city.ids['TIM-01/1']}/sengketa",
         {"ground": "", "evidence_link": "javascript:" + TEXTS[1]}),
    )  # fmt: skip
    for who, path, _values in tried:
        city.page(who).get(path)  # that a page of somebody else's matter was seen is noted once
    before = city.stored()
    for who, path, values in tried:
        answer = city.page(who).post(path, **values)
        assert answer.status_code == 422, (path, answer.text)
        _assert_tame(answer.text, path)
        shown = html.fromstring(answer.text).text_content() + " ".join(
            html.fromstring(answer.text).xpath("//input/@value")
        )
        typed = values.get("ground") or values.get("note") or values.get("reason")
        assert " ".join((typed or values["evidence_link"]).split()) in " ".join(shown.split()), path
    assert city.stored() == before


def test_a_stale_a_repeated_and_a_late_request_do_nothing_more(city):
    task = city.task(city.ids["work"], "attest")
    api, page = city.api("budi"), city.page("budi")
    path = f"/api/tasks/{task.key}/complete"
    before = city.stored()
    stale = api.post(path, {"variables": acts.ATTEST, "version": task.version + 7})
    assert stale.status_code == 409
    assert page.post(f"/tugas/{task.key}", _version="99", **flat(acts.ATTEST)).status_code == 409
    assert city.stored() == before
    headers = {**api.headers, "Idempotency-Key": "once"}
    sent = {"json": {"variables": acts.ATTEST}, "headers": headers}
    first = api.http.post(path, **sent)
    assert first.status_code == 200
    city.settle()
    before = city.stored()
    assert api.http.post(path, **sent).json == first.json
    sent["json"] = {"variables": {**acts.ATTEST, "commitment": "partly"}}
    assert api.http.post(path, **sent).status_code == 422
    late = api.post(path, {"variables": acts.ATTEST})
    assert late.status_code == 409
    assert late.json["facts"]["byName"] == "Budi Santoso"
    assert api.post(f"/v2/user-tasks/{task.key}/completion").status_code == 409
    shown = page.post(f"/tugas/{task.key}", **flat({**acts.ATTEST, "reason": "kata saya"}))
    assert shown.status_code in {404, 409}
    assert city.stored() == before


def test_too_much_is_refused_before_it_is_read(city):
    page, api = city.page("budi"), city.api("budi")
    task = city.task(city.ids["work"], "attest")
    page.get(f"/tugas/{task.key}")
    before = city.stored()
    for values in (
        {"reason": "x" * 3_000_000},
        {f"field{n}": "1" for n in range(6_000)},
    ):
        answer = page.post(f"/tugas/{task.key}", **values)
        assert answer.status_code in {413, 422}, answer.status_code
    body = json.dumps({"data": {f"f{n}": 1 for n in range(3_000)}})
    answer = api.ask(
        "PUT", f"/api/tasks/{task.key}/draft", data=body, content_type="application/json"
    )
    assert answer.status_code == 422
    assert city.stored() == before


def test_hostile_words_are_shown_as_words_on_every_page(city):
    """Names, titles, notes, grounds and links of an attacker, read by everybody who may."""
    _poison(city)
    asked = furnished(city)
    asked.do(
        asked.ids["work"], "attest", about="sari", decision="return", reason=ALL,
        reason_code="evidence",
    )  # fmt: skip
    asked.do(asked.ids["work"], "claim", about="sari", **{**CLAIM, "note": ALL})
    asked.ids["task attest"] = asked.task(asked.ids["work"], "attest", about="sari").key
    seen = 0
    for route in ROUTES:
        method, rule = route.split(" ", 1)
        if method != "GET" or rule.startswith(("/api/", "/v2/", "/static", "/healthz")):
            continue
        for thing in things(route):
            for who in ("sari", "budi", "admin", "nurul", "tri", "taufik", "lestari"):
                answer = asked.page(who).get(path_of(asked, route, thing, who))
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    _assert_tame(answer.text, (route, who))
                    seen += "&lt;script&gt;alert(1)" in answer.text
    assert seen > 20


def _poison(city):
    with city.house.writing() as uow:
        for kind, key, name in (
            (Person, "sari", "name"), (Person, "citra", "name"), (Unit, "unit BIRO-REN", "name"),
        ):  # fmt: skip
            row = uow.agency.get(kind, city.ids[key])
            uow.agency.put(_named(row, name))
        for kind, key, name in ((Squad, "TIM-01", "name"), (Output, "TIM-01/1", "title")):
            row = uow.contributions.get(kind, city.ids[key])
            uow.contributions.put(_named(row, name))
        uow.commit()


def _named(row, name):
    return replace(row, **{name: ALL})


def _assert_tame(text, where):
    """No element, handler or address that an attacker wrote."""
    page = html.fromstring(text)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert not [name for name in element.attrib if name.startswith("on")], where
        assert element.tag != "script" or element.get("src") or _data(element), where
        for name in ("href", "src", "action", "formaction", "xlink:href"):
            address = (element.get(name) or "").strip().lower()
            assert not address.startswith(("javascript:", "data:", "vbscript:")), (where, address)
    assert not page.xpath("//img[@src='x'] | //svg[@onload]"), where


def _data(script):
    """A script element that holds data and runs nothing."""
    return script.get("type") in {"application/json", "application/xml", "text/plain"}
