"""A run written down: a scenario appended to a file, in which all else stays as it was written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import yaml

from engine.scenarios.fields import Fields
from engine.scenarios.reading import BEGINS_AT, SCENARIOS_MAX, read_scenarios
from engine.scenarios.source import ScenarioUnreadable, plain, read_yaml
from engine.usecases.errors import Conflict, FieldFault, InputRefused
from engine.usecases.ports.process import Resource
from engine.usecases.ports.sandbox import Seed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.usecases.ports.process import Json

#: characters of a line
_WIDTH: Final = 100
#: what a scenario says of itself, as it is written
_OWN: Final = ("at", "holidays", "people", "answers", "start", "business_key")
_ENDLESS: Final = 2**30


def seeds_of(file: Resource) -> Sequence[Seed]:
    """The scenarios of a file as runs, without expectations; none when it cannot be read."""
    if read_scenarios(file)[0] is None:
        return ()
    whole = plain(read_yaml(file.content))
    return [Seed(name=one["name"], told=_run(whole, one)) for one in whole["scenarios"]]


def written(file: Resource, run: Mapping[str, Json], name: str) -> bytes:
    """The file with one scenario more.

    `InputRefused` for a name that is taken; `Conflict` for a file to which nothing can be added.
    """
    text = file.content.decode()
    names: list[str] = []
    if text.strip():
        read, _ = read_scenarios(file)
        if read is None or read.process_id != run["process"]:
            raise Conflict("scenario_file_faulty")
        names = [one.name for one in read.scenarios]
    if name in names:
        raise InputRefused(FieldFault(field="name", code="scenario_name", message="taken"))
    if len(names) >= SCENARIOS_MAX:
        raise Conflict("scenarios_too_many", most=SCENARIOS_MAX)
    shared = plain(read_yaml(file.content)) if names else {}
    made = _appended(text, _less(run, shared) | {"name": name}, str(run["process"]))
    again, _ = read_scenarios(Resource(name=file.name, content=made.encode()))
    if again is None or [one.name for one in again.scenarios] != [*names, name]:
        raise Conflict("scenario_inline")
    return made.encode()


def value_of(text: str) -> Json:
    """A value as somebody types it: YAML of one value; an empty text is null.

    Raises ScenarioUnreadable.
    """
    return plain(read_yaml(text.encode())) if text.strip() else None


def text_of(value: Json) -> str:
    """A value in one line, such that `value_of` gives it back."""
    told = yaml.dump(
        value,
        Dumper=_Dumper,
        default_flow_style=True,
        width=_ENDLESS,
        allow_unicode=True,
        sort_keys=False,
    )
    return told.removesuffix("\n").removesuffix("\n...").strip()


def lines_of(values: Mapping[str, Json]) -> str:
    """Values by name, one a line."""
    return "\n".join(f"{text_of(name)}: {text_of(value)}" for name, value in values.items())


class _Dumper(yaml.SafeDumper):
    """Decimals as numbers with a point, line ends escaped, nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written out."""
        del data
        return True


def _decimal(dumper: _Dumper, value: Decimal) -> yaml.ScalarNode:
    text = format(value, "f")
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = '"' if any(not letter.isprintable() for letter in value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(str, _text)


def _run(whole: Mapping[str, Any], one: Mapping[str, Any]) -> Mapping[str, Json]:
    """A scenario with what stands above all of the file."""
    above, own = whole.get("answers") or {}, one.get("answers") or {}
    told: dict[str, Json] = {
        "process": whole["process"],
        "at": one.get("at") or whole.get("at") or BEGINS_AT.isoformat(),
        "holidays": [*(whole.get("holidays") or ()), *(one.get("holidays") or ())],
        "people": {**(whole.get("people") or {}), **(one.get("people") or {})},
        "answers": {
            kind: {**(above.get(kind) or {}), **(own.get(kind) or {})}
            for kind in ("operations", "functions")
        },
        "steps": [step for step in one.get("steps") or () if "expect" not in step],
    }
    return told | {key: one[key] for key in ("start", "business_key") if key in one}


def _less(run: Mapping[str, Json], shared: Mapping[str, Json]) -> dict[str, Json]:
    """The run without what the file says for all its scenarios."""
    told = {key: run[key] for key in (*_OWN, "steps") if key in run}
    beginning = shared.get("at") or BEGINS_AT.isoformat()
    if _moment(told.get("at") or beginning) == _moment(beginning):
        told.pop("at", None)
    known = shared.get("people") or {}
    told["people"] = {
        name: groups
        for name, groups in (run.get("people") or {}).items()
        if name not in known or set(known[name] or ()) != set(groups)
    }
    told["holidays"] = [
        day for day in run.get("holidays") or () if day not in (shared.get("holidays") or ())
    ]
    answers = _less_answers(run.get("answers") or {}, shared.get("answers") or {})
    told["answers"] = {kind: found for kind, found in answers.items() if found}
    return {key: value for key, value in told.items() if value or key in {"start", "steps"}}


def _less_answers(
    own: Mapping[str, Json], above: Mapping[str, Json]
) -> Mapping[str, Mapping[str, Json]]:
    """Answers that differ; a name that the file answers and the run left open is empty."""
    return {
        kind: {
            name: value
            for name, value in (own.get(kind) or {}).items()
            if (above.get(kind) or {}).get(name, _OWN) != value
            and (value != [] or name in (above.get(kind) or {}))
        }
        for kind in ("operations", "functions")
    }


def _moment(text: Json) -> object:
    return Fields({"at": text}, "A moment").moment("at")


def _appended(text: str, scenario: Mapping[str, Json], process_id: str) -> str:
    if not text.strip():
        only = "\n".join(_item(scenario, 2))
        return f"process: {text_of(process_id)}\nscenarios:\n{only}\n"
    root = yaml.compose(text, yaml.SafeLoader)
    told = next(value for key, value in root.value if key.value == "scenarios")  # type: ignore[union-attr]
    if told.flow_style:
        raise Conflict("scenario_inline")
    lines = text.splitlines(keepends=True)
    end = _end(told)
    lines[end - 1] = lines[end - 1].rstrip("\r\n") + "\n"
    added = "".join(f"{line}\n" for line in _item(scenario, told.start_mark.column))
    return "".join([*lines[:end], "\n", added, *lines[end:]])


def _end(node: yaml.Node) -> int:
    """The line behind the last value inside."""
    inner = getattr(node, "value", None)
    if isinstance(node, yaml.SequenceNode) and inner and not node.flow_style:
        return _end(inner[-1])
    if isinstance(node, yaml.MappingNode) and inner and not node.flow_style:
        return _end(inner[-1][1])
    mark = node.end_mark
    return int(mark.line if mark.column == 0 else mark.line + 1)


def _item(scenario: Mapping[str, Json], indent: int) -> Iterator[str]:
    """A scenario as an item of the list, its dash at `indent`."""
    order = ("name", *_OWN, "steps")
    told = [(key, scenario[key]) for key in order if key in scenario]
    lines = [line for key, value in told for line in _entry(key, value, indent + 2)]
    yield " " * indent + "- " + lines[0].lstrip()
    yield from lines[1:]


def _entry(key: str, value: Json, indent: int) -> Iterator[str]:
    """`key: value`; in lines below where one is too short."""
    begun = f"{' ' * indent}{text_of(key)}:"
    whole = f"{begun} {text_of(value)}"
    deeper = isinstance(value, (dict, list)) and bool(value)
    if not deeper or (len(whole) <= _WIDTH and key not in {"steps", "answers"}):
        yield whole
        return
    yield begun
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _entry(str(name), inner, indent + 2)
        return
    for inner in value:
        yield from _row(inner, indent + 2, block=key == "steps")


def _row(value: Json, indent: int, *, block: bool) -> Iterator[str]:
    whole = f"{' ' * indent}- {text_of(value)}"
    if not isinstance(value, dict) or not value or (len(whole) <= _WIDTH and not block):
        yield whole
        return
    lines = [line for key, inner in value.items() for line in _entry(key, inner, indent + 2)]
    yield " " * indent + "- " + lines[0].lstrip()
    yield from lines[1:]


__all__ = ["ScenarioUnreadable", "lines_of", "seeds_of", "text_of", "value_of", "written"]
