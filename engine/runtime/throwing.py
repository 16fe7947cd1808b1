"""Who catches an error or an escalation: exact code before catch-all, innermost scope first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.drawing.model import EventKind

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token


def find_catcher(
    instance: Instance, token: Token, kind: str, code: str
) -> tuple[Instance, Token, str] | None:
    """The instance, the host token and the boundary event that catch what a token throws."""
    wanted = EventKind(kind)
    at: tuple[Instance, Token] | None = (instance, token)
    while at is not None:
        boundary = _boundary(at[1], wanted, code)
        if boundary is not None:
            return (*at, boundary)
        at = _around(*at)
    return None


def _boundary(host: Token, kind: EventKind, code: str) -> str | None:
    catch_all = None
    specs = host.workflow.spec.task_specs
    for name in host.task_spec.node.boundary:
        event = specs[name].event
        if event is None or event.kind is not kind:
            continue
        if event.code is None:
            catch_all = catch_all or name
        elif event.code.source == code:
            return name
    return catch_all


def _around(instance: Instance, token: Token) -> tuple[Instance, Token] | None:
    """The token of the sub-process around a token, or the one in the parent's row."""
    owner = instance.scopes[token.scope].owner
    if owner is not None:
        return instance, instance.tasks[owner]
    if instance.row.parent_key is None:
        return None
    parent = instance.command.instance(instance.row.parent_key)
    host = parent.tasks.get(instance.row.parent_token)
    return None if host is None else (parent, host)
