"""What our own programs find in kits that have no harness: rules of BPMN, schedules of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Rows = list[tuple[str, ...]]


def rule_rows(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> Rows:
    """Wrong models: refused, with a rule, with the rule they are counted by. Right ones: passed."""
    rows: Rows = [
        ("models", "files", "refused", "with a rule of BPMN", "the rule of their name"),
    ]
    pairs = found["pairs"]
    wrong = [row for row in pairs if row["wrong"]]
    right = [row for row in pairs if not row["wrong"]]
    for name, some in (
        ("betsy, invalid", found["betsy"]),
        ("BPMNspector, wrong", wrong),
        ("BPMNspector, right", right),
    ):
        named = str(sum(row["named"] for row in some)) if some is found["betsy"] else ""
        counts = [sum(row[key] for row in some) for key in ("refused", "ruled")]
        rows.append((name, str(len(some)), *map(str, counts), named))
    return rows


def verdict(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """How many of the pairs are judged as meant, said in words below the table."""
    pairs = found["pairs"]
    good = sum(row["refused"] if row["wrong"] else not row["ruled"] for row in pairs)
    strict = sum(row["refused"] == row["wrong"] for row in pairs)
    ruled = sum(row["ruled"] == row["wrong"] for row in pairs)
    count = max(len(pairs), 1)
    return (
        f"\nOf BPMNspector's {len(pairs)} files {good} are told right from wrong "
        f"({100 * good / count:.1f} %): a wrong one is refused, a right one breaks no rule of "
        f"BPMN.\nBy whether a rule of BPMN is named alone, {ruled} ({100 * ruled / count:.1f} %).\n"
        f"As it stands {100 * strict / count:.1f} % ({strict}) deploy as meant: the other "
        "right ones ask for what\nthis engine does not run, such as expressions of another "
        "language, services without a job type,\nimports.\n"
    )


def schedule_rows(found: Sequence[Mapping[str, str]]) -> Rows:
    """Per family: schedules that go as they must."""
    rows: Rows = [("family", "schedules right")]
    families = dict.fromkeys(row["family"] for row in found)
    for family in families:
        some = [row for row in found if row["family"] == family]
        rows.append((family, f"{sum(not row['fault'] for row in some)} of {len(some)}"))
    rows.append(("all", f"{sum(not row['fault'] for row in found)} of {len(found)}"))
    return rows
