"""A form as data: fields, options, rows; what every reader, renderer and checker here shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from forms.expressions import Expression
    from forms.patterns import Pattern

#: languages of a form: Indonesian first, English in "regu:<property>.en"
LOCALES: Final = ("id", "en")


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in both languages; English falls back to Indonesian."""

    id: str = ""
    en: str = ""

    def text(self, locale: str) -> str:
        """The text in that language."""
        return self.en or self.id if locale == "en" else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice."""

    value: str
    label: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a value must hold to; None: no such limit."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    decimals: int | None = None
    pattern: Pattern | None = None
    #: "email" or "phone"
    validation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One component of a form.

    `kind` is the form-js type; `shape` Regu's narrower one ("nip", "percent", "points", "person",
    "reference", "hidden") or, for datetime, "date", "time" or "datetime".
    """

    kind: str
    id: str
    #: name of the value; "" for what carries none (text, separator, a group without path)
    key: str = ""
    label: Wording = field(default_factory=Wording)
    description: Wording = field(default_factory=Wording)
    #: body of a text
    content: Wording = field(default_factory=Wording)
    #: the body of a text that is worked out from the task
    content_expression: Expression | None = None
    suffix: str = ""
    shape: str = ""
    limits: Limits = field(default_factory=Limits)
    options: tuple[Option, ...] = ()
    #: variable that holds the options, or an expression that gives them
    options_key: str = ""
    options_expression: Expression | None = None
    hide: Expression | None = None
    default: object = None
    #: the value it begins with, worked out when the task is opened ("regu:default")
    default_expression: Expression | None = None
    #: shown, never taken from the person: the value comes from the task
    read_only: bool = False
    multiple: bool = False
    #: file name endings of a filepicker
    accept: tuple[str, ...] = ()
    #: rows may be added and removed by the person
    grows: bool = False
    #: rows shown at first when the task brings none
    rows_at_first: int = 1
    #: number in each row; those of the taken rows shall add up to a hundred ("regu:whole")
    whole: str = ""
    #: checkbox in each row that takes it ("regu:tick"), and what sorts the rows ("regu:tick_by")
    tick: str = ""
    tick_by: str = ""
    children: tuple[Field, ...] = ()

    @property
    def carries_value(self) -> bool:
        """Whether the component has a value of its own."""
        return bool(self.key) and self.kind != "group"

    @property
    def has_options(self) -> bool:
        """Whether the value is chosen from a list."""
        return self.kind in {"select", "radio", "checklist"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A whole form."""

    id: str
    fields: tuple[Field, ...]
    #: what the form's own properties say yes to: "bulk" for "regu:bulk"
    allowed: frozenset[str] = frozenset()

    def valued(self) -> Iterator[Field]:
        """Fields whose values stand at the top of the result, groups without path opened."""
        yield from valued(self.fields)


def every(fields: tuple[Field, ...]) -> Iterator[Field]:
    """All fields with those inside groups and lists."""
    for one in fields:
        yield one
        yield from every(one.children)


def valued(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Fields whose values stand in one mapping; a group without path lends its children."""
    for one in fields:
        if one.kind == "group" and not one.key:
            yield from valued(one.children)
        elif one.key:
            yield one
