"""What a browser posts (flat names and texts) as the nested values that a form checks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from forms.compiled import MAX_ROWS
from forms.components import RESERVED
from forms.model import Field, valued

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from forms.model import Form

#: joins the steps of a name: "results-0-actual"
JOIN = "-"
#: last step of the name that says "this row is here", also when nothing in it is filled in
ROW_MARK = "_"

Posted = dict[str, list[str]]


def decode(form: Form, pairs: Iterable[tuple[str, str]], zone: dt.tzinfo) -> dict[str, Any]:
    """Nested values, still texts, of a posted form; names it does not know stay, to be refused.

    Names of the page itself (beginning with "_", `csrf_token`, `idempotency_key`) are dropped.
    A local date and time gets the offset that the person's `zone` has at that moment.
    """
    posted: Posted = {}
    for name, value in pairs:
        if not name.startswith("_") and name not in RESERVED:
            posted.setdefault(name, []).append(value)
    reader = _Reader(posted, zone)
    values = reader.mapping(form.fields, "")
    for name in posted.keys() - reader.used:
        values[name] = posted[name][-1]
    return values


class _Reader:
    def __init__(self, posted: Mapping[str, list[str]], zone: dt.tzinfo) -> None:
        self.posted = posted
        self.zone = zone
        self.used: set[str] = set()

    def mapping(self, fields: tuple[Field, ...], prefix: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for one in valued(fields):
            name = prefix + one.key
            if one.kind == "group":
                values[one.key] = self.mapping(one.children, name + JOIN)
            elif one.kind == "dynamiclist":
                values[one.key] = self.rows(one, name + JOIN)
            elif one.kind == "checkbox" and not one.read_only:
                values[one.key] = bool(self.take(name))
            elif one.kind == "checklist" and not one.read_only:
                values[one.key] = self.take(name)
            elif one.kind != "filepicker" and (texts := self.take(name)):
                values[one.key] = self.local(one, texts[-1])
        return values

    def rows(self, field: Field, prefix: str) -> list[dict[str, Any]]:
        numbers: set[int] = set()
        for name in self.posted:
            number, _, rest = name.removeprefix(prefix).partition(JOIN)
            if name.startswith(prefix) and rest and number.isascii() and number.isdecimal():
                numbers.add(int(number[:6]))
        kept = sorted(numbers)[: MAX_ROWS + 1]
        for row in kept:
            self.used.add(f"{prefix}{row}{JOIN}{ROW_MARK}")
        return [self.mapping(field.children, f"{prefix}{row}{JOIN}") for row in kept]

    def take(self, name: str) -> list[str]:
        self.used.add(name)
        return self.posted.get(name, [])

    def local(self, field: Field, text: str) -> str:
        if field.kind != "datetime" or field.shape != "datetime":
            return text
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return text
        return text if moment.tzinfo else moment.replace(tzinfo=self.zone).isoformat()
