"""Commands that keep a house: verify, audit export, backup, restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from app.backup_paper import Manifest
    from app.settings import Settings
    from app.wiring import Wired

#: commands of this file
COMMANDS = ("verify", "audit", "backup", "restore")


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Tell the command line of them."""
    verify = commands.add_parser("verify", help="prove ledger, audit chains and checkpoints")
    verify.add_argument(
        "--export", type=Path, metavar="FILE", help="prove an exported audit log, no database"
    )
    verify.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="KEY",
        help="with --export: trust this public key (a line, or a file of lines) and no other",
    )
    verify.add_argument(
        "--checkpoint",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="with --export: a checkpoint kept elsewhere, which the log must fit",
    )
    verify.add_argument("--files", action="store_true", help="read all evidence files as well")
    verify.add_argument("--values", action="store_true", help="read every value of every table")
    audit = commands.add_parser("audit", help="take the audit log out")
    acts = audit.add_subparsers(dest="act", required=True, metavar="ACT")
    export = acts.add_parser("export", help="write all streams and checkpoints to a file")
    export.add_argument("path", type=Path, metavar="FILE.jsonl.gz")
    backup = commands.add_parser("backup", help="copy database and files while others work")
    backup.add_argument("path", type=Path, metavar="FOLDER", help="a new folder")
    instead = backup.add_mutually_exclusive_group()
    instead.add_argument("--verify", action="store_true", help="prove a backup, make none")
    instead.add_argument(
        "--dated", action="store_true", help="make it in FOLDER under the time, and prove it"
    )
    backup.add_argument(
        "--keep", type=int, metavar="N", help="with --dated: delete all but the newest N there"
    )
    backup.set_defaults(refuse=backup.error)
    restore = commands.add_parser("restore", help="put a backup in place and prove it")
    restore.add_argument("path", type=Path, metavar="FOLDER")
    restore.add_argument("--replace", action="store_true", help="rename what stands there")


