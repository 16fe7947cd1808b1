"""Sessions, CSRF, Basic, and what wrong passwords cost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import requests

from tests.serving import PASSWORD

FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Browser(requests.Session):
    """A browser that fills in the sign-in form."""

    def __init__(self, base):
        super().__init__()
        self.base = base

    def token(self, path="/masuk"):
        return FIELD.search(self.get(self.base + path, timeout=10).text).group(1)

    def sign_in(self, login, password=PASSWORD, **fields):
        form = {"login": login, "password": password, "csrf_token": self.token(), **fields}
        return self.post(self.base + "/masuk", data=form, allow_redirects=False, timeout=10)


@pytest.fixture
def browser(served):
    with Browser(served.base) as one:
        yield one


def test_signing_in_opens_a_session_and_signing_out_ends_it(browser, served):
    answer = browser.sign_in("employee")
    assert answer.status_code == 303, answer.text
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.get(served.base + "/api/me", timeout=10).json()["login"] == "employee"
    stolen = browser.cookies["regu_session"]

    form = {"csrf_token": browser.token("/tugas")}
    out = browser.post(served.base + "/keluar", data=form, allow_redirects=False, timeout=10)

    assert out.status_code == 303
    assert "regu_session" not in browser.cookies
    cookies = {"regu_session": stolen}
    assert requests.get(served.base + "/api/me", cookies=cookies, timeout=10).status_code == 401


def test_signing_in_again_makes_a_new_session_and_ends_the_old_one(browser, served):
    browser.sign_in("employee")
    old = browser.cookies["regu_session"]

    form = {"login": "employee", "password": PASSWORD, "csrf_token": browser.token("/tugas")}
    browser.post(served.base + "/masuk", data=form, allow_redirects=False, timeout=10)

    assert browser.cookies["regu_session"] != old
    cookies = {"regu_session": old}
    assert requests.get(served.base + "/api/me", cookies=cookies, timeout=10).status_code == 401


def test_the_token_of_a_session_is_nowhere_in_the_database(browser, served):
    browser.sign_in("employee")
    token = browser.cookies["regu_session"].encode()
    for file in served.settings.data_dir.glob("regu.db*"):
        assert token not in file.read_bytes()


def test_disabling_an_account_ends_its_sessions_at_once(browser, served):
    browser.sign_in("employee")
    with served.house.writing() as uow:
        uow.accounts.put(replace(uow.accounts.account("employee"), active=False))
        uow.commit()

    assert browser.get(served.base + "/api/me", timeout=10).status_code == 401
    assert served.client("employee").get("/api/me").status_code == 401


def test_no_unsafe_request_rides_on_a_cookie_without_its_token(browser, served):
    browser.sign_in("admin")
    paths = [
        (method, rule.rule)
        for rule in served.app.url_map.iter_rules()
        for method in rule.methods - {"GET", "HEAD", "OPTIONS"}
    ]
    assert len(paths) > 20
    for method, rule in paths:
        path = re.sub(r"<[^>]*>", "1", rule)
        answer = browser.request(method, served.base + path, json={}, timeout=10)
        assert answer.status_code == 400, f"{method} {path}"


def test_a_script_sends_the_token_in_a_header(browser, served):
    browser.sign_in("admin")
    headers = {"X-CSRF-Token": browser.token("/tugas")}
    path = served.base + "/v2/user-tasks/search"
    assert browser.post(path, json={}, headers=headers, timeout=10).status_code == 200
    wrong = {"X-CSRF-Token": "x" * 43}
    assert browser.post(path, json={}, headers=wrong, timeout=10).status_code == 400


def test_a_page_asks_who_is_there_and_comes_back(served):
    answer = requests.get(served.base + "/tugas?x=1", allow_redirects=False, timeout=10)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/masuk?next=/tugas%3Fx%3D1"


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_nobody_is_sent_to_another_site(browser, target):
    answer = browser.sign_in("employee", next=target)
    assert answer.headers["Location"] == "/tugas"


def test_wrong_passwords_must_wait_and_the_right_one_works_again_later(served):
    wrong = ("employee", "not the password")
    codes = [
        requests.get(served.base + "/api/me", auth=wrong, timeout=10).status_code for _ in range(20)
    ]
    assert codes[:5] == [401] * 5
    assert 429 in codes
    blocked = requests.get(
        served.base + "/api/me",
        auth=("employee", "another wrong one"),
        headers={"X-Forwarded-For": "203.0.113.7"},
        timeout=10,
    )
    assert blocked.status_code == 429
    assert int(blocked.headers["Retry-After"]) > 0
    assert served.client("colleague").get("/api/me").status_code == 200

    with served.wired.database.writing.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sign_in_failure")
    assert served.client("employee").get("/api/me").status_code == 200


def test_an_unknown_login_is_answered_like_a_wrong_password(served):
    known = requests.get(served.base + "/api/me", auth=("hr", "wrong"), timeout=10)
    unknown = requests.get(served.base + "/api/me", auth=("nobody", "wrong"), timeout=10)
    assert known.status_code == unknown.status_code == 401
    assert known.json()["detail"] == unknown.json()["detail"]


def test_a_changed_password_counts_at_once_for_api_clients(served):
    client = served.client("employee")
    assert client.get("/api/me").status_code == 200
    with served.house.writing() as uow:
        row = uow.accounts.account("employee")
        uow.accounts.put(replace(row, password_hash=served.hasher.hash("quite another secret")))
        uow.commit()
    assert client.get("/api/me").status_code == 401
