"""Backups that a timer makes: each in a folder named by its time, and only so many kept."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from app.backup import back_up, faults_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.backup_paper import Manifest
    from app.settings import Settings

_NAME: Final = "%Y-%m-%dT%H%M%SZ"
_DATED: Final = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")


def back_up_dated(settings: Settings, folder: Path) -> tuple[Path, Manifest, list[str]]:
    """Make a backup in `folder` under the time (UTC), and prove it as it lies there.

    Its place, its manifest and what is wrong with it. Errors: those of `back_up`.
    """
    place = folder / datetime.now(UTC).strftime(_NAME)
    back_up(settings, place)
    return place, *faults_of(place, settings)


def let_go(folder: Path, keep: int) -> Sequence[Path]:
    """Delete all but the newest `keep` finished backups that a timer made; what was deleted.

    Folders with other names, and those that are not whole, stay.
    """
    made = sorted(
        path
        for path in folder.iterdir()
        if _DATED.fullmatch(path.name) and (path / "manifest.json").is_file()
    )
    gone = made[:-keep]
    for path in gone:
        shutil.rmtree(path)
    return gone
