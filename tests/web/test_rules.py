"""Every refusal opens to its rule."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from forms.messages import MESSAGES
from tests.web.test_pages import GOOD, hidden, task_page
from web.faults import WORDS
from web.rules import BY_STATUS, HOUSE, RULES, rule_of

ENGINE = Path(__file__).parents[2] / "engine"


@pytest.mark.parametrize("code", sorted({*WORDS, *MESSAGES}))
def test_every_refusal_that_a_page_can_tell_has_its_rule(code):
    rule = rule_of(code)
    assert rule is not None, f"{code}: name its rule in web/rules.py"
    assert str(rule.why)
    assert rule.source is HOUSE or str(rule.source)


def test_no_rule_explains_what_nobody_refuses():
    told = [code for rule in RULES for code in rule.codes]
    assert len(told) == len(set(told))
    assert set(told) <= {*WORDS, *MESSAGES}


def test_every_code_that_the_engine_writes_out_is_told_and_explained():
    """`Violation(code="...")` and `FieldFault(code="...")` as they stand in the source."""
    unknown = set()
    for file in [*ENGINE.rglob("domain/*.py"), *ENGINE.rglob("usecases/**/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "Violation",
                "FieldFault",
            }:
                for word in node.keywords:
                    if word.arg == "code" and isinstance(word.value, ast.Constant):
                        unknown |= {word.value.value} - {*WORDS, *MESSAGES}
    assert unknown == set()


def test_a_refused_form_says_why_under_its_summary(client):
    key, page = task_page(client.sign_in("sari"))
    answer = client.http.post(f"/tugas/{key}", data={**hidden(page), **GOOD, "days": "99"})
    assert answer.status_code == 422
    assert '<details class="why">' in answer.text


def test_a_closed_door_says_why(client):
    answer = client.sign_in("tono").get("/proses")
    assert answer.status_code == 403
    assert '<details class="why">' in answer.text
    assert set(BY_STATUS) >= {400, 401, 403, 404, 409, 413, 429}
