"""Commands that open the house: serve, worker, migrate, deploy, export, admin, import."""

from __future__ import annotations

import getpass
import logging
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app import cli_privacy, logs
from app.cli_files import files_of, line_of
from app.operator import OPERATOR
from app.settings import SETTINGS, SettingRefused, Settings, from_environment
from app.wiring import Wired, carried_by, wire
from engine.persistence.database import DatabaseRefused, open_database
from engine.persistence.jobs import leash
from engine.persistence.migrate import migrate, migrate_down
from engine.persistence.roles import role_warning
from engine.usecases import accounts, processes, service_accounts
from engine.usecases.errors import Conflict, DrawingRefused, InputRefused
from engine.usecases.ports.process import Resource

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def run(given: argparse.Namespace) -> int:
    """Run one command; what the machine's owner must mend is a line on stderr."""
    commands: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
        "serve": serve,
        "worker": work,
        "migrate": move,
        "deploy": deploy,
        "export": export,
        "settings": show_settings,
        "reseal": reseal,
        "admin": create_admin,
        "service-account": create_service_account,
        "import": import_workbook,
        "history": write_history,
        "instances": act_on_instances,
        "subject-export": cli_privacy.subject_export,
        "erase-person": cli_privacy.erase_person,
    }
    try:
        settings = from_environment()
        logs.configure(settings.log)
        return commands[given.command](settings, given)
    except (SettingRefused, DatabaseRefused) as error:
        print(error, file=sys.stderr)
        return 2


def act_on_instances(settings: Settings, given: argparse.Namespace) -> int:
    """One act over all instances of a process."""
    from app.cli_instances import run as act  # noqa: PLC0415 - only here

    return act(settings, given)


def serve(settings: Settings, _given: argparse.Namespace) -> int:
    """Pages, API and worker in one process, until SIGTERM or Ctrl-C."""
    from app.serving import serve_until_told  # noqa: PLC0415 - only here

    def greet(port: int) -> None:
        print(f"Regu serves http://{settings.host}:{port}/", flush=True)

    wired = wire(settings)
    _warn_of_role(wired)
    try:
        serve_until_told(wired, settings, greet)
    finally:
        wired.close()
    return 0


def _warn_of_role(wired: Wired) -> None:
    """A role that row-level security does not bind is no reason to stay away, but to be told."""
    warning = role_warning(wired.database)
    if warning is not None:
        logging.getLogger("regu.serving").warning(warning)


def work(settings: Settings, given: argparse.Namespace) -> int:
    """A worker alone."""
    from app import cli_worker  # noqa: PLC0415 - only here

    return cli_worker.work(settings, given)


def move(settings: Settings, given: argparse.Namespace) -> int:
    """Bring the database to the newest revision, or down to a named one."""
    database = open_database(settings.database_url)
    if given.down:
        migrate_down(database, given.down)
    else:
        migrate(database)
        if carried_by(settings, database) == "dbos":
            leash.prepare(database)
    database.close()
    return 0


def deploy(settings: Settings, given: argparse.Namespace) -> int:
    """Deploy files or folders together; every finding is a line, and then nothing is deployed."""
    wired = wire(settings)
    files = list(files_of([Path(text) for text in given.path]))
    resources = tuple(Resource(name=path.name, content=path.read_bytes()) for path in files)
    try:
        done = processes.deploy(wired.house, OPERATOR, resources, reason=given.reason)
    except (DrawingRefused, InputRefused) as error:
        lines = (
            [line_of(finding) for finding in error.findings]
            if isinstance(error, DrawingRefused)
            else [fault.message for fault in error.faults]
        )
        print("\n".join(lines), file=sys.stderr)
        return 1
    finally:
        wired.close()
    for finding in done.warnings:
        print(line_of(finding), file=sys.stderr)
    for name, version, _key, new in (*done.processes, *done.decisions, *done.forms):
        print(f"{name} version {version}{'' if new else ' (unchanged)'}")
    return 0


