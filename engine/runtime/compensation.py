"""What can be undone: records of completed activities.

A record lies in the scope in which its activity was completed: `e` its element, `n` a number that
grows with time, `v` the local variables it ended with, `in` records of what was completed inside.
A record without element is a child of a multi-instance, whose record says `kids`. A record is
used once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.runtime.scopes import Scope
    from engine.runtime.specs.base import Element
    from engine.runtime.token import Token
    from engine.usecases.ports.process import Json

#: what one variable of a record costs beside its value, about
_RECORD_BYTES: Final = 64


def remember(token: Token, spec: Element, inner: Scope | None) -> None:
    """An activity is done: keep what undoing it takes, if anything can be undone."""
    undoing, instance = spec.undoing, token.workflow
    if undoing is None:
        return
    children = list(token.internal_data.get("kidrec", ()))
    inside = children or list(() if inner is None else inner.records)
    if undoing.handler is None and undoing.inside is None and not inside:
        return
    instance.seq += 1
    record: dict[str, Json] = {"e": spec.name, "n": instance.seq}
    if inner is not None and inner.variables:
        record["v"] = dict(inner.variables)
        instance.charge(_RECORD_BYTES * len(inner.variables))
    if inside and undoing.handler is None:
        record["in"] = inside
        if children:
            record["kids"] = 1
    instance.charge(_RECORD_BYTES)
    instance.keep_records(token.scope, (*instance.scopes[token.scope].records, record))


def remember_child(token: Token, child: Instance) -> None:
    """A child of a multi-instance is done: its frame keeps what was done inside."""
    undoing, root = token.task_spec.undoing, child.scopes[0]
    if undoing is None or undoing.handler is not None or not root.records:
        return
    instance = token.workflow
    instance.seq += 1
    record = {"n": instance.seq, "v": dict(root.variables), "in": list(root.records)}
    instance.charge(_RECORD_BYTES * (1 + len(root.variables) + len(root.records)))
    kept = token.internal_data.get("kidrec", ())
    token.internal_data["kidrec"] = [*kept, record]
