"""What the pages of lessons show as tables, and the words for whom a lesson is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from engine.domain.lessons import Audience
from web.tables import Column, Kind, Table
from web.wording import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.lessons import LessonWhole, Library
    from engine.usecases.ports.lessons import LessonRow, UseRow
    from web.tables import Cell


def audience_words() -> Mapping[str, str]:
    """For whom a lesson is, in the reader's language."""
    return {
        Audience.LEADS: _("leads of squads"),
        Audience.MEMBERS: _("members of squads"),
        Audience.SPONSORS: _("sponsors"),
        Audience.HEADS: _("heads of units"),
        Audience.EVERYBODY: _("everybody"),
    }


def lesson_table(found: Library, rows: Sequence[LessonRow]) -> Table:
    """A page of the library as a file."""
    words = audience_words()
    return Table(
        "pelajaran",
        _("Lessons of squads"),
        (
            Column(_("Squad")),
            Column(_("Unit")),
            Column(_("Year"), Kind.NUMBER),
            Column(_("What worked")),
            Column(_("What did not work")),
            Column(_("Advice")),
            Column(_("For whom")),
            Column(_("Topics")),
            Column(_("Outputs")),
            Column(_("Taken up"), Kind.NUMBER),
            Column(_("Written by")),
            Column(_("Written"), Kind.MOMENT),
        ),
        [
            (
                row.squad,
                row.unit,
                row.lesson.year,
                row.lesson.worked,
                row.lesson.failed,
                row.lesson.advice,
                words[row.lesson.audience],
                ", ".join(found.beside[row.lesson.id].topics),
                "; ".join(title for _id, title in found.beside[row.lesson.id].outputs),
                row.uses,
                row.writer,
                row.lesson.at,
            )
            for row in rows
        ],
    )


def use_table(found: LessonWhole, reader_id: str | None) -> Table:
    """Where a lesson was taken up; a result's words are its owner's alone."""
    return Table(
        "pemakaian",
        _("Where it was taken up"),
        (
            Column(_("Place")),
            Column(_("Unit")),
            Column(_("How it is used")),
            Column(_("Since"), Kind.MOMENT),
        ),
        [_use(one, reader_id) for one in found.uses],
        links=[_page(one, reader_id) for one in found.uses],
    )


def _use(row: UseRow, reader_id: str | None) -> tuple[Cell, ...]:
    open_to = row.use.squad_id is not None or row.use.used_by == reader_id
    title = row.use.title if open_to else _("a result of a plan")
    return (title, row.unit, row.use.note if open_to else "", row.use.at)


def _page(row: UseRow, reader_id: str | None) -> str | None:
    if row.use.squad_id is not None:
        return url_for("squads.show", squad_id=row.use.squad_id)
    return url_for("plan.mine") if row.use.used_by == reader_id else None
