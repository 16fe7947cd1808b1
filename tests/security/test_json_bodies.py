"""JSON at both APIs: bounded, exact, and nothing in it that was not asked for. Row 11; ASVS 15.3.3.

Every route with each malformed body is in tests/access/test_bad_input.py.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import time

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import EXCLUDE, RAISE, Schema
from werkzeug.exceptions import HTTPException

import api
from app.json_provider import DEPTH_MAX, ExactJson

DOOR = ExactJson(Flask("x"))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)
BITS = st.lists(
    st.sampled_from(
        ["{", "}", "[", "]", ":", ",", '"', "\\", '"a"', "1", "-", "1e9", "NaN", "\\u0000",
         "\\ud800",
         "null", "tru", "/*", " ", "\ufeff", "\x00", "9" * 401, "1e99999999"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


def taken(body):
    """The status of its refusal or None, and what was read."""
    try:
        return None, DOOR.loads(body)
    except HTTPException as refused:
        return refused.code, None


@settings(max_examples=200, deadline=None)
@given(VALUES)
def test_what_is_json_comes_in_as_it_is(value):
    text = json.dumps(value)
    code, found = taken(text)
    if code is None:
        assert found == value
    else:
        assert code == 400
        assert "\\u0000" in text or "\\ud" in text


@settings(max_examples=400, deadline=None)
@given(BITS)
def test_whatever_comes_is_read_or_a_bad_request(text):
    for body in (text, text.encode("utf-8", "surrogatepass")):
        assert taken(body)[0] in {None, 400, 413}


@pytest.mark.parametrize("opened", ["[", '{"a":'])
def test_depth_is_bounded_before_it_is_read(opened):
    closed = {"[": "]", '{"a":': "}"}[opened]
    for depth, known in ((DEPTH_MAX, True), (DEPTH_MAX + 1, False), (400_000, False)):
        text = opened * depth + ("1" if opened != "[" else "") + closed * depth
        began = time.process_time()
        assert taken(text)[0] in ({None} if known else {400, 413})
        assert time.process_time() - began < 0.5


def test_a_number_costs_no_more_than_its_digits():
    began = time.process_time()
    for text in ("9" * 1_000_000, "1." + "9" * 1_000_000, "1e" + "9" * 1_000_000, "-" * 1_000_000):
        with pytest.raises(HTTPException):
            DOOR.loads(f"[{text}]")
    assert time.process_time() - began < 2


def shapes():
    """Every marshmallow schema of the APIs."""
    for found in pkgutil.walk_packages(api.__path__, "api."):
        importlib.import_module(found.name)
    left, seen = [Schema], set()
    while left:
        for one in left.pop().__subclasses__():
            if one not in seen:
                seen.add(one)
                left.append(one)
    return [one for one in seen if one.__module__.startswith("api.")]


def test_no_shape_of_the_apis_takes_a_field_that_it_does_not_name():
    """Headers and answers are the only ones that pass over what they do not know."""
    found = {one: one.Meta.unknown if hasattr(one.Meta, "unknown") else RAISE for one in shapes()}
    assert len(found) > 100
    loose = {one.__name__ for one, unknown in found.items() if unknown is not RAISE}
    assert loose <= {one.__name__ for one, unknown in found.items() if unknown is EXCLUDE}
    assert not [name for name in loose if not name.endswith(("Headers", "Header"))], loose


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/profile", {"groups": ["admin"]}),
        ("POST", "/api/instances", {"processId": "errand", "startedBy": "admin"}),
        ("POST", "/v2/process-instances", {"processDefinitionId": "errand", "agencyId": "x"}),
        ("POST", "/v2/user-tasks/search", {"filter": {"state": "CREATED", "$where": "1"}}),
        ("PATCH", "/v2/user-tasks/1", {"changeset": {"assignee": "admin", "state": "COMPLETED"}}),
    ],
)
def test_nobody_sets_what_he_was_not_asked_for(city, method, path, body):
    before = city.stored()
    answer = city.api("sari").ask(method, path, json=body)
    assert answer.status_code in {400, 403, 404, 405, 422, 501}
    assert city.stored() == before


def test_a_name_given_twice_is_taken_once(city):
    """Parameters of the address beside the body: each is read at its own place only."""
    api_door = city.api("sari")
    answer = api_door.ask("POST", "/v2/user-tasks/search?filter=x&page=2", json={"filter": {}})
    assert answer.status_code in {200, 400, 422}
    twice = api_door.get("/api/tasks?limit=1&limit=999999")
    assert twice.status_code in {200, 400, 422}
    if twice.status_code == 200:
        assert len(twice.json["items"]) <= 1
