"""Adapter for the harness of the DMN TCK kit: `--callable tck_adapter:evaluate`.

The kit is no part of the project. Values come and go as the harness has them: numbers, strings,
booleans, lists, dicts, and temporal values as objects with `kind` and `text`.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path

from lxml import etree

from engine.dmn import DmnEvaluationError, inspect_model
from engine.feel import to_json
from engine.feel.temporal_text import parse_date, parse_date_time, parse_duration, parse_time

_NOW = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
_READERS = {
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_date_time,
    "duration": parse_duration,
}


@lru_cache(maxsize=200)
def _model(path):
    """Read a model and, from the same folder, those that it imports."""
    xml = Path(path).read_bytes()
    wanted = {e.get("namespace") for e in etree.fromstring(xml) if str(e.tag).endswith("}import")}
    imports = {}
    for other in sorted(Path(path).parent.glob("*.dmn")) if wanted else ():
        space = etree.fromstring(other.read_bytes()).get("namespace")
        if space in wanted and other != Path(path):
            imports[space] = _model(str(other))
    return inspect_model(xml, imports=imports).model


def _from_kit(value):
    if isinstance(value, list):
        return [_from_kit(item) for item in value]
    if isinstance(value, dict):
        return {key: _from_kit(item) for key, item in value.items()}
    kind = getattr(value, "kind", None)
    return value if kind is None else _READERS[kind](value.text)


def evaluate(path, decision, inputs, case=None):
    """Give a decision's value as plain JSON values; an undefined decision is null."""
    scope = {name: _from_kit(value) for name, value in inputs.items()} | {"$now": _NOW}
    try:
        return to_json(_model(path).evaluate(decision, scope).value)
    except DmnEvaluationError:
        return None
