"""One request for each route: what its path names, and a body that is refused for its input."""

from __future__ import annotations

import re
from io import BytesIO

from app.route_access import ROUTES, Rule
from tests.access.expecting import GONE, MEMBERSHIPS, NO, OK, PERSONS, ROLES, SQUADS, UNITS, WORK

#: a plan to no version, and instances of no process
PLAN = {"targetProcessDefinitionKey": "1", "mappingInstructions": []}
NOWHERE = {"processDefinitionId": "nowhere"}
#: nothing waits there for anybody: 404 is how that is said to who may ask
NOBODY_WAITS = {
    "POST /v2/messages/correlation",
    "POST /v2/jobs/<key:job_key>/completion",
    "POST /v2/jobs/<key:job_key>/failure",
    "POST /v2/jobs/<key:job_key>/error",
    "PATCH /v2/jobs/<key:job_key>",
    "GET /v2/decision-instances/<evaluation_key>",
    "GET /api/checkpoints/entries/<stream>/<key:seq>",
    "GET /api/checkpoints/<key:first>/consistency/<key:second>",
    "GET /beban/bukti/orang",
    "GET /v2/batch-operations/<key:batch_key>",
    "GET /v2/forms/<key:form_key>",
    "GET /survei/<token>",
    "GET /masuk/sso",
    "GET /masuk/sso/kembali",
    "GET /masuk/sso/keluar",
    "POST /akun/sesi",
    "POST /survei/<token>",
    "GET /survei/<token>/selesai",
    "GET /survei/<token>/pengaduan",
    "POST /survei/<token>/pengaduan",
    "GET /pengaduan/<code>",
    "POST /layanan/tautan",
    "POST /layanan/jawaban",
    "POST /v2/batch-operations/<key:batch_key>/suspension",
    "POST /v2/batch-operations/<key:batch_key>/resumption",
    "POST /v2/batch-operations/<key:batch_key>/cancellation",
    "POST /v2/process-instances/migration",
    "GET /kelola/massal/<int:batch_key>",
    "GET /pertukaran/<exchange_id>",
    "POST /pertukaran/<exchange_id>/kirim-lagi",
    "POST /pertukaran/<exchange_id>/tarik",
    "POST /catatan/<note_id>/perbaiki",
    "POST /catatan/<note_id>/tarik",
    "POST /api/me/daily-notes/<note_id>/correction",
    "POST /api/me/daily-notes/<note_id>/withdrawal",
    "POST /kelola/massal/<int:batch_key>",
}
WHY = {"reason": "each role asks for it"}
NOTE = {"itemId": "nothing", "day": "2026-01-05", "text": "each role asks for it"}
#: JSON that is right in form and wrong in matter, so that an allowed request changes little
JSON = {
    "POST /api/tasks/<key:task_key>/complete": {"variables": {"surprise": 1}},
    "POST /v2/user-tasks/<key:task_key>/completion": {"variables": {"surprise": 1}},
    "PUT /api/tasks/<key:task_key>/draft": {"data": {}},
    "PATCH /api/tasks/<key:task_key>": {"followUpAt": None},
    "POST /api/tasks/<key:task_key>/delegate": {"delegate": "nobody"},
    "POST /api/tasks/together": {"act": "claim", "taskKeys": ["1"]},
    "PATCH /api/instances/<key:instance_key>/variables": {"variables": {"remark": 1}} | WHY,
    "POST /api/instances/<key:instance_key>/cancel": WHY,
    "POST /api/incidents/<key:incident_key>/retry": WHY,
    "POST /api/instances": {"processId": "no_such_process"},
    "POST /v2/process-instances": {"processDefinitionId": "no_such_process"},
    "POST /v2/decision-definitions/evaluation": {"decisionDefinitionId": "no_such_decision"},
    "POST /v2/expression/evaluation": {"expression": "1"},
    "POST /v2/messages/publication": {"name": "nobody waits"},
    "POST /v2/messages/correlation": {"name": "nobody waits"},
    "POST /v2/signals/broadcast": {"signalName": "nobody waits"},
    "POST /v2/jobs/activation": {"type": "none", "timeout": 1, "maxJobsToActivate": 1}
    | {"requestTimeout": -1},
    "POST /v2/jobs/<key:job_key>/error": {"errorCode": "X"},
    "POST /api/memberships/<membership_id>/consent": {"consent": "refused"},
    "POST /api/memberships/<membership_id>/answer": {"accepts": True},
    "POST /api/me/daily-notes": NOTE,
    "POST /api/me/daily-notes/<note_id>/correction": NOTE,
    "PUT /v2/clock": {"timestamp": 0},
    "PUT /v2/element-instances/<key:element_key>/variables": {"variables": {"remark": 1}},
    "PATCH /v2/jobs/<key:job_key>": {"changeset": {"retries": 2}},
    "PATCH /v2/user-tasks/<key:task_key>": {"changeset": {"followUpDate": ""}},
    "POST /v2/process-instances/<key:instance_key>/migration": PLAN,
    "POST /v2/process-instances/cancellation": {"filter": NOWHERE},
    "POST /v2/process-instances/incident-resolution": {"filter": NOWHERE},
    "POST /v2/process-instances/suspension": {"filter": NOWHERE},
    "POST /api/releases": {"subjectId": "evaluation", "reason": " "},
    "POST /api/releases/<release_id>/decision": {"act": "publish"},
    "POST /v2/process-instances/resumption": {"filter": NOWHERE},
    "POST /v2/process-instances/migration": {
        "filter": {"processDefinitionKey": "1"},
        "migrationPlan": PLAN,
    },
    "POST /v2/process-instances/modification": {
        "filter": NOWHERE,
        "moveInstructions": [{"sourceElementId": "a", "targetElementId": "b"}],
    },
}
#: these start something that is not there: 404 for who may
STARTS = {
    "POST /api/instances",
    "POST /v2/decision-definitions/evaluation",
    "POST /v2/process-instances",
}
FORM = {
    "POST /gangguan/<int:incident_key>": WHY,
    "POST /layanan/tautan": {"survey": "nothing", "count": "1"},
    "POST /layanan/jawaban": {"answer": "nothing", "reason": "no such answer"},
    "POST /tugas/<int:key>/jadwal": {"follow_up_at": ""},
    "POST /tugas/<int:key>/titip": {"delegate": "nobody"},
    "POST /keanggotaan/<membership_id>/jawaban": {"answer": "accept"},
    "POST /formulir-baru": {"name": "Izin", "form_id": "izin"},
    "POST /formulir/<form_id>": {"schema": "{}"},
    "POST /formulir/<form_id>/periksa": {"schema": "{}"},
    "POST /formulir/<form_id>/pratinjau": {"schema": "{}"},
    "POST /studio-baru": {"name": "Cuti besar"},
    "POST /studio/<process_id>": {"xml": "no drawing"},
    "POST /studio/<process_id>/periksa": {"xml": "no drawing"},
    "POST /studio/<process_id>/skenario": {"xml": "no drawing"},
    "POST /studio/<process_id>/langkah": {"do": "remove", "step": "nobody"},
}


