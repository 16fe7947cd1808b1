"""The drawing table of a subject: the draft that is opened, and what lies beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.usecases.drafting import draft, drafts
from web.readings.names import person_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.actor import Actor
    from engine.usecases.ports.drafts import StudioDraft, Subject
    from engine.usecases.ports.work import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Drafts of a subject, as a page opens them."""

    #: mark of what is on the table; "" when nothing is
    mark: str = ""
    #: the draft shown; None: a published version
    opened: StudioDraft | None = None
    #: another drawing is on the table than the one shown: the first save puts it aside
    keeps_standing: bool = False
    beside: Sequence[StudioDraft] = ()
    #: who saved them, by `saved_by`
    names: Mapping[str, str] = field(default_factory=dict)


def desk_of(
    house: House, actor: Actor, subject: Subject, *, version: bool = False, draft_id: str = ""
) -> Desk:
    """What to open: a named draft, else what is on the table unless a version is wanted."""
    standing, beside = drafts(house, actor, subject)
    opened = None if version else standing
    if draft_id:
        opened = draft(house, actor, subject, draft_id)
    rows = [row for row in (standing, opened, *beside) if row is not None]
    return Desk(
        mark=standing.mark if standing else "",
        opened=opened,
        keeps_standing=standing is not None and (opened is None or opened.id != standing.id),
        beside=beside,
        names=person_names(house, {row.saved_by for row in rows}),
    )
