"""The town served on a port of its own, and a Chromium to look at it with."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.web.looking import on_a_port
from tests.web.played import base_of, played_once
from tests.web.played import copied as agency_copied
from tests.web.rooms import Door, Rooms, cookie_of, let_pages_be_read
from tests.web.studio_desk import OPEN, WIDE
from tests.web.town import PASSWORD, PEOPLE, ROOT, build, closed, copied
from web.vendor import STUDIO, missing_parts

CHROMIUM = (
    os.environ.get("REGU_CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or shutil.which("google-chrome")
)


@pytest.fixture(scope="session")
def begun_town(tmp_path_factory):
    """Folder and ids of the town with two drawings published and one instance of each, closed."""
    made = build(tmp_path_factory.mktemp("town"))
    made.deploy("cuti.bpmn", "cuti.form", "contribution.bpmn", "attest.form")
    made.deploy("index_band.dmn", "level_band.dmn")
    due = "2026-06-05T17:00:00+07:00"
    made.ids["leave"] = made.start(
        "cuti", person_id=made.ids["sari"], due_at=due, subject="Cuti bulan Juni"
    )
    made.ids["attesting"] = made.start(
        "contribution",
        attester_id=made.ids["budi"],
        output_id=made.ids["output"],
        member={"person_id": made.ids["sari"]},
        due_at=due,
        subject="Portal data terpadu",
    )
    return closed(made)


@pytest.fixture
def town(begun_town, tmp_path):
    """A fresh town with two drawings published and one instance of each."""
    made = copied(begun_town, tmp_path)
    yield made
    made.wired.close()


@pytest.fixture
def client(town):
    """A browser without JavaScript: Flask's own, with helpers to sign in and post."""
    return Visitor(town)


class Visitor:
    """Follows the pages as a browser without scripts does."""

    def __init__(self, town):
        self.town = town
        self.http = town.app.test_client()

    def sign_in(self, login):
        self.http = self.town.app.test_client()
        page = self.get("/masuk")
        self.post("/masuk", page, login=self.town.nip(login), password=PASSWORD, next="/tugas")
        return self

    def get(self, path):
        return self.http.get(path)

    def post(self, path, page, **values):
        """Post what a form on that page holds in its hidden fields, and these values."""
        values = {"csrf_token": token_of(page), **values}
        return self.http.post(path, data=values)


def token_of(page):
    _, _, rest = page.text.partition('name="csrf_token" value="')
    return rest.partition('"')[0]


@pytest.fixture(scope="session")
def door():
    """What is served at the one address of all browser tests."""
    door = Door()
    with on_a_port(door) as door.address:
        yield door


@pytest.fixture
def address(town, door):
    """The town served on a port."""
    door.app = town.app
    yield door.address
    door.app = None


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium; skipped by name without one, failed when one is required."""
    if CHROMIUM is None:
        if os.environ.get("REGU_REQUIRE_BROWSER") == "1":
            pytest.fail("no Chromium is found and REGU_REQUIRE_BROWSER=1")
        pytest.skip("no Chromium is found: the pages are not looked at in a browser")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only with a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--process-per-site",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def rooms(chromium, door):
    """Contexts that tests use one after the other."""
    from playwright.sync_api import Locator, Page  # noqa: PLC0415 - only with a browser

    made = Rooms(chromium, door.address)
    with pytest.MonkeyPatch.context() as patch:
        let_pages_be_read(patch, Locator, Page)
        yield made
    made.close()


@pytest.fixture
def browse(rooms, town, address):
    """Opens signed-in pages; console errors and policy violations fail the test.

    A browser tells of every answer that refuses, and may do so late: what a test provokes it
    puts into `expected`.
    """
    troubles = []

    def open_as(login, **options):
        nip = PEOPLE[login][1] if login in PEOPLE else login
        page = rooms.page(cookie=cookie_of(town.app, nip) if login else None, **options)
        page.on(
            "console",
            lambda message: (
                troubles.append(message.text) if message.type in {"error", "warning"} else None
            ),
        )
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.set_default_timeout(15_000)
        page.goto("/tugas" if login else "/masuk")
        return page

    open_as.expected = set()
    yield open_as
    rooms.sweep()
    assert [one for one in troubles if not any(text in one for text in open_as.expected)] == []


@pytest.fixture
def desk(browse):
    """Opens a process in the studio."""
    if missing := missing_parts(ROOT, STUDIO):
        pytest.skip(f"drawing parts are not installed: {missing}")

    def open_it(path="/studio/cuti", login="owner"):
        page = browse(login, viewport=WIDE)
        page.goto(path)
        page.wait_for_selector(OPEN)
        return page

    return open_it


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    """The folder of the sample agency on a Friday in June; played once for all workers."""
    return played_once(base_of(tmp_path_factory))


@pytest.fixture(scope="module")
def agency(played, tmp_path_factory):
    """A copy of it for the tests of one file."""
    with agency_copied(played, tmp_path_factory.mktemp("agency") / "data") as made:
        yield made
