"""What the DMN tests share: short ways to write a model."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

import pytest

from engine.dmn import read_model
from engine.feel import to_json

_SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
_HEAD = f'<definitions xmlns="{_SPACE}" id="m" name="m" namespace="n">'


def _model(body):
    return f"{_HEAD}{body}</definitions>".encode()


def _text(kind, text, **attributes):
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{kind}{written}><text>{escape(text)}</text></{kind}>"


def _table(rules, **options):
    """Write a decision `d` with a table over `score`, from (input, output, notes...) rows."""
    notes = options.pop("notes", ())
    values = options.pop("values", "")
    default = options.pop("default", "")
    allowed = options.pop("allowed", "")
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in options.items())
    rows = "".join(
        f'<rule id="r{number}">{_text("inputEntry", row[0])}{_text("outputEntry", row[1])}'
        + "".join(_text("annotationEntry", note) for note in row[2:])
        + "</rule>"
        for number, row in enumerate(rules, 1)
    )
    return (
        '<inputData id="i" name="score"><variable name="score" typeRef="number"/></inputData>'
        '<decision id="d" name="Rating"><variable name="Rating"/>'
        '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
        f'<decisionTable id="t"{attributes}>'
        f'<input id="in1">{_text("inputExpression", "score", typeRef="number")}'
        f"{_text('inputValues', allowed) if allowed else ''}</input>"
        f'<output id="out1" name="rating">{_text("outputValues", values) if values else ""}'
        f"{_text('defaultOutputEntry', default) if default else ''}</output>"
        + "".join(f"<annotation name={quoteattr(note)}/>" for note in notes)
        + rows
        + "</decisionTable></decision>"
    )


@pytest.fixture
def model():
    """Write a whole file from its elements."""
    return _model


@pytest.fixture
def table():
    """Write one decision table."""
    return _table


@pytest.fixture
def rate():
    """Evaluate a table for a score, as JSON values."""

    def evaluate(score, rules, **options):
        decided = read_model(_model(_table(rules, **options))).evaluate("d", {"score": score})
        return to_json(decided.value)

    return evaluate
