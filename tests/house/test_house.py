"""The house rules that no other machine check holds."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("api", "app", "bench", "engine", "forms", "web")
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "service"}
LINES_PER_FILE = 400
LINES_PER_FUNCTION = 50
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")


def tracked(*suffixes: str) -> list[Path]:
    """Files of the project: what git tracks, or everything but what set-up makes."""
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    paths = [ROOT / name for name in names if name.endswith(suffixes)]
    return [path for path in paths if path.is_file()]


def product() -> list[Path]:
    return [path for path in tracked(".py") if path.relative_to(ROOT).parts[0] in FLOORS]


def migrations(path: Path) -> bool:
    return "migrations" in path.parts


def test_no_file_or_folder_has_a_name_that_tells_nothing() -> None:
    vague = [
        str(path.relative_to(ROOT))
        for path in tracked(".py")
        if VAGUE & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    ]

    assert vague == []


def test_our_packages_do_not_collide_with_installed_ones() -> None:
    installed = {
        entry.name
        for folder in sys.path
        if folder and Path(folder).name == "site-packages"
        for entry in Path(folder).iterdir()
        if entry.is_dir()
    }

    assert installed.isdisjoint(FLOORS)
    assert set(FLOORS).isdisjoint(sys.stdlib_module_names)


def test_no_file_is_longer_than_the_limit() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in product()
        if not migrations(path)
        and (count := len(path.read_text(encoding="utf-8").splitlines())) > LINES_PER_FILE
    }

    assert long == {}


def test_no_function_is_longer_than_the_limit() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in product()
        if not migrations(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno > LINES_PER_FUNCTION
    ]

    assert long == []


def test_nothing_is_left_undone() -> None:
    marks = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in product() + tracked(".html", ".js")
        if "vendor" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]

    assert marks == []


def test_every_schema_of_the_api_has_a_name_of_its_own() -> None:
    """Two shapes of one name are one component of the API's description, and the second is lost."""
    named = [
        node.name
        for path in product()
        if path.relative_to(ROOT).parts[0] == "api"
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and node.bases
    ]

    assert sorted(name for name in set(named) if named.count(name) > 1) == []


def test_the_engine_never_reads_the_wall_clock() -> None:
    reads = re.compile(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\(")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in product()
        if path.relative_to(ROOT).parts[0] == "engine"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if reads.search(line)
    ]

    assert found == []


def test_nothing_of_ours_evaluates_text_as_python() -> None:
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in product()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "compile", "__import__"}
    ]

    assert calls == []


@pytest.mark.parametrize(
    "hasty",
    [
        # a click returns before the next page stands: a count taken at once may be of the last one
        r"^\s*assert .*\.(count|is_visible|is_hidden)\(\)",
        # the pages' policy lets the driver evaluate its text once: a later look is an error
        r"\.wait_for_function\(",
    ],
)
def test_a_browser_is_asked_by_what_waits_for_its_answer(hasty: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(hasty, line)
    ]

    assert found == []


@pytest.mark.parametrize("command", ["demo", "test", "check", "fix", "serve", "worker", "migrate"])
def test_the_door_lists_its_commands_and_the_readme_names_the_two_that_matter(command: str) -> None:
    listed = subprocess.run(
        [sys.executable, "run"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert f"./run {command}" in listed
    assert "./run demo" in readme
    assert "./run test" in readme


def test_papers_link_to_what_there_is() -> None:
    papers = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *ROOT.glob("docs/decisions/*.md")]
    links = [
        (paper, link)
        for paper in papers
        for link in re.findall(r"\]\(([^)#\s]+)", paper.read_text(encoding="utf-8"))
        if "://" not in link
    ]

    assert len(links) > 40
    assert [(p.name, link) for p, link in links if not (p.parent / link).exists()] == []


def test_the_map_names_every_room() -> None:
    text = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")
    rooms = {
        "/".join(path.relative_to(ROOT).parts[:2])
        for path in product()
        if path.relative_to(ROOT).parts[0] == "engine" and len(path.relative_to(ROOT).parts) > 2
    }

    assert [room for room in sorted(rooms | set(FLOORS)) if f"`{room}" not in text] == []


def test_every_setting_is_documented() -> None:
    files = sorted((ROOT / "app").glob("settings*.py"))
    settings = "".join(path.read_text(encoding="utf-8") for path in files)
    documented = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert [n for n in set(re.findall(r"REGU_[A-Z_]+", settings)) if n not in documented] == []


def test_every_command_is_documented() -> None:
    parser = (ROOT / "app" / "cli.py").read_text(encoding="utf-8")
    manual = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    commands = re.findall(r'commands\.add_parser\(\s*"([a-z-]+)"', parser)

    assert len(commands) > 8
    assert [name for name in commands if f"`regu {name}" not in manual] == []


def test_decision_records_are_numbered_and_complete() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert records
    assert len({record.name[:4] for record in records}) == len(records)
    for record in records:
        text = record.read_text(encoding="utf-8")
        assert re.match(r"\d{4}-[a-z0-9-]+\.md$", record.name), record.name
        for part in ("## Context", "## Decision", "## Rejected", "## Consequences"):
            assert part in text, (record.name, part)
