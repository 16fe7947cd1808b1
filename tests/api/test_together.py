"""Tasks as people handle them together, over HTTP."""

from __future__ import annotations


def test_a_delegated_task_says_whose_it_is_until_it_is_resolved(employee, served, leave_task):
    path = f"/api/tasks/{leave_task}"
    lent = employee.post(f"{path}/delegate", {"delegate": "p-colleague"})
    assert lent.status_code == 200, lent.text
    colleague = served.client("colleague")
    refused = colleague.post(f"{path}/complete", {"variables": {"days": 1}})
    assert refused.status_code == 409
    assert refused.json()["facts"]["owner"] == "p-employee"
    assert employee.get(path).json()["owner"] == "p-employee"
    assert colleague.post(f"{path}/resolve", {"data": {"days": "4"}}).status_code == 200
    assert employee.get(path).json()["draft"] == {"days": "4"}
    assert employee.post(f"{path}/complete", {"variables": {"days": 4}}).status_code == 200


def test_a_lent_task_is_told_in_the_history_with_both_names(admin, employee, served, leave_task):
    path = f"/api/tasks/{leave_task}"
    root = employee.get(path).json()["rootKey"]
    employee.post(f"{path}/delegate", {"delegate": "p-colleague"})
    served.client("colleague").post(f"{path}/resolve", {})
    rows = admin.get(f"/api/instances/{root}/history").json()["items"]
    told = [(row["event"], row["actor"], row["on_behalf_of"]) for row in rows]
    assert ("delegated", "p-employee", None) in told
    assert ("handed_back", "p-colleague", "p-employee") in told


def test_dates_and_priority_change_by_those_allowed(admin, employee, leave_task):
    path = f"/api/tasks/{leave_task}"
    own = employee.ask("PATCH", path, json={"followUpAt": "2026-01-20T09:00:00+07:00"})
    assert own.status_code == 200, own.text
    assert employee.get(path).json()["followUpAt"].startswith("2026-01-20T02:00")
    assert employee.ask("PATCH", path, json={"priority": 90}).status_code == 403
    assert admin.ask("PATCH", path, json={"priority": 90, "dueAt": None}).status_code == 200
    assert admin.get(path).json()["priority"] == 90
    assert admin.ask("PATCH", path, json={"priority": 101}).status_code == 422
    assert admin.ask("PATCH", path, json={"dueAt": "2026-01-20"}).status_code == 422


def test_remarks_are_paged_and_carry_a_file(employee, served, leave_task):
    path = f"/api/tasks/{leave_task}/remarks"
    for number in range(3):
        assert employee.post(path, {"text": f"catatan {number}"}).status_code == 201
    first = employee.ask("GET", path, params={"limit": 2}).json()
    assert [one["text"] for one in first["items"]] == ["catatan 2", "catatan 1"]
    rest = employee.ask("GET", path, params={"after": first["next"]}).json()
    assert [one["text"] for one in rest["items"]] == ["catatan 0"]
    sent = {"file": ("note.txt", b"a note")}
    kept = employee.ask("POST", "/api/evidence", files=sent).json()
    said = employee.post(path, {"evidenceId": kept["id"]}).json()
    file = employee.get(f"/api/remarks/{said['id']}/file")
    assert file.content == b"a note"
    assert "attachment" in file.headers["Content-Disposition"]
    colleague = served.client("colleague")
    assert colleague.get(f"/api/remarks/{said['id']}/file").status_code == 404
    assert colleague.get(path).status_code == 404


def test_a_repeated_remark_with_its_key_is_said_once(employee, leave_task):
    path, headers = f"/api/tasks/{leave_task}/remarks", {"Idempotency-Key": f"r-{leave_task}"}
    answers = [employee.post(path, {"text": "sekali"}, headers=headers).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(employee.get(path).json()["items"]) == 1


def test_many_tasks_answer_each_for_itself(admin, employee, leave_task):
    body = {"act": "complete", "taskKeys": [leave_task, "1"], "variables": {"days": 2}}
    answer = employee.post("/api/tasks/together", body).json()
    assert answer["done"] == []
    assert [one["code"] for one in answer["refused"]] == ["not_together", "not_found"]
    handed = {"act": "assign", "taskKeys": [leave_task], "assignee": "p-colleague"}
    assert admin.post("/api/tasks/together", handed).json()["done"] == [leave_task]
    assert employee.post("/api/tasks/together", {**body, "taskKeys": []}).status_code == 422


def test_following_is_a_persons_and_ends_with_the_task(admin, employee, leave_task):
    path = f"/api/tasks/{leave_task}"
    assert employee.ask("PUT", f"{path}/watch").status_code == 204
    assert admin.ask("PUT", f"{path}/watch").status_code == 404
    assert employee.ask("DELETE", f"{path}/watch").status_code == 204
    employee.post(f"{path}/complete", {"variables": {"days": 2}})
    assert employee.ask("PUT", f"{path}/watch").status_code == 409
