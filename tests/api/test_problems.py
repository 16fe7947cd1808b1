"""Bad input gets a clear answer in one format, and nothing is saved."""

from __future__ import annotations

import base64

import pytest
import requests
from openapi_spec_validator import validate

from tests.serving import DRAWINGS

JSON = {"Content-Type": "application/json"}
PATH = "/v2/process-instances/search"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b'{"a": NaN}', 400),
        (b'{"page": {}, "page": {}}', 400),
        (b'{"filter": {"processDefinitionId": "\\u0000"}}', 400),
        (b'{"filter": {"processDefinitionId": "\\ud800"}}', 400),
        (b'{"page": {"limit": 1e999999}}', 400),
        (b'{"page": {"limit": ' + b"9" * 5000 + b"}}", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b'{"surprise": 1}', 400),
        (b'{"page": {"limit": "ten"}}', 400),
        (b'{"page": {"after": "!!"}}', 400),
        (b" " * 3_000_000, 413),
    ],
)
def test_a_malformed_body_is_a_problem_and_never_a_crash(admin, body, status):
    answer = admin.ask("POST", PATH, data=body, headers=JSON)

    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].startswith("urn:regu:problem:")
    assert problem["status"] == status
    assert problem["instance"].startswith("urn:regu:request:")


def test_unknown_fields_are_refused_by_name(admin):
    answer = admin.post("/api/instances", {"processId": "leave", "salary": 3})

    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == ["salary"]
    assert admin.get("/api/tasks?salary=3").status_code == 422


def test_a_body_of_another_kind_is_refused(admin):
    answer = admin.ask("POST", PATH, data="a=1", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_nothing_there_is_a_problem_too(admin):
    for method, path, status in (
        ("GET", "/api/nothing", 404),
        ("DELETE", "/api/me", 405),
        ("GET", f"/api/tasks/{2**63}", 404),
        ("GET", "/api/tasks/12", 404),
        ("GET", "/v2/process-instances/12", 404),
    ):
        answer = admin.ask(method, path)
        assert answer.status_code == status, path
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_bad_drawing_names_all_findings_and_deploys_nothing(admin, tmp_path):
    good, bad = DRAWINGS / "leave.form", tmp_path / "bad.bpmn"
    bad.write_text(
        (DRAWINGS / "leave.bpmn")
        .read_text()
        .replace('id="leave" ', 'id="bad" ')
        .replace('targetRef="end"', 'targetRef="nowhere"')
        .replace('assignee="=who"', 'assignee="=who +"')
    )

    answer = admin.deploy(good, bad)

    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert len(errors) >= 2
    assert {"ask"} <= {error["elementId"] for error in errors}
    assert all(error["line"] > 0 and error["message"] for error in errors)
    known = admin.post("/v2/process-definitions/search").json()["items"]
    assert "bad" not in {item["processDefinitionId"] for item in known}


def test_identical_files_make_no_new_version(admin):
    first = admin.deploy(DRAWINGS / "leave.bpmn", DRAWINGS / "leave.form").json()
    second = admin.deploy(DRAWINGS / "leave.bpmn", DRAWINGS / "leave.form").json()

    def versions(done):
        return [
            item["processDefinition"]["processDefinitionVersion"]
            for item in done["deployments"]
            if item["processDefinition"] is not None
        ]

    assert versions(first) == versions(second)


def test_a_crash_shows_a_reference_number_and_nothing_else(served, admin):
    broken = served.app.view_functions["tasks.get_me"]

    def crash():
        raise RuntimeError("the secret is 42")

    served.app.view_functions["tasks.get_me"] = crash
    try:
        answer = admin.get("/api/me")
    finally:
        served.app.view_functions["tasks.get_me"] = broken

    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.json()["instance"]


def test_who_is_unknown_is_asked_for_a_password(served):
    answer = requests.get(served.base + "/api/me", timeout=10)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    odd = base64.b64encode(b"admin").decode()
    for value in ("Basic !!", f"Basic {odd}", "Bearer abc", "Basic", "Digest username=x"):
        headers = {"Authorization": value}
        answer = requests.get(served.base + "/api/me", headers=headers, timeout=10)
        assert answer.status_code == 401, value


def test_every_answer_carries_the_security_headers(served, admin):
    for path in ("/api/me", "/api/nothing", "/healthz"):
        headers = admin.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"


def test_the_description_is_valid_openapi(served):
    described = requests.get(served.base + "/api/openapi.json", timeout=10).json()

    validate(described)
    assert described["openapi"].startswith("3.1")
    assert "/api/tasks/{task_key}/complete" in described["paths"]
