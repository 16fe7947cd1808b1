"""People at the doors: everybody signs in, starts, answers, reads and is refused over HTTP."""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.factory import create_app
from app.passwords import Passwords
from app.settings import Settings
from app.wiring import wire
from engine.persistence.tables.process import process_instance
from engine.persistence.tables.work import outbox
from engine.usecases.ports.process import TaskState
from engine.usecases.ports.search import TaskQuery
from tests.acceptance.unfair import city
from tests.acceptance.unfair.city import PASSWORD, PEOPLE, nip

#: a Monday in the third working week of the cycle
BEGINS = datetime.fromisoformat("2026-01-19T09:00:00+07:00")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
#: who may not know of a thing gets 404, who sees it and may not do this 403
BARRED = (403, 404)


class Ids(dict):
    """Identity of everybody and everything by its short name, made when first asked for."""

    def __init__(self, new, known=()):
        super().__init__(known)
        self._new = new

    def __missing__(self, name):
        self[name] = self._new()
        return self[name]


class Town:
    """The served house; `ids` by short name."""

    def __init__(self, url, folder, known=()):
        settings = Settings(
            database_url=url, data_dir=folder, secret_file=folder / "secret",
            clock="movable", clock_start=BEGINS,
        )  # fmt: skip
        self.wired = wire(settings)
        self.house = self.wired.house
        self.hasher = Passwords(memory_kib=8, passes=1)
        self.app = create_app(settings, wired=self.wired, hasher=self.hasher)
        self.worker = self.wired.worker()
        self.ids = Ids(self.house.ids.uuid, known)
        self._programs, self._browsers = {}, {}

    # ---- the city

    def write(self, arrange, *arguments, **named):
        """Add rows of `city` to this town."""
        with self.house.writing() as uow:
            made = arrange(uow, self.ids, *arguments, **named)
            uow.commit()
        return made

    def squad(self, code, members, *, outputs=1, **named):
        """A squad with outputs of 40 points."""
        self.write(city.add_squad, code, members, **named)
        for number in range(1, outputs + 1):
            self.write(city.add_output, f"{code}/{number}")

    def write_substitute(self, absent, by, **named):
        """Somebody stands in for an absent official by letter."""
        self.write(city.add_substitute, absent, by, **named)

    @staticmethod
    def nip(who):
        return nip(who)

    def short(self, person_id):
        return next((name for name, known in self.ids.items() if known == person_id), person_id)

    # ---- doors

    def api(self, who):
        """A program with somebody's password; None: without one."""
        return self._programs.setdefault(who, Program(self.app, who))

    def page(self, who):
        """A browser in which somebody is signed in."""
        if who not in self._browsers:
            self._browsers[who] = Browser(self.app, who)
        return self._browsers[who]

    def read(self, who, path, **query):
        """What somebody reads at an address; he may."""
        answer = self.api(who).get(path, query_string=query)
        assert answer.status_code == 200, (who, path, answer.text)
        return answer.json

    def hidden(self, path, *people, status=BARRED):
        """None of these people may read there."""
        for who in people:
            answer = self.api(who).get(path)
            assert answer.status_code in status, (who, path, answer.status_code)

    # ---- beginning

    def start(self, process_id, *, by="joko", **variables):
        """Who runs the cycle starts a process."""
        body = {"processId": process_id, "variables": variables}
        return self._begun(self.api(by).post("/api/instances", body))

    def ask(self, process_id, *, by, **values):
        """Somebody starts a process himself with what its form asks."""
        return self._begun(self.asked(process_id, by=by, **values))

    def asked(self, process_id, *, by, **values):
        """The answer to his trying so."""
        api, path = self.api(by), f"/api/starts/{process_id}"
        found = api.get(path)
        if found.status_code != 200:
            return found
        begun = {**_fields(found.json["form"], found.json["variables"]), **values}
        return api.post(path, {"variables": begun})

    def _begun(self, answer):
        assert answer.status_code == 201, answer.text
        self.worker.drain()
        return int(answer.json["instanceKey"])

    def tell(self, message, key, **variables):
        """The installation publishes a message."""
        body = {"name": message, "correlationKey": key, "timeToLive": 60_000}
        body["variables"] = variables
        answer = self.api("operator").post("/v2/messages/publication", body)
        assert answer.status_code == 200, answer.text
        self.worker.drain()

    # ---- tasks

    def mine(self, who, element=None):
        """What waits for somebody, as his own list says."""
        query = {"elementId": element} if element else {}
        return self.read(who, "/api/tasks", limit=100, **query)["items"]

    def open(self, element=None):
        """Every open task (of an element), oldest first."""
        query = TaskQuery(agency_id=None, state=TaskState.CREATED, element_id=element)
        with self.house.reading() as uow:
            return list(uow.search.tasks(query, limit=1000))

    def waiting(self, *elements):
        """(element, holder) of every open task, or of those of some elements."""
        found = [(task.element_id, self.holder(task)) for task in self.open()]
        return sorted(pair for pair in found if not elements or pair[0] in elements)

    def holder(self, task):
        """Short name of the assignee, or the group."""
        if task.assignee is not None:
            return self.short(task.assignee)
        return task.candidates[0][1] if task.candidates else None

    def task(self, element, who=None, about=None):
        """The one open task of an element (held by somebody, about one member)."""
        found = [
            task
            for task in self.open(element)
            if who in (None, self.holder(task)) and about in (None, self.about(task))
        ]
        assert len(found) == 1, (element, who, about, self.waiting())
        return found[0]

    def about(self, task):
        """Short name of the member or person a task is about."""
        with self.house.reading() as uow:
            seen = self.house.runner.task_variables(uow, task.key)
        part = seen.get("member") or seen.get("party") or {}
        return self.short(part.get("person_id") or seen.get("person_id"))

    def seen(self, task, by=None):
        """What a task shows to its holder: the task's words and its fields."""
        return self.read(by or self.holder(task), f"/api/tasks/{task.key}")

    def begun(self, task, by=None):
        """What the fields of a task begin with."""
        found = self.seen(task, by)
        return _fields(found["form"], found["variables"]) if found["form"] else {}

    def sent(self, task, values, *, by=None, whole=True):
        """The answer when somebody completes a task over what its form begins with."""
        who = by or self.holder(task)
        view = self.api(who).get(f"/api/tasks/{task.key}")
        begun = {}
        if whole and view.status_code == 200 and view.json["form"]:
            begun = _fields(view.json["form"], view.json["variables"])
        body = {"variables": {**begun, **values}}
        answer = self.api(who).post(f"/api/tasks/{task.key}/complete", body)
        self.worker.drain()
        return answer

    def answer(self, task, values, *, by=None):
        answer = self.sent(task, values, by=by)
        assert answer.status_code == 200, (task.element_id, self.holder(task), answer.text)

    def do(self, element, who=None, *, about=None, by=None, **values):
        """The holder finds the task in his list and completes it."""
        task = self.task(element, who, about)
        doer = by or self.holder(task)
        assert str(task.key) in {one["taskKey"] for one in self.mine(doer, element)}
        self.answer(task, values, by=by)

    def barred(self, element, *people, about=None, **values):
        """None of these people may complete the one task of an element; nothing moves."""
        task = self.task(element, about=about)
        for who in people:
            answer = self.sent(task, values, by=who)
            assert answer.status_code in BARRED, (element, who, answer.status_code, answer.text)
        assert self.task(element, about=about).key == task.key

    def turned_down(self, element, who=None, *, about=None, by=None, **values):
        """The holder may, but not like this; the faults by field, his task stays."""
        task = self.task(element, who, about)
        answer = self.sent(task, values, by=by)
        assert answer.status_code == 422, (answer.status_code, answer.text)
        assert self.task(element, who, about).key == task.key
        return faults(answer)

    def hand_over(self, task, who):
        """A manager gives the task to somebody."""
        body = {"assignee": self.ids[who]}
        answer = self.api("joko").post(f"/api/tasks/{task.key}/assign", body)
        assert answer.status_code == 200, answer.text

    # ---- time

    def move(self, to):
        """Business time goes there, by way of every moment at which something is due."""
        if isinstance(to, str):
            to = datetime.fromisoformat(to)
        while (now := self._next_due(to)) is not None:
            stamp = round(now.timestamp() * 1000)
            answer = self.api("operator").ask("PUT", "/v2/clock", json={"timestamp": stamp})
            assert answer.status_code == 204, answer.text
            self.worker.drain()

    def pass_days(self, days):
        self.move(self.house.clock.now() + timedelta(days=days))

    def _next_due(self, to):
        now = self.house.clock.now()
        found = sa.select(sa.func.min(process_instance.c.due_at)).where(
            process_instance.c.due_at > now, process_instance.c.due_at <= to
        )
        with self.wired.database.reading.connect() as connection:
            due = connection.execute(found).scalar()
        return due or (to if now < to else None)

    # ---- what people are told

    def letters(self, subject=None):
        """(subject, recipient or group) of the letters in the outbox, oldest first."""
        with self.wired.database.reading.connect() as connection:
            rows = connection.execute(sa.select(outbox.c.payload).order_by(outbox.c.id))
            found = [row.payload for row in rows]
        return [
            (row["subject"], self.short(row.get("recipient_id")) or row.get("group"))
            for row in found
            if subject in (None, row["subject"])
        ]

    # ---- the end of every test

    def incidents(self):
        with self.house.reading() as uow:
            roots = [row["key"] for row in uow.work_list.instances(limit=1000)]
            return [
                (row.element_id, row.kind, row.message, row.cause)
                for root in roots
                for row in uow.processes.incidents(root)
            ]

    def holds(self):
        """Every chain and every ledger of the installation proves itself, over HTTP."""
        found = self.read("operator", "/api/verify")
        assert found == {"holds": True, "faults": []}

    def close(self):
        self.wired.close()


