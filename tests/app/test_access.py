"""The access matrix: each route for each role. A route that is not listed here fails the test.

The table says what a role gets for a thing of the agency that is not its own: `ok` (done, or
refused for the input only), `no` (403), `gone` (404: it does not even learn that it exists),
`self` (answered with one's own things only).
"""

from __future__ import annotations

import re

import pytest
import requests

from tests.serving import PEOPLE

ROLES = ("admin", "process_owner", "perf_admin", "hr", "auditor", "colleague", "stranger")
OK, NO, GONE = "ok", "no", "gone"


def row(*marks):
    return dict(zip(ROLES, marks, strict=True))


EVERYBODY = row(OK, OK, OK, OK, OK, OK, OK)
DEPLOYERS = row(OK, OK, NO, NO, NO, NO, OK)
READERS = row(OK, OK, OK, NO, OK, NO, OK)
STARTERS = row(OK, OK, OK, NO, NO, NO, OK)
STEERERS = row(OK, OK, NO, GONE, NO, GONE, GONE)
INSTANCE = row(OK, OK, OK, GONE, OK, GONE, GONE)
INCIDENT = row(OK, OK, NO, NO, NO, NO, GONE)
TASK_READ = row(OK, OK, OK, GONE, OK, GONE, GONE)
#: the task is the employee's: nobody else may do it, those who look after processes see it
TASK_DO = row(NO, NO, NO, GONE, NO, GONE, GONE)
#: acts of a person: the administrator is a program here
REMARK = row(NO, OK, OK, GONE, OK, GONE, GONE)
FOLLOW = row(GONE, OK, OK, GONE, OK, GONE, GONE)
TASK_KEEP = row(GONE, GONE, GONE, GONE, GONE, GONE, GONE)
TASK_ASSIGN = row(OK, GONE, OK, GONE, GONE, GONE, GONE)
PROVERS = row(OK, NO, NO, NO, OK, NO, NO)
PROVED = row(GONE, NO, NO, NO, GONE, NO, NO)
REPORTERS = row(GONE, NO, GONE, GONE, GONE, NO, GONE)
AUDITORS = row(NO, NO, NO, NO, GONE, NO, NO)
#: nobody has a ledger, plan, output or membership of that id: nobody learns more than that
NOTHING = row(GONE, GONE, GONE, GONE, GONE, GONE, GONE)
#: acts of a person; the administrator is a program here
PERSONS = row(NO, OK, OK, OK, OK, OK, OK)
PERSONS_NOTHING = row(NO, GONE, GONE, GONE, GONE, GONE, GONE)
ADMIN = row(OK, NO, NO, NO, NO, NO, NO)
MANY_GONE = row(GONE, GONE, NO, NO, NO, NO, GONE)
#: the studio and the map of a process: not there for who may not read drawings
DRAWINGS = row(OK, OK, OK, GONE, OK, GONE, OK)
DRAWINGS_CHANGED = row(GONE, GONE, NO, GONE, NO, GONE, GONE)
#: who may ask learns that there is none
UNKNOWN = row(GONE, GONE, GONE, NO, GONE, NO, GONE)

