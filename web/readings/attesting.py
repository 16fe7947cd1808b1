"""Waiting attestations as a table, and what became of a press in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import url_for

from engine.usecases.errors import FieldFault
from web.faults import text_of
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.usecases.attesting import Refusal, Waiting

#: why a claim needs a look of its own, or was not attested at once
OBSTACLES: Final[Mapping[str, object]] = {
    "off_plan": _l("The share differs from the plan: decide on it by itself."),
    "no_evidence": _l("There is no evidence that counts: decide on it by itself."),
    "dispute_open": _l("A dispute about this output is open."),
    "not_waiting": _l("The claim does not wait for attestation any more."),
    "not_accepted": _l("The output is not accepted yet."),
    "changed": _l("Somebody else was faster, or the claim changed."),
    "not_yours": _l("This claim is not yours to attest."),
}


def waiting_table(rows: Sequence[Waiting]) -> Table:
    """The list as a file."""
    return Table(
        name="atestasi",
        title=_("Claims that wait for your attestation"),
        columns=(
            Column(_("Member")),
            Column(_("Home unit")),
            Column(_("Squad")),
            Column(_("Output")),
            Column(_("Expected"), Kind.PERCENT),
            Column(_("Claimed"), Kind.PERCENT),
            Column(_("Evidence"), Kind.NUMBER),
            Column(_("Due"), Kind.MOMENT),
        ),
        rows=[
            (
                one.row.name,
                one.row.home_unit,
                one.row.squad,
                one.row.output.title,
                one.row.expected_bp,
                one.row.claim.claimed_bp,
                one.row.evidence,
                one.task.due_at,
            )
            for one in rows
        ],
        links=[url_for("attest.one", key=one.task.key) for one in rows],
    )


def refusal_words(refusal: Refusal) -> list[str]:
    """Why a claim was not attested, in sentences."""
    if refusal.faults:
        return [
            text_of(None, FieldFault(field="", code=code, message=message or code))
            for _field, code, message in refusal.faults
        ]
    return [str(OBSTACLES.get(refusal.code, refusal.code))]
