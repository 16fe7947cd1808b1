"""`regu backup`: the database while others write to it, then the files it names."""

from __future__ import annotations

import os
import re
import shutil
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from app import backup_paper
from app.backup_paper import BackupRefused, KeptFile, Manifest
from engine.persistence.copying import (
    SQLITE_NAME,
    CopyRefused,
    Tools,
    copied,
    opened_copy,
    readable_dump,
)
from engine.persistence.database import open_database
from engine.usecases import reach

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.settings import Settings

#: folders of REGU_DATA_DIR that belong to a house
FOLDERS: Final = ("checkpoints", "evidence", "work")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def back_up(settings: Settings, folder: Path) -> Manifest:
    """Make a backup; it stands under its name when it is whole and on the disk.

    `BackupRefused`, `CopyRefused`: nothing is left of it. Evidence that is missing or damaged is
    named in the manifest, and the rest is kept all the same.
    """
    if folder.exists():
        raise BackupRefused(f"{folder} is there already: each backup has a folder of its own")
    fresh = folder.with_name(f"{folder.name}.part-{os.getpid()}")
    fresh.mkdir(parents=True)
    try:
        paper = _made(settings, fresh)
        backup_paper.write(fresh, paper)
        for path in (fresh, *fresh.rglob("*")):
            _settle(path)
        fresh.rename(folder)
        _settle(folder.parent)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return paper


def faults_of(folder: Path, settings: Settings) -> tuple[Manifest, list[str]]:
    """What is wrong with a backup as it lies there; nothing is written.

    Every file against its hash; a SQLite copy by its own check and its counts, a dump by its
    table of contents. What the ledger and the chains say is proved by restoring it.
    """
    paper = backup_paper.read(folder)
    faults = [*paper.faults, *backup_paper.file_faults(folder, paper)]
    if paper.database == "sqlite":
        faults += _copy_faults(folder / SQLITE_NAME, paper)
    else:
        try:
            readable_dump(folder, Tools(folder=settings.pg_bin))
        except CopyRefused as error:
            faults.append(str(error))
    return paper, faults


def _copy_faults(path: Path, paper: Manifest) -> list[str]:
    if not path.is_file():
        return []
    try:
        with opened_copy(path) as connection:
            told = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
            faults = [f"database file: {line}" for line in told if line != "ok"]
            found = backup_paper.amounts(connection)
            return faults + backup_paper.differences(paper.amounts, found)
    except sa.exc.DatabaseError as error:
        return [f"database file: {error.orig}"]


def _made(settings: Settings, folder: Path) -> Manifest:
    begun, clock = datetime.now(UTC), time.monotonic()
    database = open_database(settings.database_url)
    tools = Tools(folder=settings.pg_bin)
    before, after = FOLDERS[:1], FOLDERS[1:]
    try:
        # before the database: what was published must be in it
        faults = [one for name in before for one in _copy(settings.data_dir / name, folder / name)]
        with reach.everywhere(), copied(database, folder, tools) as connection:
            amounts, named = backup_paper.amounts(connection), _named(connection)
    except sa.exc.DatabaseError as error:
        raise BackupRefused(f"the database cannot be read: {error.orig}") from error
    finally:
        database.close()
    # after the database: a file is written before the row that names it, and never changes
    faults += [one for name in after for one in _copy(settings.data_dir / name, folder / name)]
    there = {path.name for path in (folder / "evidence").rglob("*")}
    faults += [f"evidence {sha}: it is missing" for sha in sorted(named - there)]
    return Manifest(
        database="sqlite" if database.is_sqlite else "postgresql",
        regu=_version(),
        begun_at=begun.isoformat(timespec="seconds"),
        seconds=f"{time.monotonic() - clock:.2f}",
        amounts=amounts,
        files=tuple(_kept(folder)),
        faults=tuple(faults),
    )


def _named(connection: sa.Connection) -> set[str]:
    """Hashes of files that rows name."""
    sha: sa.ColumnClause[str] = sa.column("sha256")
    wanted = sa.select(sha).select_from(sa.table("evidence")).where(sha != "")
    return set(connection.execute(wanted).scalars())


def _copy(source: Path, target: Path) -> Iterator[str]:
    """Copy a folder; evidence whose content is not what its name says is told."""
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        evidence = source.name == "evidence"
        if not path.is_file() or (evidence and not _HASH.fullmatch(path.name)):
            continue  # what is half written has a name of another form
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(path, place)
        except FileNotFoundError:  # work that was swept meanwhile
            continue
        if evidence and backup_paper.hash_of(place) != path.name:
            yield f"evidence {path.name}: its content was changed"


def _kept(folder: Path) -> Iterator[KeptFile]:
    return (backup_paper.kept(path, folder) for path in backup_paper.files_of(folder))


def _settle(path: Path) -> None:
    """See a file, or the names in a folder, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _version() -> str:
    try:
        return version("regu")
    except PackageNotFoundError:
        return "unknown"