def things(route):
    """What the path of a route names, as the short names of `expecting`."""
    rule = ROUTES[route].rule
    if "person_id" in route:
        return ["own", *PERSONS]
    by_rule = {
        Rule.UNIT: UNITS,
        Rule.BOARD: UNITS,
        Rule.SQUAD: SQUADS,
        Rule.STEERS: SQUADS,
        Rule.TAKES_OVER: SQUADS,
        Rule.DISPUTE: SQUADS,
        Rule.CONSENT: MEMBERSHIPS,
        Rule.MEMBER: MEMBERSHIPS,
        Rule.GROUP_HERE: ("BLDN", "SEB") if _of_both(route) else ("BLDN",),
        Rule.GROUP_SEES_HERE: ("BLDN", "SEB"),
        Rule.GROUP_CHANGES_HERE: ("BLDN", "SEB"),
        Rule.READ: ("sari",),
        Rule.AGENCY: ("BLDN", "SEB"),
    }
    if rule in by_rule:
        return list(by_rule[rule])
    if route == "POST /v2/variables/search":
        return list(WORK)
    at_element = "element_key" in route and rule is not Rule.GROUP_HERE
    named = any(name in route for name in ("task_key", "instance_key")) or at_element
    named = named or ("tugas" in route and ":key" in route) or "remark_id" in route
    return list(WORK) if named or "/proses/<int" in route else [None]


