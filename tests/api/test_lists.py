"""Lists of /v2: what is counted, what can be sorted; and a deployment that is asked for twice."""

from __future__ import annotations

import pytest

from tests.serving import DRAWINGS


def test_a_total_counts_all_pages_and_the_cursor_walks_them(admin, begin):
    for _ in range(5):
        begin("waits_day")
    wanted = {"filter": {"processDefinitionId": "waits_day", "state": "ACTIVE"}}
    seen, after = [], None
    while True:
        page = {"limit": 2} if after is None else {"limit": 2, "after": after}
        answer = admin.post("/v2/process-instances/search", {**wanted, "page": page}).json()
        if not answer["items"]:
            break
        seen.extend(item["processInstanceKey"] for item in answer["items"])
        after = answer["page"]["endCursor"]
        assert answer["page"]["totalItems"] == 5
        assert answer["page"]["hasMoreTotalItems"] is False

    assert len(seen) == len(set(seen)) == 5


def test_totals_are_those_of_who_asks(served, admin, begin, employee):
    begin("leave", who="p-employee")
    search = {"filter": {"elementId": "ask", "state": "CREATED"}, "page": {"limit": 1}}

    def total(client):
        return client.post("/v2/user-tasks/search", search).json()["page"]["totalItems"]

    assert total(admin) == total(employee) == 1
    for role in ("colleague", "stranger", "nowhere"):
        assert total(served.client(role)) == 0
    nowhere = served.client("nowhere").post("/v2/process-instances/search", {}).json()
    assert (nowhere["items"], nowhere["page"]["totalItems"]) == ([], 0)


@pytest.mark.parametrize(
    ("path", "by"),
    [
        ("process-instances", "processInstanceKey"),
        ("user-tasks", "userTaskKey"),
        ("process-definitions", "processDefinitionKey"),
        ("incidents", "incidentKey"),
    ],
)
def test_a_list_is_sorted_by_its_key_both_ways_and_by_nothing_unknown(admin, path, by):
    def status(**sort):
        return admin.post(f"/v2/{path}/search", {"sort": [sort]}).status_code

    assert {status(field=by, order=way) for way in ("ASC", "DESC", "asc", "desc")} == {200}
    assert status(field="shape of the moon") == 400


def test_a_deployment_asked_for_twice_under_one_key_is_one_act(served, admin):
    def deploy(name, key):
        files = [("resources", (name, (DRAWINGS / name).read_bytes()))]
        headers = {"Idempotency-Key": key}
        return admin.ask("POST", "/v2/deployments", files=files, headers=headers)

    first, second = deploy("robot.bpmn", "d1"), deploy("robot.bpmn", "d1")

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert deploy("waits.bpmn", "d1").status_code == 422
    with served.wired.database.reading.connect() as connection:
        told = connection.exec_driver_sql("SELECT facts FROM audit WHERE stream = 'definitions'")
        assert sum("robot.bpmn" in facts for (facts,) in told) == 1
