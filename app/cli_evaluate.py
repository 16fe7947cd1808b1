"""`regu feel` and `regu dmn`: evaluate without a database; what comes out is JSON."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.dmn import DmnError, DmnInvalid, enclose, explain, inspect_model, read_inputs
from engine.feel import FeelError, FeelWarning, evaluate_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.dmn import DecisionModel


def evaluate(text: str, context: str | None) -> int:
    """`regu feel`: the value of an expression; warnings are lines on stderr, bad text is 1."""
    warnings: list[FeelWarning] = []
    try:
        value = evaluate_json(text, _read(context), _now(), warnings)
    except (FeelError, OSError, ValueError) as error:
        print(f"feel: {_plain(error)}", file=sys.stderr)
        return 1
    _tell(warnings)
    print(exact_json(value))
    return 0


def decide(path: Path, decision: str | None, source: str | None, *, explained: str | None) -> int:
    """`regu dmn`: the result of a decision, explained in a language if named; what is wrong is 1.

    Without `decision` the one on which no other rests; ISO text becomes a date, time or duration
    where the model declares one. Models that it imports are looked for in its folder.
    """
    warnings: list[FeelWarning] = []
    try:
        inspection = inspect_model(enclose(path.read_bytes(), _near(path)))
        asked = decision or _last(inspection.model)
        wrong = inspection.touching(asked)
        if wrong:
            raise DmnInvalid(list(wrong))
        scope = read_inputs(inspection.model, {"$now": _now(), **_read(source)})
        outcome = inspection.model.evaluate(asked, scope, warnings)
    except (DmnError, FeelError, OSError, ValueError) as error:
        print(f"{path.name}: {_plain(error)}", file=sys.stderr)
        return 1
    for finding in inspection.findings:
        print(f"wrong elsewhere: line {finding.line}: {finding.message}", file=sys.stderr)
    _tell(warnings)
    told = explain(outcome, warnings, explained) if explained else to_json(outcome.value)
    print(exact_json(told))
    return 0


def _near(path: Path) -> Iterator[bytes]:
    return (one.read_bytes() for one in sorted(path.parent.glob("*.dmn")) if one != path)


def exact_json(value: Any) -> str:
    """JSON in which a Decimal keeps its digits."""
    if isinstance(value, dict):
        inner = (
            f"{json.dumps(key, ensure_ascii=False)}: {exact_json(item)}"
            for key, item in value.items()
        )
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(exact_json, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def _read(source: str | None) -> dict[str, Any]:
    """A JSON object: written out, `@FILE`, `-` for stdin, or the path of a file."""
    if source is None:
        return {}
    if source == "-":
        text = sys.stdin.read()
    elif source.startswith("@"):
        text = Path(source[1:]).read_text(encoding="utf-8")
    elif source.lstrip().startswith("{"):
        text = source
    else:
        text = Path(source).read_text(encoding="utf-8")
    try:
        found = json.loads(text or "{}", parse_float=Decimal, parse_int=Decimal)
    except json.JSONDecodeError as wrong:
        raise ValueError(f"what is given is no JSON object: {wrong}") from None
    if not isinstance(found, dict):
        raise ValueError(  # noqa: TRY004 - bad input, not a bug
            "the context is a JSON object"
        )
    return found


def _plain(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _last(model: DecisionModel) -> str:
    """The decision on which no other rests."""
    required = {key for one in model.decisions.values() for key in one.requires}
    last = [key for key in model.decisions if key not in required]
    if len(last) != 1:
        named = ", ".join(one.name for one in model.decisions.values())
        raise ValueError(f"name one of its decisions: {named}")
    return last[0]


def _tell(warnings: Sequence[FeelWarning]) -> None:
    for one in warnings:
        place = f"{one.where}: " if one.where else ""
        print(
            f"warning: {place}line {one.line}, column {one.column}: {one.message}",
            file=sys.stderr,
        )


def _now() -> datetime:
    return datetime.now(UTC)
