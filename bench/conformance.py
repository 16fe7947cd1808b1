"""`python -m bench.conformance --kits DIR`: kits that nobody here wrote, by their own harness.

DIR holds `harness/` and `src/`; nothing of it is copied. Each kit judges the engine through an
adapter of the tests, in processes of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import betsy, judged

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "conformance.md"

Rows = list[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """One kit and how its harness is called."""

    name: str
    #: a folder below `src/` without which there is nothing to run
    needs: str
    #: program of the harness and its words
    words: tuple[str, ...]
    #: folder of the adapter, for PYTHONPATH
    adapter: str
    #: file that the harness leaves in its results; empty: a program of ours tells it
    result: str = ""

    def present(self, kits: Path) -> bool:
        """Whether its files are there."""
        program = self.folder(kits) / self.words[0]
        return (kits / "src" / self.needs).is_dir() and program.is_file()

    def folder(self, kits: Path) -> Path:
        """Where its program lies."""
        return kits / "harness" if self.result else ROOT / self.adapter


DMN = Kit(
    name="DMN TCK",
    needs="dmn-tck",
    words=("dmn_tck.py", "--callable", "tck_adapter:evaluate", "--tag", "regu"),
    adapter="tests/dmn",
    result="dmn-regu-all.json",
)
DEPLOY = Kit(
    name="BPMN drawings, as they are",
    needs="camunda+bpmn-for-research",
    words=("bpmn_deploy.py", "--callable", "kit_deploy:deploy", "--tag", "regu"),
    adapter="tests/runtime",
    result="deploy-regu-summary-all.json",
)
DEPLOY_EXECUTABLE = Kit(
    name="BPMN drawings, all processes made executable",
    needs="camunda+bpmn-for-research",
    words=("bpmn_deploy.py", "--callable", "kit_deploy:deploy_executable", "--tag", "executable"),
    adapter="tests/runtime",
    result="deploy-executable-summary-all.json",
)
BETSY = Kit(
    name="betsy: BPMN features",
    needs="uniba-dsg+betsy",
    words=("betsy_run.py", "--callable", "betsy_adapter:run", "--dialect", "feel", "--tag", "regu"),
    adapter="tests/runtime",
    result="betsy-regu-all.json",
)
BETSY_CONTROLS = Kit(
    name="betsy: negative controls",
    needs="uniba-dsg+betsy",
    words=("betsy_negative.py", "--callable", "betsy_adapter:run", "--tag", "regu"),
    adapter="tests/runtime",
    result="betsy-negative-regu-all.json",
)
RULES = Kit(
    name="BPMN drawings, right and wrong",
    needs="uniba-dsg+BPMNspector",
    words=("kit_judge.py", "."),
    adapter="tests/runtime",
)
SCHEDULES = Kit(
    name="Schedules of human tasks",
    needs="mbackschat+bpmn-lean-experiment",
    words=("lean_scenarios.py", "src/mbackschat+bpmn-lean-experiment"),
    adapter="tests/runtime",
)
KITS = (DMN, BETSY, BETSY_CONTROLS, RULES, SCHEDULES, DEPLOY, DEPLOY_EXECUTABLE)


def main(words: Sequence[str] | None = None) -> int:
    """Run what is there, print the tables, name what is skipped."""
    asked = _parser().parse_args(words)
    parts: list[str] = []
    failed = False
    for kit in KITS:
        if asked.kits is None or not kit.present(asked.kits):
            print(f"skipped: {kit.name} (not found; ./run conformance --kits DIR)", flush=True)
            continue
        print(f"... {kit.name}", file=sys.stderr, flush=True)
        try:
            text = told(kit, _run(kit, asked.kits), asked.kits)
        except KitFailed as fault:
            failed = True
            print(f"failed: {fault}", flush=True)
            continue
        print(f"\n{text}", flush=True)
        parts.append(text)
    if asked.write and parts and not failed:
        DOCUMENT.write_text(document(parts))
        print(f"wrote {DOCUMENT.relative_to(ROOT)}")
    return 1 if failed else 0


class KitFailed(Exception):
    """The harness did not come to its end."""

    def __init__(self, kit: str, said: str) -> None:
        super().__init__(f"{kit}: {said}")
        self.kit = kit
        self.said = said


def _run(kit: Kit, kits: Path) -> Any:
    """What the harness leaves; it runs in its own folder with the adapter on the path."""
    with tempfile.TemporaryDirectory(prefix="regu-kit-") as results:
        path = os.pathsep.join((str(ROOT / kit.adapter), str(ROOT)))
        environment = {
            **os.environ,
            "CONF_RESULTS": results,
            "PYTHONPATH": path,
            "REGU_KITS": str(kits),
        }
        program = [str(kit.folder(kits) / kit.words[0]), *kit.words[1:]]
        done = subprocess.run(  # noqa: S603 - a program of the kit that the caller named
            [sys.executable, *program],
            cwd=kits / "harness" if kit.result else kits,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if not kit.result and not done.returncode:
            return json.loads(done.stdout)
        file = Path(results) / kit.result
        if done.returncode or not file.is_file():
            raise KitFailed(kit.name, (done.stderr or done.stdout)[-800:])
        return json.loads(file.read_text())


def told(kit: Kit, found: Any, kits: Path) -> str:
    """The result of a kit as a table in Markdown."""
    rows = _rows(kit, found, kits)
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, f"| {' | '.join('---' for _ in rows[0])} |")
    rest = betsy.excused(betsy.present(found, kits)) if kit is BETSY else ""
    rest = judged.verdict(found) if kit is RULES else rest
    return f"## {kit.name}\n\n" + "\n".join(lines) + f"\n{rest}"


def _rows(kit: Kit, found: Any, kits: Path) -> Rows:
    if kit is DMN:
        return _dmn_rows(found)
    if kit is BETSY:
        return betsy.feature_rows(betsy.present(found, kits))
    if kit is BETSY_CONTROLS:
        return betsy.control_rows(betsy.present(found, kits))
    if kit is RULES:
        return judged.rule_rows(found)
    return judged.schedule_rows(found) if kit is SCHEDULES else _deploy_rows(found)


#: groups of the harness's summary, by the words of its manual
_GROUPS = (
    ("L2", "level 2"),
    ("L3", "level 3"),
    ("all", "levels 2 and 3"),
    ("tables", "levels 2 and 3, decision tables only"),
    ("NC", "non-compliant"),
)


def _dmn_rows(found: Mapping[str, Any]) -> Rows:
    """Passed of all results, and of those that expect a value (not null, no error)."""
    rows: Rows = [("results", "passed", "share", "with a value expected, passed", "share")]
    for key, name in _GROUPS:
        facts = found["summary"][key]
        rows.append(
            (name, *_share(facts["ok"], facts["n"]), *_share(facts["pos_ok"], facts["pos"]))
        )
    return rows


def _share(good: int, count: int) -> tuple[str, str]:
    return f"{good:,} of {count:,}", f"{100 * good / max(count, 1):.1f} %"


_HEADS = (
    "suite",
    "files",
    "accepted",
    "of them with a node unread",
    "nothing executable",
    "refused with findings",
    "anything else",
)
_OUTCOMES = ("accepted", "nothing-executable", "clear")


def _deploy_rows(found: Mapping[str, Any]) -> Rows:
    """Per suite: accepted, refused with findings, nothing to run, and what must never be."""
    rows: Rows = [_HEADS]
    totals = [0] * 6
    for suite, facts in found.items():
        outcomes = facts["outcomes"]
        accepted, nothing, refused = (outcomes.get(name, 0) for name in _OUTCOMES)
        unread = facts["static"].get("accepted_with_dropped_nodes", 0)
        rest = sum(outcomes.values()) - accepted - nothing - refused
        cells = [facts["files"], accepted, unread, nothing, refused, rest]
        totals = [one + two for one, two in zip(totals, cells, strict=True)]
        rows.append((suite, *(f"{cell:,}" for cell in cells)))
    rows.append(("all", *(f"{cell:,}" for cell in totals)))
    return rows


def document(parts: Sequence[str]) -> str:
    """The page of the manual."""
    head = (
        "# Conformance\n\n"
        "Kits that nobody here wrote, run by their own harness through the adapters in `tests/`\n"
        "(`tests/dmn/tck_adapter.py`; in `tests/runtime`: `betsy_adapter.py`, `kit_deploy.py`,\n"
        "`kit_judge.py`, `lean_scenarios.py`). The kits are no part of the project; without them\n"
        "the command names each as skipped.\n\n"
        "    ./run conformance --kits DIR --write\n\n"
        '"Anything else" is a traceback, a hang or an unclear error: it must be 0.\n'
    )
    return "\n".join([head, *parts])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run conformance", description=main.__doc__)
    parser.add_argument("--kits", type=lambda text: Path(text).resolve(), metavar="DIR")
    parser.add_argument("--write", action="store_true", help="write docs/conformance.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
