"""The inbox as a page shows it: cards by urgency, what changed in sentences, a filter in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from engine.usecases.as_planned import tappable
from engine.usecases.ports.inbox import Face, Held, Sieve
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from engine.usecases.inbox import FirstScreen
    from engine.usecases.ports.process import UserTaskRow

#: words of the query
PROCESS, SQUAD, DUE, HELD, LATER = "proses", "tim", "batas", "milik", "tunda"
WORDS: Final = (PROCESS, SQUAD, DUE, HELD, LATER)
#: the query's word for tasks of no squad
HOME: Final = "jabatan"
_SOON: Final = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One task of the list."""

    row: UserTaskRow
    face: Face
    #: for which of the reader's roles: a squad's name, else his post
    role: str
    #: from whom, "" where nobody but the clock sent it
    sender: str
    #: whole days to the due day, less than zero when it is past; None without one
    days: int | None
    #: one press says that all went as planned
    tap: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Cards of one urgency."""

    name: str
    cards: Sequence[Card]


def sieve_of(args: Mapping[str, str], now: dt.datetime, zone: ZoneInfo) -> Sieve:
    """The question that a query asks; what it does not know is left out."""
    squad = args.get(SQUAD) or None
    held = {"saya": Held.OWN, "kelompok": Held.GROUP}.get(args.get(HELD, ""))
    due_from, due_before = _window(args.get(DUE, ""), now, zone)
    return Sieve(
        process_id=args.get(PROCESS) or None,
        squad_id="" if squad == HOME else squad,
        due_from=due_from,
        due_before=due_before,
        held=held,
        put_off=bool(args.get(LATER)),
    )


def _window(
    word: str, now: dt.datetime, zone: ZoneInfo
) -> tuple[dt.datetime | None, dt.datetime | None]:
    tomorrow = dt.datetime.combine(now.astimezone(zone).date() + dt.timedelta(days=1), dt.time())
    ends = tomorrow.replace(tzinfo=zone).astimezone(dt.UTC)
    return {
        "lewat": (None, now),
        "hari": (None, ends),
        "minggu": (None, ends + _SOON),
        "nanti": (ends + _SOON, None),
    }.get(word, (None, None))


def query_of(args: Mapping[str, str]) -> str:
    """The filter of a query as it is kept: known words only, always in the same order."""
    return urlencode([(word, args[word]) for word in WORDS if args.get(word)])


def groups_of(
    seen: FirstScreen, reader: str | None, now: dt.datetime, zone: ZoneInfo
) -> Sequence[Group]:
    """Overdue, due within seven days, later, without date; empty ones left out."""
    today = now.astimezone(zone).date()
    groups: dict[str, list[Card]] = {"overdue": [], "soon": [], "later": [], "open": []}
    for row in seen.rows:
        card = _card(row, seen.faces.get(row.key) or Face(process=row.process_id), reader)
        due = row.due_at.astimezone(zone).date() if row.due_at else None
        if row.due_at is None or due is None:
            groups["open"].append(card)
            continue
        dated = _dated(card, (due - today).days)
        late, soon = row.due_at < now, due <= today + _SOON
        groups["overdue" if late else "soon" if soon else "later"].append(dated)
    return [Group(name, cards) for name, cards in groups.items() if cards]


def _card(row: UserTaskRow, face: Face, reader: str | None) -> Card:
    named = {reader, face.about_id, None}
    return Card(
        row=row,
        face=face,
        role=face.squad or "",
        sender=(face.sender or "") if face.sender_id not in named else "",
        days=None,
        tap=tappable(row) and face.draft_at is None,
    )


def _dated(card: Card, days: int) -> Card:
    return Card(
        row=card.row, face=card.face, role=card.role, sender=card.sender, days=days, tap=card.tap
    )


def days_words(days: int | None) -> str:
    """Like "in 3 days", "tomorrow", "today", "2 days late"; "" without a day."""
    if days is None:
        return ""
    named = {0: _("today"), 1: _("tomorrow")}
    if days < 0:
        return _("%(days)s days late", days=-days)
    return named.get(days) or _("in %(days)s days", days=days)
