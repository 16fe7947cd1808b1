"""What a search found, as its page shows it: where each row leads, and what of it fits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.domain.nip import digits_of
from engine.usecases.finding import find
from engine.usecases.rights import AUDITOR, HR, PERF_ADMIN
from forms.nip import grouped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from engine.usecases.actor import Actor
    from engine.usecases.finding import Found
    from engine.usecases.ports.finding import FoundPerson
    from engine.usecases.ports.work import House

#: a piece of text, and whether it is what was asked for
Piece = tuple[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One row of a kind."""

    #: its page
    path: str
    title: Sequence[Piece]
    #: facts below the title, each a text
    about: Sequence[str]
    nip: Sequence[Piece] = ()
    due: date | datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything found, by kind."""

    people: Sequence[Hit] = ()
    tasks: Sequence[Hit] = ()
    squads: Sequence[Hit] = ()
    outputs: Sequence[Hit] = ()
    #: kinds with more rows than shown
    more: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.people or self.tasks or self.squads or self.outputs)


def results(house: House, actor: Actor, words: str) -> Results:
    """The rows that the reader may see, each with the page that is open to him."""
    found: Found = find(house, actor, words)
    return Results(
        people=[_person(actor, row, words) for row in found.people],
        tasks=[
            Hit(
                path=f"/tugas/{row.key}",
                title=marked(row.name, words),
                about=[text for text in (row.process, row.subject, row.about) if text],
                due=row.due_at,
            )
            for row in found.tasks
        ],
        squads=[
            Hit(
                path=f"/tim/{row.id}",
                title=marked(row.name, words),
                about=[row.code, row.unit],
            )
            for row in found.squads
        ],
        outputs=[
            Hit(
                path=f"/hasil/{row.id}",
                title=marked(row.title, words),
                about=[row.squad],
                due=row.due_on,
            )
            for row in found.outputs
        ],
        more=frozenset(found.more),
    )


def marked(text: str, words: str) -> Sequence[Piece]:
    """The text in pieces; those that were asked for are marked."""
    wanted = sorted({word.lower() for word in words.split()}, key=len, reverse=True)
    if not wanted:
        return [(text, False)]
    pattern = re.compile("|".join(map(re.escape, wanted)), re.IGNORECASE)
    pieces: list[Piece] = []
    at = 0
    for match in pattern.finditer(text):
        pieces += [(text[at : match.start()], False), (match[0], True)]
        at = match.end()
    return [piece for piece in (*pieces, (text[at:], False)) if piece[0]]


def marked_nip(nip: str, words: str) -> Sequence[Piece]:
    """A NIP as it is grouped; the digits that it was found by are marked."""
    asked, shown = digits_of(words) or "", grouped(nip)
    if not asked or not nip.startswith(asked):
        return [(shown, False)]
    left, end = len(asked), 0
    while left:
        left -= shown[end].isdigit()
        end += 1
    return [piece for piece in ((shown[:end], True), (shown[end:], False)) if piece[0]]


def _person(actor: Actor, row: FoundPerson, words: str) -> Hit:
    """His plan for whom the matrix opens it for sure; else his ledger, which peers read too."""
    opened = actor.groups & {HR, PERF_ADMIN, AUDITOR} or not row.near or row.id == actor.person_id
    return Hit(
        path=f"/{'skp' if opened else 'buku'}/{row.id}",
        title=marked(row.name, words),
        about=[text for text in (row.post, row.unit) if text],
        nip=marked_nip(row.nip, words),
    )
