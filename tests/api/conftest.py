"""A served house for the tests of the API; one for all tests of a file."""

from __future__ import annotations

import threading

import pytest

from tests.serving import DRAWINGS, Served


@pytest.fixture(scope="module")
def served(sqlite_template, tmp_path_factory):
    house = Served(tmp_path_factory.mktemp("served"), sqlite_template).start()
    answer = house.client("admin").deploy(
        DRAWINGS / "leave.bpmn", DRAWINGS / "leave.form", DRAWINGS / "waits.bpmn"
    )
    assert answer.status_code == 200, answer.text
    yield house
    house.close()


@pytest.fixture
def admin(served):
    return served.client("admin")


@pytest.fixture
def employee(served):
    return served.client("employee")


@pytest.fixture
def begin(admin):
    """Start a process and give its key."""

    def start(process_id, **variables):
        body = {"processDefinitionId": process_id, "variables": variables}
        answer = admin.post("/v2/process-instances", body)
        assert answer.status_code == 200, answer.text
        return answer.json()["processInstanceKey"]

    return start


@pytest.fixture
def leave_task(begin, employee):
    """A leave started for the employee: the key of his task."""
    instance = begin("leave", who="p-employee")
    found = employee.post(
        "/v2/user-tasks/search", {"filter": {"processInstanceKey": instance}}
    ).json()["items"]
    return found[0]["userTaskKey"]


@pytest.fixture
def eventually():
    """Ask until the answer is as wanted: the worker runs in a thread of its own."""

    def wait(question, wanted, tries=200):
        pause = threading.Event()
        for _ in range(tries):
            found = question()
            if found == wanted:
                return found
            pause.wait(0.05)
        raise AssertionError(f"{found!r} never became {wanted!r}")

    return wait
