"""Refusals in the log: who was told no, where and from which address, and nothing that was sent.

What is let in and what changes stands in the audit log; this is what was tried (ASVS 16.3).
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from flask import g, request

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug import Response

log = logging.getLogger("regu.refused")

#: not known, not allowed, too large, too often; with them what `app.hidden` said is not there
_TOLD: Final = frozenset({401, 403, 413, 429})


def register(app: Flask) -> None:
    """Log each answer that refuses."""

    @app.after_request
    def note(response: Response) -> Response:
        if response.status_code in _TOLD or g.get("hidden"):
            actor, rule = g.get("actor"), request.url_rule
            facts = {
                "status": response.status_code,
                "route": rule.rule if rule is not None else "",
                "who": actor.name if actor is not None else "",
                "address": request.remote_addr or "",
            }
            log.warning("refused", extra=facts)
        return response
