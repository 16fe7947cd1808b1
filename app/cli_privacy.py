"""Commands about one person's data: `regu subject-export` and `regu erase-person`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from app.settings import Settings
    from engine.usecases.erasing import Erasure

#: commands of this file
COMMANDS: Final = ("subject-export", "erase-person")
#: nobody but the owner reads what was handed out
_PRIVATE: Final = 0o600

#: refusal -> what the operator learns
_REFUSED: Final[Mapping[str, str]] = {
    "person_serves": "refused: he is in office or in a squad today, or will be",
    "person_holds_tasks": "refused: open tasks are his: {tasks}",
    "person_never_left": "refused: no day is known on which he left",
    "person_left_lately": "refused: he may be erased from {until} on",
    "person_erased": "he was erased before",
}


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Tell the command line of them."""
    export = commands.add_parser("subject-export", help="write all that is kept about a person")
    export.add_argument("nip", metavar="NIP")
    export.add_argument("path", type=Path, metavar="FILE", help="a new file of JSON")
    erase = commands.add_parser(
        "erase-person", help="erase who somebody was that left long ago; it cannot be undone"
    )
    erase.add_argument("nip", metavar="NIP")
    erase.add_argument("--letter", required=True, metavar="NO", help="the decision, for the audit")
    erase.add_argument("--reason", required=True, metavar="WORDS", help="for the audit")


def subject_export(settings: Settings, given: argparse.Namespace) -> int:
    """Write the document; 1 when there is nobody with that NIP, or the file is there already."""
    from app.operator import OPERATOR  # noqa: PLC0415 - start fast
    from app.wiring import wire  # noqa: PLC0415
    from engine.usecases.errors import NotFound  # noqa: PLC0415
    from engine.usecases.subject_export import export_of  # noqa: PLC0415

    wired = wire(settings)
    try:
        given.path.touch(mode=_PRIVATE, exist_ok=False)
        found = export_of(wired.house, OPERATOR, _digits(given.nip))
        given.path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    except NotFound:
        given.path.unlink()
        print("nobody has that NIP", file=sys.stderr)
        return 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        wired.close()
    print(given.path)
    return 0


def erase_person(settings: Settings, given: argparse.Namespace) -> int:
    """Erase; what stays and why is a line each; 1 when it is refused."""
    from app.operator import OPERATOR  # noqa: PLC0415 - start fast
    from app.wiring import wire  # noqa: PLC0415
    from engine.usecases import erasing  # noqa: PLC0415
    from engine.usecases.errors import Conflict, InputRefused, NotFound  # noqa: PLC0415

    wired = wire(settings)
    try:
        done = erasing.erase_person(
            wired.house, OPERATOR, _digits(given.nip), letter=given.letter, reason=given.reason
        )
    except NotFound:
        print("nobody has that NIP", file=sys.stderr)
        return 1
    except Conflict as error:
        told = _REFUSED.get(error.reason, error.reason).format(**error.facts)
        print(told, file=sys.stderr)
        return 1
    except InputRefused as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        wired.close()
    _tell(done)
    return 0


def _tell(done: Erasure) -> None:
    print(f"erased: now {done.name}, {done.nip}")
    for table, count in done.done.items():
        print(f"  {table}: {count} changed or deleted")
    for table, count in done.stays.items():
        why = done.reasons.get(table, "words that somebody wrote; look at them")
        print(f"stays in {count} of {table}: {why}")


def _digits(typed: str) -> str:
    """A NIP may be written in groups."""
    return "".join(typed.split())
