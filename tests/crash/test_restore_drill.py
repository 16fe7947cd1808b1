"""A backup under load, restored: equal to its manifest, and nothing acknowledged is missing."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from app.backup import back_up, faults_of
from app.backup_paper import BackupRefused
from app.restore import restore
from app.wiring import wire
from engine.persistence import copying
from engine.persistence.copying import CopyRefused
from engine.usecases import reach
from tests.crash.restore_drill import Drill, empty_target, judge


def drilled(database, tmp_path, *, instances, before, writers=2, twice=False):
    """Back up under load and restore: the report of the restore, faults, and how it went."""
    drill = Drill(database, tmp_path, instances)
    database.close()
    with drill.writing(writers):
        drill.wait_for(before)
        acked, began = drill.acked(), time.monotonic()
        paper = back_up(drill.settings, tmp_path / "backup")
        took, during = time.monotonic() - began, len(drill.acked()) - len(acked)
        drill.wait_for(min(instances, len(acked) + during + 1))
    with empty_target(database, tmp_path) as target:
        began = time.monotonic()
        done = restore(target, tmp_path / "backup", replace=False)
        back = time.monotonic() - began
        faults = [*done.faults, *judge(target, acked)]
        if twice:  # over what stands there now, which is renamed
            again = restore(target, tmp_path / "backup", replace=True)
            assert again.set_aside
            faults += [*again.faults, *judge(target, acked)]
    rows = sum(paper.amounts.tables.values())
    size = sum(file.bytes for file in paper.files)
    sys.stdout.write(
        f"backup {took:.2f} s, {rows} rows, {size} bytes; {len(acked)} acknowledged before it, "
        f"{during} during it; restore and proof {back:.2f} s; faults {len(faults)}\n"
    )
    return faults, during


def test_a_backup_under_load_restores_whole_and_keeps_all_that_was_acknowledged(
    database, tmp_path, monkeypatch
):
    monkeypatch.setattr(copying, "PAGES", 16)
    monkeypatch.setattr(copying, "PAUSE_S", 0.005)
    faults, during = drilled(database, tmp_path, instances=60, before=15)
    assert faults == []
    assert during > 0  # writers went on


@pytest.mark.long
def test_a_large_backup_under_load_restores_whole(database, tmp_path):
    faults, during = drilled(database, tmp_path, instances=1000, before=300, writers=3, twice=True)
    assert faults == []
    assert during > 0


def test_the_drill_sees_that_a_copied_file_is_no_backup(sqlite_database, tmp_path):
    """Planted: `cp regu.db` beside a house that writes, without its WAL."""
    drill = Drill(sqlite_database, tmp_path, 3)
    wired = wire(drill.settings)
    with reach.everywhere():
        for key in drill.keys:
            drill.complete(wired, key)
    copy = tmp_path / "copied" / "regu.db"
    copy.parent.mkdir()
    shutil.copyfile(tmp_path / "regu.db", copy)
    wired.close()
    target = replace(drill.settings, database_url=f"sqlite:///{copy}", data_dir=copy.parent)
    assert len(judge(target, drill.acked())) >= len(drill.keys)


@pytest.fixture
def backup(sqlite_database, tmp_path):
    """Settings of a small house and its backup."""
    drill = Drill(sqlite_database, tmp_path, 1)
    back_up(drill.settings, tmp_path / "backup")
    return drill.settings, tmp_path / "backup"


def _flip(path, at=-100):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_a_damaged_backup_is_named_and_never_restored(backup, tmp_path):
    settings, folder = backup
    assert faults_of(folder, settings)[1] == []
    (evidence,) = [path for path in (folder / "evidence").rglob("*") if path.is_file()]
    _flip(evidence, 0)
    _flip(folder / "regu.db")
    (folder / "stranger").write_text("x")
    _, faults = faults_of(folder, settings)
    name = evidence.relative_to(folder).as_posix()
    for fault in (f"{name}: its content was changed", "regu.db: its content was changed",
                  "stranger: the manifest does not know it"):  # fmt: skip
        assert fault in faults
    target = replace(settings, database_url=f"sqlite:///{tmp_path / 'new' / 'regu.db'}")
    with pytest.raises(BackupRefused, match="the backup is damaged, nothing was restored"):
        restore(target, folder, replace=False)
    assert not (tmp_path / "new").exists()
    evidence.unlink()
    assert f"{name}: it is missing" in faults_of(folder, settings)[1]
    (folder / "manifest.json").write_text("{")
    with pytest.raises(BackupRefused, match="cannot be read"):
        faults_of(folder, settings)
    (folder / "manifest.json").unlink()
    with pytest.raises(BackupRefused, match="no finished backup"):
        faults_of(folder, settings)


def test_a_target_that_is_not_empty_is_refused_or_renamed(backup, tmp_path):
    settings, folder = backup
    with pytest.raises(BackupRefused, match="already"):
        back_up(settings, folder)
    with pytest.raises(BackupRefused, match="not empty"):
        restore(settings, folder, replace=False)
    done = restore(settings, folder, replace=True)
    assert done.faults == ()
    assert all(Path(place).exists() for place in done.set_aside)
    assert any("regu.db.replaced" in place for place in done.set_aside)


def test_evidence_that_was_damaged_before_is_named_by_the_backup_and_kept(backup, tmp_path):
    settings, _ = backup
    (evidence,) = [path for path in (settings.data_dir / "evidence").rglob("*") if path.is_file()]
    _flip(evidence, 0)
    paper = back_up(settings, tmp_path / "second")
    assert paper.faults == (f"evidence {evidence.name}: its content was changed",)


def test_a_pg_dump_older_than_the_server_is_refused_in_words(postgres_database, tmp_path):
    old = tmp_path / "bin"
    old.mkdir()
    tool = old / "pg_dump"
    tool.write_text('#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.24"\n')
    tool.chmod(0o755)
    drill = Drill(postgres_database, tmp_path, 0)
    with pytest.raises(CopyRefused, match=r"is of PostgreSQL 9, the server of \d+"):
        back_up(replace(drill.settings, pg_bin=old), tmp_path / "backup")
    with pytest.raises(CopyRefused, match="pg_dump is not found; name its folder in REGU_PG_BIN"):
        back_up(replace(drill.settings, pg_bin=tmp_path), tmp_path / "backup")
    assert not list(tmp_path.glob("backup*"))
