"""`python -m tests.api.every_request --api api|v2`: schemathesis at length against a served house.

Coverage of each constraint, random requests that fit and do not fit the description, and walks
from answer to request. What must not happen: a 5xx that is not spoken, a status, a content type
or a body that the description does not name.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.serving import DRAWINGS, PASSWORD, Served

CHECKS = "status_code_conformance,content_type_conformance,response_schema_conformance"
#: moving the clock to the year 9999 would end the year for all other requests
LEFT_OUT = ("/v2/clock",)
HERE = Path(__file__).parent


def ask_everything(base, asked, report):
    """Run schemathesis; its exit code."""
    words = [
        Path(sys.executable).with_name("schemathesis"),
        "run",
        f"{base}/api/openapi.json",
        f"--include-path-regex=^/{asked.api}/",
        *(f"--exclude-path={path}" for path in LEFT_OUT),
        f"--auth={asked.role}:{PASSWORD}",
        f"--phases={asked.phases}",
        f"--max-examples={asked.examples}",
        f"--seed={asked.seed}",
        f"--checks={CHECKS}",
        "--continue-on-failure",
        "--no-shrink",
        "--suppress-health-check=all",
        "--request-timeout=60",
        "--warnings=off",
        "--generation-database=none",
        "--no-color",
        f"--report-ndjson-path={report}",
    ]
    if asked.seconds:
        words.append(f"--max-time={asked.seconds}")
    env = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.api.request_hooks"}
    return subprocess.run([str(word) for word in words], env=env, check=False).returncode


def answers(report):
    """How many answers by status; a 5xx of ours speaks: 501 and 504."""
    found = Counter()
    for text in report.read_text().splitlines():
        _count(json.loads(text), found)
    return found


def _count(node, found):
    if isinstance(node, dict):
        if isinstance(node.get("status_code"), int):
            found[node["status_code"]] += 1
        for inner in node.values():
            _count(inner, found)
    elif isinstance(node, list):
        for inner in node:
            _count(inner, found)


def main(words=None):
    parser = argparse.ArgumentParser(prog="python -m tests.api.every_request", description=__doc__)
    parser.add_argument("--api", choices=("api", "v2"), default="v2")
    parser.add_argument("--role", default="admin")
    parser.add_argument("--phases", default="coverage,fuzzing,stateful")
    parser.add_argument("--examples", type=int, default=40)
    parser.add_argument("--seconds", type=int, help="time for the random phases")
    parser.add_argument("--report", type=Path, help="keep every request and answer there")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="regu-requests-") as name:
        folder = Path(name)
        house = Served(folder / "house", None).start()
        try:
            files = ("leave.bpmn", "leave.form", "waits.bpmn")
            house.client("admin").deploy(*(DRAWINGS / file for file in files))
            report = asked.report or folder / "report.ndjson"
            code = ask_everything(house.base, asked, report)
        finally:
            house.close()
        seen = answers(report)
    told = ", ".join(f"{status}: {count:,}" for status, count in sorted(seen.items()))
    sys.stdout.write(f"{seen.total():,} answers ({told})\n")
    wrong = [status for status in seen if status in (500, 502, 503)]
    return 1 if code or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