def _of_both(route):
    """Whether there is one in each agency."""
    names = ("cycle_id", "<login>", "<username>", "undertaking_id", "release_id")
    return any(name in route for name in names)


def path_of(city, route, thing, who):
    """The address, with the ids of what is named."""
    ids = city.ids
    person = who if thing == "own" else thing
    known = {
        "person_id": ids.get(person, "nobody"),
        "unit_id": ids.get(f"unit {thing}"),
        "squad_id": ids.get(thing),
        "output_id": ids.get(f"{thing}/1"),
        "membership_id": ids.get(thing),
        "evidence_id": ids["evidence sari"],
        "cycle_id": ids.get(f"cycle {thing}"),
        "task_key": ids.get(f"task {thing}"),
        "instance_key": ids.get(f"{'steered' if _steers(route) else 'instance'} {thing}"),
        "key": ids.get(f"{'task' if 'tugas' in route else 'instance'} {thing}"),
        "incident_key": _incident(city) if "incident_key" in route else None,
        "lesson_id": ids.get(f"lesson {thing}"),
        "definition_key": ids.get("definition"),
        "resource_key": ids.get("definition"),
        "remark_id": _remark(city, thing) if "remark_id" in route else None,
        "element_key": _element(city, route, thing) if "element_key" in route else None,
        "decision_key": _first(city, "decision-definitions", "decisionDefinitionKey", route),
        "file_key": _first(city, "decision-requirements", "decisionRequirementsKey", route),
        "evaluation_key": "1",
        "batch_key": "1",
        "form_key": "1",
        **dict.fromkeys(("stream", "seq", "first", "second"), "999999"),
        "exchange_id": "nothing",
        "note_id": "nothing",
        "form_id": "rate",
        "decision_id": "predikat",
        "release_id": ids.get(f"release {thing}", "nothing"),
        "username": city.logins["gita" if thing == "BLDN" else "vina"],
        "process_id": "errand" if ROUTES[route].rule is Rule.START else "evaluation",
        "job_key": 1,
        "undertaking_id": ids.get(f"{_work_of(route)} {thing}"),
        "login": city.logins["gita" if thing == "BLDN" else "vina"],
        "filter_id": "0",
        "filename": "mark.svg",
        "role": "pegawai",
        "name": "pegawai-tugas.png",
        "code": "2345-6789-ABCD",
        "token": "nothing",
    }
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(known[match[1]]), route.split(" ", 1)[1])


def _remark(city, thing):
    """A file that the holder of a task lays beside it."""
    holder = city.api(WORK[thing][2])
    kept = holder.ask(
        "POST",
        "/api/evidence",
        data={"file": (BytesIO(b"a note"), "note.txt")},
        content_type="multipart/form-data",
    )
    path = f"/api/tasks/{city.ids[f'task {thing}']}/remarks"
    return holder.ask("POST", path, json={"evidenceId": kept.json["id"]}).json["id"]


def _work_of(route):
    """Long work of the kind that the route speaks of."""
    if "/ekspor/" in route:
        return "export"
    return "import" if "/impor/" in route else "work"


def _steers(route):
    """Whether an instance may end by it: the tasks of the others stay."""
    return ROUTES[route].rule is Rule.STEER


def _incident(city):
    """The open incident of now: each repair that fails makes another."""
    wanted = {"filter": {"state": "ACTIVE"}}
    found = city.api("admin").post("/v2/incidents/search", wanted).json["items"]
    return found[0]["incidentKey"]


