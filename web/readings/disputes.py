"""Disputes as tables and bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import url_for

from forms.numbers import NumberTextRefused, read_number
from web.readings.shapes import BarPart
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.dispute_reading import DisputeList, DisputeView

STATES: Final[Mapping[str, object]] = {
    "open": _l("raised"),
    "hearing": _l("parties are heard"),
    "resolved": _l("decided"),
}


def dispute_table(found: DisputeList) -> Table:
    """The list of disputes."""
    return Table(
        name="sengketa",
        title=_("Disputes"),
        columns=(
            Column(_("Output")),
            Column(_("Squad")),
            Column(_("Raised by")),
            Column(_("Raised"), Kind.DAY),
            Column(_("State")),
            Column(_("Due"), Kind.MOMENT),
        ),
        rows=[
            (
                row.output.title,
                row.squad,
                found.names.get(row.dispute.raised_by, ""),
                row.dispute.raised_at,
                str(STATES[row.dispute.state.value]),
                row.due_at,
            )
            for row in found.rows
        ],
        links=[
            url_for("dispute.form", output_id=row.output.id, kasus=row.dispute.id)
            for row in found.rows
        ],
    )


def lines_table(case: DisputeView) -> Table:
    """Every member's share: expected, before, and as decided."""
    return Table(
        name="porsi",
        title=_("Shares before and after"),
        columns=(
            Column(_("Member")),
            Column(_("Expected"), Kind.PERCENT),
            Column(_("Before"), Kind.PERCENT),
            Column(_("Decided"), Kind.PERCENT),
        ),
        rows=[
            *(
                (
                    case.names.get(line.person_id, ""),
                    line.expected_bp,
                    line.before_bp,
                    line.after_bp,
                )
                for line in case.lines
            ),
            (_("collective work"), None, case.collective_before_bp, case.collective_after_bp),
        ],
    )


def bars_of(case: DisputeView) -> tuple[Sequence[BarPart], Sequence[BarPart] | None]:
    """Bars before the decision, and after it; None while nobody decided."""
    before = [BarPart(line.before_bp, number) for number, line in enumerate(case.lines)]
    if case.collective_after_bp is None:
        return before, None
    return before, [BarPart(line.after_bp or 0, number) for number, line in enumerate(case.lines)]


def shares_typed(values: Mapping[str, Any] | None, begun: Mapping[str, Any]) -> dict[str, int]:
    """Basis points by person id of the form's lines; what does not read is left out.

    A browser sends back no read-only person: the lines stand as the form began them.
    """
    found: dict[str, int] = {}
    people = [str(row.get("person_id", "")) for row in _lines(begun)]
    for number, row in enumerate(_lines(values or {})):
        known = people[number] if number < len(people) else ""
        try:
            percent = read_number(str(row.get("share_percent", "")))
        except NumberTextRefused:
            continue
        found[str(row.get("person_id") or known)] = int(percent * 100)
    return found


def _lines(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = values.get("lines")
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
