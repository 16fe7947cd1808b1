"""What one may not even know of is not there: 404 before any view, whatever was asked for.

The table of routes names for some the right to see (`Right.sight`); without it the answer is the
one for an unknown name, so that neither the name nor a faulty body tells anything. Behind it the
use cases still refuse by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request
from werkzeug.exceptions import NotFound as NothingHere

from app.route_access import ROUTES
from engine.usecases.errors import NotFound
from engine.usecases.rights import may

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Hide from who may not see; behind the desk, which says who asks."""

    @app.before_request
    def hide() -> None:
        sight = _sight()
        if sight and not may(g.actor, sight):
            g.hidden = True
            raise _not_there()


def _sight() -> str:
    """The right to see what is asked for; "": none is needed. HEAD and OPTIONS follow GET."""
    rule = request.url_rule.rule if request.url_rule is not None else ""
    right = ROUTES.get(f"{request.method} {rule}") or ROUTES.get(f"GET {rule}")
    return right.sight if right is not None else ""


def _not_there() -> Exception:
    """What who may see is told of an unknown name; where none is named, of an unknown address."""
    for name, value in (request.view_args or {}).items():
        return NotFound(name.removesuffix("_id"), value)
    return NothingHere()