class Program:
    """HTTP Basic at the API."""

    def __init__(self, app, who):
        self.http = app.test_client(use_cookies=False)
        word = f"{login(who)}:{PASSWORD}".encode()
        code = base64.b64encode(word).decode()
        self.headers = {} if who is None else {"Authorization": f"Basic {code}"}

    def ask(self, method, path, **options):
        return self.http.open(path, method=method, headers=self.headers, **options)

    def get(self, path, **options):
        return self.ask("GET", path, **options)

    def post(self, path, body=None):
        return self.ask("POST", path, json=_plain({} if body is None else body))


class Browser:
    """A browser without scripts, signed in at the page."""

    def __init__(self, app, who):
        self.http = app.test_client()
        token = TOKEN.search(self.http.get("/masuk").text)[1]
        given = {"csrf_token": token, "login": login(who), "password": PASSWORD}
        answer = self.http.post("/masuk", data=given)
        assert answer.status_code == 303, answer.text

    def get(self, path):
        return self.http.get(path, follow_redirects=True)

    def text(self, path):
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text


def login(who):
    return nip(who) if who in PEOPLE else who


def faults(answer):
    """Field to code of a refused form."""
    found = answer.json
    listed = found.get("errors") or found.get("faults") or []
    return {one.get("field") or one.get("path"): one.get("code") for one in listed}


def _fields(form, variables):
    """Values of what a form asks, without what it only shows."""
    keys = {part.get("path") or part.get("key") for part in form["components"]}
    return {key: variables[key] for key in keys if variables.get(key) is not None}


def _plain(value):
    """Dates and decimals as JSON writes them."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)
