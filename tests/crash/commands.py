"""Every command of the house: each function of the use cases that opens a unit of work to write."""

from __future__ import annotations

import ast
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("engine/usecases", "engine/jobs")
#: what the last long sweep examined: points and databases by command
SEEN = Path(__file__).with_name("swept.json")

#: why a command is not in the sweep, or may be in it with more than one commit
ALLOWED = json.loads(Path(__file__).with_name("allowed.json").read_text())


def commands():
    """Names such as "engine.usecases.tasks.complete_task", sorted."""
    found = set()
    for place in PLACES:
        for file in (ROOT / place).rglob("*.py"):
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            text = file.read_text()
            if ".writing()" in text:
                found |= {f"{module}.{name}" for name in _writers(ast.parse(text))}
    return sorted(found)


def _writers(tree, outer=""):
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _writers(node, f"{outer}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and any(map(_opens, ast.walk(node))):
            yield outer + node.name


def _opens(node):
    called = isinstance(node, ast.Call) and node.func
    return isinstance(called, ast.Attribute) and called.attr == "writing"


def swept():
    """What the last long sweep examined."""
    return json.loads(SEEN.read_text()) if SEEN.exists() else {}
