"""Built-ins for strings and booleans (DMN 1.5, 10.3.4.2 and 10.3.4.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.feel import limits
from engine.feel.equality import text_of
from engine.feel.errors import Fault
from engine.feel.patterns import Pattern, compile_pattern
from engine.feel.signatures import builtin

if TYPE_CHECKING:
    from engine.feel.run import Run


@builtin("not", "negand: any")
def negate(_run: Run, value: Any) -> bool | None:
    """True for false, false for true, else null."""
    return (not value) if isinstance(value, bool) else None


@builtin("string", "from: any")
def string(run: Run, value: Any) -> str | None:
    """Print a value."""
    return None if value is None else text_of(value, run)


@builtin("substring", "string: string, start position: number, length: number?")
def substring(_run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """Cut out code points; the start counts from 1, or from the end if negative."""
    first = int(start)
    if first == 0 or abs(first) > len(text):
        raise Fault("substring: no such start position")
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[begin:]
    if length < 1:
        raise Fault("substring: the length is below 1")
    return text[begin : begin + int(length)]


@builtin("string length", "string: string")
def string_length(_run: Run, text: str) -> Decimal:
    """Count code points."""
    return Decimal(len(text))


@builtin("upper case", "string: string")
def upper_case(_run: Run, text: str) -> str:
    """Write in capitals."""
    return text.upper()


@builtin("lower case", "string: string")
def lower_case(_run: Run, text: str) -> str:
    """Write in small letters."""
    return text.lower()


@builtin("substring before", "string: string, match: string")
def substring_before(_run: Run, text: str, match: str) -> str:
    """Give what stands before the match, nothing if there is none."""
    return text.partition(match)[0] if match and match in text else ""


@builtin("substring after", "string: string, match: string")
def substring_after(_run: Run, text: str, match: str) -> str:
    """Give what stands behind the match, nothing if there is none."""
    return text.partition(match)[2] if match else text


@builtin("contains", "string: string, match: string")
def contains(_run: Run, text: str, match: str) -> bool:
    """Say whether the match occurs."""
    return match in text


@builtin("starts with", "string: string, match: string")
def starts_with(_run: Run, text: str, match: str) -> bool:
    """Say whether the text begins so."""
    return text.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(_run: Run, text: str, match: str) -> bool:
    """Say whether the text ends so."""
    return text.endswith(match)


@builtin("matches", "input: string, pattern: string, flags: string|null?")
def matches(_run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    """Say whether the pattern occurs somewhere."""
    return _checked(pattern, flags, text).regex.search(text) is not None


@builtin("replace", "input: string, pattern: string, replacement: string, flags: string|null?")
def replace(_run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """Replace every occurrence; `$1` stands for a group."""
    compiled = _checked(pattern, flags, text)
    template = compiled.replacement(replacement)
    parts: list[str] = []
    length = last = 0
    for match in compiled.regex.finditer(text):
        parts += (text[last : match.start()], template(match))
        last = match.end()
        length += len(parts[-1]) + len(parts[-2])
        limits.check_string(length)
    return "".join((*parts, text[last:]))


@builtin("split", "string: string, delimiter: string")
def split(_run: Run, text: str, delimiter: str) -> list[str]:
    """Cut at every occurrence of the pattern."""
    parts: list[str] = []
    last = 0
    for match in _checked(delimiter, None, text).regex.finditer(text):
        if match.end() == match.start():
            continue
        parts.append(text[last : match.start()])
        last = match.end()
    limits.check_list(len(parts) + 1)
    return [*parts, text[last:]]


def _checked(pattern: str, flags: str | None, text: str) -> Pattern:
    compiled = compile_pattern(pattern, flags or "")
    compiled.check(len(text))
    return compiled


@builtin("string join", "list: list, delimiter: string|null?")
def string_join(_run: Run, parts: list[Any], delimiter: str | None = None) -> str:
    """Join strings; nulls are left out."""
    texts = [part for part in parts if part is not None]
    if not all(isinstance(part, str) for part in texts):
        raise Fault("string join: the list holds something else than strings")
    mark = delimiter or ""
    limits.check_string(sum(map(len, texts)) + len(mark) * len(texts))
    return mark.join(texts)
