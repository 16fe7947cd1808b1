"""What happened in an instance comes page by page, and nothing twice."""

from __future__ import annotations

import pytest

from tests.serving import DRAWINGS


def test_pages_of_what_happened_meet_and_all_rows_come(admin, employee, leave_task):
    done = employee.post(f"/api/tasks/{leave_task}/complete", {"variables": {"days": 3}})
    path = f"/api/instances/{done.json()['rootKey']}/history"
    whole = admin.get(path).json()
    assert whole["next"] is None
    assert len(whole["items"]) > 3

    seen, onward = [], ""
    while onward is not None:
        page = admin.get(f"{path}?limit=2{onward and f'&after={onward}'}").json()
        seen += page["items"]
        onward = page["next"]

    assert seen == whole["items"]
    assert admin.get(f"{path}?after=nonsense").status_code == 400
    assert admin.get(f"{path}?limit=0").status_code == 422


@pytest.mark.parametrize("form", ["xes", "ocel", "csv"])
def test_an_event_log_comes_in_a_type_that_is_described(admin, begin, form):
    admin.deploy(DRAWINGS / "robot.bpmn")
    begin("robot")
    described = admin.get("/api/openapi.json").json()["paths"]["/api/history/{process_id}"]["get"]
    answer = admin.get("/api/history/robot", params={"format": form})
    assert answer.status_code == 200
    kind = answer.headers["Content-Type"].partition(";")[0]
    assert kind in described["responses"]["200"]["content"]
