"""Long work as pages show it: its name, how far it has come, who started it, how it ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.usecases.ports.workplace import Pace
from engine.usecases.rights import may
from engine.usecases.undertakings import Work, undertakings
from web.flaw_words import end_words
from web.formats import number
from web.steering_words import KINDS
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from engine.usecases.actor import Actor
    from engine.usecases.ports.process import DefinitionRow, Json
    from engine.usecases.ports.work import House, UnitOfWork
    from engine.usecases.ports.workplace import Undertaking

_KINDS: Final = {
    Work.IMPORT_CHECK: _l("Check of a workbook"),
    Work.IMPORT: _l("Import of an agency"),
    Work.AGENCY_EXPORT: _l("Export of the agency"),
    Work.PROOF: _l("Proof of the books"),
    Work.MASS_START: _l("Start for everybody"),
    Work.SEALING: _l("Seal of a period"),
    Work.BATCH: _l("Act on many processes"),
    Work.TASKS: _l("Many tasks at once"),
}
#: pages of what came out, with who may see them
_PAGES: Final = {
    "/kelola/massal/": "batch:read",
    "/kelola/impor/": "account:manage",
    "/kelola/ekspor/": "agency:export",
}
_STATES: Final = {
    Pace.WAITING: (_l("waiting"), "wait"),
    Pace.RUNNING: (_l("under way"), "note"),
    Pace.DONE: (_l("done"), "good"),
    Pace.FAILED: (_l("failed"), "bad"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCard:
    """One piece of long work."""

    id: str
    kind: str
    title: str
    #: state in words, and the tone of its tag
    state: str
    tone: str
    ended: bool
    failed: bool
    done: int
    total: int
    by: str
    at: datetime
    ended_at: datetime | None
    #: why it failed, or what it came to
    words: str
    #: page of what came out
    path: str


def kind_words(kind: str) -> str:
    """What kind of work it is."""
    return str(_KINDS.get(Work(kind), kind)) if kind in set(Work) else kind


def work_cards(
    house: House, actor: Actor, *, after: str | None = None, limit: int = 50
) -> Sequence[WorkCard]:
    """Long work of the reader's agency, newest first; three statements."""
    rows = undertakings(house, actor, after=after, limit=limit)
    return [_open_to(actor, card) for card in cards_of(house, rows)]


def work_card(house: House, actor: Actor, row: Undertaking) -> WorkCard:
    """One piece of long work as its reader may follow it."""
    return _open_to(actor, cards_of(house, [row])[0])


def _open_to(actor: Actor, card: WorkCard) -> WorkCard:
    """The card without a way to a page that would refuse the reader."""
    act = next((act for start, act in _PAGES.items() if card.path.startswith(start)), None)
    return card if act is None or may(actor, act) else replace(card, path="")


def cards_of(house: House, rows: Sequence[Undertaking]) -> Sequence[WorkCard]:
    """Work that the reader may see, with names."""
    people = {str(row.facts.get("by", "")) for row in rows}
    with house.reading() as uow:
        names = uow.agency.names(sorted(people - {""}))
        drawings = {row.process_id: row.name or row.process_id for row in _drawings(uow, rows)}
    return [_card(row, names, drawings) for row in rows]


def _drawings(uow: UnitOfWork, rows: Collection[Undertaking]) -> Sequence[DefinitionRow]:
    return uow.processes.definitions() if any("process" in row.facts for row in rows) else ()


def _card(row: Undertaking, names: Mapping[str, str], drawings: Mapping[str, str]) -> WorkCard:
    by = str(row.facts.get("by", ""))
    process = str(row.facts.get("process", ""))
    state, tone = _STATES[row.state]
    act = KINDS.get(str(row.facts.get("act", ""))) if row.kind == Work.BATCH else None
    told = row.title if act is None else str(act)
    title = " · ".join(part for part in (drawings.get(process, process), told) if part)
    return WorkCard(
        id=row.id,
        kind=kind_words(row.kind),
        title=title,
        state=str(state),
        tone=tone,
        ended=row.ended_at is not None,
        failed=row.state is Pace.FAILED,
        done=row.done,
        total=row.total,
        by=_("Regu itself") if by in ("", "system") else names.get(by, by),
        at=row.at,
        ended_at=row.ended_at,
        words=end_words(row.words) if row.words else came_to(row),
        path=row.path if row.state is Pace.DONE else "",
    )


def came_to(row: Undertaking) -> str:
    """What came of work that is done; "" where there is nothing to say."""
    told = _CAME_TO.get(row.kind) if row.state is Pace.DONE else None
    return told(row.facts) if told is not None else ""


def _checked(facts: Mapping[str, Json]) -> str:
    return _(
        "%(errors)s errors, %(warnings)s warnings",
        errors=facts.get("errors", 0),
        warnings=facts.get("warnings", 0),
    )


def _imported(facts: Mapping[str, Json]) -> str:
    return _("%(people)s people came in", people=facts.get("people", 0))


def _proved(facts: Mapping[str, Json]) -> str:
    faults = facts.get("faults", 0)
    return _("%(count)s faults", count=faults) if faults else _("no fault")


def _together(facts: Mapping[str, Json]) -> str:
    return _(
        "%(done)s done, %(left)s left as they were",
        done=number(facts.get("done", 0)),
        left=number(facts.get("failed", 0)),
    )


def _mass(facts: Mapping[str, Json]) -> str:
    """How many were started; where there was nothing to do, why."""
    if facts.get("under_way"):
        return _("Nothing to do: the same start was already under way.")
    count = facts.get("started")
    if count == 0:
        return _("Nothing to do: all were started before.")
    return _("%(count)s started", count=number(count)) if isinstance(count, int) else ""


_CAME_TO: Final[Mapping[str, Callable[[Mapping[str, Json]], str]]] = {
    Work.IMPORT_CHECK: _checked,
    Work.IMPORT: _imported,
    Work.MASS_START: _mass,
    Work.PROOF: _proved,
    Work.TASKS: _together,
    Work.BATCH: _together,
}
