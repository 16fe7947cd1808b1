"""The deploy door for the conformance kits: `bpmn_deploy.py --callable kit_deploy:deploy`.

The kits are found by REGU_KITS (the folder that holds harness/ and src/); PYTHONPATH needs this
folder and the tree. `deploy_executable` makes every process executable first, so that all rules
meet the many drawings that were made for show.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from lxml import etree

from engine.runtime.drawing.check import check_drawing
from engine.runtime.drawing.context import DeployContext
from engine.runtime.drawing.model import Kind
from engine.runtime.drawing.source import BPMN, parse

FLOW_NODES = tuple(f"{{{BPMN}}}{kind.value}" for kind in Kind)


def deploy(path):
    """Check a file as it is; DeployRejected says every error with element and line."""
    return _answer(Path(path).read_bytes(), Path(path).name)


def deploy_executable(path):
    """Check a file with all its processes made executable."""
    data = Path(path).read_bytes()
    root, _ = parse(data)
    if root is not None:
        for process in root.iter(f"{{{BPMN}}}process"):
            process.set("isExecutable", "true")
        data = etree.tostring(root)
    return _answer(data, Path(path).name)


def _answer(data, name):
    drawing, findings = check_drawing(data, name, DeployContext())
    if drawing is None:
        raise _rejected(
            "; ".join(
                f"[{f.code}] {f.element_id} line {f.line}: {f.message}"
                for f in findings
                if f.severity == "error"
            )
        )
    root, _ = parse(data)
    drawn = sum(
        1 for process in root.findall(f"{{{BPMN}}}process") for _ in process.iter(*FLOW_NODES)
    )
    read = sum(len(process.nodes) for process in drawing.processes)
    return {
        "processes": [process.id for process in drawing.executable],
        "unreached": drawn - read,
        "warnings": len(findings),
    }


def _rejected(message):
    kits = os.environ.get("REGU_KITS")
    if kits:
        sys.path.insert(0, str(Path(kits) / "harness"))
    from common import DeployRejected  # noqa: PLC0415 - the kit is there only when it calls

    return DeployRejected(message)