def _element(city, route, thing):
    """An element instance, or the instance itself, whose key names its outermost scope."""
    if ROUTES[route].rule is Rule.GROUP_HERE:
        wanted = {"filter": {"processInstanceKey": str(city.ids["instance attest"])}}
        found = city.api("admin").post("/v2/element-instances/search", wanted).json["items"]
        return found[0]["elementInstanceKey"]
    return city.ids.get(f"{'steered' if _steers(route) else 'instance'} {thing}")


def _first(city, what, key, route):
    """The first of a list that the route names one of."""
    if f"/{what}/<" not in route:
        return None
    return city.api("admin").post(f"/v2/{what}/search", {}).json["items"][0][key]


def ask(city, route, thing, who):
    """The answer to somebody; None: to nobody."""
    path = path_of(city, route, thing, who)
    method = route.split(" ", 1)[0]
    if not path.startswith(("/api/", "/v2/")):
        return _page(city, route, thing, (method, path, who))
    if route in ("POST /api/evidence", "POST /api/imports"):
        data = {"file": (BytesIO(b"a note"), "note.txt")}
        return city.api(who).ask(method, path, data=data, content_type="multipart/form-data")
    if route == "POST /v2/deployments":
        data = {"resources": (BytesIO(b"no drawing"), "a.bpmn")}
        return city.api(who).ask(method, path, data=data, content_type="multipart/form-data")
    body = JSON.get(route, {})
    if route.endswith("<key:instance_key>/migration"):  # to a version of another process
        body = {**PLAN, "targetProcessDefinitionKey": city.ids["definition"]}
    if route == "POST /v2/variables/search":
        body = {"filter": {"processInstanceKey": str(city.ids[f"instance {thing}"])}}
    if "/disputes" in route:
        body = {"ground": " ", "personId": city.ids[_other(thing)]}
    if "/assign" in route and method == "POST":
        body = {"assignee": city.logins[WORK[thing][2]]}
    return city.api(who).ask(method, path, **({} if method == "GET" else {"json": body}))


def _page(city, route, thing, request):
    method, path, who = request
    visitor = city.page(who)
    about = f"?pegawai={city.ids[_other(thing)]}" if "sengketa" in route else ""
    about = "?nama=evaluation.scenarios.yaml" if route.endswith("/uji/berkas") else about
    if method == "GET":
        return visitor.get(path + about)
    if method == "PUT":
        return visitor.put(path, "<drawing/>")
    form = FORM.get(route, {"surprise": "1"})
    if path.startswith("/beban/bukti/tugas"):
        form = {"task": _job_task(city)} if path.endswith("/hapus") else _task_words(city)
    return visitor.post(path + about, **form)


def _task_words(city, **more):
    """A task of a post that is there, said whole only with `more`."""
    unit = city.ids["unit BIRO-REN"]
    with city.house.reading() as uow:
        return {"unit": unit, "job": uow.job_tasks.jobs(unit)[0], **more}


def _job_task(city):
    """The one task of a job; each removal that is allowed makes another needful."""
    unit = city.ids["unit BIRO-REN"]
    with city.house.reading() as uow:
        known = uow.job_tasks.of_units([unit])
    if known:
        return known[0].task.id
    said = _task_words(city, name="Menyusun rencana", volume="12", hours="8")
    city.page("andi").post("/beban/bukti/tugas", **said)
    return _job_task(city)


def _other(squad):
    """A member whose line was attested, where there is one."""
    return "citra" if squad == "TIM-01" else "vina"


def mark(route, answer):
    """ok, no or gone; who is sent to the door is out."""
    assert answer.status_code < 500, (route, answer.text)
    if answer.status_code == 404 and route in NOBODY_WAITS | STARTS:
        return OK
    at_the_door = route.partition(" ")[2].startswith("/masuk")
    if answer.status_code == 401 and not at_the_door:
        return "out"
    if answer.status_code == 303 and answer.location.startswith("/masuk") and not at_the_door:
        return "out"
    return {403: NO, 404: GONE}.get(answer.status_code, OK)


def cases():
    """(route, thing) for every route."""
    return [(route, thing) for route in ROUTES for thing in things(route)]


def number_of_questions():
    return len(cases()) * len(ROLES)
