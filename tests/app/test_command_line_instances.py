"""`regu instances`: what runs is moved, held, released and ended from the command line."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.cli import main
from engine.usecases import audit_tags
from engine.usecases.ports.process import InstanceStatus
from tests.serving import AGENCY, DRAWINGS, OTHER_AGENCY, Served

LEAVE = "leave"
RUNNING = 3


@pytest.fixture
def old_house(sqlite_template, tmp_path, monkeypatch):
    """Three leave requests on version 1, and a version 2 with another name of the first task."""
    monkeypatch.setenv("REGU_DATA_DIR", str(tmp_path / "house"))
    monkeypatch.setenv("REGU_CLOCK", "movable")
    monkeypatch.setenv("REGU_LOG", "error")
    house = Served(tmp_path / "house", sqlite_template).start()
    admin = house.client("admin")
    files = [DRAWINGS / "leave.bpmn", DRAWINGS / "leave.form"]
    assert admin.deploy(*files).status_code == 200
    for _ in range(RUNNING):
        begun = {"processDefinitionId": LEAVE, "variables": {"who": "p-employee"}}
        assert admin.post("/v2/process-instances", begun).status_code == 200
    newer = tmp_path / "leave.bpmn"
    newer.write_bytes(files[0].read_bytes().replace(b'name="', b'name="New: '))
    assert admin.deploy(newer, files[1]).status_code == 200
    yield house
    house.close()


@pytest.fixture
def instances(capsys):
    """Run the command; its code, and what it said on both streams."""

    def run(act, *options, process=LEAVE, reason="the law changed"):
        code = main(["instances", act, process, "--reason", reason, "--agency", AGENCY, *options])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def rows(house):
    """(version, status) of each request."""
    with house.house.reading() as uow:
        versions = {one.key: one.version for one in uow.processes.definition_versions(LEAVE)}
        found = uow.search.instances(agency_id=AGENCY, process_id=LEAVE)
        return {(versions[row.definition_key], row.status) for row in found}


def test_a_dry_run_moves_nobody_and_the_move_all_even_beside_a_running_server(old_house, instances):
    everything = f"{RUNNING} of {RUNNING} done, 0 left as they were\n"
    assert instances("migrate", "--dry-run") == (0, everything, "")
    assert rows(old_house) == {(1, InstanceStatus.ACTIVE)}
    assert instances("migrate") == (0, everything, "")
    assert rows(old_house) == {(2, InstanceStatus.ACTIVE)}
    assert instances("migrate", "--from", "2", "--to", "1") == (0, everything, "")
    assert rows(old_house) == {(1, InstanceStatus.ACTIVE)}


def test_all_are_held_and_released_tried_again_and_ended(old_house, instances):
    for act, status in (
        ("suspend", InstanceStatus.SUSPENDED),
        ("resume", InstanceStatus.ACTIVE),
        ("retry", InstanceStatus.ACTIVE),
        ("cancel", InstanceStatus.CANCELLED),
    ):
        code, said, _err = instances(act)
        assert code == 0, said
        assert rows(old_house) == {(1, status)}
    assert instances("cancel")[1] == "0 of 0 done, 0 left as they were\n"


def test_without_a_reason_versions_or_a_known_agency_nothing_begins(old_house, instances):
    for options in ({"reason": " "}, {"process": "nothing"}):
        code, said, told = instances("migrate", **options)
        assert (code, said) == (1, "")
        assert told
    assert instances("migrate", "--to", "7")[0] == 1
    assert main(["instances", "cancel", LEAVE, "--reason", "x", "--agency", "none"]) == 2
    assert rows(old_house) == {(1, InstanceStatus.ACTIVE)}


def test_what_runs_in_another_agency_is_left_alone(old_house, capsys):
    there = ["--agency", OTHER_AGENCY]
    assert main(["instances", "cancel", LEAVE, "--reason", "x", *there]) == 0
    assert "0 of 0 done" in capsys.readouterr().out
    assert rows(old_house) == {(1, InstanceStatus.ACTIVE)}


def test_each_move_says_in_the_audit_who_moved_it_and_why(old_house, instances):
    assert instances("migrate", reason="PermenPANRB baru")[0] == 0
    with old_house.house.reading() as uow:
        assert uow.audit.verify() == []
        moved = sa.text("SELECT facts FROM audit WHERE act = :act")
        told = uow.connection.execute(moved, {"act": audit_tags.INSTANCE_MIGRATED}).scalars()
        assert sum("PermenPANRB baru" in facts for facts in told) == RUNNING
