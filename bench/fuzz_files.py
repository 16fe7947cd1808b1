"""`./run bench fuzz-files [--drawings N] [--forms N] [--workbooks N] [--evidence N]`: spoilt files.

Shipped drawings, tables, forms and the sample workbook are changed as bytes and as trees, then
brought where anybody may bring them: the check of a deployment, the deployment, the list of steps;
a form is compiled, shown and filled; a workbook has its dry run; evidence is kept. What must not
happen: an exception that is no refusal with a name, more CPU time or memory than an input may take.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.check import check_files
from app.factory import create_app
from app.settings import Settings
from app.wiring import Wired, wire
from bench import mutants
from bench.fuzz_evidence import Evidence
from bench.place import ACTOR
from engine.steplist.faults import EditRefused
from engine.steplist.outline import outline
from engine.steplist.paper import Paper
from engine.usecases.errors import DrawingRefused, InputRefused, UseCaseError
from engine.usecases.host_functions import FUNCTION_NAMES
from engine.usecases.imports.examine import examine
from engine.usecases.imports.sample import sample_workbook
from engine.usecases.ports.process import Resource
from forms.adapter import FormAdapter
from forms.sample import sample
from web.readings.form_preview import Shown, preview

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import FrameType

    #: makes an input and what is done with it, for a number
    Door = Callable[[int, random.Random], tuple[bytes, Callable[[], str]]]

_ROOT: Final = Path(__file__).resolve().parents[1]
#: CPU seconds that no single input may take
SECONDS_MAX: Final = 20.0
#: bytes of memory that the whole run may take
MEMORY_MAX: Final = 3 * 1024**3
#: one drawing in so many is spoilt as bytes, one in so many that pass is deployed, one form shown
_BYTES_EVERY, _DEPLOYED_EVERY, _SHOWN_EVERY = 5, 7, 19
_SHOWN_CHARACTERS: Final = 300


class TooLong(BaseException):
    """An input took more CPU time than it may."""


@dataclass(slots=True)
class Tally:
    """What came of the inputs of one kind."""

    kind: str
    found: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0

    @property
    def broken(self) -> list[str]:
        """What must not have happened."""
        return [what for what in self.found if what.startswith("BROKEN")]

    def words(self) -> Iterator[str]:
        """The tally, the harm last."""
        total = self.found.total()
        yield f"{self.kind}: {total:,} inputs, slowest {self.slowest_s:.2f} s of CPU"
        for what, number in sorted(self.found.items()):
            yield f"  {number:>8,}  {what}"


def main(words: Sequence[str]) -> int:
    """Try; 1 when anything happened that must not."""
    asked = _parser().parse_args(words)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    with tempfile.TemporaryDirectory(prefix="regu-fuzz-") as folder:
        tallies = run(Path(folder), asked)
    for tally in tallies:
        print("\n".join(tally.words()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"seed {asked.seed}; {peak} MB of memory at most")
    harm = sum(len(tally.broken) for tally in tallies)
    print("nothing happened that must not" if not harm else f"{harm} kinds of harm")
    return 1 if harm else 0


def run(folder: Path, asked: argparse.Namespace) -> list[Tally]:
    """A tally for each kind of file."""
    settings = Settings(
        database_url=f"sqlite:///{folder / 'regu.db'}",
        data_dir=folder,
        secret_file=folder / "secret",
        log="critical",
    )
    wired = wire(settings)
    chance = random.Random(asked.seed)  # noqa: S311 - a seeded choice, no secret
    doors: Mapping[str, tuple[int, Door]] = {
        "drawings": (asked.drawings, Drawings(wired)),
        "forms": (asked.forms, Forms(wired, settings)),
        "workbooks": (asked.workbooks, Workbooks()),
        "evidence": (asked.evidence, Evidence(folder / "evidence")),
    }
    signal.signal(signal.SIGVTALRM, _too_long)
    try:
        return [
            _tally(kind, count, door, chance, asked.keep) for kind, (count, door) in doors.items()
        ]
    finally:
        wired.close()


def _tally(
    kind: str,
    count: int,
    door: Door,
    chance: random.Random,
    keep: Path | None,
) -> Tally:
    tally = Tally(kind)
    for number in range(count):
        content, act = door(number, chance)
        began = time.process_time()
        said = _guarded(act)
        tally.slowest_s = max(tally.slowest_s, time.process_time() - began)
        if said.startswith("BROKEN") and not tally.found[said]:
            print(f"{kind} {number} {said}: {content[:_SHOWN_CHARACTERS]!r}", flush=True)
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{kind}-{number}").write_bytes(content)
        tally.found[said] += 1
        if number % 1_000 == 999:
            print(f"... {kind}: {number + 1:,}", file=sys.stderr, flush=True)
    return tally


def _guarded(act: Callable[[], str]) -> str:
    """What came out; a refusal that has a name is one."""
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_MAX)
    try:
        return act()
    except (UseCaseError, EditRefused) as documented:
        return type(documented).__name__
    except TooLong:
        return f"BROKEN took more than {SECONDS_MAX:.0f} s"
    except Exception as harm:  # noqa: BLE001 - this is what is looked for
        return f"BROKEN {type(harm).__name__}: {str(harm)[:80]} at {_place(harm)}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TooLong


def _place(harm: BaseException) -> str:
    """The innermost place of ours."""
    trace, place = harm.__traceback__, ""
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if str(_ROOT) in file and ".venv" not in file:
            place = f"{Path(file).relative_to(_ROOT)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


# ---- the doors


class Drawings:
    """Drawings and tables: check, list of steps, deployment."""

    def __init__(self, wired: Wired) -> None:
        self._wired = wired
        self._files = {
            ending: [file.read_bytes() for file in sorted(_ROOT.glob(f"workflows/*/*.{ending}"))]
            for ending in ("bpmn", "dmn")
        }

    def __call__(self, number: int, chance: random.Random) -> tuple[bytes, Callable[[], str]]:
        """A spoilt file and what is done with it."""
        ending = chance.choices(("bpmn", "dmn"), (4, 1))[0]
        files = self._files[ending]
        content = chance.choice(files)
        if number % _BYTES_EVERY == 0:
            content = mutants.in_bytes(content, chance)
        else:
            content = mutants.in_xml(content, files, chance)
        return content, lambda: self._brought(Resource(name=f"a.{ending}", content=content), number)

    def _brought(self, file: Resource, number: int) -> str:
        found = check_files([file])
        if file.name.endswith(".bpmn"):
            outline_of(file.content)
        if any(finding.severity == "error" for finding in found):
            return "refused with findings"
        if number % _DEPLOYED_EVERY:
            return "passes"
        with self._wired.house.writing() as uow:
            try:
                self._wired.house.runner.deploy(uow, [file], ACTOR)
            except DrawingRefused:
                # beside what is deployed: a form or a process that it names is not there
                return "refused beside others"
        return "deployed and undone"


def outline_of(content: bytes) -> None:
    """The drawing as the list of steps reads it."""
    try:
        outline(Paper.read(content))
    except EditRefused:
        return


class Forms:
    """Forms: compiled, filled with something, shown as a page."""

    def __init__(self, wired: Wired, settings: Settings) -> None:
        self._house, self._adapter = wired.house, FormAdapter(FUNCTION_NAMES)
        self._app = create_app(settings, wired=wired)
        self._files = [file.read_bytes() for file in sorted(_ROOT.glob("forms/library/*.form"))]

    def __call__(self, number: int, chance: random.Random) -> tuple[bytes, Callable[[], str]]:
        """A spoilt form and what is done with it."""
        content = chance.choice(self._files)
        if number % _BYTES_EVERY == 0:
            content = mutants.in_bytes(content, chance)
        else:
            content = mutants.in_json(content, self._files, chance)
        return content, lambda: self._filled(content, number, chance)

    def _filled(self, schema: bytes, number: int, chance: random.Random) -> str:
        if number % _SHOWN_EVERY == 0:
            self._shown(schema)
        if self._adapter.check("a.form", schema):
            return "refused with faults"
        form = self._adapter.compiled(schema).form
        context = sample(form)
        data = {one.key: _value(chance, context.get(one.key)) for one in form.valued()}
        self._adapter.initial(schema, context)
        try:
            self._adapter.validate(schema, data, context)
        except InputRefused:
            return "compiles, values refused"
        return "compiles, values taken"

    def _shown(self, schema: bytes) -> None:
        with self._app.test_request_context("/"):
            preview(self._house, Shown(schema=schema))
            preview(self._house, Shown(schema=schema, language="en", sent=True))


def _value(chance: random.Random, invented: Any) -> Any:
    """What somebody may send in a field."""
    deed = chance.randrange(4)
    if deed == 0:
        return chance.choice(mutants.TEXTS)
    if deed == 1:
        return chance.choice((None, True, -1, 10**30, [], {}, [{}], [["x"]], {"0": {}}, 1.5))
    return invented


class Workbooks:
    """Workbooks: the dry run of an import."""

    def __init__(self) -> None:
        files = sorted((_ROOT / "examples").rglob("*.xlsx"))
        self._files = [sample_workbook(), *(file.read_bytes() for file in files)]

    def __call__(self, _number: int, chance: random.Random) -> tuple[bytes, Callable[[], str]]:
        """A spoilt workbook and its dry run."""
        content = mutants.in_parts(chance.choice(self._files), chance)
        return content, lambda: _examined(content)


def _examined(content: bytes) -> str:
    counts: Mapping[str, int] = examine(content, lambda _nip: False).counts()
    return "read, rows stand" if any(counts.values()) else "read, no row stands"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run bench fuzz-files", description=main.__doc__)
    parser.add_argument("--drawings", type=int, default=20_000)
    parser.add_argument("--forms", type=int, default=20_000)
    parser.add_argument("--workbooks", type=int, default=500)
    parser.add_argument("--evidence", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write what broke there")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
