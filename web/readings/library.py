"""The library as a page shows it: sieved, named, each with the page that changes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from flask import url_for

from engine.usecases.library import Book, BookState, Fate
from engine.usecases.ports.drafts import DraftKind
from web.readings.names import person_names
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.library import Brought
    from engine.usecases.ports.drafts import Subject
    from engine.usecases.ports.work import House

KINDS: Final[Mapping[str, object]] = {
    DraftKind.PROCESS: _l("Processes"),
    DraftKind.DECISION: _l("Decisions"),
    DraftKind.FORM: _l("Forms"),
}
ONE: Final[Mapping[str, object]] = {
    DraftKind.PROCESS: _l("process"),
    DraftKind.DECISION: _l("decision"),
    DraftKind.FORM: _l("form"),
    DraftKind.SCENARIOS: _l("scenarios"),
}
#: words and tone of the tag
STATES: Final[Mapping[str, tuple[object, str]]] = {
    BookState.DRAFT: (_l("draft"), "note"),
    BookState.IN_REVIEW: (_l("in review"), "wait"),
    BookState.PUBLISHED: (_l("published"), "good"),
}
FATES: Final[Mapping[str, tuple[object, str]]] = {
    Fate.BEGUN: (_l("begun as a draft"), "good"),
    Fate.DRAFTED: (_l("a draft beside what is published"), "good"),
    Fate.REPLACED: (_l("the draft now; the one before is kept beside it"), "note"),
    Fate.SAME: (_l("nothing new: it is there already"), ""),
    Fate.REFUSED: (_l("not taken"), "bad"),
}
WHY: Final[Mapping[str, object]] = {
    "unknown": _l("It holds no process, decision, form or scenarios that can be read."),
    "size": _l("It is empty or too large."),
    "drafts_too_many": _l("Too many drafts are kept beside it; discard some first."),
    "broken": _l("The archive is broken or no zip."),
    "locked": _l("The archive is locked with a password."),
    "many": _l("There are too many files; bring fewer at once."),
    "large": _l("The files are too large together; bring fewer at once."),
}


#: the kind that lets every kind through
EVERY: Final = "semua"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """What is looked for."""

    text: str = ""
    kind: str = EVERY
    state: str = ""

    def lets(self, book: Book) -> bool:
        """Whether a book is meant."""
        words = f"{book.name} {book.subject.id}".casefold()
        return (
            all(word in words for word in self.text.casefold().split())
            and self.kind in (EVERY, book.subject.kind)
            and self.state in ("", book.state)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One book with what the page says of it."""

    book: Book
    url: str
    #: who answers for it: a person, else the group of the process owners
    owner: str
    #: who changed it last; "" for what came with Regu
    by: str
    trial: str
    trial_failed: bool


def counts(books: Sequence[Book], sieve: Sieve) -> Mapping[str, int]:
    """How many of each kind the rest of the sieve lets through; of every kind under `EVERY`."""
    wide = replace(sieve, kind=EVERY)
    kinds = [one.subject.kind for one in books if wide.lets(one)]
    return {kind: kinds.count(DraftKind(kind)) for kind in KINDS} | {EVERY: len(kinds)}


def shelves(house: House, found: Sequence[Book], sieve: Sieve) -> Sequence[Line]:
    """What the sieve lets through, by kind and name."""
    books = [one for one in found if sieve.lets(one)]
    accounts = {one.changed_by for one in books} | {one.owner for one in books}
    names = person_names(house, accounts)
    order = list(KINDS)
    books.sort(key=lambda one: (order.index(one.subject.kind), one.name.casefold()))
    return [
        Line(
            book=one,
            url=address(one.subject),
            owner=names.get(one.owner, one.owner) or _("Process owners"),
            by=names.get(one.changed_by, one.changed_by),
            trial=_trial(one),
            trial_failed=bool(one.trial and one.trial.failed),
        )
        for one in books
    ]


def address(subject: Subject) -> str:
    """The page that changes it."""
    if subject.kind is DraftKind.DECISION:
        return url_for("decisions.table", decision_id=subject.id)
    if subject.kind is DraftKind.FORM:
        return url_for("form_editor.table", form_id=subject.id)
    if subject.kind is DraftKind.SCENARIOS:
        return url_for("trials.show", process_id=subject.id)
    return url_for("studio.table", process_id=subject.id)


def _trial(book: Book) -> str:
    if book.trial is None:
        return ""
    whole = book.trial.passed + book.trial.failed
    return _("%(passed)s of %(whole)s passed", passed=book.trial.passed, whole=whole)


def shelves_table(lines: Sequence[Line]) -> Table:
    """The same as a file."""
    return Table(
        name="pustaka",
        title=_("Library"),
        columns=(
            Column(_("Name")),
            Column(_("Id")),
            Column(_("Kind")),
            Column(_("Responsible")),
            Column(_("State")),
            Column(_("Version"), Kind.NUMBER),
            Column(_("Running"), Kind.NUMBER),
            Column(_("Last change"), Kind.MOMENT),
            Column(_("By")),
            Column(_("Tests")),
        ),
        rows=[
            (
                one.book.name,
                one.book.subject.id,
                str(ONE[one.book.subject.kind]),
                one.owner,
                str(STATES[one.book.state][0]),
                one.book.version,
                one.book.running,
                one.book.changed_at,
                one.by,
                one.trial,
            )
            for one in lines
        ],
        links=[one.url for one in lines],
    )


def told(brought: Sequence[Brought]) -> list[tuple[Brought, str, str, str]]:
    """Each file with the words and tone of its fate, and why it was refused."""
    return [
        (one, str(FATES[one.fate][0]), FATES[one.fate][1], str(WHY.get(one.code, one.code)))
        for one in brought
    ]
