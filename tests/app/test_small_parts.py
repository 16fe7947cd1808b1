"""Settings, secret, passwords and JSON: each keeps its promise alone."""

from __future__ import annotations

import json
import stat
from decimal import Decimal
from types import MappingProxyType

import pytest
from flask import Flask
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from app.json_provider import BYTES_MAX, ExactJson
from app.passwords import Passwords
from app.settings import SettingRefused, Settings, from_environment, secret


@pytest.fixture
def door():
    return ExactJson(Flask("test"))


def test_settings_have_defaults_that_need_nothing(tmp_path):
    found = from_environment({"REGU_DATA_DIR": str(tmp_path)})
    assert found.database_url == f"sqlite:///{tmp_path}/regu.db"
    assert (found.host, found.port, found.clock) == ("127.0.0.1", 8000, "real")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REGU_CLOCK", "fast"),
        ("REGU_PORT", "99999"),
        ("REGU_PORT", "-1"),
        ("REGU_LOG", "loud"),
        ("REGU_CLOCK_START", "2026-01-01"),
        ("REGU_CLOCK_START", "soon"),
    ],
)
def test_a_setting_that_means_nothing_is_refused_by_name(name, value):
    with pytest.raises(SettingRefused, match=name):
        from_environment({name: value})


def test_the_secret_is_made_once_and_readable_by_its_owner_only(tmp_path):
    path = tmp_path / "deep" / "secret"
    settings = Settings(database_url="", data_dir=tmp_path, secret_file=path)

    first = secret(settings)

    assert len(first) >= 32
    assert secret(settings) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_password_is_verified_and_an_unknown_account_never_fits():
    passwords = Passwords(memory_kib=64, passes=1)
    kept = passwords.hash("correct horse")
    assert kept.startswith("$argon2id$")
    assert passwords.verify(kept, "correct horse")
    assert not passwords.verify(kept, "correct horse ")
    assert not passwords.verify(None, "nobody signs in with this")
    assert not passwords.verify("no hash", "x")
    assert Passwords(memory_kib=128, passes=1).outdated(kept)


@pytest.mark.parametrize("text", ["0.10", "1E-30", "-12.500", "1E+400", "123456789012345678901.5"])
def test_a_number_leaves_with_the_digits_it_came_with(door, text):
    value = door.loads(f'{{"n": {text}}}')["n"]
    assert value == Decimal(text)
    assert json.loads(door.dumps({"n": value}), parse_float=Decimal)["n"] == Decimal(text)


def test_integers_of_any_size_and_foreign_mappings_leave_as_json(door):
    value = {"n": 10**30, "m": MappingProxyType({"d": Decimal("1.50")}), "b": True}
    assert door.dumps(value) == '{"n":1000000000000000000000000000000,"m":{"d":1.50},"b":true}'


@pytest.mark.parametrize(
    "body",
    ["NaN", "Infinity", '{"a":1,"a":2}', "[" * 65 + "]" * 65, '"\\u0000"', '"\\udc00"', "1e99999"],
)
def test_what_is_not_plain_json_is_refused(door, body):
    with pytest.raises(BadRequest):
        door.loads(body)


def test_a_large_body_is_refused_before_it_is_read(door):
    with pytest.raises(RequestEntityTooLarge):
        door.loads(b" " * (BYTES_MAX + 1))


def test_nesting_within_the_limit_and_whole_characters_pass(door):
    assert door.loads("[" * 64 + "]" * 64)
    assert door.loads('"\\ud83d\\ude00 {\\" ["') == '\U0001f600 {" ['
