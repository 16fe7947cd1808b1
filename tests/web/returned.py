"""What an operation gives back, read from its text: the keys of the mappings that it returns."""

from __future__ import annotations

import ast
import inspect
import textwrap

#: helpers inside helpers that are looked into
_DEEP = 4


def returned(function, deep=_DEEP):
    """Names of the variables that a function returns, also through helpers of its module."""
    function = getattr(function, "__wrapped__", function)
    if not inspect.isfunction(function) or deep == 0:
        return set()
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and node.value is not None:
            found |= _keys(node.value, function.__globals__, deep)
    return found


def _keys(value, names, deep):
    if isinstance(value, ast.IfExp):
        return _keys(value.body, names, deep) | _keys(value.orelse, names, deep)
    if isinstance(value, ast.BinOp):
        return _keys(value.left, names, deep) | _keys(value.right, names, deep)
    if isinstance(value, ast.Call):
        return returned(_called(value.func, names), deep - 1)
    if isinstance(value, ast.Name) and isinstance(names.get(value.id), dict):
        return set(names[value.id])
    if not isinstance(value, ast.Dict):
        return set()
    found = set()
    for key, inner in zip(value.keys, value.values, strict=True):
        if key is None:
            found |= _keys(inner, names, deep)
        elif isinstance(key, ast.Constant):
            found.add(key.value)
    return found


def _called(func, names):
    if isinstance(func, ast.Name):
        return names.get(func.id)
    owner = names.get(getattr(getattr(func, "value", None), "id", ""))
    return getattr(owner, getattr(func, "attr", ""), None)
