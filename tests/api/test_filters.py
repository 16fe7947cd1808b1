"""The filters of /v2: every comparison, both ways of paging, values that are missing."""

from __future__ import annotations

import pytest

from tests.serving import DRAWINGS

#: a comparison of business keys, and whose fit
TEXTS = [
    ("alpha", ["alpha"]),
    ({"$eq": "Alpha"}, ["Alpha"]),
    ({"$neq": "alpha"}, ["Alpha", "beta*", "gamma"]),
    ({"$exists": False}, [None]),
    ({"$exists": True}, ["alpha", "Alpha", "beta*", "gamma"]),
    ({"$in": ["alpha", "gamma"]}, ["alpha", "gamma"]),
    ({"$notIn": ["alpha", "gamma"]}, ["Alpha", "beta*"]),
    ({"$like": "*lpha"}, ["alpha", "Alpha"]),
    ({"$like": "?lpha", "$neq": "Alpha"}, ["alpha"]),
    ({"$like": r"beta\*"}, ["beta*"]),
    ({"$like": r"alph\*"}, []),
    ({"$like": "a[l]pha"}, []),
    ({"$in": []}, []),
]
#: a list, and fields that it can be sorted by
LISTS = [
    ("process-definitions", ["processDefinitionKey", "name", "version", "versionTag"]),
    ("process-instances", ["processInstanceKey", "processDefinitionName", "startDate"]),
    ("element-instances", ["elementInstanceKey", "startDate", "endDate", "state", "type"]),
    ("user-tasks", ["userTaskKey", "creationDate", "dueDate", "priority", "businessId"]),
    ("jobs", ["jobKey", "type", "deadline", "retries", "elementInstanceKey"]),
    ("incidents", ["incidentKey", "creationTime", "state", "errorType", "jobKey"]),
    ("message-subscriptions", ["messageSubscriptionKey", "messageName", "businessId"]),
    ("decision-definitions", ["decisionDefinitionKey", "name", "decisionRequirementsKey"]),
    ("decision-requirements", ["decisionRequirementsKey", "version"]),
    ("decision-instances", ["decisionEvaluationKey", "evaluationDate"]),
    ("resources", ["resourceKey", "resourceName", "deploymentKey"]),
    ("batch-operations", ["batchOperationKey", "state", "startDate"]),
    ("batch-operation-items", ["itemKey", "processedDate"]),
    ("users", ["username", "name"]),
]
NAMES = ("alpha", "Alpha", "beta*", "gamma", None)


@pytest.fixture(scope="module")
def keys(served):
    """Five instances of one process with business keys, the last without; oldest first."""
    admin = served.client("admin")
    admin.deploy(DRAWINGS / "waits.bpmn")
    made = []
    for name in NAMES:
        body = {"processDefinitionId": "waits_day", "businessId": name}
        answer = admin.post("/v2/process-instances", body)
        assert answer.status_code == 200, answer.text
        made.append(answer.json()["processInstanceKey"])
    return made


@pytest.fixture
def names(admin, keys):
    """Business keys of what a filter finds, of these instances."""

    def ask(sort=(), page=None, **wanted):
        body = {
            "filter": {"processInstanceKey": {"$in": keys}, **wanted},
            "sort": list(sort),
            **({"page": page} if page else {}),
        }
        answer = admin.post("/v2/process-instances/search", body)
        assert answer.status_code == 200, answer.text
        return [item["businessId"] for item in answer.json()["items"]]

    return ask


@pytest.mark.parametrize(("asked", "found"), TEXTS)
def test_a_text_is_compared_as_published(names, asked, found):
    assert names(businessId=asked) == found


def test_one_of_several_filters_may_hold(names):
    either = [{"businessId": "gamma"}, {"businessId": {"$like": "al*"}, "state": "ACTIVE"}]
    assert names(**{"$or": either}) == ["alpha", "gamma"]
    assert names(**{"$or": either}, state={"$neq": "ACTIVE"}) == []


def test_rows_without_a_value_come_last_either_way(names):
    up, down = {"field": "businessId"}, {"field": "businessId", "order": "DESC"}
    assert names(sort=[up])[-1] is None
    assert names(sort=[down])[-1] is None
    assert names(sort=[up])[:4] == names(sort=[down])[3::-1]


@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize("field", ["businessId", "endDate", "state", "processInstanceKey"])
def test_cursors_walk_a_list_there_and_back(admin, keys, field, order):
    body = {
        "filter": {"processInstanceKey": {"$in": keys}},
        "sort": [{"field": field, "order": order}],
    }

    def page(**place):
        asked = {**body, "page": {"limit": 2, **place}}
        return admin.post("/v2/process-instances/search", asked).json()

    pages = [page()]
    while pages[-1]["items"]:
        pages.append(page(after=pages[-1]["page"]["endCursor"]))
    walked = [[item["processInstanceKey"] for item in one["items"]] for one in pages[:-1]]
    assert [len(one) for one in walked] == [2, 2, 1]
    assert sorted(key for one in walked for key in one) == sorted(keys)
    back = page(before=pages[2]["page"]["startCursor"])
    assert [item["processInstanceKey"] for item in back["items"]] == walked[1]
    assert [item["processInstanceKey"] for item in page(**{"from": 2})["items"]] == walked[1]
    assert {one["page"]["totalItems"] for one in pages} == {5}


def test_a_cursor_of_another_order_or_of_nobody_is_refused(admin, keys):
    body = {"filter": {"processInstanceKey": {"$in": keys}}, "page": {"limit": 1}}
    cursor = admin.post("/v2/process-instances/search", body).json()["page"]["endCursor"]
    for place, sort in ((cursor, "state"), ("AAAA" * 8, "processInstanceKey")):
        asked = {"page": {"after": place}, "sort": [{"field": sort}]}
        assert admin.post("/v2/process-instances/search", asked).status_code == 400
    both = {"page": {"after": cursor, "from": 2}}
    assert admin.post("/v2/process-instances/search", both).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"businessId": {}},
        {"businessId": {"$gt": "a"}},
        {"processInstanceKey": 12},
        {"processInstanceKey": "9" * 19},
        {"processDefinitionVersion": True},
        {"startDate": "2026-01-01T00:00:00"},
        {"startDate": {"$gte": "yesterday"}},
        {"state": "ASLEEP"},
        {"hasIncident": 1},
        {"$or": {"businessId": "a"}},
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(admin, wrong):
    assert admin.post("/v2/process-instances/search", {"filter": wrong}).status_code == 400


@pytest.mark.parametrize(("path", "columns"), LISTS)
def test_every_list_is_answered_in_every_order(admin, keys, path, columns):
    walk(admin, path, columns)


def walk(admin, path, columns):
    """Two pages of a list in every order."""
    for column in columns:
        for order in ("ASC", "DESC"):
            body = {"sort": [{"field": column, "order": order}], "page": {"limit": 3}}
            found = admin.post(f"/v2/{path}/search", body)
            assert found.status_code == 200, found.text
            cursor = found.json()["page"]["endCursor"]
            if cursor is not None:
                next_page = {**body, "page": {"limit": 3, "after": cursor}}
                behind = admin.post(f"/v2/{path}/search", next_page)
                assert behind.status_code == 200, behind.text
                shown = [str(item) for item in found.json()["items"]]
                assert not {str(item) for item in behind.json()["items"]} & set(shown)
