"""The filters of `/v2` searches: published fields, as conditions of the listing port.

A field is a plain value or an object of `$eq`, `$neq`, `$exists`, `$in`, `$notIn`, `$like`,
`$gt`, `$gte`, `$lt`, `$lte`, as far as its kind has them.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, ClassVar, Final

from marshmallow import ValidationError, fields, post_load, validate

from api.v2.published import DEFAULT_TENANT, KEY_MAX, Request
from engine.usecases.ports.listing import Condition, Op

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIST_MAX: Final = 1_000
TEXT_MAX: Final = 2_000

_TEXT_OPS: Final = frozenset({Op.EQ, Op.NEQ, Op.EXISTS, Op.IN, Op.NOT_IN, Op.LIKE})
_KEY_OPS: Final = frozenset({Op.EQ, Op.NEQ, Op.EXISTS, Op.IN, Op.NOT_IN})
_RANGE_OPS: Final = frozenset({Op.EQ, Op.NEQ, Op.EXISTS, Op.IN, Op.GT, Op.GTE, Op.LT, Op.LTE})
_WORD_OPS: Final = frozenset({Op.EQ, Op.NEQ, Op.EXISTS, Op.IN, Op.NOT_IN, Op.LIKE})
_NOTHING: Final = Condition(column="key", op=Op.IN, value=())
_KEY: Final = re.compile(r"[0-9]{1,19}")


class Compared(fields.Field[Any]):
    """A filter on one column; deserialises to the conditions that it means."""

    ops: ClassVar[frozenset[Op]] = _KEY_OPS
    kind: ClassVar[str] = "string"

    def __init__(self, column: str) -> None:
        plain = {"type": self.kind}
        answers = {f"${op}": self._described(op) for op in sorted(self.ops)}
        whole = {"type": "object", "properties": answers, "additionalProperties": False}
        super().__init__(metadata={"oneOf": [plain, {**whole, "minProperties": 1}]})
        self.column = column

    def _described(self, op: Op) -> dict[str, Any]:
        if op is Op.EXISTS:
            return {"type": "boolean"}
        one = {"type": "string"} if op is Op.LIKE else {"type": self.kind}
        return {"type": "array", "items": one} if op in (Op.IN, Op.NOT_IN) else one

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        del attr, data, kwargs
        if not isinstance(value, dict):
            return self.conditions(Op.EQ, self.read(value))
        if not value:
            raise ValidationError("a value, or an object of comparisons")
        return tuple(one for sign, raw in value.items() for one in self._asked(sign, raw))

    def _asked(self, sign: str, raw: Any) -> Sequence[Condition]:
        op = next((op for op in self.ops if f"${op}" == sign), None)
        if op is None:
            known = ", ".join(f"${one}" for one in sorted(self.ops))
            raise ValidationError(f"{sign}: not one of {known}")
        if op is Op.EXISTS:
            if not isinstance(raw, bool):
                raise ValidationError("$exists: true or false")
            return self.conditions(op, raw)
        if op in (Op.IN, Op.NOT_IN):
            if not isinstance(raw, list) or len(raw) > LIST_MAX:
                raise ValidationError(f"{sign}: a list of at most {LIST_MAX} values")
            return self.conditions(op, tuple(self.read(one) for one in raw))
        return self.conditions(op, self.read_pattern(raw) if op is Op.LIKE else self.read(raw))

    def conditions(self, op: Op, value: Any) -> Sequence[Condition]:
        """The comparison in the words of the store."""
        return (Condition(column=self.column, op=op, value=value),)

    @abstractmethod
    def read(self, raw: Any) -> Any:
        """One value; `ValidationError`."""

    def read_pattern(self, raw: Any) -> str:
        """A pattern of `$like`."""
        if not isinstance(raw, str) or len(raw) > TEXT_MAX:
            raise ValidationError("a text")
        return raw


class Text(Compared):
    """A text."""

    ops = _TEXT_OPS

    def read(self, raw: Any) -> str:
        """A text without NUL."""
        return self.read_pattern(raw)


class Key(Compared):
    """A key: a decimal number as text."""

    def read(self, raw: Any) -> int:
        """The number."""
        if not isinstance(raw, str) or not _KEY.fullmatch(raw) or int(raw) > KEY_MAX:
            raise ValidationError("a key: a decimal number as text")
        return int(raw)


class Whole(Compared):
    """A whole number."""

    ops = _RANGE_OPS
    kind = "integer"

    def read(self, raw: Any) -> int:
        """A number of 32 bits."""
        if isinstance(raw, bool) or not isinstance(raw, int) or abs(raw) >= 2**31:
            raise ValidationError("a whole number")
        return raw


class Flag(Compared):
    """True or false; columns hold 1 and 0."""

    ops = frozenset({Op.EQ})
    kind = "boolean"

    def read(self, raw: Any) -> int:
        """1 or 0."""
        if not isinstance(raw, bool):
            raise ValidationError("true or false")
        return int(raw)


class Time(Compared):
    """A moment with its offset."""

    ops = _RANGE_OPS

    def read(self, raw: Any) -> datetime:
        """The moment in UTC."""
        try:
            found = datetime.fromisoformat(raw)
            return found.astimezone(UTC) if found.tzinfo else _no_offset()
        except (TypeError, ValueError, OverflowError) as error:
            raise ValidationError("a moment with its offset, as ISO 8601") from error


class Word(Compared):
    """A word of a closed set; each stands for some values of the column."""

    ops = _WORD_OPS

    def __init__(self, column: str, words: Mapping[str, Sequence[Any]]) -> None:
        super().__init__(column)
        self.words = words

    def read(self, raw: Any) -> str:
        """A known word."""
        if not isinstance(raw, str) or raw not in self.words:
            raise ValidationError(f"one of {', '.join(self.words)}")
        return raw

    def conditions(self, op: Op, value: Any) -> Sequence[Condition]:
        """As a choice of the column's values."""
        if op is Op.EXISTS:
            return super().conditions(op, value)
        chosen = value if isinstance(value, tuple) else (value,)
        if op is Op.LIKE:
            chosen = tuple(word for word in self.words if fnmatchcase(word, value))
        values = tuple(one for word in chosen for one in self.words[word])
        without = op in (Op.NEQ, Op.NOT_IN)
        return super().conditions(Op.NOT_IN if without else Op.IN, values)


