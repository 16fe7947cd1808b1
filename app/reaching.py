"""Each request says whose rows it may touch: everywhere until it is known who asks, then his own.

A view that needs no sign-in (a survey by its link, the desk itself) finds its rows by a secret or
by what is public, in whichever agency they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g

from app.sign_in import is_public
from engine.usecases import reach

if TYPE_CHECKING:
    from flask import Flask


def open_reach(app: Flask) -> None:
    """Before the desk: look for who asks in all agencies; afterwards nothing is left behind."""

    @app.before_request
    def begin() -> None:
        g.reach_before = reach.current()
        reach.begin(reach.EVERYWHERE)

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        reach.begin(g.pop("reach_before", None))


def bind_reach(app: Flask) -> None:
    """Behind the desk: a request of somebody reaches the rows of his agency."""

    @app.before_request
    def bind() -> None:
        if not is_public():
            reach.begin_for(g.actor.agency_id)
