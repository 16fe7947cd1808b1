"""`./run` bundles the studio anew when a file of it changed, in its folders too."""

from __future__ import annotations

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("place", ["main.js", "forms/editor.js"])
def test_a_changed_part_of_the_studio_is_bundled_anew(tmp_path, monkeypatch, place):
    loader = SourceFileLoader("run_door", str(ROOT / "run"))
    door = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_door", loader))
    loader.exec_module(door)
    for name in ("web/studio/main.js", "web/studio/forms/editor.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / "web" / "vendor.py").write_text("")
    called = []
    monkeypatch.setattr(door, "ROOT", tmp_path)
    monkeypatch.setattr(door, "STAMPS", tmp_path / "stamps")
    monkeypatch.setattr(door, "call", lambda *words, **_: called.append(str(words[-1])))
    monkeypatch.setattr(door.shutil, "which", lambda _name: "npm")
    door.front_end()
    door.front_end()
    assert called.count("web/vendor.py") == 1
    (tmp_path / "web" / "studio" / place).write_text("two")
    door.front_end()
    assert called.count("web/vendor.py") == 2
