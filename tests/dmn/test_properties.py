"""Whatever is done to a file, reading it gives a model or findings."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.dmn import DmnEvaluationError, DmnInvalid, inspect_model
from engine.feel import FeelLimitError

TEXTS = st.sampled_from(["", "(", "null", "[1..]", "-", "not(", "> 5", '"a"', "#i", "number", "tX"])


def _spoil(root, step):
    """Do one harm to a tree: drop, rename, copy or rewrite an element."""
    deed, place, text = step
    elements = list(root.iter("*"))
    element = elements[place % len(elements)]
    parent = element.getparent()
    if deed == "drop" and parent is not None:
        parent.remove(element)
    elif deed == "rename":
        element.tag = elements[(place * 7 + 3) % len(elements)].tag
    elif deed == "copy" and parent is not None:
        parent.append(etree.fromstring(etree.tostring(element)))
    elif deed == "attribute" and element.attrib:
        element.set(list(element.attrib)[place % len(element.attrib)], text)
    elif deed == "text":
        element.text = text


@settings(
    max_examples=250,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["drop", "rename", "copy", "attribute", "text"]),
            st.integers(0, 60),
            TEXTS,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_spoilt_file_gives_findings_or_runs(model, table, steps):
    rows = [(">= 90", "1", "a"), ("[50..90)", "2", "b"), ("-", "3", "c")]
    body = table(rows, hitPolicy="PRIORITY", values="3, 2, 1", notes=("status",), default="0")
    root = etree.fromstring(model(body))
    for step in steps:
        _spoil(root, step)
    with contextlib.suppress(DmnInvalid):
        seen = inspect_model(etree.tostring(root))
        for decision in seen.model.decisions:
            with contextlib.suppress(DmnEvaluationError, FeelLimitError):
                seen.model.evaluate(decision, {"score": 95})


@pytest.mark.parametrize("cut", range(0, 600, 53))
def test_a_file_cut_short_is_refused(model, table, cut):
    with pytest.raises(DmnInvalid):
        inspect_model(model(table([(">= 90", "1")]))[:cut])
