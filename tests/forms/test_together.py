"""What a form's own properties say yes to."""

from __future__ import annotations

import json

import pytest

from forms.adapter import FormAdapter

FORM = {"type": "default", "id": "read", "components": []}


@pytest.mark.parametrize(
    ("properties", "bulk"),
    [
        ({}, False),
        ({"regu:bulk": True}, True),
        ({"regu:bulk": "true"}, True),
        ({"regu:bulk": False}, False),
        ({"another": "true"}, False),
    ],
)
def test_a_form_says_whether_its_tasks_may_be_done_together(properties, bulk):
    schema = json.dumps(FORM | {"properties": properties}).encode()
    assert FormAdapter().check("read.form", schema) == ()
    assert FormAdapter().allows(schema, "bulk") is bulk


@pytest.mark.parametrize("properties", [{"regu:bulk": "perhaps"}, ["regu:bulk"]])
def test_a_form_that_says_it_unclearly_is_refused(properties):
    schema = json.dumps(FORM | {"properties": properties}).encode()
    [fault] = FormAdapter().check("read.form", schema)
    assert "propert" in fault
