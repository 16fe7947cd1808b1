"""The sample agency on a Friday in June: played once for a run, copied for each file of tests."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.demo import command, year
from app.demo.roster import roster_of
from app.factory import create_app
from app.settings import Settings
from app.wiring import wire
from app.worker import Worker
from engine.persistence.database import open_database
from engine.usecases.organisation import Standing
from tests.persistence.counting import counted

#: the day until which the year is played
UNTIL = date.fromisoformat(os.environ.get("REGU_PLAYED_UNTIL", "2026-06-19"))
WAIT_SECONDS = 600
#: pages opened of one route by one reader; tasks and starts have a form of their own each
OFTEN = {"task.show": 4, "start.form": 4}
LINK = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)')
#: answers that are no page, or leave the session
NO_PAGES = {"entrance.sign_out", "frame.static", "evidence.download", "evidence.look"}
#: their links are walked as the role they speak to (test_guides.py)
NO_LINKS = {"guide.read"}


def settings_of(folder):
    return Settings(
        database_url=f"sqlite:///{folder / 'regu.db'}",
        data_dir=folder,
        secret_file=folder / "secret",
        clock="movable",
        clock_start=year.BEGINS,
        log="warning",
    )


def play(folder):
    """Play the year to that day into a folder."""
    folder.mkdir()
    settings = settings_of(folder)
    wired = wire(settings)
    outcome = command.play(wired, settings, lambda _line: None, UNTIL)
    wired.close()
    assert outcome.good


def base_of(tmp_path_factory):
    """A folder that all workers of a run share."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return Path(os.environ.get("REGU_PLAYED_IN") or base)


def played_once(base):
    """The folder of the played agency under a folder that all workers of a run share."""
    folder, ready = base / "played", base / "played-ready"
    until = time.monotonic() + WAIT_SECONDS
    while not ready.exists():
        if _begun(base):
            play(folder)
            ready.mkdir()
        assert time.monotonic() < until, "the other worker did not finish the year"
        time.sleep(0.0 if ready.exists() else 0.5)
    return folder


def _begun(base):
    """Whether it is ours to play: nobody began before."""
    try:
        (base / "played-lock").mkdir()
    except FileExistsError:
        return False
    return True


@contextmanager
def kept_on_the_way(base, data_dir):
    """A whole year that is played meanwhile in a folder leaves the agency as it is on that day.

    Others need not play it again; a year that does not come so far leaves it to them.
    """
    if not _begun(base):
        yield
        return
    ready, drain = base / "played-ready", Worker.drain

    def drained(worker, *given):
        done = drain(worker, *given)
        if not ready.exists() and worker._house.clock.now().date() >= UNTIL:
            _kept(data_dir, base / "played")
            ready.mkdir()
        return done

    try:
        with mock.patch.object(Worker, "drain", drained):
            yield
    finally:
        if not ready.exists():
            (base / "played-lock").rmdir()


def _kept(data_dir, folder):
    """Copy a house that is open and still: its database by SQLite's own means."""
    shutil.copytree(data_dir, folder, ignore=shutil.ignore_patterns("regu.db*"))
    base = open_database(f"sqlite:///{data_dir / 'regu.db'}")
    with base.writing.connect() as connection:
        plain = connection.connection.dbapi_connection
        plain.execute("VACUUM INTO ?", (str(folder / "regu.db"),))
    base.close()


@dataclass
class Agency:
    """A copy of the played agency, ready to be asked."""

    wired: object
    app: object
    #: role -> login
    logins: dict
    #: role -> pages, filled by `walk`
    walks: dict = field(default_factory=dict)

    def client(self, role):
        """Signed in without JavaScript."""
        http = self.app.test_client()
        token = _token(http.get("/masuk").text)
        words = {"login": self.logins[role], "password": command.PASSWORD, "csrf_token": token}
        assert http.post("/masuk", data=words).status_code == 303
        return http

    def walk(self, role):
        """Every page that links lead to from the first one; a few of each route."""
        if role not in self.walks:
            self.walks[role] = _walked(self, role)
        return self.walks[role]


@dataclass
class Page:
    """A page as it came."""

    url: str
    endpoint: str
    status: int
    text: str
    html: bool
    #: SQL text -> how often it was sent for this page
    statements: Counter
    #: where the link stood
    linked_from: str


ROLES = (
    "employee", "member", "lead", "rater", "hr", "perf_admin", "auditor", "process_owner", "admin",
)  # fmt: skip


@contextmanager
def copied(played, folder):
    """A copy of the played agency in a folder of one's own."""
    shutil.copytree(played, folder)
    settings = settings_of(folder)
    wired = wire(settings)
    try:
        yield Agency(wired=wired, app=create_app(settings, wired=wired), logins=_logins(wired))
    finally:
        wired.close()


def _logins(wired):
    with wired.house.reading() as uow:
        agency = wired.agency_id(None)
        roster = roster_of(uow, Standing(uow, wired.house.clock.now()), agency)
    team, office = roster.teams[0], roster.offices[0]
    people = {
        "employee": office.free[0],
        "member": next(who for who in team.members if who != team.lead),
        "lead": team.lead,
        "rater": office.head,
        **{group: held[0] for group, held in roster.groups.items() if held},
    }
    found = {role: roster.nips[person] for role, person in people.items()}
    return {**found, "admin": "admin"}


def _token(text):
    return text.partition('name="csrf_token" value="')[2].partition('"')[0]


def _walked(agency, role):
    http, adapter = agency.client(role), agency.app.url_map.bind("localhost")
    waiting, seen, pages, times = [("/", "")], {"/"}, [], Counter()
    while waiting:
        url, linked_from = waiting.pop(0)
        base = agency.wired.database
        with counted(base.reading) as sent, counted(base.writing) as written:
            answer = http.get(url, follow_redirects=True)
        page = Page(
            url=answer.request.path if url == "/" else url,
            endpoint=endpoint_of(adapter, answer.request.path),
            status=answer.status_code,
            text=answer.text if answer.mimetype == "text/html" else "",
            html=answer.mimetype == "text/html",
            statements=Counter([*sent.texts, *written.texts]),
            linked_from=linked_from,
        )
        pages.append(page)
        for found in [] if page.endpoint in NO_LINKS else LINK.findall(page.text):
            link = unescape(found)
            endpoint = endpoint_of(adapter, urlsplit(link).path)
            plain = link if endpoint in OFTEN else urlsplit(link).path
            if endpoint in NO_PAGES or plain in seen or "bentuk=" in link:
                continue
            if times[endpoint] >= OFTEN.get(endpoint, 1):
                continue
            times[endpoint] += 1
            seen.add(plain)
            waiting.append((link, url))
    return pages


def endpoint_of(adapter, path):
    try:
        return adapter.match(path)[0]
    except RequestRedirect as moved:
        return endpoint_of(adapter, urlsplit(moved.new_url).path)
    except HTTPException:
        return "nowhere"
