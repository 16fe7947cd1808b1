"""No secret stands in the tree, in a page, or in an answer. Row 15; ASVS 13.3.1.

Known weaknesses of libraries are asked for on the network (`pip-audit`): not in this run.
"""

from __future__ import annotations

import re
import stat
from dataclasses import replace

import pytest

from app.settings import SettingRefused, Settings
from tests.house.test_house import ROOT, tracked

#: what keys and tokens look like
_LOOKS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z ]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}"),
    "cloud key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "forge token": re.compile(r"\b(?:ghp|gho|ghs|glpat|github_pat)[_-][A-Za-z0-9_]{20,}"),
    "chat token": re.compile(r"\bxox[baprs]-[A-Za-z0-9-]{10,}"),
    "signed token": re.compile(r"\beyJ[\w-]{12,}\.eyJ[\w-]{12,}\.[\w-]{12,}"),
    "mail or api key": re.compile(r"\b(?:SG\.[\w-]{16,}|sk_live_\w{16,}|AIza[\w-]{30,})"),
    "password in an address": re.compile(
        r"\b[a-z][a-z0-9+.-]*://[A-Za-z0-9_.-]+:(?!PASSWORD|SECRET|KATASANDI|\$|\{|<|%|\.\.\.|…)"
        r"[^\s:@/\"'`<>{}]{6,}@[A-Za-z0-9]"
    ),
    "password in a setting": re.compile(
        r"^\s*(?:REGU_[A-Z_]*(?:SECRET|PASSWORD|KEY)|POSTGRES_PASSWORD)\s*[=:]\s*[\"']?"
        r"(?![\"'<$#\s/]|file:)[A-Za-z0-9+/=_-]{6,}",
        re.MULTILINE,
    ),
}
#: tests and examples make up people and passwords; they open nothing
INVENTED = ("tests/", "bench/", "docs/", "examples/")


def texts():
    endings = (
        ".py", ".js", ".css", ".html", ".toml", ".yml", ".yaml", ".json", ".md", ".ini", ".cfg",
        ".sh", ".service", ".env", ".conf", ".txt", ".lock", ".xml", ".bpmn", ".dmn", ".form",
    )  # fmt: skip
    for path in tracked(*endings):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(("web/static/vendor/", "node_modules/", "var/")):
            yield name, path.read_text(encoding="utf-8", errors="replace")


def test_no_file_of_the_tree_holds_a_secret():
    found = [
        (name, kind)
        for name, text in texts()
        for kind, look in _LOOKS.items()
        if not (kind.startswith("password") and name.startswith(INVENTED)) and look.search(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("private key", "-----BEGIN " + "RSA PRIVATE KEY-----\n" + "A" * 64),
        ("cloud key", "AK" + "IA" + "A1B2C3D4E5F6G7H8"),
        ("forge token", "gh" + "p_" + "a" * 36),
        ("password in an address", "postgresql://regu:" + "hunter22@db/regu"),
        ("password in a setting", "REGU_SMTP_PASSWORD=" + "hunter22"),
        ("signed token", "ey" + "J" + "a" * 20 + ".ey" + "J" + "b" * 20 + "." + "c" * 20),
    ],
)
def test_the_search_sees_each_kind(kind, text):
    """The positive control."""
    assert _LOOKS[kind].search(text)


def test_files_that_hold_secrets_are_not_taken_into_the_tree():
    for name in tracked("secret", ".pem", ".key", ".p12", ".env"):
        place = name.relative_to(ROOT).as_posix()
        assert place.startswith(("tests/", "deploy/")), place  # their words are looked at above


def test_the_key_of_the_house_is_made_with_it_and_read_by_its_owner_only(city):
    place = city.wired.settings.secret_file
    assert place.is_file()
    assert stat.S_IMODE(place.stat().st_mode) & 0o077 == 0
    assert len(place.read_bytes().strip()) >= 32


def test_no_setting_shows_a_secret_when_it_is_printed(tmp_path):
    said = "hunter22-of-nobody"
    made = Settings(
        database_url=f"postgresql+psycopg://regu:{said}@db/regu",
        data_dir=tmp_path,
        secret_file=tmp_path / "secret",
    )
    made = replace(made, smtp_url=f"smtps://regu:{said}@mail.example.go.id")
    assert said not in repr(made)
    assert issubclass(SettingRefused, Exception)


def test_no_page_shows_the_key_or_a_hash_of_a_password(city):
    key = city.wired.settings.secret_file.read_text(encoding="utf-8").strip()
    for who, path in (("nurul", "/tugas"), ("admin", "/api/me"), ("nurul", "/kelola/akun")):
        door = city.api(who) if path.startswith("/api") else city.page(who)
        text = door.get(path).text
        assert key not in text
        assert "$argon2" not in text