#: "METHOD rule" -> role -> mark; pages are listed in tests/web
MATRIX = {
    "GET /api/me": EVERYBODY,
    "GET /api/me/dialogue": NOTHING,
    "GET /api/me/forecasts": NOTHING,
    "GET /api/early-warnings": row(GONE, NO, GONE, GONE, NO, NO, GONE),
    "GET /api/starts": EVERYBODY,
    "GET /api/starts/<process_id>": NOTHING,
    "POST /api/starts/<process_id>": NOTHING,
    "GET /api/workload/jobs": REPORTERS,
    "GET /api/lessons": EVERYBODY,
    "GET /api/lessons/<lesson_id>": NOTHING,
    "GET /api/tasks": EVERYBODY,
    "GET /api/tasks/<key:task_key>": TASK_READ,
    "POST /api/tasks/<key:task_key>/complete": TASK_DO,
    "POST /api/tasks/<key:task_key>/claim": TASK_DO,
    "POST /api/tasks/<key:task_key>/unclaim": TASK_ASSIGN,
    "POST /api/tasks/<key:task_key>/assign": TASK_ASSIGN,
    "PUT /api/tasks/<key:task_key>/draft": TASK_KEEP,
    "PATCH /api/tasks/<key:task_key>": TASK_ASSIGN,
    "POST /api/tasks/<key:task_key>/delegate": TASK_DO,
    "POST /api/tasks/<key:task_key>/resolve": TASK_DO,
    "GET /api/tasks/<key:task_key>/remarks": TASK_READ,
    "POST /api/tasks/<key:task_key>/remarks": REMARK,
    "PUT /api/tasks/<key:task_key>/watch": FOLLOW,
    "DELETE /api/tasks/<key:task_key>/watch": FOLLOW,
    "GET /api/instances/<key:instance_key>/remarks": TASK_READ,
    "POST /api/instances/<key:instance_key>/remarks": REMARK,
    "PUT /api/instances/<key:instance_key>/watch": FOLLOW,
    "DELETE /api/instances/<key:instance_key>/watch": FOLLOW,
    "GET /api/remarks/<remark_id>/file": NOTHING,
    "POST /api/tasks/together": EVERYBODY,
    "GET /api/definitions": READERS,
    "POST /api/instances": STARTERS,
    "GET /api/instances": READERS,
    "GET /api/instances/<key:instance_key>": INSTANCE,
    "GET /api/instances/<key:instance_key>/history": INSTANCE,
    "POST /api/instances/<key:instance_key>/cancel": STEERERS,
    "PATCH /api/instances/<key:instance_key>/variables": STEERERS,
    "GET /api/incidents": READERS,
    "POST /api/incidents/<key:incident_key>/retry": INCIDENT,
    "POST /api/cycles/<cycle_id>/open": row(GONE, NO, GONE, NO, NO, NO, GONE),
    "GET /api/cycles/<cycle_id>/reconciliation": REPORTERS,
    "GET /api/exchange": row(OK, NO, OK, OK, OK, NO, OK),
    "GET /api/exchange/mismatches": row(GONE, NO, GONE, GONE, GONE, NO, GONE),
    "GET /api/me/ekinerja": NOTHING,
    "GET /api/me/daily-notes": NOTHING,
    "POST /api/me/daily-notes": EVERYBODY,
    "POST /api/me/daily-notes/<note_id>/correction": EVERYBODY,
    "POST /api/me/daily-notes/<note_id>/withdrawal": NOTHING,
    "GET /api/people/<person_id>/daily-notes": NOTHING,
    "GET /api/exports/agency": row(GONE, NO, GONE, GONE, NO, NO, GONE),
    "GET /api/history/<process_id>": NOTHING,
    "GET /api/history/<process_id>/elements": NOTHING,
    "GET /api/cycles/<cycle_id>/allowances": REPORTERS,
    "GET /api/referrals": row(NO, NO, NO, OK, OK, NO, NO),
    "GET /api/readings": row(NO, NO, NO, NO, OK, NO, NO),
    "GET /api/people/<person_id>/readings": NOTHING,
    "GET /api/cycles/<cycle_id>/cascading": REPORTERS,
    "GET /api/cycles/<cycle_id>/matrix": REPORTERS,
    "GET /api/cycles/<cycle_id>/periods": REPORTERS,
    "GET /api/cycles/<cycle_id>/raters": REPORTERS,
    "GET /api/cycles/<cycle_id>/refusals": REPORTERS,
    "GET /api/verify": PROVERS,
    "GET /api/checkpoints": PROVERS,
    "GET /api/checkpoints/entries/<stream>/<key:seq>": PROVED,
    "GET /api/checkpoints/<key:first>/consistency/<key:second>": PROVED,
    "GET /api/audit/cycles/<cycle_id>/consents": AUDITORS,
    "GET /api/audit/cycles/<cycle_id>/deviations": AUDITORS,
    "GET /api/audit/cycles/<cycle_id>/late-claims": AUDITORS,
    "GET /api/audit/cycles/<cycle_id>/mutual-attestations": AUDITORS,
    "GET /api/audit/cycles/<cycle_id>/overrides": AUDITORS,
    "GET /api/audit/cycles/<cycle_id>/samples": AUDITORS,
    "GET /api/audit/cycles/<cycle_id>/split-outputs": AUDITORS,
    "GET /api/audit/cycles/<cycle_id>/sponsors": AUDITORS,
    "GET /api/audit/cycles/<cycle_id>/unshown": AUDITORS,
    "GET /api/audit/lowering-acts": row(NO, NO, NO, NO, OK, NO, NO),
    "GET /api/people/<person_id>/ledger": NOTHING,
    "GET /api/people/<person_id>/plan": NOTHING,
    "GET /api/people/<person_id>/plan/versions": NOTHING,
    "GET /api/people/<person_id>/portfolio": NOTHING,
    "GET /api/people/<person_id>/rating": NOTHING,
    "GET /api/people/<person_id>/segments": NOTHING,
    "GET /api/people/<person_id>/cadence": NOTHING,
    "GET /api/people/<person_id>/certificates": NOTHING,
    "GET /api/people/<person_id>/functional-credit": NOTHING,
    "GET /api/units/<unit_id>/functional-credit": NOTHING,
    "GET /api/people/<person_id>/chain": NOTHING,
    "GET /api/people/<person_id>/credit": NOTHING,
    "GET /api/people/<person_id>/dialogue": NOTHING,
    "GET /api/people/<person_id>/evaluation": NOTHING,
    "GET /api/people/<person_id>/evidence": NOTHING,
    "GET /api/people/<person_id>/load": NOTHING,
    "GET /api/people/<person_id>/risks": NOTHING,
    "GET /api/people/<person_id>/voices": NOTHING,
    "GET /api/substitutions": row(OK, NO, OK, OK, OK, NO, OK),
    "GET /api/units/<unit_id>/ledger": NOTHING,
    "GET /api/squads/<squad_id>/budget": NOTHING,
    "GET /api/units/<unit_id>/distribution": NOTHING,
    "GET /api/units/<unit_id>/goals": NOTHING,
    "GET /api/units/<unit_id>/lending": NOTHING,
    "GET /api/units/<unit_id>/matrix": NOTHING,
    "GET /api/units/<unit_id>/surveys": NOTHING,
    "POST /api/outputs/<output_id>/disputes": PERSONS_NOTHING,
    "POST /api/memberships/<membership_id>/consent": NOTHING,
    "POST /api/memberships/<membership_id>/answer": NOTHING,
    "POST /api/evidence": PERSONS,
    "POST /api/imports": ADMIN,
    "GET /api/releases": DRAWINGS,
    "POST /api/releases": DRAWINGS_CHANGED,
    "GET /api/releases/<release_id>": NOTHING,
    "POST /api/releases/<release_id>/decision": DRAWINGS_CHANGED,
    "GET /v2/topology": EVERYBODY,
    "PUT /v2/clock": ADMIN,
    "POST /v2/clock/reset": ADMIN,
    "POST /v2/deployments": row(OK, NO, NO, NO, NO, NO, NO),
    "POST /v2/process-definitions/search": READERS,
    "GET /v2/process-definitions/<key:definition_key>": READERS,
    "GET /v2/process-definitions/<key:definition_key>/xml": READERS,
    "POST /v2/decision-definitions/evaluation": row(GONE, GONE, GONE, NO, NO, NO, GONE),
    "POST /v2/expression/evaluation": STARTERS,
    "POST /v2/process-instances": STARTERS,
    "GET /v2/process-instances/<key:instance_key>": INSTANCE,
    "POST /v2/process-instances/search": READERS,
    "POST /v2/process-instances/<key:instance_key>/cancellation": STEERERS,
    "POST /v2/incidents/search": READERS,
    "POST /v2/incidents/<key:incident_key>/resolution": INCIDENT,
    "POST /v2/messages/publication": DEPLOYERS,
    "POST /v2/messages/correlation": row(GONE, GONE, NO, NO, NO, NO, GONE),
    "POST /v2/signals/broadcast": DEPLOYERS,
    "POST /v2/jobs/activation": ADMIN,
    "POST /v2/jobs/<key:job_key>/completion": row(GONE, NO, NO, NO, NO, NO, NO),
    "POST /v2/jobs/<key:job_key>/failure": row(GONE, NO, NO, NO, NO, NO, NO),
    "POST /v2/jobs/<key:job_key>/error": row(GONE, NO, NO, NO, NO, NO, NO),
    "POST /v2/user-tasks/search": EVERYBODY,
    "GET /v2/user-tasks/<key:task_key>": TASK_READ,
    "PATCH /v2/user-tasks/<key:task_key>": TASK_ASSIGN,
    "POST /v2/user-tasks/<key:task_key>/completion": TASK_DO,
    "POST /v2/user-tasks/<key:task_key>/assignment": TASK_ASSIGN,
    "DELETE /v2/user-tasks/<key:task_key>/assignee": TASK_ASSIGN,
    "GET /v2/status": EVERYBODY,
    "GET /v2/license": EVERYBODY,
    "GET /v2/authentication/me": EVERYBODY,
    "POST /v2/tenants/search": EVERYBODY,
    "POST /v2/users/search": ADMIN,
    "GET /v2/users/<username>": row(GONE, NO, NO, NO, NO, NO, NO),
    "POST /v2/groups/search": ADMIN,
    "POST /v2/roles/search": ADMIN,
    "POST /v2/resources/search": READERS,
    "GET /v2/resources/<key:resource_key>": UNKNOWN,
    "GET /v2/resources/<key:resource_key>/content": UNKNOWN,
    "GET /v2/process-definitions/<key:definition_key>/form": READERS,
    "POST /v2/process-definitions/<key:definition_key>/statistics/element-instances": READERS,
    "POST /v2/process-instances/<key:instance_key>/incidents/search": INSTANCE,
    "GET /v2/process-instances/<key:instance_key>/sequence-flows": INSTANCE,
    "GET /v2/process-instances/<key:instance_key>/statistics/element-instances": INSTANCE,
    "GET /v2/process-instances/<key:instance_key>/call-hierarchy": INSTANCE,
    "POST /v2/element-instances/search": READERS,
    "GET /v2/element-instances/<key:element_key>": row(OK, OK, OK, NO, OK, NO, GONE),
    "POST /v2/element-instances/<key:element_key>/incidents/search": INSTANCE,
    "PUT /v2/element-instances/<key:element_key>/variables": STEERERS,
    "POST /v2/variables/search": NOTHING,
    "GET /v2/incidents/<key:incident_key>": row(OK, OK, OK, NO, OK, NO, GONE),
    "POST /v2/message-subscriptions/search": READERS,
    "POST /v2/jobs/search": READERS,
    "PATCH /v2/jobs/<key:job_key>": row(GONE, GONE, NO, NO, NO, NO, GONE),
    "GET /v2/user-tasks/<key:task_key>/form": TASK_READ,
    "POST /v2/user-tasks/<key:task_key>/variables/search": TASK_READ,
    "POST /v2/user-tasks/<key:task_key>/effective-variables/search": TASK_READ,
    "GET /v2/forms/<key:form_key>": UNKNOWN,
    "POST /v2/decision-definitions/search": READERS,
    "GET /v2/decision-definitions/<key:decision_key>": UNKNOWN,
    "GET /v2/decision-definitions/<key:decision_key>/xml": UNKNOWN,
    "POST /v2/decision-requirements/search": READERS,
    "GET /v2/decision-requirements/<key:file_key>": UNKNOWN,
    "GET /v2/decision-requirements/<key:file_key>/xml": UNKNOWN,
    "POST /v2/decision-instances/search": READERS,
    "GET /v2/decision-instances/<evaluation_key>": UNKNOWN,
    "POST /v2/process-instances/<key:instance_key>/suspension": STEERERS,
    "POST /v2/process-instances/<key:instance_key>/resumption": STEERERS,
    "POST /v2/process-instances/<key:instance_key>/modification": STEERERS,
    "POST /v2/process-instances/<key:instance_key>/migration": row(
        GONE, GONE, NO, GONE, NO, GONE, GONE
    ),
    "POST /v2/process-instances/<key:instance_key>/incident-resolution": STEERERS,
    "POST /v2/process-instances/cancellation": DEPLOYERS,
    "POST /v2/process-instances/incident-resolution": DEPLOYERS,
    "POST /v2/process-instances/suspension": DEPLOYERS,
    "POST /v2/process-instances/resumption": DEPLOYERS,
    "POST /v2/process-instances/migration": row(GONE, GONE, NO, NO, NO, NO, GONE),
    "POST /v2/process-instances/modification": DEPLOYERS,
    "POST /v2/batch-operations/search": row(OK, OK, NO, NO, OK, NO, OK),
    "GET /v2/batch-operations/<key:batch_key>": row(GONE, GONE, NO, NO, GONE, NO, GONE),
    "POST /v2/batch-operations/<key:batch_key>/suspension": MANY_GONE,
    "POST /v2/batch-operations/<key:batch_key>/resumption": MANY_GONE,
    "POST /v2/batch-operations/<key:batch_key>/cancellation": MANY_GONE,
    "POST /v2/batch-operation-items/search": row(OK, OK, NO, NO, OK, NO, OK),
}
#: open to everybody, signed in or not
PUBLIC = {
    "GET /api/openapi.json",
    "GET /healthz",
    "GET /readyz",
    "GET /api/certificates/<code>",
}

