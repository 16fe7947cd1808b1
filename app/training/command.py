"""`regu training`: a copy of an agency for practice, in a database of its own; nothing leaves it.

The people are invented: those of the sample workbook, or a workbook's own structure with every
name, NIP and address replaced.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app import logs
from app.cli_files import files_of
from app.demo.command import LIBRARY, WORKBOOK
from app.operator import OPERATOR
from app.passwords import Passwords
from app.serving import serve_until_told
from app.settings import Settings, from_environment
from app.training.rename import without_names
from app.wiring import wire
from engine.usecases import accounts, agencies, processes
from engine.usecases.organisation import Standing
from engine.usecases.ports.process import Resource
from engine.usecases.practice import PRACTICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.wiring import Wired
    from engine.usecases.accounts import Hasher

HERE: Final = Path(__file__).parent
DRAWINGS: Final = ("rating_practice.bpmn", "rate_case.form")
ADMIN: Final = "admin"
#: a morning on which raters are about to rate
BEGINS: Final = "2026-12-14T01:00:00+00:00"


def run(*, workbook: Path | None, again: bool) -> int:
    """Make the copy where there is none (or `again`), then serve it until told to end."""
    logs.configure("warning")
    settings = training_settings()
    if again:
        shutil.rmtree(settings.data_dir, ignore_errors=True)
    new = not settings.data_dir.exists()
    wired = wire(settings)
    try:
        if new:
            password = f"latihan-{secrets.token_hex(6)}"
            prepare(wired, Passwords(), _workbook(workbook), password, _say)
        serve_until_told(wired, settings, lambda port: _greet(settings, port))
    finally:
        wired.close()
    return 0


def training_settings() -> Settings:
    """Those of the environment, with a database of its own, and letters that become files."""
    base = Path(os.environ.get("REGU_DATA_DIR") or "var").absolute() / "training"
    asked = {n: v for n, v in os.environ.items() if n in ("REGU_HOST", "REGU_PORT")}
    found = from_environment(
        {
            **asked,
            "REGU_DATA_DIR": str(base),
            "REGU_CLOCK": "movable",
            "REGU_CLOCK_START": BEGINS,
            "REGU_LOG": "warning",
        }
    )
    return replace(found, training=True)


def prepare(
    wired: Wired, hasher: Hasher, workbook: bytes, password: str, say: Callable[[str], None]
) -> list[str]:
    """Import the agency, deploy the practice, give every rater the cases; the raters' NIPs."""
    library = [*files_of(list(LIBRARY)), *(HERE / name for name in DRAWINGS)]
    resources = tuple(Resource(name=path.name, content=path.read_bytes()) for path in library)
    processes.deploy(wired.house, OPERATOR, resources)
    encoded = hasher.hash(password)
    command = agencies.ImportAgency(content=workbook, filename="latihan.xlsx")
    imported = agencies.import_agency(wired.house, OPERATOR, command, lambda _nip: encoded)
    agency = str(imported["agency_id"])
    accounts.create_admin(wired.house, hasher, login=ADMIN, password=password, agency_id=agency)
    raters = _raters(wired, agency)
    _hand_out(wired, agency, [person for person, _nip in raters])
    say(f"Salinan latihan: {len(raters)} penilai, masing-masing dua kasus contoh.")
    say(f"Masuk sebagai {ADMIN} atau dengan NIP, kata sandi {password}")
    for _person, nip in raters[:_TOLD]:
        say(f"  {nip}")
    return [nip for _person, nip in raters]


#: raters that are named at the start
_TOLD: Final = 6


def _raters(wired: Wired, agency: str) -> list[tuple[str, str]]:
    """(person id, NIP) of everybody who rates somebody."""
    with wired.house.reading() as uow:
        standing = Standing(uow, wired.house.clock.now())
        people = uow.agency.people(agency)
        found = {standing.rater(person.id) for person in people}
        wanted = {official.person_id for official in found if official is not None}
        return [(person.id, person.nip) for person in people if person.id in wanted]


def _hand_out(wired: Wired, agency: str, raters: list[str]) -> None:
    cases = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
    actor = replace(OPERATOR, agency_id=agency)
    for person in raters:
        processes.start_process(
            wired.house,
            actor,
            processes.StartProcess(
                process_id=PRACTICE, variables={"person_id": person, "cases": cases}
            ),
        )


def _workbook(given: Path | None) -> bytes:
    if given is None:
        return WORKBOOK.read_bytes()
    return without_names(given.read_bytes())


def _greet(settings: Settings, port: int) -> None:
    _say(f"LATIHAN: Regu melayani http://{settings.host}:{port}/")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
