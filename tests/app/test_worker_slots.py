"""`regu worker` under a slot, and in the place of one that is gone."""

from __future__ import annotations

import pytest

from app import cli
from app.settings import SettingRefused, from_environment
from app.wiring import carried_by
from engine.persistence.jobs import slots


@pytest.fixture
def house(postgres_database, tmp_path, monkeypatch):
    """Settings of a house on PostgreSQL, where DBOS carries the jobs."""
    monkeypatch.setenv("REGU_DATABASE_URL", postgres_database.url)
    monkeypatch.setenv("REGU_DATA_DIR", str(tmp_path))
    return postgres_database


def test_a_worker_finishes_what_a_slot_left_and_says_how_much(house, capsys):
    assert cli.main(["worker", "--adopt", "gone-1"]) == 0
    assert "0 jobs of slot gone-1 adopted" in capsys.readouterr().out
    assert cli.main(["worker", "--once", "--slot", "here-1"]) == 0
    assert "0 done" in capsys.readouterr().out


def test_a_slot_that_is_at_work_is_neither_adopted_nor_taken(house, capsys):
    held = slots.take_slot(house.writing, None, "alive-1")
    for words in ("--adopt", "--slot"):
        assert cli.main(["worker", words, "alive-1"]) == 2
        assert "slot alive-1 is at work in another process" in capsys.readouterr().err
    held.let_go()


def test_what_carries_jobs_is_chosen_by_setting_and_else_by_database(house, sqlite_database):
    def carried(database, **chosen):
        return carried_by(from_environment({"REGU_DATABASE_URL": database.url, **chosen}), database)

    assert (carried(sqlite_database), carried(house)) == ("table", "dbos")
    assert carried(sqlite_database, REGU_JOBS="dbos") == "dbos"
    assert carried(house, REGU_JOBS="table") == "table"
    with pytest.raises(SettingRefused):
        carried(house, REGU_JOBS="celery")


def test_a_name_that_can_be_no_slot_is_refused(house, capsys):
    assert cli.main(["worker", "--slot", "a b"]) == 2
    assert "REGU_SLOT" in capsys.readouterr().err


def test_migrating_makes_the_tables_of_dbos(house):
    with house.writing.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA dbos CASCADE")
    assert cli.main(["migrate"]) == 0
    with house.reading.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM dbos.workflow_status").scalar() == 0