PLAN = {"targetProcessDefinitionKey": "1", "mappingInstructions": []}
NOWHERE = {"processDefinitionId": "nowhere"}
MANY = ("cancellation", "incident-resolution", "suspension", "resumption")

WHY = {"reason": "each role tries it"}

BODIES = {
    "POST /v2/jobs/activation": {"type": "none", "timeout": 1, "maxJobsToActivate": 1}
    | {"requestTimeout": -1},
    "POST /v2/jobs/<key:job_key>/error": {"errorCode": "X"},
    "POST /api/outputs/<output_id>/disputes": {"ground": "mine is more"},
    "POST /api/memberships/<membership_id>/consent": {"consent": "given"},
    "POST /api/memberships/<membership_id>/answer": {"accepts": True},
    "PUT /api/tasks/<key:task_key>/draft": {"data": {}},
    "PATCH /api/tasks/<key:task_key>": {"priority": 60},
    "POST /api/tasks/<key:task_key>/delegate": {"delegate": "p-colleague"},
    "POST /api/tasks/together": {"act": "claim", "taskKeys": ["1"]},
    "POST /api/tasks/<key:task_key>/assign": {"assignee": "p-hr"},
    "POST /v2/user-tasks/<key:task_key>/assignment": {"assignee": "p-hr"},
    "PATCH /api/instances/<key:instance_key>/variables": {"variables": {"note": 1}} | WHY,
    "POST /api/instances/<key:instance_key>/cancel": WHY,
    "POST /api/incidents/<key:incident_key>/retry": WHY,
    "POST /api/instances": {"processId": "waits_bell"},
    "POST /v2/process-instances": {"processDefinitionId": "waits_bell"},
    "POST /v2/decision-definitions/evaluation": {"decisionDefinitionId": "no_such_decision"},
    "POST /v2/expression/evaluation": {"expression": "1"},
    "POST /api/releases": {"subjectId": "nobody", "reason": "nobody drew it at all"},
    "POST /api/releases/<release_id>/decision": {"act": "publish"},
    "PUT /v2/clock": {"timestamp": 0},
    "POST /v2/messages/publication": {"name": "nobody waits"},
    "POST /v2/messages/correlation": {"name": "nobody waits"},
    "POST /v2/signals/broadcast": {"signalName": "nobody waits"},
    "POST /v2/variables/search": {"filter": {"processInstanceKey": "1"}},
    "PUT /v2/element-instances/<key:element_key>/variables": {"variables": {"note": 1}},
    "PATCH /v2/jobs/<key:job_key>": {"changeset": {"retries": 2}},
    "PATCH /v2/user-tasks/<key:task_key>": {"changeset": {"priority": 60}},
    "POST /v2/process-instances/<key:instance_key>/migration": PLAN,
    **{f"POST /v2/process-instances/{act}": {"filter": NOWHERE} for act in MANY},
    "POST /v2/process-instances/migration": {
        "filter": {"processDefinitionKey": "1"},
        "migrationPlan": PLAN,
    },
    "POST /v2/process-instances/modification": {
        "filter": NOWHERE,
        "moveInstructions": [{"sourceElementId": "a", "targetElementId": "b"}],
    },
}