class Constant(Compared):
    """What is the same of every row of Regu, such as the tenant."""

    ops = _WORD_OPS

    def __init__(self, value: str = DEFAULT_TENANT) -> None:
        super().__init__("key")
        self.value = value

    def read(self, raw: Any) -> str:
        """Any text."""
        return self.read_pattern(raw)

    def conditions(self, op: Op, value: Any) -> Sequence[Condition]:
        """All rows, or none."""
        fits = {
            Op.EQ: value == self.value,
            Op.NEQ: value != self.value,
            Op.EXISTS: value is True,
            Op.IN: isinstance(value, tuple) and self.value in value,
            Op.NOT_IN: isinstance(value, tuple) and self.value not in value,
            Op.LIKE: isinstance(value, str) and fnmatchcase(self.value, value),
        }
        return () if fits[op] else (_NOTHING,)


@dataclass(frozen=True, slots=True)
class Filtered:
    """All of `where`, and all of one of `any_of` when there are any."""

    where: tuple[Condition, ...] = ()
    any_of: tuple[tuple[Condition, ...], ...] = ()

    def value(self, column: str) -> Any:
        """The value that a column must equal; None when it is not asked so."""
        return next((c.value for c in self.where if c.column == column and c.op is Op.EQ), None)


class Filter(Request):
    """A filter object; loads to `Filtered`."""

    @post_load
    def flatten(self, data: Mapping[str, Any], **_kwargs: Any) -> Filtered:
        """All conditions in one row."""
        either = data.get("either", ())
        where = tuple(one for name, found in data.items() if name != "either" for one in found)
        return Filtered(where, tuple(one.where for one in either))


def filter_of(
    name: str,
    columns: Mapping[str, Compared],
    *,
    unsupported: str = "",
    either: bool = False,
) -> type[Filter]:
    """A filter of these published names; the unsupported ones answer 501 when they are set."""
    named: dict[str, Any] = dict(columns)
    made: Any = Filter.from_dict(named, name=name)
    made.UNSUPPORTED = frozenset(unsupported.split())
    if not either:
        return _filter(made)
    arms = fields.List(fields.Nested(made), data_key="$or", validate=validate.Length(max=50))
    whole: Any = made.from_dict({"either": arms}, name=f"{name}WithOr")
    whole.UNSUPPORTED = made.UNSUPPORTED
    return _filter(whole)


def _filter(made: Any) -> type[Filter]:
    found: type[Filter] = made
    return found


def _no_offset() -> datetime:
    raise ValueError("a moment without offset")
