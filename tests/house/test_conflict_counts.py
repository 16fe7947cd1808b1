"""After ON CONFLICT nobody counts rows: PostgreSQL's driver says -1, and the guard never fires."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("engine/persistence", "app")


def counted_conflicts(source):
    """Lines that read `rowcount` of what an ON CONFLICT statement did.

    A name that was given such a statement carries it, through calls of its methods too.
    """
    tree = ast.parse(source)
    return sorted({line for scope in _scopes(tree) for line in _in_scope(scope, tree)})


def _scopes(tree):
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return found or [tree]


def _in_scope(scope, tree):
    carried = _carried(tree.body, set())
    carried = _carried(list(ast.walk(scope)), carried)
    for node in ast.walk(scope):
        counts = isinstance(node, ast.Attribute) and node.attr == "rowcount"
        if counts and _touches(node.value, carried):
            yield node.lineno


def _carried(nodes, carried):
    """Names that stand for a statement with ON CONFLICT, or for the result of one."""
    size = -1
    while size != len(carried):
        size = len(carried)
        for node in nodes:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if _touches(node.value, carried):
                    carried = carried | {t.id for t in targets if isinstance(t, ast.Name)}
    return carried


def _touches(node, carried):
    return any(
        (isinstance(one, ast.Attribute) and one.attr.startswith("on_conflict"))
        or (isinstance(one, ast.Name) and one.id in carried)
        for one in ast.walk(node)
    )


def test_no_guard_counts_the_rows_of_a_conflict():
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for floor in FLOORS
        for path in (ROOT / floor).rglob("*.py")
        if "migrations" not in path.parts
        for line in counted_conflicts(path.read_text(encoding="utf-8"))
    }
    assert not found, "use .returning(key) and first() is None"


AT_ONCE = """
def f(c, t):
    return c.execute(insert(t).on_conflict_do_nothing()).rowcount
"""
BY_NAME = """
def f(c, t):
    put = insert(t).on_conflict_do_nothing()
    r = c.execute(put)
    if r.rowcount == 0:
        return
"""
CONSTANT = """
PUT = insert(t).on_conflict_do_nothing()
def f(c):
    return c.execute(PUT).rowcount
"""
SOUND = """
def f(c, t):
    put = insert(t).on_conflict_do_nothing().returning(t.c.id)
    n = c.execute(update(t)).rowcount
    return c.execute(put).first()
"""


def test_the_check_finds_what_it_is_for():
    """Its positive control: at once, by a name and a result, by a constant of the module."""
    assert counted_conflicts(AT_ONCE) == [3]
    assert counted_conflicts(BY_NAME) == [5]
    assert counted_conflicts(CONSTANT) == [4]
    assert counted_conflicts(SOUND) == []
