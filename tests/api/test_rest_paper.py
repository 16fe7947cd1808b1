"""docs/rest.md tells every operation of the published API: offered, or answered by 501."""

from __future__ import annotations

import re
from pathlib import Path

import camunda_orchestration_sdk
import pytest

from api.register import ROOMS
from api.v2.absent import ABSENT
from app.rest_paper import render

DOCS = Path(__file__).parents[2] / "docs" / "rest.md"


def offered():
    return {
        (one.method, re.sub(r"<[^>]*>", "{}", one.rule).removeprefix("/v2"))
        for room in ROOMS
        if room.prefix == "/v2"
        for one in room.operations
    }


def published():
    """(method, path) of every operation of the published Python client."""
    for file in (Path(camunda_orchestration_sdk.__file__).parent / "api").rglob("*.py"):
        text = file.read_text()
        method = re.search(r'"method":\s*"(\w+)"', text)
        path = re.search(r'"url":\s*f?"([^"]+)"', text)
        if method and path and not path[1].startswith("/cluster/"):
            yield method[1].upper(), re.sub(r"\{\w+\}", "{}", path[1])


def test_the_paper_is_what_the_routes_say():
    assert DOCS.read_text() == render()


def test_every_published_operation_is_offered_or_said_to_be_absent():
    assert set(published()) == offered() | ABSENT
    assert not offered() & ABSENT


@pytest.mark.parametrize(("method", "path"), [("GET", "/backups/runtime"), ("POST", "/users")])
def test_an_absent_operation_answers_501(admin, method, path):
    answer = admin.ask(method, f"/v2{path}", json={})
    assert answer.status_code == 501
    assert answer.json()["type"] == "urn:regu:problem:not-supported"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/process-instances/search", {"filter": {"tags": ["a"]}}, 501),
        ("/process-instances/search", {"filter": {"tags": []}}, 200),
        ("/process-instances/search", {"filter": {"colour": "red"}}, 400),
        ("/process-instances", {"processDefinitionId": "x", "runtimeInstructions": [{}]}, 501),
        ("/variables/search", {}, 501),
        ("/nowhere/search", {}, 404),
    ],
)
def test_a_known_field_answers_501_when_it_is_set_and_an_unknown_one_400(admin, path, body, status):
    assert admin.post(f"/v2{path}", body).status_code == status
