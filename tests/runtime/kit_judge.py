"""`python kit_judge.py KITS`: right or wrong BPMN, as the names of the kits' files say, as JSON.

A file is judged wrong when an error names a rule of BPMN, whatever else does not run here. What
the file would be told at a deployment is said beside: accepted or not.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from engine.runtime.drawing.check import check_drawing
from engine.runtime.drawing.context import DeployContext

_BETSY = "src/uniba-dsg+betsy"
_SPECTOR = "src/uniba-dsg+BPMNspector"
_WRONG = ("fail", "invalid", "violation")
_RIGHT = ("success", "valid", "korrekt")


def judged(file, *, wrong):
    """What is said about one file."""
    drawing, findings = check_drawing(file.read_bytes(), file.name, DeployContext())
    rules = [f.rule for f in findings if f.severity == "error" and f.rule]
    return {
        "file": file.name,
        "wrong": wrong,
        "refused": drawing is None,
        "ruled": bool(rules),
        "named": drawing is None and any(_names(f.rule, file.name) for f in findings),
    }


def _names(rule, name):
    """Whether a rule is the one that the file's name counts."""
    own = re.match(r"EXT(\d+)|REF", name)
    if own is None:
        return False
    if own[1] is None:
        return "REF" in rule
    spans = re.findall(r"EXT\.(\d+)(?:-(\d+))?", rule)
    return any(int(low) <= int(own[1]) <= int(high or low) for low, high in spans)


def meant(name):
    """Whether a file is meant to be wrong, by its name; None: it does not say."""
    told = name.lower()
    if any(word in told for word in _WRONG):
        return True
    return False if any(word in told for word in _RIGHT) else None


def main(words):
    """Invalid models of betsy, then the pairs of BPMNspector."""
    kits = Path(words[0])
    invalid = sorted((kits / _BETSY).rglob("bpmn_constraints/**/*.bpmn"))
    betsy = [judged(file, wrong=True) for file in invalid]
    pairs = [
        judged(file, wrong=meant(file.name))
        for file in sorted((kits / _SPECTOR).rglob("*.bpmn"))
        if meant(file.name) is not None
    ]
    sys.stdout.write(json.dumps({"betsy": betsy, "pairs": pairs}))


if __name__ == "__main__":
    main(sys.argv[1:])
