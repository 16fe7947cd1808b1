"""Typed reading of one mapping of a scenario file; what is wrong is said with its line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from engine.feel import DayTimeDuration, YearMonthDuration, compile_expression
from engine.scenarios.source import LINE, ScenarioUnreadable, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_ABSENT: Final = object()
_LENGTH: Final = compile_expression("duration(text)", names=frozenset({"text"}))


class Fields:
    """The keys of a mapping; `done` refuses those that nobody asked for."""

    def __init__(self, value: Any, what: str, line: int = 0) -> None:
        if not isinstance(value, dict):
            raise ScenarioUnreadable(f"{what} is written as 'key: value' lines.", line)
        self.line: int = value.get(LINE, line)
        self._what = what
        self._value = value
        self._asked: set[str] = {LINE}

    def has(self, key: str) -> bool:
        """Whether the key stands here."""
        return key in self._value

    def raw(self, key: str, default: Any = _ABSENT) -> Any:
        """The value with lines."""
        self._asked.add(key)
        found = self._value.get(key, default)
        if found is _ABSENT:
            raise self.wrong(f"{self._what} needs '{key}'.")
        return found

    def value(self, key: str, default: Any = _ABSENT) -> Any:
        """The value as JSON."""
        return plain(self.raw(key, default))

    def text(self, key: str, default: Any = _ABSENT) -> Any:
        """A text that is not empty; `default` may be None."""
        found = self.raw(key, default)
        if found is default:
            return found
        if not isinstance(found, str) or not found.strip():
            raise self.wrong(f"'{key}' is a text.")
        return found.strip()

    def number(self, key: str, default: int) -> int:
        """A whole number from 1."""
        found = self.raw(key, default)
        if isinstance(found, bool) or not isinstance(found, int) or found < 1:
            raise self.wrong(f"'{key}' is a whole number from 1.")
        return found

    def flag(self, key: str) -> bool | None:
        """true, false, or None when it does not stand here."""
        found = self.raw(key, None)
        if found is not None and not isinstance(found, bool):
            raise self.wrong(f"'{key}' is true or false.")
        return found

    def mapping(self, key: str) -> Mapping[str, Any]:
        """Values by name; empty when it does not stand here."""
        found = self.value(key, None)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise self.wrong(f"'{key}' is written as 'name: value' lines.")
        return found

    def inside(self, key: str) -> Fields:
        """The mapping below a key; an empty one when it does not stand here."""
        return Fields(self.raw(key, None) or {}, f"'{key}'", self.line)

    def items(self, key: str) -> Sequence[Any]:
        """A list with lines; empty when it does not stand here."""
        found = self.raw(key, None)
        if found is not None and not isinstance(found, list):
            raise self.wrong(f"'{key}' is a list.")
        return found or []

    def texts(self, key: str) -> Sequence[str] | None:
        """A list of texts; None when it does not stand here."""
        self._asked.add(key)
        if not self.has(key):
            return None
        found = [plain(one) for one in self.items(key)]
        if not all(isinstance(one, str) for one in found):
            raise self.wrong(f"'{key}' is a list of texts.")
        return found

    def moment(self, key: str, default: datetime | None = None) -> datetime:
        """Date and time with an offset, such as 2026-03-02T08:00:00+07:00."""
        text = self.text(key, default)
        if isinstance(text, datetime):
            return text
        try:
            found = datetime.fromisoformat(str(text))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise self.wrong(f"'{key}' is a moment such as 2026-03-02T08:00:00+07:00.")
        return found

    def length(self, key: str) -> timedelta:
        """A length of time, such as P3D or PT8H, months and years excepted."""
        found = _LENGTH.evaluate({"text": self.text(key)})
        if isinstance(found, DayTimeDuration):
            return timedelta(microseconds=found.nanos // 1_000)
        hint = "write the days instead" if isinstance(found, YearMonthDuration) else "write P3D"
        raise self.wrong(f"'{key}' is a length of time such as P3D or PT8H: {hint}.")

    def days(self, key: str) -> frozenset[date]:
        """Days such as 2026-03-19."""
        try:
            return frozenset(date.fromisoformat(str(one)) for one in self.items(key))
        except ValueError as wrong:
            raise self.wrong(f"'{key}' is a list of days such as 2026-03-19.") from wrong

    def names(self) -> Collection[str]:
        """All keys that stand here."""
        return [key for key in self._value if key != LINE]

    def done(self) -> None:
        """Refuse what nobody asked for."""
        for key in self._value:
            if key not in self._asked:
                near = get_close_matches(key, [*self._asked], n=1)
                hint = f" Did you mean '{near[0]}'?" if near else ""
                raise self.wrong(f"{self._what} has no '{key}'.{hint}")

    def wrong(self, message: str) -> ScenarioUnreadable:
        """A fault at this mapping's line."""
        return ScenarioUnreadable(message, self.line)
