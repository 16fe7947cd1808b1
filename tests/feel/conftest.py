"""What the FEEL tests share: one call that evaluates and shows JSON values."""

from __future__ import annotations

import pytest

from engine.feel import compile_expression, to_json


@pytest.fixture
def feel():
    """Evaluate a text in a scope and give the value as JSON values."""

    def evaluate(text, scope=None, *, names=(), warnings=None):
        expression = compile_expression(text, names=frozenset(names))
        return to_json(expression.evaluate(scope or {}, warnings))

    return evaluate
