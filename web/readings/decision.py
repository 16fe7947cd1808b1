"""What the page of a decision shows: its rules as sentences, what to give to try it, the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from engine.dmn import Flaw, RuleHit, sentence, sentences
from engine.feel.equality import text_of as value_text
from engine.usecases.decision_validity import ALWAYS, choose, holds
from engine.usecases.errors import InputRefused
from forms.numbers import NumberTextRefused, read_number
from web.context import locale
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from engine.dmn import Advice, Asked, Outline, RuleLine
    from engine.usecases.decision_drafts import Examined, Tried
    from engine.usecases.ports.process import DecisionRow, Json

#: how sure a row is -> words, tag
STATUSES: Final[Mapping[str, tuple[object, str]]] = {
    "gazetted": (_l("From the regulation itself"), "good"),
    "secondary": (_l("From a second source"), "note"),
    "agency": (_l("Rule of the agency"), "note"),
    "memory": (_l("From memory"), "bad"),
    "unconfirmed": (_l("from memory, not confirmed"), "bad"),
}
#: characters of a value that somebody tries
VALUE_MAX: Final = 2_000
_CONSTANTS: Final[Mapping[str, Json]] = {"true": True, "false": False, "null": None, "": None}
_PREFIX: Final = "nilai-"
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule of the list."""

    id: str
    number: int
    sentence: str
    source: str
    #: as the file writes it
    status: str
    status_words: str
    tag: str
    #: from memory, and nobody of the agency confirmed it: it does not count
    rests: bool
    #: where it stands, as it was confirmed
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One decision of the file."""

    id: str
    name: str
    description: str
    #: whether it is a table, so that it has rules
    tabular: bool
    rows: Sequence[RuleRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One value to give."""

    name: str
    key: str
    label: str
    #: "number", "choice", "text", "boolean", "date", "moment", "feel"
    shape: str
    type_words: str
    values: Sequence[str]
    value: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the decision said."""

    #: (name, value in words) of the result
    result: Sequence[tuple[str, str]] = ()
    sentences: Sequence[str] = ()
    #: sentences of rows from memory that matched and did not count
    resting: Sequence[str] = ()
    #: ids of the rules that counted, and of those to blame
    matched: Sequence[str] = ()
    warnings: Sequence[str] = ()
    trouble: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was tried."""

    entries: Sequence[Entry]
    answer: Answer | None = None
    unconfirmed: bool = False

    @property
    def refused(self) -> bool:
        """Whether a value could not be read."""
        return any(entry.fault for entry in self.entries)


# ---- rules


def tables(examined: Examined) -> Sequence[Table]:
    """Every decision of the file with its rules."""
    return [
        Table(
            id=one.id,
            name=one.title,
            description=one.description,
            tabular=one.logic == "decisionTable",
            rows=[_row(line, examined) for line in one.rules],
        )
        for one in examined.outlines
    ]


def _row(line: RuleLine, examined: Examined) -> RuleRow:
    word = examined.confirmed.get(line.rule_id)
    known = STATUSES.get(line.status.lower())
    hit = RuleHit(
        rule_id=line.rule_id,
        number=line.number,
        annotations={},
        conditions=line.conditions,
        results=tuple((name, _bare(cell)) for name, cell in line.results),
    )
    return RuleRow(
        id=line.rule_id,
        number=line.number,
        sentence=sentence(hit, locale()),
        source=line.source,
        status=line.status,
        status_words=str(known[0]) if known else line.status,
        tag=known[1] if known else "note",
        rests=line.status.lower() == "memory" and word is None,
        document="" if word is None else f"{word.document}, {word.page}",
    )


def _bare(cell: str) -> Json:
    """The value of a constant, else the cell as it is written."""
    if cell in _CONSTANTS:
        return _CONSTANTS[cell]
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1]
    return cell[1:-1] or None if quoted else cell


# ---- advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A gap, an overlap or a rule that never counts, with an example."""

    element_id: str
    #: what the button that leads there says
    place: str
    text: str
    #: values of the example by the name of what is asked; empty where it cannot be tried
    example: Mapping[str, str]


def hints(examined: Examined, decision_id: str) -> Sequence[Hint]:
    """What is to be said about the tables of a file, in words."""
    asked = next((one.asked for one in examined.outlines if one.id == decision_id), ())
    by_label = {one.label: one.name for one in asked}
    return [_hint(one, by_label) for one in examined.advice]


def _hint(advice: Advice, by_label: Mapping[str, str]) -> Hint:
    shown = {label: value_text(value) for label, value in advice.example.items()}
    words = ", ".join(f"{label} = {_else(text)}" for label, text in shown.items())
    words = words or _("any values")
    rules = [str(number) for number in advice.rules]
    if advice.flaw is Flaw.OVERLAP:
        text = _(
            "Rules %(one)s and %(other)s match at once, for example: %(example)s.",
            one=rules[0],
            other=rules[1],
            example=words,
        )
    elif advice.flaw is Flaw.GAP:
        text = _("No rule matches, for example: %(example)s.", example=words)
    elif advice.flaw is Flaw.NEVER:
        text = _(
            "Rule %(rule)s never counts: an earlier one takes all its cases, or its "
            "conditions contradict each other.",
            rule=rules[0],
        )
    else:
        text = _("The table could not be looked through for gaps and overlaps.")
    known = bool(shown) and all(label in by_label for label in shown)
    place = advice.where.element_name or advice.where.element_id
    return Hint(
        element_id=advice.where.element_id,
        place=_("Rule %(rule)s", rule=rules[-1]) if rules else place,
        text=text,
        example={by_label[label]: text for label, text in shown.items()} if known else {},
    )


