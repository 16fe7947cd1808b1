"""A run as the page carries it from step to step: packed into a field, unpacked within bounds."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from engine.usecases.errors import FieldFault, InputRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.ports.process import Json

#: characters of a run that is written out
RUN_MAX: Final = 128 * 1024
#: how a decimal is written, so that it comes back as one
_DECIMAL: Final = "\0decimal"


def pack(run: Mapping[str, Json]) -> str:
    """A run as one word; `InputRefused` when it has grown too large."""
    text = json.dumps(run, default=_told, separators=(",", ":"))
    if len(text) > RUN_MAX:
        raise _refused("run_too_large", "the run is too long to be carried on")
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode()


def unpack(word: str, process_id: str) -> dict[str, Json]:
    """The run of a process behind a word; `InputRefused` for anything else."""
    try:
        packed = base64.b64decode(word.encode("ascii"), altchars=b"-_", validate=True)
        inflating = zlib.decompressobj()
        text = inflating.decompress(packed, RUN_MAX + 1)
        if len(text) > RUN_MAX or inflating.unconsumed_tail:
            raise _refused("run_too_large", "the run is too large")
        run = json.loads(text, object_hook=_read, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, binascii.Error, zlib.error, RecursionError, ArithmeticError) as wrong:
        raise _refused("run_unreadable", str(wrong)) from wrong
    if not isinstance(run, dict) or not isinstance(run.get("steps"), list):
        raise _refused("run_unreadable", "this is no run")
    return {**run, "process": process_id}


def _told(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {_DECIMAL: str(value)}
    raise TypeError(type(value).__name__)


def _read(value: dict[str, Any]) -> Any:
    if value.keys() == {_DECIMAL}:
        number = Decimal(str(value[_DECIMAL]))
        if not number.is_finite():
            raise ValueError("no number")
        return number
    return value


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _refused(code: str, message: str) -> InputRefused:
    return InputRefused(FieldFault(field="run", code=code, message=message))
