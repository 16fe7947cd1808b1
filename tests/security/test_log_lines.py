"""No words make a second line in the log, and no secret stands in one. Rows 15 and 18."""

from __future__ import annotations

import io
import json
import logging

import pytest

from app.logs import formatter

FORGED = (
    'x\r\n{"level": "error", "message": "admin signed in"}',
    "x\n\n2026-01-01 INFO root: forged",
    "x\x85y\u2028z\u2029w\x0b\x0cv",
    "\x1b[2J\x1b[31mred",
    '"}, {"level": "info',
    "%s %d %n {0.__class__} ${jndi:ldap://x}",
)
TYPED = "wrong but secret words"


@pytest.fixture
def written():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter())
    log = logging.getLogger("tests.security")
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    yield log, out
    log.removeHandler(handler)


@pytest.mark.parametrize("words", FORGED)
def test_whatever_was_typed_stays_inside_its_record(written, words):
    log, out = written
    log.warning("typed: %s", words)
    log.warning(words, extra={"login": words})
    log.error("failed", exc_info=ValueError(words))
    lines = out.getvalue().splitlines()
    assert len(lines) == 3
    for line in lines:
        record = json.loads(line)
        assert record["level"] in {"warning", "error"}
        assert line.isascii()
        assert "\x1b" not in line


def test_a_request_with_forged_words_makes_no_line_of_its_own(city, written):
    """The address, the account and the reference that a client sends."""
    log, out = written
    client = city.app.test_client()
    with client:
        client.get("/tidak%0d%0aada", headers={"X-Request-Id": "a b", "User-Agent": "x"})
        log.error("here")
    [line] = out.getvalue().splitlines()
    assert json.loads(line)["message"] == "here"
    answer = client.get("/health", headers={"X-Request-Id": 'x"y'})
    assert answer.headers["X-Request-Id"] != 'x"y'


def test_no_password_and_no_cookie_stands_in_a_log(city, caplog):
    """Whatever goes wrong on the way in."""
    caplog.set_level(logging.DEBUG)
    visitor = type(city.page("sari"))(city, None)
    visitor.post("/masuk", login=city.logins["sari"], password=TYPED)
    visitor.post("/masuk", login="nobody", password=TYPED)
    cookie = visitor.http.get_cookie("regu_visit").value
    city.api(None).ask("POST", "/oauth/token", data={"client_secret": TYPED})
    text = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert TYPED not in text
    assert cookie not in text


def test_what_was_refused_stands_in_the_log_without_what_was_sent(city, caplog):
    """ASVS 16.3.2: who, where, from which address; the audit log holds what was done."""
    caplog.set_level(logging.WARNING, logger="regu.refused")
    city.api("citra").ask("PUT", "/v2/clock", json={"timestamp": 0, "words": TYPED})
    city.api("citra").ask("PUT", "/v2/clock", json={"timestamp": 0})
    city.api(None).get("/api/me")
    city.page("sari").http.post("/tugas", headers={"Sec-Fetch-Site": "cross-site"})
    told = [(record.status, record.route, record.who) for record in caplog.records]
    assert (403, "/v2/clock", city.ids["citra"]) in told
    assert (401, "/api/me", "") in told
    assert (403, "", "") in told
    assert TYPED not in caplog.text
