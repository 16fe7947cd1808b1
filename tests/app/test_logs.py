from __future__ import annotations

import io
import json
import logging

import pytest
from flask import Flask

from app import headers, logs
from engine.usecases import references
from tests.serving import Served


@pytest.fixture
def said():
    """A logger that writes as the program does, and what it wrote, line by line."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.formatter())
    logger = logging.getLogger("regu.test_logs")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield logger, lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logger.removeHandler(handler)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b", "\x85"])
def test_no_text_can_fake_a_record(said, end):
    logger, lines = said
    logger.warning("hello %s", f'x{end}{{"level": "error", "message": "faked"}}')
    (line,) = lines()
    assert line["level"] == "warning"
    assert "faked" in line["message"]


def test_numbers_of_people_are_masked_wherever_they_stand(said):
    logger, lines = said
    nip = "199001012015011001"
    logger.info("read %s", nip, extra={"person": {"nips": [nip, int(nip)]}})
    try:
        {}[f"nobody is {nip} or 19900101 201501 1 001, NIK 3273014101900001"]
    except LookupError:
        logger.exception("failed")
    told = json.dumps(lines())
    assert nip not in told
    assert "201501" not in told
    assert "3273014101900001" not in told
    assert told.count("[NIP]") >= 5


def test_keys_and_ids_stay_readable(said):
    logger, lines = said
    logger.info("instance %s of unit %s", 382170000012345678, "0199-77aa")
    assert lines()[0]["message"] == "instance 382170000012345678 of unit 0199-77aa"


def test_a_record_names_its_request_and_the_reference_that_the_answer_showed(said):
    logger, lines = said
    app = Flask("test")
    headers.register(app, https=False)
    app.add_url_rule("/x", "x", lambda: logger.info("in the request") or "done")
    answer = app.test_client().get("/x")
    (line,) = lines()
    assert line["reference"] == answer.headers["X-Request-Id"]
    assert line["request"] == "GET /x"
    assert references.current() is None


def test_links_that_open_something_do_not_stand_in_the_log(said):
    logger, lines = said
    app = Flask("test")
    app.add_url_rule("/survey/<token>", "survey", lambda **_parts: logger.info("opened") or "done")
    app.test_client().get("/survey/s3cr3t-l1nk")
    assert lines()[0]["request"] == "GET /survey/<token>"


def test_a_login_in_a_path_does_not_stand_in_the_log(said):
    logger, lines = said
    app = Flask("test")
    app.add_url_rule("/who/<login>", "who", lambda **_parts: logger.info("opened") or "done")
    app.test_client().get("/who/ani.lestari")
    assert lines()[0]["request"] == "GET /who/<login>"


def test_a_record_of_a_job_carries_the_reference_of_what_caused_it(said):
    logger, lines = said
    with references.under("request-7"):
        logger.info("worked")
    logger.info("idle")
    first, second = lines()
    assert first["reference"] == "request-7"
    assert "reference" not in second
    assert set(second) == {"at", "level", "logger", "message"}


def test_one_reference_goes_from_the_request_to_the_log_lines_of_its_job(sqlite_template, tmp_path):
    served = Served(tmp_path / "house", sqlite_template).start(worker=False)
    out, root = io.StringIO(), logging.getLogger("regu")
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.formatter())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        answer = served.client("admin").post(
            "/v2/messages/publication",
            {"name": "bell", "correlationKey": "1", "timeToLive": 60_000},
            headers={"X-Request-Id": "complaint-42"},
        )
        assert answer.headers["X-Request-Id"] == "complaint-42"
        served.worker.drain()
    finally:
        root.removeHandler(handler)
        root.setLevel(logging.NOTSET)
        served.close()
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    told = [line["message"] for line in lines if line.get("reference") == "complaint-42"]
    assert any(message.startswith("answered 200") for message in told)
    assert any(message == "job deliver_message: done" for message in told)
