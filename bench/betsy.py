"""What betsy's harness leaves, told by group: features, cases, and its negative controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: where the kit's drawings lie, below the folder of the kits
DRAWINGS = "src/uniba-dsg+betsy/pebl-builder/src/main/resources/files/bpmn"
_TITLES = {
    "activities": "activities",
    "basics": "basics",
    "data": "data",
    "errors": "invalid and degenerate",
    "events": "events",
    "gateways": "gateways",
    "cfpatterns": "control-flow patterns",
}

#: features that are not expected to be right, and why: the published list
EXCUSED = {
    "AdHocSubProcess_Parallel": "the drawing logs SCRIPT_task1 twice, the kit expects SCRIPT_task3",
    "Timer_IntermediateTimeCycleEvent": "refused: a catch event lets its token pass once",
}

Rows = list[tuple[str, ...]]


def present(found: Sequence[Mapping[str, Any]], kits: Path) -> list[Mapping[str, Any]]:
    """Only cases whose drawing is there; the others are nobody's failure."""
    return [row for row in found if (kits / DRAWINGS / row["file"]).is_file()]


def feature_rows(found: Sequence[Mapping[str, Any]]) -> Rows:
    """Per group: features of which every case passed, cases, and features that are refused."""
    rows: Rows = [("group", "features right", "cases right", "features refused")]
    for group in dict.fromkeys(row["group"] for row in found):
        inside = [row for row in found if row["group"] == group]
        rows.append((_TITLES.get(group, group), *_counts(inside)))
    rows.append(("all", *_counts(found)))
    return rows


def _counts(found: Sequence[Mapping[str, Any]]) -> tuple[str, str, str]:
    features: dict[str, list[Mapping[str, Any]]] = {}
    for row in found:
        features.setdefault(row["process"], []).append(row)
    good = sum(all(_right(case) for case in cases) for cases in features.values())
    right = sum(_right(case) for case in found)
    refused = sum(
        any(not _right(case) and "ERROR_deployment" in case["got"] for case in cases)
        for cases in features.values()
    )
    return f"{good} of {len(features)}", f"{right} of {len(found)}", str(refused)


def _right(case: Mapping[str, Any]) -> bool:
    return bool(case["verdict"] == "pass")


def excused(found: Sequence[Mapping[str, Any]]) -> str:
    """What is not expected, and what is wrong all the same."""
    wrong = dict.fromkeys(row["process"] for row in found if not _right(row))
    told = [f"- {name}: {EXCUSED.get(name, 'wrong')}" for name in wrong]
    return "\n".join(["", "Not right, and why:", "", *told, ""]) if told else ""


def control_rows(found: Sequence[Mapping[str, Any]]) -> Rows:
    """Drawings with their events withheld: quiet, not deployed, and those that ran all the same."""
    asked = [row for row in found if not (row.get("info") or {}).get("skip")]
    refused = [row for row in asked if "ERROR_deployment" in _trace(row)]
    loud = [row for row in asked if row["outcome"] != "accepted" or row["info"]["hit"]]
    quiet = len(asked) - len(refused) - len(loud)
    head = ("negative controls", "quiet", "refused", "ran without their event")
    names = ", ".join(row["file"] for row in loud)
    return [head, (str(len(asked)), str(quiet), str(len(refused)), names or "0")]


def _trace(row: Mapping[str, Any]) -> Sequence[str]:
    trace: Sequence[str] = (row.get("info") or {}).get("trace", ())
    return trace
