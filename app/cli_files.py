"""`regu check` and `regu dmn`: files without a database, fast to start."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from engine.feel.feeltypes import FeelType
    from engine.usecases.errors import Finding

#: types whose values arrive as ISO text
_TEMPORAL = frozenset(
    {
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)
SUFFIXES = (".bpmn", ".dmn", ".form", ".json", ".xml")


def run(given: argparse.Namespace) -> int:
    """Run one of the two."""
    if given.command == "check":
        return check([Path(text) for text in given.path])
    return decide(Path(given.path), given.decision, given.input)


def check(paths: Sequence[Path]) -> int:
    """Print what was accepted as JSON, or every finding as a line and 1."""
    from engine.usecases.ports.process import Resource  # noqa: PLC0415 - start fast

    files = list(files_of(paths))
    missing = [path for path in paths if not path.exists()]
    if missing or not files:
        for path in missing or paths:
            print(f"{path}: no such file, or nothing in it to check", file=sys.stderr)
        return 2
    findings = check_resources([Resource(name=p.name, content=p.read_bytes()) for p in files])
    for finding in findings:
        print(line_of(finding), file=sys.stderr)
    if any(finding.severity == "error" for finding in findings):
        return 1
    print(json.dumps({"files": [path.name for path in files], "warnings": len(findings)}))
    return 0


def check_resources(resources: Sequence[Any]) -> tuple[Finding, ...]:
    """All findings, as a deployment would report them, without a store."""
    from app.check import check_files  # noqa: PLC0415 - start fast

    return check_files(resources)


def line_of(finding: Finding) -> str:
    """A finding as a line that names file, line, element and what to do."""
    place = f"{finding.resource}:{finding.line}" if finding.line else finding.resource
    element = finding.element_id
    if finding.element_name:
        element = f"{finding.element_name} ({element})"
    where = f" {element}:" if element else ""
    return f"{place}: {finding.severity}:{where} {finding.message} [{finding.code}]"


def decide(path: Path, decision: str, source: str) -> int:
    """Evaluate a decision; the result is JSON on stdout, what is wrong a line on stderr."""
    from engine.dmn import DmnError, read_model  # noqa: PLC0415 - start fast
    from engine.feel import FeelError, from_json, to_json  # noqa: PLC0415 - start fast

    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        inputs = json.loads(text or "{}", parse_float=Decimal, parse_int=Decimal)
        model = read_model(path.read_bytes())
        scope = {name: from_json(value) for name, value in inputs.items()}
        for name, given in model.inputs.items():
            if name in scope:
                scope[name] = typed(scope[name], given.type)
        result = to_json(model.evaluate(decision, scope).value)
    except (DmnError, FeelError, OSError, json.JSONDecodeError, AttributeError) as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return 1
    print(exact_json(result))
    return 0


def typed(value: Any, of: FeelType | None) -> Any:
    """Read ISO text as the temporal value that the declared type wants, inside lists too."""
    if of is None or value is None:
        return value
    if of.name in _TEMPORAL and isinstance(value, str):
        from engine.feel.values import read_temporal  # noqa: PLC0415 - start fast

        return read_temporal(value) or value
    if of.name == "list" and isinstance(value, list) and of.parts:
        return [typed(item, of.parts[0]) for item in value]
    if of.name == "context" and isinstance(value, dict):
        parts = dict(zip(of.entries, of.parts, strict=False))
        return {name: typed(item, parts.get(name)) for name, item in value.items()}
    return value


def exact_json(value: Any) -> str:
    """JSON in which a Decimal keeps its digits."""
    if isinstance(value, dict):
        inner = (f"{json.dumps(key)}: {exact_json(item)}" for key, item in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(exact_json, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def files_of(paths: Iterable[Path]) -> Iterable[Path]:
    """Files named, and those of folders, that a deployment takes."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and p.suffix in SUFFIXES)
        elif path.is_file():
            yield path
