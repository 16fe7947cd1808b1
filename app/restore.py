"""`regu restore`: a backup put in its place, proved, and compared with its manifest."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from app import backup_paper
from app.backup import FOLDERS
from app.backup_paper import BackupRefused, Manifest
from app.wiring import wire
from engine.persistence.copying import (
    SQLITE_NAME,
    Tools,
    restore_postgresql,
    restore_sqlite,
    schemas_in_use,
    set_aside,
)
from engine.persistence.database import open_database
from engine.persistence.integrity import integrity_faults
from engine.persistence.migrate import head_revision
from engine.usecases import proof, reach

if TYPE_CHECKING:
    from app.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore came to."""

    paper: Manifest
    #: where what stood there before was put
    set_aside: tuple[str, ...]
    #: what is otherwise than the manifest says, or does not hold
    faults: tuple[str, ...]


def restore(settings: Settings, folder: Path, *, replace: bool) -> Restored:
    """Restore into the database and the data folder of the settings, then prove it.

    `BackupRefused` before anything is written: a damaged backup, another kind of database, a
    newer revision, or a target that is not empty. With `replace` what stands there is renamed,
    never deleted. Nobody may serve or work there meanwhile.
    """
    paper = _checked(settings, folder)
    moved = tuple(_cleared(settings, replace=replace))
    tools = Tools(folder=settings.pg_bin)
    if paper.database == "sqlite":
        restore_sqlite(folder / SQLITE_NAME, _sqlite_path(settings))
    database = open_database(settings.database_url)
    try:
        if paper.database == "postgresql":
            restore_postgresql(database, folder, tools)
        faults = integrity_faults(database)
        with reach.everywhere(), database.reading.begin() as connection:
            faults += backup_paper.differences(paper.amounts, backup_paper.amounts(connection))
    finally:
        database.close()
    for name in FOLDERS:
        if (folder / name).is_dir():
            shutil.copytree(folder / name, settings.data_dir / name, dirs_exist_ok=True)
    return Restored(
        paper=paper, set_aside=moved, faults=(*paper.faults, *faults, *_proved(settings))
    )


def _checked(settings: Settings, folder: Path) -> Manifest:
    paper = backup_paper.read(folder)
    wanted = make_url(settings.database_url).get_backend_name()
    if paper.database != wanted:
        raise BackupRefused(f"the backup is of {paper.database}, REGU_DATABASE_URL of {wanted}")
    if paper.amounts.revision > (head_revision() or ""):
        raise BackupRefused(
            f"the backup is of revision {paper.amounts.revision}, this program knows "
            f"{head_revision()}: install the Regu that made it ({paper.regu}) or a newer one"
        )
    damaged = backup_paper.file_faults(folder, paper)
    if damaged:
        raise BackupRefused("the backup is damaged, nothing was restored: " + "; ".join(damaged))
    return paper


def _cleared(settings: Settings, *, replace: bool) -> list[str]:
    """Make room: refuse what is not empty, or rename it; where it went."""
    url, stamp = make_url(settings.database_url), f"{datetime.now(UTC):replaced_%Y%m%d_%H%M%S}"
    in_the_way: list[Path] = [path for name in FOLDERS if _full(path := settings.data_dir / name)]
    schemas: list[str] = []
    if url.get_backend_name() == "sqlite":
        file = _sqlite_path(settings)
        in_the_way += [
            path
            for suffix in ("", "-wal", "-shm")
            if (path := file.with_name(file.name + suffix)).exists()
        ]
    else:
        database = open_database(settings.database_url)
        try:
            schemas = schemas_in_use(database)
            if schemas and replace:
                set_aside(database, schemas, stamp)
        finally:
            database.close()
    if (in_the_way or schemas) and not replace:
        names = ", ".join([*map(str, in_the_way), *(f"schema {name}" for name in schemas)])
        raise BackupRefused(f"the target is not empty ({names}); --replace renames what is there")
    for path in in_the_way:
        path.rename(path.with_name(f"{path.name}.{stamp}"))
    return [
        *(f"{path}.{stamp}" for path in in_the_way),
        *(f"schema {name}_{stamp}" for name in schemas),
    ]


def _full(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _sqlite_path(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "").resolve()


def _proved(settings: Settings) -> list[str]:
    """The proof of the restored house; its tables are brought to this program's revision."""
    wired = wire(settings)
    try:
        return list(proof.prove(wired.house))
    finally:
        wired.close()
