"""Backups that a timer makes: each in a folder of its own, proved, and the oldest let go."""

from __future__ import annotations

import pytest

from app import backup_paper, logs
from app.backup import faults_of
from app.cli import main
from tests.crash.restore_drill import Drill


@pytest.fixture
def drill(sqlite_database, tmp_path, monkeypatch):
    made = Drill(sqlite_database, tmp_path, 1)
    monkeypatch.setattr(logs, "configure", lambda *_given: None)  # it would outlive the test
    monkeypatch.setenv("REGU_DATABASE_URL", made.settings.database_url)
    monkeypatch.setenv("REGU_DATA_DIR", str(made.settings.data_dir))
    return made


def old(folder, name, paper=None):
    (folder / name).mkdir(parents=True)
    if paper is not None:
        backup_paper.write(folder / name, paper)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_each_backup_of_a_timer_has_its_own_folder_and_is_whole(drill, tmp_path, capsys):
    folder = tmp_path / "backups"
    assert main(["backup", "--dated", str(folder)]) == 0
    assert "the backup is whole" in capsys.readouterr().out
    (made,) = folder.iterdir()
    assert faults_of(made, drill.settings)[1] == []


def test_of_many_backups_the_newest_stay_and_nothing_else_is_touched(drill, tmp_path, capsys):
    folder = tmp_path / "backups"
    assert main(["backup", "--dated", str(folder)]) == 0
    (first,) = names(folder)
    paper = backup_paper.read(folder / first)
    for name in ("2020-01-01T000000Z", "2020-01-02T000000Z", "by-hand"):
        old(folder, name, paper)
    for name in ("2020-01-03T000000Z.part-7", "2020-01-04T000000Z"):  # none of them is whole
        old(folder, name)
    capsys.readouterr()
    (folder / first).rename(folder / "2021-01-01T000000Z")
    assert main(["backup", "--dated", "--keep", "2", str(folder)]) == 0
    assert "2020-01-02T000000Z is deleted" in capsys.readouterr().out
    *others, newest = [name for name in names(folder) if name != "by-hand"]
    assert newest > "2021"
    assert others == ["2020-01-03T000000Z.part-7", "2020-01-04T000000Z", "2021-01-01T000000Z"]
    assert (folder / "by-hand").is_dir()


def test_a_backup_with_faults_lets_none_of_the_old_ones_go(drill, tmp_path):
    folder = tmp_path / "backups"
    assert main(["backup", "--dated", str(folder)]) == 0
    (evidence,) = [
        path for path in (drill.settings.data_dir / "evidence").rglob("*") if path.is_file()
    ]
    evidence.write_bytes(b"another")
    (first,) = folder.iterdir()
    first.rename(folder / "2021-01-01T000000Z")
    assert main(["backup", "--dated", "--keep", "1", str(folder)]) == 1
    assert len(names(folder)) == 2
    assert "2021-01-01T000000Z" in names(folder)


@pytest.mark.parametrize(
    "words", [["--keep", "0", "--dated"], ["--keep", "3"], ["--dated", "--verify"]]
)
def test_what_cannot_be_meant_is_refused(words, tmp_path):
    with pytest.raises(SystemExit) as ended:
        main(["backup", *words, str(tmp_path / "x")])
    assert ended.value.code == 2
    assert not (tmp_path / "x").exists()