def sent_with(route):
    if route in ("POST /api/evidence", "POST /api/imports"):
        return {"files": {"file": ("note.txt", b"a note")}}
    return {"json": BODIES.get(route, {})}


def routes(app):
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(("/api/", "/v2/", "/healthz", "/readyz"))
    }


def fresh_things(shared, rule):  # noqa: PLR0911 - one for each thing
    """What the path names, new for every case: an employee's task, an instance, an incident."""
    admin, employee = shared.client("admin"), shared.client("employee")

    def start(process_id, **variables):
        body = {"processDefinitionId": process_id, "variables": variables}
        return admin.post("/v2/process-instances", body).json()["processInstanceKey"]

    def first(client, what, **wanted):
        return client.post(f"/v2/{what}/search", {"filter": wanted}).json()["items"][0]

    if "task_key" in rule:
        key = start("leave", who="p-employee")
        return {"task_key": first(employee, "user-tasks", processInstanceKey=key)["userTaskKey"]}
    if "instance_key" in rule:
        return {"instance_key": start("leave", who="p-employee")}
    if "element_key" in rule:
        key = start("leave", who="p-employee")
        if "/incidents" in rule or "/variables" in rule:
            return {"element_key": key}
        found = first(admin, "element-instances", processInstanceKey=key)
        return {"element_key": found["elementInstanceKey"]}
    if "incident_key" in rule:
        key = start("breaks", way="up")
        return {"incident_key": first(admin, "incidents", processInstanceKey=key)["incidentKey"]}
    if "definition_key" in rule:
        return {"definition_key": first(admin, "process-definitions")["processDefinitionKey"]}
    others = ("job_key", "resource_key", "decision_key", "file_key", "batch_key", "form_key")
    beyond = ("seq", "first", "second")  # the log does not reach so far
    return dict.fromkeys(others, "1") | dict.fromkeys(beyond, "999999")


def test_every_route_is_in_the_matrix(shared):
    assert routes(shared.app) == set(MATRIX) | PUBLIC


@pytest.mark.parametrize("route", sorted(MATRIX))
def test_each_role_gets_what_the_matrix_says(shared, route):
    method, rule = route.split(" ", 1)
    found = {}
    for role in ROLES:
        things = fresh_things(shared, rule)
        path = re.sub(r"<key:(\w+)>", lambda match, known=things: known[match[1]], rule)
        path = re.sub(r"<\w+>", "nobody", path)
        answer = shared.client(role).ask(method, path, **sent_with(route))
        assert answer.status_code < 500, answer.text
        found[role] = {401: "?", 403: NO, 404: GONE}.get(answer.status_code, OK)
    assert found == MATRIX[route]


@pytest.mark.parametrize("route", sorted(MATRIX))
def test_nobody_unknown_gets_anything(shared, route):
    method, rule = route.split(" ", 1)
    path = shared.base + re.sub(r"<[^>]*>", "1", rule)
    answer = requests.request(method, path, json={}, timeout=10)
    assert answer.status_code == 401


def test_the_matrix_speaks_of_every_role():
    assert set(ROLES) | {"employee", "nowhere"} == set(PEOPLE)
