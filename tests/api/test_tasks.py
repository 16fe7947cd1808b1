"""Completing tasks over HTTP: once, by whom it concerns, or not at all."""

from __future__ import annotations

import threading


def test_a_completed_task_leaves_the_inbox_and_the_next_one_opens(employee, served, leave_task):
    before = employee.get("/api/me").json()["openTasks"]

    done = employee.post(f"/api/tasks/{leave_task}/complete", {"variables": {"days": 3}})

    assert done.status_code == 200, done.text
    assert employee.get("/api/me").json()["openTasks"] == before - 1
    root = done.json()["rootKey"]
    waiting = served.client("hr").get("/api/tasks").json()["items"]
    assert [item["elementId"] for item in waiting if item["rootKey"] == root] == ["decide"]


def test_a_repeated_request_with_its_key_gets_the_same_answer_and_one_effect(
    employee, admin, leave_task
):
    path, headers = f"/api/tasks/{leave_task}/complete", {"Idempotency-Key": f"k-{leave_task}"}

    first = employee.post(path, {"variables": {"days": 2}}, headers=headers)
    second = employee.post(path, {"variables": {"days": 2}}, headers=headers)

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    history = admin.get(f"/api/instances/{first.json()['rootKey']}/history").json()["items"]
    ended = [row for row in history if row["element_id"] == "ask" and row["event"] == "completed"]
    assert len(ended) == 1


def test_the_same_key_with_another_body_is_refused(employee, leave_task):
    path, headers = f"/api/tasks/{leave_task}/complete", {"Idempotency-Key": f"x-{leave_task}"}
    employee.post(path, {"variables": {"days": 2}}, headers=headers)

    other = employee.post(path, {"variables": {"days": 3}}, headers=headers)

    assert other.status_code == 422
    assert other.json()["type"] == "urn:regu:problem:key-reused"


def test_a_second_completion_is_told_who_was_first_and_when(employee, leave_task):
    employee.post(f"/v2/user-tasks/{leave_task}/completion", {"variables": {"days": 1}})

    late = employee.post(f"/v2/user-tasks/{leave_task}/completion", {"variables": {"days": 1}})

    assert late.status_code == 409
    assert late.headers["Content-Type"] == "application/problem+json"
    facts = late.json()["facts"]
    assert facts["by"] == "p-employee"
    assert facts["byName"] == "Employee"
    assert facts["at"].startswith("2026-01-05T01:00:00")


def test_a_form_names_every_fault_at_once_and_nothing_is_saved(employee, leave_task):
    body = {"variables": {"days": 99, "why": "x" * 50, "salary": 1}}

    refused = employee.post(f"/api/tasks/{leave_task}/complete", body)

    assert refused.status_code == 422
    assert {fault["field"] for fault in refused.json()["errors"]} >= {"days", "why"}
    assert employee.get(f"/api/tasks/{leave_task}").json()["state"] == "created"


def test_a_stale_version_is_refused(employee, leave_task):
    version = employee.get(f"/api/tasks/{leave_task}").json()["version"]

    body = {"variables": {"days": 1}, "version": version + 1}
    refused = employee.post(f"/api/tasks/{leave_task}/complete", body)

    assert refused.status_code == 409


def test_a_colleague_does_not_even_learn_that_the_task_exists(served, leave_task):
    colleague = served.client("colleague")

    assert colleague.get(f"/api/tasks/{leave_task}").status_code == 404
    body = {"variables": {"days": 1}}
    assert colleague.post(f"/api/tasks/{leave_task}/complete", body).status_code == 404
    assert served.client("stranger").get(f"/api/tasks/{leave_task}").status_code == 404


def test_an_administrator_sees_the_task_but_may_not_do_it(admin, leave_task):
    assert admin.get(f"/api/tasks/{leave_task}").status_code == 200
    refused = admin.post(f"/api/tasks/{leave_task}/complete", {"variables": {"days": 1}})
    assert refused.status_code == 403


def test_a_draft_comes_back_and_never_becomes_a_variable(employee, admin, leave_task):
    kept = employee.ask("PUT", f"/api/tasks/{leave_task}/draft", json={"data": {"days": "maybe"}})

    assert kept.status_code == 204
    task = employee.get(f"/api/tasks/{leave_task}").json()
    assert task["draft"] == {"days": "maybe"}
    instance = admin.get(f"/api/instances/{task['rootKey']}").json()
    assert instance["variables"] == {"who": "p-employee"}


def test_a_group_task_is_claimed_by_one_and_given_back(employee, served, leave_task):
    done = employee.post(f"/api/tasks/{leave_task}/complete", {"variables": {"days": 1}}).json()
    hr, perf = served.client("hr"), served.client("perf_admin")
    items = hr.get("/api/tasks").json()["items"]
    key = next(item["taskKey"] for item in items if item["rootKey"] == done["rootKey"])

    assert hr.post(f"/api/tasks/{key}/claim").status_code == 200
    assert perf.post(f"/api/tasks/{key}/claim").status_code in (404, 409, 403)
    assert hr.post(f"/api/tasks/{key}/unclaim").status_code == 200
    assert perf.post(f"/api/tasks/{key}/claim").status_code == 200


def test_twelve_clients_at_once_complete_a_task_once(employee, leave_task):
    codes = []

    def complete():
        body = {"variables": {"days": 1}}
        codes.append(employee.post(f"/v2/user-tasks/{leave_task}/completion", body).status_code)

    threads = [threading.Thread(target=complete) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(codes) == [204] + [409] * 11


def test_decimals_keep_every_digit(employee, admin, begin):
    key = begin("leave", who="p-employee")
    raw = '{"reason": "exact", "variables": {"amount": 0.1000000000000000000000000001}}'

    kept = admin.ask(
        "PATCH",
        f"/api/instances/{key}/variables",
        data=raw,
        headers={"Content-Type": "application/json"},
    )

    assert kept.status_code == 204, kept.text
    assert "0.1000000000000000000000000001" in admin.get(f"/api/instances/{key}").text
