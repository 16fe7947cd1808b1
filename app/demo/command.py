"""`regu demo`: an agency from a workbook, its year over HTTP, the proof, then the pages."""

from __future__ import annotations

import os
import shutil
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app import logs
from app.cli_files import files_of
from app.cli_import import line_of
from app.demo import explained, report, year
from app.demo.cast import ADMIN, cast_of
from app.demo.greeting import roles_to_try
from app.demo.roster import roster_of
from app.factory import create_app
from app.operator import OPERATOR
from app.passwords import Passwords
from app.serving import Served, serve_until_told
from app.settings import Settings, from_environment
from app.wiring import wire
from engine.domain.squads import Consent
from engine.usecases import accounts, agencies, processes
from engine.usecases.organisation import Standing
from engine.usecases.ports.process import Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from app.wiring import Wired
    from engine.domain.forecasts import History

ROOT: Final = Path(__file__).resolve().parents[2]
WORKBOOK: Final = ROOT / "examples" / "agency.xlsx"
LIBRARY: Final = (ROOT / "workflows", ROOT / "forms" / "library")
#: everybody of the sample agency signs in with it; the demo listens on this machine only
PASSWORD: Final = "Regu-contoh-2026"  # noqa: S105 - printed for whoever tries the demo
YEAR: Final = (date(2026, 1, 1), date(2026, 12, 31))


def run(*, once: bool, until: date | None = None) -> int:
    """Play the year (to the week of `until`); `once` ends after it, else the pages are served."""
    logs.configure("warning")
    settings = _settings()
    shutil.rmtree(settings.data_dir, ignore_errors=True)
    wired = wire(settings)
    try:
        return _play_and_serve(wired, settings, once=once, until=until)
    finally:
        wired.close()