def _else(text: str) -> str:
    """The sample that stands for all that no cell names."""
    return _("something else") if set(text) == {"…"} else text


# ---- what to give


def trial(outlines: Iterable[Outline], decision_id: str) -> Trial:
    """The empty form of a decision."""
    asked = next((one.asked for one in outlines if one.id == decision_id), ())
    return Trial(entries=[_entry(one, place) for place, one in enumerate(asked)])


_SHAPES: Final[Mapping[str, tuple[str, object]]] = {
    "number": ("number", _l("A number")),
    "string": ("text", _l("A text")),
    "boolean": ("boolean", _l("Yes or no")),
    "date": ("date", _l("A date")),
    "date and time": ("moment", _l("A date and a time")),
}


def _entry(asked: Asked, place: int) -> Entry:
    shape, words = _SHAPES.get(asked.type, ("feel", _l("A FEEL value")))
    if shape == "text" and asked.closed:
        shape = "choice"
    return Entry(
        name=asked.name,
        key=f"{_PREFIX}{place}",
        label=asked.label,
        shape=shape,
        type_words=str(words),
        values=asked.values,
    )


def filled(
    entries: Sequence[Entry],
    given: Mapping[str, str],
    evaluate: Callable[[str], Json],
) -> tuple[list[Entry], dict[str, Json]]:
    """The form as it was sent, with what cannot be read, and the values by name."""
    shown, scope = [], {}
    for entry in entries:
        text = given.get(entry.key, "").strip()
        fault = ""
        try:
            scope[entry.name] = _value(entry, text, evaluate)
        except (NumberTextRefused, InputRefused, ValueError) as wrong:
            fault = _fault(wrong)
        shown.append(replace(entry, value=text[:VALUE_MAX], fault=fault))
    return shown, scope


def _value(entry: Entry, text: str, evaluate: Callable[[str], Json]) -> Json:
    if len(text) > VALUE_MAX:
        raise ValueError(text[:10])
    if not text:
        return None
    if entry.shape == "number":
        return read_number(text)
    if entry.shape == "boolean":
        return text == "true"
    if entry.shape == "feel" and not _DATE.fullmatch(text):
        return evaluate(text)
    return text


def _fault(wrong: Exception) -> str:
    if isinstance(wrong, NumberTextRefused):
        if wrong.code == "ambiguous_number":
            return _("Write 1234 or 1,234: a dot before three digits can mean either.")
        return _("This is no number.")
    if isinstance(wrong, InputRefused):
        return _('This is no FEEL value; a text stands in quotes: "di_atas".')
    return _("The value is too long.")


# ---- the answer

TROUBLES: Final[Mapping[str, object]] = {
    "invalid": _l("The table cannot be worked out yet: mend what is found first."),
    "several": _l("Several rules match these values, and the table does not say which counts."),
    "refused": _l(
        "The table does not allow one of these values, or gives one that it does not allow itself."
    ),
    "limit": _l("Working it out takes too long, or a value does not fit."),
}


def answered(tried: Tried, shown: Sequence[Table]) -> Answer:
    """What a decision said, in words; `shown` are the rules of its file."""
    if tried.explained is None:
        trouble = str(TROUBLES.get(tried.trouble, TROUBLES["limit"]))
        return Answer(trouble=trouble, detail=tried.detail, matched=tried.rules)
    told = tried.explained
    resting = {hit["id"] for hit in told["unconfirmed"]}
    return Answer(
        result=_named(told["result"]),
        sentences=sentences(told["tables"], locale()),
        resting=[row.sentence for table in shown for row in table.rows if row.id in resting],
        matched=[rule["id"] for table in told["tables"] for rule in table["rules"]],
        warnings=list(dict.fromkeys(one["message"] for one in told["warnings"])),
    )


def _named(value: Json) -> list[tuple[str, str]]:
    if isinstance(value, dict):
        return [(name, _words(part)) for name, part in value.items()]
    return [("", _words(value))]


def _words(value: Any) -> str:
    if value is None:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return "; ".join(_words(one) for one in value) or _("nothing")
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_words(part)}" for name, part in value.items())
    return str(value)


# ---- versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A version and its days."""

    row: DecisionRow
    #: "counts" today, "ahead", "over", or "behind" another version that counts
    state: str

    @property
    def always(self) -> bool:
        """Whether it names no days."""
        return (self.row.valid_from, self.row.valid_to) == ALWAYS

    @property
    def begins(self) -> date | None:
        """Its first day; None without one."""
        return None if self.row.valid_from == ALWAYS[0] else self.row.valid_from


def periods(rows: Sequence[DecisionRow], day: date, agency_id: str | None) -> Sequence[Period]:
    """Versions with how they stand on a day, newest first."""
    counting = choose(rows, day, agency_id)
    return [Period(row=row, state=_state(row, day, counting)) for row in rows]


def _state(row: DecisionRow, day: date, counting: DecisionRow | None) -> str:
    if row is counting:
        return "counts"
    if row.valid_from > day:
        return "ahead"
    return "behind" if holds(row, day) else "over"
