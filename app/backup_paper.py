"""What a backup says about itself: its files with their hashes, and how much is in them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NAME: Final = "manifest.json"
FORMAT: Final = 1
_CHUNK: Final = 1 << 20


class BackupRefused(RuntimeError):
    """This cannot be backed up, or is no backup; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One file of a backup."""

    #: below the folder of the backup, with slashes
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How much a database holds; equal amounts are what a restore must come to."""

    #: revision of its tables
    revision: str
    #: rows of each table
    tables: Mapping[str, int]
    #: sum of all amounts of the ledger, in basis points
    ledger_bp: int
    #: streams of the audit log
    chains: int
    #: newest checkpoint, a signed note; "" before the first
    checkpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The whole paper."""

    #: "sqlite" or "postgresql"
    database: str
    #: version of the program that made it
    regu: str
    #: when it began, ISO 8601
    begun_at: str
    seconds: str
    amounts: Amounts
    files: tuple[KeptFile, ...]
    #: what was wrong with the files when they were copied
    faults: tuple[str, ...]


def write(folder: Path, paper: Manifest) -> None:
    """Put the manifest beside its files."""
    told = {"format": FORMAT, **asdict(paper)}
    text = json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of a backup; `BackupRefused` when it is none, or not whole."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT:
            raise BackupRefused(f"{folder}: its format is another one's")
        told["amounts"] = Amounts(**told["amounts"])
        told["files"] = tuple(KeptFile(**one) for one in told["files"])
        told["faults"] = tuple(told["faults"])
        return Manifest(**told)
    except FileNotFoundError as error:
        raise BackupRefused(f"{folder} is no finished backup: {NAME} is missing") from error
    except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
        raise BackupRefused(f"{folder / NAME} cannot be read: {error}") from error


def amounts(connection: sa.Connection) -> Amounts:
    """Count what a connection sees."""
    names = sorted(sa.inspect(connection).get_table_names())
    rows: dict[str, int] = {name: _number(connection, sa.table(name)) for name in names}
    return Amounts(
        revision=str(_one(connection, "version_num FROM alembic_version")),
        tables=rows,
        ledger_bp=int(_one(connection, "sum(amount_bp) FROM transfer") or 0),
        chains=int(_one(connection, "count(DISTINCT stream) FROM audit") or 0),
        checkpoint=str(
            _one(connection, "note FROM audit_checkpoint ORDER BY size DESC LIMIT 1")
            if "audit_checkpoint" in rows  # a backup of before revision 0048
            else ""
        ),
    )


def _one(connection: sa.Connection, what: str) -> Any:
    return connection.exec_driver_sql(f"SELECT {what}").scalar() or ""


def _number(connection: sa.Connection, table: sa.TableClause) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def differences(wanted: Amounts, found: Amounts) -> list[str]:
    """What a database holds otherwise than a manifest says."""
    names = sorted({*wanted.tables, *found.tables})
    faults = [
        f"table {name}: {found.tables.get(name)} rows, the manifest says {wanted.tables.get(name)}"
        for name in names
        if found.tables.get(name) != wanted.tables.get(name)
    ]
    for name in ("revision", "ledger_bp", "chains", "checkpoint"):
        before, after = getattr(wanted, name), getattr(found, name)
        if before != after:
            faults.append(f"{name}: {after!r}, the manifest says {before!r}")
    return faults


def files_of(folder: Path) -> Iterator[Path]:
    """All files below a folder but the manifest, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / NAME:
            yield path


def kept(path: Path, folder: Path) -> KeptFile:
    """A file with its hash."""
    return KeptFile(
        path=path.relative_to(folder).as_posix(),
        bytes=path.stat().st_size,
        sha256=hash_of(path),
    )


def hash_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def file_faults(folder: Path, paper: Manifest) -> list[str]:
    """Files that are missing, changed, or not of this backup."""
    faults, known = [], set()
    for one in paper.files:
        place = PurePosixPath(one.path)
        path = folder.joinpath(*place.parts)
        known.add(path)
        if ".." in place.parts or place.is_absolute():
            faults.append(f"{one.path}: it leads out of the backup")
        elif not path.is_file():
            faults.append(f"{one.path}: it is missing")
        elif path.stat().st_size != one.bytes:
            faults.append(f"{one.path}: {path.stat().st_size} bytes, the manifest says {one.bytes}")
        elif hash_of(path) != one.sha256:
            faults.append(f"{one.path}: its content was changed")
    faults += [
        f"{path.relative_to(folder).as_posix()}: the manifest does not know it"
        for path in files_of(folder)
        if path not in known
    ]
    return faults
