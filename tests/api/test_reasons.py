"""What is done to a running instance says why, at each door; the audit keeps it."""

from __future__ import annotations

import json

import pytest

WHY = "Agreed with the head of the unit"


@pytest.fixture
def noted(served):
    """Facts of the newest act of a kind on an instance."""

    def of(key, act):
        with served.wired.database.reading.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT facts FROM audit WHERE stream = ? AND act = ? ORDER BY seq",
                (f"instance:{key}", act),
            ).all()
        return json.loads(rows[-1][0]) if rows else None

    return of


@pytest.fixture
def broken(admin, begin):
    """An instance with an incident: both keys."""

    def begun():
        key = begin("breaks", way="up")
        found = admin.post("/v2/incidents/search", {"filter": {"processInstanceKey": key}}).json()
        return key, found["items"][0]["incidentKey"]

    return begun


#: act in the audit -> method and path in our own API, and what its body has beside the reason
OURS = {
    "instance:process:cancel": ("POST", "/api/instances/{key}/cancel", {}),
    "instance:variables:set": (
        "PATCH",
        "/api/instances/{key}/variables",
        {"variables": {"way": "left"}},
    ),
    "incident:token:retry": ("POST", "/api/incidents/{incident}/retry", {}),
}
#: likewise in the published API
PUBLISHED = {
    "instance:process:cancel": "/v2/process-instances/{key}/cancellation",
    "incident:token:retry": "/v2/incidents/{incident}/resolution",
}


@pytest.mark.parametrize("act", OURS)
@pytest.mark.parametrize("unsaid", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "x" * 1_001}])
def test_our_own_api_does_nothing_without_a_reason(admin, broken, noted, act, unsaid):
    key, incident = broken()
    method, path, body = OURS[act]
    answer = admin.ask(method, path.format(key=key, incident=incident), json=body | unsaid)
    assert answer.status_code == 422, answer.text
    assert [fault["field"] for fault in answer.json()["errors"]] == ["reason"]
    assert noted(key, act) is None


@pytest.mark.parametrize("act", OURS)
def test_our_own_api_keeps_the_reason_of_each_act(admin, broken, noted, act):
    key, incident = broken()
    method, path, body = OURS[act]
    answer = admin.ask(method, path.format(key=key, incident=incident), json=body | {"reason": WHY})
    assert answer.status_code == 204, answer.text
    assert noted(key, act)["reason"] == WHY


@pytest.mark.parametrize("act", PUBLISHED)
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"headers": {"Regu-Reason": WHY}, "json": {"operationReference": 42}}, WHY),
        ({"json": {"operationReference": 42}}, "asked by a client of /v2, reference 42"),
        ({"headers": {"Regu-Reason": ""}}, "asked by a client of /v2 without a reason"),
        ({}, "asked by a client of /v2 without a reason"),
    ],
    ids=["header", "reference", "blank", "nothing"],
)
def test_the_published_api_keeps_what_unchanged_clients_say(admin, broken, noted, act, sent, kept):
    key, incident = broken()
    answer = admin.ask("POST", PUBLISHED[act].format(key=key, incident=incident), **sent)
    assert answer.status_code == 204, answer.text
    assert noted(key, act)["reason"] == kept


def test_an_incident_that_was_tried_again_is_named_beside_the_reason(admin, broken, noted):
    key, incident = broken()
    assert admin.post(f"/api/incidents/{incident}/retry", {"reason": WHY}).status_code == 204
    told = noted(key, "incident:token:retry")
    assert (told["incident"], told["element"]) == (incident, "choose")
