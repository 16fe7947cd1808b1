"""Ledgers as pages and files show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request, url_for

from web.context import key_of
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.ports.claim_views import LedgerEntry

#: why a row was posted
CODES: Final[Mapping[str, object]] = {
    "attest": _l("attested"),
    "adjust": _l("adjusted"),
    "resolve": _l("decided"),
    "reverse": _l("reversed"),
    "collective": _l("collective work"),
    "release": _l("remainder shared"),
}


def ledger_table(name: str, title: str, rows: Sequence[LedgerEntry]) -> Table:
    """Every word of the rows, for a file."""
    return Table(
        name=name,
        title=title,
        columns=(
            Column(_("No."), Kind.NUMBER),
            Column(_("When"), Kind.DAY),
            Column(_("Output")),
            Column(_("Squad")),
            Column(_("Person")),
            Column(_("Why")),
            Column(_("Takes back no."), Kind.NUMBER),
            Column(_("Share"), Kind.PERCENT),
            Column(_("Value"), Kind.NUMBER),
            Column(_("Points"), Kind.POINTS),
            Column(_("Home unit")),
            Column(_("Host unit")),
            Column(_("Work period")),
            Column(_("Booked in")),
            Column(_("By")),
            Column(_("Reason")),
        ),
        rows=[
            (
                row.transfer.id,
                row.transfer.at,
                row.output,
                row.squad,
                row.person or _("collective work"),
                str(CODES.get(row.transfer.code.value, row.transfer.code.value)),
                row.transfer.reverses_id,
                row.sign * row.transfer.amount_bp,
                row.value_points,
                row.points_e4,
                row.home_unit,
                row.host_unit,
                row.work_period,
                row.posting_period,
                row.actor,
                row.transfer.reason,
            )
            for row in rows
        ],
    )


def older(after: str) -> str:
    """Address of the same list behind a row."""
    asked = {**request.args.to_dict(), **(request.view_args or {}), "after": after}
    return url_for(str(request.endpoint), **asked)


def of_output(output_id: str) -> str:
    """Address of the same ledger with the rows of one output only."""
    kept = {name: request.args[name] for name in ("siklus", "sisi") if name in request.args}
    return url_for(
        str(request.endpoint), **{**kept, **(request.view_args or {}), "hasil": output_id}
    )


def before() -> int | None:
    """The row of the ledger behind which the page begins; None for the first."""
    return key_of(request.args.get("after", ""))
