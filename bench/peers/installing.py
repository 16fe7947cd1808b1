"""Peers in a folder of their own, pinned; one that cannot be installed is named and left out."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
#: nothing of it is committed, nothing of it is in the project's own locks
FOLDER: Final = HERE.parents[1] / "var" / "peers"
PYTHON: Final = FOLDER / "venv" / "bin" / "python"
_SECONDS: Final = 600


class Missing(Exception):
    """A peer cannot be had here; the text says why."""


def python_peer() -> Path:
    """The interpreter with django-viewflow; `Missing` when it cannot be installed."""
    wanted = HERE / "requirements.txt"
    stamp = FOLDER / "venv" / "stamp"
    if not _done(stamp, wanted):
        _run([sys.executable, "-m", "venv", str(FOLDER / "venv")])
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--no-deps", "-r", str(wanted)])
        stamp.write_text(_digest(wanted))
    return PYTHON


def node_peer() -> tuple[str, Path]:
    """The path of node and the folder with bpmn-engine; `Missing` without node or npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Missing("node and npm are not installed")
    wanted = HERE / "package-lock.json"
    stamp = FOLDER / "node" / "stamp"
    if not _done(stamp, wanted):
        folder = FOLDER / "node"
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(HERE / name, folder / name)
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        _run([npm, "ci", "--prefix", str(folder), *quiet])
        stamp.write_text(_digest(wanted))
    return node, FOLDER / "node"


def _done(stamp: Path, wanted: Path) -> bool:
    return stamp.is_file() and stamp.read_text() == _digest(wanted)


def _digest(wanted: Path) -> str:
    return hashlib.sha256(wanted.read_bytes()).hexdigest()


def _run(words: list[str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - pinned packages, no shell
            words, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise Missing(f"{words[0]}: {fault}") from fault
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Missing(f"{Path(words[0]).name} ended with {done.returncode}: {' '.join(last)}")
