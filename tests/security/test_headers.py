"""What every answer tells the browser, whoever asks and whatever goes wrong. Row 16; ASVS 3.4."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from app import headers
from app.factory import create_app
from tests.security.test_csrf import routes
from web import csp
from web.screens import evidence

TEMPLATES = Path(__file__).resolve().parents[2] / "web" / "templates"
#: everything a policy may say; other words would open something
POLICIES = (
    headers.CONTENT_SECURITY_POLICY, csp.DRAWING_POLICY, csp.VIEWER_POLICY, csp.STILL_POLICY,
    evidence.POLICY, evidence.READER_POLICY,
)  # fmt: skip


def told(answer, where):
    """The headers that every answer has."""
    found = answer.headers
    assert found["X-Content-Type-Options"] == "nosniff", where
    assert found["Referrer-Policy"] == "same-origin", where
    assert found["Cross-Origin-Opener-Policy"] == "same-origin", where
    assert found["Cross-Origin-Resource-Policy"] == "same-origin", where
    assert found["Content-Security-Policy"] in POLICIES, (where, found["Content-Security-Policy"])
    assert not [name for name, _value in found if name.startswith("Access-Control-")], where
    assert "Server" not in found, where
    assert "X-Powered-By" not in found, where
    if answer.data and answer.mimetype.startswith("text/"):
        assert answer.mimetype_params.get("charset", "").lower() == "utf-8", where


def test_every_route_and_every_refusal_has_them(city):
    for who in ("nurul", None):
        page, api = city.page(who), city.api(who)
        for method, path in routes(city.app):
            door = api if path.startswith(("/api/", "/v2/")) else page
            answer = door.http.open(path, method=method, headers=door.headers, buffered=True)
            told(answer, (who, method, path))
            if not path.startswith("/static/"):
                assert answer.headers["Cache-Control"] == "no-store", (method, path)


def test_errors_have_them(city, monkeypatch):
    def broken(**_values):
        raise RuntimeError("a secret of the server")

    monkeypatch.setitem(city.app.view_functions, "inbox.show", broken)
    page = city.page("sari")
    large = {
        "CONTENT_LENGTH": str(10 * 2**30),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }
    for answer, status in (
        (page.get("/tugas"), 500),
        (page.get("/tidak/ada"), 404),
        (page.http.open("/tugas", method="DELETE"), 405),
        (page.http.post("/masuk", data=b"x", environ_overrides=large), 413),
        (page.http.post("/masuk", data={}), 400),
        (city.api(None).get("/api/me"), 401),
        (city.api("sari").ask("POST", "/v2/user-tasks/search", data="{"), 415),
    ):
        assert answer.status_code == status
        told(answer, status)
        assert "a secret of the server" not in answer.text
        assert "Traceback" not in answer.text


def test_static_files_have_them_and_are_of_few_kinds(city):
    page = city.page(None)
    answer = page.get("/static/mark.svg")
    assert answer.status_code == 200
    told(answer, "static")
    for path in ("/static/", "/static/js", "/static/../app.py", "/static/%2e%2e/context.py"):
        assert page.get(path).status_code in {400, 404}, path


def test_no_policy_lets_foreign_or_inline_scripts_run():
    for policy in POLICIES:
        words = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        assert words["default-src"] == "'none'"
        scripts = words.get("script-src", words["default-src"])
        assert set(scripts.split()) <= {"'self'", "'none'"}, policy
        assert not re.search(r"unsafe-eval|unsafe-hashes|https?:|\*|blob:", policy), policy
        if "sandbox" not in words:
            assert words["frame-ancestors"] in {"'none'", "'self'"}, policy


def test_no_template_holds_a_script_a_handler_or_a_style_of_its_own():
    """The policy would stop them; so would the reader of this line."""
    inline = re.compile(
        r"<script(?![^>]*\b(?:src|type=\"application/(?:json|xml)\"|type=\"text/plain\"))"
        r"|\son[a-z]+\s*=|javascript:|\|\s*safe\b",
        re.IGNORECASE,
    )
    found = [
        (path.name, match[0])
        for path in TEMPLATES.rglob("*")
        if path.is_file()
        for match in inline.finditer(re.sub(r"{%[^%]*%}", "", path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_over_https_browsers_are_told_to_stay_there(city):
    app = create_app(replace(city.wired.settings, https=True), wired=city.wired, hasher=city.hasher)
    answer = app.test_client().get("/masuk", base_url="https://regu.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=" in cookie
        assert cookie.startswith("__Host-"), cookie
        assert "Domain" not in cookie


@pytest.mark.parametrize(
    "name", ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-Url"]
)
def test_no_header_of_the_asker_becomes_an_address_of_ours(city, name):
    given = {name: "elsewhere.example"}
    answer = city.page("sari").http.get("/tugas", headers=given if name != "Host" else {})
    assert "elsewhere.example" not in answer.text
    away = city.app.test_client().get("/tugas", headers=given)
    assert not away.headers["Location"].startswith(("http", "//"))


def test_signing_out_clears_what_the_browser_kept(city):
    visitor = type(city.page("sari"))(city, "budi")
    answer = visitor.post("/keluar")
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in visitor.get("/masuk").headers
