"""The programs of the house: what each imports, calls and compares, read once."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("api", "app", "engine", "forms", "web")


@dataclass
class Program:
    """One file: modules and names that it imports, calls by dotted name, comparisons."""

    imports: list = field(default_factory=list)
    calls: list = field(default_factory=list)
    compares: list = field(default_factory=list)

    def take(self, node):
        if isinstance(node, ast.Call):
            self.calls.append((node, dotted(node.func)))
        elif isinstance(node, ast.Compare):
            self.compares.append(node)
        elif isinstance(node, ast.Import):
            self.imports += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            self.imports += [node.module, *(f"{node.module}.{one.name}" for one in node.names)]


def read(text):
    """A program of its text."""
    found = Program()
    for node in ast.walk(ast.parse(text)):
        found.take(node)
    return found


@lru_cache(maxsize=1)
def programs():
    """Each file of the product by its path from the root."""
    return {
        path.relative_to(ROOT).as_posix(): read(path.read_text(encoding="utf-8"))
        for floor in FLOORS
        for path in sorted((ROOT / floor).rglob("*.py"))
    }


def dotted(node):
    """A name or a chain of attributes as it is written; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""
