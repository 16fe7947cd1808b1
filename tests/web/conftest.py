"""The town served on a port of its own, and a Chromium to look at it with."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.web.looking import on_a_port, sign_in
from tests.web.played import base_of, played_once
from tests.web.played import copied as agency_copied
from tests.web.town import PASSWORD, PEOPLE, build, closed, copied

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


@pytest.fixture
def address(town):
    """The town served on a free port."""
    with on_a_port(town.app) as found:
        yield found


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
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium, address):
    """Opens signed-in pages; console errors and policy violations fail the test."""
    contexts, troubles = [], []

    def open_as(login, **options):
        context = chromium.new_context(base_url=address, locale="id-ID", **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda message: (
                troubles.append(message.text) if message.type in {"error", "warning"} else None
            ),
        )
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.set_default_timeout(15_000)
        if login:
            sign_in(page, PEOPLE[login][1] if login in PEOPLE else login, PASSWORD)
            page.wait_for_url("**/tugas")
        else:
            page.goto("/masuk")
        return page

    open_as.troubles = troubles
    yield open_as
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    """The folder of the sample agency on a Friday in June; played once for all workers."""
    return played_once(base_of(tmp_path_factory))


@pytest.fixture(scope="module")
def agency(played, tmp_path_factory):
    """A copy of it for the tests of one file."""
    with agency_copied(played, tmp_path_factory.mktemp("agency") / "data") as made:
        yield made
