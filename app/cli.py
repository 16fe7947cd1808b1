"""The command line: `regu COMMAND`; each command imports only what it needs."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from app import cli_keep, cli_privacy
from engine.usecases import reach

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0 when all went well, 1 with findings, 2 for bad usage."""
    given = _parser().parse_args(arguments)
    with reach.everywhere():  # whoever has the machine acts for all agencies
        return _run(given)


def _run(given: argparse.Namespace) -> int:
    if given.command in ("check", "dmn", "feel", "simulate", "test-process"):
        return _file_command(given)
    if given.command == "demo":
        from app.demo.command import run  # noqa: PLC0415 - the largest part of the program

        return run(once=given.once, until=given.until)
    if given.command == "training":
        from app.training import command  # noqa: PLC0415 - with the demo's parts

        return command.run(workbook=given.workbook, again=given.again)
    if given.command == "doctor":
        from app import cli_doctor  # noqa: PLC0415 - brings the database

        return cli_doctor.run(as_json=given.json)
    if given.command in cli_keep.COMMANDS:
        return cli_keep.run(given)
    from app import cli_house  # noqa: PLC0415 - opens the database

    return cli_house.run(given)


def _file_command(given: argparse.Namespace) -> int:
    """Those that need no house, and must start fast."""
    if given.command == "check":
        from app.cli_files import check  # noqa: PLC0415 - start fast

        return check([Path(text) for text in given.path], as_json=given.json)
    if given.command == "simulate":
        from app.cli_simulate import play_plan  # noqa: PLC0415 - brings the runtime

        return play_plan(given.path, given.plan, given)
    if given.command == "test-process":
        from app.cli_scenarios import play_scenarios  # noqa: PLC0415 - brings the runtime

        paths = [Path(text) for text in given.path]
        return play_scenarios(paths, as_json=given.json, at_least=given.at_least)
    from app import cli_evaluate  # noqa: PLC0415 - start fast

    if given.command == "feel":
        return cli_evaluate.evaluate(given.expression, given.context)
    return cli_evaluate.decide(
        Path(given.path),
        given.decision,
        given.input,
        explained=given.language if given.explain else None,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="regu",
        description="A workflow engine for the performance cycle of civil servants in squads.",
        epilog="Settings are environment variables (REGU_…); `regu settings` lists them.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="serve pages and API, with a worker in the same process")
    worker = commands.add_parser("worker", help="run a worker alone")
    worker.add_argument("--once", action="store_true", help="do what is due, then stop")
    worker.add_argument("--slot", metavar="NAME", help="name of its slot, instead of REGU_SLOT")
    worker.add_argument(
        "--adopt", metavar="SLOT", help="finish what a slot left that never comes back, then stop"
    )
    migrate = commands.add_parser("migrate", help="bring the database to the newest revision")
    migrate.add_argument("--down", metavar="REVISION", help="go down to a revision instead")
    deploy = commands.add_parser("deploy", help="deploy files or folders together")
    deploy.add_argument("path", nargs="+")
    deploy.add_argument(
        "--reason", help="deploy although scenarios fail; it is written into the audit"
    )
    export = commands.add_parser(
        "export",
        help="write the newest drawings to a folder, or an agency to FILE.xlsx",
    )
    export.add_argument("path")
    export.add_argument("--agency", help="code of the agency; the only one when there is one")
    export.add_argument("--year", help="cycle of the workbook; the newest")
    _files(commands)
    _instances(commands)
    cli_keep.add_parsers(commands)
    cli_privacy.add_parsers(commands)
    commands.add_parser("settings", help="list the settings")
    doctor = commands.add_parser("doctor", help="say what is wrong here, and what to do about it")
    doctor.add_argument("--json", action="store_true", help="findings and notes as JSON")
    _admin(commands)
    imported = commands.add_parser("import", help="import an agency from a workbook")
    imported.add_argument("path")
    imported.add_argument("--dry-run", action="store_true", help="report, import nothing")
    _practice(commands)
    return parser


def _practice(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    training = commands.add_parser("training", help="serve a copy of an agency for practice")
    training.add_argument(
        "--workbook",
        type=Path,
        metavar="FILE",
        help="an exported agency: its structure, with invented names (the sample agency without)",
    )
    training.add_argument("--again", action="store_true", help="make the copy anew")
    demo = commands.add_parser("demo", help="play a whole year with the sample agency")
    demo.add_argument("--once", action="store_true", help="end after the proof")
    demo.add_argument(
        "--until",
        type=date.fromisoformat,
        metavar="DAY",
        help="stop the year in the week of that day, with the tasks of that week open",
    )


def _instances(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("instances", help="act on all instances of a process")
    one.add_argument("act", choices=("migrate", "suspend", "resume", "cancel", "retry"))
    one.add_argument("process", help="id of the process")
    one.add_argument("--reason", required=True, help="kept in the audit")
    one.add_argument("--agency", help="code of the agency; the only one when there is one")
    one.add_argument("--from", dest="source", type=int, metavar="VERSION", help="the one before")
    one.add_argument("--to", dest="target", type=int, metavar="VERSION", help="the newest")
    one.add_argument("--dry-run", action="store_true", help="who would move, and who cannot")


def _files(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="check drawings, tables and forms; deploy nothing")
    check.add_argument("path", nargs="+")
    check.add_argument("--json", action="store_true", help="all findings as JSON on stdout")
    played = commands.add_parser("test-process", help="play the scenarios beside drawings")
    played.add_argument("path", nargs="+", help="files or folders, forms and tables included")
    played.add_argument("--json", action="store_true", help="the report as JSON on stdout")
    played.add_argument(
        "--at-least",
        type=int,
        default=0,
        metavar="PERCENT",
        help="fail when less of the flows of a tested drawing is walked",
    )
    _simulate(commands)
    _history(commands)
    feel = commands.add_parser("feel", help="evaluate a FEEL expression")
    feel.add_argument("expression")
    feel.add_argument("--context", metavar="JSON", help="an object, @FILE, or - for stdin")
    dmn = commands.add_parser("dmn", help="evaluate a decision of a file")
    dmn.add_argument("path")
    dmn.add_argument("--decision", help="id or name; the last one when it is clear")
    dmn.add_argument("--input", metavar="JSON", help="an object, @FILE, or - for stdin")
    dmn.add_argument("--explain", action="store_true", help="with the rules that counted")
    dmn.add_argument("--language", choices=("id", "en"), default="id", help="of the explanation")


def _history(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    history = commands.add_parser("history", help="what happened in a process, for other tools")
    history.add_argument("process", help="id of the process")
    history.add_argument(
        "--format",
        choices=("xes", "ocel", "csv", "plan"),
        default="csv",
        help="an event log, or a plan that `regu simulate` reads",
    )
    history.add_argument("--out", type=Path, metavar="FILE", help="instead of stdout")
    history.add_argument("--agency", help="code of the agency; the only one when there is one")
    history.add_argument("--since", metavar="DAY", help="from that day")
    history.add_argument("--until", metavar="DAY", help="before that day")
    history.add_argument("--names", action="store_true", help="names in the place of numbers")


def _simulate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    simulated = commands.add_parser("simulate", help="play many instances with people at work")
    simulated.add_argument("path", nargs="+", type=Path, help="drawings, tables and forms")
    simulated.add_argument("--plan", type=Path, required=True, metavar="FILE", help="YAML")
    simulated.add_argument("--against", nargs="+", type=Path, help="other drawings, beside them")
    simulated.add_argument("--seed", type=int, help="another seed than the plan's")
    simulated.add_argument("--json", action="store_true", help="all figures as JSON on stdout")
    simulated.add_argument("--picture", type=Path, metavar="FILE", help="write an SVG picture")


def _admin(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    commands.add_parser("reseal", help="seal what is kept sealed with the newest secret")
    admin = commands.add_parser("admin", help="look after administrators")
    acts = admin.add_subparsers(dest="act", required=True, metavar="ACT")
    create = acts.add_parser("create", help="create an administrator; the password is asked for")
    create.add_argument("login")
    create.add_argument("--agency", help="code of the agency; the only one when there is one")
    create.add_argument("--password-stdin", action="store_true", help="read it from stdin")
    service = commands.add_parser("service-account", help="look after accounts of programs")
    acts = service.add_subparsers(dest="act", required=True, metavar="ACT")
    create = acts.add_parser(
        "create", help="create one, or give it a new secret and rights; the secret is shown once"
    )
    create.add_argument("name")
    create.add_argument(
        "--job-type",
        action="append",
        default=[],
        metavar="TYPE",
        help="external jobs that it may do; again for each, * for all",
    )
    create.add_argument("--group", action="append", default=[], help="a group that it holds")
    create.add_argument("--agency", help="code of the agency; the only one when there is one")


if __name__ == "__main__":
    sys.exit(main())
