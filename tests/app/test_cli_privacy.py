"""`regu subject-export` and `regu erase-person`: what they write, refuse and say."""

from __future__ import annotations

import json
import shutil
from types import SimpleNamespace

import pytest

from app.cli import main
from app.settings import from_environment
from app.wiring import wire
from engine.usecases import reach
from tests.usecases.test_erasing import MAIL, NAME, NIP, OTHER, furnish

WHY = ("--letter", "12/BKN/2026", "--reason", "her own wish")


@pytest.fixture
def regu(sqlite_template, tmp_path, monkeypatch, capsys):
    """A house with Ani, who left long ago, and Budi, who serves; a command's code and words."""
    folder = tmp_path / "house"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "regu.db")
    monkeypatch.setenv("REGU_DATA_DIR", str(folder))
    monkeypatch.setenv("REGU_LOG", "error")
    wired = wire(from_environment())
    with reach.everywhere():
        furnish(SimpleNamespace(house=wired.house))
    wired.close()

    def run(*arguments):
        code = main([str(one) for one in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_a_person_is_handed_out_into_a_new_private_file(regu, tmp_path):
    file = tmp_path / "ani.json"
    assert regu("subject-export", "19800101 200501 1 001", file) == (0, f"{file}\n", "")
    assert json.loads(file.read_text())["person"]["name"] == NAME
    assert file.stat().st_mode & 0o777 == 0o600
    assert regu("subject-export", NIP, file)[0] == 1
    assert regu("subject-export", "1" * 18, tmp_path / "nobody.json")[0] == 1
    assert not (tmp_path / "nobody.json").exists()


def test_a_person_is_erased_once_and_the_books_are_proved_afterwards(regu, tmp_path):
    code, _, refused = regu("erase-person", OTHER, *WHY)
    assert (code, "in office" in refused) == (1, True)
    code, said, _ = regu("erase-person", NIP, *WHY)
    assert code == 0
    assert said.startswith("erased: now Dihapus ani, 99")
    assert regu("erase-person", NIP, *WHY) == (1, "", "nobody has that NIP\n")
    code, _, faults = regu("verify", "--values")
    assert (code, faults) == (0, "")
    file = (tmp_path / "house" / "regu.db").read_bytes()
    assert [word for word in (NAME, NIP, MAIL) if word.encode() in file] == []
