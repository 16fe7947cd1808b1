"""YAML as JSON values, with the line of each mapping; decimals stay decimals, dates stay text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

#: bytes of one scenario file
BYTES_MAX: Final = 1024 * 1024
#: key under which a mapping keeps its line; no key of a scenario begins so
LINE: Final = "\0line"

_BOOL: Final = "tag:yaml.org,2002:bool"
_AS_TEXT: Final = frozenset({_BOOL, "tag:yaml.org,2002:timestamp"})
_NUMBER: Final = "tag:yaml.org,2002:float"


class ScenarioUnreadable(ValueError):
    """The text is no YAML, or more than a scenario file may hold."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class _Loader(yaml.SafeLoader):
    """Safe: mappings, lists, text, numbers, booleans and null; anchors are not followed."""

    #: a day and a word such as "no" are text; true and false are all the truth there is
    yaml_implicit_resolvers = {  # noqa: RUF012 - as the base class declares it
        first: [(tag, pattern) for tag, pattern in known if tag not in _AS_TEXT]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse aliases: a few lines of them could stand for billions of values."""
        if self.check_event(yaml.events.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise ScenarioUnreadable("Anchors and aliases are not read.", mark.line + 1)
        return super().compose_node(parent, index)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in found:
            line = key_node.start_mark.line + 1
            raise ScenarioUnreadable(f"'{key}' stands here twice.", line)
        found[key] = loader.construct_object(value_node, deep=True)
    found[LINE] = node.start_mark.line + 1
    return found


def _number(_loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    try:
        return Decimal(str(node.value).replace("_", ""))
    except ArithmeticError as wrong:
        line = node.start_mark.line + 1
        raise ScenarioUnreadable(f"{node.value} is no number.", line) from wrong


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor(_NUMBER, _number)
_Loader.add_implicit_resolver(_BOOL, re.compile("^(?:true|false)$"), list("tf"))


def read_yaml(content: bytes) -> Any:
    """The values of a file; raises ScenarioUnreadable with the line."""
    if len(content) > BYTES_MAX:
        raise ScenarioUnreadable(f"A scenario file has at most {BYTES_MAX} bytes.")
    try:
        return yaml.load(content, _Loader)  # noqa: S506 - a SafeLoader, narrowed
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 0
        raise ScenarioUnreadable(f"This is no YAML: {wrong.problem}.", line) from wrong
    except (yaml.YAMLError, ArithmeticError, ValueError, RecursionError) as wrong:
        if isinstance(wrong, ScenarioUnreadable):
            raise
        raise ScenarioUnreadable(f"This is no YAML: {wrong}.") from wrong


def plain(value: Any) -> Any:
    """The same values without lines."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key != LINE}
    return [plain(item) for item in value] if isinstance(value, list) else value