def run(given: argparse.Namespace) -> int:
    """Run one command; what the machine's owner must mend is a line on stderr."""
    from sqlalchemy.exc import DatabaseError  # noqa: PLC0415 - start fast

    from app import logs  # noqa: PLC0415
    from app.backup_paper import BackupRefused  # noqa: PLC0415
    from app.settings import SettingRefused, from_environment  # noqa: PLC0415
    from engine.persistence.copying import CopyRefused  # noqa: PLC0415
    from engine.persistence.database import DatabaseRefused  # noqa: PLC0415

    act = {"verify": verify, "audit": export_audit, "backup": backup, "restore": restore}
    try:
        settings = from_environment()
        logs.configure(settings.log)
        return act[given.command](settings, given)
    except (SettingRefused, DatabaseRefused) as error:
        print(error, file=sys.stderr)
        return 2
    except (BackupRefused, CopyRefused, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except (DatabaseError, UnicodeDecodeError) as error:  # its own words may be damaged as well
        told = error.orig if isinstance(error, DatabaseError) else error
        print(f"database file: it cannot be read: {told}", file=sys.stderr)
        return 1


def verify(settings: Settings, given: argparse.Namespace) -> int:
    """Prove a house, or an export; every fault is a line on stderr."""
    if given.export is not None:
        return _verify_export(given)
    from app.wiring import wire  # noqa: PLC0415 - opens the database
    from engine.persistence.integrity import integrity_faults, value_faults  # noqa: PLC0415
    from engine.persistence.schema_proof import schema_faults  # noqa: PLC0415
    from engine.usecases import proof  # noqa: PLC0415

    wired = wire(settings)
    try:
        faults = integrity_faults(wired.database)
        for part in proof.PARTS:
            faults += _part_faults(wired, part)
        faults += schema_faults(wired.database)
        if given.values:
            faults += value_faults(wired.database)
        if given.files:
            from app.evidence_proof import evidence_faults  # noqa: PLC0415

            faults += evidence_faults(wired)
        _say_all(faults)
        _tell_extent(wired, faults)
    finally:
        wired.close()
    return 1 if faults else 0


def _part_faults(wired: Wired, part: str) -> list[str]:
    """What a part of the proof finds; what cannot be read at all is a fault as well."""
    from sqlalchemy.exc import DatabaseError  # noqa: PLC0415 - with the database

    from engine.usecases import proof  # noqa: PLC0415

    try:
        return list(proof.prove_part(wired.house, part))
    except DatabaseError as error:
        return [f"{part}: the database cannot be read: {error.orig}"]
    except (ValueError, TypeError, KeyError) as error:  # a value that no writer of ours put there
        return [f"{part}: a value is damaged: {error}"]


def _tell_extent(wired: Wired, faults: list[str]) -> None:
    from engine.usecases import proof  # noqa: PLC0415 - with the house

    if not faults:
        read = proof.extent(wired.house)
        print(f"audit: {read.chains} chains, {read.entries} entries")
        print(f"ledger: {read.outputs} outputs, {read.rows} rows")
        beyond = f"; {read.unlogged} wait for the next one" if read.unlogged else ""
        if read.unlogged_since is not None:
            beyond += f", the oldest since {read.unlogged_since:%Y-%m-%d %H:%M:%S} UTC"
        print(f"checkpoints: they cover {read.logged} entries{beyond}")
    print("faults found" if faults else "ledger and audit chains hold")


def _verify_export(given: argparse.Namespace) -> int:
    from app.audit_export import prove_export  # noqa: PLC0415 - start fast
    from app.notary import KeyRefused, VerifierKey, notes_of  # noqa: PLC0415

    try:
        trusted = [VerifierKey.read(line) for one in given.key for line in _lines(one)]
        kept = [note for path in given.checkpoint for note in notes_of(path)]
    except KeyRefused as error:
        print(error, file=sys.stderr)
        return 2

    def opened(note: str, own: str) -> str | None:
        keys = trusted or [VerifierKey.read(line) for line in own.split()]
        return next((text for key in keys if (text := key.opens(note)) is not None), None)

    found = prove_export(given.export, opened, kept)
    _say_all(found.faults)
    counts = found.counts
    print(f"audit: {counts['head']} chains, {counts['entry']} entries")
    print(f"checkpoints: {counts['checkpoint']}, they cover {found.logged} entries")
    if not trusted:
        print(f"signatures were held against the export's own key: {found.own_key or 'none'}")
        print("give the key that was published with --key")
    print("faults found" if found.faults else "audit chains and checkpoints hold")
    return 1 if found.faults else 0


def _lines(one: str) -> list[str]:
    """A key as a line, or the lines of a file."""
    path = Path(one)
    return path.read_text(encoding="utf-8").split() if path.is_file() else [one]


def export_audit(settings: Settings, given: argparse.Namespace) -> int:
    """Write the audit log to a file."""
    from app.audit_export import export_audit as write  # noqa: PLC0415 - opens the database
    from app.wiring import wire  # noqa: PLC0415

    wired = wire(settings)
    try:
        counts = write(wired.house, given.path)
    finally:
        wired.close()
    print(f"{given.path}: {counts['head']} chains, {counts['entry']} entries, "
          f"{counts['checkpoint']} checkpoints")  # fmt: skip
    return 0


def backup(settings: Settings, given: argparse.Namespace) -> int:
    """Make a backup, or prove one."""
    from app.backup import back_up, faults_of  # noqa: PLC0415 - start fast
    from app.dated_backup import back_up_dated, let_go  # noqa: PLC0415

    if given.keep is not None and (given.keep < 1 or not given.dated):
        given.refuse("--keep goes with --dated and is at least 1")
    place = given.path
    if given.verify:
        paper, faults = faults_of(place, settings)
    elif given.dated:
        place, paper, faults = back_up_dated(settings, place)
    else:
        paper = back_up(settings, place)
        faults = list(paper.faults)
    _say_all(faults)
    _tell_paper(place, paper)
    print("faults found" if faults else "the backup is whole")
    if given.keep is not None and not faults:
        for gone in let_go(given.path, given.keep):
            print(f"{gone} is deleted")
    return 1 if faults else 0


def restore(settings: Settings, given: argparse.Namespace) -> int:
    """Restore a backup and prove it."""
    from app.restore import restore as put_back  # noqa: PLC0415 - opens the database

    done = put_back(settings, given.path, replace=given.replace)
    for place in done.set_aside:
        print(f"what stood there is now {place}")
    _say_all(list(done.faults))
    _tell_paper(given.path, done.paper)
    print("faults found" if done.faults else "restored: it holds, and equals its manifest")
    return 1 if done.faults else 0


def _tell_paper(folder: Path, paper: Manifest) -> None:
    amounts = paper.amounts
    size = sum(one.bytes for one in paper.files)
    print(f"{folder}: {paper.database}, begun {paper.begun_at}, {paper.seconds} s")
    print(f"files: {len(paper.files)}, {size} bytes; rows: {sum(amounts.tables.values())}")
    print(f"audit: {amounts.chains} chains, {amounts.tables.get('audit', 0)} entries")
    print(f"ledger: {amounts.tables.get('transfer', 0)} rows, {amounts.ledger_bp} bp")


def _say_all(faults: list[str]) -> None:
    for fault in faults:
        print(fault, file=sys.stderr)
