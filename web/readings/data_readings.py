"""Who read what about whom, and what is kept about a person, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from engine.domain.access import Resource
from web import paging
from web.readings.administration import rows_wanted, shown_rows
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.readings import ReadingRow

__all__ = [
    "KINDS",
    "after",
    "agency_table",
    "own_table",
    "place",
    "resource_words",
    "rows_wanted",
    "shown_rows",
]

#: word of `Resource` -> what was read
WORDS: Final[Mapping[str, object]] = {
    Resource.PLAN: _l("plan with results and progress"),
    Resource.EVIDENCE: _l("evidence"),
    Resource.LEDGER_LINE: _l("lines of the ledger"),
    Resource.DISPUTE: _l("dispute"),
    Resource.RATING: _l("rating"),
    Resource.OBJECTION: _l("objection"),
    Resource.FEEDBACK_360: _l("360 feedback"),
    Resource.VOICES: _l("summary of 360 feedback"),
    Resource.COUNSELLING: _l("counselling"),
    Resource.PRIVATE_NOTE: _l("private note"),
    Resource.CHECK_IN: _l("conversation"),
    Resource.FEEDBACK: _l("feedback"),
    Resource.INCIDENT: _l("critical incident"),
    Resource.COACHING: _l("coaching"),
    Resource.DAILY_NOTE: _l("notes of a day"),
    Resource.CADENCE: _l("how conversations are kept up"),
    Resource.WORKLOAD: _l("load per month"),
    Resource.SEGMENT: _l("roles of the year"),
    Resource.PORTFOLIO: _l("what results are used for"),
    Resource.BRIEF: _l("summary before a rating"),
    Resource.READINGS: _l("who read what"),
}


@dataclass(frozen=True, slots=True)
class KeptKind:
    """A kind of data with why it is kept and how long."""

    what: object
    why: object
    long: object


_LAW: Final = _l("as long as the archives rule asks; afterwards only numbers without a name")
_FIVE: Final = _l("until five years after you left, then it can be erased")

#: what is kept about a person
KINDS: Final = (
    KeptKind(
        _l("Name, NIP, e-mail, rank, posts"), _l("to know who does what in which office"), _FIVE
    ),
    KeptKind(
        _l("Plan, results, progress, evidence"),
        _l("the law asks for plans and ratings that rest on evidence"),
        _LAW,
    ),
    KeptKind(
        _l("Ledger, attestations, disputes, certificates"),
        _l("credit for work in squads is proved line by line"),
        _LAW,
    ),
    KeptKind(
        _l("Ratings, objections, recognition"),
        _l("the basis of career and allowance"),
        _LAW,
    ),
    KeptKind(
        _l("Feedback, coaching, conversations"),
        _l("to improve together; few read it"),
        _LAW,
    ),
    KeptKind(
        _l("Account, sessions, second factor"),
        _l("so that nobody else signs in as you"),
        _l("sessions until they end, the rest until the account is erased"),
    ),
    KeptKind(
        _l("Notices, kept filters, drafts, choices"),
        _l("so that you find your work again"),
        _l("until you delete them, or are erased"),
    ),
    KeptKind(
        _l("Acts and readings, with who and when"),
        _l("so that nobody acts or reads unseen"),
        _l("for good; after an erasure with a number in the place of a name"),
    ),
)


def resource_words(resource: str) -> str:
    """What was read; a word that nobody knows stays as it is."""
    return str(WORDS.get(resource, resource))


def own_table(rows: Sequence[ReadingRow]) -> Table:
    """Who read what of oneself."""
    return Table(
        "pembacaan-data-saya",
        _("Who read my data"),
        (Column(_("First on that day"), Kind.MOMENT), Column(_("Who")), Column(_("What"))),
        [(row.at, _reader(row), resource_words(row.resource)) for row in rows],
    )


def agency_table(rows: Sequence[ReadingRow]) -> Table:
    """Who read what about whom."""
    return Table(
        "pembacaan",
        _("Readings of personal data"),
        (
            Column(_("First on that day"), Kind.MOMENT),
            Column(_("Who")),
            Column(_("What")),
            Column(_("About whom")),
            Column(_("NIP"), Kind.NIP),
        ),
        [
            (row.at, _reader(row), resource_words(row.resource), row.person_name, row.nip)
            for row in rows
        ],
    )


def place(row: ReadingRow) -> tuple[str, str]:
    """Where a row stands in the list."""
    return (row.at.isoformat(), row.id)


def after() -> tuple[datetime, str] | None:
    """Behind which row this page begins."""
    seen = paging.after(2)
    if seen is None:
        return None
    try:
        return (datetime.fromisoformat(seen[0]).astimezone(UTC), seen[1])
    except (ValueError, OverflowError):
        return None


def _reader(row: ReadingRow) -> str:
    return row.reader_name or row.reader
