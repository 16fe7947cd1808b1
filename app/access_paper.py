"""Who may do what, as docs/access.md tells it: made of the tables that decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.route_access import ROUTES
from engine.domain import access
from engine.usecases.rights import ACTS, GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HEAD: Final = """\
# Who may do what

Generated from `engine/domain/access.py`, `engine/usecases/rights.py` and `app/route_access.py`;
do not edit. `tests/access` asks every route as every role and compares the answers with these
tables; a route that is not in them fails the tests.

What nobody allowed is refused. What one may not even know of answers 404, as if it were not
there; 403 is for who sees a thing and may not do this to it.

## Things about a person, by relation

The actor's relation to the person the thing is about; several may hold at once, but about
oneself one is only *self*. {four_eyes} are never allowed about oneself, by any relation or
group; who acted before (attested, co-signed, rated) does not decide about that act either, nor
does his substitute: the task goes to the next superior. *next_superior* is everybody above the
rater. *decider* is who holds, or may take, the open task that decides about the very thing: who
attests or co-signs a claim or decides a dispute of its output reads the evidence of that claim,
while the task is open. *hr* and *auditor* count in their own agency only.
"""


_ACTS_HEAD: Final = """
## Acts by group

An act about an instance, task, cycle or account counts in the actor's own agency.
"""

_ROUTES_HEAD: Final = """
## Routes

Pages are reached with a session, the API with HTTP Basic or a session; an unsafe request that
rides on a session needs its CSRF token.
"""


def render() -> str:
    """The tables as the Markdown of docs/access.md."""
    four_eyes = ", ".join(sorted(act.value for act in access.FOUR_EYES))
    groups = sorted(GROUPS)
    acts = [
        (f"`{act}`", *("yes" if group in held else "-" for group in groups))
        for act, held in sorted(ACTS.items())
    ]
    routes = [(f"`{route}`", right.words()) for route, right in ROUTES.items()]
    parts = (
        _HEAD.format(four_eyes=four_eyes.capitalize()),
        _table(access.matrix_rows()),
        _ACTS_HEAD,
        _table([("act", *groups), *acts]),
        _ROUTES_HEAD,
        _table([("route", "who may"), *routes]),
    )
    return "\n".join(parts) + "\n"


def _table(rows: Iterable[Sequence[str]]) -> str:
    head, *body = rows
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
