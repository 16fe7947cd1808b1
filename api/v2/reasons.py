"""Why a client acts: the published API has no place for it, so a header of ours has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

if TYPE_CHECKING:
    from collections.abc import Mapping

#: a header of ours: why it is done; the published API has no place for it
REASON_HEADER = "Regu-Reason"
#: how the reason begins of those that give none: clients of the published API need not change
UNSAID = "asked by a client of /v2"
_CHARACTERS_MAX = 500


def reason(body: Mapping[str, Any]) -> str:
    """Why: our header, else that a client asked, with its reference or without a reason."""
    told = request.headers.get(REASON_HEADER, "").strip()
    reference = body.get("operationReference")
    if told:
        return told[:_CHARACTERS_MAX]
    return f"{UNSAID}, reference {reference}" if reference else f"{UNSAID} without a reason"