def _settings() -> Settings:
    """Those of the environment, with a database of the demo's own that each run makes anew."""
    base = Path(os.environ.get("REGU_DATA_DIR") or ROOT / "var")
    asked = {n: v for n, v in os.environ.items() if n in ("REGU_HOST", "REGU_PORT")}
    return from_environment(
        {
            **asked,
            "REGU_DATA_DIR": str(base / "demo"),
            "REGU_CLOCK": "movable",
            "REGU_CLOCK_START": year.BEGINS.isoformat(),
            "REGU_LOG": "warning",
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a played year came to."""

    played: year.Year
    #: names by person id
    names: Mapping[str, str]
    #: home and host views agree to the last basis point
    balanced: bool
    #: everybody's recognitions, cross-unit and functional credit equal the sum of their lines
    explained: bool
    #: every ledger and audit chain holds
    holds: bool
    #: the year was to be played to its end
    whole: bool = True

    @property
    def good(self) -> bool:
        """Whether the year was played to its end and its books are right."""
        played = self.played
        closed = not self.whole or bool(played.done["close_cycle"])
        return self.balanced and self.explained and self.holds and closed and not played.refused


def _play_and_serve(wired: Wired, settings: Settings, *, once: bool, until: date | None) -> int:
    outcome = play(wired, settings, _say, until)
    if not outcome.good:
        return 1
    return 0 if once else _serve(wired, settings)


def play(
    wired: Wired, settings: Settings, say: Callable[[str], None], until: date | None = None
) -> Outcome:
    """Import the agency into an empty house, serve it, play its year through that door."""
    began = time.monotonic()
    cycle = _prepare(wired, say)
    worker = wired.worker()
    app = create_app(settings, wired=wired)
    served = Served(app, host="127.0.0.1", port=0, threads=settings.threads)
    cast = cast_of(wired, served.port, PASSWORD)
    boss = cast.clients[cast.managers[0]]
    boss.post(f"/api/cycles/{cycle}/open", {}, key="demo-open")
    played = year.Year(
        cast,
        consents=_pending_consents(wired),
        objectors=_with_two_above(wired, cast.names),
        settle=worker.drain,
        say=say,
    )
    say("\nTahun 2026 berjalan:")
    played.play(until)
    _tell(played, say)
    report.people(cast.names, boss, say)
    balanced = report.books(cast.units, cycle, boss, say)
    adds_up = explained.results(cast.names, cast.clients, say)
    explained.forecasts(_histories(wired), say)
    report.certificates(played.episodes.stage.certificates, say)
    holds = report.proof(cast.admin, say)
    say(f"{time.monotonic() - began:.0f} detik, {cast.requests()} permintaan")
    cast.leave()
    served.close()
    return Outcome(
        played=played,
        names=cast.names,
        balanced=balanced,
        explained=adds_up,
        holds=holds,
        whole=until is None,
    )


def _prepare(wired: Wired, say: Callable[[str], None]) -> str:
    """Deploy the library, examine and import the workbook, make the accounts; the cycle's id."""
    library = files_of(list(LIBRARY))
    resources = tuple(Resource(name=path.name, content=path.read_bytes()) for path in library)
    done = processes.deploy(wired.house, OPERATOR, resources)
    say(
        f"{len(done.processes)} proses, {len(done.decisions)} keputusan, {len(done.forms)} formulir"
    )
    content = WORKBOOK.read_bytes()
    found = agencies.examine_workbook(wired.house, OPERATOR, content)
    say(f"\nPeriksa {WORKBOOK.name}: {len(found.flaws)} temuan, belum ada yang disimpan")
    for flaw in found.flaws:
        say("  " + line_of(flaw))
    hasher = Passwords()
    encoded = hasher.hash(PASSWORD)
    command = agencies.ImportAgency(content=content, filename=WORKBOOK.name)
    imported = agencies.import_agency(wired.house, OPERATOR, command, lambda _nip: encoded)
    counts = ", ".join(f"{sheet} {count}" for sheet, count in imported["counts"].items())
    say(f"Diimpor baris yang benar: {counts}")
    accounts.create_admin(
        wired.house, hasher, login=ADMIN, password=PASSWORD, agency_id=imported["agency_id"]
    )
    return str(imported["cycle_id"])


def _pending_consents(wired: Wired) -> list[tuple[str, str]]:
    """Memberships without the home unit's answer, with the superior who gives it."""
    with wired.house.reading() as uow:
        standing = Standing(uow, wired.house.clock.now())
        return [
            (member.id, standing.superiors(person.id)[0].person_id)
            for person in uow.agency.people(wired.agency_id(None) or "")
            for member, _squad in uow.contributions.memberships_of(person.id, *YEAR)
            if member.consent is Consent.PENDING
        ]


def _histories(wired: Wired) -> list[History]:
    """What was recorded of each indicator in the year."""
    with wired.house.reading() as uow:
        return list(uow.forecasts.histories(wired.agency_id(None) or ""))


def _with_two_above(wired: Wired, people: Iterable[str]) -> frozenset[str]:
    """People whose rater has a superior in the agency, who would decide an objection."""
    with wired.house.reading() as uow:
        standing = Standing(uow, wired.house.clock.now())
        return frozenset(who for who in people if len(standing.superiors(who)) > 1)


def _tell(played: year.Year, say: Callable[[str], None]) -> None:
    total = sum(played.done.values())
    say(
        f"\n{total} tugas selesai: " + ", ".join(f"{k} {n}" for k, n in sorted(played.done.items()))
    )
    for line, times in played.barred.most_common():
        say(f"  urusan sendiri, dikerjakan orang lain ({times}): {line}")
    for line, times in played.refused.most_common(20):
        say(f"  ditolak {times} kali: {line}")


def _serve(wired: Wired, settings: Settings) -> int:
    """Serve the year that was played, with its worker, until told to end."""

    def greet(port: int) -> None:
        _say(f"\nRegu melayani http://{settings.host}:{port}/")
        _say(f"Masuk sebagai {ADMIN} atau dengan NIP, kata sandi {PASSWORD}")
        with wired.house.reading() as uow:
            agency_id = wired.agency_id(None) or ""
            standing = Standing(uow, wired.house.clock.now())
            for login, role in roles_to_try(roster_of(uow, standing, agency_id)):
                account = uow.accounts.account(login)
                if account is not None:
                    _say(f"  {login}  {account.display_name}, {role}")

    serve_until_told(wired, settings, greet)
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
