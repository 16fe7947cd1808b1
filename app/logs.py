"""Log lines: one JSON object each, made by structlog, so that no text can fake a line.

What a record carries: time, level, logger, message, the reference that ties a request to the jobs
it causes, inside a request its method and path, and the trace of an error. JSON escapes line ends
and every other control character; numbers of people (NIP, NIK) are masked wherever they stand.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any, Final

import structlog
from flask import has_request_context, request

from engine.usecases import references

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from structlog.typing import Processor

    Line = MutableMapping[str, Any]

_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?:0[1-9]|1[0-2])"
#: a NIP has 18 digits: birth, entry, sex, number, together or in groups; a NIK has 16: region,
#: birth (a woman's day is 40 more), number. Keys of ours have 18 digits too: no birthday begins so
_NUMBERED: Final = re.compile(
    rf"(?<!\d)(?:(?:19|20)\d\d{_MONTH}{_DAY} ?\d{{6}} ?\d ?\d{{3}}"
    rf"|[1-9]\d{{5}}[0-7]\d{_MONTH}\d{{6}})(?!\d)"
)
#: parts of paths that are keys in themselves (links of surveys, codes of complaints and papers),
#: and logins: a line outlives an erasure
_SECRET_PARTS: Final = frozenset({"token", "code", "login"})
_MASK: Final = "[NIP]"
#: characters of one value: a hostile input must not fill the disk
_VALUE_MAX: Final = 20_000
_QUIET: Final = {"alembic": logging.WARNING, "waitress.queue": logging.ERROR}


def configure(level: str) -> None:
    """Send all loggers to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name, lowest in _QUIET.items():
        logging.getLogger(name).setLevel(lowest)


def formatter() -> logging.Formatter:
    """What makes one line of a record, of our own loggers and of all libraries."""
    before: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.stdlib.ExtraAdder(),
        _where,
    ]
    after: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.ExceptionRenderer(),
        structlog.processors.EventRenamer("message"),
        _masked,
        structlog.processors.JSONRenderer(ensure_ascii=True, default=str),
    ]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=after)


def _where(_logger: Any, _method: str, line: Line) -> Line:
    """The reference of what happens, and inside a request what was asked."""
    reference = references.current()
    if reference is not None:
        line["reference"] = reference
    if has_request_context():
        line["request"] = f"{request.method} {_path()}"
    return line


def _path() -> str:
    """The path without what opens something by being known."""
    path = request.path
    for name, value in (request.view_args or {}).items():
        if name in _SECRET_PARTS:
            path = path.replace(str(value), f"<{name}>")
    return path


def _masked(_logger: Any, _method: str, line: Line) -> Line:
    return {str(name): _without_numbers(value) for name, value in line.items()}


def _without_numbers(value: Any) -> Any:
    """The value with numbers of people masked, at any depth; a long text is cut."""
    if isinstance(value, str):
        return _NUMBERED.sub(_MASK, value[:_VALUE_MAX])
    if isinstance(value, dict):
        return {str(name): _without_numbers(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_numbers(inner) for inner in value]
    text = str(value)[:_VALUE_MAX]
    hidden = _NUMBERED.sub(_MASK, text)
    if isinstance(value, int | float | None) and hidden == text:
        return value
    return hidden
