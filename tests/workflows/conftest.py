"""The shipped drawings on a real database, one fresh copy for each test."""

from __future__ import annotations

import shutil

import pytest

from engine.persistence.database import open_database
from tests.workflows.agency import Ids, settle
from tests.workflows.rehearsal import Rehearsal, all_flows, open_house, shipped


@pytest.fixture(scope="session")
def settled(tmp_path_factory, sqlite_template):
    """Folder of a database with the agency and everything that ships deployed, and its ids."""
    folder = tmp_path_factory.mktemp("agency")
    shutil.copyfile(sqlite_template, folder / "regu.db")
    wired = open_house(folder)
    ids = Ids(wired.house.ids.uuid)
    with wired.house.writing() as uow:
        settle(uow, ids)
        uow.commit()
    first = Rehearsal(wired, ids, {})
    with wired.house.writing() as uow:
        deployed = wired.house.runner.deploy(uow, shipped(), first.operator)
        uow.commit()
    wired.close()
    database = open_database(f"sqlite:///{folder / 'regu.db'}")
    with database.writing.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return folder, dict(ids), deployed


@pytest.fixture(scope="module")
def walked():
    """Process id -> flows walked by the tests of this module."""
    return {"#ran": set()}


@pytest.fixture
def town(request, settled, walked, tmp_path):
    """A rehearsal; at its end no incident is open and every audit chain holds."""
    folder, ids, _ = settled
    shutil.copyfile(folder / "regu.db", tmp_path / "regu.db")
    wired = open_house(tmp_path)
    made = Rehearsal(wired, ids, walked)
    yield made
    made.note_walked()
    walked["#ran"].add(request.function.__name__)
    incidents = made.incidents()
    faults = made.audit_faults()
    wired.close()
    assert incidents == []
    assert list(faults) == []


@pytest.fixture
def every_flow(request, walked):
    """A check that the tests of this module walked every flow of a drawing."""

    def check(process_id):
        left = sorted(all_flows(process_id) - walked.get(process_id, set()))
        tests = {name for name in vars(request.module) if name.startswith("test_")}
        if left and not tests <= walked["#ran"] | {request.function.__name__}:
            pytest.skip("only a part of this file ran here")
        assert left == []

    return check
