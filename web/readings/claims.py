"""A person's claims in words: the state, and what happens next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from web.context import actor
from web.tables import Column, Kind, Table
from web.wording import gettext as _
from web.wording import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.usecases.claim_reading import MyClaim, MyClaims

#: state of a claim
STATES: Final[Mapping[str, object]] = {
    "draft": _l("draft"),
    "claimed": _l("waits for attestation"),
    "returned": _l("returned"),
    "attested": _l("attested"),
    "adjusted": _l("adjusted"),
    "disputed": _l("disputed"),
    "resolved": _l("resolved"),
    "sealed": _l("sealed"),
    "withdrawn": _l("withdrawn"),
    "lapsed": _l("lapsed"),
}
#: what whoever holds a task does next
_NEXT: Final[Mapping[str, object]] = {
    "deliver_output": _l("The output is handed over first."),
    "redeliver_output": _l("The output is handed over again."),
    "accept_output": _l("The output is accepted next; then the claim is attested."),
    "accept_for_sponsor": _l("The output is accepted next; then the claim is attested."),
    "claim_early": _l("You claim your part; a link to evidence is enough."),
    "claim": _l("You claim your part; a link to evidence is enough."),
    "claim_for_member": _l("The lead claims for you; you confirm it afterwards."),
    "acknowledge_claim": _l("You say whether the claim that the lead made for you is right."),
    "attest": _l("The claim is attested next."),
    "attest_for_lead": _l("The claim is attested next, by the office above."),
    "answer_adjustment": _l("You answer the share that was proposed."),
    "cosign": _l("The second signature is given next."),
    "decide_consent": _l("Your home unit's consent is decided next."),
    "allocate_remainder": _l("What is left of the output is shared out next."),
    "read_remainder": _l("You read how the remainder was shared."),
    "hear_party": _l("You say your side in the dispute."),
    "decide_dispute": _l("The dispute is decided next."),
}


def next_words(row: MyClaim) -> str:
    """What happens next with a claim, in a sentence."""
    if row.step is not None:
        return str(_NEXT.get(row.step.element_id, row.step.name))
    if row.claim is None or row.claim.state.value == "draft":
        return _("You can claim when the output is handed over.")
    state = row.claim.state.value
    if state in ("attested", "adjusted", "resolved"):
        return _("The window for disputes runs; then the line is sealed.")
    if state == "claimed":
        return _("It waits until the output is accepted.")
    return _("Nothing more happens.")


def state_words(row: MyClaim) -> str:
    """The state of a claim."""
    return str(STATES[row.claim.state.value]) if row.claim else _("not claimed yet")


def claims_table(found: MyClaims) -> Table:
    """The list as a file."""
    return Table(
        name="klaim",
        title=_("My claims"),
        columns=(
            Column(_("Output")),
            Column(_("Squad")),
            Column(_("Expected"), Kind.PERCENT),
            Column(_("Claimed"), Kind.PERCENT),
            Column(_("Credited"), Kind.PERCENT),
            Column(_("State")),
            Column(_("Next")),
            Column(_("Who")),
            Column(_("Due"), Kind.MOMENT),
        ),
        rows=[
            (
                row.line.title,
                row.squad,
                row.line.expected_bp,
                row.claim.claimed_bp if row.claim else None,
                row.line.credited_bp,
                state_words(row),
                next_words(row),
                who_acts(found, row),
                row.step.due_at if row.step else None,
            )
            for row in found.rows
        ],
    )


def who_acts(found: MyClaims, row: MyClaim) -> str:
    """Who must act, "" when nobody need."""
    if row.step is None or row.step.assignee is None:
        return ""
    if row.step.assignee == actor().person_id:
        return _("you")
    return found.names.get(row.step.assignee, "")