def write_history(settings: Settings, given: argparse.Namespace) -> int:
    """An event log of a process, or a plan for a simulation."""
    from app import cli_history  # noqa: PLC0415 - only here

    wired = wire(settings)
    try:
        return cli_history.write_history(wired, given)
    finally:
        wired.close()


def export(settings: Settings, given: argparse.Namespace) -> int:
    """Write the newest version of every process, decision and form, as it was deployed.

    A path that ends in .xlsx gets an agency's year as a workbook instead.
    """
    wired = wire(settings)
    if given.path.endswith(".xlsx"):
        return _export_agency(wired, given)
    folder = Path(given.path)
    folder.mkdir(parents=True, exist_ok=True)
    with wired.house.reading() as uow:
        definitions = uow.processes.definitions()
        rows = [(row.resource_name, row.xml) for row in definitions]
        rows += [(row.resource_name, row.content) for row in uow.scenarios.newest()]
        for decision_id in uow.processes.decision_ids():
            newest = uow.processes.decisions(decision_id)[0]
            rows.append((newest.resource_name, newest.xml))
        for form_id in sorted({name for row in definitions for name in _forms_of(row.xml)}):
            form = uow.processes.latest_form(form_id)
            if form is not None:
                rows.append((form.resource_name, form.schema))
    for name, content in dict(rows).items():
        path = folder / os.path.basename(name)  # noqa: PTH119 - a name from outside, made flat
        path.write_bytes(content)
        print(path)
    wired.close()
    return 0


def _export_agency(wired: Wired, given: argparse.Namespace) -> int:
    from app.cli_import import export_file  # noqa: PLC0415 - only here

    try:
        return export_file(wired, Path(given.path), code=given.agency, year=given.year)
    finally:
        wired.close()


def _forms_of(xml: bytes) -> set[str]:
    """Ids of the forms that a drawing names."""
    return {name.decode() for name in re.findall(rb'formId="([^"=]+)"', xml)}


def reseal(settings: Settings, given: argparse.Namespace) -> int:
    """Seal what is kept sealed with the newest secret."""
    from app.cli_signin import reseal_secrets  # noqa: PLC0415 - only here

    return reseal_secrets(settings, given)


def show_settings(_settings: Settings, _given: argparse.Namespace) -> int:
    """Name, default and meaning of each setting."""
    for name, default, meaning in SETTINGS:
        print(f"{name:18} {meaning} (default: {default})")
    return 0


def create_admin(settings: Settings, given: argparse.Namespace) -> int:
    """The first administrator; the password is asked for or read from stdin."""
    from app.password_rule import rule_of  # noqa: PLC0415 - only here
    from app.passwords import Passwords  # noqa: PLC0415 - only here

    wired = wire(settings)
    if given.password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass("Password: ")
    try:
        accounts.create_admin(
            wired.house,
            Passwords(rule=rule_of(settings.sign_in)),
            login=given.login,
            password=password,
            agency_id=wired.agency_id(given.agency),
        )
    except InputRefused as error:
        print("; ".join(fault.message for fault in error.faults), file=sys.stderr)
        return 1
    finally:
        wired.close()
    print(f"administrator {given.login} created")
    return 0


def create_service_account(settings: Settings, given: argparse.Namespace) -> int:
    """An account of a program; its secret is the one line on stdout."""
    from app.passwords import Passwords  # noqa: PLC0415 - only here

    wired = wire(settings)
    try:
        secret = service_accounts.create_service_account(
            wired.house,
            Passwords(),
            name=given.name,
            job_types=given.job_type,
            groups=given.group,
            agency_id=wired.agency_id(given.agency),
        )
    except (InputRefused, Conflict) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        wired.close()
    print(f"service account {given.name}: the secret is shown this once", file=sys.stderr)
    print(secret)
    return 0


def import_workbook(settings: Settings, given: argparse.Namespace) -> int:
    """Import an agency from a workbook, or report what a dry run finds."""
    from app.cli_import import import_file  # noqa: PLC0415 - only here

    wired: Wired = wire(settings)
    try:
        return import_file(wired, Path(given.path), dry_run=given.dry_run)
    finally:
        wired.close()
