"""`regu demo`: an agency from a workbook, its year over HTTP, the proof, then the pages."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

# no stubs are published for waitress
from waitress.server import create_server  # type: ignore[import-untyped]

from app import logs
from app.cli_files import files_of
from app.cli_house import OPERATOR
from app.cli_import import line_of
from app.demo import report, year
from app.demo.client import Client
from app.factory import create_app
from app.passwords import Passwords
from app.settings import Settings, from_environment
from app.wiring import wire
from engine.domain.squads import Consent
from engine.usecases import accounts, agencies, processes
from engine.usecases.organisation import Standing
from engine.usecases.ports.process import Resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.wiring import Wired

ROOT: Final = Path(__file__).resolve().parents[2]
WORKBOOK: Final = ROOT / "examples" / "agency.xlsx"
LIBRARY: Final = (ROOT / "workflows", ROOT / "forms" / "library")
#: everybody of the sample agency signs in with it; the demo listens on this machine only
PASSWORD: Final = "regu-contoh-2026"  # noqa: S105 - printed for whoever tries the demo
ADMIN: Final = "admin"
YEAR: Final = (date(2026, 1, 1), date(2026, 12, 31))


def run(*, once: bool) -> int:
    """Play the year; `once` ends after the proof, else the pages are served."""
    logs.configure("warning")
    settings = _settings()
    shutil.rmtree(settings.data_dir, ignore_errors=True)
    wired = wire(settings)
    try:
        return _play_and_serve(wired, settings, once=once)
    finally:
        wired.close()


def _settings() -> Settings:
    return from_environment(
        {
            "REGU_DATA_DIR": str(ROOT / "var" / "demo"),
            "REGU_CLOCK": "movable",
            "REGU_CLOCK_START": year.BEGINS.isoformat(),
            "REGU_LOG": "warning",
        }
    )


def _play_and_serve(wired: Wired, settings: Settings, *, once: bool) -> int:
    began = time.monotonic()
    cycle = _prepare(wired)
    worker = wired.worker()
    app = create_app(settings, wired=wired)
    server = create_server(app, host="127.0.0.1", port=0, threads=settings.threads)
    threading.Thread(target=server.run, daemon=True).start()
    people, names, units = _clients(wired, server.effective_port)
    admin = Client(server.effective_port, ADMIN, PASSWORD)
    people["perf_admin"].post(f"/api/cycles/{cycle}/open", {}, key="demo-open")
    played = year.Year(
        people,
        admin,
        consents=_pending_consents(wired),
        objectors=_with_two_above(wired, names),
        settle=worker.drain,
        say=_say,
    )
    _say("\nTahun 2026 berjalan:")
    played.play()
    _tell(played)
    report.people(names, people["perf_admin"], _say)
    balanced = report.books(units, cycle, people["perf_admin"], _say)
    holds = report.proof(admin, _say)
    closed = bool(played.done["close_cycle"])
    _say(f"{time.monotonic() - began:.0f} detik, {_requests(people) + admin.requests} permintaan")
    server.close()
    if not (balanced and holds and closed):
        return 1
    return 0 if once else _serve(wired, settings, names)


def _prepare(wired: Wired) -> str:
    """Deploy the library, examine and import the workbook, make the accounts; the cycle's id."""
    library = files_of(list(LIBRARY))
    resources = tuple(Resource(name=path.name, content=path.read_bytes()) for path in library)
    done = processes.deploy(wired.house, OPERATOR, resources)
    _say(
        f"{len(done.processes)} proses, {len(done.decisions)} keputusan, {len(done.forms)} formulir"
    )
    content = WORKBOOK.read_bytes()
    found = agencies.examine_workbook(wired.house, OPERATOR, content)
    _say(f"\nPeriksa {WORKBOOK.name}: {len(found.flaws)} temuan, belum ada yang disimpan")
    for flaw in found.flaws:
        _say("  " + line_of(flaw))
    hasher = Passwords()
    encoded = hasher.hash(PASSWORD)
    command = agencies.ImportAgency(content=content, filename=WORKBOOK.name)
    imported = agencies.import_agency(wired.house, OPERATOR, command, lambda _nip: encoded)
    counts = ", ".join(f"{sheet} {count}" for sheet, count in imported["counts"].items())
    _say(f"Diimpor baris yang benar: {counts}")
    accounts.create_admin(
        wired.house, hasher, login=ADMIN, password=PASSWORD, agency_id=imported["agency_id"]
    )
    return str(imported["cycle_id"])


def _clients(wired: Wired, port: int) -> tuple[dict[str, Client], dict[str, str], dict[str, str]]:
    """A client per person (and one for the managers of the cycle), names, unit names."""
    with wired.house.reading() as uow:
        agency = wired.agency_id(None) or ""
        everybody = uow.agency.people(agency)
        units = {unit.id: unit.name for unit in uow.agency.units(agency)}
        managers = uow.accounts.members("perf_admin", date(2026, 1, 2), agency)
    people = {person.id: Client(port, person.nip, PASSWORD) for person in everybody}
    people["perf_admin"] = Client(port, managers[0], PASSWORD)
    return people, {person.id: person.name for person in everybody}, units


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


def _with_two_above(wired: Wired, people: Iterable[str]) -> frozenset[str]:
    """People whose rater has a superior in the agency, who would decide an objection."""
    with wired.house.reading() as uow:
        standing = Standing(uow, wired.house.clock.now())
        return frozenset(who for who in people if len(standing.superiors(who)) > 1)


def _tell(played: year.Year) -> None:
    total = sum(played.done.values())
    _say(
        f"\n{total} tugas selesai: " + ", ".join(f"{k} {n}" for k, n in sorted(played.done.items()))
    )
    for line, times in played.refused.most_common(20):
        _say(f"  ditolak {times} kali: {line}")


def _requests(people: Mapping[str, Client]) -> int:
    return sum(client.requests for client in people.values())


def _serve(wired: Wired, settings: Settings, names: Mapping[str, str]) -> int:
    """Serve the year that was played, with its worker, until Ctrl-C."""
    worker = wired.worker()
    app = create_app(settings, wired=wired, wake=worker.wake)
    server = create_server(app, host=settings.host, port=settings.port, threads=settings.threads)
    worker.start()
    _say(f"\nRegu melayani http://{settings.host}:{settings.port}/")
    _say(f"Masuk sebagai {ADMIN} atau dengan NIP, kata sandi {PASSWORD}")
    with wired.house.reading() as uow:
        for person_id in list(names)[:6]:
            account = uow.accounts.account_of(person_id)
            if account is not None:
                _say(f"  {account.login}  {account.display_name}")
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        worker.stop()
        server.close()
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
