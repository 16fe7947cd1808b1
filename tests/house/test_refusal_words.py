"""Every code by which the engine refuses an input has words for the people who read it."""

from __future__ import annotations

import ast
from pathlib import Path

from forms.messages import MESSAGES
from web.faults import WORDS
from web.steering_words import STEERED

ROOT = Path(__file__).resolve().parents[2]
#: the engine checks its own books by these; they are findings of a report, nobody's input
SELF_CHECKS = {"invariants.py", "rollup.py", "chain.py"}
#: what makes a fault -> where its code stands among the positions
MAKERS = {"fault": 1, "_fault": 0, "Violation": 9, "FieldFault": 9}


def codes(path):
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(getattr(call, "func", None), "id", None)
        if name in MAKERS:
            at = [k.value for k in call.keywords if k.arg == "code"] + call.args[MAKERS[name] :][:1]
            yield from (one.value for one in at if isinstance(one, ast.Constant))


def test_every_code_of_a_refused_input_has_words():
    files = [path for path in (ROOT / "engine").rglob("*.py") if path.name not in SELF_CHECKS]
    found = {code for path in files for code in codes(path)}
    assert {"row_added", "range_ends", "target_low", "reason_missing"} <= found
    assert sorted(found - WORDS.keys() - MESSAGES.keys() - STEERED) == []
