"""An evaluation told as data: tables with what came in, the rules that counted, the warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.dmn.trace import RuleHit
from engine.dmn.wording import sentence
from engine.feel.values import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.dmn.model import DecisionOutcome
    from engine.dmn.trace import TableMatch
    from engine.feel import FeelWarning


def explain(
    outcome: DecisionOutcome,
    warnings: Sequence[FeelWarning] = (),
    language: str | None = None,
) -> Mapping[str, Any]:
    """What a decision gave and why, as JSON values.

    `inputs` by name; `tables` in order of evaluation, each with `inputs`, `rules` (number, id,
    conditions, results, source, status, and with a language their `sentence`) and `unconfirmed`
    rules from memory; `warnings` with the id of their cell, line and column.
    """
    return {
        "result": to_json(outcome.value),
        "inputs": {name: to_json(value) for name, value in outcome.inputs.items()},
        "tables": [_table(match, language) for match in outcome.matched],
        "unconfirmed": [_rule(hit, language) for hit in outcome.unconfirmed],
        "warnings": [
            {"message": w.message, "where": w.where, "line": w.line, "column": w.column}
            for w in warnings
        ],
    }


def sentences(tables: Sequence[Mapping[str, Any]], language: str = "id") -> list[str]:
    """The rules of `explain`'s tables as sentences in a language, when they were kept as JSON."""
    return [
        sentence(
            RuleHit(
                rule_id=rule["id"],
                number=rule["number"],
                annotations={},
                conditions=tuple((one["name"], one["cell"]) for one in rule["conditions"]),
                results=tuple((one["name"], one["value"]) for one in rule["results"]),
            ),
            language,
        )
        for table in tables
        for rule in table["rules"]
    ]


def _table(match: TableMatch, language: str | None) -> Mapping[str, Any]:
    return {
        "id": match.table_id,
        "inputs": [{"name": name, "value": to_json(value)} for name, value in match.inputs],
        "rules": [_rule(hit, language) for hit in match.rules],
    }


def _rule(hit: RuleHit, language: str | None) -> Mapping[str, Any]:
    told = {
        "id": hit.rule_id,
        "number": hit.number,
        "conditions": [{"name": name, "cell": cell} for name, cell in hit.conditions],
        "results": [{"name": name, "value": to_json(value)} for name, value in hit.results],
        "source": hit.source,
        "status": hit.status,
    }
    return told if language is None else told | {"sentence": sentence(hit, language)}
